//! Which connections there are, bounded. One that only waits makes room for one that has something to ask.
//!
//! At the bound the connection that has been idle longest (half a request counts as idle) is closed for the newcomer, so
//! that somebody who opens connections and says nothing locks nobody out. Where all are busy, the newcomer is refused.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// All connections of a server.
#[derive(Debug)]
pub(crate) struct Connections {
    entries: Mutex<Entries>,
    bounds: Bounds,
}

/// How many connections there may be at one time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bounds {
    pub(crate) all: usize,
    /// From one address; an IPv6 household counts as one.
    pub(crate) of_one_address: usize,
    /// On which nobody has signed in yet.
    pub(crate) before_sign_in: usize,
}

impl Bounds {
    /// So many, whoever they are.
    pub(crate) fn all(max: usize) -> Self {
        Self {
            all: max,
            of_one_address: max,
            before_sign_in: max,
        }
    }
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
    /// Whose it is, for the bound of one address.
    household: IpAddr,
    signed_in: bool,
}

/// One of our listeners. What a connection may do follows from this and its login, never from its address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Listener {
    /// On the loopback address: this user's browser, IDE and programs, with the token.
    Desktop,
    /// On the network: the devices of the mirror.
    Mirror {
        /// The address of ours that the connection arrived at.
        local: SocketAddr,
        /// Whether it is encrypted.
        tls: bool,
    },
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
    pub(crate) fn new(bounds: Bounds) -> Arc<Self> {
        Arc::new(Self {
            entries: Mutex::default(),
            bounds,
        })
    }

    fn lock(&self) -> MutexGuard<'_, Entries> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place for a new connection, or `None` where all are busy.
    pub(crate) fn admit(self: &Arc<Self>, arrival: Arrival, shutdown: &CancellationToken) -> Option<Arc<Connection>> {
        let mut entries = self.lock();
        let household = household(arrival.peer.ip());
        entries.make_room(self.bounds.of_one_address, |entry| entry.household == household)?;
        entries.make_room(self.bounds.before_sign_in, |entry| !entry.signed_in)?;
        entries.make_room(self.bounds.all, |_| true)?;
        let id = entries.next_id;
        entries.next_id += 1;
        let close = shutdown.child_token();
        let entry = Entry {
            close: close.clone(),
            busy: 0,
            idle_since: Instant::now(),
            household,
            signed_in: false,
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

impl Entries {
    /// Makes room for one more among those that `counts` picks, or says that all of them are busy.
    fn make_room(&mut self, bound: usize, counts: impl Fn(&Entry) -> bool) -> Option<()> {
        if self.by_id.values().filter(|entry| counts(entry)).count() >= bound {
            let idle = self.by_id.iter().filter(|(_, entry)| entry.busy == 0 && counts(entry));
            let longest = idle
                .min_by_key(|(id, entry)| (entry.idle_since, **id))
                .map(|(id, _)| *id)?;
            // Its task ends at once and finds its place already taken back.
            self.by_id.remove(&longest)?.close.cancel();
        }
        Some(())
    }
}

/// Whose an address is: an IPv6 household has as many as it likes, and they count as one.
pub(crate) fn household(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6((u128::from(address) >> 64 << 64).into()),
        v4 => v4,
    }
}

impl Connection {
    /// Somebody has signed in on it.
    pub(crate) fn signed_in(&self) {
        if let Some(entry) = self.table.lock().by_id.get_mut(&self.id) {
            entry.signed_in = true;
        }
    }

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
        peer: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 1),
    };

    #[tokio::test(start_paused = true)]
    async fn the_longest_idle_makes_room_and_the_busy_stay() {
        let table = Connections::new(Bounds::all(2));
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

    #[tokio::test(start_paused = true)]
    async fn one_address_and_those_who_have_not_signed_in_have_bounds_of_their_own() {
        let from = |last: u8| Arrival {
            listener: Listener::Mirror {
                local: PEER.peer,
                tls: false,
            },
            peer: SocketAddr::from(([10, 0, 0, last], 1)),
        };
        let bounds = Bounds {
            all: 10,
            of_one_address: 2,
            before_sign_in: 3,
        };
        let (table, shutdown) = (Connections::new(bounds), CancellationToken::new());
        let all: Vec<_> = [1, 1, 2].map(|last| table.admit(from(last), &shutdown).unwrap()).into();
        let mut busy: Vec<_> = all.iter().map(|connection| connection.busy()).collect();
        assert!(
            table.admit(from(1), &shutdown).is_none(),
            "two of one address, both busy"
        );
        assert!(
            table.admit(from(3), &shutdown).is_none(),
            "three of strangers, all busy"
        );
        all[0].signed_in();
        let third = table.admit(from(3), &shutdown).unwrap();
        let fourth = table.admit(from(4), &shutdown).unwrap();
        assert!(
            third.close.is_cancelled() && !fourth.close.is_cancelled(),
            "an idle stranger makes room"
        );
        drop(busy.remove(1));
        tokio::time::advance(std::time::Duration::from_secs(1)).await;
        drop((busy, third));
        let again = table.admit(from(1), &shutdown).unwrap();
        assert!(
            all[1].close.is_cancelled() && !all[0].close.is_cancelled(),
            "the longest idle one of the same address makes room"
        );
        drop((all, fourth, again));
        assert_eq!(table.lock().by_id.len(), 0);
    }
}
