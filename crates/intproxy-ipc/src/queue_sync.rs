//! Synchronisation of the queue: in here the standard library's, and in `tests/queue_model` loom's, which tries
//! every order of things.

pub(crate) use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
pub(crate) use std::sync::{Mutex, MutexGuard};

pub(crate) use tokio::sync::Notify;

/// Threads spread over this many lanes, so that they do not wait for each other.
pub(crate) const LANES: usize = 16;
/// Rounds over all lanes before an event is given up.
pub(crate) const TRIES: usize = 64;

/// The lane that a thread tries first: threads take turns as they come.
#[inline]
#[allow(
    clippy::missing_const_for_thread_local,
    reason = "it is const; what some targets make of the macro hides that"
)]
pub(crate) fn own_lane() -> usize {
    use std::cell::Cell;
    const UNSET: usize = usize::MAX;
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    thread_local!(static LANE: Cell<usize> = const { Cell::new(UNSET) });
    // A thread that is being torn down may still emit; any lane will do.
    LANE.try_with(|lane| {
        if lane.get() == UNSET {
            lane.set(NEXT.fetch_add(1, Ordering::Relaxed) % LANES);
        }
        lane.get()
    })
    .unwrap_or(0)
}
