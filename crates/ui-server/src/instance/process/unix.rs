//! Processes of Unix: their start by `/proc` on Linux, their end by SIGTERM.

use rustix::io::Errno;
use rustix::process::{Pid, Signal, kill_process, test_kill_process};

use super::{NotTerminated, Process};

impl From<Errno> for NotTerminated {
    fn from(error: Errno) -> Self {
        match error {
            Errno::SRCH => Self::Gone,
            other => Self::Io(other.into()),
        }
    }
}

/// Returns whether a process has a number; `false` for that of a group.
pub(super) fn exists(pid: i32) -> bool {
    let pid = (pid > 0).then_some(pid).and_then(Pid::from_raw);
    pid.is_some_and(|pid| test_kill_process(pid).is_ok())
}

/// Sends SIGTERM to a process that `check` confirms while a descriptor holds it.
pub(super) fn terminate(pid: i32, check: impl FnOnce() -> Result<(), NotTerminated>) -> Result<(), NotTerminated> {
    let pid = Pid::from_raw(pid).ok_or(NotTerminated::Gone)?;
    #[cfg(target_os = "linux")]
    match rustix::process::pidfd_open(pid, rustix::process::PidfdFlags::empty()) {
        Ok(descriptor) => {
            check()?;
            return Ok(rustix::process::pidfd_send_signal(descriptor, Signal::TERM)?);
        }
        Err(Errno::SRCH) => return Err(NotTerminated::Gone),
        // Linux before 5.3, or a sandbox without the call: then as everywhere else.
        Err(_) => {}
    }
    check()?;
    Ok(kill_process(pid, Signal::TERM)?)
}

/// When a process started: the 22nd field of `/proc/<pid>/stat` (proc_pid_stat(5)). `None` for one that has ended, though
/// its parent has not waited for it yet.
#[cfg(target_os = "linux")]
pub(super) fn start_time(pid: i32) -> Option<u64> {
    parse_stat(&std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)
}

#[cfg(not(target_os = "linux"))]
pub(super) fn start_time(_pid: i32) -> Option<u64> {
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

/// Returns whether a process runs `mirrord`: this very file, or one of that name, as after an update. `None` where the system does
/// not say.
#[cfg(target_os = "linux")]
pub(crate) fn runs_mirrord(process: Process) -> Option<bool> {
    let program = std::fs::read_link(format!("/proc/{}/exe", process.pid)).ok()?;
    if std::env::current_exe().is_ok_and(|own| own == program) {
        return Some(true);
    }
    let name = program.file_name()?.to_str()?;
    // A file that was replaced since.
    Some(matches!(name.strip_suffix(" (deleted)").unwrap_or(name), "mirrord"))
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn runs_mirrord(_process: Process) -> Option<bool> {
    None
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
}
