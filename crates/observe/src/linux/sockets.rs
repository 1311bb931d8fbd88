//! Sockets of a program, looked at through a duplicate that is held for microseconds.
//!
//! Invariant: a duplicate never outlives the function that made it. While one is open the program's own `close` neither
//! sends a FIN nor frees a port.

use std::net::{IpAddr, SocketAddr};
use std::os::fd::{AsFd as _, OwnedFd};

use rustix::fs::fstat;
use rustix::io::{self, Errno};
use rustix::net::{SocketType, getpeername, sockopt};
use rustix::process::{Pid, PidfdFlags, PidfdGetfdFlags, pidfd_getfd, pidfd_open};

use super::process::Process;

/// A datagram socket's number, and where it is connected to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct DatagramSocket {
    pub(crate) inode: u64,
    pub(crate) peer: Option<(IpAddr, u16)>,
}

/// Looks at the datagram socket that a descriptor is open on; `None` where it is open on something else, or where a
/// sandbox forbids the look.
pub(crate) fn datagram_socket(process: &Process, tid: u32, fd: i32) -> Option<DatagramSocket> {
    let socket = duplicate(process, tid, fd).ok()?;
    (sockopt::socket_type(&socket) == Ok(SocketType::DGRAM)).then_some(DatagramSocket {
        inode: fstat(&socket).ok()?.st_ino,
        peer: peer(&socket),
    })
}

fn peer(socket: &OwnedFd) -> Option<(IpAddr, u16)> {
    let address = SocketAddr::try_from(getpeername(socket).ok()??).ok()?;
    Some((address.ip().to_canonical(), address.port()))
}

/// Destination of what is sent over a descriptor without an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Peer {
    /// An Internet socket that is connected to this port.
    Port(u16),
    /// A socket that is not connected, or not yet.
    Unconnected,
    /// Anything else, and a descriptor that is closed.
    Other,
    /// A sandbox forbids the look.
    Unknown,
}

/// Looks at the destination of a descriptor.
pub(crate) fn look_at_peer(process: &Process, tid: u32, fd: i32) -> Peer {
    let socket = match duplicate(process, tid, fd) {
        Ok(socket) => socket,
        Err(Errno::BADF | Errno::SRCH) => return Peer::Other,
        Err(_) => return Peer::Unknown,
    };
    match getpeername(socket) {
        Ok(address) => {
            let address = address.and_then(|address| SocketAddr::try_from(address).ok());
            address.map_or(Peer::Other, |address| Peer::Port(address.port()))
        }
        Err(Errno::NOTCONN) => Peer::Unconnected,
        Err(_) => Peer::Other,
    }
}

/// Duplicates a descriptor of a process. Not all sandboxes allow it.
pub(crate) fn duplicate(process: &Process, tid: u32, fd: i32) -> io::Result<OwnedFd> {
    let flags = PidfdGetfdFlags::empty();
    match pidfd_getfd(&process.pidfd, fd, flags) {
        Err(_) if tid != process.pid => {
            // The first thread may have ended, and its descriptors with it. `PIDFD_THREAD` (Linux 6.9) is O_EXCL.
            let of_thread = PidfdFlags::from_bits_retain(libc::O_EXCL as u32);
            let thread = pidfd_open(Pid::from_raw(tid as i32).ok_or(Errno::SRCH)?, of_thread)?;
            pidfd_getfd(thread.as_fd(), fd, flags)
        }
        result => result,
    }
}
