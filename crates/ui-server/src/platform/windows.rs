//! Windows: the machine's name, errors of sockets.

use std::io;

/// `WSAEAFNOSUPPORT` and `WSAEADDRNOTAVAIL`.
const WITHOUT_IPV6: [i32; 2] = [10_047, 10_049];

/// Returns the machine's name; empty where the system does not say.
pub fn host_name() -> String {
    winsafe::GetComputerName().unwrap_or_default()
}

/// Returns whether an error of binding means that there is no IPv6, or none on the loopback interface.
pub(crate) fn is_without_ipv6(error: &io::Error) -> bool {
    error
        .raw_os_error()
        .is_some_and(|number| WITHOUT_IPV6.contains(&number))
}

/// Does nothing: the system has no process groups. The process itself is ended by who started it.
#[cfg(feature = "kube")]
pub(crate) fn kill_group(_leader: u32) {}
