//! Reading of `connect` and `listen`.

use std::net::{IpAddr, SocketAddr};
use std::os::fd::OwnedFd;

use rustix::fs::fstat;
use rustix::io::Errno;
use rustix::net::{AddressFamily, SocketType, getsockname, sockopt};

use super::address::{self, Address, MAX_ADDRESS_BYTES};
use super::connect_outcome::Dialed;
use super::memory::{self, ReadError};
use super::processes::Caller;
use super::question::Question;
use super::queue::{Call, Datagram};
use super::resolver_sockets::PORT;
use super::{procfs, sockets};

fn duplicate(caller: &mut Caller<'_>, fd: i32) -> Option<OwnedFd> {
    let duplicate = sockets::duplicate(caller.entry.process.as_ref()?, caller.tid, fd);
    if matches!(duplicate, Err(Errno::PERM | Errno::ACCESS | Errno::NOSYS)) {
        *caller.sockets_are_hidden = true;
    }
    duplicate.ok()
}

fn hold(caller: &mut Caller<'_>, fd: i32) -> Option<Dialed> {
    let socket = duplicate(caller, fd)?;
    Dialed::hold(socket, caller.tid)
}

/// Reads a `connect`.
pub(crate) fn connect(caller: &mut Caller<'_>, fd: i32, to: Address) -> Result<Option<Call>, ReadError> {
    Ok(match to {
        Address::Internet { ip, port } => {
            caller.connects(fd, port == PORT);
            connect_internet(caller, fd, ip, port)
        }
        Address::Path(path) => Some(Call::ConnectPath {
            located: caller.locate_from_working_directory(path)?,
            asked: caller.asked(Question::existence(true)),
            socket: hold(caller, fd),
        }),
        Address::Abstract(name) => Some(Call::ConnectName {
            name,
            socket: hold(caller, fd),
        }),
    })
}

fn connect_internet(caller: &mut Caller<'_>, fd: i32, ip: IpAddr, port: u16) -> Option<Call> {
    // Nothing can be sent to port 0: resolvers connect to it to learn which address they would send from.
    if port == 0 {
        return None;
    }
    let socket = duplicate(caller, fd);
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
    let socket = socket.and_then(|socket| Dialed::hold(socket, caller.tid));
    Some(Call::Connect {
        ip,
        port,
        protocol,
        socket: socket.filter(|_| protocol.is_some()),
    })
}

/// Reads a `listen`.
///
/// The port is asked of the socket before the call, because a copy of it that outlived the program's own would keep the
/// port taken. It is bound by then, but where the kernel is to pick a port in the call itself.
pub(crate) fn listen(caller: &mut Caller<'_>, fd: i32) -> Option<Call> {
    let tid = caller.tid;
    let later = || procfs::socket_inode(tid, fd).map(|socket| Call::ListenLater { tid, socket });
    let Some(socket) = duplicate(caller, fd) else {
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

/// The socket address in the caller's memory, where it is of a family that is watched.
pub(crate) fn read_address(tid: u32, pointer: u64, length: u64) -> Result<Option<Address>, ReadError> {
    let mut buffer = [0; MAX_ADDRESS_BYTES];
    // The kernel takes the length as an `int`, and refuses more than 128 bytes.
    let length = usize::try_from(length as u32).unwrap_or(usize::MAX);
    if length > 128 {
        return Err(ReadError::Invalid);
    }
    let bytes = &mut buffer[..length.min(MAX_ADDRESS_BYTES)];
    memory::read_exact(tid, pointer, bytes)?;
    Ok(address::parse(bytes))
}
