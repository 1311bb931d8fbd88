//! Discovery of processes that have made no watched call.
//!
//! A fork is not announced. New processes are searched for among the ids that the kernel has assigned since the last
//! search (the newest one is in `/proc/loadavg`, see `proc(5)`), by their parents: after calls were made, and once a
//! second. So every process is found that exists for a second; a shorter one without a watched call is not seen.

use std::fs;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustix::process::{Pid, PidfdFlags, pidfd_open};

use super::process::{Process, Start, start_of_fork};
use super::procfs::Kin;

/// Interval between two looks, at least.
const LOOK_INTERVAL: Duration = Duration::from_millis(20);
/// Interval between two looks while nothing is called.
pub(crate) const IDLE_LOOK_INTERVAL: Duration = Duration::from_secs(1);
/// Time in which a found process may execute a program, which is reported in its place.
const EXEC_TIMEOUT: Duration = Duration::from_millis(100);
/// Numbers that are looked at, the newest; more processes in one interval go unseen until they call.
const MAX_NUMBERS: u32 = 4_096;

/// Found process without a reported start.
pub(crate) struct Found {
    pub(crate) process: Arc<Process>,
    pub(crate) start: Start,
    since: Instant,
}

/// State of the search.
pub(crate) struct Discovery {
    newest: u32,
    looked: Instant,
    wanted: bool,
    found: Vec<Found>,
}

impl Discovery {
    pub(crate) fn new() -> Self {
        Self {
            newest: newest_number().unwrap_or(0),
            looked: Instant::now(),
            wanted: true,
            found: Vec::new(),
        }
    }

    /// Asks for a look: calls were made.
    pub(crate) fn want(&mut self) {
        self.wanted = true;
    }

    pub(crate) fn is_waiting(&self) -> bool {
        self.wanted || !self.found.is_empty()
    }

    /// The numbers to look at now, in the order in which they were given.
    pub(crate) fn numbers(&mut self, now: Instant) -> Vec<u32> {
        let since = now.saturating_duration_since(self.looked);
        if since < LOOK_INTERVAL || !(self.wanted || since >= IDLE_LOOK_INTERVAL) {
            return Vec::new();
        }
        (self.looked, self.wanted) = (now, false);
        let before = self.newest;
        self.newest = newest_number().unwrap_or(before);
        numbers_between(before, self.newest)
    }

    pub(crate) fn found(&mut self, process: Arc<Process>, now: Instant) {
        if let Some(start) = start_of_fork(process.pid) {
            let since = now;
            self.found.push(Found { process, start, since });
        }
    }

    /// Takes a process that is known by its calls from now on, or has ended.
    pub(crate) fn take(&mut self, pid: u32) -> Option<Found> {
        let place = self.found.iter().position(|found| found.process.pid == pid)?;
        Some(self.found.swap_remove(place))
    }

    /// Takes those that have not executed a program in their time.
    pub(crate) fn take_due(&mut self, now: Instant) -> Vec<Found> {
        let is_due = |found: &mut Found| now.saturating_duration_since(found.since) >= EXEC_TIMEOUT;
        self.found.extract_if(.., is_due).collect()
    }
}

fn newest_number() -> Option<u32> {
    let loads = fs::read_to_string("/proc/loadavg").ok()?;
    loads.split_ascii_whitespace().next_back()?.parse().ok()
}

/// The numbers that were given after `before`. They start again from below when the highest was given.
fn numbers_between(before: u32, newest: u32) -> Vec<u32> {
    let first = if newest >= before { before + 1 } else { 1 };
    (first.max(newest.saturating_sub(MAX_NUMBERS - 1))..=newest).collect()
}

/// Opens a process if it is a child of one of those; `None` for a thread as well.
pub(crate) fn open_child(pid: u32, is_parent: impl Fn(u32) -> bool) -> Option<Arc<Process>> {
    let before = Kin::read(pid).filter(|kin| is_parent(kin.parent) && !kin.ended)?;
    let pidfd = pidfd_open(Pid::from_raw(pid as i32)?, PidfdFlags::empty()).ok()?;
    let now = Kin::read(pid).filter(|now| now.start == before.start)?;
    is_parent(now.parent).then(|| Arc::new(Process::found(pid, pidfd)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_since_the_last_look_are_looked_at() {
        assert_eq!(numbers_between(10, 13), [11, 12, 13]);
        assert!(numbers_between(10, 10).is_empty());
        assert_eq!(numbers_between(32_000, 2), [1, 2]);
        assert_eq!(numbers_between(1, 1_000_000).len(), MAX_NUMBERS as usize);
    }

    #[test]
    fn a_child_is_opened_and_a_thread_is_not() {
        let mut child = std::process::Command::new("sleep").arg("1000").spawn().unwrap();
        let me = std::process::id();
        assert!(open_child(child.id(), |parent| parent == me).is_some());
        assert!(open_child(child.id(), |parent| parent != me).is_none());
        child.kill().unwrap();
        child.wait().unwrap();
        let parent = std::os::unix::process::parent_id();
        let thread = std::thread::spawn(move || {
            let tid = rustix::thread::gettid().as_raw_nonzero().get() as u32;
            open_child(tid, |own| own == parent).is_none()
        });
        assert!(thread.join().unwrap());
    }
}
