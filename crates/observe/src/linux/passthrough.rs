//! Continues calls without reading them, in the watchdog and after a panic of the observer.
//!
//! The kernel numbers calls in the order in which they were made, and announces them in that order. A call that was
//! announced to an observer which then died waits for ever, and its number is known to no other process. Invariant:
//! every number is answered that the other may have received and not answered: the numbers just above the last answer
//! that the other published, just above the last that we received ourselves, and those that we did not receive in
//! between.

use std::collections::VecDeque;
use std::io;
use std::ops::Range;
use std::sync::atomic::Ordering;

use super::sys::{Listener, Notification, SharedPage};

/// Maximum gap between two known ids: an id is skipped where its call was interrupted or killed before it was
/// announced. Answering an id that is not waiting has no effect, and takes a fifth of a microsecond.
const MAX_ID_GAP: u64 = 65_536;
/// Ranges of numbers that were not given to us, the newest. The other receives one call at a time, so that the one
/// which it left is among the newest.
const MAX_GAPS: usize = 4_096;

/// Continues calls in place of the observer.
pub(crate) struct Passthrough<'page> {
    page: &'page SharedPage,
    last: Option<u64>,
    gaps: VecDeque<Range<u64>>,
    notification: Notification,
}

impl<'page> Passthrough<'page> {
    pub(crate) fn new(page: &'page SharedPage) -> Self {
        Self {
            page,
            last: None,
            gaps: VecDeque::new(),
            notification: Notification::empty(),
        }
    }

    /// Waits for one call and lets it go on.
    pub(crate) fn continue_next(&mut self, listener: &Listener) -> io::Result<()> {
        listener.receive(&mut self.notification)?;
        let id = self.notification.id();
        if listener.send_continue(id).is_ok() {
            self.page.passed_through.fetch_add(1, Ordering::Relaxed);
        }
        self.received(id);
        Ok(())
    }

    /// Lets the call go on that the other has received and holds.
    pub(crate) fn continue_held(&self, listener: &Listener) {
        let id = self.page.held.load(Ordering::Acquire);
        // Before the answer, so that the observer whose own answer fails knows why.
        self.page.overdue.store(id, Ordering::SeqCst);
        if listener.send_continue(id).is_ok() {
            self.page.passed_through.fetch_add(1, Ordering::Relaxed);
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
    pub(crate) fn continue_abandoned(&mut self, listener: &Listener) {
        if self.page.started.load(Ordering::Acquire) == 0 {
            return;
        }
        let answered = self.page.answered.load(Ordering::Acquire);
        for known in [Some(answered), self.last].into_iter().flatten() {
            self.gaps
                .push_back(known.wrapping_add(1)..known.wrapping_add(1).wrapping_add(MAX_ID_GAP));
        }
        for gap in self.gaps.drain(..) {
            let length = gap.end.wrapping_sub(gap.start).min(MAX_ID_GAP);
            for offset in 0..length {
                // `ENOENT`: it was answered, or is not there yet. `EINPROGRESS`: it is still to be announced.
                if listener.send_continue(gap.start.wrapping_add(offset)).is_ok() {
                    self.page.passed_through.fetch_add(1, Ordering::Relaxed);
                }
            }
        }
    }
}
