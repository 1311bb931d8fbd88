//! Chunks that the session's task has drained from the lanes, read in the order of numbers.
//!
//! Invariant: everything up to `limit` is in here, was read, or is lost. What is above `limit` waits, since an event
//! before it may still be in a lane.

use std::collections::VecDeque;

use mirrord_wire::Counters;

use crate::chunk::Chunk;
use crate::queue_sync::LANES;
use crate::record::Stamped;

/// Chunks in hand, by the lane that they came by.
#[derive(Default)]
pub(crate) struct Drained {
    pub(super) sources: [VecDeque<Chunk>; LANES],
    pub(super) limit: u64,
    /// Counters of events that were given up before they could be drained.
    pub(super) lost: Counters,
}

impl Drained {
    /// Returns the bytes of memory in hand.
    pub(super) fn room(&self) -> usize {
        self.sources.iter().flatten().map(Chunk::room).sum()
    }

    /// The lane that has the lowest number, that number, and the number up to which it may be read without looking at
    /// the others again.
    pub(super) fn next_source(&self) -> Option<(usize, u64, u64)> {
        let mut lowest: Option<(usize, u64)> = None;
        let mut other = u64::MAX;
        for (lane, chunks) in self.sources.iter().enumerate() {
            let Some(Stamped { seq, .. }) = chunks.front().and_then(Chunk::peek) else {
                continue;
            };
            match lowest {
                Some((_, low)) if seq > low => other = other.min(seq),
                _ => {
                    other = other.min(lowest.map_or(u64::MAX, |(_, low)| low));
                    lowest = Some((lane, seq));
                }
            }
        }
        lowest.map(|(lane, seq)| (lane, seq, other.saturating_sub(1).min(self.limit)))
    }

    /// Gives up to `most` events of a lane to `each`, up to the number `last`, and chunks that are done with to `done`.
    /// Says how many it gave.
    pub(super) fn read(
        &mut self,
        lane: usize,
        last: u64,
        most: usize,
        each: &mut impl FnMut(Stamped<'_>),
        mut done: impl FnMut(Chunk),
    ) -> usize {
        let chunks = &mut self.sources[lane];
        let mut given = 0;
        while let Some(chunk) = chunks.front_mut() {
            match chunk.peek() {
                Some(next) if next.seq > last || given == most => break,
                Some(next) => {
                    given += 1;
                    each(next);
                    chunk.skip();
                }
                None => chunks.pop_front().into_iter().for_each(&mut done),
            }
        }
        given
    }
}
