//! Exit codes and signals of processes that are not our children.
//!
//! A descriptor of a process is readable once it has ended (`pidfd_open(2)`). Until its parent has waited for it, its
//! `stat` has the code; from then on the descriptor itself has it (`PIDFD_INFO_EXIT`, Linux 6.15). On an earlier kernel
//! nothing is known of a process whose parent was quicker than we are.

use std::os::fd::AsFd as _;
use std::os::unix::fs::MetadataExt as _;
use std::os::unix::process::ExitStatusExt as _;
use std::process::ExitStatus;
use std::sync::OnceLock;

use mirrord_wire::Exit;
use rustix::process::{WaitId, WaitIdOptions, WaitIdStatus, waitid};

use super::credentials::Credentials;
use super::process::Process;
use super::{procfs, sys};
use crate::exit_of;

/// The end of a process whose descriptor is readable; empty where it cannot be known.
pub(crate) fn exit_of_process(process: &Process) -> Exit {
    let status = if process.is_root() { of_child(process) } else { None };
    status
        .or_else(|| sys::exit_of_reaped(process.pidfd.as_fd()))
        .or_else(|| of_zombie(process))
        // It was waited for in between.
        .or_else(|| sys::exit_of_reaped(process.pidfd.as_fd()))
        .map(|raw| exit_of(ExitStatus::from_raw(raw)))
        .unwrap_or_default()
}

fn of_child(process: &Process) -> Option<i32> {
    let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
    waitid(WaitId::PidFd(process.pidfd.as_fd()), options)
        .ok()?
        .map(|status| raw_status(&status))
}

/// Encodes an end as `wait(2)` does.
pub(super) fn raw_status(status: &WaitIdStatus) -> i32 {
    const CORE_DUMPED: i32 = 0x80;
    match (status.exit_status(), status.terminating_signal()) {
        (Some(code), _) => (code & 0xff) << 8,
        (None, Some(signal)) => signal | if status.dumped() { CORE_DUMPED } else { 0 },
        (None, None) => 0,
    }
}

fn of_zombie(process: &Process) -> Option<i32> {
    let raw = procfs::exit_code_of_zombie(process.pid)?;
    // 0 is read of a process that we may not look at as well.
    let is_readable = raw != 0 || may_look_at(process.pid);
    // Its number was still its own while that was read.
    let is_it = sys::send_signal(process.pidfd.as_fd(), 0).is_ok()
        || sys::send_signal(process.pidfd.as_fd(), 0).is_err_and(|error| error.raw_os_error() == Some(libc::EPERM));
    (is_readable && is_it).then_some(raw)
}

/// Returns whether we may look at a process (`PTRACE_MODE_READ_FSCREDS`, `ptrace(2)`), as far as its user shows it.
fn may_look_at(pid: u32) -> bool {
    static MAY_TRACE: OnceLock<bool> = OnceLock::new();
    let may_trace = || Credentials::read(std::process::id()).is_some_and(|own| own.may_trace());
    *MAY_TRACE.get_or_init(may_trace)
        || std::fs::metadata(format!("/proc/{pid}")).is_ok_and(|entry| {
            entry.uid() == rustix::process::geteuid().as_raw() && entry.gid() == rustix::process::getegid().as_raw()
        })
}
