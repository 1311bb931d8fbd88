//! Follows one session for as long as its socket is there: reaches it, asks who it is, reads its events, comes back.
//!
//! One task a session, so that none can hold up another. Only a refused connection to a socket that is old enough makes it
//! stale; every other failure shows the session as unresponsive, with the reason, and is tried again. This file never
//! decides that a socket exists: discovery does, and says through `gone` that it does not any more.

use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use mirrord_wire::{PROTOCOL_VERSION, SessionId, SessionInfo, SessionState};
use tokio::time::{Instant, sleep, sleep_until};
use tokio_util::sync::CancellationToken;

use crate::discovery::Socket;
use crate::limits;
use crate::store::{Introduction, Key, Store};

pub(crate) mod backoff;
mod lines;
pub(crate) mod request;
mod stream;

use self::backoff::Backoff;
use self::request::{Ask, RequestError, Verb};
use self::stream::{Dialect, Stream, Told};

/// One session that is followed.
#[derive(Debug)]
pub(crate) struct Peer {
    pub(crate) socket: Socket,
    pub(crate) store: Arc<Store>,
    /// The socket is not in the directory any more.
    pub(crate) gone: CancellationToken,
    /// The server shuts down.
    pub(crate) shutdown: CancellationToken,
}

/// Why a session was not reached.
#[derive(Debug, thiserror::Error)]
enum AttachError {
    #[error(transparent)]
    Request(#[from] RequestError),
    #[error("it answers {path} with {status}")]
    Status { path: &'static str, status: StatusCode },
    #[error("its answer to /info is not a session's")]
    NotASession,
    #[error("its event stream is not one")]
    Rubbish,
}

/// Why a stream is not read any more.
enum Ended {
    /// It broke off: the session is tried again, or is over.
    Eof,
    /// It is not an event stream.
    Rubbish,
    /// The socket vanished.
    Gone,
    Shutdown,
}

/// A stream that is open.
struct Open {
    stream: Stream,
    body: Incoming,
    dialect: Dialect,
    key: Key,
}

/// A question beside the stream, so that waiting for its answer holds up no event.
type Aside = Pin<Box<dyn Future<Output = Answered> + Send>>;

enum Answered {
    Info(Result<SessionInfo, AttachError>),
    State(Option<SessionState>),
}

impl Peer {
    /// Follows the session to its end.
    pub(crate) async fn run(self) {
        let mut backoff = Backoff::new();
        loop {
            let attached = tokio::select! {
                biased;
                () = self.shutdown.cancelled() => return,
                () = self.gone.cancelled() => return self.store.end(&self.socket.id),
                attached = self.attach() => attached,
            };
            let failure = match attached {
                Ok(open) => {
                    let since = Instant::now();
                    let ended = self.follow(open).await;
                    if since.elapsed() >= limits::STREAM_SUCCESS {
                        backoff.reset();
                    }
                    match ended {
                        Ended::Shutdown => return,
                        Ended::Gone => return self.store.end(&self.socket.id),
                        Ended::Rubbish => Some(AttachError::Rubbish),
                        Ended::Eof => None,
                    }
                }
                Err(failure) => Some(failure),
            };
            match failure {
                Some(AttachError::Request(RequestError::Gone)) => return self.store.end(&self.socket.id),
                Some(AttachError::Request(RequestError::Refused)) => {
                    self.store.end(&self.socket.id);
                    if self.socket.remove_if_stale() {
                        return;
                    }
                }
                Some(failure) => self.store.unresponsive(&self.socket.id, &failure.to_string()),
                None => {}
            }
            tokio::select! {
                () = self.shutdown.cancelled() => return,
                () = self.gone.cancelled() => return self.store.end(&self.socket.id),
                () = sleep(backoff.delay()) => {}
            }
        }
    }

    /// Asks who the session is and what it has counted, and opens its stream where we have left off.
    async fn attach(&self) -> Result<Open, AttachError> {
        let info = info(&self.socket.path).await?;
        if info.protocol_version > PROTOCOL_VERSION {
            tracing::debug!(session = %self.socket.id, version = info.protocol_version, "a newer session protocol");
        }
        let dialect = Dialect::of(info.protocol_version);
        let state = match dialect {
            Dialect::Ours => state(&self.socket.path).await,
            Dialect::Released => None,
        };
        let attached = self.store.introduce(&self.socket.id, Introduction { info, state });
        let (target, accept) = match dialect {
            Dialect::Ours => (format!("/events?since={}", attached.since), "application/x-ndjson"),
            Dialect::Released => ("/events".to_owned(), "text/event-stream"),
        };
        let ask = Ask {
            verb: Verb::Get,
            route: "/events",
            target: &target,
            accept,
            deadline: limits::EVENTS_TIMEOUT,
        };
        let response = request::open(&self.socket.path, ask).await?;
        match response.status() {
            StatusCode::OK => Ok(Open {
                stream: Stream::new(dialect, attached.key, attached.since),
                body: response.into_body(),
                dialect,
                key: attached.key,
            }),
            status => Err(AttachError::Status {
                path: "/events",
                status,
            }),
        }
    }

    /// Reads the stream to its end. Silence is looked into: a heartbeat is due, and a host can hang.
    async fn follow(&self, open: Open) -> Ended {
        let Open {
            mut stream,
            mut body,
            dialect,
            key,
        } = open;
        let mut quiet_until = Instant::now() + limits::QUIET_BEFORE_PROBE;
        let mut refresh_at: Option<Instant> = None;
        let mut drained_at: Option<Instant> = None;
        let mut drain_until = Instant::now();
        let mut aside: Option<Aside> = None;
        loop {
            tokio::select! {
                biased;
                () = self.shutdown.cancelled() => return Ended::Shutdown,
                () = self.gone.cancelled(), if drained_at.is_none() => {
                    drained_at = Some(Instant::now() + limits::DRAIN_QUIET);
                    drain_until = Instant::now() + limits::DRAIN_TIMEOUT;
                }
                () = at(drained_at) => return Ended::Gone,
                frame = body.frame() => {
                    let Some(Ok(frame)) = frame else {
                        return if drained_at.is_some() { Ended::Gone } else { Ended::Eof };
                    };
                    let told = stream.take(frame.data_ref().unwrap_or(&Bytes::new()), &self.store);
                    if told.rubbish {
                        return Ended::Rubbish;
                    }
                    refresh_at = sooner(refresh_at, refresh_delay(&told).filter(|_| dialect == Dialect::Ours));
                    self.store.responsive(key);
                    quiet_until = Instant::now() + limits::QUIET_BEFORE_PROBE;
                    drained_at = drained_at.map(|_| drain_until.min(Instant::now() + limits::DRAIN_QUIET));
                }
                answered = ask_aside(&mut aside) => {
                    aside = None;
                    self.answered(key, answered);
                }
                () = at(refresh_at), if aside.is_none() => {
                    refresh_at = None;
                    let path = self.socket.path.clone();
                    aside = Some(Box::pin(async move { Answered::State(state(&path).await) }));
                }
                () = sleep_until(quiet_until), if aside.is_none() => {
                    quiet_until = Instant::now() + limits::PROBE_INTERVAL;
                    let path = self.socket.path.clone();
                    aside = Some(Box::pin(async move { Answered::Info(info(&path).await) }));
                }
            }
        }
    }

    fn answered(&self, key: Key, answered: Answered) {
        match answered {
            Answered::State(Some(state)) => self.store.count_from(key, state),
            Answered::State(None) => {}
            Answered::Info(Ok(_)) => self.store.responsive(key),
            Answered::Info(Err(failure)) => self.store.unresponsive(&self.socket.id, &failure.to_string()),
        }
    }
}

/// How long to wait before the session is asked for its counters, where it told of what they know better.
fn refresh_delay(told: &Told) -> Option<Duration> {
    match told {
        Told { lagged: true, .. } => Some(limits::STATE_REFRESH_DELAY),
        Told { withheld: true, .. } => Some(limits::NAMES_REFRESH_DELAY),
        _ => None,
    }
}

fn sooner(planned: Option<Instant>, delay: Option<Duration>) -> Option<Instant> {
    let asked = delay.map(|delay| Instant::now() + delay);
    planned.into_iter().chain(asked).min()
}

/// Ready at a time, or never where there is none.
async fn at(instant: Option<Instant>) {
    match instant {
        Some(instant) => sleep_until(instant).await,
        None => std::future::pending().await,
    }
}

async fn ask_aside(aside: &mut Option<Aside>) -> Answered {
    match aside {
        Some(aside) => aside.await,
        None => std::future::pending().await,
    }
}

/// Asks a session who it is.
async fn info(socket: &Path) -> Result<SessionInfo, AttachError> {
    let ask = Ask {
        verb: Verb::Get,
        route: "/info",
        target: "/info",
        accept: "application/json",
        deadline: limits::INFO_TIMEOUT,
    };
    let answer = request::ask(socket, ask, limits::MAX_INFO_BYTES).await?;
    if answer.status != StatusCode::OK {
        let status = answer.status;
        return Err(AttachError::Status { path: "/info", status });
    }
    let info: SessionInfo = serde_json::from_slice(&answer.body).map_err(|_| AttachError::NotASession)?;
    // Every field defaults, so any JSON object would do: a session says at least who it is.
    SessionId::new(info.session_id.as_str()).map_err(|_| AttachError::NotASession)?;
    Ok(info)
}

/// Asks a session what it has counted. Without an answer we count from what we see.
async fn state(socket: &Path) -> Option<SessionState> {
    let ask = Ask {
        verb: Verb::Get,
        route: "/state",
        target: "/state",
        accept: "application/json",
        deadline: limits::STATE_TIMEOUT,
    };
    let answer = request::ask(socket, ask, limits::MAX_STATE_BYTES).await.ok()?;
    if answer.status != StatusCode::OK {
        return None;
    }
    serde_json::from_slice(&answer.body).ok()
}
