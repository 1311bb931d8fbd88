//! Connections, arrivals and traffic of the tree, by `sock_diag(7)`.
//!
//! Two sources, on a thread of its own that begins with the first socket of interest: a look at the sockets with the
//! tree's ports, at most twice a second and never for more than a hundredth of a processor; and the kernel's notice of
//! each TCP socket that is destroyed, with its last numbers, so that short connections count as well. Nothing is read
//! from the program's own sockets. Invariant: no call and no event waits for this thread, but for its last report at the
//! program's end, which has a limit; where it is gone or may not look, nothing is known, which is said once.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};
use std::{io, mem};

use mirrord_wire::Observation;

mod bind;
mod bpf;
mod holder;
mod listening;
mod netlink;
mod poller;
mod shared;
mod socket;
mod tracker;

use self::bind::PendingBind;
use self::netlink::DestroyedSockets;
use self::poller::Poller;
use self::shared::{Interest, MAX_INTERESTS, Shared, lock};
use super::process::Process;
use super::queue::{Call, Queue, Record};
use super::starter::spawn_thread;

/// Processes of the tree that are searched for the owner of a socket.
const MAX_PROCESSES: usize = 1_024;
/// Time for which the program's end waits for the last report.
const FLUSH_TIMEOUT: Duration = Duration::from_millis(100);

/// Handle of the thread.
#[derive(Clone)]
pub(crate) struct SocketMonitor(Arc<Shared>);

impl SocketMonitor {
    pub(crate) fn new(queue: Arc<Queue>) -> io::Result<Self> {
        Ok(Self(Arc::new(Shared::new(queue)?)))
    }

    /// Subscribes at the first call that concerns a TCP socket, and opens the filter for ports that are new: right after the
    /// call's answer, so that no connection is too short to be seen.
    pub(crate) fn begin(&self, records: &[Record]) {
        for record in records {
            let Record::Call { call, .. } = record else { continue };
            if !concerns_sockets(call) {
                continue;
            }
            if !self.0.has_begun.swap(true, Ordering::Relaxed)
                && let Ok(subscription) = DestroyedSockets::subscribe()
            {
                let _ = self.0.subscription.set(subscription);
            }
            let remote = match call {
                Call::Connect { port, .. } => Some(*port),
                _ => None,
            };
            // Before the ports are known: the first connection may be over by then.
            let is_opened = self.0.subscription.get().is_some_and(|own| own.open(remote));
            if is_opened || remote.is_none() {
                self.0.announce();
            }
        }
    }

    /// Takes note of a call of a process.
    pub(crate) fn note(&self, pid: u32, call: &Call, process: Option<&Arc<Process>>) {
        let interest = match call {
            Call::Connect {
                ip,
                port,
                cookie: Some(cookie),
                ..
            } => Interest::Connect {
                pid,
                cookie: *cookie,
                remote: (*ip, *port).into(),
                since: Instant::now(),
            },
            Call::Listen { bound } => Interest::Listen {
                pid,
                inode: bound.inode,
                protocol: "tcp",
                bound: Some(*bound),
            },
            Call::ListenLater { socket, .. } => Interest::Listen {
                pid,
                inode: *socket,
                protocol: "tcp",
                bound: None,
            },
            Call::ListenUnix { inode } => Interest::Listen {
                pid,
                inode: *inode,
                protocol: "unix",
                bound: None,
            },
            Call::Bind {
                tid,
                fd,
                bound,
                protocol,
            } => match process {
                Some(process) => Interest::Bind(PendingBind::new(Arc::clone(process), (*tid, *fd), *bound, protocol)),
                None => return,
            },
            _ => return,
        };
        self.add(interest);
    }

    /// A process of the tree has started, with these sockets that were there before.
    pub(crate) fn started(&self, pid: u32, inherited: Vec<u64>) {
        let mut processes = lock(&self.0.processes);
        if processes.len() < MAX_PROCESSES {
            processes.insert(pid);
        }
        drop(processes);
        if !inherited.is_empty() {
            let sockets = inherited;
            self.add(Interest::Inherited { pid, sockets });
        }
    }

    pub(crate) fn ended(&self, pid: u32) {
        lock(&self.0.processes).remove(&pid);
        if self.0.runs.load(Ordering::Relaxed) {
            self.add(Interest::Ended { pid });
        }
    }

    fn add(&self, interest: Interest) {
        let mut inbox = lock(&self.0.inbox);
        if inbox.len() >= MAX_INTERESTS {
            self.0.has_left_out.store(true, Ordering::Relaxed);
            return;
        }
        inbox.push(interest);
        drop(inbox);
        if !self.0.runs.swap(true, Ordering::Relaxed) {
            let shared = Arc::clone(&self.0);
            // Without the thread nothing of this is known.
            let _ = spawn_thread("mirrord-sockets", move || Poller::new(shared).run());
        }
        self.0.wake();
    }

    /// Emits what has come to be known.
    pub(crate) fn drain(&self, sink: &mut impl FnMut(Observation)) {
        if self.0.runs.load(Ordering::Relaxed) {
            let known = mem::take(&mut *lock(&self.0.outbox));
            known.into_iter().for_each(sink);
        }
    }

    /// Waits for a last report, for a bounded time, and emits it.
    pub(crate) fn flush(&self, sink: &mut impl FnMut(Observation)) {
        if !self.0.runs.load(Ordering::Relaxed) {
            return;
        }
        let mut flush = lock(&self.0.flush);
        flush.asked += 1;
        let asked = flush.asked;
        self.0.wake();
        let made = self
            .0
            .flushed
            .wait_timeout_while(flush, FLUSH_TIMEOUT, |flush| flush.made < asked);
        drop(made);
        self.drain(sink);
    }
}

fn concerns_sockets(call: &Call) -> bool {
    matches!(
        call,
        Call::Connect { cookie: Some(_), .. } | Call::Listen { .. } | Call::ListenLater { .. } | Call::Bind { .. }
    )
}
