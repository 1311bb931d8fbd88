//! Letting calls go on without looking at them: the guardian's work, and what is left of an observer that failed.
//!
//! The kernel numbers calls in the order in which they were made, and announces them in that order. A call that was
//! announced to an observer which then died waits for ever, and nobody is told its number. Invariant: whoever stands in
//! answers every number that another may have received and not answered: the numbers just above the last answer that
//! the other published, just above the last that we received ourselves, and those that we were not given in between.

use std::collections::VecDeque;
use std::io;
use std::ops::Range;
use std::sync::atomic::Ordering;

use super::sys::{Listener, Notification, SharedPage};

/// How far above a known number another may be: a number that nobody was given belonged to a call that was interrupted
/// or killed before it was announced. Answering a number that is not waiting changes nothing, and takes a fifth of a
/// microsecond.
const REACH: u64 = 65_536;
/// Ranges of numbers that were not given to us, the newest. The other receives one call at a time, so that the one which
/// it left is among the newest.
const MAX_GAPS: usize = 4_096;

/// Stands in for an observer.
pub(crate) struct StandIn<'page> {
    page: &'page SharedPage,
    last: Option<u64>,
    gaps: VecDeque<Range<u64>>,
    notification: Notification,
}

impl<'page> StandIn<'page> {
    pub(crate) fn new(page: &'page SharedPage) -> Self {
        Self {
            page,
            last: None,
            gaps: VecDeque::new(),
            notification: Notification::empty(),
        }
    }

    /// Waits for one call and lets it go on.
    pub(crate) fn let_one_go_on(&mut self, listener: &Listener) -> io::Result<()> {
        listener.receive(&mut self.notification)?;
        let id = self.notification.id();
        if listener.let_go_on(id).is_ok() {
            self.page.unobserved.fetch_add(1, Ordering::Relaxed);
        }
        self.received(id);
        Ok(())
    }

    /// Lets the call go on that the other has received and holds.
    pub(crate) fn let_the_held_one_go_on(&self, listener: &Listener) {
        let id = self.page.held.load(Ordering::Acquire);
        // Before the answer, so that the observer whose own answer fails knows why.
        self.page.overdue.store(id, Ordering::SeqCst);
        if listener.let_go_on(id).is_ok() {
            self.page.unobserved.fetch_add(1, Ordering::Relaxed);
        } else {
            // It was interrupted, or is answered by now.
            self.page.overdue.store(0, Ordering::SeqCst);
        }
    }

    fn received(&mut self, id: u64) {
        if let Some(last) = self.last {
            let gap = last.wrapping_add(1)..id;
            if gap.start != gap.end {
                if self.gaps.len() == MAX_GAPS {
                    self.gaps.pop_front();
                }
                self.gaps.push_back(gap);
            }
        }
        self.last = Some(id);
    }

    /// The other is gone: lets the call go on that it may have left.
    pub(crate) fn let_the_left_one_go_on(&mut self, listener: &Listener) {
        if self.page.started.load(Ordering::Acquire) == 0 {
            return;
        }
        let answered = self.page.answered.load(Ordering::Acquire);
        for known in [Some(answered), self.last].into_iter().flatten() {
            self.gaps
                .push_back(known.wrapping_add(1)..known.wrapping_add(1).wrapping_add(REACH));
        }
        for gap in self.gaps.drain(..) {
            let length = gap.end.wrapping_sub(gap.start).min(REACH);
            for offset in 0..length {
                // `ENOENT`: it was answered, or is not there yet. `EINPROGRESS`: it is still to be announced.
                if listener.let_go_on(gap.start.wrapping_add(offset)).is_ok() {
                    self.page.unobserved.fetch_add(1, Ordering::Relaxed);
                }
            }
        }
    }
}
