//! One process and its descendants in place of all: the aggregates that the views are given, and the events among them.

use super::SessionLog;
use crate::state::aggregates::Aggregates;
use crate::state::log::followed::Followed;

impl SessionLog {
    /// Begins the aggregates of the process tree that was chosen, unless that is the one before.
    pub(super) fn narrow_aggregates(&mut self) {
        let root = self.chosen.tree.filter(|_| self.reorder.is_none());
        if self.followed() != root {
            self.followed = root.map(|root| Box::new(Followed::new(root, &self.aggregates)));
        }
    }

    /// Aggregates for the other views: of every event that arrived, kept or not, or of the followed process tree.
    #[must_use]
    pub fn aggregates(&self) -> &Aggregates {
        self.followed.as_ref().map_or(&self.aggregates, |own| own.aggregates())
    }

    /// Aggregates of every event that arrived, kept or not.
    #[must_use]
    pub fn all_aggregates(&self) -> &Aggregates {
        &self.aggregates
    }

    /// Reads up to `budget` more rows for the followed process tree. Returns true once: when all have been read for the first
    /// time.
    pub fn read_followed(&mut self, budget: u64) -> bool {
        let Some(followed) = &mut self.followed else {
            return false;
        };
        followed.read(&self.ring, &self.aggregates, budget)
    }

    /// Reports an event of the followed process tree, or of any process where none is followed.
    #[must_use]
    pub fn follows(&self, pid: Option<u32>) -> bool {
        self.followed()
            .is_none_or(|root| pid.is_some_and(|pid| self.aggregates.processes.descends(pid, root)))
    }

    /// The process that is followed with its descendants.
    #[must_use]
    pub fn followed(&self) -> Option<u32> {
        self.followed.as_ref().map(|own| own.root())
    }

    /// Reports that [`SessionLog::read_followed`] has nothing to do.
    #[must_use]
    pub fn is_followed_read(&self) -> bool {
        self.followed.as_ref().is_none_or(|own| own.is_read(&self.ring))
    }
}
