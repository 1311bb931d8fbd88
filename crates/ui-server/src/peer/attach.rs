//! Attaching to a session: who it is, what it has counted, and its stream, as one whole.
//!
//! All three connections are made before anything is asked, and asked at once where nothing of the session is here yet: a
//! program that lasts a few milliseconds is gone before a second question, but a connection that its host accepted is
//! answered. What its host could not answer any more, the others make up for as far as they can.

use std::path::Path;
use std::pin::pin;
use std::time::Duration;

use http::{Response, StatusCode, header};
use hyper::body::Incoming;
use mirrord_wire::{InfoAnswer, PROTOCOL_VERSION, SessionId, SessionInfo, SessionState};
use tokio::net::UnixStream;

use super::Peer;
use super::request::{self, Ask, RequestError, Verb};
use super::stream::{Dialect, Stream};
use crate::limits;
use crate::store::{Introduction, Key};

/// Why a session was not reached.
#[derive(Debug, thiserror::Error)]
pub(super) enum AttachError {
    #[error(transparent)]
    Request(#[from] RequestError),
    #[error("it answers {path} with {status}")]
    Status { path: &'static str, status: StatusCode },
    #[error("its answer to /info is not a session's")]
    NotASession,
    #[error("its event stream is not one")]
    Rubbish,
}

/// A stream that is open.
pub(super) struct Open {
    pub(super) stream: Stream,
    pub(super) body: Incoming,
    pub(super) dialect: Dialect,
    pub(super) key: Key,
}

/// Connections to a session, one for each question. The first was made; the others where its host still took them.
struct Connections {
    events: UnixStream,
    info: Result<UnixStream, RequestError>,
    state: Result<UnixStream, RequestError>,
}

/// A stream's answer, as it was asked for.
type Asked = Result<Response<Incoming>, RequestError>;

impl Connections {
    async fn make(socket: &Path) -> Result<Self, RequestError> {
        Ok(Self {
            events: request::connect(socket).await?,
            info: request::connect(socket).await,
            state: request::connect(socket).await,
        })
    }
}

impl Peer {
    /// Asks who the session is and what it has counted, and opens its stream where we have left off.
    pub(super) async fn attach(&self) -> Result<Open, AttachError> {
        let Connections { events, info, state } = Connections::make(&self.socket.path).await?;
        let known = self.store.newest(&self.socket.id);
        let told = async { read_info(request::ask_on(info?, INFO, limits::MAX_INFO_BYTES).await?) };
        let counted = async {
            match state {
                Ok(state) => read_state(request::ask_on(state, STATE, limits::MAX_STATE_BYTES).await),
                Err(_) => None,
            }
        };
        if known == 0 {
            // Whichever dialect it speaks: a released mirrord has a stream and no question about it.
            let (early, told, state) = together(open_events(events, 0, Dialect::Ours), told, counted).await;
            let answer = self.complete(told, &early).await?;
            let (dialect, key, _) = self.introduce(answer, state);
            self.begin(early, dialect, key, 0).await
        } else {
            let (told, state) = both(told, counted).await?;
            let (dialect, key, since) = self.introduce(told, state);
            let stream = open_events(events, since, dialect).await;
            self.begin(stream, dialect, key, since).await
        }
    }

    /// An answer to `/info`; where the host ended before it gave one and its stream is here, what can be said without.
    async fn complete(&self, told: Result<InfoAnswer, AttachError>, early: &Asked) -> Result<InfoAnswer, AttachError> {
        let failure = match told {
            Err(AttachError::Request(error)) if error.is_an_end() => error,
            told => return told,
        };
        let streams = early.as_ref().is_ok_and(|stream| media_type(stream) == Some(NDJSON));
        // One that answers anew has not ended, and has failed.
        if streams && matches!(request::connect(&self.socket.path).await, Err(error) if error.is_an_end()) {
            return Ok(InfoAnswer {
                info: SessionInfo {
                    session_id: self.socket.id.to_string(),
                    protocol_version: PROTOCOL_VERSION,
                    ..SessionInfo::default()
                },
                notes: vec!["it ended before it answered /info".to_owned()],
                ..InfoAnswer::default()
            });
        }
        Err(failure.into())
    }

    fn introduce(&self, answer: InfoAnswer, state: Option<SessionState>) -> (Dialect, Key, u64) {
        let InfoAnswer { info, extra, notes } = answer;
        if info.protocol_version > PROTOCOL_VERSION {
            tracing::debug!(session = %self.socket.id, version = info.protocol_version, "a newer session protocol");
        }
        let dialect = Dialect::of(info.protocol_version);
        let introduction = Introduction {
            info,
            extra,
            notes,
            state: state.filter(|_| dialect == Dialect::Ours),
        };
        let attached = self.store.introduce(&self.socket.id, introduction);
        (dialect, attached.key, attached.since)
    }

    /// The stream that was asked for; asked for once more where it is not in the dialect that the session speaks.
    async fn begin(&self, asked: Asked, dialect: Dialect, key: Key, since: u64) -> Result<Open, AttachError> {
        let mut response = asked?;
        let other = match dialect {
            Dialect::Ours => EVENT_STREAM,
            Dialect::Released => NDJSON,
        };
        if response.status() != StatusCode::OK || media_type(&response) == Some(other) {
            response = open_events(request::connect(&self.socket.path).await?, since, dialect).await?;
        }
        match response.status() {
            StatusCode::OK => Ok(Open {
                stream: Stream::new(dialect, key, since.max(self.stamped(dialect))),
                body: response.into_body(),
                dialect,
                key,
            }),
            status => Err(AttachError::Status { path: EVENTS, status }),
        }
    }

    /// The number after which a released mirrord's events are numbered: it has none of its own.
    fn stamped(&self, dialect: Dialect) -> u64 {
        match dialect {
            Dialect::Ours => 0,
            Dialect::Released => self.store.newest(&self.socket.id),
        }
    }
}

const EVENTS: &str = "/events";
const NDJSON: &str = "application/x-ndjson";
const EVENT_STREAM: &str = "text/event-stream";
const INFO: Ask<'static> = question("/info", limits::INFO_TIMEOUT);
const STATE: Ask<'static> = question("/state", limits::STATE_TIMEOUT);

const fn question(route: &'static str, deadline: Duration) -> Ask<'static> {
    Ask {
        verb: Verb::Get,
        route,
        target: route,
        accept: "application/json",
        deadline,
    }
}

fn media_type(response: &Response<Incoming>) -> Option<&str> {
    let value = response.headers().get(header::CONTENT_TYPE)?.to_str().ok()?;
    Some(value.split(';').next().unwrap_or(value).trim())
}

async fn open_events(stream: UnixStream, since: u64, dialect: Dialect) -> Asked {
    let (target, accept) = match dialect {
        Dialect::Ours => (format!("{EVENTS}?since={since}"), NDJSON),
        Dialect::Released => (EVENTS.to_owned(), EVENT_STREAM),
    };
    let ask = Ask {
        verb: Verb::Get,
        route: EVENTS,
        target: &target,
        accept,
        deadline: limits::EVENTS_TIMEOUT,
    };
    request::open_on(stream, ask).await
}

/// Waits for all three; for no more than the second where that one fails, since without it there is no session. A host
/// that ended is an exception: its stream may be here.
async fn together(
    events: impl Future<Output = Asked>,
    info: impl Future<Output = Result<InfoAnswer, AttachError>>,
    state: impl Future<Output = Option<SessionState>>,
) -> (Asked, Result<InfoAnswer, AttachError>, Option<SessionState>) {
    let mut rest = pin!(async { tokio::join!(events, state) });
    let mut info = pin!(info);
    tokio::select! {
        told = &mut info => match told {
            Err(AttachError::Request(ref error)) if !error.is_an_end() => (Err(RequestError::Gone), told, None),
            Err(AttachError::Status { .. } | AttachError::NotASession | AttachError::Rubbish) => {
                (Err(RequestError::Gone), told, None)
            }
            told => {
                let (events, state) = rest.await;
                (events, told, state)
            }
        },
        (events, state) = &mut rest => (events, info.await, state),
    }
}

/// Waits for both; for no more than the first where that one fails.
async fn both<T, U, E>(
    first: impl Future<Output = Result<T, E>>,
    second: impl Future<Output = U>,
) -> Result<(T, U), E> {
    let second = async { Ok(second.await) };
    tokio::try_join!(first, second)
}

/// Asks a session who it is.
pub(super) async fn info(socket: &Path) -> Result<InfoAnswer, AttachError> {
    read_info(request::ask(socket, INFO, limits::MAX_INFO_BYTES).await?)
}

fn read_info(answer: request::Answer) -> Result<InfoAnswer, AttachError> {
    if answer.status != StatusCode::OK {
        let status = answer.status;
        return Err(AttachError::Status { path: "/info", status });
    }
    let read = InfoAnswer::read(&answer.body).map_err(|_| AttachError::NotASession)?;
    // Every field defaults, so any JSON object would do: a session says at least who it is.
    SessionId::new(read.info.session_id.as_str()).map_err(|_| AttachError::NotASession)?;
    Ok(read)
}

/// Asks a session what it has counted. Without an answer we count from what we see.
pub(super) async fn state(socket: &Path) -> Option<SessionState> {
    read_state(request::ask(socket, STATE, limits::MAX_STATE_BYTES).await)
}

fn read_state(answer: Result<request::Answer, RequestError>) -> Option<SessionState> {
    let answer = answer.ok().filter(|answer| answer.status == StatusCode::OK)?;
    serde_json::from_slice(&answer.body).ok()
}
