//! From an announced call to records: everything that is done while the caller is stopped.
//!
//! Invariant: nothing is done here that could be done later (every microsecond is the program's), and nothing that asks
//! a file system of the program's, which may be one that the program itself serves: no path of it is resolved here.
//! What is asked of `/proc`, of sockets and of descriptors is in the kernel's memory. Only the program's own memory can
//! be kept from us (the command line of `/proc` is that as well), and a socket's lock while another thread sends from
//! such memory: then the watchdog answers (see `overdue`). A call that will fail by itself (a bad pointer, a closed
//! descriptor) gives no record.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::connections;
use super::dns_capture;
use super::memory::{self, MAX_PATH_BYTES, ReadError};
use super::paths;
use super::process::{ObservationPoint, PendingExec, Start, known_parent, start_of_fork};
use super::processes::{Caller, Processes};
use super::procfs::{self, Stat};
use super::question::{Question, may_create};
use super::queue::{Call, LocatedPath, Record};
use super::syscalls::{Empty, Kind, Lookup, Operation, PathArguments, SyscallTable, opened_for};

/// An announced call.
pub(crate) struct SyscallNotification<'call> {
    pub(crate) tid: u32,
    pub(crate) number: i32,
    pub(crate) arguments: &'call [u64; 6],
    /// Address behind the instruction that made it.
    pub(crate) instruction: u64,
}

/// Reads calls.
pub(crate) struct SyscallReader {
    table: SyscallTable,
    pub(crate) processes: Processes,
    /// Calls of the dynamic loader are marked.
    marks_loader: bool,
}

impl SyscallReader {
    pub(crate) fn new(marks_loader: bool) -> Self {
        Self {
            table: SyscallTable::new(),
            processes: Processes::new(),
            marks_loader,
        }
    }

    pub(crate) fn kind(&self, number: i32) -> Option<Kind> {
        self.table.kind(number)
    }

    /// Reads the call's arguments. `Denied`: it was made, and cannot be read.
    pub(crate) fn read(
        &mut self,
        call: &SyscallNotification<'_>,
        notif_id_valid: impl Fn() -> bool,
        records: &mut Vec<Record>,
    ) -> Result<(), ReadError> {
        let kind = self.table.kind(call.number).ok_or(ReadError::Denied)?;
        let caller = self.processes.caller(call.tid, notif_id_valid, records);
        let mut caller = caller.ok_or(ReadError::Denied)?;
        records.extend(start_before_call(&caller, kind));
        let were_hidden = *caller.sockets_are_hidden;
        let by_loader = self.marks_loader && matches!(kind, Kind::File { .. }) && caller.is_loader(call.instruction);
        if matches!(kind, Kind::Exec { .. }) {
            caller.entry.loader = None;
        }
        let outcome = read_kind(&mut caller, kind, (call.arguments, by_loader), records);
        if *caller.sockets_are_hidden && !were_hidden {
            let pid = caller.pid;
            let call = Call::SocketsHidden;
            records.push(Record::Call { pid, call });
        }
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
        if matches!(kind, Kind::Exec { .. }) {
            self.processes.credentials.executes(call.tid);
        }
        if is_refused_listener {
            self.processes.refused_listeners.fetch_add(1, Ordering::Relaxed);
        }
        match outcome {
            Err(ReadError::Invalid) => Ok(()),
            other => other,
        }
    }
}

/// Returns the start to emit of the process before its call.
fn start_before_call(caller: &Caller<'_>, kind: Kind) -> Option<Record> {
    let process = caller.entry.process.as_ref()?;
    if process.has_pending_exec()
        && let Some(start) = process.resolve_exec(ObservationPoint::NextCall { tid: caller.tid })
    {
        return Some(Record::Started(Arc::clone(process), start));
    }
    // A fork that executes a program first is reported as that program.
    if process.is_reported() || matches!(kind, Kind::Exec { .. }) {
        return None;
    }
    let start = start_of_fork(caller.pid)?;
    process.set_reported();
    Some(Record::Forked(Arc::clone(process), start))
}

fn read_kind(
    caller: &mut Caller<'_>,
    kind: Kind,
    (arguments, by_loader): (&[u64; 6], bool),
    records: &mut Vec<Record>,
) -> Result<(), ReadError> {
    let fd = arguments[0] as i32;
    let pid = caller.pid;
    let mut emit = |call| records.push(Record::Call { pid, call });
    match kind {
        Kind::File {
            path_arguments,
            operation,
        } => {
            let read = read_operation(caller.tid, operation, arguments)?;
            let located = locate(caller, path_arguments, arguments, read.resolve)?;
            let asked = read.question.and_then(|question| caller.asked(question));
            emit(Call::File {
                located,
                operation: read.name,
                asked,
                changes: read.changes,
                by_loader,
            });
        }
        Kind::Rename { old, new } => {
            for path_arguments in [old, new] {
                let located = locate(caller, path_arguments, arguments, 0)?;
                emit(Call::File {
                    located,
                    operation: "rename",
                    asked: None,
                    changes: true,
                    by_loader: false,
                });
            }
        }
        Kind::Exec {
            path_arguments,
            arguments: vector,
        } => {
            let located = locate(caller, path_arguments, arguments, 0)?;
            let command_line = memory::read_arguments(caller.tid, arguments[usize::from(vector)])?;
            emit(Call::File {
                located: located.clone(),
                operation: "exec",
                asked: caller.asked(Question::program()),
                changes: false,
                by_loader: false,
            });
            records.extend(try_exec(caller, located, command_line));
        }
        Kind::ChangeDirectory => caller.changes_directory(),
        Kind::Unshare => {
            caller.changes_directory();
            if fd & libc::CLONE_FS != 0 {
                caller.separates_directories();
            }
            if fd & libc::CLONE_NEWUSER != 0 {
                caller.credentials.changes(caller.tid);
            }
        }
        Kind::EnterNamespace => {
            caller.changes_directory();
            caller.credentials.changes(caller.tid);
        }
        Kind::ChangeCredentials => caller.credentials.changes(caller.tid),
        Kind::Restrict => caller.entry.is_restricted = true,
        Kind::IoUring => emit(Call::IoUring),
        // Counted by the caller of this function.
        Kind::SeccompListener => {}
        Kind::Connect => {
            if let Some(address) = connections::read_address(caller.tid, arguments[1], arguments[2])?
                && let Some(call) = connections::connect(caller, fd, address)?
            {
                emit(call);
            }
        }
        Kind::Bind => {
            if let Some(address) = connections::read_address(caller.tid, arguments[1], arguments[2])?
                && let Some(call) = connections::bind(caller, fd, address)
            {
                emit(call);
            }
        }
        Kind::Listen => {
            if let Some(call) = connections::listen(caller, fd) {
                emit(call);
            }
        }
        Kind::SendTo | Kind::Write | Kind::SendMessage | Kind::SendMessages => {
            dns_capture::capture_sent(caller, kind, arguments, emit)?;
        }
    }
    Ok(())
}

/// A file operation, as its arguments have it.
struct FileOperation {
    name: &'static str,
    /// Flags of `openat2(2)` by which the path is resolved.
    resolve: u64,
    question: Option<Question>,
    changes: bool,
}

fn read_operation(tid: u32, operation: Operation, arguments: &[u64; 6]) -> Result<FileOperation, ReadError> {
    let argument = |index: u8| arguments[usize::from(index)];
    let change = |name| FileOperation {
        name,
        resolve: 0,
        question: None,
        changes: true,
    };
    let open = |flags, resolve| FileOperation {
        name: opened_for(flags),
        resolve,
        question: Question::open(flags).filter(|_| resolve == 0),
        changes: may_create(flags),
    };
    Ok(match operation {
        Operation::Is(name) => change(name),
        Operation::Asks(name, lookup) => FileOperation {
            question: question(lookup, arguments),
            changes: false,
            ..change(name)
        },
        Operation::Open(flags) => open(argument(flags), 0),
        Operation::OpenHow(how) => {
            let [flags, _, resolve] = memory::read_words(tid, argument(how))?;
            open(flags, resolve)
        }
        Operation::MakeNode(mode) if argument(mode) as u32 & libc::S_IFMT == libc::S_IFIFO => change("mkfifo"),
        Operation::MakeNode(_) => change("write"),
        Operation::Remove(flags) if argument(flags) as i32 & libc::AT_REMOVEDIR != 0 => change("rmdir"),
        Operation::Remove(_) => change("unlink"),
    })
}

fn question(lookup: Lookup, arguments: &[u64; 6]) -> Option<Question> {
    let argument = |index: u8| arguments[usize::from(index)];
    let follows = |flags: u64| flags as i32 & libc::AT_SYMLINK_NOFOLLOW == 0;
    match lookup {
        Lookup::Stat => Some(Question::existence(true)),
        Lookup::StatLink => Some(Question::existence(false)),
        Lookup::StatWithFlags(flags) => Some(Question::existence(follows(argument(flags)))),
        Lookup::Access(mode) => Question::access(argument(mode), 0),
        Lookup::AccessWithFlags(mode, flags) => Question::access(argument(mode), argument(flags)),
        Lookup::Link => Some(Question::link()),
    }
}

fn locate(
    caller: &mut Caller<'_>,
    path_arguments: PathArguments,
    arguments: &[u64; 6],
    resolve: u64,
) -> Result<LocatedPath, ReadError> {
    let mut path = memory::read_string(caller.tid, arguments[usize::from(path_arguments.path)], MAX_PATH_BYTES)?;
    if resolve & libc::RESOLVE_IN_ROOT != 0 {
        // The directory is the root of this call: what is absolute starts there, and nothing leads out of it.
        path.drain(..paths::leading_to_root(&path));
        if path.is_empty() {
            path.push(b'.');
        }
    } else if path.first() == Some(&b'/') {
        let has_dirfd = names_dirfd(path_arguments, arguments);
        // The kernel refuses to leave the directory, and asks for no file.
        let is_refused = resolve & libc::RESOLVE_BENEATH != 0;
        return if is_refused {
            Err(ReadError::Invalid)
        } else {
            Ok(LocatedPath {
                has_dirfd,
                ..caller.locate_absolute(path)
            })
        };
    }
    let directory = path_arguments
        .directory
        .map_or(libc::AT_FDCWD, |argument| arguments[usize::from(argument)] as i32);
    if path.is_empty() {
        let names_descriptor = match path_arguments.empty {
            Empty::Fails => false,
            Empty::Descriptor => true,
            Empty::WithFlag(flags) => arguments[usize::from(flags)] as i32 & libc::AT_EMPTY_PATH != 0,
        };
        if !names_descriptor || directory == libc::AT_FDCWD {
            return Err(ReadError::Invalid);
        }
        path.push(b'.');
    }
    let directory = match directory {
        libc::AT_FDCWD => caller.directory()?,
        fd => caller.seen_from_root(&procfs::descriptor_path(caller.tid, fd)?),
    };
    Ok(LocatedPath {
        has_dirfd: names_dirfd(path_arguments, arguments),
        ..directory.locate(path)
    })
}

/// Reports a descriptor of a directory in the arguments: not `AT_FDCWD`.
fn names_dirfd(path_arguments: PathArguments, arguments: &[u64; 6]) -> bool {
    let directory = path_arguments.directory;
    directory.is_some_and(|argument| arguments[usize::from(argument)] as i32 != libc::AT_FDCWD)
}

fn try_exec(caller: &mut Caller<'_>, located: LocatedPath, command_line: Vec<String>) -> Option<Record> {
    let directory = caller.directory().ok().map(|directory| paths::escape(&directory.path));
    let process = caller.entry.process.as_ref()?;
    let before = Stat::read(caller.pid)?;
    let path = paths::absolute(located.directory.as_deref(), &located.path);
    let file_name = path.rsplit('/').next().unwrap_or_default().to_owned();
    process.begin_exec(PendingExec {
        tid: caller.tid,
        path: path.into(),
        announced: Start {
            parent: known_parent(before.parent),
            name: file_name.clone(),
            command_line,
            directory,
        },
        before,
        file_name,
    });
    Some(Record::ExecPending(Arc::clone(process)))
}
