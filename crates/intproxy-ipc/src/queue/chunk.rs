//! The piece of memory that events wait in, and the clock that stamps them.
//!
//! Invariant: numbers rise within a chunk, and every number in it is above `first`. A chunk has its room from its making
//! on and never grows, so that the bytes of all chunks are known to whoever counts chunks.

use std::time::{SystemTime, UNIX_EPOCH};

use mirrord_wire::{Counters, EventLine};

use super::record::{Parts, Record, count_lost};
use crate::limits::{MAX_SHARED_STAMPS, SHARED_STAMP_SPAN};

/// Records in the order of their numbers.
pub(super) struct Chunk {
    bytes: Vec<u8>,
    /// How much of the beginning has been read.
    read: usize,
    first: u64,
    ts: u64,
}

impl Chunk {
    pub(super) fn new(room: usize) -> Self {
        Self {
            bytes: Vec::with_capacity(room),
            read: 0,
            first: 0,
            ts: 0,
        }
    }

    /// Makes it empty, for numbers above `first` and times from `ts` on.
    pub(super) fn renew(&mut self, first: u64, ts: u64) {
        self.bytes.clear();
        (self.read, self.first, self.ts) = (0, first, ts);
    }

    pub(super) fn room(&self) -> usize {
        self.bytes.capacity()
    }

    /// A number that is below every one in here, and not below any that was given before its first.
    pub(super) fn first(&self) -> u64 {
        self.first
    }

    /// Whether a record of this size can be added, of a number near `seq`.
    #[inline]
    pub(super) fn fits(&self, size: usize, seq: u64) -> bool {
        self.bytes.capacity() - self.bytes.len() >= size && seq - self.first < u64::from(u32::MAX / 2)
    }

    #[inline]
    pub(super) fn push(&mut self, seq: u64, ts: u64, parts: &Parts<'_>) {
        // A clock that was set back makes times stand still, not go wrong.
        let ts = u32::try_from(ts.saturating_sub(self.ts)).unwrap_or(u32::MAX);
        parts.write(&mut self.bytes, (seq - self.first) as u32, ts);
    }

    /// The number of the next record to be read.
    pub(super) fn next_seq(&self) -> Option<u64> {
        let (record, _) = Record::split(self.bytes.get(self.read..)?)?;
        Some(self.first + u64::from(record.seq()))
    }

    /// Reads one record; `None` at the end.
    pub(super) fn next(&mut self) -> Option<EventLine> {
        let (record, rest) = Record::split(self.bytes.get(self.read..)?)?;
        self.read = self.bytes.len() - rest.len();
        record.event(self.first, self.ts)
    }

    /// Counts what was not read.
    pub(super) fn count_lost(&self, lost: &mut Counters) {
        count_lost(self.bytes.get(self.read..).unwrap_or_default(), lost);
    }
}

/// One lane's clock. Asking the system costs as much as all the rest of an emission, so in a rush neighbours share a
/// stamp: as many as came within [`SHARED_STAMP_SPAN`] when it was last asked, and at most [`MAX_SHARED_STAMPS`].
#[derive(Default)]
pub(super) struct Clock {
    stamp: u64,
    shared: u32,
    left: u32,
}

impl Clock {
    /// Microseconds since the Unix epoch.
    #[inline]
    pub(super) fn stamp(&mut self) -> u64 {
        if self.left > 0 {
            self.left -= 1;
            return self.stamp;
        }
        self.read(now())
    }

    fn read(&mut self, now: u64) -> u64 {
        let rush = u128::from(now.saturating_sub(self.stamp)) <= SHARED_STAMP_SPAN.as_micros();
        self.shared = if rush {
            (2 * self.shared + 1).min(MAX_SHARED_STAMPS)
        } else {
            0
        };
        self.left = self.shared;
        self.stamp = now;
        now
    }

    /// A pause in which nobody can say what happened: the next event has a stamp of its own.
    pub(super) fn reset(&mut self) {
        self.left = 0;
    }
}

/// 0 on a machine whose clock stands before 1970.
fn now() -> u64 {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since_epoch.as_micros()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stamps_are_shared_in_a_rush_alone() {
        let mut clock = Clock::default();
        let mut shared = |now| {
            clock.left = 0;
            clock.read(now);
            clock.left
        };
        assert_eq!(shared(1_000_000), 0);
        assert_eq!([shared(1_000_010), shared(1_000_020), shared(1_000_030)], [1, 3, 7]);
        assert_eq!([shared(1_000_040), shared(1_000_050)], [15, 15]);
        assert_eq!(shared(1_000_500), 0, "half a millisecond is no rush");
    }
}
