//! Ring of the newest events, for `since` and for readers that are behind; the oldest give way.
//!
//! Invariant: numbers rise along the ring, and a number that is missing between two records, or before the first, is an
//! event that no reader can have any more. The ring counts nothing: a reader knows from the numbers what it missed.
//! It keeps records and not lines, which take twice the room; a line is made when it is read, and for all readers that
//! are not behind it is made once ([`crate::batch_cache`]).

use std::collections::VecDeque;

use mirrord_wire::{Control, Counters};

use crate::chunk::Chunk;
use crate::limits::{CHUNK_BYTES, HISTORY_BYTES, HISTORY_EVENTS, SLOW_READER_EVENTS};
use crate::record::{Parts, Stamped};
use crate::response_format::ResponseFormat;

/// Bounds of a ring.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RingLimits {
    /// Events, when no reader is behind.
    pub(crate) events: usize,
    /// Events, with a reader behind.
    pub(crate) slow_reader_events: usize,
    /// Bytes of memory, in any case.
    pub(crate) bytes: usize,
}

impl Default for RingLimits {
    fn default() -> Self {
        Self {
            events: HISTORY_EVENTS,
            slow_reader_events: SLOW_READER_EVENTS,
            bytes: HISTORY_BYTES,
        }
    }
}

/// A ring is made of so many chunks at least, so that giving up one is giving up little.
const MIN_CHUNKS: usize = 8;

/// Records in chunks, each of which is a piece of memory of its own.
pub(crate) struct Ring {
    limits: RingLimits,
    chunks: VecDeque<Chunk>,
    /// Those that were done with, for the next. Given back, each would be made again by whatever thread runs the session's
    /// task then, and an allocator that keeps memory by thread would keep it for each.
    spare: Vec<Chunk>,
    /// Number of records.
    events: usize,
    /// The memory of all chunks.
    room: usize,
}

impl Ring {
    pub(crate) fn new(limits: RingLimits) -> Self {
        Self {
            limits,
            chunks: VecDeque::new(),
            spare: Vec::new(),
            events: 0,
            room: 0,
        }
    }

    /// Keeps a record, and gives up the oldest beyond the limits. `wanted` is the oldest number that a connected reader
    /// has yet to take.
    pub(crate) fn push(&mut self, stamped: Stamped<'_>, wanted: Option<u64>) {
        let size = stamped.record.bytes().len();
        if let Some(chunk) = self.place(size, stamped.seq, stamped.ts, wanted) {
            chunk.copy(stamped);
        }
    }

    /// Keeps a line that accounts for `count` suppressed events, the last of which has the number `seq` and the time `ts`.
    pub(crate) fn push_suppressed(&mut self, (seq, ts): (u64, u64), count: u32, line: &[u8], wanted: Option<u64>) {
        let parts = Parts::suppressed(count, line);
        if let Some(chunk) = self.place(parts.size(), seq, ts, wanted) {
            chunk.push(seq, ts, &parts);
        }
    }

    /// The chunk that a record of this size, number and time goes to.
    fn place(&mut self, size: usize, seq: u64, ts: u64, wanted: Option<u64>) -> Option<&mut Chunk> {
        while self.is_beyond(wanted) {
            self.skip();
        }
        if !self.chunks.back().is_some_and(|chunk| chunk.fits(size, seq, ts)) {
            let mut chunk = self.make_chunk(size)?;
            chunk.renew(seq - 1, ts);
            self.chunks.push_back(chunk);
        }
        self.events += 1;
        self.chunks.back_mut()
    }

    fn is_beyond(&self, wanted: Option<u64>) -> bool {
        let events = self.events + 1;
        events > self.limits.slow_reader_events
            || (events > self.limits.events
                && wanted.is_none_or(|wanted| self.front().is_some_and(|oldest| oldest.seq < wanted)))
    }

    /// An empty chunk with room for a record of this size, made of the oldest where the memory is used up.
    fn make_chunk(&mut self, size: usize) -> Option<Chunk> {
        let room = CHUNK_BYTES.min(self.limits.bytes / MIN_CHUNKS).max(size);
        if room > self.limits.bytes {
            return None;
        }
        loop {
            while let Some(spare) = self.spare.pop() {
                if spare.room() == room {
                    return Some(spare);
                }
                self.room -= spare.room();
            }
            if self.room + room <= self.limits.bytes {
                break;
            }
            let oldest = self.chunks.pop_front()?;
            self.events -= oldest.records().count();
            self.spare.push(oldest);
        }
        self.room += room;
        Some(Chunk::new(room))
    }

    /// Is done with the oldest record.
    fn skip(&mut self) {
        let Some(oldest) = self.chunks.front_mut() else {
            return;
        };
        oldest.skip();
        self.events -= 1;
        if oldest.peek().is_none() {
            self.spare.extend(self.chunks.pop_front());
        }
    }

    /// Gives back the memory that a rush has left behind.
    pub(crate) fn rest(&mut self) {
        self.room -= self.spare.drain(..).map(|spare| spare.room()).sum::<usize>();
    }

    fn front(&self) -> Option<Stamped<'_>> {
        self.chunks.front()?.peek()
    }

    /// The oldest number kept; 0 where nothing is.
    pub(crate) fn oldest(&self) -> u64 {
        self.front().map_or(0, first_of)
    }

    /// Writes lines from the number `cursor` on until `out` holds `most` bytes or `newest` is reached, with a `Lagged` line
    /// for each gap, the one before `newest` included, and moves the cursor.
    pub(crate) fn copy(&self, cursor: &mut u64, newest: u64, framing: ResponseFormat, most: usize, out: &mut Vec<u8>) {
        let behind = self.chunks.partition_point(|chunk| chunk.first() < *cursor);
        let chunks = self.chunks.range(behind.saturating_sub(1)..);
        let from = *cursor;
        for stamped in chunks.flat_map(Chunk::records).skip_while(|stamped| stamped.seq < from) {
            if out.len() >= most {
                return;
            }
            let first = first_of(stamped);
            if first > newest {
                break;
            }
            if first > *cursor {
                framing.lagged(out, first - *cursor, first - 1);
            }
            match stamped.record.suppressed() {
                None => framing.event(out, stamped),
                Some((_, line)) if first >= *cursor => framing.suppressed(out, stamped.seq, line),
                // The reader begins in the midst of them: how many are left is known, what they were is not.
                Some(_) => framing.suppressed(out, stamped.seq, &rest_suppressed(stamped.seq + 1 - *cursor)),
            }
            *cursor = stamped.seq + 1;
        }
        if newest >= *cursor {
            framing.lagged(out, newest + 1 - *cursor, newest);
            *cursor = newest + 1;
        }
    }
}

/// The first number that a record accounts for.
fn first_of(stamped: Stamped<'_>) -> u64 {
    let others = stamped
        .record
        .suppressed()
        .map_or(0, |(count, _)| count.saturating_sub(1));
    stamped.seq.saturating_sub(others)
}

fn rest_suppressed(missed: u64) -> Vec<u8> {
    let suppressed = Some(Counters {
        total: missed,
        ..Counters::default()
    });
    let mut line = serde_json::to_vec(&Control::Lagged { missed, suppressed }).unwrap_or_default();
    line.push(b'\n');
    line
}

#[cfg(test)]
mod tests {
    use mirrord_wire::{MonitorEvent, StreamLine};

    use super::*;

    const SMALL: RingLimits = RingLimits {
        events: 4,
        slow_reader_events: 8,
        bytes: 1024,
    };

    fn push(ring: &mut Ring, seq: u64, host: &str, wanted: Option<u64>) {
        let observation = MonitorEvent::DnsQuery { host: host.to_owned() }.into();
        let parts = Parts::of(&observation).unwrap();
        let mut chunk = Chunk::new(parts.size());
        chunk.renew(seq - 1, 1_000_000);
        chunk.push(seq, 1_000_000 + seq, &parts);
        ring.push(chunk.peek().unwrap(), wanted);
    }

    fn ring(numbers: impl IntoIterator<Item = u64>, wanted: Option<u64>) -> Ring {
        let mut ring = Ring::new(SMALL);
        for seq in numbers {
            push(&mut ring, seq, "db", wanted);
        }
        ring
    }

    /// The stream in short: `<number>` for an event, `+missed` for a gap.
    fn brief(bytes: &[u8]) -> String {
        let lines = std::str::from_utf8(bytes).unwrap().lines();
        let brief = lines.map(|line| match serde_json::from_str(line).unwrap() {
            StreamLine::Event(event) => {
                assert_eq!(event.ts, 1_000_000 + event.seq);
                format!("<{}>", event.seq)
            }
            StreamLine::Control(Control::Lagged { missed, suppressed }) => {
                format!("{}{missed}", if suppressed.is_some() { "-" } else { "+" })
            }
            StreamLine::Control(other) => panic!("{other:?}"),
        });
        brief.collect()
    }

    fn read(ring: &Ring, mut cursor: u64, newest: u64) -> String {
        let mut out = Vec::new();
        ring.copy(&mut cursor, newest, ResponseFormat::Ndjson, 100_000, &mut out);
        assert_eq!(cursor, newest + 1);
        brief(&out)
    }

    #[test]
    fn the_oldest_give_way_and_a_late_reader_is_told_how_many() {
        let ring = ring(1..=10, None);
        assert_eq!(ring.oldest(), 7);
        assert_eq!(read(&ring, 3, 10), "+4<7><8><9><10>");
    }

    #[test]
    fn a_reader_that_is_behind_holds_more_but_never_beyond_the_outer_bound() {
        assert_eq!(ring(1..=7, Some(3)).oldest(), 3);
        assert_eq!(ring(1..=20, Some(3)).oldest(), 13);
    }

    #[test]
    fn gaps_in_the_middle_and_at_the_end_are_told_where_they_are() {
        assert_eq!(read(&ring([1, 2, 5], None), 1, 9), "<1><2>+2<5>+4");
    }

    #[test]
    fn memory_is_bounded_whatever_the_sizes() {
        let limits = RingLimits {
            events: 1_000,
            slow_reader_events: 1_000,
            bytes: 1024,
        };
        let mut ring = Ring::new(limits);
        for seq in 1..2_000 {
            push(&mut ring, seq, &"x".repeat((seq * 7 % 400) as usize), Some(1));
            let room = ring.chunks.iter().map(Chunk::room).sum::<usize>();
            let events = ring.chunks.iter().flat_map(Chunk::records).count();
            let spare: usize = ring.spare.iter().map(Chunk::room).sum();
            assert!(ring.room <= 1024 && room + spare == ring.room, "{room}, {}", ring.room);
            assert_eq!(events, ring.events);
            assert_eq!(ring.chunks.back().unwrap().records().last().unwrap().seq, seq);
        }
        push(&mut ring, 2_000, &"x".repeat(1_024), None);
        assert_eq!(read(&ring, 2_000, 2_000), "+1");
    }

    #[test]
    fn times_that_jump_are_kept_as_they_are() {
        let mut ring = Ring::new(SMALL);
        let observation = MonitorEvent::DnsQuery { host: "db".to_owned() }.into();
        let parts = Parts::of(&observation).unwrap();
        let times = [9_000_000_000, 5_000_000, 5_000_001, 90_000_000_000, 1];
        for (seq, ts) in (1..).zip(times) {
            let mut chunk = Chunk::new(parts.size());
            chunk.renew(seq - 1, ts);
            chunk.push(seq, ts, &parts);
            ring.push(chunk.peek().unwrap(), Some(1));
        }
        let kept = ring.chunks.iter().flat_map(Chunk::records).map(|stamped| stamped.ts);
        assert_eq!(kept.collect::<Vec<_>>(), times);
    }

    #[test]
    fn suppressed_numbers_are_accounted_for_from_wherever_a_reader_begins() {
        let mut ring = ring([1, 2], None);
        let line = r#"{"type":"Lagged","missed":4,"suppressed":{"total":4}}"#.to_owned() + "\n";
        ring.push_suppressed((7, 1_000_007), 4, line.as_bytes(), None);
        push(&mut ring, 8, "db", None);
        assert_eq!(read(&ring, 1, 8), "<1><2>+1-4<8>");
        assert_eq!(read(&ring, 6, 8), "-2<8>");
        assert_eq!(ring.oldest(), 1);
    }

    #[test]
    fn a_copy_stops_at_its_size_and_goes_on_where_it_stopped() {
        let ring = ring(1..=4, None);
        let (mut cursor, mut out) = (1, Vec::new());
        ring.copy(&mut cursor, 4, ResponseFormat::Ndjson, 60, &mut out);
        assert_eq!((cursor, brief(&out).as_str()), (3, "<1><2>"));
    }
}
