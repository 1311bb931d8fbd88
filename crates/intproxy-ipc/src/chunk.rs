//! The piece of memory that records lie in, while they wait to be taken and while they are kept.
//!
//! Invariant: numbers rise within a chunk, and every number in it is above `first`. A chunk has its room from its making
//! on and never grows, so that the number of chunks gives their bytes.

use mirrord_wire::Counters;

use crate::record::{Parts, Record, Stamped, count_lost};

/// The most by which a later record's stamp may precede a chunk's first: those of two threads may cross.
const STAMP_SLACK_MICROS: u64 = 1_000_000;

/// Records in the order of their numbers.
#[derive(Default)]
pub(crate) struct Chunk {
    /// As long as its room from the beginning, so that nothing is reserved at an emission.
    bytes: Box<[u8]>,
    /// End of the records.
    end: usize,
    /// End of the records that were read.
    read: usize,
    first: u64,
    ts: u64,
}

impl Chunk {
    pub(crate) fn new(room: usize) -> Self {
        Self {
            bytes: vec![0; room].into_boxed_slice(),
            ..Self::default()
        }
    }

    /// Makes it empty, for numbers above `first` and times around `ts`.
    pub(crate) fn renew(&mut self, first: u64, ts: u64) {
        (self.end, self.read) = (0, 0);
        (self.first, self.ts) = (first, ts.saturating_sub(STAMP_SLACK_MICROS));
    }

    pub(crate) fn room(&self) -> usize {
        self.bytes.len()
    }

    /// A number that is below every one in here, and not below any that was given before its first.
    pub(crate) fn first(&self) -> u64 {
        self.first
    }

    /// Reports room for a record of this size, of a number near `seq` and of this time.
    #[inline]
    pub(crate) fn fits(&self, size: usize, seq: u64, ts: u64) -> bool {
        const SPAN: u64 = (u32::MAX / 2) as u64;
        self.bytes.len() - self.end >= size && seq.wrapping_sub(self.first) < SPAN && ts.wrapping_sub(self.ts) < SPAN
    }

    /// Adds a record, which fits.
    #[inline]
    pub(crate) fn push(&mut self, seq: u64, ts: u64, parts: &Parts<'_>) {
        let end = self.end + parts.size();
        if let Some(place) = self.bytes.get_mut(self.end..end) {
            parts.write(place, (seq - self.first) as u32, (ts - self.ts) as u32);
            self.end = end;
        }
    }

    /// Adds a record of another chunk, which fits.
    pub(crate) fn copy(&mut self, stamped: Stamped<'_>) {
        let bytes = stamped.record.bytes();
        let end = self.end + bytes.len();
        let (seq, ts) = (stamped.seq - self.first, stamped.ts - self.ts);
        if let Some(place) = self.bytes.get_mut(self.end..end) {
            place.copy_from_slice(bytes);
            Record::stamp(place, seq as u32, ts as u32);
            self.end = end;
        }
    }

    /// The next record.
    pub(crate) fn peek(&self) -> Option<Stamped<'_>> {
        self.records().next()
    }

    /// Records that were not read, in order.
    pub(crate) fn records(&self) -> impl Iterator<Item = Stamped<'_>> {
        let mut rest = self.rest();
        std::iter::from_fn(move || {
            let (record, behind) = Record::split(rest)?;
            rest = behind;
            Some(record.stamped(self.first, self.ts))
        })
    }

    /// Is done with the next record.
    pub(crate) fn skip(&mut self) {
        self.read += Record::split(self.rest()).map_or(0, |(record, _)| record.bytes().len());
    }

    /// Counts what is left.
    pub(crate) fn count_lost(&self, lost: &mut Counters) {
        count_lost(self.rest(), lost);
    }

    fn rest(&self) -> &[u8] {
        self.bytes.get(self.read..self.end).unwrap_or_default()
    }
}
