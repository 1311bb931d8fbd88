//! Proxy: accepts connections, connects each to the upstream server, and shuts down with a grace period.

use std::collections::HashSet;
use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use mirrord_tcp_listener::{accept, describe_port_owner};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Handle;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::bad_gateway;
use crate::error::ProxyError;
use crate::relay::{self, RelayConfig};
use crate::upstream::{Upstream, UpstreamConnector};
use crate::upstream_health::UpstreamHealth;

#[cfg(test)]
mod tests;

/// Options of a proxy.
#[derive(Debug, Clone)]
pub struct ProxyOptions {
    /// Upstream server.
    pub upstream: Upstream,
    /// Maximum of simultaneous connections; one more is closed at once, and counted.
    pub max_connections: usize,
    /// Idle time, both ways, after which a connection is closed; `None` for no limit.
    pub idle_timeout: Option<Duration>,
    /// Time for open connections to end after the shutdown has begun.
    pub grace: Duration,
}

/// Event that the user of a proxy is notified of.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Notice {
    /// The upstream server cannot be reached; clients that speak HTTP get 502. Once an outage.
    Down {
        /// Reason.
        reason: String,
    },
    /// It can be reached again.
    Up {
        /// Connections that were refused meanwhile.
        refused: u64,
    },
    /// The maximum of connections is reached, and one more was closed. Once until there was room again.
    Full,
    /// A connection came from this proxy itself, through its upstream server, and was closed.
    Loop,
    /// Connections cannot be accepted for now.
    NotAccepting {
        /// Reason.
        reason: String,
    },
    /// The shutdown has begun, and open connections have the grace period to end.
    Stopping {
        /// Open connections.
        connections: usize,
    },
}

/// Counts of a proxy, at its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ProxyStats {
    /// Connections to the upstream server.
    pub connections: u64,
    /// Connections closed because there were too many.
    pub over_limit: u64,
    /// Connections refused while the upstream server could not be reached.
    pub refused: u64,
    /// Connections closed for being idle.
    pub idle: u64,
    /// Connections that one side reset.
    pub reset: u64,
    /// Connections aborted at the end of the grace period.
    pub cut_off: u64,
}

/// Proxy that is ready to run.
pub struct Proxy {
    listener: TcpListener,
    shared: Arc<Shared>,
    workers: Vec<Worker>,
    grace: Duration,
    max_connections: usize,
}

/// Runtime that serves connections, and the number of its connections.
struct Worker {
    runtime: Handle,
    load: Arc<AtomicUsize>,
}

struct Shared {
    connector: UpstreamConnector,
    relay: RelayConfig,
    health: UpstreamHealth,
    /// Local addresses of the connections to the server: a client with one of them is this proxy itself.
    own: Mutex<HashSet<SocketAddr>>,
    open: AtomicUsize,
    counters: Counters,
    notify: Box<dyn Fn(Notice) + Send + Sync>,
}

#[derive(Debug, Default)]
struct Counters {
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
            .field("upstream", self.shared.connector.upstream())
            .finish_non_exhaustive()
    }
}

/// Binds a listener.
///
/// # Errors
/// The address is in use (by which process, where that is known), not one of the machine's, or reserved.
pub async fn listen(address: SocketAddr) -> Result<TcpListener, ProxyError> {
    TcpListener::bind(address).await.map_err(|error| {
        let reason = match error.kind() {
            io::ErrorKind::AddrInUse => describe_port_owner(address),
            io::ErrorKind::AddrNotAvailable => format!("{} is not an address of this machine", address.ip()),
            io::ErrorKind::PermissionDenied => "ports below 1024 are reserved for the system".to_owned(),
            _ => error.to_string(),
        };
        ProxyError::Listen { address, reason }
    })
}

impl Proxy {
    /// Creates a proxy. Connections are served on `workers`, each a runtime, or on the current one where there are none.
    ///
    /// # Errors
    /// The upstream server is the proxy itself, or the listener has no address.
    pub async fn new(
        listener: TcpListener,
        options: ProxyOptions,
        workers: Vec<Handle>,
        notify: impl Fn(Notice) + Send + Sync + 'static,
    ) -> Result<Self, ProxyError> {
        let bound = listener.local_addr().map_err(|error| ProxyError::Listen {
            address: SocketAddr::from(([0, 0, 0, 0], 0)),
            reason: error.to_string(),
        })?;
        let connector = UpstreamConnector::new(options.upstream, bound);
        connector.check().await?;
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
                connector,
                relay: RelayConfig {
                    idle_timeout: options.idle_timeout,
                    ..RelayConfig::default()
                },
                health: UpstreamHealth::default(),
                own: Mutex::default(),
                open: AtomicUsize::new(0),
                counters: Counters::default(),
                notify: Box::new(notify),
            }),
        })
    }

    /// Runs until `stop`; then open connections have the grace period to end, or the time until `at_once`.
    pub async fn run(self, stop: CancellationToken, at_once: CancellationToken) -> ProxyStats {
        let tracker = TaskTracker::new();
        let cut = CancellationToken::new();
        self.accept_all(&tracker, &stop, &cut).await;
        let Self { listener, shared, .. } = self;
        drop(listener);
        tracker.close();
        let left = shared.open.load(Ordering::Relaxed);
        if left > 0 {
            (shared.notify)(Notice::Stopping { connections: left });
        }
        tokio::select! {
            () = tracker.wait() => {}
            () = sleep(self.grace) => {}
            () = at_once.cancelled() => {}
        }
        cut.cancel();
        tracker.wait().await;
        shared.stats()
    }

    async fn accept_all(&self, tracker: &TaskTracker, stop: &CancellationToken, cut: &CancellationToken) {
        let mut was_full = false;
        let refused = |error: &io::Error| {
            let reason = error.to_string();
            (self.shared.notify)(Notice::NotAccepting { reason });
        };
        loop {
            let accepted = accept(&self.listener, refused);
            let (stream, peer) = tokio::select! {
                () = stop.cancelled() => return,
                accepted = accepted => accepted,
            };
            let is_full = self.shared.open.load(Ordering::Relaxed) >= self.max_connections;
            if is_full {
                self.shared.counters.over_limit.fetch_add(1, Ordering::Relaxed);
                tracing::info!(%peer, "closed: too many connections");
                if !was_full {
                    (self.shared.notify)(Notice::Full);
                }
            } else {
                self.serve(stream, peer, tracker, cut);
            }
            was_full = is_full;
        }
    }

    /// Spawns a connection on the worker that has the fewest.
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
        let slot = ConnectionSlot::take(&self.shared, &worker.load);
        let (shared, cut) = (Arc::clone(&self.shared), cut.clone());
        let connection = async move {
            let _slot = slot;
            let Ok(client) = TcpStream::from_std(stream) else {
                return;
            };
            let connection = shared.serve(client, peer);
            if cut.run_until_cancelled(connection).await.is_none() {
                shared.counters.cut_off.fetch_add(1, Ordering::Relaxed);
            }
        };
        tracker.spawn_on(connection, &worker.runtime);
    }
}

/// Slot of one connection among the maximum; freed on drop.
struct ConnectionSlot {
    shared: Arc<Shared>,
    load: Arc<AtomicUsize>,
}

impl ConnectionSlot {
    fn take(shared: &Arc<Shared>, load: &Arc<AtomicUsize>) -> Self {
        shared.open.fetch_add(1, Ordering::Relaxed);
        load.fetch_add(1, Ordering::Relaxed);
        Self {
            shared: Arc::clone(shared),
            load: Arc::clone(load),
        }
    }
}

impl Drop for ConnectionSlot {
    fn drop(&mut self) {
        self.shared.open.fetch_sub(1, Ordering::Relaxed);
        self.load.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Shared {
    /// Serves one connection to its end.
    async fn serve(&self, mut client: TcpStream, peer: SocketAddr) {
        tracing::debug!(%peer, "a connection");
        if self.is_own(peer) {
            (self.notify)(Notice::Loop);
            return;
        }
        let mut upstream = match self.connector.connect().await {
            Ok(upstream) => upstream,
            Err(error) => {
                if let Some(notice) = self.health.failed(&error) {
                    (self.notify)(notice);
                }
                let answered = bad_gateway::refuse(&mut client).await;
                tracing::debug!(%peer, %error, answered, "refused");
                return;
            }
        };
        if let Some(notice) = self.health.reached() {
            (self.notify)(notice);
        }
        self.counters.connections.fetch_add(1, Ordering::Relaxed);
        let _own = OwnAddress::mark(self, upstream.local_addr().ok());
        client.set_nodelay(true).ok();
        upstream.set_nodelay(true).ok();
        let relayed = relay::relay(&mut client, &mut upstream, &self.relay).await;
        match &relayed.end {
            relay::End::Closed => {}
            relay::End::Idle => {
                self.counters.idle.fetch_add(1, Ordering::Relaxed);
            }
            relay::End::Reset(error) => {
                self.counters.reset.fetch_add(1, Ordering::Relaxed);
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

    fn stats(&self) -> ProxyStats {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        ProxyStats {
            connections: read(&self.counters.connections),
            over_limit: read(&self.counters.over_limit),
            refused: self.health.total_refused(),
            idle: read(&self.counters.idle),
            reset: read(&self.counters.reset),
            cut_off: read(&self.counters.cut_off),
        }
    }
}

/// Registration of a local address towards the server; removed on drop.
struct OwnAddress<'a> {
    shared: &'a Shared,
    address: Option<SocketAddr>,
}

impl<'a> OwnAddress<'a> {
    fn mark(shared: &'a Shared, address: Option<SocketAddr>) -> Self {
        let address = address.map(canonical);
        shared.own_addresses().extend(address);
        Self { shared, address }
    }
}

impl Drop for OwnAddress<'_> {
    fn drop(&mut self) {
        if let Some(address) = &self.address {
            self.shared.own_addresses().remove(address);
        }
    }
}

fn canonical(address: SocketAddr) -> SocketAddr {
    SocketAddr::new(address.ip().to_canonical(), address.port())
}
