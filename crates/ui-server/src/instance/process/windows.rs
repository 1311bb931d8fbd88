//! Processes of Windows, each held by a handle while it is looked at or ended.

use std::io;
use std::path::Path;

use winsafe::guard::CloseHandleGuard;
use winsafe::{HPROCESS, co};

use super::{NotTerminated, Process};

fn open(pid: i32, access: co::PROCESS) -> Result<CloseHandleGuard<HPROCESS>, co::ERROR> {
    HPROCESS::OpenProcess(
        access | co::PROCESS::QUERY_LIMITED_INFORMATION | co::PROCESS::SYNCHRONIZE,
        false,
        pid.cast_unsigned(),
    )
}

/// Returns whether a process runs. A handle of another process keeps the number of one that has ended.
fn is_running(process: &HPROCESS) -> bool {
    !matches!(process.WaitForSingleObject(Some(0)), Ok(co::WAIT::OBJECT_0))
}

/// Returns the time of a process's start, in 100 ns since 1601. `None` for one that has ended, or may not be looked at.
pub(super) fn start_time(pid: i32) -> Option<u64> {
    let process = open(pid, co::PROCESS::QUERY_LIMITED_INFORMATION).ok()?;
    let (created, ..) = process.GetProcessTimes().ok()?;
    is_running(&process).then(|| u64::from(created.dwHighDateTime) << 32 | u64::from(created.dwLowDateTime))
}

/// Returns whether a process has a number.
pub(super) fn exists(pid: i32) -> bool {
    pid > 0 && start_time(pid).is_some()
}

/// Ends a process that `check` confirms while a handle holds it. It ends at once: the files that it had locked are
/// released by the system, and nothing of it is written half, since every file of ours is replaced whole.
pub(super) fn terminate(pid: i32, check: impl FnOnce() -> Result<(), NotTerminated>) -> Result<(), NotTerminated> {
    let process = open(pid, co::PROCESS::TERMINATE).map_err(|error| match error {
        // No process has the number.
        co::ERROR::INVALID_PARAMETER => NotTerminated::Gone,
        other => NotTerminated::Io(io::Error::from_raw_os_error(other.raw().cast_signed())),
    })?;
    check()?;
    match process.TerminateProcess(1) {
        Err(_) if !is_running(&process) => Err(NotTerminated::Gone),
        Err(error) => Err(NotTerminated::Io(io::Error::from_raw_os_error(
            error.raw().cast_signed(),
        ))),
        Ok(()) => Ok(()),
    }
}

/// Returns whether a process runs `mirrord`: this very file, or one of that name, as after an update. `None` where it may not be
/// looked at.
pub(crate) fn runs_mirrord(process: Process) -> Option<bool> {
    let process = open(process.pid, co::PROCESS::QUERY_LIMITED_INFORMATION).ok()?;
    let program = process.QueryFullProcessImageName(co::PROCESS_NAME::WIN32).ok()?;
    let program = Path::new(&program);
    if std::env::current_exe().is_ok_and(|own| own == program) {
        return Some(true);
    }
    Some(program.file_stem()?.eq_ignore_ascii_case("mirrord"))
}
