//! From an announced call to records: everything that is done while the caller is stopped.
//!
//! Invariant: nothing is done here that could be done later (every microsecond is the program's), and nothing that asks a
//! file system of the program's, which may be one that the program itself serves: no path of it is resolved here. What is
//! asked of `/proc`, of sockets and of descriptors is in the kernel's memory. Only the program's own memory can be kept
//! from us (the command line of `/proc` is that as well), and a socket's lock while another thread sends from such memory:
//! then the guardian answers (see `overdue`). A call that will fail by itself (a bad pointer, a closed descriptor) gives
//! no record.

use std::os::fd::OwnedFd;
use std::sync::Arc;

use rustix::net::{AddressFamily, SocketType, getsockname, sockopt};
use rustix::process::{PidfdGetfdFlags, pidfd_getfd};

use super::address::{self, Address, MAX_ADDRESS_BYTES};
use super::memory::{self, MAX_PATH_BYTES, Unread};
use super::paths;
use super::process::{ExecTry, Moment, Start, known_parent, start_of_fork};
use super::processes::{Caller, Processes};
use super::procfs::{self, Stat};
use super::queries;
use super::queue::{Call, Record};
use super::syscalls::{Empty, Kind, Operation, Place, Table, opened_for};

/// A path as it was given, and the directory where it starts unless it is absolute.
type Located = (Option<Arc<[u8]>>, Vec<u8>);

/// An announced call.
pub(crate) struct Announced<'call> {
    pub(crate) tid: u32,
    pub(crate) number: i32,
    pub(crate) arguments: &'call [u64; 6],
}

/// Reads calls.
pub(crate) struct Calls {
    table: Table,
    pub(crate) processes: Processes,
}

impl Calls {
    pub(crate) fn new() -> Self {
        Self {
            table: Table::new(),
            processes: Processes::default(),
        }
    }

    pub(crate) fn kind(&self, number: i32) -> Option<Kind> {
        self.table.kind(number)
    }

    /// Reads what the call is about. `Denied`: it was made, and cannot be told.
    pub(crate) fn read(
        &mut self,
        call: &Announced<'_>,
        still_waits: impl Fn() -> bool,
        records: &mut Vec<Record>,
    ) -> Result<(), Unread> {
        let kind = self.table.kind(call.number).ok_or(Unread::Denied)?;
        let caller = self.processes.caller(call.tid, still_waits, records);
        let mut caller = caller.ok_or(Unread::Denied)?;
        if let Some(start) = told_now(&caller, kind) {
            records.extend(
                caller
                    .met
                    .process
                    .clone()
                    .map(|process| Record::Started(process, start)),
            );
        }
        let outcome = read_kind(&mut caller, kind, call.arguments, records);
        let moves_directories = matches!(kind, Kind::Rename { .. })
            || matches!(
                kind,
                Kind::File {
                    operation: Operation::Is("rmdir") | Operation::Remove(_),
                    ..
                }
            );
        if moves_directories {
            self.processes.forget_directories();
        }
        match outcome {
            Err(Unread::Invalid) => Ok(()),
            other => other,
        }
    }
}

/// What is to be told of the process before its call.
fn told_now(caller: &Caller<'_>, kind: Kind) -> Option<Start> {
    let process = caller.met.process.as_ref()?;
    if process.is_trying()
        && let Some(start) = process.settle(Moment::NextCall { tid: caller.tid })
    {
        return Some(start);
    }
    // A fork whose first act is an exec is told as what it becomes.
    if process.is_told() || matches!(kind, Kind::Exec { .. }) {
        return None;
    }
    let start = start_of_fork(caller.pid)?;
    process.set_told();
    Some(start)
}

fn read_kind(
    caller: &mut Caller<'_>,
    kind: Kind,
    arguments: &[u64; 6],
    records: &mut Vec<Record>,
) -> Result<(), Unread> {
    let fd = arguments[0] as i32;
    let pid = caller.pid;
    let mut tell = |call| records.push(Record::Call { pid, call });
    match kind {
        Kind::File { place, operation } => {
            let operation = operation_name(caller.tid, operation, arguments)?;
            tell(file(locate(caller, place, arguments)?, operation));
        }
        Kind::Rename { old, new } => {
            tell(file(locate(caller, old, arguments)?, "rename"));
            tell(file(locate(caller, new, arguments)?, "rename"));
        }
        Kind::Exec {
            place,
            arguments: vector,
        } => {
            let located = locate(caller, place, arguments)?;
            let command_line = memory::arguments(caller.tid, arguments[usize::from(vector)])?;
            records.extend(try_exec(caller, located, command_line));
        }
        Kind::ChangeDirectory => caller.changes_directory(),
        Kind::Connect => {
            if let Some(address) = read_address(caller.tid, arguments[1], arguments[2])?
                && let Some(call) = connect(caller, fd, address)?
            {
                tell(call);
            }
        }
        Kind::Listen => {
            if let Some(call) = listen(caller, fd) {
                tell(call);
            }
        }
        Kind::SendTo | Kind::Write | Kind::SendMessage | Kind::SendMessages => {
            queries::sent(caller, kind, arguments, |message| tell(Call::Query(message)))?;
        }
    }
    Ok(())
}

fn file((directory, path): Located, operation: &'static str) -> Call {
    Call::File {
        directory,
        path,
        operation,
    }
}

fn operation_name(tid: u32, operation: Operation, arguments: &[u64; 6]) -> Result<&'static str, Unread> {
    Ok(match operation {
        Operation::Is(name) => name,
        Operation::Open(flags) => opened_for(arguments[usize::from(flags)]),
        Operation::OpenHow(how) => {
            let [flags] = memory::words(tid, arguments[usize::from(how)])?;
            opened_for(flags)
        }
        Operation::Remove(flags) if arguments[usize::from(flags)] as i32 & libc::AT_REMOVEDIR != 0 => "rmdir",
        Operation::Remove(_) => "unlink",
    })
}

fn locate(caller: &mut Caller<'_>, place: Place, arguments: &[u64; 6]) -> Result<Located, Unread> {
    let path = memory::string(caller.tid, arguments[usize::from(place.path)], MAX_PATH_BYTES)?;
    if path.first() == Some(&b'/') {
        return Ok((None, path));
    }
    let directory = place
        .directory
        .map_or(libc::AT_FDCWD, |argument| arguments[usize::from(argument)] as i32);
    if path.is_empty() {
        let names_descriptor = match place.empty {
            Empty::Fails => false,
            Empty::Descriptor => true,
            Empty::WithFlag(flags) => arguments[usize::from(flags)] as i32 & libc::AT_EMPTY_PATH != 0,
        };
        if !names_descriptor || directory == libc::AT_FDCWD {
            return Err(Unread::Invalid);
        }
        return Ok((None, procfs::descriptor(caller.tid, directory)?));
    }
    let directory = match directory {
        libc::AT_FDCWD => caller.directory()?,
        fd => procfs::descriptor(caller.tid, fd)?.into(),
    };
    Ok((Some(directory), path))
}

fn try_exec(caller: &Caller<'_>, (directory, path): Located, command_line: Vec<String>) -> Option<Record> {
    let process = caller.met.process.as_ref()?;
    let before = Stat::read(caller.pid)?;
    let path = paths::absolute(directory.as_deref(), &path);
    let file_name = path.rsplit('/').next().unwrap_or_default().to_owned();
    process.tries(ExecTry {
        tid: caller.tid,
        path: path.into(),
        announced: Start {
            parent: known_parent(before.parent),
            name: file_name.clone(),
            command_line,
        },
        before,
        file_name,
    });
    Some(Record::Tries(Arc::clone(process)))
}

/// The socket address in the caller's memory, where it is of a family that is watched.
pub(crate) fn read_address(tid: u32, pointer: u64, length: u64) -> Result<Option<Address>, Unread> {
    let mut buffer = [0; MAX_ADDRESS_BYTES];
    // The kernel takes the length as an `int`, and refuses more than 128 bytes.
    let length = usize::try_from(length as u32).unwrap_or(usize::MAX);
    if length > 128 {
        return Err(Unread::Invalid);
    }
    let bytes = &mut buffer[..length.min(MAX_ADDRESS_BYTES)];
    memory::exactly(tid, pointer, bytes)?;
    Ok(address::parse(bytes))
}

fn connect(caller: &mut Caller<'_>, fd: i32, to: Address) -> Result<Option<Call>, Unread> {
    Ok(match to {
        Address::Internet { ip, port } => {
            caller.connects(fd, port == queries::PORT);
            let kind = borrow_socket(caller, fd).and_then(|socket| sockopt::socket_type(socket).ok());
            let protocol = match kind {
                Some(SocketType::STREAM) => Some("tcp"),
                Some(SocketType::DGRAM) => Some("udp"),
                _ => None,
            };
            // Nothing can be sent to port 0: resolvers connect to it to learn which address they would send from.
            (port != 0).then_some(Call::Connect { ip, port, protocol })
        }
        Address::Path(path) => {
            let relative = path.first() != Some(&b'/');
            let directory = if relative { Some(caller.directory()?) } else { None };
            Some(Call::ConnectPath { directory, path })
        }
        Address::Abstract(name) => Some(Call::ConnectName(name)),
    })
}

/// The port is asked of the socket before the call, because a copy of it that outlived the program's own would keep the
/// port taken. It is bound by then, but where the kernel is to pick a port in the call itself.
fn listen(caller: &Caller<'_>, fd: i32) -> Option<Call> {
    let later = || procfs::socket(caller.tid, fd).map(|socket| Call::ListenLater { socket });
    let Some(socket) = borrow_socket(caller, fd) else {
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
        .and_then(|name| std::net::SocketAddr::try_from(name).ok());
    match address.map_or(0, |address| address.port()) {
        0 => later(),
        port => Some(Call::Listen { port }),
    }
}

/// A copy of the caller's descriptor, for as long as it is stopped. Not all sandboxes allow it.
fn borrow_socket(caller: &Caller<'_>, fd: i32) -> Option<OwnedFd> {
    let process = caller.met.process.as_ref()?;
    pidfd_getfd(&process.pidfd, fd, PidfdGetfdFlags::empty()).ok()
}
