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

/// How many connections there may be at one time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bounds {
    pub(crate) all: usize,
    /// From one address; an IPv6 household counts as one.
    pub(crate) of_one_address: usize,
    /// On which nobody has signed in yet.
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

    /// Marks the connection busy for as long as the result lives.
    pub(crate) fn busy(self: &Arc<Self>) -> Busy {
        if let Some(entry) = self.table.lock().by_id.get_mut(&self.id) {
            entry.busy += 1;
            entry.has_requested = true;
        }
        Busy(Arc::clone(self))
    }

    /// Marks the connection as a WebSocket, busy for as long as the result lives. Beyond three quarters of the bounds the
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

    /// Whether it was closed for another connection, and not because the server stops.
    pub(crate) fn is_displaced(&self) -> bool {
        self.displaced.load(Ordering::Relaxed)
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
mod tests {
    use std::net::Ipv4Addr;
    use std::time::Duration;

    use tokio::time::timeout;

    use super::*;

    const PEER: Arrival = Arrival {
        listener: Listener::Desktop,
        peer: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 1),
    };

    fn from(last: u8) -> Arrival {
        Arrival {
            listener: Listener::Mirror {
                local: PEER.peer,
                tls: false,
            },
            peer: SocketAddr::from(([10, 0, 0, last], 1)),
        }
    }

    /// A table, and a way to open a connection in it on which somebody has signed in, or nobody yet.
    fn table(all: usize, before_sign_in: usize) -> impl Fn(bool) -> Option<Arc<Connection>> {
        let table = Connections::new(Bounds {
            all,
            of_one_address: all,
            before_sign_in,
        });
        let shutdown = CancellationToken::new();
        move |signed_in| {
            let connection = table.try_admit(PEER, &shutdown).ok()?;
            if signed_in {
                connection.signed_in();
            }
            connection.end_grace();
            Some(connection)
        }
    }

    fn is_open(connection: &Arc<Connection>) -> bool {
        !connection.close.is_cancelled()
    }

    #[tokio::test(start_paused = true)]
    async fn among_the_signed_in_the_longest_idle_makes_room_and_the_busy_stay() {
        let open = table(2, 2);
        let first = open(true).unwrap();
        tokio::time::advance(Duration::from_secs(1)).await;
        let second = open(true).unwrap();
        let busy = first.busy();
        let third = open(true).unwrap();
        assert!(!is_open(&second) && is_open(&first) && second.is_displaced());
        drop(second);
        let third_busy = third.busy();
        assert!(open(true).is_none(), "all are busy");
        drop(busy);
        let fourth = open(true).unwrap();
        assert!(!is_open(&first) && is_open(&third));
        let table = Arc::clone(&fourth.table);
        drop((first, third_busy, third, fourth));
        assert_eq!(table.lock().by_id.len(), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn strangers_displace_strangers_the_oldest_first_however_chatty() {
        let open = table(10, 3);
        let known: Vec<_> = (0..7).map(|_| open(true).unwrap()).collect();
        let mut strangers: Vec<_> = (0..3).map(|_| open(false).unwrap()).collect();
        for _ in 0..20 {
            tokio::time::advance(Duration::from_secs(1)).await;
            // The oldest has just asked something; the newcomer stays nevertheless.
            drop(strangers[0].busy());
            strangers.push(open(false).unwrap());
            assert!(!is_open(&strangers.remove(0)));
            assert!(strangers.iter().all(is_open));
        }
        assert!(known.iter().all(is_open), "idle for long, and kept");
        // Who signs in leaves the strangers' bound; then the strangers make room for it.
        strangers[0].signed_in();
        let next = open(false).unwrap();
        assert!(!is_open(&strangers[1]) && is_open(&strangers[0]) && is_open(&next));
        assert!(known.iter().all(is_open));
    }

    #[tokio::test(start_paused = true)]
    async fn a_connection_that_is_yet_to_be_read_keeps_its_place_for_a_while() {
        let table = Connections::new(Bounds {
            all: 10,
            of_one_address: 10,
            before_sign_in: 3,
        });
        let shutdown = CancellationToken::new();
        let unread: Vec<_> = (0..3).map(|_| table.try_admit(PEER, &shutdown).unwrap()).collect();
        let admitted = table.admit(PEER, &shutdown);
        assert!(timeout(Duration::from_secs(3_600), admitted).await.is_err());
        let request = async { drop(unread[2].busy()) };
        let (next, ()) = tokio::join!(table.admit(PEER, &shutdown), request);
        assert!(!is_open(&unread[2]), "the one that has asked makes room");
        let silent = Arc::clone(&unread[0]).run(std::future::pending());
        let began = Instant::now();
        tokio::select! {
            _ = table.admit(PEER, &shutdown) => {}
            () = silent => panic!("it has no end"),
        }
        assert!(
            !is_open(&unread[0]) && is_open(&unread[1]),
            "the one that was silent makes room"
        );
        assert!(began.elapsed() >= limits::FIRST_REQUEST_GRACE);
        drop((unread, next));
        assert_eq!(table.lock().by_id.len(), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn websockets_leave_a_quarter_for_requests_and_the_first_makes_room() {
        let open = table(8, 8);
        let websocket = || {
            let connection = open(true).unwrap();
            let busy = connection.websocket();
            (connection, busy)
        };
        let mut websockets: Vec<_> = (0..6).map(|_| websocket()).collect();
        let requests = [open(true).unwrap(), open(true).unwrap()];
        assert!(websockets.iter().all(|(connection, _)| is_open(connection)));
        assert!(requests.iter().all(is_open));
        websockets.push(websocket());
        assert!(!is_open(&websockets[0].0) && websockets[0].0.is_displaced());
        assert!(websockets[1..].iter().all(|(connection, _)| is_open(connection)));
    }

    #[tokio::test(start_paused = true)]
    async fn websockets_of_one_address_leave_it_room_for_requests() {
        let bounds = Bounds {
            all: 40,
            of_one_address: 4,
            before_sign_in: 4,
        };
        let (table, shutdown) = (Connections::new(bounds), CancellationToken::new());
        let open = |last| {
            let connection = table.try_admit(from(last), &shutdown).unwrap();
            connection.signed_in();
            let busy = connection.websocket();
            (connection, busy)
        };
        let websockets: Vec<_> = [1, 1, 1, 2, 1].map(open).into();
        let are_open: Vec<_> = websockets.iter().map(|(connection, _)| is_open(connection)).collect();
        assert_eq!(are_open, [false, true, true, true, true]);
        assert!(table.try_admit(from(1), &shutdown).is_ok(), "a request has room");
    }

    #[tokio::test(start_paused = true)]
    async fn one_address_and_those_who_have_not_signed_in_have_bounds_of_their_own() {
        let bounds = Bounds {
            all: 10,
            of_one_address: 2,
            before_sign_in: 3,
        };
        let (table, shutdown) = (Connections::new(bounds), CancellationToken::new());
        let all: Vec<_> = [1, 1, 2]
            .map(|last| table.try_admit(from(last), &shutdown).unwrap())
            .into();
        let mut busy: Vec<_> = all.iter().map(|connection| connection.busy()).collect();
        assert!(
            table.try_admit(from(1), &shutdown).is_err(),
            "two of one address, both busy"
        );
        assert!(
            table.try_admit(from(3), &shutdown).is_err(),
            "three of strangers, all busy"
        );
        all[0].signed_in();
        let third = table.try_admit(from(3), &shutdown).unwrap();
        assert!(
            table.try_admit(from(4), &shutdown).is_err(),
            "the third is yet to be read"
        );
        third.end_grace();
        let fourth = table.try_admit(from(4), &shutdown).unwrap();
        assert!(!is_open(&third) && is_open(&fourth), "an idle stranger makes room");
        drop(busy.remove(1));
        tokio::time::advance(Duration::from_secs(1)).await;
        drop((busy, third));
        let again = table.try_admit(from(1), &shutdown).unwrap();
        assert!(
            !is_open(&all[1]) && is_open(&all[0]),
            "the stranger of the same address makes room"
        );
        drop((all, fourth, again));
        assert_eq!(table.lock().by_id.len(), 0);
    }
}
