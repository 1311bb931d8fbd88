//! Identity of a process: its number and its start time, since a number is used again.
//!
//! Where the system does not say when a process started, the number and the held lock have to do.

use std::io;

use rustix::process::{Pid, Signal, getpid, kill_process, test_kill_process};

/// A process, for good: no other one is ever equal to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Process {
    pub(super) pid: i32,
    /// When it started, in the kernel's ticks since the machine did.
    pub(super) start_time: Option<u64>,
}

impl Process {
    /// This one.
    pub(super) fn this() -> Self {
        Self::of(getpid().as_raw_pid())
    }

    /// The one that has a number now.
    pub(super) fn of(pid: i32) -> Self {
        Self {
            pid,
            start_time: start_time(pid),
        }
    }

    fn number(self) -> Option<Pid> {
        // 0 and below would be a group's.
        (self.pid > 0).then_some(self.pid).and_then(Pid::from_raw)
    }
}

/// Returns whether it still runs.
pub(super) fn is_alive(process: Process) -> bool {
    match process.start_time {
        Some(start_time) => self::start_time(process.pid) == Some(start_time),
        None => process.number().is_some_and(|pid| test_kill_process(pid).is_ok()),
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

impl From<rustix::io::Errno> for NotTerminated {
    fn from(error: rustix::io::Errno) -> Self {
        match error {
            rustix::io::Errno::SRCH => Self::Gone,
            other => Self::Io(other.into()),
        }
    }
}

/// Sends SIGTERM to a process that `is_right` confirms. The process is held by a descriptor meanwhile, so that its number
/// cannot become another one's in between.
pub(super) fn terminate(process: Process, is_right: impl FnOnce() -> bool) -> Result<(), NotTerminated> {
    let pid = process.number().ok_or(NotTerminated::Gone)?;
    #[cfg(target_os = "linux")]
    match rustix::process::pidfd_open(pid, rustix::process::PidfdFlags::empty()) {
        Ok(descriptor) => {
            check(process, is_right)?;
            return Ok(rustix::process::pidfd_send_signal(descriptor, Signal::TERM)?);
        }
        Err(rustix::io::Errno::SRCH) => return Err(NotTerminated::Gone),
        // Linux before 5.3, or a sandbox without the call: then as everywhere else.
        Err(_) => {}
    }
    check(process, is_right)?;
    Ok(kill_process(pid, Signal::TERM)?)
}

fn check(process: Process, is_right: impl FnOnce() -> bool) -> Result<(), NotTerminated> {
    if !is_alive(process) {
        return Err(NotTerminated::Gone);
    }
    if is_right() { Ok(()) } else { Err(NotTerminated::Other) }
}

/// When a process started: the 22nd field of `/proc/<pid>/stat` (proc_pid_stat(5)). `None` for one that has ended, though
/// nobody has waited for it yet.
#[cfg(target_os = "linux")]
fn start_time(pid: i32) -> Option<u64> {
    parse_stat(&std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)
}

#[cfg(not(target_os = "linux"))]
fn start_time(_pid: i32) -> Option<u64> {
    None
}

/// The second field is the program's name in parentheses, and may have anything in it, parentheses too.
#[cfg(target_os = "linux")]
fn parse_stat(stat: &str) -> Option<u64> {
    let (_, after_name) = stat.rsplit_once(')')?;
    let mut fields = after_name.split_ascii_whitespace();
    let state = fields.next()?;
    if matches!(state, "Z" | "X" | "x") {
        return None;
    }
    fields.nth(18)?.parse().ok()
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    fn stat(name: &str, state: &str) -> String {
        format!("7 ({name}) {state} 1 7 7 0 -1 4194304 1 0 0 0 2 3 0 0 20 0 9 0 4711 226 5 18446744073709551615 1 1")
    }

    #[test]
    fn a_start_time_is_found_behind_any_name() {
        for name in ["mirrord", "a b", "x) Z 1 2 (y"] {
            assert_eq!(parse_stat(&stat(name, "S")), Some(4711), "{name}");
        }
        assert_eq!(parse_stat(&stat("mirrord", "Z")), None, "it has ended");
        for odd in ["", "7 (x", "7 (x) S 1 2"] {
            assert_eq!(parse_stat(odd), None, "{odd}");
        }
    }

    #[test]
    fn a_process_is_not_another_one_of_its_number() {
        let this = Process::this();
        assert!(is_alive(this));
        let other = Process {
            start_time: this.start_time.map(|time| time + 1),
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
