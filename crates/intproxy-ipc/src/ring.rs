//! The event lines that are kept, oldest out: for `since`, and for readers that are behind.
//!
//! Invariant: numbers rise along the ring, and a number that is missing between two lines, or before the first, is an
//! event that nobody can have any more. The ring counts nothing: whoever reads knows from the numbers what it missed.

use std::collections::VecDeque;

use mirrord_wire::{Control, Counters};

use crate::framing::Framing;

/// How much a ring keeps.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RingLimits {
    /// Events, when no reader is behind.
    pub(crate) events: usize,
    /// Events, whoever is behind.
    pub(crate) behind_events: usize,
    /// Bytes of lines, whoever is behind.
    pub(crate) bytes: usize,
}

/// What the ring takes for its first line.
const FIRST_BYTES: usize = 16 * 1024;

struct Kept {
    /// The number of its event, or of the last that it accounts for.
    seq: u64,
    /// How many withheld events the line accounts for; 0 where it is an event.
    withheld: u32,
    /// Where its line begins, counted over all bytes ever kept, round and round.
    start: u32,
}

impl Kept {
    fn first(&self) -> u64 {
        self.seq - u64::from(self.withheld.saturating_sub(1))
    }
}

/// Lines in one run of bytes, and where each begins.
pub(crate) struct Ring {
    limits: RingLimits,
    lines: VecDeque<Kept>,
    bytes: VecDeque<u8>,
    /// Where the bytes end, counted over all bytes ever kept, round and round: no ring has as many.
    end: u32,
}

impl Ring {
    pub(crate) fn new(limits: RingLimits) -> Self {
        Self {
            limits,
            lines: VecDeque::new(),
            bytes: VecDeque::new(),
            end: 0,
        }
    }

    /// Keeps a line, which ends in a newline, and gives up the oldest beyond the limits. `wanted` is the oldest number
    /// that a connected reader has yet to take.
    pub(crate) fn push(&mut self, seq: u64, line: &[u8], wanted: Option<u64>) {
        self.keep(seq, 0, line, wanted);
    }

    /// Keeps a line that accounts for `withheld` events up to the number `seq`.
    pub(crate) fn push_withheld(&mut self, seq: u64, withheld: u32, line: &[u8], wanted: Option<u64>) {
        self.keep(seq, withheld, line, wanted);
    }

    fn keep(&mut self, seq: u64, withheld: u32, line: &[u8], wanted: Option<u64>) {
        if line.len() > self.limits.bytes {
            return;
        }
        while self.must_shrink(line.len(), wanted) {
            self.pop();
        }
        self.make_room(line.len());
        self.lines.push_back(Kept {
            seq,
            withheld,
            start: self.end,
        });
        self.bytes.extend(line);
        self.end = self.end.wrapping_add(line.len() as u32);
    }

    fn must_shrink(&self, more: usize, wanted: Option<u64>) -> bool {
        let Some(oldest) = self.lines.front() else {
            return false;
        };
        let events = self.lines.len() + 1;
        self.bytes.len() + more > self.limits.bytes
            || events > self.limits.behind_events
            || (events > self.limits.events && wanted.is_none_or(|wanted| oldest.seq < wanted))
    }

    /// Grows by doubling as a vector would, but never past the bound: left alone, the last doubling could be twice it.
    fn make_room(&mut self, more: usize) {
        let needed = self.bytes.len() + more;
        if needed > self.bytes.capacity() {
            let room = needed
                .max(2 * self.bytes.capacity())
                .max(FIRST_BYTES)
                .min(self.limits.bytes);
            self.bytes.reserve_exact(room - self.bytes.len());
        }
    }

    fn pop(&mut self) {
        if let Some(oldest) = self.lines.pop_front() {
            let next = self.lines.front().map_or(self.end, |kept| kept.start);
            self.bytes.drain(..next.wrapping_sub(oldest.start) as usize);
        }
    }

    /// The oldest number kept; 0 where nothing is.
    pub(crate) fn oldest(&self) -> u64 {
        self.lines.front().map_or(0, Kept::first)
    }

    /// Copies lines from the number `cursor` on until `out` holds `most` bytes or the ring is at its end, each gap told
    /// before the line behind it, and moves the cursor. `newest` is the newest number of the session: what is missing at
    /// the ring's end is told as well.
    pub(crate) fn copy(&self, cursor: &mut u64, newest: u64, framing: Framing, most: usize, out: &mut Vec<u8>) {
        let first = self.lines.partition_point(|kept| kept.seq < *cursor);
        for index in first..self.lines.len() {
            if out.len() >= most {
                return;
            }
            let kept = &self.lines[index];
            let first = kept.first();
            if first > *cursor {
                framing.lagged(out, first - *cursor, first - 1);
            }
            match kept.withheld {
                0 => framing.event(out, kept.seq, self.line(index)),
                _ if first >= *cursor => framing.withheld(out, kept.seq, self.line(index)),
                // The reader begins in the midst of them: how many are left is known, what they were is not.
                _ => framing.withheld(out, kept.seq, (&rest_withheld(kept.seq + 1 - *cursor), b"")),
            }
            *cursor = kept.seq + 1;
        }
        if newest >= *cursor {
            framing.lagged(out, newest + 1 - *cursor, newest);
            *cursor = newest + 1;
        }
    }

    fn line(&self, index: usize) -> (&[u8], &[u8]) {
        let base = self.lines.front().map_or(self.end, |kept| kept.start);
        let start = self.lines[index].start.wrapping_sub(base) as usize;
        let end = self.lines.get(index + 1).map_or(self.end, |kept| kept.start);
        let end = end.wrapping_sub(base) as usize;
        let (left, right) = self.bytes.as_slices();
        match left.len() {
            split if end <= split => (&left[start..end], &[]),
            split if start >= split => (&right[start - split..end - split], &[]),
            split => (&left[start..], &right[..end - split]),
        }
    }
}

fn rest_withheld(missed: u64) -> Vec<u8> {
    let withheld = Some(Counters {
        total: missed,
        ..Counters::default()
    });
    let mut line = serde_json::to_vec(&Control::Lagged { missed, withheld }).unwrap_or_default();
    line.push(b'\n');
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: RingLimits = RingLimits {
        events: 4,
        behind_events: 8,
        bytes: 64,
    };

    fn ring(numbers: impl IntoIterator<Item = u64>, wanted: Option<u64>) -> Ring {
        let mut ring = Ring::new(SMALL);
        for seq in numbers {
            ring.push(seq, format!("<{seq}>\n").as_bytes(), wanted);
        }
        ring
    }

    fn read(ring: &Ring, mut cursor: u64, newest: u64) -> String {
        let mut out = Vec::new();
        ring.copy(&mut cursor, newest, Framing::Ndjson, 1_000, &mut out);
        assert_eq!(cursor, newest + 1);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_oldest_give_way_and_a_late_reader_is_told_how_many() {
        let ring = ring(1..=10, None);
        assert_eq!(ring.oldest(), 7);
        let text = read(&ring, 3, 10);
        assert_eq!(text, "{\"type\":\"Lagged\",\"missed\":4}\n<7>\n<8>\n<9>\n<10>\n");
    }

    #[test]
    fn a_reader_that_is_behind_holds_more_but_never_beyond_the_outer_bound() {
        assert_eq!(ring(1..=7, Some(3)).oldest(), 3);
        assert_eq!(ring(1..=20, Some(3)).oldest(), 13);
    }

    #[test]
    fn gaps_in_the_middle_and_at_the_end_are_told_where_they_are() {
        let text = read(&ring([1, 2, 5], None), 1, 9);
        assert_eq!(
            text,
            "<1>\n<2>\n{\"type\":\"Lagged\",\"missed\":2}\n<5>\n{\"type\":\"Lagged\",\"missed\":4}\n"
        );
    }

    #[test]
    fn bytes_are_bounded_and_a_line_may_lie_across_the_seam() {
        let mut ring = Ring::new(RingLimits {
            events: 100,
            behind_events: 100,
            bytes: 64,
        });
        for seq in 1..500 {
            let line = format!("{}\n", "x".repeat((seq % 40) as usize));
            ring.push(seq, line.as_bytes(), Some(1));
            assert!(ring.bytes.len() <= 64 && ring.bytes.capacity() <= 64);
            let index = ring.lines.len() - 1;
            let (left, right) = ring.line(index);
            assert_eq!([left, right].concat(), line.as_bytes());
        }
        ring.push(500, &[b'x'; 65], None);
        assert!(ring.lines.back().unwrap().seq < 500);
    }

    #[test]
    fn withheld_numbers_are_accounted_for_from_wherever_a_reader_begins() {
        let mut ring = ring([1, 2], None);
        ring.push_withheld(7, 4, b"<4-7>\n", None);
        ring.push(8, b"<8>\n", None);
        let lost = "{\"type\":\"Lagged\",\"missed\":1}\n";
        assert_eq!(read(&ring, 1, 8), format!("<1>\n<2>\n{lost}<4-7>\n<8>\n"));
        let text = read(&ring, 6, 8);
        let rest: Control = serde_json::from_str(text.lines().next().unwrap()).unwrap();
        assert!(matches!(rest, Control::Lagged { missed: 2, withheld: Some(withheld) } if withheld.total == 2));
    }

    #[test]
    fn a_copy_stops_at_its_size_and_goes_on_where_it_stopped() {
        let ring = ring(1..=4, None);
        let (mut cursor, mut out) = (1, Vec::new());
        ring.copy(&mut cursor, 4, Framing::Ndjson, 5, &mut out);
        assert_eq!((cursor, out.as_slice()), (3, b"<1>\n<2>\n".as_slice()));
    }
}
