//! Progress of the event worker, for the threads that wait for its end.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

/// Progress of the event worker, for other threads to wait on.
#[derive(Default)]
pub(crate) struct Progress {
    state: Mutex<Reached>,
    changed: Condvar,
    /// Number of observations that the sink took.
    emitted: AtomicU64,
}

/// Wait for a worker that goes on emitting: it ends a pause after the last emission, and at its limit in any case.
struct Patience {
    limit: u32,
    emitted: u64,
}

impl Patience {
    /// Judges a pause that has just passed.
    fn goes_on(&mut self, emitted: u64) -> bool {
        let is_moving = std::mem::replace(&mut self.emitted, emitted) != emitted;
        self.limit = self.limit.saturating_sub(1);
        is_moving && self.limit > 0
    }
}

#[derive(Default, Clone, Copy, PartialEq, Eq, PartialOrd)]
pub(crate) enum Reached {
    #[default]
    Running,
    /// The root's end and everything before it was emitted.
    RootEnded,
    /// Every process's end was emitted; nothing follows.
    AllEnded,
}

impl Progress {
    /// Waits, for a bounded time; false where that was not enough.
    pub(crate) fn wait_for(&self, reached: Reached, at_most: Duration) -> bool {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self
            .changed
            .wait_timeout_while(state, at_most, |state| *state < reached);
        *waited.unwrap_or_else(PoisonError::into_inner).0 >= reached
    }

    /// Waits as long as the worker goes on emitting, for so many pauses at most; false where that was not enough.
    pub(crate) fn wait_while_it_emits(&self, reached: Reached, pause: Duration, pauses: u32) -> bool {
        let mut patience = Patience {
            limit: pauses,
            emitted: self.emitted.load(Ordering::Relaxed),
        };
        loop {
            if self.wait_for(reached, pause) {
                return true;
            }
            if !patience.goes_on(self.emitted.load(Ordering::Relaxed)) {
                return false;
            }
        }
    }

    /// Counts an observation that the sink took.
    pub(crate) fn count(&self) {
        self.emitted.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn reach(&self, reached: Reached) {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = reached;
        self.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_goes_on_as_long_as_something_is_emitted_and_within_its_limit() {
        let mut patience = Patience { limit: 4, emitted: 0 };
        let goes_on = [1, 9, 9].map(|emitted| patience.goes_on(emitted));
        assert_eq!(goes_on, [true, true, false]);
        let mut patience = Patience { limit: 2, emitted: 0 };
        assert_eq!([1, 2].map(|emitted| patience.goes_on(emitted)), [true, false]);
    }

    #[test]
    fn what_is_reached_ends_the_wait_and_what_stands_still_does_not() {
        let progress = Progress::default();
        assert!(!progress.wait_while_it_emits(Reached::RootEnded, Duration::ZERO, 3));
        progress.reach(Reached::AllEnded);
        assert!(progress.wait_while_it_emits(Reached::RootEnded, Duration::ZERO, 0));
    }
}
