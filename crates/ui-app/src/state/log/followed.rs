//! Aggregates of one process and its descendants, which every view shows while they are followed: read from the rows that
//! the log keeps, a slice a frame. Events whose row is not kept are missing, and are counted as such.

use super::entry::Missed;
use super::ring::Ring;
use crate::codec::line::Line;
use crate::state::aggregates::Aggregates;

/// Aggregates of a process tree.
#[derive(Debug)]
pub struct Followed {
    root: u32,
    /// Position of the row that is read next.
    next: u64,
    /// The rows that there were at first have been read.
    is_complete: bool,
    aggregates: Aggregates,
}

impl Followed {
    /// Begins with the first row, for the process `root` and its descendants.
    #[must_use]
    pub fn new(root: u32, all: &Aggregates) -> Self {
        Self {
            root,
            next: 0,
            is_complete: false,
            aggregates: all.of_tree(root),
        }
    }

    /// The process that is followed.
    #[must_use]
    pub fn root(&self) -> u32 {
        self.root
    }

    /// The aggregates, of the rows that were read.
    #[must_use]
    pub fn aggregates(&self) -> &Aggregates {
        &self.aggregates
    }

    /// Reports that every row was read.
    #[must_use]
    pub fn is_read(&self, ring: &Ring) -> bool {
        self.next >= ring.end()
    }

    /// Reads up to `budget` more rows; `all` are the aggregates of every process. Returns true once: when all have been read
    /// for the first time.
    pub fn read(&mut self, ring: &Ring, all: &Aggregates, budget: u64) -> bool {
        if !self.is_read(ring) {
            self.read_rows(ring, all, budget);
        }
        let was_complete = self.is_complete;
        self.is_complete |= self.is_read(ring);
        self.is_complete && !was_complete
    }

    fn read_rows(&mut self, ring: &Ring, all: &Aggregates, budget: u64) {
        for (position, entry) in ring.from(self.next).take(usize::try_from(budget).unwrap_or(usize::MAX)) {
            // What was evicted before it was read.
            self.aggregates.stats.missed(position - self.next, true);
            self.next = position + 1;
            if let Some((missed, why)) = entry.missed() {
                self.aggregates.stats.missed(missed, why == Missed::Older);
                continue;
            }
            let is_own = entry.pid().is_some_and(|pid| all.processes.descends(pid, self.root));
            if let Some(json) = is_own.then(|| entry.json()).flatten()
                && let Some(line) = Line::read(&json)
            {
                self.aggregates.apply(&line);
            }
        }
        self.aggregates.processes = all.processes.of_tree(self.root);
    }
}
