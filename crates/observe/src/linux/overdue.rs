//! Detection of calls that the observer holds for too long.
//!
//! The observer can be held up while a call waits for it: by a page of the program's memory that a FUSE or network
//! mount or `userfaultfd(2)` has yet to provide, perhaps a process of the same tree. Invariant: a call that it has held
//! for [`HELD_TIMEOUT`] is answered, and so is every further one until it is back. An observer that is only waiting for
//! a processor is left alone: it would read memory that the program has overwritten.
//!
//! Without calls the watchdog does not poll: it sleeps until the next call wakes it.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use super::procfs;
use super::sys::SharedPage;

/// Time for which the observer may hold a call.
const HELD_TIMEOUT: Duration = Duration::from_millis(50);
/// Interval between two looks while there are calls.
pub(super) const LOOK_INTERVAL: Duration = Duration::from_millis(25);
/// Time without a call after which the watchdog sleeps until the next one.
const IDLE_TIMEOUT: Duration = Duration::from_secs(1);

/// State of the look.
pub(super) struct OverdueCalls<'page> {
    page: &'page SharedPage,
    /// The number of received calls at the last look, and since when it has been that.
    seen: (u64, Instant),
}

/// Result of one look.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Look {
    /// Nothing was called for a while: sleep until woken.
    Sleep,
    /// Look again after [`LOOK_INTERVAL`].
    Again,
    /// The observer is held up with a call.
    Overdue,
}

impl<'page> OverdueCalls<'page> {
    pub(super) fn new(page: &'page SharedPage) -> Self {
        Self {
            page,
            seen: (0, Instant::now()),
        }
    }

    /// Looks at the page.
    pub(super) fn look(&mut self, now: Instant) -> Look {
        let dealt_with = self.page.dealt_with.load(Ordering::Acquire);
        let received = self.page.received.load(Ordering::SeqCst);
        if received != self.seen.0 {
            self.seen = (received, now);
            return Look::Again;
        }
        let unchanged = now.saturating_duration_since(self.seen.1);
        if received != dealt_with {
            let is_overdue = unchanged >= HELD_TIMEOUT && !observer_may_run(self.page);
            return if is_overdue { Look::Overdue } else { Look::Again };
        }
        if unchanged < IDLE_TIMEOUT {
            return Look::Again;
        }
        self.page.watchdog_sleeps.store(1, Ordering::SeqCst);
        if self.page.received.load(Ordering::SeqCst) == received {
            Look::Sleep
        } else {
            Look::Again
        }
    }

    /// Returns whether the observer still holds the call with which it was found to be held up.
    pub(super) fn is_still_held_up(&self) -> bool {
        self.page.received.load(Ordering::SeqCst) == self.seen.0
            && self.page.dealt_with.load(Ordering::Acquire) != self.seen.0
    }
}

/// Returns whether the observer's thread is running or runnable (`proc(5)`).
fn observer_may_run(page: &SharedPage) -> bool {
    procfs::may_run(page.observer.load(Ordering::Acquire) as u32)
}
