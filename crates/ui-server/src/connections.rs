//! Table of open connections, bounded, with one eviction rule for every listener.
//!
//! A connection is anonymous until a request on it has authenticated. Anonymous ones have a bound of their own, below the
//! bound of all: those that have made a request are evicted first, then those whose request is yet to come, the oldest
//! first, so that a peer without credentials displaces only its like, however it behaves. One that has just come may have
//! credentials in what is yet to be read: it keeps its place until its own task has found nothing to read after
//! [`limits::FIRST_REQUEST_GRACE`], and the next one waits to be admitted. Authenticated ones are evicted when idle, longest first, and only where no anonymous one is left.
//! WebSockets take at most three quarters of a bound, so that there is room for requests. Where nothing can be evicted, the
//! new connection is refused.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use crate::limits;

/// All connections of a server.
#[derive(Debug)]
pub(crate) struct Connections {
    entries: Mutex<Entries>,
    bounds: Bounds,
    /// Wakes those that wait to be admitted: there may be a place.
    vacancy: Notify,
}

/// Maximum numbers of simultaneous connections.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bounds {
    pub(crate) all: usize,
    /// From one address; an IPv6 household counts as one.
    pub(crate) of_one_address: usize,
    /// Connections on which no request has authenticated.
    pub(crate) before_sign_in: usize,
}

/// WebSockets that may be open where `bound` connections may be.
fn max_websockets(bound: usize) -> usize {
    bound - bound / 4
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
    has_requested: bool,
    /// Its first request had time to come.
    had_grace: bool,
    /// Whose it is, for the bound of one address.
    household: IpAddr,
    signed_in: bool,
    /// Position in the order in which WebSockets were opened; `None` for a connection that is not one.
    websocket: Option<u64>,
    displaced: Arc<AtomicBool>,
}

/// Eviction order, lowest first; the lower id of two that are equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// Anonymous, by age alone, since one that keeps asking must not outlast one that has just come.
    Requested,
    /// Anonymous, and its first request is yet to be read.
    Silent,
    SignedIn(Instant),
}

impl Entry {
    fn rank(&self) -> Rank {
        match (self.signed_in, self.has_requested) {
            (true, _) => Rank::SignedIn(self.idle_since),
            (false, true) => Rank::Requested,
            (false, false) => Rank::Silent,
        }
    }
}

/// Why a connection is not admitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum NoRoom {
    /// All are busy.
    Full,
    /// The one that would be evicted keeps its place for now.
    Later,
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
        /// It is encrypted.
        tls: bool,
    },
}

/// Listener and peer of a connection.
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
    displaced: Arc<AtomicBool>,
}

/// Something under way on a connection.
#[derive(Debug)]
pub(crate) struct Busy(Arc<Connection>);

impl Connections {
    pub(crate) fn new(bounds: Bounds) -> Arc<Self> {
        Arc::new(Self {
            entries: Mutex::default(),
            bounds,
            vacancy: Notify::new(),
        })
    }

    fn lock(&self) -> MutexGuard<'_, Entries> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives a new connection a place, or `None` where all are busy. Waits about [`limits::FIRST_REQUEST_GRACE`] at most,
    /// since each connection is [run](Connection::run).
    pub(crate) async fn admit(
        self: &Arc<Self>,
        arrival: Arrival,
        shutdown: &CancellationToken,
    ) -> Option<Arc<Connection>> {
        loop {
            let mut vacancy = std::pin::pin!(self.vacancy.notified());
            // From here on none is missed.
            vacancy.as_mut().enable();
            match self.try_admit(arrival, shutdown) {
                Ok(connection) => return Some(connection),
                Err(NoRoom::Full) => return None,
                Err(NoRoom::Later) => tokio::select! {
                    () = shutdown.cancelled() => return None,
                    () = vacancy => {}
                },
            }
        }
    }

    fn try_admit(self: &Arc<Self>, arrival: Arrival, shutdown: &CancellationToken) -> Result<Arc<Connection>, NoRoom> {
        let mut entries = self.lock();
        let household = household(arrival.peer.ip());
        // An address that has all that one may have displaces its own at once: no other one waits for it.
        entries.make_room(self.bounds.of_one_address, false, |entry| entry.household == household)?;
        entries.make_room(self.bounds.before_sign_in, true, |entry| !entry.signed_in)?;
        entries.make_room(self.bounds.all, true, |_| true)?;
        let id = entries.next_id;
        entries.next_id += 1;
        let close = shutdown.child_token();
        let displaced = Arc::<AtomicBool>::default();
        let entry = Entry {
            close: close.clone(),
            busy: 0,
            idle_since: Instant::now(),
            has_requested: false,
            had_grace: false,
            household,
            signed_in: false,
            websocket: None,
            displaced: Arc::clone(&displaced),
        };
        entries.by_id.insert(id, entry);
        let table = Arc::clone(self);
        Ok(Arc::new(Connection {
            table,
            id,
            arrival,
            close,
            displaced,
        }))
    }
}

impl Entries {
    /// Makes room for one more among those that `counts` picks.
    fn make_room(&mut self, bound: usize, gives_grace: bool, counts: impl Fn(&Entry) -> bool) -> Result<(), NoRoom> {
        if self.by_id.values().filter(|entry| counts(entry)).count() < bound {
            return Ok(());
        }
        let idle = self.by_id.iter().filter(|(_, entry)| entry.busy == 0 && counts(entry));
        let victim = idle.min_by_key(|(id, entry)| (entry.rank(), **id));
        let (id, victim) = victim.ok_or(NoRoom::Full)?;
        if gives_grace && victim.rank() == Rank::Silent && !victim.had_grace {
            return Err(NoRoom::Later);
        }
        let id = *id;
        self.evict(id);
        Ok(())
    }

    /// Closes the WebSocket that was opened first among those that `counts` picks, where there are `bound` of them.
    fn make_room_for_websocket(&mut self, bound: usize, counts: impl Fn(&Entry) -> bool) {
        let open = |entry: &&Entry| entry.websocket.is_some() && counts(entry);
        if self.by_id.values().filter(open).count() < bound {
            return;
        }
        let open = self.by_id.iter().filter(|(_, entry)| open(entry));
        if let Some(first) = open.min_by_key(|(_, entry)| entry.websocket).map(|(id, _)| *id) {
            self.evict(first);
        }
    }

    /// Closes a connection for another one. Its task ends at once and finds its entry removed.
    fn evict(&mut self, id: u64) {
        if let Some(entry) = self.by_id.remove(&id) {
            entry.displaced.store(true, Ordering::Relaxed);
            entry.close.cancel();
        }
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
    /// Runs what serves the connection. That alone decides that its first request is late: after a moment in which the
    /// whole process did not run, all would be.
    pub(crate) async fn run(self: Arc<Self>, serve: impl Future<Output = ()>) {
        let mut serve = std::pin::pin!(serve);
        tokio::select! {
            biased;
            () = serve.as_mut() => return,
            () = sleep(limits::FIRST_REQUEST_GRACE) => self.end_grace(),
        }
        drop(self);
        serve.await;
    }

    fn end_grace(&self) {
        if let Some(entry) = self.table.lock().by_id.get_mut(&self.id) {
            entry.had_grace = true;
        }
        self.table.vacancy.notify_waiters();
    }

    /// Marks it as authenticated: from now on it is counted and evicted as such.
    pub(crate) fn signed_in(&self) {
        if let Some(entry) = self.table.lock().by_id.get_mut(&self.id) {
            entry.signed_in = true;
        }
        self.table.vacancy.notify_waiters();
    }

    /// Marks the connection busy until the result is dropped.
    pub(crate) fn busy(self: &Arc<Self>) -> Busy {
        if let Some(entry) = self.table.lock().by_id.get_mut(&self.id) {
            entry.busy += 1;
            entry.has_requested = true;
        }
        Busy(Arc::clone(self))
    }

    /// Marks the connection as a WebSocket, busy until the result is dropped. Beyond three quarters of the bounds the
    /// WebSocket that was opened first is closed.
    pub(crate) fn websocket(self: &Arc<Self>) -> Busy {
        let mut entries = self.table.lock();
        let bounds = self.table.bounds;
        if let Some(household) = entries.by_id.get(&self.id).map(|entry| entry.household) {
            let of_one_address = max_websockets(bounds.of_one_address);
            entries.make_room_for_websocket(of_one_address, |entry| entry.household == household);
            entries.make_room_for_websocket(max_websockets(bounds.all), |_| true);
        }
        let opened = entries.next_id;
        entries.next_id += 1;
        if let Some(entry) = entries.by_id.get_mut(&self.id) {
            entry.busy += 1;
            entry.websocket = Some(opened);
        }
        drop(entries);
        Busy(Arc::clone(self))
    }

    /// Returns whether it was closed for another connection, and not because the server stops.
    pub(crate) fn is_displaced(&self) -> bool {
        self.displaced.load(Ordering::Relaxed)
    }

    /// Returns whether something is under way; a connection that had to make room is not busy.
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
        self.0.table.vacancy.notify_waiters();
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.table.lock().by_id.remove(&self.id);
        self.table.vacancy.notify_waiters();
    }
}

#[cfg(test)]
mod tests;
