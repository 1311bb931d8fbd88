//! Unix: the machine's name, errors of sockets, and process groups.

use std::io;

use rustix::io::Errno;

/// Returns the machine's name.
pub fn host_name() -> String {
    rustix::system::uname().nodename().to_string_lossy().into_owned()
}

/// Returns whether an error of binding means no IPv6 in the kernel (`EAFNOSUPPORT`), or none on the loopback interface
/// (`EADDRNOTAVAIL`).
pub(crate) fn is_without_ipv6(error: &io::Error) -> bool {
    let number = error.raw_os_error().map(Errno::from_raw_os_error);
    matches!(number, Some(Errno::AFNOSUPPORT | Errno::ADDRNOTAVAIL))
}

/// Ends a process that leads a group, with all of the group.
#[cfg(feature = "kube")]
pub(crate) fn kill_group(leader: u32) {
    if let Some(group) = rustix::process::Pid::from_raw(leader.cast_signed()) {
        rustix::process::kill_process_group(group, rustix::process::Signal::KILL).ok();
    }
}
