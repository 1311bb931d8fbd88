//! The rows that are kept: a bounded ring of segments, each a column of rows and one text. Rows have a position that
//! never changes, counted from the first row ever. The oldest segment goes as a whole when the ring is full, and is
//! counted.

use std::collections::VecDeque;

use super::entry::{Entry, Missed, Row, What, write};
use crate::codec::line::Line;
use crate::state::kind::Kind;

/// The most rows kept; at the bound the oldest segment goes.
pub const MAX_ROWS: u64 = 100_000;
/// The most bytes kept, rows and text; at the bound the oldest segment goes. The newest segment always stays.
pub const MAX_BYTES: usize = 16 * 1024 * 1024;
/// While rows are pinned, rows and bytes of the newer ones that are kept beside them; at the bound the oldest of the
/// newer segments goes. So the ring never has more than half as much again as it otherwise has.
pub const MAX_WAITING_ROWS: u64 = MAX_ROWS / 2;
/// Bytes of the newer rows beside pinned ones.
pub const MAX_WAITING_BYTES: usize = MAX_BYTES / 2;
/// Rows of a segment, and bytes of its text from which on the next row starts another.
const SEGMENT_ROWS: usize = 1_024;
const SEGMENT_BYTES: usize = 256 * 1024;
/// Most distinct names of rules; a rule beyond is in its row's own JSON.
const MAX_RULES: usize = 512;

#[derive(Debug, Default)]
struct Segment {
    first: u64,
    rows: Vec<Row>,
    text: String,
}

impl Segment {
    fn is_full(&self) -> bool {
        self.rows.len() >= SEGMENT_ROWS || self.text.len() >= SEGMENT_BYTES
    }

    fn end(&self) -> u64 {
        self.first + self.rows.len() as u64
    }

    fn bytes(&self) -> usize {
        self.rows.len() * size_of::<Row>() + self.text.len()
    }
}

/// The rows that are kept.
#[derive(Debug, Default)]
pub struct Ring {
    segments: VecDeque<Segment>,
    end: u64,
    bytes: usize,
    dropped: u64,
    rules: Vec<String>,
    pinned: Option<Pinned>,
}

/// Rows that are not evicted: a reader looks at them.
#[derive(Debug, Clone, Copy)]
struct Pinned {
    /// Behind the last pinned row.
    end: u64,
    /// The bytes up to there.
    bytes: usize,
    /// Positions that were evicted behind the pinned segments: `start..end`, empty where start is end.
    hole: (u64, u64),
}

impl Ring {
    /// The position of the oldest row kept.
    #[must_use]
    pub fn first(&self) -> u64 {
        self.segments.front().map_or(self.end, |segment| segment.first)
    }

    /// The position that the next row will have.
    #[must_use]
    pub fn end(&self) -> u64 {
        self.end
    }

    /// Events that were kept and are no more, because newer ones needed the room.
    #[must_use]
    pub fn dropped(&self) -> u64 {
        self.dropped
    }

    /// Keeps an event. Cheap: an allocation once in a segment.
    pub fn push(&mut self, line: &Line<'_>) {
        self.push_of(0, line);
    }

    /// The same, of one of several sessions.
    pub fn push_of(&mut self, source: u8, line: &Line<'_>) {
        let rule = self.rule(line);
        let whole = rule.is_some();
        let segment = self.segment();
        let start = segment.text.len();
        let parts = write(&mut segment.text, line, whole);
        let row = Row {
            seq: line.seq,
            ts: line.ts,
            start,
            lead: parts.lead,
            main: parts.main,
            tail: parts.tail,
            json: parts.json,
            pid: line.pid,
            what: What::Event(Kind::of_type(&line.kind)),
            outcome: line.outcome,
            routing: line.routing,
            rule: rule.unwrap_or(0),
            source,
        };
        self.add(row);
    }

    /// Keeps a row that says how many events are missing in its place.
    pub fn push_missed(&mut self, missed: u64, why: Missed, ts: u64) {
        self.push_missed_of(0, missed, why, ts);
    }

    /// The same, of one of several sessions.
    pub fn push_missed_of(&mut self, source: u8, missed: u64, why: Missed, ts: u64) {
        let start = self.segment().text.len();
        self.add(Row {
            seq: missed,
            ts,
            start,
            lead: 0,
            main: 0,
            tail: 0,
            json: 0,
            pid: None,
            what: What::Missed(why),
            outcome: None,
            routing: None,
            rule: 0,
            source,
        });
    }

    /// The rows from a position on, oldest first. A position that is no longer kept starts at the oldest that is.
    pub fn from(&self, position: u64) -> impl Iterator<Item = (u64, Entry<'_>)> {
        let position = position.max(self.first());
        let at = self
            .segments
            .partition_point(|segment| segment.first <= position)
            .saturating_sub(1);
        self.segments
            .range(at.min(self.segments.len())..)
            .flat_map(move |segment| {
                let skip = usize::try_from(position.saturating_sub(segment.first)).unwrap_or(usize::MAX);
                (segment.first..)
                    .zip(&segment.rows)
                    .skip(skip)
                    .map(|(position, row)| (position, self.entry(segment, row)))
            })
    }

    /// Position of a session's event by its number, where it is kept.
    #[must_use]
    pub fn find(&self, source: u8, seq: u64) -> Option<u64> {
        let is_it = |entry: Entry<'_>| entry.kind().is_some() && (entry.source(), entry.seq()) == (source, seq);
        self.from(0)
            .find(|(_, entry)| is_it(*entry))
            .map(|(position, _)| position)
    }

    /// The row at a position; `None` where it is no longer kept, or not there yet.
    #[must_use]
    pub fn get(&self, position: u64) -> Option<Entry<'_>> {
        let at = self
            .segments
            .partition_point(|segment| segment.first <= position)
            .checked_sub(1)?;
        let segment = self.segments.get(at)?;
        let row = segment.rows.get(usize::try_from(position - segment.first).ok()?)?;
        Some(self.entry(segment, row))
    }

    /// Pins every row that is kept: until [`Ring::unpin`], newer rows are evicted in their place.
    pub fn pin(&mut self) {
        let (end, bytes) = (self.end, self.bytes);
        self.pinned.get_or_insert(Pinned {
            end,
            bytes,
            hole: (end, end),
        });
    }

    /// Ends what [`Ring::pin`] began. Where newer rows were evicted, the pinned ones go, since the log goes on behind
    /// them.
    pub fn unpin(&mut self) {
        let Some(pinned) = self.pinned.take() else { return };
        let (start, end) = pinned.hole;
        while start < end && self.segments.len() > 1 && self.first() < end {
            self.evict(0);
        }
        self.evict_beyond_bounds();
    }

    /// The positions that were evicted behind pinned rows: nothing is kept of `start..end`.
    #[must_use]
    pub fn hole(&self) -> (u64, u64) {
        self.pinned.map_or((0, 0), |pinned| pinned.hole)
    }

    /// Number of rows from a position on.
    #[must_use]
    pub fn count_from(&self, position: u64) -> u64 {
        let position = position.clamp(self.first(), self.end);
        let (start, end) = self.hole();
        self.end - position - end.saturating_sub(start.max(position))
    }

    fn entry<'a>(&'a self, segment: &'a Segment, row: &'a Row) -> Entry<'a> {
        let length = (row.lead + row.main + row.tail + row.json) as usize;
        Entry {
            row,
            text: segment.text.get(row.start..row.start + length).unwrap_or(""),
            rule: usize::from(row.rule)
                .checked_sub(1)
                .and_then(|at| self.rules.get(at))
                .map(String::as_str),
        }
    }

    /// The segment that takes the next row.
    fn segment(&mut self) -> &mut Segment {
        if self.segments.back().is_none_or(Segment::is_full) {
            self.segments.push_back(Segment {
                first: self.end,
                rows: Vec::with_capacity(SEGMENT_ROWS),
                text: String::with_capacity(64 * SEGMENT_ROWS),
            });
        }
        let last = self.segments.len() - 1;
        &mut self.segments[last]
    }

    fn add(&mut self, row: Row) {
        // Not `segment()`: the text just written may have filled this one, and the row belongs where its text is.
        if let Some(segment) = self.segments.back_mut() {
            self.bytes += size_of::<Row>() + segment.text.len() - row.start;
            segment.rows.push(row);
            self.end += 1;
        }
        self.evict_beyond_bounds();
    }

    fn evict_beyond_bounds(&mut self) {
        while self.segments.len() > 1 && (self.count_from(0) > MAX_ROWS || self.bytes > MAX_BYTES) {
            let Some(pinned) = self.pinned else {
                self.evict(0);
                continue;
            };
            let (rows, bytes) = (self.count_from(pinned.end), self.bytes.saturating_sub(pinned.bytes));
            let at = self.segments.partition_point(|segment| segment.first < pinned.end);
            // The newest stays, since it takes the next row.
            let is_full = rows > MAX_WAITING_ROWS || bytes > MAX_WAITING_BYTES;
            if !is_full || at + 1 >= self.segments.len() {
                return;
            }
            self.evict(at);
            let start = self.segments.get(at.wrapping_sub(1)).map_or(pinned.end, Segment::end);
            let end = self.segments.get(at).map_or(self.end, |segment| segment.first);
            self.pinned = Some(Pinned {
                hole: (start, end),
                ..pinned
            });
        }
    }

    fn evict(&mut self, at: usize) {
        if let Some(segment) = self.segments.remove(at) {
            self.bytes -= segment.bytes();
            let events = segment.rows.iter().filter(|row| matches!(row.what, What::Event(_)));
            self.dropped += events.count() as u64;
        }
    }

    /// One more than the place of the line's rule, 0 where it has none; `None` where there is no more room for names.
    fn rule(&mut self, line: &Line<'_>) -> Option<u16> {
        let Some(rule) = line.rule.as_deref() else {
            return Some(0);
        };
        let at = match self.rules.iter().position(|own| own == rule) {
            Some(at) => at,
            None if self.rules.len() < MAX_RULES => {
                self.rules.push(rule.to_owned());
                self.rules.len() - 1
            }
            None => return None,
        };
        u16::try_from(at + 1).ok()
    }
}

#[cfg(test)]
#[path = "ring_tests.rs"]
mod tests;
