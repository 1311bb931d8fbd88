//! Table of the observed processes, by the threads that call.
//!
//! Invariant: a thread is taken for a process's only while it is known to be: a process that has ended is entered
//! again, and the process of each thread is read again every second. The maps are bounded.

use std::collections::{HashMap, VecDeque};
use std::mem;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use super::credentials::CredentialsCache;
use super::memory::ReadError;
use super::process::Process;
use super::process_tree::Living;
use super::procfs::open_process;
use super::question::Question;
use super::queue::{Asked, Destination, LocatedPath, Record};
use super::resolver_sockets::ResolverSockets;
use super::roots::Root;
use super::{loader, paths, procfs, sys};

/// Processes that are tracked at a time, each with a descriptor of ours. The start and the end of one beyond it (or
/// beyond the limit of open files) is not emitted, and counted; its calls are emitted.
const MAX_PROCESSES: usize = 4_096;
/// Threads whose process is remembered; beyond it all are asked for again.
const MAX_THREADS: usize = 65_536;
/// Time for which a thread's process and a process's directories are cached.
const CACHE_TTL: Duration = Duration::from_secs(1);
/// Destinations that are remembered of a process's datagrams, each for [`CACHE_TTL`].
const MAX_SENT: usize = 16;

/// A process, and what is remembered of it between its calls.
#[derive(Default)]
pub(crate) struct ProcessEntry {
    /// `None`: there are too many to watch this one.
    pub(crate) process: Option<Arc<Process>>,
    root: Option<(Option<Root>, Instant)>,
    directory: Option<(Directory, Instant)>,
    /// The thread that is changing the working or the root directory, until it calls again.
    changing: Option<u32>,
    /// Its threads may have directories of their own (`CLONE_FS`): nothing is remembered of them.
    has_separate_directories: bool,
    /// It may reach less than its credentials allow (`landlock(7)`): its look-ups have no outcome.
    pub(crate) is_restricted: bool,
    /// Addresses of its dynamic loader, as far as they were read since its last exec.
    pub(crate) loader: Option<Option<Range<u64>>>,
    /// Destinations of its latest datagrams.
    sent: VecDeque<(i32, Destination, Instant)>,
}

/// A directory that a relative path starts at.
#[derive(Clone)]
pub(crate) struct Directory {
    pub(crate) path: Arc<[u8]>,
    /// The name of the root directory that sees it so, where that is not ours.
    pub(crate) root: Option<Arc<str>>,
}

/// Caller of a system call.
pub(crate) struct Caller<'a> {
    pub(crate) tid: u32,
    pub(crate) pid: u32,
    pub(crate) entry: &'a mut ProcessEntry,
    pub(crate) credentials: &'a mut CredentialsCache,
    /// Set where a socket could not be duplicated because a sandbox or a security module forbids it.
    pub(crate) sockets_are_hidden: &'a mut bool,
    our_namespace: &'a [u8],
    resolvers: &'a mut ResolverSockets,
}

/// Table of all observed processes.
#[derive(Default)]
pub(crate) struct Processes {
    /// The name of our own mount namespace.
    our_namespace: Vec<u8>,
    by_pid: HashMap<u32, ProcessEntry>,
    by_thread: HashMap<u32, (u32, Instant)>,
    untracked_entry: ProcessEntry,
    resolvers: ResolverSockets,
    pub(crate) credentials: CredentialsCache,
    pub(crate) sockets_are_hidden: bool,
    root_is_known: bool,
    pub(crate) root_failed: Arc<AtomicBool>,
    pub(crate) untracked: Arc<AtomicU64>,
    /// Seccomp listeners that were asked for beside ours.
    pub(crate) refused_listeners: Arc<AtomicU64>,
    /// Weak references to the same processes, for [`super::process_tree::ProcessTree`].
    pub(crate) living: Living,
}

impl Processes {
    pub(crate) fn new() -> Self {
        Self {
            our_namespace: procfs::mount_namespace(std::process::id()).unwrap_or_default(),
            ..Self::default()
        }
    }

    /// Finds or enters the caller. `notif_id_valid` returns whether its call still waits, so that the thread's id is
    /// still its own.
    pub(crate) fn caller(
        &mut self,
        tid: u32,
        notif_id_valid: impl Fn() -> bool,
        records: &mut Vec<Record>,
    ) -> Option<Caller<'_>> {
        let pid = match self.known(tid) {
            Some(pid) => pid,
            None => self.insert(tid, notif_id_valid, records)?,
        };
        let entry = self.by_pid.get_mut(&pid).unwrap_or(&mut self.untracked_entry);
        if entry.changing == Some(tid) {
            entry.changing = None;
            entry.directory = None;
            entry.root = None;
        }
        Some(Caller {
            tid,
            pid,
            entry,
            our_namespace: &self.our_namespace,
            resolvers: &mut self.resolvers,
            credentials: &mut self.credentials,
            sockets_are_hidden: &mut self.sockets_are_hidden,
        })
    }

    fn is_known(&self, pid: u32) -> bool {
        let process = self.by_pid.get(&pid).and_then(|entry| entry.process.as_ref());
        process.is_some_and(|process| !process.has_ended())
    }

    fn known(&self, tid: u32) -> Option<u32> {
        if self.is_known(tid) {
            return Some(tid);
        }
        let (pid, since) = self.by_thread.get(&tid)?;
        (since.elapsed() < CACHE_TTL && self.is_known(*pid)).then_some(*pid)
    }

    fn insert(&mut self, tid: u32, notif_id_valid: impl Fn() -> bool, records: &mut Vec<Record>) -> Option<u32> {
        // Of a thread that is not its process's first, the kernel gives no such descriptor.
        let (pid, pidfd) = match open_process(tid) {
            Err(error) if matches!(error.raw_os_error(), Some(libc::EINVAL | libc::ENOENT)) => {
                let pid = procfs::process_of(tid)?;
                self.remember_thread(tid, pid);
                if self.is_known(pid) {
                    self.compare_directories(tid, pid);
                    return Some(pid);
                }
                (pid, open_process(pid))
            }
            pidfd => (tid, pidfd),
        };
        self.by_pid
            .retain(|_, entry| entry.process.as_ref().is_some_and(|process| !process.has_ended()));
        let pidfd = pidfd.ok().filter(|_| self.by_pid.len() < MAX_PROCESSES);
        let Some(pidfd) = pidfd else {
            self.untracked.fetch_add(1, Ordering::Relaxed);
            self.untracked_entry = ProcessEntry::default();
            return Some(pid);
        };
        if !notif_id_valid() {
            return None;
        }
        // The first that we meet is the child which becomes the program.
        let root_failed = (!mem::replace(&mut self.root_is_known, true)).then(|| Arc::clone(&self.root_failed));
        let process = Arc::new(Process::new(pid, pidfd, root_failed));
        self.remember_living(&process);
        records.push(Record::Appeared(Arc::clone(&process)));
        let entry = ProcessEntry {
            process: Some(process),
            ..ProcessEntry::default()
        };
        self.by_pid.insert(pid, entry);
        Some(pid)
    }

    fn remember_living(&self, process: &Arc<Process>) {
        let mut living = self.living.lock().unwrap_or_else(PoisonError::into_inner);
        // As many as there are in the map, and now and then some that have just ended.
        if living.len() >= MAX_PROCESSES {
            living.retain(|process| process.upgrade().is_some_and(|process| !process.has_ended()));
        }
        living.push(Arc::downgrade(process));
    }

    fn compare_directories(&mut self, tid: u32, pid: u32) {
        if let Some(entry) = self.by_pid.get_mut(&pid)
            && sys::have_separate_directories(pid, tid)
        {
            entry.has_separate_directories = true;
        }
    }

    fn remember_thread(&mut self, tid: u32, pid: u32) {
        if self.by_thread.len() >= MAX_THREADS {
            self.by_thread.clear();
        }
        self.by_thread.insert(tid, (pid, Instant::now()));
    }

    /// A directory was renamed or removed: paths that are remembered may be wrong.
    pub(crate) fn forget_directories(&mut self) {
        self.by_pid.values_mut().for_each(|entry| entry.directory = None);
    }
}

impl Caller<'_> {
    /// Reports a call that the dynamic loader makes, by the instruction that made it.
    pub(crate) fn is_loader(&mut self, instruction: u64) -> bool {
        let addresses = match &self.entry.loader {
            Some(known) => known.clone(),
            None => {
                let read = loader::addresses(self.tid);
                // Until it is known that an exec took place, these may be those of the program before it.
                let is_lasting = self.entry.process.as_ref().is_some_and(|own| !own.has_pending_exec());
                self.entry.loader = is_lasting.then(|| read.clone());
                read
            }
        };
        addresses.is_some_and(|addresses| addresses.contains(&instruction))
    }

    /// The working directory: remembered for a moment, but not while a thread of the process is changing it.
    pub(crate) fn directory(&mut self) -> Result<Directory, ReadError> {
        if let Some((directory, since)) = &self.entry.directory
            && since.elapsed() < CACHE_TTL
        {
            return Ok(directory.clone());
        }
        let path = procfs::working_directory(self.tid)?;
        let directory = self.seen_from_root(&path);
        if self.may_remember() {
            self.entry.directory = Some((directory.clone(), Instant::now()));
        }
        Ok(directory)
    }

    /// The root directory of the process, where it is not ours.
    pub(crate) fn root(&mut self) -> Option<Root> {
        if let Some((root, since)) = &self.entry.root
            && since.elapsed() < CACHE_TTL
        {
            return root.clone();
        }
        let root = Root::of(self.tid, self.our_namespace);
        if self.may_remember() {
            self.entry.root = Some((root.clone(), Instant::now()));
        }
        root
    }

    /// A look-up of this thread, with its credentials.
    pub(crate) fn asked(&mut self, question: Question) -> Option<Asked> {
        (!self.entry.is_restricted).then(|| Asked {
            question,
            tid: self.tid,
            credentials: self.credentials.of(self.tid),
        })
    }

    fn may_remember(&self) -> bool {
        self.entry.changing.is_none() && self.entry.process.is_some() && !self.entry.has_separate_directories
    }

    /// A directory, which the kernel has named as our root sees it.
    pub(crate) fn seen_from_root(&mut self, path: &[u8]) -> Directory {
        let root = self.root();
        let path = paths::without_deleted(path, |path| root.is_none() && procfs::is_known(path));
        match root.as_ref().and_then(|root| Some((root.inside(path)?, root))) {
            Some((inside, root)) => Directory {
                path: inside.into(),
                root: Some(Arc::clone(&root.name)),
            },
            None => Directory {
                path: path.into(),
                root: None,
            },
        }
    }

    /// A path that is absolute, or relative to the working directory.
    pub(crate) fn locate_from_working_directory(&mut self, path: Vec<u8>) -> Result<LocatedPath, ReadError> {
        if path.first() == Some(&b'/') {
            return Ok(self.locate_absolute(path));
        }
        let directory = self.directory()?;
        Ok(directory.locate(path))
    }

    pub(crate) fn locate_absolute(&mut self, path: Vec<u8>) -> LocatedPath {
        LocatedPath {
            directory: None,
            path,
            has_dirfd: false,
            root: self.root().map(|root| root.name),
        }
    }

    /// The thread is about to have a directory of its own.
    pub(crate) fn separates_directories(&mut self) {
        self.entry.has_separate_directories = true;
    }

    /// Returns whether this datagram may be new: false where the process sent one there from this descriptor within
    /// [`CACHE_TTL`].
    pub(crate) fn sends(&mut self, fd: i32, to: &Destination) -> bool {
        let now = Instant::now();
        let sent = &mut self.entry.sent;
        if let Some(place) = sent.iter().position(|(from, there, _)| *from == fd && there == to) {
            if now.duration_since(sent[place].2) < CACHE_TTL {
                return false;
            }
            sent.remove(place);
        }
        if sent.len() == MAX_SENT {
            sent.pop_front();
        }
        sent.push_back((fd, to.clone(), now));
        true
    }

    /// The thread is about to change the working or the root directory.
    pub(crate) fn changes_directory(&mut self) {
        self.entry.directory = None;
        self.entry.root = None;
        self.entry.changing = Some(self.tid);
    }

    /// The process is about to connect a descriptor, to a name server or not.
    pub(crate) fn connects(&mut self, fd: i32, to_resolver: bool) {
        if let Some(process) = &self.entry.process {
            self.resolvers.connects(process, self.tid, fd, to_resolver);
        }
    }

    pub(crate) fn is_connected_to_resolver(&mut self, fd: i32) -> bool {
        let process = self.entry.process.as_ref();
        process.is_some_and(|process| self.resolvers.contains(process, self.tid, fd))
    }
}

impl Directory {
    /// A path that starts here.
    pub(crate) fn locate(self, path: Vec<u8>) -> LocatedPath {
        LocatedPath {
            directory: Some(self.path),
            path,
            has_dirfd: false,
            root: self.root,
        }
    }
}
