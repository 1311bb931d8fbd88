//! Reading of `connect` and `listen`.

use std::net::{IpAddr, SocketAddr};
use std::os::fd::OwnedFd;

use rustix::fs::fstat;
use rustix::net::{AddressFamily, SocketType, getsockname, sockopt};

use super::address::{self, Address, MAX_ADDRESS_BYTES};
use super::bound::Bound;
use super::connect_outcome::Dialed;
use super::memory::{self, ReadError};
use super::processes::Caller;
use super::question::Question;
use super::queue::{Call, Datagram};
use super::resolver_sockets::PORT;
use super::sockets::HiddenSocket;
use super::{procfs, sockets};

fn duplicate(caller: &mut Caller<'_>, fd: i32) -> Option<OwnedFd> {
    let duplicate = sockets::duplicate(caller.entry.process.as_ref()?, caller.tid, fd);
    if duplicate.as_ref().is_err_and(|error| sockets::is_refusal(*error)) {
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
    let hidden = match &socket {
        None if *caller.sockets_are_hidden => HiddenSocket::look_at(caller.tid, fd),
        _ => None,
    };
    let kind = match &socket {
        Some(socket) => sockopt::socket_type(socket).ok(),
        None => hidden.as_ref().map(|hidden| hidden.kind),
    };
    let protocol = match kind {
        Some(SocketType::STREAM) => Some("tcp"),
        // A connected datagram socket may be there to learn an address only: see `datagrams`.
        Some(SocketType::DGRAM) => {
            let inode = match hidden {
                Some(hidden) => hidden.inode,
                None => fstat(socket?).ok()?.st_ino,
            };
            let (tid, datagram) = (caller.tid, Datagram { fd, ip, port });
            return Some(Call::ConnectDatagram { tid, inode, datagram });
        }
        _ => None,
    };
    let is_tcp = kind == Some(SocketType::STREAM);
    let cookie = socket
        .as_ref()
        .filter(|_| is_tcp)
        .and_then(|socket| sockopt::socket_cookie(socket).ok());
    let socket = socket.and_then(|socket| Dialed::hold(socket, caller.tid));
    Some(Call::Connect {
        ip,
        port,
        protocol,
        cookie,
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
    // A second `listen` changes the backlog only.
    if sockopt::socket_acceptconn(&socket) == Ok(true) {
        return None;
    }
    let inode = fstat(&socket).ok()?.st_ino;
    match (sockopt::socket_type(&socket), sockopt::socket_domain(&socket)) {
        (Ok(SocketType::STREAM), Ok(AddressFamily::INET | AddressFamily::INET6)) => {}
        (Ok(_), Ok(AddressFamily::UNIX)) => return Some(Call::ListenUnix { inode }),
        _ => return None,
    }
    let address = getsockname(&socket)
        .ok()
        .and_then(|name| SocketAddr::try_from(name).ok());
    match address.filter(|address| address.port() != 0) {
        None => later(),
        Some(address) => Some(Call::Listen {
            bound: Bound {
                inode,
                address,
                only_v6: takes_only_v6(&socket),
            },
        }),
    }
}

/// Reads a `bind` whose outcome is of interest: of a TCP socket with a port, and of a UDP socket.
pub(crate) fn bind(caller: &mut Caller<'_>, fd: i32, to: Address) -> Option<Call> {
    let Address::Internet { ip, port } = to else {
        return None;
    };
    let socket = duplicate(caller, fd)?;
    let protocol = match sockopt::socket_type(&socket) {
        Ok(SocketType::STREAM) if port != 0 => "tcp",
        Ok(SocketType::DGRAM) => "udp",
        _ => return None,
    };
    Some(Call::Bind {
        tid: caller.tid,
        fd,
        bound: Bound {
            inode: fstat(&socket).ok()?.st_ino,
            address: (ip, port).into(),
            only_v6: takes_only_v6(&socket),
        },
        protocol,
    })
}

fn takes_only_v6(socket: &OwnedFd) -> bool {
    sockopt::ipv6_v6only(socket) == Ok(true)
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
