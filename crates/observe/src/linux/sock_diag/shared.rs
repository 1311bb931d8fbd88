//! State that the thread shares with those that call it: what it is to look at, and what it has found.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::os::fd::OwnedFd;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Instant;
use std::{fs, io};

use mirrord_wire::Observation;
use rustix::event::{EventfdFlags, eventfd};

use super::bind::PendingBind;
use super::netlink::DestroyedSockets;
use crate::linux::bound::Bound;
use crate::linux::queue::Queue;

/// Calls that wait for the thread; more are left out, and the session is incomplete.
pub(super) const MAX_INTERESTS: usize = 4_096;
/// Observations that wait for the event worker; as above.
pub(super) const MAX_OBSERVATIONS: usize = 4_096;

/// Time for which a socket that was announced may not have reached the thread, milliseconds: a busy machine is slow.
const ANNOUNCED_MS: u64 = 3_000;

/// A call or an end of a process that concerns sockets.
pub(super) enum Interest {
    Connect {
        pid: u32,
        cookie: u64,
        remote: SocketAddr,
        since: Instant,
    },
    Listen {
        pid: u32,
        inode: u64,
        protocol: &'static str,
        bound: Option<Bound>,
    },
    Bind(PendingBind),
    /// The sockets that a program was started with.
    Inherited {
        pid: u32,
        sockets: Vec<u64>,
    },
    Ended {
        pid: u32,
    },
}

/// Part of the state that other threads touch.
pub(super) struct Shared {
    pub(super) queue: Arc<Queue>,
    pub(super) wake: OwnedFd,
    pub(super) inbox: Mutex<Vec<Interest>>,
    pub(super) outbox: Mutex<Vec<Observation>>,
    pub(super) processes: Mutex<BTreeSet<u32>>,
    /// Subscription to the ends of sockets; `None` before it is needed, or where it is refused.
    pub(super) subscription: OnceLock<DestroyedSockets>,
    /// When a socket was last announced that the thread has yet to hear of, milliseconds since `started`; 0 for never.
    pub(super) announced_ms: AtomicU64,
    pub(super) started: Instant,
    pub(super) has_begun: AtomicBool,
    pub(super) runs: AtomicBool,
    pub(super) has_left_out: AtomicBool,
    pub(super) flush: Mutex<Flush>,
    pub(super) flushed: Condvar,
}

/// Numbers of last reports that were asked for, and that were made.
#[derive(Default)]
pub(super) struct Flush {
    pub(super) asked: u64,
    pub(super) made: u64,
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shared {
    pub(super) fn new(queue: Arc<Queue>) -> io::Result<Self> {
        Ok(Self {
            queue,
            wake: eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK)?,
            inbox: Mutex::default(),
            outbox: Mutex::default(),
            processes: Mutex::default(),
            subscription: OnceLock::new(),
            announced_ms: AtomicU64::new(0),
            started: Instant::now(),
            has_begun: AtomicBool::new(false),
            runs: AtomicBool::new(false),
            has_left_out: AtomicBool::new(false),
            flush: Mutex::default(),
            flushed: Condvar::new(),
        })
    }

    fn now_ms(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// A socket is announced that the thread hears of later: until then its end is not left out.
    pub(super) fn announce(&self) {
        self.announced_ms.store(self.now_ms() + 1, Ordering::Relaxed);
    }

    /// Reports a socket that may have been announced, and of which the thread has yet to hear.
    pub(super) fn is_announced(&self) -> bool {
        let announced = self.announced_ms.load(Ordering::Relaxed);
        announced > 0 && self.now_ms() < announced + ANNOUNCED_MS
    }

    pub(super) fn wake(&self) {
        // The only error is a full counter, and then the thread is awake.
        let _ = rustix::io::write(&self.wake, &1_u64.to_ne_bytes());
    }

    /// Hands an observation to the event worker.
    pub(super) fn emit(&self, observation: Observation) {
        let mut outbox = lock(&self.outbox);
        if outbox.len() < MAX_OBSERVATIONS {
            outbox.push(observation);
        } else {
            self.has_left_out.store(true, Ordering::Relaxed);
        }
    }
}

/// Returns whether a process is in another network namespace; `None` where that cannot be known.
pub(super) fn is_in_other_network(pid: u32) -> Option<bool> {
    let own = fs::read_link("/proc/self/ns/net").ok()?;
    Some(fs::read_link(format!("/proc/{pid}/ns/net")).ok()? != own)
}
