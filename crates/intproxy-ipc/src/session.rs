//! One session from the host's side: what it is made of, and the guard that ends it.
//!
//! Invariant: everything that can fail is done before the first task is spawned, and the socket's file goes whichever way
//! the guard goes: shut down, dropped, or unwound by a panic.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use mirrord_wire::SessionInfo;
use mirrord_wire::session::Policy;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::runtime::Handle;
use tokio::time::timeout;

use crate::error::StartError;
use crate::limits::{HISTORY_EVENTS, SHUTDOWN_GRACE, SLOW_READER_EVENTS};
use crate::monitor::MonitorTx;
use crate::ring::RingLimits;
use crate::service::Service;
use crate::session_core::{KillCallback, SessionCore};
use crate::transport::{Acceptor, SessionListener};

/// Settings of a session that is not started yet.
#[must_use = "a session is not there until it is started"]
pub struct SessionBuilder {
    info: SessionInfo,
    kill: Option<KillCallback>,
    limits: RingLimits,
    policy: Option<Policy>,
}

impl SessionBuilder {
    /// Sets the callback of `POST /kill`, which runs once the request was answered. It is called on a thread of the runtime and must not block: send a
    /// signal, cancel a token. Every such request calls it, so it may be called more than once. Without it such requests
    /// are answered 501.
    pub fn on_kill(mut self, kill: impl Fn() + Send + Sync + 'static) -> Self {
        self.kill = Some(Box::new(kill));
        self
    }

    /// Limits the history for `since`, in place of [`HISTORY_EVENTS`] and
    /// [`HISTORY_BYTES`](crate::limits::HISTORY_BYTES), whichever is less.
    pub fn history_limit(mut self, events: usize, bytes: usize) -> Self {
        self.limits = RingLimits {
            events,
            slow_reader_events: events.saturating_mul(SLOW_READER_EVENTS / HISTORY_EVENTS),
            // A ring counts its bytes in 32 bits.
            bytes: bytes.min(u32::MAX as usize),
        };
        self
    }

    /// Sets the policy, whatever the rate: without it, [`Policy::All`] up to
    /// [`DEDUPLICATE_ABOVE_RATE`](crate::limits::DEDUPLICATE_ABOVE_RATE), and [`Policy::Deduplicated`] above. Readers
    /// get the exact number of suppressed events, and the counters of `/state` are exact either way.
    pub fn policy(mut self, policy: Policy) -> Self {
        self.policy = Some(policy);
        self
    }

    /// Serves the session on its socket, on the current tokio runtime, which needs I/O and time enabled.
    ///
    /// # Errors
    /// [`StartError`]: there is no runtime, or it refused the socket. Nothing runs then, and the socket is gone.
    pub fn start(mut self, listener: SessionListener) -> Result<(MonitorTx, Session), StartError> {
        let runtime = Handle::try_current().map_err(StartError::NoRuntime)?;
        self.info.session_id = listener.session_id().to_string();
        let (acceptor, file) = listener.into_parts().map_err(StartError::Register)?;
        let acceptor = Arc::new(acceptor);
        let service = Service::new(self.core(), Some(file), runtime);
        service.start_accept(Arc::clone(&acceptor));
        service.start_restore();
        Ok(Session::started(service, Some(acceptor)))
    }

    /// Serves the session without a socket of its own, for a host that accepts its clients itself and hands them to
    /// [`Session::serve_connection`].
    ///
    /// # Errors
    /// [`StartError::NoRuntime`].
    pub fn start_without_listener(self) -> Result<(MonitorTx, Session), StartError> {
        let runtime = Handle::try_current().map_err(StartError::NoRuntime)?;
        Ok(Session::started(Service::new(self.core(), None, runtime), None))
    }

    fn core(self) -> SessionCore {
        SessionCore::new(self.info, self.limits, self.policy, self.kill)
    }
}

impl fmt::Debug for SessionBuilder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = formatter.debug_struct("SessionBuilder");
        debug.field("info", &self.info).finish_non_exhaustive()
    }
}

/// A session that is being served. Dropping it ends every task and connection and removes the socket, at once;
/// [`Session::shutdown`] lets readers finish first.
#[must_use = "a session ends when it is dropped"]
pub struct Session {
    service: Arc<Service>,
    /// Held for its life alone: the listener closes after the socket's file is gone, so that no client finds a session that
    /// refuses connections.
    _acceptor: Option<Arc<Acceptor>>,
}

impl Session {
    /// Describes a session. `session_id` is taken from the listener; `processes` and `port_subscriptions` follow the
    /// events.
    pub fn builder(info: SessionInfo) -> SessionBuilder {
        SessionBuilder {
            info,
            kill: None,
            policy: None,
            limits: RingLimits::default(),
        }
    }

    fn started(service: Arc<Service>, acceptor: Option<Arc<Acceptor>>) -> (MonitorTx, Self) {
        service.start_drain();
        let tx = MonitorTx::new(Arc::clone(&service.core.queue));
        let session = Self {
            service,
            _acceptor: acceptor,
        };
        (tx, session)
    }

    /// Changes what `/info` answers, but for the session's id and the protocol's version. The change is made under the
    /// session's lock, so it must not wait for anything.
    pub fn update(&self, change: impl FnOnce(&mut SessionInfo)) {
        self.service.core.update(change);
    }

    /// Serves one more client, on anything that can be read and written; the limits hold for it as for any other.
    pub fn serve_connection(&self, connection: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) {
        self.service.serve(connection);
    }

    /// Stops taking events, and waits, for at most `limit`, until a reader that asked with `since` has been sent all of
    /// them. Clients are served meanwhile, new ones too, so that one that is about to attach sees the whole session.
    /// Returns whether it was read. [`Session::shutdown`] comes next.
    pub async fn wait_until_read(&self, limit: Duration) -> bool {
        self.service.core.queue.close();
        timeout(limit, self.service.core.read_to_end()).await.is_ok()
    }

    /// Ends the session: no more events and no more connections, [`SHUTDOWN_GRACE`] for readers to take what is kept, and
    /// then the socket goes.
    pub async fn shutdown(self) {
        self.service.core.queue.close();
        self.service.closing.cancel();
        self.service.tasks.close();
        // Who is not done by then is cut off by the drop.
        let _ = timeout(SHUTDOWN_GRACE, self.service.tasks.wait()).await;
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.service.end();
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = formatter.debug_struct("Session");
        debug
            .field("closing", &self.service.closing.is_cancelled())
            .finish_non_exhaustive()
    }
}
