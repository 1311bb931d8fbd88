//! Checkpoints of a record, bounded in number and in bytes: where there are too many, every other one is forgotten, and the next
//! ones are twice as far apart. Beside them the one that was computed last, since the next request is mostly near it.

use std::sync::Arc;

use super::checkpoint::Checkpoint;
use crate::limits::{CHECKPOINT_SPACING, MAX_CHECKPOINT_BYTES, MAX_CHECKPOINTS};

/// Checkpoints, oldest first.
#[derive(Debug)]
pub(crate) struct Checkpoints {
    kept: Vec<Kept>,
    bytes: usize,
    /// Events between two of them.
    spacing: u64,
    /// Events at which the next one is due.
    next: u64,
    /// The one that was computed last, and the event that it was computed for.
    recent: Option<(u64, Arc<Checkpoint>)>,
}

#[derive(Debug)]
struct Kept {
    checkpoint: Arc<Checkpoint>,
    bytes: usize,
}

impl Default for Checkpoints {
    fn default() -> Self {
        Self {
            kept: Vec::new(),
            bytes: 0,
            spacing: CHECKPOINT_SPACING,
            next: 0,
            recent: None,
        }
    }
}

impl Checkpoints {
    /// Returns whether one is due after so many events.
    pub(crate) fn is_due(&self, events: u64) -> bool {
        events >= self.next
    }

    /// Keeps one of so many bytes that was made after so many events, newer than all others.
    pub(crate) fn push(&mut self, events: u64, checkpoint: Checkpoint, bytes: usize) {
        self.bytes += bytes;
        self.kept.push(Kept {
            checkpoint: Arc::new(checkpoint),
            bytes,
        });
        // The first one is of no event, and is always there.
        while self.kept.len() > 1 && (self.kept.len() > MAX_CHECKPOINTS || self.bytes > MAX_CHECKPOINT_BYTES) {
            self.thin();
        }
        self.next = events + self.spacing;
    }

    /// Keeps the one that was computed for an event.
    pub(crate) fn remember(&mut self, at: u64, checkpoint: Checkpoint) {
        self.recent = Some((at, Arc::new(checkpoint)));
    }

    /// Returns the newest one up to an event, and whether it was computed for that very event.
    pub(crate) fn before(&self, at: u64) -> Option<(Arc<Checkpoint>, bool)> {
        let count = self.kept.partition_point(|kept| kept.checkpoint.seq() <= at);
        let newest = count.checked_sub(1).and_then(|newest| self.kept.get(newest));
        let newest = newest.map(|newest| Arc::clone(&newest.checkpoint));
        match &self.recent {
            Some((computed, recent)) if *computed == at => Some((Arc::clone(recent), true)),
            Some((computed, recent))
                if *computed < at && newest.as_ref().is_none_or(|newest| newest.seq() < recent.seq()) =>
            {
                Some((Arc::clone(recent), false))
            }
            _ => newest.map(|newest| (newest, false)),
        }
    }

    fn thin(&mut self) {
        self.spacing *= 2;
        let mut number = 0_usize;
        self.kept.retain(|_| {
            number += 1;
            number % 2 == 1
        });
        self.bytes = self.kept.iter().map(|kept| kept.bytes).sum();
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::ring::Place;
    use super::*;

    fn checkpoint(seq: u64) -> Checkpoint {
        Checkpoint {
            end: Place { seq, suppressed: 0 },
            ..Checkpoint::default()
        }
    }

    fn seq_before(checkpoints: &Checkpoints, at: u64) -> u64 {
        checkpoints.before(at).unwrap().0.seq()
    }

    #[test]
    fn checkpoints_are_bounded_and_evenly_spread() {
        let mut checkpoints = Checkpoints::default();
        for events in (0..16_000_000).step_by(4_000) {
            if checkpoints.is_due(events) {
                checkpoints.push(events, checkpoint(events), 100);
            }
            assert!(checkpoints.kept.len() <= MAX_CHECKPOINTS);
        }
        assert!(
            checkpoints.kept.len() > MAX_CHECKPOINTS / 4,
            "{}",
            checkpoints.kept.len()
        );
        assert_eq!(seq_before(&checkpoints, 0), 0);
        for at in (0..16_000_000).step_by(77_777) {
            let seq = seq_before(&checkpoints, at);
            assert!(seq <= at && at - seq <= 2 * checkpoints.spacing, "{seq} for {at}");
        }
    }

    #[test]
    fn checkpoints_are_bounded_in_bytes_but_for_the_first() {
        let mut checkpoints = Checkpoints::default();
        checkpoints.push(0, checkpoint(0), 100);
        checkpoints.push(5_000, checkpoint(5_000), MAX_CHECKPOINT_BYTES);
        assert_eq!((checkpoints.kept.len(), seq_before(&checkpoints, 9_999)), (1, 0));
        for events in 1..=10 {
            checkpoints.push(5_000 * events, checkpoint(5_000 * events), MAX_CHECKPOINT_BYTES / 4);
            assert!(checkpoints.bytes <= MAX_CHECKPOINT_BYTES && checkpoints.kept.len() <= 4);
        }
    }

    #[test]
    fn the_one_that_was_computed_last_is_taken_where_it_is_nearer() {
        let mut checkpoints = Checkpoints::default();
        checkpoints.push(0, checkpoint(0), 100);
        checkpoints.push(5_000, checkpoint(5_000), 100);
        checkpoints.remember(3_010, checkpoint(3_007));
        let before = |at| {
            checkpoints
                .before(at)
                .map(|(checkpoint, is_it)| (checkpoint.seq(), is_it))
        };
        assert_eq!(before(3_010), Some((3_007, true)));
        assert_eq!(before(3_009), Some((0, false)));
        assert_eq!(before(4_999), Some((3_007, false)));
        assert_eq!(before(5_001), Some((5_000, false)));
    }
}
