//! The events kept of one session: their JSON text, unchanged, in segments that are dropped oldest first.
//!
//! A segment holds lines without a gap in their numbers, joined by commas: any run of them is the inside of a JSON array
//! as it stands. A reader is a number, so a slow one costs nothing here; what was dropped before it came, and what the
//! session itself lost, it sees as a gap. This file does not decide when to drop.

use std::collections::VecDeque;

/// The text of a segment, and so the least that is dropped at a time.
const SEGMENT_BYTES: usize = 64 * 1024;

/// The lines of one session.
#[derive(Debug, Default)]
pub(crate) struct Ring {
    segments: VecDeque<Segment>,
    bytes: usize,
    newest: u64,
}

#[derive(Debug)]
struct Segment {
    first_seq: u64,
    /// Lines joined by commas.
    text: String,
    /// Where each line ends in `text`.
    ends: Vec<u32>,
    /// When it was begun, counted over all rings: the smallest is the oldest.
    stamp: u64,
}

/// A run of lines without a gap.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Run<'a> {
    /// The numbers between what the reader has seen and `first`: lost to it.
    pub(crate) missed: u64,
    /// The first line's number.
    pub(crate) first: u64,
    /// The last line's number.
    pub(crate) last: u64,
    /// The lines, joined by commas.
    pub(crate) text: &'a str,
    start: u32,
    ends: &'a [u32],
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
    fn new(first_seq: u64, stamp: u64) -> Self {
        Self {
            first_seq,
            text: String::new(),
            ends: Vec::new(),
            stamp,
        }
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
        size_of::<Self>() + self.text.capacity() + self.ends.capacity() * size_of::<u32>()
    }

    /// The lines from the one with number `from` on, up to `max_bytes` and at least one.
    fn run(&self, missed: u64, from: u64, max_bytes: usize) -> Option<Run<'_>> {
        let skipped = usize::try_from(from - self.first_seq).ok()?;
        let start = match skipped.checked_sub(1) {
            None => 0,
            Some(before) => self.ends.get(before)? + 1,
        };
        let rest = self.ends.get(skipped..).filter(|rest| !rest.is_empty())?;
        let fitting = rest.partition_point(|end| (end - start) as usize <= max_bytes).max(1);
        let ends = rest.get(..fitting)?;
        let text = self.text.get(start as usize..*ends.last()? as usize)?;
        Some(Run {
            missed,
            first: from,
            last: from + fitting as u64 - 1,
            text,
            start,
            ends,
        })
    }
}

impl Ring {
    /// Keeps a line. `seq` is larger than every number before it; `stamp` tells its age among all rings.
    pub(crate) fn push(&mut self, seq: u64, line: &str, stamp: u64) {
        debug_assert!(seq > self.newest, "lines come in the order of their numbers");
        if !self.segments.back().is_some_and(|segment| segment.takes(seq, line)) {
            self.segments.push_back(Segment::new(seq, stamp));
        }
        if let Some(segment) = self.segments.back_mut() {
            let before = if segment.ends.is_empty() { 0 } else { segment.cost() };
            segment.push(line);
            self.bytes += segment.cost() - before;
        }
        self.newest = seq;
    }

    /// Lets the oldest segment go and says how many lines it had; `None` where there is none.
    pub(crate) fn drop_oldest(&mut self) -> Option<u64> {
        let segment = self.segments.pop_front()?;
        self.bytes -= segment.cost();
        Some(segment.ends.len() as u64)
    }

    /// The next lines for a reader that has seen everything up to `after`: a run of at most `max_bytes` of text, but of
    /// one line at least. `None` where there is nothing newer.
    pub(crate) fn after(&self, after: u64, max_bytes: usize) -> Option<Run<'_>> {
        let place = self.segments.partition_point(|segment| segment.last_seq() <= after);
        let segment = self.segments.get(place)?;
        let from = segment.first_seq.max(after + 1);
        segment.run(from - after - 1, from, max_bytes)
    }

    /// The memory that the lines take.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    /// The number of the newest line that was ever kept; 0 before the first.
    pub(crate) fn newest(&self) -> u64 {
        self.newest
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

    fn read_all(ring: &Ring, mut after: u64, max_bytes: usize) -> (Vec<u64>, u64) {
        let (mut seen, mut missed) = (Vec::new(), 0);
        while let Some(run) = ring.after(after, max_bytes) {
            for (seq, line) in run.lines() {
                assert_eq!(line, format!(r#"{{"seq":{seq}}}"#));
                seen.push(seq);
            }
            assert_eq!(seen.last(), Some(&run.last));
            missed += run.missed;
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
        assert!(ring.after(20_000, 100).is_none());
        assert!(ring.after(u64::MAX - 1, 100).is_none());
    }

    #[test]
    fn a_run_is_the_inside_of_a_json_array() {
        let ring = filled(1..=3);
        let run = ring.after(0, 1_000).unwrap();
        assert_eq!(run.text, r#"{"seq":1},{"seq":2},{"seq":3}"#);
    }

    #[test]
    fn what_was_dropped_or_never_came_is_a_gap() {
        let mut ring = filled(5..=10);
        ring.push(20, r#"{"seq":20}"#, 20);
        assert_eq!((ring.oldest(), ring.newest()), (5, 20));
        let run = ring.after(0, 1_000).unwrap();
        assert_eq!((run.missed, run.first, run.last), (4, 5, 10));
        let run = ring.after(10, 1_000).unwrap();
        assert_eq!((run.missed, run.first, run.last), (9, 20, 20));
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
            (lines, ring.bytes(), ring.oldest(), ring.newest()),
            (50_000, 0, 0, 50_000)
        );
        ring.push(50_001, "{}", 1);
        assert_eq!(ring.after(0, 10).unwrap().missed, 50_000);
    }

    #[test]
    fn a_line_longer_than_a_segment_has_one_of_its_own() {
        let mut ring = filled(1..=2);
        let long = "x".repeat(3 * SEGMENT_BYTES);
        ring.push(3, &long, 3);
        ring.push(4, "{}", 4);
        let run = ring.after(2, 10).unwrap();
        assert_eq!((run.first, run.last, run.text.len()), (3, 3, long.len()));
        assert_eq!(ring.after(3, 10).unwrap().text, "{}");
    }
}
