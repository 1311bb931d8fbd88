//! Counts by name of several sessions, which become one list of the most frequent.
//!
//! Wider than the list that they become, so that a name that is rare in each session and frequent in all is found: what is
//! pruned here is far beyond what one session keeps.

use std::collections::{BTreeMap, HashMap};

use super::super::counters::{MAX_KINDS, OTHER};
use super::super::top::Top;

/// The most names that are held, and the most bytes of them; beyond, the rarer half is given up.
const MAX_NAMES: usize = 64 * Top::KEPT;
const MAX_BYTES: usize = 64 * Top::KEPT_BYTES;

/// Counts by name.
#[derive(Debug, Default)]
pub(super) struct NameCounts {
    counts: HashMap<String, u64>,
    bytes: usize,
    /// Names that were left out.
    pruned: u64,
    /// Sum of their counts.
    pruned_count: u64,
}

impl NameCounts {
    /// Adds to the count of a name.
    pub(super) fn add(&mut self, name: &str, count: u64) {
        if let Some(own) = self.counts.get_mut(name) {
            *own = own.saturating_add(count);
            return;
        }
        if self.counts.len() >= MAX_NAMES || self.bytes + name.len() > MAX_BYTES {
            self.prune();
        }
        self.bytes += name.len();
        self.counts.insert(name.to_owned(), count);
    }

    /// Adds the names of a session's list.
    pub(super) fn add_top(&mut self, top: &Top) {
        for (name, count) in top.held() {
            self.add(name, count);
        }
        self.pruned = self.pruned.saturating_add(top.pruned());
    }

    /// Adds the counts of a session's kinds.
    pub(super) fn add_kinds(&mut self, kinds: &BTreeMap<String, u64>) {
        kinds.iter().for_each(|(name, count)| self.add(name, *count));
    }

    /// Returns the names, the most frequent first.
    fn sorted(counts: HashMap<String, u64>) -> Vec<(String, u64)> {
        let mut sorted: Vec<_> = counts.into_iter().collect();
        sorted.sort_unstable_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
        sorted
    }

    fn prune(&mut self) {
        let sorted = Self::sorted(std::mem::take(&mut self.counts));
        self.bytes = 0;
        for (name, count) in sorted {
            if self.counts.len() < MAX_NAMES / 2 && self.bytes + name.len() <= MAX_BYTES / 2 {
                self.bytes += name.len();
                self.counts.insert(name, count);
            } else {
                self.pruned = self.pruned.saturating_add(1);
                self.pruned_count = self.pruned_count.saturating_add(count);
            }
        }
    }

    /// Returns the list of the most frequent names.
    pub(super) fn into_top(self) -> Top {
        Top::of_counts(Self::sorted(self.counts), self.pruned)
    }

    /// Returns the counts of the most frequent kinds; those of the others are one number, so that the sum is exact.
    pub(super) fn into_kinds(mut self) -> BTreeMap<String, u64> {
        let other = self.counts.remove(OTHER).unwrap_or(0).saturating_add(self.pruned_count);
        let mut sorted = Self::sorted(self.counts);
        let beyond = sorted.split_off(sorted.len().min(MAX_KINDS));
        let other = beyond.iter().fold(other, |sum, (_, count)| sum.saturating_add(*count));
        let mut kinds: BTreeMap<_, _> = sorted.into_iter().collect();
        if other > 0 {
            kinds.insert(OTHER.to_owned(), other);
        }
        kinds
    }
}
