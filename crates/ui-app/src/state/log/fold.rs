//! Folding of repeats: neighbours among the shown rows that differ only in number and time are one row, which says how
//! many they are.

use std::collections::VecDeque;

use super::entry::Entry;
use super::ring::Ring;

/// A run of repeats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fold {
    /// Number of its events, those included that are no longer kept.
    pub count: u64,
    /// Position of the last one.
    pub last: u64,
    /// When the first one happened, microseconds since the Unix epoch.
    pub first_ts: u64,
    /// When the last one did.
    pub last_ts: u64,
}

impl Fold {
    fn of_one(position: u64, ts: u64) -> Self {
        Self {
            count: 1,
            last: position,
            first_ts: ts,
            last_ts: ts,
        }
    }

    /// Time from the first to the last, microseconds.
    #[must_use]
    pub fn length(&self) -> u64 {
        self.last_ts.saturating_sub(self.first_ts)
    }
}

/// Runs of at least two rows, by the position of the first row that is kept.
#[derive(Debug, Default)]
pub(super) struct Folds(VecDeque<(u64, Fold)>);

impl Folds {
    /// Place of a run, or of the next one, and whether it is that run's.
    fn place(&self, first: u64) -> (usize, bool) {
        let place = self.0.partition_point(|(own, _)| *own < first);
        (place, self.0.get(place).is_some_and(|(own, _)| *own == first))
    }

    pub(super) fn get(&self, first: u64) -> Option<&Fold> {
        let (place, is_there) = self.place(first);
        self.0.get(place).filter(|_| is_there).map(|(_, fold)| fold)
    }

    pub(super) fn remove(&mut self, first: u64) -> Option<Fold> {
        let (place, is_there) = self.place(first);
        is_there.then(|| self.0.remove(place))?.map(|(_, fold)| fold)
    }

    /// Adds a run that is not there. Cheap at either end, where runs come and go.
    pub(super) fn insert(&mut self, first: u64, fold: Fold) {
        let place = self.place(first).0;
        self.0.insert(place, (first, fold));
    }

    /// Adds a newer row to the run that begins at `first`. Returns false where it is no repeat of it.
    pub(super) fn append(&mut self, ring: &Ring, first: Option<u64>, position: u64, entry: &Entry<'_>) -> bool {
        let Some((first, before)) = first.and_then(|first| Some((first, ring.get(first)?))) else {
            return false;
        };
        let repeats = entry.repeats(&before);
        if repeats {
            let fold = self.remove(first).unwrap_or(Fold::of_one(first, before.ts()));
            let fold = Fold {
                count: fold.count + 1,
                last: position,
                last_ts: entry.ts(),
                ..fold
            };
            self.insert(first, fold);
        }
        repeats
    }

    /// Adds an older row to the run that begins at `first`, which it begins from then on. Returns false where it is no
    /// repeat of it.
    pub(super) fn prepend(&mut self, ring: &Ring, first: Option<&mut u64>, position: u64, entry: &Entry<'_>) -> bool {
        let Some(first) = first else { return false };
        let Some(behind) = ring.get(*first) else { return false };
        let repeats = entry.repeats(&behind);
        if repeats {
            let fold = self.remove(*first).unwrap_or(Fold::of_one(*first, behind.ts()));
            let fold = Fold {
                count: fold.count + 1,
                first_ts: entry.ts(),
                ..fold
            };
            self.insert(position, fold);
            *first = position;
        }
        repeats
    }
}
