//! Sockets of a program, looked at through a duplicate that is held for microseconds.
//!
//! Invariant: a duplicate never outlives the function that made it. While one is open the program's own `close` neither
//! sends a FIN nor frees a port. Where a sandbox forbids duplicates, as Docker's default filter does, `/proc` still has a
//! socket's type, its number and the peer of a UDP socket, which is enough to tell connections from address sorting.

use std::net::{IpAddr, SocketAddr};
use std::os::fd::{AsFd as _, AsRawFd as _, OwnedFd};

use rustix::fs::{CWD, Mode, OFlags, fstat, getxattr, openat};
use rustix::io::{self, Errno};
use rustix::net::{SocketType, getpeername, sockopt};
use rustix::process::{Pid, PidfdFlags, PidfdGetfdFlags, getpid, pidfd_getfd, pidfd_open};

use super::process::Process;
use super::procfs;

/// Attribute of a socket that has its protocol's name (`net/socket.c`).
const PROTOCOL_NAME: &str = "system.sockprotoname";

/// A datagram socket's number, and where it is connected to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct DatagramSocket {
    pub(crate) inode: u64,
    pub(crate) peer: Option<(IpAddr, u16)>,
}

/// Looks at the datagram socket that a descriptor is open on; `None` where it is open on something else.
pub(crate) fn datagram_socket(process: &Process, tid: u32, fd: i32) -> Option<DatagramSocket> {
    match duplicate(process, tid, fd) {
        Ok(socket) => (sockopt::socket_type(&socket) == Ok(SocketType::DGRAM)).then_some(DatagramSocket {
            inode: fstat(&socket).ok()?.st_ino,
            peer: peer(&socket),
        }),
        Err(error) if is_refusal(error) => {
            let socket = HiddenSocket::look_at(tid, fd).filter(|socket| socket.kind == SocketType::DGRAM)?;
            Some(DatagramSocket {
                inode: socket.inode,
                peer: procfs::udp_peer(tid, socket.inode),
            })
        }
        Err(_) => None,
    }
}

/// Returns the number of the datagram socket that a descriptor is open on.
pub(crate) fn datagram_inode(process: &Process, tid: u32, fd: i32) -> Option<u64> {
    match duplicate(process, tid, fd) {
        Ok(socket) if sockopt::socket_type(&socket) == Ok(SocketType::DGRAM) => Some(fstat(&socket).ok()?.st_ino),
        Err(error) if is_refusal(error) => procfs::socket_inode(tid, fd),
        _ => None,
    }
}

/// Returns whether the system refuses any look at sockets by `pidfd_getfd(2)`: a sandbox does, or a kernel before 5.6.
pub(crate) fn is_refusal(error: Errno) -> bool {
    matches!(error, Errno::PERM | Errno::ACCESS | Errno::NOSYS)
}

/// An Internet socket as `/proc` has it.
pub(crate) struct HiddenSocket {
    pub(crate) inode: u64,
    pub(crate) kind: SocketType,
}

impl HiddenSocket {
    /// Looks at what a descriptor is open on; `None` for anything but a TCP or UDP socket.
    ///
    /// The descriptor of ours leads to the socket's node alone, which keeps no socket open. It also cannot become a
    /// file of another one, whose file system would be asked for the attribute.
    pub(crate) fn look_at(tid: u32, fd: i32) -> Option<Self> {
        procfs::socket_inode(tid, fd)?;
        let flags = OFlags::PATH | OFlags::CLOEXEC;
        let node = openat(CWD, format!("/proc/{tid}/fd/{fd}"), flags, Mode::empty()).ok()?;
        let inode = procfs::socket_inode(std::process::id(), node.as_raw_fd())?;
        let mut name = [0_u8; 16];
        let length = getxattr(format!("/proc/self/fd/{}", node.as_raw_fd()), PROTOCOL_NAME, &mut name).ok()?;
        let kind = match name.get(..length)?.strip_suffix(&[0])? {
            b"TCP" | b"TCPv6" | b"MPTCP" | b"MPTCPv6" => SocketType::STREAM,
            b"UDP" | b"UDPv6" | b"UDP-Lite" | b"UDPLITEv6" => SocketType::DGRAM,
            _ => return None,
        };
        Some(Self { inode, kind })
    }
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
        Err(error) if tid != process.pid && !is_refusal(error) => {
            // The first thread may have ended, and its descriptors with it. `PIDFD_THREAD` (Linux 6.9) is O_EXCL.
            let of_thread = PidfdFlags::from_bits_retain(libc::O_EXCL as u32);
            let thread = pidfd_open(Pid::from_raw(tid as i32).ok_or(Errno::SRCH)?, of_thread)?;
            pidfd_getfd(thread.as_fd(), fd, flags)
        }
        result => result,
    }
}

/// Checks that sockets of programs can be looked at, on one's own process.
///
/// # Errors
/// Of `pidfd_getfd(2)`: `PermissionDenied` where a sandbox forbids it, `Unsupported` before Linux 5.6.
pub fn check_sockets() -> std::io::Result<()> {
    let own = pidfd_open(getpid(), PidfdFlags::empty())?;
    pidfd_getfd(&own, own.as_raw_fd(), PidfdGetfdFlags::empty())?;
    Ok(())
}
