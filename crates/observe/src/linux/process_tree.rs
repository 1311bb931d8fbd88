//! The processes that belong to a program now, each held by a descriptor, so that no other process that gets one of
//! their numbers is ever meant.
//!
//! Those are the program, whatever hangs on it by parentage, and what it has left behind in its own process group. A
//! process that has left both, as a daemon does, has gone its own way. Who started the program is never among them,
//! though it shares its group: a process counts by its parents, or because the observer knows it.

use std::collections::HashSet;
use std::os::fd::{AsFd as _, OwnedFd};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::process::Process;
use super::procfs::{Kin, open_process, process_ids};
use super::sys;

/// The most processes that are held at a time, each with a descriptor; the rest is found when these have ended.
const MAX_MEMBERS: usize = 4_096;

/// Every process that the observer knows and that may still run.
pub(crate) type Living = Arc<Mutex<Vec<Weak<Process>>>>;

/// The processes of a program.
pub struct ProcessTree {
    /// The program's process group, as it was when it was first looked at.
    group: Option<u32>,
    living: Living,
    held: Vec<Member>,
}

struct Member {
    pid: u32,
    pidfd: OwnedFd,
}

impl ProcessTree {
    /// `root` is the program's own descriptor: where it has ended, its number may be another's, and its group is taken
    /// to be the one that it was started in, which is ours.
    pub(crate) fn new(root: u32, pidfd: OwnedFd, living: Living) -> Self {
        let group = Kin::read(root).map(|kin| kin.group);
        let root = Member { pid: root, pidfd };
        let started_in = sys::process_group(0).ok();
        let mut members = Self {
            group: if has_ended(&root) { started_in } else { group },
            living,
            held: vec![root],
        };
        members.refresh();
        members
    }

    /// Lets go of those that have ended, and takes in those that have come.
    pub fn refresh(&mut self) {
        self.held.retain(|member| !has_ended(member));
        let held: HashSet<u32> = self.held.iter().map(|member| member.pid).collect();
        let mut ours = held.clone();
        ours.extend(self.left_behind());
        for pid in with_descendants(ours) {
            if !held.contains(&pid) && self.held.len() < MAX_MEMBERS {
                self.held.extend(hold(pid));
            }
        }
    }

    /// Those that the observer knows and that are in the program's group, whatever became of their parents.
    fn left_behind(&self) -> Vec<u32> {
        // The observer waits for this lock: nothing is read while it is held.
        let living = self.living.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let known = living
            .iter()
            .filter_map(Weak::upgrade)
            .filter(|process| !process.has_ended());
        known
            .map(|process| process.pid)
            .filter(|pid| Kin::read(*pid).is_some_and(|kin| Some(kin.group) == self.group))
            .collect()
    }

    /// Returns the number of processes held.
    #[must_use]
    pub fn count(&self) -> usize {
        self.held.len()
    }

    /// Sends each a signal. One that has ended meanwhile gets none, and neither does anybody else.
    pub fn signal(&self, signal: i32) {
        for member in &self.held {
            let _ = sys::send_signal(member.pidfd.as_fd(), signal);
        }
    }

    /// Waits, for a bounded time, until all that are held have ended; false where that was not enough.
    #[must_use]
    pub fn wait(&self, at_most: Duration) -> bool {
        let deadline = Instant::now() + at_most;
        self.held.iter().all(|member| {
            loop {
                let left = deadline.saturating_duration_since(Instant::now());
                match ended_within(member, left) {
                    Ok(ended) => break ended,
                    Err(rustix::io::Errno::INTR) => {}
                    Err(_) => break false,
                }
            }
        })
    }
}

fn has_ended(member: &Member) -> bool {
    ended_within(member, Duration::ZERO) == Ok(true)
}

fn ended_within(member: &Member, at_most: Duration) -> rustix::io::Result<bool> {
    let at_most = Timespec {
        tv_sec: i64::try_from(at_most.as_secs()).unwrap_or(i64::MAX),
        tv_nsec: at_most.subsec_nanos().into(),
    };
    poll(&mut [PollFd::new(&member.pidfd, PollFlags::IN)], Some(&at_most)).map(|ready| ready > 0)
}

/// Opens a process. Between the look that found it and the opening its number may have become another's, which then was
/// started later.
fn hold(pid: u32) -> Option<Member> {
    let before = Kin::read(pid)?;
    let pidfd = open_process(pid).ok()?;
    let now = Kin::read(pid)?;
    (now.start == before.start && now.parent == before.parent && !now.ended).then_some(Member { pid, pidfd })
}

/// These, and whatever descends from them.
fn with_descendants(mut ours: HashSet<u32>) -> HashSet<u32> {
    let parents: Vec<(u32, u32)> = process_ids()
        .filter_map(|pid| Some((pid, Kin::read(pid)?.parent)))
        .collect();
    loop {
        let before = ours.len();
        for (pid, parent) in &parents {
            if ours.contains(parent) {
                ours.insert(*pid);
            }
        }
        if ours.len() == before {
            return ours;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead as _, BufReader};
    use std::process::{Command, Stdio};

    use super::*;

    fn open(pid: u32) -> OwnedFd {
        open_process(pid).unwrap()
    }

    const LONG: Duration = Duration::from_secs(30);

    #[test]
    fn the_descendants_are_held_in_any_group_and_nobody_else() {
        let script = "setsid sh -c 'sleep 1000 & echo in; wait' & sleep 1000 & echo out; wait";
        let mut root = Command::new("sh")
            .args(["-c", script])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stranger = Command::new("sleep").arg("1000").spawn().unwrap();
        let mut lines = BufReader::new(root.stdout.take().unwrap()).lines();
        let said = [lines.next().unwrap().unwrap(), lines.next().unwrap().unwrap()];
        assert!(said.contains(&"in".to_owned()), "{said:?}");
        let members = ProcessTree::new(root.id(), open(root.id()), Living::default());
        let held: Vec<_> = members.held.iter().map(|member| member.pid).collect();
        assert!(held.contains(&root.id()) && held.len() == 4, "{held:?}");
        assert!(!held.contains(&std::process::id()) && !held.contains(&stranger.id()));
        assert!(!members.wait(Duration::ZERO));
        members.signal(libc::SIGKILL);
        root.wait().unwrap();
        assert!(members.wait(LONG));
        assert!(
            stranger.try_wait().unwrap().is_none(),
            "it shares the group and runs on"
        );
        stranger.kill().unwrap();
        stranger.wait().unwrap();
    }

    #[test]
    fn what_has_ended_is_let_go() {
        let mut root = Command::new("true").spawn().unwrap();
        let mut members = ProcessTree::new(root.id(), open(root.id()), Living::default());
        root.wait().unwrap();
        members.refresh();
        assert_eq!(members.count(), 0);
        assert!(members.wait(Duration::ZERO));
        members.signal(libc::SIGKILL);
    }
}
