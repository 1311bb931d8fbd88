//! Bounded list of the items of several sessions.
//!
//! The items that are kept are the first ones by a total order, so that the order in which sessions come does not matter.

use std::cmp::Reverse;

use super::state::OfSession;

/// Item with what its place depends on.
#[derive(Debug)]
pub(super) struct Placed<T> {
    pub(super) item: T,
    /// Its start, where that is known; items of a session stay in their order.
    pub(super) start: u64,
    /// Its end, where it has one: at the bound the longest ended go first.
    pub(super) end: Option<u64>,
}

#[derive(Debug)]
struct Entry<T> {
    own: OfSession<T>,
    start: u64,
    end: Option<u64>,
    index: usize,
}

/// Items of several sessions, at most `MAX` of them in the end.
#[derive(Debug)]
pub(super) struct KeptItems<T, const MAX: usize> {
    entries: Vec<Entry<T>>,
    omitted: u64,
}

impl<T, const MAX: usize> Default for KeptItems<T, MAX> {
    fn default() -> Self {
        Self {
            entries: Vec::new(),
            omitted: 0,
        }
    }
}

impl<T, const MAX: usize> KeptItems<T, MAX> {
    /// Adds the items of a session, and the number of those that it left out itself.
    pub(super) fn add(&mut self, session_id: &str, items: impl IntoIterator<Item = Placed<T>>, omitted: u64) {
        let mut start = 0;
        for (index, placed) in items.into_iter().enumerate() {
            start = placed.start.max(start);
            self.entries.push(Entry {
                own: OfSession {
                    session_id: session_id.to_owned(),
                    item: placed.item,
                },
                start,
                end: placed.end,
                index,
            });
        }
        self.omitted = self.omitted.saturating_add(omitted);
        if self.entries.len() > 2 * MAX {
            self.bound();
        }
    }

    /// Drops what is beyond the bound: of those that ended the longest ended, then the last ones of each session.
    fn bound(&mut self) {
        if self.entries.len() > MAX {
            self.entries.sort_by(|one, other| {
                let key = |entry: &Entry<T>| (entry.end.is_some(), Reverse(entry.end), entry.index);
                let order = key(one).cmp(&key(other));
                order.then_with(|| one.own.session_id.cmp(&other.own.session_id))
            });
            self.omitted = self.omitted.saturating_add((self.entries.len() - MAX) as u64);
            self.entries.truncate(MAX);
        }
    }

    /// Returns the items by their start, and the number of those that are left out.
    pub(super) fn finish(mut self) -> (Vec<OfSession<T>>, u64) {
        self.bound();
        self.entries.sort_by(|one, other| {
            let order = one.start.cmp(&other.start);
            let by_session = order.then_with(|| one.own.session_id.cmp(&other.own.session_id));
            by_session.then_with(|| one.index.cmp(&other.index))
        });
        (self.entries.into_iter().map(|entry| entry.own).collect(), self.omitted)
    }
}
