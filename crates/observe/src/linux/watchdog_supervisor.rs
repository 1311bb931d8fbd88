//! Another watchdog in the place of one that was killed.
//!
//! A thread that sleeps until the watchdog's end of the link is closed. The last watchdog, which ends with the tree,
//! has no successor.

use std::io;
use std::os::fd::{AsFd as _, OwnedFd};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, poll};

use super::sys::{Listener, block_every_signal};
use super::watchdog::WatchdogLink;
use crate::Watchdog;

/// Pause before another watchdog is started; doubled each time, since one that cannot live is killed again.
const MIN_BACKOFF: Duration = Duration::from_millis(10);
const MAX_BACKOFF: Duration = Duration::from_secs(10);

/// State of the thread.
pub(crate) struct WatchdogSupervisor {
    pub(crate) watchdog: Watchdog,
    pub(crate) listener: Arc<Listener>,
    pub(crate) page: OwnedFd,
    pub(crate) link: Arc<Mutex<WatchdogLink>>,
}

impl WatchdogSupervisor {
    /// Runs until the tree has ended.
    pub(crate) fn run(self) {
        block_every_signal();
        let mut pause = MIN_BACKOFF;
        while self.wait_for_end().is_ok() && !self.listener.is_tree_gone() {
            thread::sleep(pause);
            pause = (pause * 2).min(MAX_BACKOFF);
            let link = WatchdogLink::spawn(&self.watchdog, &self.listener, self.page.as_fd());
            if let Ok(mut link) = link
                && link.wait_until_ready().is_ok()
            {
                self.link.lock().unwrap_or_else(PoisonError::into_inner).replace(link);
            }
        }
    }

    /// Waits until the watchdog's end of the link is closed.
    fn wait_for_end(&self) -> io::Result<()> {
        let link = self
            .link
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .fd()
            .try_clone_to_owned()?;
        // A hang-up is always reported.
        poll(&mut [PollFd::new(&link, PollFlags::empty())], None)?;
        Ok(())
    }
}
