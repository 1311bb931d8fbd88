//! Queue of records from the observer to the event worker, in order.
//!
//! Invariant: handing over never waits for the worker. Where the worker does not keep up, the newest calls are dropped
//! and counted; processes never are (their number is bounded elsewhere). The worker can wait until everything that a
//! process did before it ended has been handed over.

use std::net::IpAddr;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use std::{io, mem, thread};

use rustix::event::{EventfdFlags, eventfd};

use super::bound::Bound;
use super::connect_outcome::Dialed;
use super::credentials::Thread;
use super::process::{Process, Start};
use super::question::Question;

/// Records that may wait; beyond it the newest calls are dropped, and counted.
const MAX_RECORDS: usize = 65_536;
/// The memory that waiting records may take; beyond it as above.
const MAX_BYTES: usize = 16 * 1_024 * 1_024;
/// Time for which the worker waits for the observer to hand over its answered calls, which takes microseconds.
const HAND_OVER_TIMEOUT: Duration = Duration::from_millis(200);

/// One thing for the event worker.
pub(crate) enum Record {
    /// A process is there; its end is to be watched for.
    Appeared(Arc<Process>),
    /// A process's start, to be emitted.
    Started(Arc<Process>, Start),
    /// A process runs without an exec of its own; its start is to be emitted unless it was.
    Forked(Arc<Process>, Start),
    /// It tries an exec: see whether it succeeds.
    ExecPending(Arc<Process>),
    /// It made a call.
    Call { pid: u32, call: Call },
}

/// A path as it was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LocatedPath {
    /// The directory where it starts unless it is absolute.
    pub(crate) directory: Option<Arc<[u8]>>,
    pub(crate) path: Vec<u8>,
    /// The call named a descriptor of a directory.
    pub(crate) has_dirfd: bool,
    /// Name of the root directory that the path starts at, where that is not ours.
    pub(crate) root: Option<Arc<str>>,
}

/// Destination of a datagram with an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Destination {
    Internet { ip: IpAddr, port: u16 },
    Path(LocatedPath),
    Name(Vec<u8>),
}

/// Descriptor of a connected datagram socket, and where it is connected to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Datagram {
    pub(crate) fd: i32,
    pub(crate) ip: IpAddr,
    pub(crate) port: u16,
}

/// A look-up of a path, and the thread that made it.
#[derive(Debug)]
pub(crate) struct Asked {
    pub(crate) question: Question,
    pub(crate) tid: u32,
    pub(crate) credentials: Thread,
}

/// A call, with what had to be read while it was stopped.
pub(crate) enum Call {
    File {
        located: LocatedPath,
        operation: &'static str,
        /// The look-up, where the call is one.
        asked: Option<Asked>,
        /// Set where the call may change what the path leads to.
        changes: bool,
        /// The dynamic loader made the call; not known where that is not asked for.
        by_loader: bool,
    },
    Connect {
        ip: IpAddr,
        port: u16,
        protocol: Option<&'static str>,
        /// Number of a TCP socket (`SO_COOKIE`), where it could be looked at.
        cookie: Option<u64>,
        socket: Option<Dialed>,
    },
    /// A datagram socket was connected.
    ConnectDatagram {
        tid: u32,
        inode: u64,
        datagram: Datagram,
    },
    /// A datagram was sent with an address.
    Sent {
        tid: u32,
        fd: i32,
        to: Destination,
    },
    ConnectPath {
        located: LocatedPath,
        asked: Option<Asked>,
        socket: Option<Dialed>,
    },
    ConnectName {
        name: Vec<u8>,
        socket: Option<Dialed>,
    },
    Listen {
        bound: Bound,
    },
    /// A Unix socket listens.
    ListenUnix {
        inode: u64,
    },
    /// A socket is bound to an address, unless that fails.
    Bind {
        tid: u32,
        fd: i32,
        bound: Bound,
        protocol: &'static str,
    },
    /// The port is to be found by the socket's number once it listens.
    ListenLater {
        tid: u32,
        socket: u64,
    },
    /// Message to a name server.
    Query {
        fd: i32,
        message: Vec<u8>,
    },
    /// The process can make calls from now on that are not announced.
    IoUring,
    /// Sockets may not be looked at: connections have no outcome.
    SocketsHidden,
}

impl Record {
    fn changes_path(&self) -> bool {
        matches!(
            self,
            Self::Call {
                call: Call::File { changes: true, .. },
                ..
            }
        )
    }

    fn bytes(&self) -> usize {
        size_of::<Self>()
            + match self {
                Self::Call { call, .. } => match call {
                    Call::File { located, .. }
                    | Call::ConnectPath { located, .. }
                    | Call::Sent {
                        to: Destination::Path(located),
                        ..
                    } => located.path.capacity(),
                    Call::ConnectName { name: bytes, .. }
                    | Call::Query { message: bytes, .. }
                    | Call::Sent {
                        to: Destination::Name(bytes),
                        ..
                    } => bytes.capacity(),
                    _ => 0,
                },
                _ => 0,
            }
    }
}

/// The queue between the two threads.
pub(crate) struct Queue {
    waiting: Mutex<Waiting>,
    wake: OwnedFd,
    worker_sleeps: AtomicBool,
    begun: AtomicU64,
    handed_over: AtomicU64,
    /// As the two above, of calls alone that may change what a path leads to.
    begun_changes: AtomicU64,
    handed_over_changes: AtomicU64,
    /// Set where such a call was given up.
    lost_changes: AtomicBool,
    dropped: AtomicU64,
}

#[derive(Default)]
struct Waiting {
    records: Vec<Record>,
    bytes: usize,
}

impl Queue {
    pub(crate) fn new() -> io::Result<Self> {
        Ok(Self {
            waiting: Mutex::default(),
            wake: eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK)?,
            worker_sleeps: AtomicBool::new(false),
            begun: AtomicU64::new(0),
            handed_over: AtomicU64::new(0),
            begun_changes: AtomicU64::new(0),
            handed_over_changes: AtomicU64::new(0),
            lost_changes: AtomicBool::new(false),
            dropped: AtomicU64::new(0),
        })
    }

    /// The observer is about to answer a call: these records, which it hands over next, belong to it.
    pub(crate) fn begin(&self, records: &[Record]) {
        self.begun.fetch_add(1, Ordering::SeqCst);
        if records.iter().any(Record::changes_path) {
            self.begun_changes.fetch_add(1, Ordering::SeqCst);
        }
    }

    /// Hands over everything in `records`, and wakes the event worker where it sleeps. With nothing to hand over, as
    /// for most sends, it is left asleep: waking it takes several microseconds.
    pub(crate) fn hand_over(&self, records: &mut Vec<Record>) {
        let is_empty = records.is_empty();
        if !is_empty {
            let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
            for record in records.drain(..) {
                let full = waiting.records.len() >= MAX_RECORDS || waiting.bytes >= MAX_BYTES;
                if full && matches!(record, Record::Call { .. }) {
                    self.dropped.fetch_add(1, Ordering::Relaxed);
                    if record.changes_path() {
                        self.lost_changes.store(true, Ordering::Relaxed);
                    }
                    continue;
                }
                waiting.bytes += record.bytes();
                waiting.records.push(record);
            }
        }
        self.handed_over
            .store(self.begun.load(Ordering::SeqCst), Ordering::SeqCst);
        let changes = self.begun_changes.load(Ordering::Relaxed);
        if self.handed_over_changes.load(Ordering::Relaxed) != changes {
            self.handed_over_changes.store(changes, Ordering::SeqCst);
        }
        if !is_empty && self.worker_sleeps.swap(false, Ordering::SeqCst) {
            self.wake();
        }
    }

    /// Wakes the event worker.
    pub(crate) fn wake(&self) {
        // The only error is a full counter, and then the event worker is awake.
        let _ = rustix::io::write(&self.wake, &1_u64.to_ne_bytes());
    }

    /// Takes everything that waits, in exchange for `empty`'s room.
    pub(crate) fn take(&self, empty: &mut Vec<Record>) {
        empty.clear();
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        mem::swap(&mut waiting.records, empty);
        waiting.bytes = 0;
    }

    /// The event worker is about to sleep; false where something has come in the meantime.
    pub(crate) fn may_sleep(&self) -> bool {
        self.worker_sleeps.store(true, Ordering::SeqCst);
        let empty = self
            .waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .records
            .is_empty();
        if !empty {
            self.worker_sleeps.store(false, Ordering::SeqCst);
        }
        empty
    }

    /// The event worker is awake.
    pub(crate) fn awake(&self) {
        self.worker_sleeps.store(false, Ordering::SeqCst);
        let mut count = [0; 8];
        let _ = rustix::io::read(&self.wake, &mut count);
    }

    /// Waits until what was answered before now has been handed over.
    pub(crate) fn wait_for_what_was_answered(&self) {
        wait_until_handed_over(&self.begun, &self.handed_over);
    }

    /// As `wait_for_what_was_answered`, for calls that may change what a path leads to.
    pub(crate) fn wait_for_changes(&self) {
        wait_until_handed_over(&self.begun_changes, &self.handed_over_changes);
    }

    /// Returns whether calls that may change what a path leads to were given up since the last time.
    pub(crate) fn take_lost_changes(&self) -> bool {
        self.lost_changes.swap(false, Ordering::Relaxed)
    }

    /// Calls that were given up because the event worker did not keep up.
    pub(crate) fn dropped(&self) -> u64 {
        self.dropped.load(Ordering::Relaxed)
    }
}

fn wait_until_handed_over(begun: &AtomicU64, handed_over: &AtomicU64) {
    let begun = begun.load(Ordering::SeqCst);
    if handed_over.load(Ordering::SeqCst) >= begun {
        return;
    }
    let deadline = Instant::now() + HAND_OVER_TIMEOUT;
    while handed_over.load(Ordering::SeqCst) < begun && Instant::now() < deadline {
        thread::yield_now();
    }
}

impl AsFd for Queue {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.wake.as_fd()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call() -> Record {
        let call = Call::IoUring;
        Record::Call { pid: 1, call }
    }

    #[test]
    fn a_full_queue_gives_up_calls_and_counts_them() {
        let queue = Queue::new().expect("a queue");
        let mut records: Vec<_> = (0..MAX_RECORDS + 10).map(|_| call()).collect();
        queue.hand_over(&mut records);
        let mut taken = Vec::new();
        queue.take(&mut taken);
        assert_eq!((taken.len(), queue.dropped()), (MAX_RECORDS, 10));
        queue.hand_over(&mut vec![call()]);
        queue.take(&mut taken);
        assert_eq!((taken.len(), queue.dropped()), (1, 10));
    }

    #[test]
    fn long_paths_fill_the_queue_by_their_bytes() {
        let queue = Queue::new().expect("a queue");
        let long = || Record::Call {
            pid: 1,
            call: Call::ConnectName {
                name: Vec::with_capacity(4_096),
                socket: None,
            },
        };
        let mut records: Vec<_> = (0..8_192).map(|_| long()).collect();
        queue.hand_over(&mut records);
        assert!(queue.dropped() > 4_000, "{}", queue.dropped());
    }

    #[test]
    fn the_worker_does_not_sleep_over_what_has_come() {
        let queue = Queue::new().expect("a queue");
        assert!(queue.may_sleep());
        queue.awake();
        queue.hand_over(&mut vec![call()]);
        assert!(!queue.may_sleep());
    }
}
