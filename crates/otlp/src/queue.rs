//! Queue of lines that wait to be sent, bounded in bytes.
//!
//! A line that finds no room is refused: those that wait are older, and what is in their batch is consistent. The queue counts
//! nothing; its exporter does.

use std::collections::VecDeque;
use std::sync::Arc;

use tokio::time::Instant;

use crate::limits::{BATCH_BYTES, BATCH_RECORDS};
use crate::source::Source;

/// Bytes of a line's place in the queue, beside its text.
const ENTRY_BYTES: usize = size_of::<Entry>() + 16;

/// Line that waits.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) source: Arc<Source>,
    pub(crate) text: Box<str>,
}

/// Lines that wait.
#[derive(Debug)]
pub(crate) struct Queue {
    entries: VecDeque<Entry>,
    bytes: usize,
    max_bytes: usize,
    /// Time from which the oldest line waits for its batch to be filled.
    since: Instant,
}

impl Queue {
    pub(crate) fn new(max_bytes: usize) -> Self {
        Self {
            entries: VecDeque::new(),
            bytes: 0,
            max_bytes,
            since: Instant::now(),
        }
    }

    /// Adds a line; returns false where there is no room for it.
    pub(crate) fn push(&mut self, source: &Arc<Source>, text: &str) -> bool {
        let bytes = text.len() + ENTRY_BYTES;
        if self.bytes + bytes > self.max_bytes {
            return false;
        }
        if self.entries.is_empty() {
            self.since = Instant::now();
        }
        self.bytes += bytes;
        self.entries.push_back(Entry {
            source: Arc::clone(source),
            text: text.into(),
        });
        true
    }

    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    /// Returns whether at least half of it is free: the time to go on for a caller that waits for room.
    pub(crate) fn has_room(&self) -> bool {
        self.bytes <= self.max_bytes / 2
    }

    /// Returns whether there is enough for a batch.
    pub(crate) fn is_batch(&self) -> bool {
        self.entries.len() >= BATCH_RECORDS || self.bytes >= BATCH_BYTES
    }

    /// Returns the time from which the oldest line waits; `None` where none does.
    pub(crate) fn waits_since(&self) -> Option<Instant> {
        (!self.entries.is_empty()).then_some(self.since)
    }

    /// Takes the next batch: at most [`BATCH_RECORDS`] lines and [`BATCH_BYTES`], but one line at least.
    pub(crate) fn take_batch(&mut self) -> Vec<Entry> {
        let mut batch = Vec::new();
        let mut bytes = 0;
        while let Some(entry) = self.entries.front() {
            bytes += entry.text.len() + ENTRY_BYTES;
            if batch.len() >= BATCH_RECORDS || (bytes > BATCH_BYTES && !batch.is_empty()) {
                break;
            }
            self.bytes -= entry.text.len() + ENTRY_BYTES;
            batch.extend(self.entries.pop_front());
        }
        self.since = Instant::now();
        batch
    }

    /// Removes everything; returns the number of lines.
    pub(crate) fn clear(&mut self) -> u64 {
        let lines = self.entries.len() as u64;
        self.entries.clear();
        self.bytes = 0;
        lines
    }
}

#[cfg(test)]
mod tests {
    use mirrord_wire::SessionInfo;

    use super::*;
    use crate::settings::Settings;

    fn source() -> Arc<Source> {
        let settings = Settings::read(None, None, |_| None).unwrap();
        Arc::new(Source::new(1, &SessionInfo::default(), &settings))
    }

    #[tokio::test(start_paused = true)]
    async fn a_full_queue_refuses_and_has_room_again_once_half_of_it_was_taken() {
        let mut queue = Queue::new(4 * (ENTRY_BYTES + 10));
        let source = source();
        for _ in 0..4 {
            assert!(queue.push(&source, "0123456789"));
        }
        assert!(!queue.push(&source, "") && !queue.has_room());
        assert_eq!(queue.take_batch().len(), 4);
        assert!(queue.has_room() && queue.waits_since().is_none() && queue.bytes == 0);
    }

    #[tokio::test(start_paused = true)]
    async fn a_batch_is_bounded_in_lines_and_bytes_and_never_empty() {
        let mut queue = Queue::new(usize::MAX);
        let source = source();
        for _ in 0..=BATCH_RECORDS {
            queue.push(&source, "x");
        }
        assert!(queue.is_batch());
        assert_eq!((queue.take_batch().len(), queue.len()), (BATCH_RECORDS, 1));
        queue.push(&source, &"y".repeat(2 * BATCH_BYTES));
        assert_eq!(queue.take_batch().len(), 1, "the one before it");
        assert_eq!(queue.take_batch().len(), 1, "a long line goes alone");
        assert_eq!(queue.bytes, 0);
    }
}
