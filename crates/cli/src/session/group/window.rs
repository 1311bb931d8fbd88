//! Window in which pieces that come from several sessions are sorted by time. Pure: its owner gives the turns.
//!
//! A piece waits for one turn at least and two at most; at the bound the turn comes early, so that none is lost.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use super::item::GroupItem;

/// The most pieces that wait.
const MAX_HELD: usize = 10_000;

/// Pieces that wait, the earliest first.
#[derive(Default)]
pub(super) struct ReorderWindow {
    held: BinaryHeap<Reverse<Held>>,
    /// Latest time of the pieces that came before the newest turn.
    older: Option<u64>,
    /// Latest time of those that came since.
    newer: Option<u64>,
    count: u64,
}

struct Held {
    item: GroupItem,
    /// Number of the piece: of one time, the first that came goes first.
    number: u64,
}

impl Held {
    fn key(&self) -> (u64, u64) {
        (self.item.at, self.number)
    }
}

impl PartialEq for Held {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for Held {}

impl PartialOrd for Held {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Held {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key().cmp(&other.key())
    }
}

impl ReorderWindow {
    /// Takes a piece in; returns those whose turn came because there was no more room.
    pub(super) fn push(&mut self, item: GroupItem) -> Vec<GroupItem> {
        self.newer = self.newer.max(Some(item.at));
        self.count += 1;
        self.held.push(Reverse(Held {
            item,
            number: self.count,
        }));
        if self.held.len() < MAX_HELD {
            return Vec::new();
        }
        self.flush()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.held.is_empty()
    }

    /// Ends a turn: returns the pieces that waited for it, and those before them in time, in their order.
    pub(super) fn turn(&mut self) -> Vec<GroupItem> {
        let until = self.older.take();
        self.older = self.newer.take();
        let mut due = Vec::new();
        while let Some(Reverse(first)) = self.held.peek()
            && Some(first.item.at) <= until
            && let Some(Reverse(first)) = self.held.pop()
        {
            due.push(first.item);
        }
        due
    }

    /// Returns everything that waits, in its order.
    pub(super) fn flush(&mut self) -> Vec<GroupItem> {
        let mut due = self.turn();
        due.extend(self.turn());
        due
    }
}

#[cfg(test)]
mod tests {
    use super::super::item::Content;
    use super::*;

    fn item(at: u64) -> GroupItem {
        GroupItem {
            at,
            after: 0,
            session_id: "a".to_owned(),
            label: String::new(),
            content: Content::Gap(1),
        }
    }

    fn times(items: Vec<GroupItem>) -> Vec<u64> {
        items.into_iter().map(|item| item.at).collect()
    }

    #[test]
    fn what_comes_within_a_turn_is_sorted_and_nothing_waits_for_more_than_two() {
        let mut window = ReorderWindow::default();
        assert!([5, 3].into_iter().all(|at| window.push(item(at)).is_empty()));
        assert_eq!(times(window.turn()), [0; 0]);
        assert!([4, 9, 1].into_iter().all(|at| window.push(item(at)).is_empty()));
        assert_eq!(times(window.turn()), [1, 3, 4, 5]);
        // Earlier ones that go on coming hold nothing up.
        window.push(item(0));
        assert_eq!(times(window.turn()), [0, 9]);
        assert!(window.is_empty());
    }

    #[test]
    fn at_the_bound_the_turn_comes_early_and_nothing_is_lost() {
        let mut window = ReorderWindow::default();
        let many = (0..MAX_HELD as u64).rev();
        let due: Vec<_> = many.flat_map(|at| window.push(item(at))).collect();
        assert_eq!(times(due), (0..MAX_HELD as u64).collect::<Vec<_>>());
        assert!(window.is_empty() && window.flush().is_empty());
    }
}
