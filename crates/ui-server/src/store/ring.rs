//! The events kept of one session: their JSON text, unchanged, in segments that are dropped oldest first.
//!
//! A segment holds lines without a gap in their numbers, joined by commas: any run of them is the inside of a JSON array
//! as it is. A reader is a [`Place`], so a slow one costs nothing here; what was dropped before it came, and what the
//! session itself lost or suppressed, it sees as a gap. This file does not decide when to drop.

use std::collections::{BTreeMap, VecDeque};

use crate::mirror::redact::{self, Disclosure, Shown};

/// The text of a segment, and so the least that is dropped at a time.
const SEGMENT_BYTES: usize = 64 * 1024;

/// The lines of one session.
#[derive(Debug, Default)]
pub(crate) struct Ring {
    segments: VecDeque<Segment>,
    bytes: usize,
    /// Place at which the server began to follow: earlier events were never here.
    start: Place,
    /// Up to where every number is accounted for: kept, dropped, lost or suppressed.
    end: Place,
}

/// Number up to which a session's events were read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Place {
    /// The newest number.
    pub(crate) seq: u64,
    /// Events up to there that the session suppressed on purpose.
    pub(crate) suppressed: u64,
}

/// Numbers without a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Gap {
    /// Events, whatever the reason.
    pub(crate) missed: u64,
    /// Events of them that were suppressed on purpose.
    pub(crate) suppressed: u64,
}

#[derive(Debug)]
struct Segment {
    first_seq: u64,
    /// Numbers before it that were suppressed.
    suppressed: u64,
    /// Lines joined by commas.
    text: String,
    /// End of each line in `text`.
    ends: Vec<u32>,
    /// When it was begun, counted over all rings: the smallest is the oldest.
    stamp: u64,
    /// Redacted lines, made once for all devices; none before the first one reads.
    redacted: Redacted,
}

/// The lines that devices are shown in another form.
#[derive(Debug, Default)]
struct Redacted {
    /// Lines that were redacted.
    looked: usize,
    lines: BTreeMap<usize, (String, [u32; 1])>,
    bytes: usize,
}

/// A run of lines without a gap.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Run<'a> {
    /// Gap between the reader's place and `first`.
    pub(crate) gap: Gap,
    /// The first line's number.
    pub(crate) first: u64,
    /// The last line.
    pub(crate) last: Place,
    /// The lines, joined by commas.
    pub(crate) text: &'a str,
    start: u32,
    ends: &'a [u32],
}

impl Place {
    /// Returns the gap between this place and a later one; none where it is not later.
    pub(crate) fn until(self, later: Self) -> Gap {
        let missed = later.seq.saturating_sub(self.seq);
        Gap {
            missed,
            suppressed: later.suppressed.saturating_sub(self.suppressed).min(missed),
        }
    }
}

impl<'a> Run<'a> {
    /// The lines one by one, with their numbers.
    pub(crate) fn lines(&self) -> impl Iterator<Item = (u64, &'a str)> {
        let (text, base) = (self.text, self.start);
        let starts = std::iter::once(base).chain(self.ends.iter().map(|end| end + 1));
        let place = move |position: u32| (position - base) as usize;
        (self.first..)
            .zip(starts.zip(self.ends))
            .map(move |(seq, (start, end))| (seq, text.get(place(start)..place(*end)).unwrap_or_default()))
    }
}

impl Segment {
    fn new(first_seq: u64, suppressed: u64, stamp: u64) -> Self {
        Self {
            first_seq,
            suppressed,
            text: String::new(),
            ends: Vec::new(),
            stamp,
            redacted: Redacted::default(),
        }
    }

    /// Redacts the lines that were not redacted yet.
    fn redact(&mut self, disclosure: Disclosure) {
        for index in self.redacted.looked..self.ends.len() {
            let start = index
                .checked_sub(1)
                .and_then(|before| self.ends.get(before))
                .map_or(0, |end| end + 1);
            let line = self
                .ends
                .get(index)
                .and_then(|end| self.text.get(start as usize..*end as usize));
            if let Some(Shown::Instead(text)) = line.map(|line| redact::line(line, disclosure)) {
                let end = u32::try_from(text.len()).unwrap_or(u32::MAX);
                self.redacted.bytes += text.capacity() + size_of::<(usize, String, u32)>();
                self.redacted.lines.insert(index, (text, [end]));
            }
        }
        self.redacted.looked = self.ends.len();
    }

    /// The lines after a place as devices are shown them; a line in another form is a run of its own.
    fn redacted_run(&self, after: Place, max_bytes: usize) -> Option<Run<'_>> {
        let mut run = self.run(after, max_bytes)?;
        let first = usize::try_from(run.first - self.first_seq).ok()?;
        if let Some((text, ends)) = self.redacted.lines.get(&first) {
            (run.text, run.start, run.ends) = (text, 0, ends);
        } else {
            let hidden = self.redacted.lines.range(first..).next().map(|(index, _)| *index);
            let until = hidden.unwrap_or(self.redacted.looked).min(self.redacted.looked);
            run.ends = run.ends.get(..until.checked_sub(first)?.min(run.ends.len()))?;
            let end = run.ends.last()?;
            run.text = run.text.get(..(end - run.start) as usize)?;
        }
        run.last.seq = run.first + run.ends.len() as u64 - 1;
        Some(run)
    }

    fn last_seq(&self) -> u64 {
        self.first_seq + self.ends.len() as u64 - 1
    }

    fn takes(&self, seq: u64, line: &str) -> bool {
        seq == self.last_seq() + 1 && self.text.len() + 1 + line.len() <= SEGMENT_BYTES
    }

    fn push(&mut self, line: &str) {
        let needed = self.text.len() + 1 + line.len();
        if needed > self.text.capacity() {
            // Doubling, but not past what a segment takes: a full one has no room to spare.
            let grown = (2 * self.text.capacity()).min(SEGMENT_BYTES).max(needed);
            self.text.reserve_exact(grown - self.text.len());
        }
        if !self.ends.is_empty() {
            self.text.push(',');
        }
        self.text.push_str(line);
        // A line is bounded long before 4 GiB, and so is a segment.
        self.ends.push(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
    }

    fn cost(&self) -> usize {
        size_of::<Self>() + self.text.capacity() + self.ends.capacity() * size_of::<u32>() + self.redacted.bytes
    }

    /// The lines after a place, up to `max_bytes` and at least one.
    fn run(&self, after: Place, max_bytes: usize) -> Option<Run<'_>> {
        let from = self.first_seq.max(after.seq + 1);
        let gap = after.until(Place {
            seq: from - 1,
            suppressed: self.suppressed,
        });
        let skipped = usize::try_from(from - self.first_seq).ok()?;
        let start = match skipped.checked_sub(1) {
            None => 0,
            Some(before) => self.ends.get(before)? + 1,
        };
        let rest = self.ends.get(skipped..).filter(|rest| !rest.is_empty())?;
        let fitting = rest.partition_point(|end| (end - start) as usize <= max_bytes).max(1);
        let ends = rest.get(..fitting)?;
        let text = self.text.get(start as usize..*ends.last()? as usize)?;
        let last = Place {
            seq: from + fitting as u64 - 1,
            suppressed: self.suppressed,
        };
        Some(Run {
            gap,
            first: from,
            last,
            text,
            start,
            ends,
        })
    }
}

impl Ring {
    /// Creates a ring that accounts for every number between two places, and has no lines.
    pub(crate) fn without_lines(start: Place, end: Place) -> Self {
        let mut ring = Self::default();
        (ring.start, ring.end) = (start, end);
        ring
    }

    /// Keeps a line. `seq` is larger than every number before it; `stamp` is its age among all rings.
    pub(crate) fn push(&mut self, seq: u64, line: &str, stamp: u64) {
        debug_assert!(seq > self.end.seq, "lines come in the order of their numbers");
        if !self.segments.back().is_some_and(|segment| segment.takes(seq, line)) {
            self.segments.push_back(Segment::new(seq, self.end.suppressed, stamp));
        }
        if let Some(segment) = self.segments.back_mut() {
            let before = if segment.ends.is_empty() { 0 } else { segment.cost() };
            segment.push(line);
            self.bytes += segment.cost() - before;
        }
        self.end.seq = seq;
    }

    /// Goes on without lines: the numbers of a gap will never have any.
    pub(crate) fn skip(&mut self, gap: Gap) {
        self.end.seq = self.end.seq.saturating_add(gap.missed);
        self.end.suppressed = self.end.suppressed.saturating_add(gap.suppressed);
    }

    /// Takes everything up to the end for history from before the server followed. Nothing is kept yet.
    pub(crate) fn start_here(&mut self) {
        self.start = self.end;
    }

    /// Returns the place at which the server began to follow.
    pub(crate) fn start(&self) -> Place {
        self.start
    }

    /// Lets the oldest segment go and says how many lines it had; `None` where there is none.
    pub(crate) fn drop_oldest(&mut self) -> Option<u64> {
        let segment = self.segments.pop_front()?;
        self.bytes -= segment.cost();
        Some(segment.ends.len() as u64)
    }

    /// The next lines for a reader that has gone through everything up to `after`: a run of at most `max_bytes` of text,
    /// but of one line at least. `None` where there is no newer line.
    pub(crate) fn after(&self, after: Place, max_bytes: usize) -> Option<Run<'_>> {
        let index = self.segments.partition_point(|segment| segment.last_seq() <= after.seq);
        self.segments.get(index)?.run(after, max_bytes)
    }

    /// Redacts the next lines after a place, where they were not redacted yet.
    pub(crate) fn redact(&mut self, after: Place, disclosure: Disclosure) {
        let index = self.segments.partition_point(|segment| segment.last_seq() <= after.seq);
        if let Some(segment) = self.segments.get_mut(index) {
            let before = segment.cost();
            segment.redact(disclosure);
            self.bytes += segment.cost() - before;
        }
    }

    /// Forgets what was made ready for devices: they are to be shown something else.
    pub(crate) fn forget_redacted(&mut self) {
        for segment in &mut self.segments {
            let before = segment.cost();
            segment.redacted = Redacted::default();
            self.bytes -= before - segment.cost();
        }
    }

    /// As [`Self::after`], for devices: what [`Self::redact`] made ready and nothing else.
    pub(crate) fn redacted_after(&self, after: Place, max_bytes: usize) -> Option<Run<'_>> {
        let index = self.segments.partition_point(|segment| segment.last_seq() <= after.seq);
        self.segments.get(index)?.redacted_run(after, max_bytes)
    }

    /// The place before the newest segment with lines before number `seq`, for reading backwards.
    pub(crate) fn segment_before(&self, seq: u64) -> Option<Place> {
        let count = self.segments.partition_point(|segment| segment.first_seq < seq);
        let segment = self.segments.get(count.checked_sub(1)?)?;
        Some(Place {
            seq: segment.first_seq - 1,
            suppressed: segment.suppressed,
        })
    }

    /// The memory that the lines take.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Up to where every number is accounted for.
    pub(crate) fn end(&self) -> Place {
        self.end
    }

    /// The number of the oldest line that is kept; 0 where there is none.
    pub(crate) fn oldest(&self) -> u64 {
        self.segments.front().map_or(0, |segment| segment.first_seq)
    }

    /// The age of the oldest segment among all rings.
    pub(crate) fn oldest_stamp(&self) -> Option<u64> {
        self.segments.front().map(|segment| segment.stamp)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(lines: std::ops::RangeInclusive<u64>) -> Ring {
        let mut ring = Ring::default();
        lines.for_each(|seq| ring.push(seq, &format!(r#"{{"seq":{seq}}}"#), seq));
        ring
    }

    fn at(seq: u64) -> Place {
        Place { seq, suppressed: 0 }
    }

    #[test]
    fn segments_are_found_from_the_newest_to_the_oldest() {
        let ring = filled(1..=20_000);
        let (mut before, mut seen) = (u64::MAX, Vec::new());
        while let Some(place) = ring.segment_before(before) {
            let run = ring.after(place, usize::MAX).unwrap();
            assert_eq!(run.first, place.seq + 1);
            seen.push((run.first, run.last.seq));
            before = run.first;
        }
        seen.reverse();
        assert!(
            seen.len() > 2 && seen[0].0 == 1 && seen[seen.len() - 1].1 == 20_000,
            "{seen:?}"
        );
        assert!(seen.windows(2).all(|two| two[0].1 + 1 == two[1].0));
        assert_eq!(
            (ring.segment_before(1), Ring::default().segment_before(5)),
            (None, None)
        );
    }

    fn read_all(ring: &Ring, after: u64, max_bytes: usize) -> (Vec<u64>, u64) {
        let (mut after, mut seen, mut missed) = (at(after), Vec::new(), 0);
        while let Some(run) = ring.after(after, max_bytes) {
            for (seq, line) in run.lines() {
                assert_eq!(line, format!(r#"{{"seq":{seq}}}"#));
                seen.push(seq);
            }
            assert_eq!(seen.last(), Some(&run.last.seq));
            missed += run.gap.missed;
            after = run.last;
        }
        (seen, missed)
    }

    #[test]
    fn a_reader_gets_every_line_whatever_its_portions_are() {
        let ring = filled(1..=20_000);
        for max_bytes in [1, 11, 100, 65_536, usize::MAX] {
            let (seen, missed) = read_all(&ring, 0, max_bytes);
            assert_eq!((seen.len(), missed), (20_000, 0));
        }
        assert_eq!(read_all(&ring, 19_990, 25).0, (19_991..=20_000).collect::<Vec<_>>());
        assert!(ring.after(at(20_000), 100).is_none());
        assert!(ring.after(at(u64::MAX), 100).is_none());
    }

    #[test]
    fn a_run_is_the_inside_of_a_json_array() {
        let ring = filled(1..=3);
        let run = ring.after(at(0), 1_000).unwrap();
        assert_eq!(run.text, r#"{"seq":1},{"seq":2},{"seq":3}"#);
    }

    #[test]
    fn what_was_dropped_or_never_came_is_a_gap() {
        let mut ring = filled(5..=10);
        ring.push(20, r#"{"seq":20}"#, 20);
        assert_eq!((ring.oldest(), ring.end()), (5, at(20)));
        let run = ring.after(at(0), 1_000).unwrap();
        assert_eq!((run.gap.missed, run.first, run.last), (4, 5, at(10)));
        let run = ring.after(at(10), 1_000).unwrap();
        assert_eq!((run.gap.missed, run.first, run.last), (9, 20, at(20)));
    }

    #[test]
    fn suppressed_events_are_told_from_lost_ones_however_many_a_reader_skips() {
        let mut ring = filled(1..=2);
        let skip = |ring: &mut Ring, missed, suppressed| ring.skip(Gap { missed, suppressed });
        skip(&mut ring, 10, 10);
        ring.push(13, r#"{"seq":13}"#, 13);
        skip(&mut ring, 3, 0);
        skip(&mut ring, 4, 4);
        ring.push(22, r#"{"seq":22}"#, 22);
        skip(&mut ring, 5, 5);
        let gap = |missed, suppressed| Gap { missed, suppressed };
        let first = ring.after(at(0), 1_000).unwrap();
        assert_eq!((first.gap, first.last), (gap(0, 0), at(2)));
        let second = ring.after(first.last, 1_000).unwrap();
        assert_eq!((second.gap, second.first), (gap(10, 10), 13));
        let third = ring.after(second.last, 1_000).unwrap();
        // Number 21 was neither told nor accounted for: lost.
        assert_eq!((third.gap, third.first), (gap(8, 4), 22));
        assert_eq!(third.last.until(ring.end()), gap(5, 5));
        while ring.segments.len() > 1 {
            ring.drop_oldest();
        }
        // Who was at 1 has missed 2 and 13 as well, which were dropped.
        let late = ring.after(at(1), 1_000).unwrap();
        assert_eq!((late.gap, late.first), (gap(20, 14), 22));
    }

    #[test]
    fn dropping_gives_back_all_the_memory() {
        let mut ring = filled(1..=50_000);
        let full = ring.bytes();
        assert!(full > 10 * SEGMENT_BYTES, "{full}");
        let mut lines = 0;
        while let Some(dropped) = ring.drop_oldest() {
            lines += dropped;
        }
        assert_eq!(
            (lines, ring.bytes(), ring.oldest(), ring.end().seq),
            (50_000, 0, 0, 50_000)
        );
        ring.push(50_001, "{}", 1);
        assert_eq!(ring.after(at(0), 10).unwrap().gap.missed, 50_000);
    }

    #[test]
    fn a_line_longer_than_a_segment_has_one_of_its_own() {
        let mut ring = filled(1..=2);
        let long = "x".repeat(3 * SEGMENT_BYTES);
        ring.push(3, &long, 3);
        ring.push(4, "{}", 4);
        let run = ring.after(at(2), 10).unwrap();
        assert_eq!((run.first, run.last, run.text.len()), (3, at(3), long.len()));
        assert_eq!(ring.after(at(3), 10).unwrap().text, "{}");
    }

    #[test]
    fn a_device_is_shown_no_secret_whatever_its_portions_are_and_nothing_else_changes() {
        let line = |seq: u64| match seq % 7 {
            0 => format!(r#"{{"seq":{seq},"ts":1,"type":"EnvVar","vars":[["A","hunter2"]]}}"#),
            _ => format!(r#"{{"seq":{seq},"ts":1,"type":"DnsQuery","host":"h{seq}"}}"#),
        };
        let mut ring = Ring::default();
        (1..=5_000).for_each(|seq| ring.push(seq, &line(seq), seq));
        for max_bytes in [1, 200, 65_536, usize::MAX] {
            let (mut after, mut seen) = (at(0), 0);
            loop {
                ring.redact(after, Disclosure::default());
                let Some(run) = ring.redacted_after(after, max_bytes) else {
                    break;
                };
                assert_eq!((run.gap.missed, run.first), (0, seen + 1));
                for (seq, shown) in run.lines() {
                    seen += 1;
                    assert_eq!(seq, seen);
                    assert_eq!(shown, line(seq).replace(r#""hunter2""#, "null"));
                }
                assert_eq!(
                    run.text.matches(r#"{"seq""#).count() as u64,
                    run.last.seq + 1 - run.first
                );
                after = run.last;
            }
            assert_eq!(seen, 5_000);
        }
        ring.push(5_001, &line(5_001), 1);
        assert!(
            ring.redacted_after(at(5_000), 100).is_none(),
            "nobody has looked at it yet"
        );
        ring.redact(at(5_000), Disclosure::default());
        assert_eq!(ring.redacted_after(at(5_000), 100).unwrap().last.seq, 5_001);
        assert_eq!(
            ring.after(at(6), 1).unwrap().text,
            line(7),
            "the desktop sees it to the letter"
        );
        while ring.drop_oldest().is_some() {}
        assert_eq!(ring.bytes(), 0, "what was made for devices is given back as well");
    }
}
