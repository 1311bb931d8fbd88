//! Sockets of a program, looked at through a duplicate that is held for microseconds.
//!
//! Invariant: a duplicate never outlives the function that made it. While one is open the program's own `close` neither
//! sends a FIN nor frees a port.

use std::net::{IpAddr, SocketAddr};
use std::os::fd::{AsFd as _, OwnedFd};

use rustix::fs::fstat;
use rustix::net::{AddressFamily, SocketType, getpeername, getsockname, sockopt};
use rustix::process::{Pid, PidfdFlags, PidfdGetfdFlags, pidfd_getfd, pidfd_open};

use super::address::Address;
use super::memory::Unread;
use super::process::Process;
use super::processes::Caller;
use super::procfs;
use super::queries;
use super::queue::{Call, Datagram};

/// A datagram socket's number, and where it is connected to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct DatagramSocket {
    pub(crate) inode: u64,
    pub(crate) peer: Option<(IpAddr, u16)>,
}

/// Looks at the datagram socket that a descriptor is open on; `None` where it is open on something else, or where a
/// sandbox forbids the look.
pub(crate) fn datagram_socket(process: &Process, tid: u32, fd: i32) -> Option<DatagramSocket> {
    let socket = duplicate(process, tid, fd)?;
    (sockopt::socket_type(&socket) == Ok(SocketType::DGRAM)).then_some(DatagramSocket {
        inode: fstat(&socket).ok()?.st_ino,
        peer: peer(&socket),
    })
}

fn peer(socket: &OwnedFd) -> Option<(IpAddr, u16)> {
    let address = SocketAddr::try_from(getpeername(socket).ok()??).ok()?;
    Some((address.ip().to_canonical(), address.port()))
}

/// A duplicate of a descriptor. Not all sandboxes allow it.
fn duplicate(process: &Process, tid: u32, fd: i32) -> Option<OwnedFd> {
    let flags = PidfdGetfdFlags::empty();
    if let Ok(duplicate) = pidfd_getfd(&process.pidfd, fd, flags) {
        return Some(duplicate);
    }
    if tid == process.pid {
        return None;
    }
    // The first thread may have ended, and its descriptors with it. `PIDFD_THREAD` (Linux 6.9) is O_EXCL.
    let of_thread = PidfdFlags::from_bits_retain(libc::O_EXCL as u32);
    let thread = pidfd_open(Pid::from_raw(tid as i32)?, of_thread).ok()?;
    pidfd_getfd(thread.as_fd(), fd, flags).ok()
}

fn duplicate_of_caller(caller: &Caller<'_>, fd: i32) -> Option<OwnedFd> {
    duplicate(caller.met.process.as_ref()?, caller.tid, fd)
}

/// Whether the caller's descriptor is connected to a name server's port.
pub(crate) fn is_connected_to_resolver(caller: &Caller<'_>, fd: i32) -> bool {
    let socket = duplicate_of_caller(caller, fd);
    socket.is_some_and(|socket| matches!(peer(&socket), Some((_, queries::PORT))))
}

/// Reads a `connect`.
pub(crate) fn connect(caller: &mut Caller<'_>, fd: i32, to: Address) -> Result<Option<Call>, Unread> {
    Ok(match to {
        Address::Internet { ip, port } => {
            caller.connects(fd, port == queries::PORT);
            connect_internet(caller, fd, ip, port)
        }
        Address::Path(path) => Some(unix(caller, path)?),
        Address::Abstract(name) => Some(Call::ConnectName(name)),
    })
}

/// The path of a Unix socket.
pub(crate) fn unix(caller: &mut Caller<'_>, path: Vec<u8>) -> Result<Call, Unread> {
    Ok(Call::ConnectPath(caller.locate_from_working_directory(path)?))
}

fn connect_internet(caller: &Caller<'_>, fd: i32, ip: IpAddr, port: u16) -> Option<Call> {
    // Nothing can be sent to port 0: resolvers connect to it to learn which address they would send from.
    if port == 0 {
        return None;
    }
    let socket = duplicate_of_caller(caller, fd);
    let kind = socket.as_ref().and_then(|socket| sockopt::socket_type(socket).ok());
    let protocol = match kind {
        Some(SocketType::STREAM) => Some("tcp"),
        // A connected datagram socket may be there to learn an address only: see `datagrams`.
        Some(SocketType::DGRAM) => {
            let inode = fstat(socket?).ok()?.st_ino;
            let (tid, datagram) = (caller.tid, Datagram { fd, ip, port });
            return Some(Call::ConnectDatagram { tid, inode, datagram });
        }
        _ => None,
    };
    Some(Call::Connect { ip, port, protocol })
}

/// Reads a `listen`.
///
/// The port is asked of the socket before the call, because a copy of it that outlived the program's own would keep the
/// port taken. It is bound by then, but where the kernel is to pick a port in the call itself.
pub(crate) fn listen(caller: &Caller<'_>, fd: i32) -> Option<Call> {
    let tid = caller.tid;
    let later = || procfs::socket(tid, fd).map(|socket| Call::ListenLater { tid, socket });
    let Some(socket) = duplicate_of_caller(caller, fd) else {
        return later();
    };
    let is_tcp = sockopt::socket_type(&socket) == Ok(SocketType::STREAM)
        && matches!(
            sockopt::socket_domain(&socket),
            Ok(AddressFamily::INET | AddressFamily::INET6)
        );
    // A second `listen` changes the backlog only.
    let listens_already = sockopt::socket_acceptconn(&socket) == Ok(true);
    if !is_tcp || listens_already {
        return None;
    }
    let address = getsockname(&socket)
        .ok()
        .and_then(|name| SocketAddr::try_from(name).ok());
    match address.map_or(0, |address| address.port()) {
        0 => later(),
        port => Some(Call::Listen { port }),
    }
}
