//! Process that has a port which a socket of the tree could not have, found by the number of the socket that listens there.
//!
//! Processes of another user do not show their descriptors: then none is named.

use std::time::{Duration, Instant};

use mirrord_wire::ListenerUpdate;

use super::bind::PendingBind;
use super::netlink::Diag;
use super::socket::UdpSocket;
use crate::linux::bound::Bound;
use crate::linux::procfs;

/// Time that a search takes; what is not found by then is not named.
const SEARCH_TIMEOUT: Duration = Duration::from_millis(50);

/// Time that searches may take at once, and its share of all time beyond that: a program may try again and again.
const MAX_BUDGET: Duration = Duration::from_millis(100);
const REFILL_SHARE: u32 = 100;

/// Budget of time for searches.
pub(super) struct SearchBudget {
    left: Duration,
    since: Instant,
}

impl Default for SearchBudget {
    fn default() -> Self {
        Self {
            left: MAX_BUDGET,
            since: Instant::now(),
        }
    }
}

impl SearchBudget {
    /// Runs a search where there is time left for one.
    pub(super) fn spend<T>(&mut self, search: impl FnOnce() -> Option<T>) -> Option<T> {
        let start = Instant::now();
        let refill = start.duration_since(self.since) / REFILL_SHARE;
        (self.left, self.since) = (self.left.saturating_add(refill).min(MAX_BUDGET), start);
        if self.left.is_zero() {
            return None;
        }
        let found = search();
        self.left = self.left.saturating_sub(start.elapsed());
        found
    }
}

/// A process that has a port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Holder {
    pid: u32,
    name: String,
}

/// Returns the number of a TCP socket that listens where another one would be bound.
pub(super) fn listener_at(diag: &mut Diag, own: Bound) -> Option<u64> {
    let mut found = None;
    let _ = diag.tcp_listeners(&mut |socket| {
        let other = Bound {
            inode: socket.inode,
            address: socket.local,
            only_v6: socket.only_v6 || !socket.is_v6,
        };
        if other.inode != own.inode && (other.takes(own.address) || own.takes(other.address)) {
            found.get_or_insert(other.inode);
        }
    });
    found
}

/// Returns the process whose socket is in the way of a `bind` that failed, where it can be known.
pub(super) fn holder(diag: &mut Diag, bind: &PendingBind) -> Option<Holder> {
    let own = bind.bound;
    let inode = if bind.protocol == "udp" {
        let ports = super::netlink::Ports {
            local: vec![own.address.port()],
            remote: Vec::new(),
        };
        let mut found = None;
        let is_in_the_way =
            |socket: &UdpSocket| socket.inode != own.inode && socket.port == own.address.port() && !socket.is_connected;
        let _ = diag.udp(&ports, &mut |socket| {
            if is_in_the_way(&socket) {
                found.get_or_insert(socket.inode);
            }
        });
        found?
    } else {
        listener_at(diag, own)?
    };
    let pid = process_of(inode, SEARCH_TIMEOUT)?;
    let name = procfs::Stat::read(pid)?.name;
    Some(Holder { pid, name })
}

/// Returns the process that has a socket open, by its number, where it is found within `limit`.
fn process_of(inode: u64, limit: Duration) -> Option<u32> {
    let start = Instant::now();
    let processes = std::fs::read_dir("/proc").ok()?.flatten();
    let mut pids = processes.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    pids.by_ref()
        .take_while(|_| start.elapsed() < limit)
        .find(|pid| procfs::socket_inodes(*pid).contains(&inode))
}

/// Update of a listener that could not have its port.
pub(super) fn bind_failed(bind: &PendingBind, holder: Option<Holder>) -> ListenerUpdate {
    let (name, pid) = holder.map(|holder| (holder.name, holder.pid)).unzip();
    ListenerUpdate {
        protocol: bind.protocol.into(),
        address: bind.bound.text(),
        port: bind.bound.address.port(),
        note: Some(mirrord_wire::session::BIND_FAILED.into()),
        closed: true,
        holder: name,
        holder_pid: pid,
        ..ListenerUpdate::default()
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;
    use std::os::fd::AsRawFd as _;

    use super::*;

    #[test]
    fn a_socket_is_found_in_the_process_that_has_it() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let own = std::process::id();
        let inode = procfs::socket_inode(own, listener.as_raw_fd()).unwrap();
        assert_eq!(process_of(inode, Duration::MAX), Some(own));
        assert_eq!(process_of(u64::MAX, Duration::MAX), None);
        assert_eq!(process_of(inode, Duration::ZERO), None);
    }

    #[test]
    fn searches_end_where_their_time_is_spent() {
        let mut budget = SearchBudget {
            left: Duration::from_nanos(1),
            since: Instant::now(),
        };
        assert_eq!(budget.spend(|| Some(1)), Some(1));
        let mut spent = SearchBudget {
            left: Duration::ZERO,
            since: Instant::now() + Duration::from_secs(3_600),
        };
        assert_eq!(spent.spend(|| Some(1)), None);
    }
}
