//! `mirrord proxy`: a TCP reverse proxy by itself, for any local server. Bytes go both ways unchanged, so HTTP,
//! Server-Sent Events and WebSockets pass, whatever they carry.
//!
//! It knows nothing of sessions, adds no sign-in and reads no request; only where the server behind it is away does it look
//! whether a client speaks HTTP, to say so in its language. [`upstream`] finds the server, [`relay`] is one connection,
//! [`flow`] one direction of it. The caller binds the listener, owns the two tokens of the stop, and hears of what happens
//! as [`Notice`]s.

mod error;
mod flow;
mod outage;
#[cfg(target_os = "linux")]
mod pipe;
mod refusal;
mod relay;
#[cfg(test)]
mod tests;
mod upstream;

use std::collections::HashSet;
use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use mirrord_wire::mirror::MirrorUrl;
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Handle;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub use self::error::ProxyError;
use self::outage::Outage;
use self::relay::Means;
pub use self::upstream::Upstream;
use self::upstream::Way;
use crate::accept_retry::accept_with_retry;
use crate::mirror::{port_owner, reach};

/// What a proxy is asked for.
#[derive(Debug, Clone)]
pub struct ProxyOptions {
    /// The server behind it.
    pub upstream: Upstream,
    /// The connections at one time; one more is closed at once, and counted.
    pub max_connections: usize,
    /// How long a connection may be silent both ways before it is closed; `None`: for ever.
    pub idle_timeout: Option<Duration>,
    /// How long connections may go on once the proxy has been told to stop.
    pub grace: Duration,
}

/// What a person would want to be told at once.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Notice {
    /// The server cannot be reached; clients are told so. Once an outage.
    Down {
        /// Why.
        reason: String,
    },
    /// It is back.
    Up {
        /// The connections that were turned away meanwhile.
        refused: u64,
    },
    /// All connections are taken; one more was closed. Once until there was room again.
    Full,
    /// A connection came from this proxy itself, by way of its own upstream, and was closed.
    Loop,
    /// Connections cannot be accepted for now.
    NotAccepting {
        /// Why.
        reason: String,
    },
    /// It stops, and this many connections have the grace to end.
    Stopping {
        /// How many.
        connections: usize,
    },
}

/// What a proxy has done, at its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Served {
    /// The connections that reached the server.
    pub connections: u64,
    /// Those that were closed because there were too many.
    pub over_limit: u64,
    /// Those that came while the server was away.
    pub refused: u64,
    /// Those that were closed for their silence.
    pub idle: u64,
    /// Those that one side reset.
    pub reset: u64,
    /// Those that were cut off at the end of the grace.
    pub cut_off: u64,
}

/// A proxy that is about to run.
pub struct Proxy {
    listener: TcpListener,
    shared: Arc<Shared>,
    workers: Vec<Worker>,
    grace: Duration,
    max_connections: usize,
}

/// Where connections are served: a runtime, and how many it has.
struct Worker {
    runtime: Handle,
    load: Arc<AtomicUsize>,
}

struct Shared {
    way: Way,
    means: Means,
    outage: Outage,
    /// The addresses that we connect to the server from: who comes from one of them is ourselves.
    own: Mutex<HashSet<SocketAddr>>,
    open: AtomicUsize,
    counted: Counted,
    tell: Box<dyn Fn(Notice) + Send + Sync>,
}

#[derive(Debug, Default)]
struct Counted {
    connections: AtomicU64,
    over_limit: AtomicU64,
    idle: AtomicU64,
    reset: AtomicU64,
    cut_off: AtomicU64,
}

impl std::fmt::Debug for Proxy {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut shown = formatter.debug_struct("Proxy");
        shown
            .field("upstream", self.shared.way.upstream())
            .finish_non_exhaustive()
    }
}

/// Listens.
///
/// # Errors
/// The address cannot be listened on: taken (by whom, where it can be told), not the machine's, reserved.
pub async fn listen(address: SocketAddr) -> Result<TcpListener, ProxyError> {
    TcpListener::bind(address).await.map_err(|error| {
        let reason = match error.kind() {
            io::ErrorKind::AddrInUse => port_owner::in_use(address),
            io::ErrorKind::AddrNotAvailable => format!("{} is not an address of this machine", address.ip()),
            io::ErrorKind::PermissionDenied => "ports below 1024 are reserved for the system".to_owned(),
            _ => error.to_string(),
        };
        ProxyError::Listen { address, reason }
    })
}

/// The addresses under which a listener is reached, those for the network first.
#[must_use]
pub fn urls(bound: SocketAddr) -> Vec<MirrorUrl> {
    reach::urls(bound, false, &reach::interfaces(), &[])
}

impl Proxy {
    /// Makes one. Its connections are served on `workers`, each a runtime; on the one that calls where there are none.
    ///
    /// # Errors
    /// The server behind it would be the proxy itself, or the listener has no address.
    pub async fn new(
        listener: TcpListener,
        options: ProxyOptions,
        workers: Vec<Handle>,
        tell: impl Fn(Notice) + Send + Sync + 'static,
    ) -> Result<Self, ProxyError> {
        let bound = listener.local_addr().map_err(|error| ProxyError::Listen {
            address: SocketAddr::from(([0, 0, 0, 0], 0)),
            reason: error.to_string(),
        })?;
        let way = Way::new(options.upstream, bound);
        way.check().await?;
        let workers = if workers.is_empty() {
            vec![Handle::current()]
        } else {
            workers
        };
        let worker = |runtime| Worker {
            runtime,
            load: Arc::default(),
        };
        Ok(Self {
            listener,
            workers: workers.into_iter().map(worker).collect(),
            grace: options.grace,
            max_connections: options.max_connections,
            shared: Arc::new(Shared {
                way,
                means: Means {
                    idle_timeout: options.idle_timeout,
                    ..Means::default()
                },
                outage: Outage::default(),
                own: Mutex::default(),
                open: AtomicUsize::new(0),
                counted: Counted::default(),
                tell: Box::new(tell),
            }),
        })
    }

    /// Runs until `stop`, then lets what is open end within the grace, or until `at_once`.
    pub async fn run(self, stop: CancellationToken, at_once: CancellationToken) -> Served {
        let tracker = TaskTracker::new();
        let cut = CancellationToken::new();
        self.accept(&tracker, &stop, &cut).await;
        let Self { listener, shared, .. } = self;
        drop(listener);
        tracker.close();
        let left = shared.open.load(Ordering::Relaxed);
        if left > 0 {
            (shared.tell)(Notice::Stopping { connections: left });
        }
        tokio::select! {
            () = tracker.wait() => {}
            () = sleep(self.grace) => {}
            () = at_once.cancelled() => {}
        }
        cut.cancel();
        tracker.wait().await;
        shared.served()
    }

    async fn accept(&self, tracker: &TaskTracker, stop: &CancellationToken, cut: &CancellationToken) {
        let mut was_full = false;
        let refused = |error: &io::Error| {
            let reason = error.to_string();
            (self.shared.tell)(Notice::NotAccepting { reason });
        };
        loop {
            let accepted = accept_with_retry(|| self.listener.accept(), refused);
            let (stream, peer) = tokio::select! {
                () = stop.cancelled() => return,
                accepted = accepted => accepted,
            };
            let is_full = self.shared.open.load(Ordering::Relaxed) >= self.max_connections;
            if is_full {
                self.shared.counted.over_limit.fetch_add(1, Ordering::Relaxed);
                tracing::info!(%peer, "closed: too many connections");
                if !was_full {
                    (self.shared.tell)(Notice::Full);
                }
            } else {
                self.serve(stream, peer, tracker, cut);
            }
            was_full = is_full;
        }
    }

    /// Hands a connection to the worker that has the fewest.
    fn serve(&self, stream: TcpStream, peer: SocketAddr, tracker: &TaskTracker, cut: &CancellationToken) {
        let Some(worker) = self
            .workers
            .iter()
            .min_by_key(|worker| worker.load.load(Ordering::Relaxed))
        else {
            return;
        };
        // A socket belongs to the runtime that it was made on.
        let Ok(stream) = stream.into_std() else { return };
        let place = Place::take(&self.shared, &worker.load);
        let (shared, cut) = (Arc::clone(&self.shared), cut.clone());
        let connection = async move {
            let _place = place;
            let Ok(client) = TcpStream::from_std(stream) else {
                return;
            };
            let whole = shared.connection(client, peer);
            if cut.run_until_cancelled(whole).await.is_none() {
                shared.counted.cut_off.fetch_add(1, Ordering::Relaxed);
            }
        };
        tracker.spawn_on(connection, &worker.runtime);
    }
}

/// A connection's place among those that may be.
struct Place {
    shared: Arc<Shared>,
    load: Arc<AtomicUsize>,
}

impl Place {
    fn take(shared: &Arc<Shared>, load: &Arc<AtomicUsize>) -> Self {
        shared.open.fetch_add(1, Ordering::Relaxed);
        load.fetch_add(1, Ordering::Relaxed);
        Self {
            shared: Arc::clone(shared),
            load: Arc::clone(load),
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.shared.open.fetch_sub(1, Ordering::Relaxed);
        self.load.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Shared {
    async fn connection(&self, mut client: TcpStream, peer: SocketAddr) {
        tracing::debug!(%peer, "a connection");
        if self.is_own(peer) {
            (self.tell)(Notice::Loop);
            return;
        }
        let mut upstream = match self.way.connect().await {
            Ok(upstream) => upstream,
            Err(error) => {
                if let Some(notice) = self.outage.failed(&error) {
                    (self.tell)(notice);
                }
                let answered = refusal::refuse(&mut client).await;
                tracing::debug!(%peer, %error, answered, "turned away");
                return;
            }
        };
        if let Some(notice) = self.outage.reached() {
            (self.tell)(notice);
        }
        self.counted.connections.fetch_add(1, Ordering::Relaxed);
        let _own = Own::mark(self, upstream.local_addr().ok());
        client.set_nodelay(true).ok();
        upstream.set_nodelay(true).ok();
        let relayed = relay::relay(&mut client, &mut upstream, &self.means).await;
        match &relayed.end {
            relay::End::Closed => {}
            relay::End::Idle => {
                self.counted.idle.fetch_add(1, Ordering::Relaxed);
            }
            relay::End::Reset(error) => {
                self.counted.reset.fetch_add(1, Ordering::Relaxed);
                tracing::debug!(%peer, %error, "reset");
            }
        }
        let (sent, received) = (relayed.sent, relayed.received);
        tracing::debug!(%peer, sent, received, "a connection ended");
    }

    fn is_own(&self, peer: SocketAddr) -> bool {
        self.own_addresses().contains(&canonical(peer))
    }

    fn own_addresses(&self) -> std::sync::MutexGuard<'_, HashSet<SocketAddr>> {
        self.own.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn served(&self) -> Served {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Served {
            connections: read(&self.counted.connections),
            over_limit: read(&self.counted.over_limit),
            refused: self.outage.all(),
            idle: read(&self.counted.idle),
            reset: read(&self.counted.reset),
            cut_off: read(&self.counted.cut_off),
        }
    }
}

/// An address of ours towards the server, for as long as its connection lives.
struct Own<'a> {
    shared: &'a Shared,
    address: Option<SocketAddr>,
}

impl<'a> Own<'a> {
    fn mark(shared: &'a Shared, address: Option<SocketAddr>) -> Self {
        let address = address.map(canonical);
        shared.own_addresses().extend(address);
        Self { shared, address }
    }
}

impl Drop for Own<'_> {
    fn drop(&mut self) {
        if let Some(address) = &self.address {
            self.shared.own_addresses().remove(address);
        }
    }
}

fn canonical(address: SocketAddr) -> SocketAddr {
    SocketAddr::new(address.ip().to_canonical(), address.port())
}
