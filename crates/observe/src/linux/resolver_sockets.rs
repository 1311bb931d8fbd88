//! Cache of the sockets that are not connected to a name server, so that what is sent over them is not read.
//!
//! Asking the kernel for a socket's peer takes as long as reading a message. The answer is cached for
//! [`ELSEWHERE_TTL`]. Invariant: no look-up is lost to the cache when a descriptor's number comes to mean a name
//! server's socket. That takes a `connect(2)`, which is watched in the whole tree, or a duplicate of a connected one
//! (`dup2(2)` is not watched); so nothing is cached, and no answer of the cache is used, while such a socket is known
//! to be open. One exception: a socket that was connected outside of the tree, and takes a number that was asked about
//! within the TTL.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::process::Process;
use super::sockets::{Peer, look_at_peer};

/// The port of name servers.
pub(crate) const PORT: u16 = 53;
/// Time for which the kernel's answer is cached.
const ELSEWHERE_TTL: Duration = Duration::from_millis(10);
/// Sockets whose answer is kept; beyond it all are asked about again.
const MAX_ELSEWHERE: usize = 4_096;
/// Open sockets of name servers that are known; beyond it the oldest is forgotten.
const MAX_RESOLVERS: usize = 16;
/// Time from the announcement of a `connect` until the kernel acts on it. Above [`ELSEWHERE_TTL`], so that no older
/// answer outlasts it.
const ANNOUNCED_TIMEOUT: Duration = Duration::from_millis(50);
/// Time for which a socket counts as open that is not connected yet, or that may not be looked at.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// Sockets of the whole tree.
#[derive(Default)]
pub(crate) struct ResolverSockets {
    elsewhere: HashMap<(u32, i32), Instant>,
    open: VecDeque<OpenSocket>,
    checked: Option<Instant>,
}

struct OpenSocket {
    process: Arc<Process>,
    tid: u32,
    fd: i32,
    since: Instant,
}

impl ResolverSockets {
    /// Records that a socket is about to be connected, to a name server or not.
    pub(crate) fn connects(&mut self, process: &Arc<Process>, tid: u32, fd: i32, to_resolver: bool) {
        self.open.retain(|socket| !socket.is(process.pid, fd));
        if to_resolver {
            self.add(process, tid, fd, Instant::now());
        }
    }

    /// Returns whether a socket is connected to a name server.
    pub(crate) fn contains(&mut self, process: &Arc<Process>, tid: u32, fd: i32) -> bool {
        let now = Instant::now();
        self.forget_closed(now);
        let key = (process.pid, fd);
        let is_fresh = |asked: &Instant| now.saturating_duration_since(*asked) < ELSEWHERE_TTL;
        if self.open.is_empty() && self.elsewhere.get(&key).is_some_and(is_fresh) {
            return false;
        }
        let is_known = self.open.iter().any(|socket| socket.is(process.pid, fd));
        let is_resolver = match look_at_peer(process, tid, fd) {
            Peer::Port(port) => port == PORT,
            Peer::Other => false,
            // A question may be sent before the connection is there: the call waits for it.
            Peer::Unconnected | Peer::Unknown => is_known,
        };
        if is_resolver && !is_known {
            self.add(process, tid, fd, now);
        } else if self.open.is_empty() {
            if self.elsewhere.len() >= MAX_ELSEWHERE {
                self.elsewhere.clear();
            }
            self.elsewhere.insert(key, now);
        }
        is_resolver
    }

    fn add(&mut self, process: &Arc<Process>, tid: u32, fd: i32, since: Instant) {
        if self.open.len() == MAX_RESOLVERS {
            self.open.pop_front();
        }
        let process = Arc::clone(process);
        self.open.push_back(OpenSocket {
            process,
            tid,
            fd,
            since,
        });
    }

    /// Forgets the sockets that are closed by now, or connected elsewhere; asks the kernel once in [`ELSEWHERE_TTL`].
    fn forget_closed(&mut self, now: Instant) {
        let is_due = |checked| now.saturating_duration_since(checked) >= ELSEWHERE_TTL;
        if !self.open.is_empty() && self.checked.is_none_or(is_due) {
            self.checked = Some(now);
            self.open.retain(|socket| socket.may_be_open(now));
        }
    }
}

impl OpenSocket {
    fn is(&self, pid: u32, fd: i32) -> bool {
        self.process.pid == pid && self.fd == fd
    }

    fn may_be_open(&self, now: Instant) -> bool {
        let age = now.saturating_duration_since(self.since);
        age < ANNOUNCED_TIMEOUT
            || match look_at_peer(&self.process, self.tid, self.fd) {
                Peer::Port(port) => port == PORT,
                Peer::Unconnected | Peer::Unknown => age < CONNECT_TIMEOUT,
                Peer::Other => false,
            }
    }
}
