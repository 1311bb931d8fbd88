//! The newest lines as they were sent: made for the first reader that wants them, and there for the others.
//!
//! Invariant: a batch is what a reader at `from` gets, and `to` is where it is then. Readers that have everything stand at
//! the same number, so each line is made once, however many they are; one that is behind makes its own.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::limits::BATCH_CACHE_BYTES;

struct Batch {
    from: u64,
    to: u64,
    lines: Arc<[u8]>,
}

/// Batches in the order of their numbers, [`BATCH_CACHE_BYTES`] of them at most.
#[derive(Default)]
pub(crate) struct BatchCache {
    batches: VecDeque<Batch>,
    bytes: usize,
}

impl BatchCache {
    /// Returns the batch for a reader at `from`, and the number that it wants next.
    pub(crate) fn get(&self, from: u64) -> Option<(u64, Arc<[u8]>)> {
        let batch = self.batches.iter().find(|batch| batch.from == from)?;
        Some((batch.to, Arc::clone(&batch.lines)))
    }

    /// Returns the start of the first batch behind `from`, where a reader that catches up joins the others.
    pub(crate) fn next_from(&self, from: u64) -> Option<u64> {
        self.batches.iter().map(|batch| batch.from).find(|next| *next > from)
    }

    /// Keeps the lines of the numbers `from` to `to`, `to` not included, where they are newer than all others.
    pub(crate) fn insert(&mut self, from: u64, to: u64, lines: &Arc<[u8]>) {
        let is_newest = self.batches.back().is_none_or(|newest| newest.to <= from);
        if !is_newest || lines.len() > BATCH_CACHE_BYTES {
            return;
        }
        self.bytes += lines.len();
        while self.bytes > BATCH_CACHE_BYTES
            && let Some(oldest) = self.batches.pop_front()
        {
            self.bytes -= oldest.lines.len();
        }
        let lines = Arc::clone(lines);
        self.batches.push_back(Batch { from, to, lines });
    }

    /// Lets go of everything.
    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readers_at_the_same_number_share_and_those_behind_join() {
        let mut cache = BatchCache::default();
        let lines = |text: &str| Arc::from(text.as_bytes());
        cache.insert(5, 8, &lines("5-7"));
        cache.insert(8, 9, &lines("8"));
        cache.insert(2, 5, &lines("2-4"));
        assert_eq!(cache.get(5), Some((8, lines("5-7"))));
        assert_eq!(cache.get(6), None);
        assert_eq!(
            (cache.get(2), cache.next_from(2), cache.next_from(5), cache.next_from(8)),
            (None, Some(5), Some(8), None)
        );
    }

    #[test]
    fn bytes_are_bounded_and_the_oldest_go() {
        let mut cache = BatchCache::default();
        for number in 0..100 {
            cache.insert(number, number + 1, &Arc::from([b'x'; BATCH_CACHE_BYTES / 4]));
            assert!(cache.bytes <= BATCH_CACHE_BYTES && cache.batches.len() <= 4);
        }
        assert!(cache.get(99).is_some() && cache.get(95).is_none());
        cache.insert(100, 101, &Arc::from([b'x'; BATCH_CACHE_BYTES + 1]));
        assert!(cache.get(100).is_none());
    }
}
