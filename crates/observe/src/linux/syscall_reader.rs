//! From an announced call to records: everything that is done while the caller is stopped.
//!
//! Invariant: nothing is done here that could be done later (every microsecond is the program's), and nothing that asks a
//! file system of the program's, which may be one that the program itself serves: no path of it is resolved here. What is
//! asked of `/proc`, of sockets and of descriptors is in the kernel's memory. Only the program's own memory can be kept
//! from us (the command line of `/proc` is that as well), and a socket's lock while another thread sends from such memory:
//! then the guardian answers (see `overdue`). A call that will fail by itself (a bad pointer, a closed descriptor) gives
//! no record.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::address::{self, Address, MAX_ADDRESS_BYTES};
use super::connections;
use super::dns_capture;
use super::memory::{self, MAX_PATH_BYTES, Unread};
use super::paths;
use super::process::{ExecTry, Moment, Start, known_parent, start_of_fork};
use super::processes::{Caller, Processes};
use super::procfs::{self, Stat};
use super::queue::{Call, Located, Record};
use super::syscalls::{Empty, Kind, Operation, Place, Table, opened_for};

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
            processes: Processes::new(),
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
        records.extend(told_now(&caller, kind));
        let outcome = read_kind(&mut caller, kind, call.arguments, records);
        // One of our own within this one reports the refusal itself.
        let is_refused_listener = matches!(kind, Kind::SeccompListener) && !procfs::runs_our_program(caller.pid);
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
        if is_refused_listener {
            self.processes.refused_listeners.fetch_add(1, Ordering::Relaxed);
        }
        match outcome {
            Err(Unread::Invalid) => Ok(()),
            other => other,
        }
    }
}

/// What is to be told of the process before its call.
fn told_now(caller: &Caller<'_>, kind: Kind) -> Option<Record> {
    let process = caller.met.process.as_ref()?;
    if process.is_trying()
        && let Some(start) = process.settle(Moment::NextCall { tid: caller.tid })
    {
        return Some(Record::Started(Arc::clone(process), start));
    }
    // A fork whose first act is an exec is told as what it becomes.
    if process.is_told() || matches!(kind, Kind::Exec { .. }) {
        return None;
    }
    let start = start_of_fork(caller.pid)?;
    process.set_told();
    Some(Record::Forked(Arc::clone(process), start))
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
            let (operation, resolve) = operation_name(caller.tid, operation, arguments)?;
            let located = locate(caller, place, arguments, resolve)?;
            tell(Call::File { located, operation });
        }
        Kind::Rename { old, new } => {
            for place in [old, new] {
                let located = locate(caller, place, arguments, 0)?;
                let operation = "rename";
                tell(Call::File { located, operation });
            }
        }
        Kind::Exec {
            place,
            arguments: vector,
        } => {
            let located = locate(caller, place, arguments, 0)?;
            let command_line = memory::arguments(caller.tid, arguments[usize::from(vector)])?;
            records.extend(try_exec(caller, located, command_line));
        }
        Kind::ChangeDirectory => caller.changes_directory(),
        Kind::Unshare => {
            caller.changes_directory();
            if fd & libc::CLONE_FS != 0 {
                caller.separates_directories();
            }
        }
        Kind::IoUring => tell(Call::IoUring),
        // Counted by the caller of this function.
        Kind::SeccompListener => {}
        Kind::Connect => {
            if let Some(address) = read_address(caller.tid, arguments[1], arguments[2])?
                && let Some(call) = connections::connect(caller, fd, address)?
            {
                tell(call);
            }
        }
        Kind::Listen => {
            if let Some(call) = connections::listen(caller, fd) {
                tell(call);
            }
        }
        Kind::SendTo | Kind::Write | Kind::SendMessage | Kind::SendMessages => {
            dns_capture::sent(caller, kind, arguments, tell)?;
        }
    }
    Ok(())
}

/// The name of an operation, and how its path is resolved (`openat2(2)`).
fn operation_name(tid: u32, operation: Operation, arguments: &[u64; 6]) -> Result<(&'static str, u64), Unread> {
    let name = match operation {
        Operation::Is(name) => name,
        Operation::Open(flags) => opened_for(arguments[usize::from(flags)]),
        Operation::OpenHow(how) => {
            let [flags, _, resolve] = memory::words(tid, arguments[usize::from(how)])?;
            return Ok((opened_for(flags), resolve));
        }
        Operation::Remove(flags) if arguments[usize::from(flags)] as i32 & libc::AT_REMOVEDIR != 0 => "rmdir",
        Operation::Remove(_) => "unlink",
    };
    Ok((name, 0))
}

fn locate(caller: &mut Caller<'_>, place: Place, arguments: &[u64; 6], resolve: u64) -> Result<Located, Unread> {
    let mut path = memory::string(caller.tid, arguments[usize::from(place.path)], MAX_PATH_BYTES)?;
    if resolve & libc::RESOLVE_IN_ROOT != 0 {
        // The directory is the root of this call: what is absolute starts there, and nothing leads out of it.
        path.drain(..paths::leading_to_root(&path));
        if path.is_empty() {
            path.push(b'.');
        }
    } else if path.first() == Some(&b'/') {
        // The kernel refuses to leave the directory, and asks for no file.
        let is_refused = resolve & libc::RESOLVE_BENEATH != 0;
        return if is_refused {
            Err(Unread::Invalid)
        } else {
            Ok(caller.locate_absolute(path))
        };
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
        path.push(b'.');
    }
    let directory = match directory {
        libc::AT_FDCWD => caller.directory()?,
        fd => caller.seen_from_root(&procfs::descriptor(caller.tid, fd)?),
    };
    Ok(directory.locate(path))
}

fn try_exec(caller: &Caller<'_>, located: Located, command_line: Vec<String>) -> Option<Record> {
    let process = caller.met.process.as_ref()?;
    let before = Stat::read(caller.pid)?;
    let path = paths::absolute(located.directory.as_deref(), &located.path);
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
