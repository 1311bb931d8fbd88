//! Server: one store, one session manager that fills it, one port that serves it.
//!
//! The caller binds the port and owns the shutdown. Everything that can fail fails in [`Server::new`]; `run` then
//! spawns, and every task is one tracker's.

use std::path::PathBuf;
use std::sync::Arc;

use mirrord_otlp::{ExportTask, Exporter};
use mirrord_session_client::check_directory;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;
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
use crate::mirror::listener::ListenerContext;
use crate::mirror::supervisor::ListenerSupervisor;
use crate::mirror::{CliOverrides, MAINTENANCE_INTERVAL, Mirror, MirrorWatch};
use crate::otlp::Feeder;
use crate::records::Records;
use crate::records::workers::Workers;
use crate::replay::{self, Replay};
use crate::routes::call::Context;
use crate::session_manager::SessionManager;
use crate::session_names::NamesFile;
use crate::store::{Bounds, Store};

/// Options of a server.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Directory of the sessions' sockets. It may be created later.
    pub sessions_dir: PathBuf,
    /// Version in `/api/version`.
    pub version: String,
    /// Names besides our own under which the server is reached, for forwarded ports: `name`, or `name:port`.
    pub allow_hosts: Vec<String>,
    /// Origins that may frame the page, for an IDE's webview.
    pub allow_frames: Vec<String>,
    /// The page shows the values of environment variables from the start.
    pub show_env_values: bool,
    /// The cluster of the user's kubeconfig is asked for a mirrord operator.
    pub ask_cluster: bool,
    /// Options of the mirror on the command line.
    pub mirror: CliOverrides,
    /// Records that are shown as sessions that have ended.
    pub replays: Vec<PathBuf>,
    /// Sessions are kept as records when they have ended, whatever the setting.
    pub history: bool,
    /// Development server that the page is fetched from.
    pub dev: Option<DevServer>,
    /// OpenTelemetry endpoint that everything but the records is sent to.
    pub otlp: Option<mirrord_otlp::Settings>,
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
    replays: Vec<Replay>,
    otlp: Option<(Exporter, ExportTask)>,
    hurry: CancellationToken,
}

impl Server {
    /// Creates a server; everything that can fail fails here.
    ///
    /// # Errors
    /// The sessions directory is one that is never read (a symbolic link, a file, another user's), a frame's origin is none,
    /// a record cannot be read, an OpenTelemetry endpoint cannot be used, or there are no random bytes.
    pub fn new(listeners: LoopbackListeners, mut options: Options) -> Result<Self, Error> {
        check_directory(&options.sessions_dir)?;
        let otlp = options.otlp.take().map(Exporter::new).transpose()?;
        Ok(Self {
            browser: BrowserCredentials::random(listeners.port())?,
            listeners,
            headers: SecurityHeaders::new(&options.allow_frames, options.dev.is_some())?,
            mirror_headers: SecurityHeaders::new(&[], options.dev.is_some())?,
            mirror: Arc::new(Mirror::new(&options.sessions_dir, options.mirror)),
            token: Token::random()?,
            replays: replay::open_all(&options.replays)?,
            tickets: Arc::default(),
            otlp,
            hurry: CancellationToken::new(),
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

    /// Watch of the mirror's status, for the terminal.
    #[must_use]
    pub fn mirror(&self) -> MirrorWatch {
        MirrorWatch::new(Arc::clone(&self.mirror))
    }

    /// Exporter of an OpenTelemetry endpoint, for what is said of it at the end.
    #[must_use]
    pub fn exporter(&self) -> Option<Exporter> {
        self.otlp.as_ref().map(|(exporter, _)| exporter.clone())
    }

    /// Token that cuts the end short, for a second signal: neither open connections nor an OpenTelemetry endpoint are waited for.
    #[must_use]
    pub fn hurry(&self) -> CancellationToken {
        self.hurry.clone()
    }

    /// The token by itself, for a file that only its owner may read.
    #[must_use]
    pub fn token(&self) -> &str {
        self.token.as_str()
    }

    /// Serves until the shutdown; open connections then have [`limits::SHUTDOWN_GRACE`] to end.
    pub async fn run(self, shutdown: CancellationToken) {
        let tracker = TaskTracker::new();
        let (listeners, mirror) = (self.listeners, Arc::clone(&self.mirror));
        let store = Arc::new(Store::of_directory(
            Bounds::default(),
            self.options.sessions_dir.clone(),
        ));
        store.disclose(mirror.disclosure());
        let names = Arc::new(NamesFile::load(&self.options.sessions_dir, &store));
        let editions = Arc::new(Editions::new(
            self.options.version,
            self.options.show_env_values,
            self.options.ask_cluster,
        ));
        if self.options.ask_cluster {
            tracker.spawn(Arc::clone(&editions).follow(shutdown.clone()));
        }
        let access = Access {
            token: self.token,
            tickets: Arc::clone(&self.tickets),
            hosts: AllowedHosts::new(listeners.port(), &self.options.allow_hosts),
            browser: self.browser,
        };
        let workers = Workers::new(&store, &tracker, &shutdown);
        let records = Records::new(&self.options.sessions_dir, self.options.history, &workers);
        let records = Arc::new(records);
        let context = Context {
            records: Arc::clone(&records),
            mirror: self.mirror,
            store,
            names,
            searches: Arc::new(Semaphore::new(limits::MAX_SEARCHES)),
            tickets: self.tickets,
            assets: Arc::new(Assets::embedded()),
            sessions_dir: Arc::new(self.options.sessions_dir),
            editions,
            dev: self.options.dev.map(Arc::new),
            tracker: tracker.clone(),
            shutdown: shutdown.clone(),
            otlp: self.otlp.as_ref().map(|(exporter, _)| exporter.clone()),
        };
        let exporting = self.otlp.map(|(exporter, task)| (exporter, tokio::spawn(task.run())));
        let hurry = self.hurry;
        clear_uploads(&records).await;
        spawn_background(&context, self.replays);
        let service = Arc::new(Service::new(access, self.headers, self.mirror_headers, context));
        let supervisor = ListenerSupervisor::new(ListenerContext {
            mirror,
            service: Arc::clone(&service),
            tracker: tracker.clone(),
            shutdown: shutdown.clone(),
        });
        tracker.spawn(supervisor.run());
        accept(listeners, &service, &tracker, &shutdown).await;
        tracker.close();
        let ended = tokio::select! {
            ended = timeout(limits::SHUTDOWN_GRACE, tracker.wait()) => ended.is_ok(),
            () = hurry.cancelled() => tracker.is_empty(),
        };
        if !ended {
            tracing::warn!(tasks = tracker.len(), "did not end in time, dropped");
        }
        if let Some((exporter, task)) = exporting {
            // Its time at the end is its own: what it still sends is of sessions that are over.
            exporter.finish(task, &hurry).await;
        }
        clear_uploads(&records).await;
    }
}

/// Removes the records that were sent to this server, or to one that was killed.
async fn clear_uploads(records: &Arc<Records>) {
    let records = Arc::clone(records);
    // A panic there leaves files, which the next start removes.
    spawn_blocking(move || records.uploads.clear()).await.ok();
}

/// Spawns what runs beside the listeners: following sessions, reading records, keeping the history, and the mirror's
/// maintenance.
fn spawn_background(context: &Context, replays: Vec<Replay>) {
    let (own, token) = (Arc::clone(&context.store), context.shutdown.clone());
    // Reading blocks; between two batches it looks at the shutdown.
    context
        .tracker
        .spawn_blocking(move || replay::load_all(replays, &own, &token));
    let Context { store, tracker, .. } = context;
    let sessions = SessionManager {
        directory: context.sessions_dir.to_path_buf(),
        store: Arc::clone(store),
        tracker: tracker.clone(),
        shutdown: context.shutdown.clone(),
    };
    tracker.spawn(sessions.run());
    tracker.spawn(run_maintenance(context.clone()));
    if let Some(exporter) = &context.otlp {
        let feeder = Feeder::new(Arc::clone(store), exporter.clone());
        tracker.spawn(feeder.run(context.shutdown.clone()));
    }
    tracker.spawn(Arc::clone(&context.records.history).run());
}

/// Accepts connections of the desktop until the shutdown.
async fn accept(
    listeners: LoopbackListeners,
    service: &Arc<Service>,
    tracker: &TaskTracker,
    shutdown: &CancellationToken,
) {
    let connections = Connections::new(connections::Bounds {
        all: limits::MAX_CONNECTIONS,
        of_one_address: limits::MAX_CONNECTIONS,
        before_sign_in: limits::MAX_CONNECTIONS_BEFORE_SIGN_IN,
    });
    let acceptors = listeners.into_listeners().into_iter().map(|listener| Acceptor {
        listener,
        which: Listener::Desktop,
        service: Arc::clone(service),
        connections: Arc::clone(&connections),
        tracker: tracker.clone(),
        shutdown: shutdown.clone(),
    });
    futures_util::future::join_all(acceptors.map(Acceptor::run)).await;
}

/// Maintains the mirror and the file of names once a second until the shutdown, and once at its end.
async fn run_maintenance(context: Context) {
    let Context {
        mirror,
        store,
        names,
        shutdown,
        ..
    } = context;
    let mut ticks = tokio::time::interval(MAINTENANCE_INTERVAL);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    for turn in 1.. {
        tokio::select! {
            () = shutdown.cancelled() => break,
            _ = ticks.tick() => {}
        }
        if mirror.run_maintenance(turn).await {
            store.notify();
        }
        // Who gave the name was told that it could not be written.
        names.save(&store).await.ok();
    }
    mirror.run_maintenance(0).await;
    names.save(&store).await.ok();
}
