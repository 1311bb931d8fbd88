//! State of one process of the tree, shared by observer and event worker, and the check whether an exec took place.
//!
//! The kernel announces an exec before it happens and is silent after it. Invariant: a start is emitted only once the
//! process is known to have run something: an exec gives the program a new place in memory ([`Stat::image`]), which is
//! checked when the process makes its next watched call, at intervals in between, and at its end.

use std::os::fd::OwnedFd;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::procfs::{self, Stat};

/// Data of a process's start event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Start {
    pub(crate) parent: Option<u32>,
    pub(crate) name: String,
    pub(crate) command_line: Vec<String>,
    /// Its working directory; `None` where it is yet to be read.
    pub(crate) directory: Option<String>,
}

/// An exec that was announced.
#[derive(Debug)]
pub(crate) struct PendingExec {
    /// The thread that called.
    pub(crate) tid: u32,
    /// The process before it.
    pub(crate) before: Stat,
    /// The last part of the executed path.
    pub(crate) file_name: String,
    /// Start data from the call's arguments, for a process that is gone before it can be read.
    pub(crate) announced: Start,
    /// The executed path, for a process that is gone without a trace: did it lead to an executable file?
    pub(crate) path: PathBuf,
}

/// From where the question is asked.
#[derive(Debug, Clone, Copy)]
pub(crate) enum ObservationPoint {
    /// This thread of the process is stopped in another call.
    NextCall { tid: u32 },
    /// The process runs.
    Meanwhile,
    /// The process has ended.
    End,
}

/// One process.
pub(crate) struct Process {
    pub(crate) pid: u32,
    pub(crate) pidfd: OwnedFd,
    /// On the process that we started ourselves: set where its program could not be executed.
    root_failed: Option<Arc<AtomicBool>>,
    ended: AtomicBool,
    reported: AtomicBool,
    /// It was found before it made a call; see `discovery`.
    pub(crate) was_found: bool,
    has_pending_exec: AtomicBool,
    pending_exec: Mutex<Option<PendingExec>>,
}

impl Process {
    pub(crate) fn new(pid: u32, pidfd: OwnedFd, root_failed: Option<Arc<AtomicBool>>) -> Self {
        Self {
            pid,
            pidfd,
            root_failed,
            ended: AtomicBool::new(false),
            reported: AtomicBool::new(false),
            was_found: false,
            has_pending_exec: AtomicBool::new(false),
            pending_exec: Mutex::new(None),
        }
    }

    /// As `new`, of a process that has made no call yet.
    pub(crate) fn found(pid: u32, pidfd: OwnedFd) -> Self {
        Self {
            was_found: true,
            ..Self::new(pid, pidfd, None)
        }
    }

    pub(crate) fn is_root(&self) -> bool {
        self.root_failed.is_some()
    }

    pub(crate) fn has_ended(&self) -> bool {
        self.ended.load(Ordering::Relaxed)
    }

    pub(crate) fn set_ended(&self) {
        self.ended.store(true, Ordering::Relaxed);
    }

    /// Returns whether its start was emitted or queued.
    pub(crate) fn is_reported(&self) -> bool {
        self.reported.load(Ordering::Relaxed)
    }

    pub(crate) fn set_reported(&self) {
        self.reported.store(true, Ordering::Relaxed);
    }

    pub(crate) fn has_pending_exec(&self) -> bool {
        self.has_pending_exec.load(Ordering::Acquire)
    }

    pub(crate) fn begin_exec(&self, exec: PendingExec) {
        *self.pending_exec.lock().unwrap_or_else(PoisonError::into_inner) = Some(exec);
        self.has_pending_exec.store(true, Ordering::Release);
    }

    /// The process as it was before an exec that is announced and not resolved.
    pub(crate) fn before_exec(&self) -> Option<Start> {
        let pending_exec = self.pending_exec.lock().unwrap_or_else(PoisonError::into_inner);
        let before = &pending_exec.as_ref()?.before;
        Some(Start {
            parent: known_parent(before.parent),
            name: before.name.clone(),
            command_line: Vec::new(),
            directory: None,
        })
    }

    /// Result of the root's exec as its starter has it.
    fn root_executed(&self) -> Option<bool> {
        self.root_failed.as_ref().map(|failed| !failed.load(Ordering::Acquire))
    }

    /// Forgets an exec that never came to pass.
    pub(crate) fn cancel_exec(&self) {
        *self.pending_exec.lock().unwrap_or_else(PoisonError::into_inner) = None;
        self.has_pending_exec.store(false, Ordering::Release);
    }

    /// Returns the start to emit, where an announced exec turns out to have taken place; one caller alone gets it.
    pub(crate) fn resolve_exec(&self, moment: ObservationPoint) -> Option<Start> {
        let mut pending_exec = self.pending_exec.lock().unwrap_or_else(PoisonError::into_inner);
        let exec = pending_exec.as_ref()?;
        let now = Stat::read(self.pid);
        let outcome = exec.outcome(moment, now.as_ref(), self.root_executed());
        if outcome.is_some() {
            let exec = pending_exec.take()?;
            self.has_pending_exec.store(false, Ordering::Release);
            if outcome == Some(true) {
                self.set_reported();
                return Some(exec.start(self.pid, now));
            }
        }
        None
    }
}

impl PendingExec {
    /// Returns whether it took place; `None` where that is not known yet.
    fn outcome(&self, moment: ObservationPoint, now: Option<&Stat>, known: Option<bool>) -> Option<bool> {
        let ended = now.is_none_or(|now| now.ended);
        if let Some(now) = now
            && !ended
            && now.image != self.before.image
        {
            return Some(true);
        }
        match moment {
            // The thread that called goes on in the old program. Another one may call before the exec ends it.
            ObservationPoint::NextCall { tid } => (tid == self.tid).then_some(false),
            ObservationPoint::Meanwhile => None,
            ObservationPoint::End => Some(known.unwrap_or_else(|| self.outcome_at_end(now))),
        }
    }

    /// An ended process has no memory, and its name alone is left; one that was collected has nothing.
    fn outcome_at_end(&self, now: Option<&Stat>) -> bool {
        let short = |name: &str| name.bytes().take(15).collect::<Vec<_>>();
        let would_be = short(&self.file_name);
        match now {
            Some(now) if short(&self.before.name) != would_be => short(&now.name) == would_be,
            _ => procfs::is_executable(&self.path),
        }
    }

    fn start(self, pid: u32, now: Option<Stat>) -> Start {
        let alive = now.filter(|now| !now.ended);
        let command_line = if alive.is_some() {
            procfs::command_line(pid)
        } else {
            Vec::new()
        };
        match alive {
            // The kernel cuts names; the path that was executed has the whole one.
            Some(now) if !command_line.is_empty() => Start {
                parent: known_parent(now.parent),
                name: if self.file_name.starts_with(&now.name) {
                    self.file_name
                } else {
                    now.name
                },
                command_line,
                directory: self.announced.directory,
            },
            _ => self.announced,
        }
    }
}

/// Reads the start of a process that runs without an exec of its own: a fork.
pub(crate) fn start_of_fork(pid: u32) -> Option<Start> {
    let stat = Stat::read(pid)?;
    Some(Start {
        parent: known_parent(stat.parent),
        name: stat.name,
        command_line: procfs::command_line(pid),
        directory: None,
    })
}

pub(crate) fn known_parent(parent: u32) -> Option<u32> {
    (parent != 0).then_some(parent)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stat(name: &str, image: u64, ended: bool) -> Stat {
        Stat {
            name: name.to_owned(),
            parent: 1,
            ended,
            stopped: false,
            image: [image; 3],
        }
    }

    /// An exec of a file of this name; whether it is there is shown by a path of this machine.
    fn exec(file_name: &str, is_likely: bool) -> PendingExec {
        let path = if is_likely {
            std::env::current_exe().expect("this program")
        } else {
            "/nowhere".into()
        };
        PendingExec {
            tid: 5,
            before: stat("sh", 1, false),
            file_name: file_name.to_owned(),
            announced: Start {
                parent: None,
                name: file_name.to_owned(),
                command_line: vec![],
                directory: None,
            },
            path,
        }
    }

    #[test]
    fn another_place_in_memory_is_an_exec_whenever_it_is_seen() {
        let now = stat("ls", 2, false);
        for moment in [
            ObservationPoint::NextCall { tid: 5 },
            ObservationPoint::NextCall { tid: 6 },
            ObservationPoint::Meanwhile,
            ObservationPoint::End,
        ] {
            assert_eq!(
                exec("ls", false).outcome(moment, Some(&now), None),
                Some(true),
                "{moment:?}"
            );
        }
    }

    #[test]
    fn only_the_caller_itself_proves_that_an_exec_failed() {
        let now = stat("sh", 1, false);
        let outcome = |moment| exec("ls", true).outcome(moment, Some(&now), None);
        assert_eq!(outcome(ObservationPoint::NextCall { tid: 5 }), Some(false));
        assert_eq!(outcome(ObservationPoint::NextCall { tid: 6 }), None);
        assert_eq!(outcome(ObservationPoint::Meanwhile), None);
    }

    #[test]
    fn an_ended_process_is_judged_by_its_name_and_then_by_its_file() {
        let end = |exec: PendingExec, now: Option<Stat>| exec.outcome(ObservationPoint::End, now.as_ref(), None);
        assert_eq!(end(exec("ls", false), Some(stat("ls", 0, true))), Some(true));
        assert_eq!(end(exec("ls", true), Some(stat("sh", 0, true))), Some(false));
        assert_eq!(
            end(
                exec("a-name-of-many-letters", false),
                Some(stat("a-name-of-many-", 0, true))
            ),
            Some(true)
        );
        assert_eq!(end(exec("sh", true), Some(stat("sh", 0, true))), Some(true));
        assert_eq!(end(exec("ls", true), None), Some(true));
        assert_eq!(end(exec("ls", false), None), Some(false));
        assert_eq!(
            exec("ls", false).outcome(ObservationPoint::End, None, Some(true)),
            Some(true)
        );
        assert_eq!(
            exec("ls", true).outcome(ObservationPoint::End, None, Some(false)),
            Some(false)
        );
    }
}
