//! State that the thread shares with those that call it: what it is to look at, and what it has found.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::os::fd::OwnedFd;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
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
    pub(super) subscription: Mutex<Option<io::Result<DestroyedSockets>>>,
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
            subscription: Mutex::default(),
            has_begun: AtomicBool::new(false),
            runs: AtomicBool::new(false),
            has_left_out: AtomicBool::new(false),
            flush: Mutex::default(),
            flushed: Condvar::new(),
        })
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
