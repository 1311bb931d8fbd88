//! The processes that the observer has met, by the threads that call.
//!
//! Invariant: a thread is taken for a process's only while it is known to be: a process that has ended is met anew, and
//! what thread belongs to which process is asked again every second. The maps are bounded.

use std::collections::{HashMap, VecDeque};
use std::os::fd::OwnedFd;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};
use std::{io, mem};

use rustix::process::{Pid, PidfdFlags, pidfd_open};

use super::memory::Unread;
use super::process::Process;
use super::process_tree::Living;
use super::queue::{Destination, Located, Record};
use super::resolver_sockets::ResolverSockets;
use super::roots::Root;
use super::{paths, procfs, sys};

/// Processes that are watched at a time, each with a descriptor of ours. The start and the end of one beyond it (or
/// beyond the limit of open files) is not told, and counted; its calls are.
const MAX_PROCESSES: usize = 4_096;
/// Threads whose process is remembered; beyond it all are asked for again.
const MAX_THREADS: usize = 65_536;
/// How long it is believed to which process a thread belongs, and where a process's working directory is.
const BELIEVED: Duration = Duration::from_secs(1);
/// Destinations that are remembered of a process's datagrams, each for [`BELIEVED`].
const MAX_SENT: usize = 16;

/// A process, and what is remembered of it between its calls.
#[derive(Default)]
pub(crate) struct Met {
    /// `None`: there are too many to watch this one.
    pub(crate) process: Option<Arc<Process>>,
    root: Option<(Option<Root>, Instant)>,
    directory: Option<(Directory, Instant)>,
    /// The thread that is changing the working or the root directory, until it calls again.
    changing: Option<u32>,
    /// Its threads may have directories of their own (`CLONE_FS`): nothing is remembered of them.
    has_separate_directories: bool,
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

/// Who makes a call.
pub(crate) struct Caller<'met> {
    pub(crate) tid: u32,
    pub(crate) pid: u32,
    pub(crate) met: &'met mut Met,
    our_namespace: &'met [u8],
    resolvers: &'met mut ResolverSockets,
}

/// Everybody that has been met.
#[derive(Default)]
pub(crate) struct Processes {
    /// The name of our own mount namespace.
    our_namespace: Vec<u8>,
    by_pid: HashMap<u32, Met>,
    by_thread: HashMap<u32, (u32, Instant)>,
    stranger: Met,
    resolvers: ResolverSockets,
    root_is_met: bool,
    pub(crate) root_failed: Arc<AtomicBool>,
    pub(crate) untold: Arc<AtomicU64>,
    /// Seccomp listeners that were asked for beside ours.
    pub(crate) refused_listeners: Arc<AtomicU64>,
    /// The same processes for who wants to end them.
    pub(crate) living: Living,
}

impl Processes {
    pub(crate) fn new() -> Self {
        Self {
            our_namespace: procfs::mount_namespace(std::process::id()).unwrap_or_default(),
            ..Self::default()
        }
    }

    /// Who the thread is. `still_waits` tells whether its call still waits, so that its number means what it meant.
    pub(crate) fn caller(
        &mut self,
        tid: u32,
        still_waits: impl Fn() -> bool,
        records: &mut Vec<Record>,
    ) -> Option<Caller<'_>> {
        let pid = match self.known(tid) {
            Some(pid) => pid,
            None => self.meet(tid, still_waits, records)?,
        };
        let met = self.by_pid.get_mut(&pid).unwrap_or(&mut self.stranger);
        if met.changing == Some(tid) {
            met.changing = None;
            met.directory = None;
            met.root = None;
        }
        Some(Caller {
            tid,
            pid,
            met,
            our_namespace: &self.our_namespace,
            resolvers: &mut self.resolvers,
        })
    }

    fn is_met(&self, pid: u32) -> bool {
        let process = self.by_pid.get(&pid).and_then(|met| met.process.as_ref());
        process.is_some_and(|process| !process.has_ended())
    }

    fn known(&self, tid: u32) -> Option<u32> {
        if self.is_met(tid) {
            return Some(tid);
        }
        let (pid, since) = self.by_thread.get(&tid)?;
        (since.elapsed() < BELIEVED && self.is_met(*pid)).then_some(*pid)
    }

    fn meet(&mut self, tid: u32, still_waits: impl Fn() -> bool, records: &mut Vec<Record>) -> Option<u32> {
        // Of a thread that is not its process's first, the kernel gives no such descriptor.
        let (pid, pidfd) = match open(tid) {
            Err(error) if matches!(error.raw_os_error(), Some(libc::EINVAL | libc::ENOENT)) => {
                let pid = procfs::process_of(tid)?;
                self.remember_thread(tid, pid);
                if self.is_met(pid) {
                    self.compare_directories(tid, pid);
                    return Some(pid);
                }
                (pid, open(pid))
            }
            pidfd => (tid, pidfd),
        };
        self.by_pid
            .retain(|_, met| met.process.as_ref().is_some_and(|process| !process.has_ended()));
        let pidfd = pidfd.ok().filter(|_| self.by_pid.len() < MAX_PROCESSES);
        let Some(pidfd) = pidfd else {
            self.untold.fetch_add(1, Ordering::Relaxed);
            self.stranger = Met::default();
            return Some(pid);
        };
        if !still_waits() {
            return None;
        }
        // The first that we meet is the child which becomes the program.
        let root_failed = (!mem::replace(&mut self.root_is_met, true)).then(|| Arc::clone(&self.root_failed));
        let process = Arc::new(Process::new(pid, pidfd, root_failed));
        self.remember_living(&process);
        records.push(Record::Appeared(Arc::clone(&process)));
        let met = Met {
            process: Some(process),
            ..Met::default()
        };
        self.by_pid.insert(pid, met);
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
        if let Some(met) = self.by_pid.get_mut(&pid)
            && sys::have_separate_directories(pid, tid)
        {
            met.has_separate_directories = true;
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
        self.by_pid.values_mut().for_each(|met| met.directory = None);
    }
}

fn open(pid: u32) -> io::Result<OwnedFd> {
    let pid = Pid::from_raw(pid as i32).ok_or(io::ErrorKind::InvalidInput)?;
    Ok(pidfd_open(pid, PidfdFlags::empty())?)
}

impl Caller<'_> {
    /// The working directory: remembered for a moment, but not while a thread of the process is changing it.
    pub(crate) fn directory(&mut self) -> Result<Directory, Unread> {
        if let Some((directory, since)) = &self.met.directory
            && since.elapsed() < BELIEVED
        {
            return Ok(directory.clone());
        }
        let path = procfs::working_directory(self.tid)?;
        let directory = self.seen_from_root(&path);
        if self.may_remember() {
            self.met.directory = Some((directory.clone(), Instant::now()));
        }
        Ok(directory)
    }

    /// The root directory of the process, where it is not ours.
    pub(crate) fn root(&mut self) -> Option<Root> {
        if let Some((root, since)) = &self.met.root
            && since.elapsed() < BELIEVED
        {
            return root.clone();
        }
        let root = Root::of(self.tid, self.our_namespace);
        if self.may_remember() {
            self.met.root = Some((root.clone(), Instant::now()));
        }
        root
    }

    fn may_remember(&self) -> bool {
        self.met.changing.is_none() && self.met.process.is_some() && !self.met.has_separate_directories
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
    pub(crate) fn locate_from_working_directory(&mut self, path: Vec<u8>) -> Result<Located, Unread> {
        if path.first() == Some(&b'/') {
            return Ok(self.locate_absolute(path));
        }
        let directory = self.directory()?;
        Ok(directory.locate(path))
    }

    pub(crate) fn locate_absolute(&mut self, path: Vec<u8>) -> Located {
        Located {
            directory: None,
            path,
            root: self.root().map(|root| root.name),
        }
    }

    /// The thread is about to have a directory of its own.
    pub(crate) fn separates_directories(&mut self) {
        self.met.has_separate_directories = true;
    }

    /// Whether this is worth a look: not where the process sent another one there from this descriptor a moment ago.
    pub(crate) fn sends(&mut self, fd: i32, to: &Destination) -> bool {
        let now = Instant::now();
        let sent = &mut self.met.sent;
        if let Some(place) = sent.iter().position(|(from, there, _)| *from == fd && there == to) {
            if now.duration_since(sent[place].2) < BELIEVED {
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
        self.met.directory = None;
        self.met.root = None;
        self.met.changing = Some(self.tid);
    }

    /// The process is about to connect a descriptor, to a name server or not.
    pub(crate) fn connects(&mut self, fd: i32, to_resolver: bool) {
        if let Some(process) = &self.met.process {
            self.resolvers.connects(process, self.tid, fd, to_resolver);
        }
    }

    pub(crate) fn is_connected_to_resolver(&mut self, fd: i32) -> bool {
        let process = self.met.process.as_ref();
        process.is_some_and(|process| self.resolvers.contains(process, self.tid, fd))
    }
}

impl Directory {
    /// A path that starts here.
    pub(crate) fn locate(self, path: Vec<u8>) -> Located {
        Located {
            directory: Some(self.path),
            path,
            root: self.root,
        }
    }
}
