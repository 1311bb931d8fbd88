//! Identity of a process: its number and its start time, since a number is used again.
//!
//! Where the system does not say when a process started, the number and the held lock have to do.

use std::io;

#[cfg_attr(unix, path = "process/unix.rs")]
#[cfg_attr(windows, path = "process/windows.rs")]
mod system;

pub(super) use system::runs_mirrord;

/// A process, for good: no other one is ever equal to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Process {
    pub(super) pid: i32,
    /// Time of its start, in a unit of the system: of Linux, ticks since the machine started.
    pub(super) start_time: Option<u64>,
}

impl Process {
    /// This one.
    pub(super) fn this() -> Self {
        Self::of(std::process::id().cast_signed())
    }

    /// The one that has a number now.
    pub(super) fn of(pid: i32) -> Self {
        Self {
            pid,
            start_time: system::start_time(pid),
        }
    }
}

/// Returns whether it still runs.
pub(super) fn is_alive(process: Process) -> bool {
    match process.start_time {
        Some(start_time) => system::start_time(process.pid) == Some(start_time),
        None => system::exists(process.pid),
    }
}

/// Why a process was not asked to end.
#[derive(Debug)]
pub(super) enum NotTerminated {
    /// It does not run any more.
    Gone,
    /// It runs, and is not what it was taken for.
    Other,
    /// It may not be signalled.
    Io(io::Error),
}

/// Ends a process that `is_right` confirms: with SIGTERM, and on Windows, which has no such request, at once. The process
/// is held by a descriptor or a handle meanwhile, so that its number cannot become another one's in between.
pub(super) fn terminate(process: Process, is_right: impl FnOnce() -> bool) -> Result<(), NotTerminated> {
    // 0 and below would be a group's.
    if process.pid <= 0 {
        return Err(NotTerminated::Gone);
    }
    system::terminate(process.pid, || check(process, is_right))
}

fn check(process: Process, is_right: impl FnOnce() -> bool) -> Result<(), NotTerminated> {
    if !is_alive(process) {
        return Err(NotTerminated::Gone);
    }
    if is_right() { Ok(()) } else { Err(NotTerminated::Other) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_is_not_another_one_of_its_number() {
        let this = Process::this();
        assert!(is_alive(this));
        let Some(start_time) = this.start_time else { return };
        let other = Process {
            start_time: Some(start_time + 1),
            ..this
        };
        assert!(!is_alive(other));
        assert!(matches!(terminate(other, || true), Err(NotTerminated::Gone)));
    }

    #[test]
    fn a_process_that_is_not_confirmed_is_not_signalled() {
        // It would end this test.
        assert!(matches!(
            terminate(Process::this(), || false),
            Err(NotTerminated::Other)
        ));
    }

    #[test]
    fn no_number_is_a_groups() {
        for pid in [0, -1, i32::MIN] {
            let process = Process { pid, start_time: None };
            assert!(!is_alive(process) && terminate(process, || true).is_err(), "{pid}");
        }
    }
}
