//! Which connections there are, bounded. One that only waits makes room for one that has something to ask.
//!
//! At the bound the connection that has been idle longest (half a request counts as idle) is closed for the newcomer, so
//! that somebody who opens connections and says nothing locks nobody out. Where all are busy, the newcomer is refused.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// All connections of a server.
#[derive(Debug)]
pub(crate) struct Connections {
    entries: Mutex<Entries>,
    max: usize,
}

#[derive(Debug, Default)]
struct Entries {
    by_id: HashMap<u64, Entry>,
    next_id: u64,
}

#[derive(Debug)]
struct Entry {
    close: CancellationToken,
    /// Requests and WebSockets under way.
    busy: usize,
    idle_since: Instant,
}

/// One of our listeners. What a connection may do follows from this and its login, never from its address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Listener {
    /// On the loopback address: this user's browser, IDE and programs, with the token.
    Desktop,
}

/// Who a connection is, as far as its arrival tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Arrival {
    /// The listener that it came through.
    pub(crate) listener: Listener,
    /// The other end, for what is counted by address, and for logs.
    pub(crate) peer: SocketAddr,
}

/// One connection: whose it is, and its place in the table for as long as anybody holds this.
#[derive(Debug)]
pub(crate) struct Connection {
    table: Arc<Connections>,
    id: u64,
    pub(crate) arrival: Arrival,
    /// To be closed, for a shutdown or for another.
    pub(crate) close: CancellationToken,
}

/// Something under way on a connection.
#[derive(Debug)]
pub(crate) struct Busy(Arc<Connection>);

impl Connections {
    pub(crate) fn new(max: usize) -> Arc<Self> {
        Arc::new(Self {
            entries: Mutex::default(),
            max,
        })
    }

    fn lock(&self) -> MutexGuard<'_, Entries> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place for a new connection, or `None` where all are busy.
    pub(crate) fn admit(self: &Arc<Self>, arrival: Arrival, shutdown: &CancellationToken) -> Option<Arc<Connection>> {
        let mut entries = self.lock();
        if entries.by_id.len() >= self.max {
            let idle = entries.by_id.iter().filter(|(_, entry)| entry.busy == 0);
            let longest = idle.min_by_key(|(_, entry)| entry.idle_since).map(|(id, _)| *id)?;
            // Its task ends at once and finds its place already taken back.
            entries.by_id.remove(&longest)?.close.cancel();
        }
        let id = entries.next_id;
        entries.next_id += 1;
        let close = shutdown.child_token();
        let entry = Entry {
            close: close.clone(),
            busy: 0,
            idle_since: Instant::now(),
        };
        entries.by_id.insert(id, entry);
        let table = Arc::clone(self);
        Some(Arc::new(Connection {
            table,
            id,
            arrival,
            close,
        }))
    }
}

impl Connection {
    /// Marks the connection busy for as long as the result lives.
    pub(crate) fn busy(self: &Arc<Self>) -> Busy {
        if let Some(entry) = self.table.lock().by_id.get_mut(&self.id) {
            entry.busy += 1;
        }
        Busy(Arc::clone(self))
    }

    /// Whether something is under way; a connection that had to make room is not busy.
    pub(crate) fn is_busy(&self) -> bool {
        self.table
            .lock()
            .by_id
            .get(&self.id)
            .is_some_and(|entry| entry.busy > 0)
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        if let Some(entry) = self.0.table.lock().by_id.get_mut(&self.0.id) {
            entry.busy -= 1;
            entry.idle_since = Instant::now();
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.table.lock().by_id.remove(&self.id);
    }
}

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, SocketAddr};

    use super::*;

    const PEER: Arrival = Arrival {
        listener: Listener::Desktop,
        peer: SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 1),
    };

    #[tokio::test(start_paused = true)]
    async fn the_longest_idle_makes_room_and_the_busy_stay() {
        let table = Connections::new(2);
        let shutdown = CancellationToken::new();
        let first = table.admit(PEER, &shutdown).unwrap();
        tokio::time::advance(std::time::Duration::from_secs(1)).await;
        let second = table.admit(PEER, &shutdown).unwrap();
        let busy = first.busy();
        let third = table.admit(PEER, &shutdown).unwrap();
        assert!(second.close.is_cancelled() && !first.close.is_cancelled());
        drop(second);
        let third_busy = third.busy();
        assert!(table.admit(PEER, &shutdown).is_none(), "all are busy");
        drop(busy);
        let fourth = table.admit(PEER, &shutdown).unwrap();
        assert!(first.close.is_cancelled() && !third.close.is_cancelled());
        drop((first, third_busy, third, fourth));
        assert_eq!(table.lock().by_id.len(), 0);
    }
}
