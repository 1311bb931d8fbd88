//! Another guardian in the place of one that was killed.
//!
//! A thread that sleeps until the guardian's end of the line is closed. The last guardian, which ends with the tree, has
//! no successor.

use std::io;
use std::os::fd::{AsFd as _, OwnedFd};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, poll};

use super::sys::{Listener, block_every_signal};
use super::tree_is_gone;
use super::watchdog::Line;
use crate::Guardian;

/// Pause before another guardian is started; doubled each time, since one that cannot live is killed again.
const FIRST_PAUSE: Duration = Duration::from_millis(10);
const MAX_PAUSE: Duration = Duration::from_secs(10);

/// What the thread is given.
pub(crate) struct Keeper {
    pub(crate) guardian: Guardian,
    pub(crate) listener: Arc<Listener>,
    pub(crate) page: OwnedFd,
    pub(crate) line: Arc<Mutex<Line>>,
}

impl Keeper {
    /// Runs until the tree has ended.
    pub(crate) fn run(self) {
        block_every_signal();
        let mut pause = FIRST_PAUSE;
        while self.wait_for_end().is_ok() && !tree_is_gone(&self.listener) {
            thread::sleep(pause);
            pause = (pause * 2).min(MAX_PAUSE);
            if let Ok(line) = Line::start(&self.guardian, &self.listener, self.page.as_fd()) {
                self.line.lock().unwrap_or_else(PoisonError::into_inner).replace(line);
            }
        }
    }

    /// Waits until the guardian's end of the line is closed.
    fn wait_for_end(&self) -> io::Result<()> {
        let line = self
            .line
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .fd()
            .try_clone_to_owned()?;
        // A hang-up is always reported.
        poll(&mut [PollFd::new(&line, PollFlags::empty())], None)?;
        Ok(())
    }
}
