//! Puts the rooms together: one store, one session manager that fills it, one port that serves it.
//!
//! The caller binds the port and owns the shutdown. Everything that can fail fails in [`Server::new`]; `run` then
//! spawns, and every task is one tracker's.

use std::path::PathBuf;
use std::sync::Arc;

use mirrord_session_client::check_directory;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::accept::{Acceptor, Service};
use crate::access::headers::SecurityHeaders;
use crate::access::host_check::AllowedHosts;
use crate::access::ticket::{self, Tickets};
use crate::access::token::Token;
use crate::access::{Access, BrowserCredentials};
use crate::assets::Assets;
use crate::connections::{self, Connections, Listener};
use crate::dev::DevServer;
use crate::edition::Editions;
use crate::error::Error;
use crate::limits;
use crate::loopback::LoopbackListeners;
use crate::mirror::listener::Listening;
use crate::mirror::{HOUSEKEEPING_INTERVAL, Mirror, MirrorWatch, Wish};
use crate::routes::Context;
use crate::session_manager::SessionManager;
use crate::store::{Bounds, Store};

/// What a server is told by its caller.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Where the sessions' sockets are. It may be missing, and come later.
    pub sessions_dir: PathBuf,
    /// The version that `/api/version` tells.
    pub version: String,
    /// Names besides our own under which the server is reached, for forwarded ports: `name`, or `name:port`.
    pub allow_hosts: Vec<String>,
    /// Origins that may frame the page, for an IDE's webview.
    pub allow_frames: Vec<String>,
    /// Whether the page shows the values of environment variables from the start.
    pub show_env_values: bool,
    /// Whether the cluster of the user's kubeconfig is asked for a mirrord operator.
    pub ask_cluster: bool,
    /// What the command line says of the mirror.
    pub mirror: Wish,
    /// Where the page comes from in place of from inside.
    pub dev: Option<DevServer>,
}

/// A server that has its port and its token and does nothing yet.
#[derive(Debug)]
pub struct Server {
    listeners: LoopbackListeners,
    options: Options,
    token: Token,
    browser: BrowserCredentials,
    tickets: Arc<Tickets>,
    headers: SecurityHeaders,
    mirror_headers: SecurityHeaders,
    mirror: Arc<Mirror>,
}

impl Server {
    /// Checks everything that can be wrong.
    ///
    /// # Errors
    /// The sessions directory is one that is never read (a symbolic link, a file, another user's), a frame's origin is none,
    /// or there are no random bytes.
    pub fn new(listeners: LoopbackListeners, options: Options) -> Result<Self, Error> {
        check_directory(&options.sessions_dir)?;
        Ok(Self {
            browser: BrowserCredentials::random(listeners.port())?,
            listeners,
            headers: SecurityHeaders::new(&options.allow_frames, options.dev.is_some())?,
            mirror_headers: SecurityHeaders::new(&[], options.dev.is_some())?,
            mirror: Arc::new(Mirror::new(&options.sessions_dir, options.mirror)),
            token: Token::random()?,
            tickets: Arc::default(),
            options,
        })
    }

    /// The port.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.listeners.port()
    }

    /// The address to open, with the token: for the terminal and the browser, never for a log.
    #[must_use]
    pub fn url(&self) -> String {
        self.token.url(self.port())
    }

    /// An address that signs one browser in, once, within a minute: for an argument of a program, which others can read.
    ///
    /// # Errors
    /// There are no random bytes.
    pub fn ticket_url(&self) -> Result<String, Error> {
        Ok(ticket::url(self.tickets.issue()?.as_str(), self.port()))
    }

    /// How the mirror is doing, for the terminal.
    #[must_use]
    pub fn mirror(&self) -> MirrorWatch {
        MirrorWatch::new(Arc::clone(&self.mirror))
    }

    /// The token by itself, for a file that only its owner may read.
    #[must_use]
    pub fn token(&self) -> &str {
        self.token.as_str()
    }

    /// Serves until the shutdown; then lets what is under way end within [`limits::SHUTDOWN_GRACE`].
    ///
    /// # Errors
    /// The listener fails for good.
    pub async fn run(self, shutdown: CancellationToken) -> Result<(), Error> {
        let tracker = TaskTracker::new();
        let store = Arc::new(Store::of_directory(
            Bounds::default(),
            self.options.sessions_dir.clone(),
        ));
        let sessions = SessionManager {
            directory: self.options.sessions_dir.clone(),
            store: Arc::clone(&store),
            tracker: tracker.clone(),
            shutdown: shutdown.clone(),
        };
        tracker.spawn(sessions.run());
        let Options {
            version,
            show_env_values,
            ask_cluster,
            dev,
            ..
        } = self.options;
        let editions = Arc::new(Editions::new(version, show_env_values, ask_cluster));
        if ask_cluster {
            tracker.spawn(Arc::clone(&editions).follow(shutdown.clone()));
        }
        let access = Access {
            token: self.token,
            tickets: Arc::clone(&self.tickets),
            hosts: AllowedHosts::new(self.listeners.port(), &self.options.allow_hosts),
            browser: self.browser,
        };
        let mirror = self.mirror;
        store.disclose(mirror.disclosure());
        let context = Context {
            mirror: Arc::clone(&mirror),
            store: Arc::clone(&store),
            tickets: self.tickets,
            assets: Arc::new(Assets::embedded()),
            sessions_dir: Arc::new(self.options.sessions_dir),
            editions,
            dev: dev.map(Arc::new),
            tracker: tracker.clone(),
            shutdown: shutdown.clone(),
        };
        let service = Arc::new(Service::new(access, self.headers, self.mirror_headers, context));
        let listening = Listening {
            mirror: Arc::clone(&mirror),
            service: Arc::clone(&service),
            tracker: tracker.clone(),
            shutdown: shutdown.clone(),
        };
        tracker.spawn(listening.run());
        tracker.spawn(keep_house(mirror, store, shutdown.clone()));
        let connections = Connections::new(connections::Bounds {
            all: limits::MAX_CONNECTIONS,
            of_one_address: limits::MAX_CONNECTIONS,
            before_sign_in: limits::MAX_CONNECTIONS_BEFORE_SIGN_IN,
        });
        let acceptors = self.listeners.into_listeners().into_iter().map(|listener| Acceptor {
            listener,
            which: Listener::Desktop,
            service: Arc::clone(&service),
            connections: Arc::clone(&connections),
            tracker: tracker.clone(),
            shutdown: shutdown.clone(),
        });
        // The first that fails ends the others with it.
        let accepting = futures_util::future::try_join_all(acceptors.map(Acceptor::run));
        let result = accepting.await.map(|_| ());
        shutdown.cancel();
        tracker.close();
        if timeout(limits::SHUTDOWN_GRACE, tracker.wait()).await.is_err() {
            tracing::warn!(tasks = tracker.len(), "did not end in time, dropped");
        }
        result
    }
}

/// Once a second until the shutdown, and once at its end.
async fn keep_house(mirror: Arc<Mirror>, store: Arc<Store>, shutdown: CancellationToken) {
    let mut ticks = tokio::time::interval(HOUSEKEEPING_INTERVAL);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    for turn in 1.. {
        tokio::select! {
            () = shutdown.cancelled() => break,
            _ = ticks.tick() => {}
        }
        if mirror.keep_house(turn).await {
            store.notify();
        }
    }
    mirror.keep_house(0).await;
}
