//! Outcomes of `bind(2)`: whether a socket has its port, seen after the call.
//!
//! The socket is looked at through a duplicate that is held for microseconds. One that is closed by then did not have a
//! port that another socket listens on.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustix::net::getsockname;

use crate::linux::bound::Bound;
use crate::linux::process::Process;
use crate::linux::{procfs, sockets};

/// Time for which a call may take to be made.
const SETTLE_TIMEOUT: Duration = Duration::from_secs(1);

/// A `bind` that was announced.
pub(crate) struct PendingBind {
    process: Arc<Process>,
    tid: u32,
    fd: i32,
    pub(super) bound: Bound,
    pub(super) protocol: &'static str,
    since: Instant,
}

/// Outcome of a `bind`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The call may have yet to be made.
    Pending,
    Bound(SocketAddr),
    Failed,
    /// The socket is closed, or cannot be looked at.
    Unknown,
}

impl PendingBind {
    pub(crate) fn new(process: Arc<Process>, (tid, fd): (u32, i32), bound: Bound, protocol: &'static str) -> Self {
        Self {
            process,
            tid,
            fd,
            bound,
            protocol,
            since: Instant::now(),
        }
    }

    pub(super) fn pid(&self) -> u32 {
        self.process.pid
    }

    pub(super) fn look(&self) -> Verdict {
        if procfs::socket_inode(self.tid, self.fd) != Some(self.bound.inode) {
            return Verdict::Unknown;
        }
        let Ok(socket) = sockets::duplicate(&self.process, self.tid, self.fd) else {
            return Verdict::Unknown;
        };
        let name = getsockname(&socket);
        drop(socket);
        let address = name.ok().and_then(|name| SocketAddr::try_from(name).ok());
        match address {
            Some(address) if address.port() != 0 => Verdict::Bound(address),
            _ if self.since.elapsed() > SETTLE_TIMEOUT => Verdict::Unknown,
            _ if may_be_in_bind(self.tid) => Verdict::Pending,
            Some(_) => Verdict::Failed,
            None => Verdict::Unknown,
        }
    }
}

/// Returns whether a thread may be in the call: a running one shows no number (`/proc/<pid>/syscall`, `proc(5)`).
fn may_be_in_bind(tid: u32) -> bool {
    let Ok(text) = std::fs::read_to_string(format!("/proc/{tid}/syscall")) else {
        return false;
    };
    let number = text.split_ascii_whitespace().next().unwrap_or_default();
    number == "running" || number.parse() == Ok(libc::SYS_bind)
}
