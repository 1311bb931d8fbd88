//! Client of one session: its routes one by one, or all that a follower needs at once.
//!
//! [`SessionClient::attach`] makes three connections before anything is asked, and asks at once where nothing of the session
//! is known yet: a program that lasts a few milliseconds is gone before a second request, but a connection that its host
//! accepted is answered. What its host could not answer any more, the other answers make up for as far as they can.

use std::path::{Path, PathBuf};
use std::pin::pin;
use std::time::Duration;

use bytes::Bytes;
use http::{Response, StatusCode, header};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use mirrord_wire::{InfoAnswer, PROTOCOL_VERSION, SessionId, SessionInfo, SessionState};

use crate::batch::EventBatch;
use crate::directory::SessionSocket;
use crate::error::ClientError;
use crate::event_parser::{Dialect, EventParser};
use crate::limits;
use crate::platform::system::Stream;
use crate::request::{self, RequestMethod, SessionRequest};

/// Client of the session behind a socket. Each call has a connection of its own, and a time-out.
#[derive(Debug, Clone)]
pub struct SessionClient {
    id: SessionId,
    path: PathBuf,
}

/// Response to `/events`, without a check of its status.
type EventsResponse = Result<Response<Incoming>, ClientError>;

impl SessionClient {
    /// Creates a client; connects to nothing yet.
    #[must_use]
    pub fn new(socket: &SessionSocket) -> Self {
        Self {
            id: socket.id.clone(),
            path: socket.path.clone(),
        }
    }

    /// Requests `/info`.
    ///
    /// # Errors
    /// The session does not answer as one.
    pub async fn info(&self) -> Result<InfoAnswer, ClientError> {
        parse_info(&request::fetch(&self.path, INFO, limits::MAX_INFO_BYTES).await?)
    }

    /// Requests `/state`: what the session has counted so far.
    ///
    /// # Errors
    /// The session does not answer as one; a released mirrord has no `/state` ([`ClientError::Status`]).
    pub async fn state(&self) -> Result<SessionState, ClientError> {
        parse_state(&request::fetch(&self.path, STATE, limits::MAX_STATE_BYTES).await?)
    }

    /// Opens the event stream after event number `since`; 0 is all that the session keeps. A released mirrord keeps
    /// nothing, and its events are numbered from `since` on.
    ///
    /// # Errors
    /// The session does not answer as one.
    pub async fn events(&self, since: u64) -> Result<EventStream, ClientError> {
        let response = request_events(request::connect(&self.path).await?, since, Dialect::Ours).await;
        let is_released = response
            .as_ref()
            .is_ok_and(|response| media_type(response) == Some(EVENT_STREAM));
        let dialect = if is_released { Dialect::Released } else { Dialect::Ours };
        EventStream::begin(&self.path, response, dialect, since).await
    }

    /// Requests `POST /kill`: the session ends its program. A released mirrord ends its session API alone.
    ///
    /// # Errors
    /// The session refuses ([`ClientError::Status`]; 501 where it cannot) or does not answer.
    pub async fn kill(&self) -> Result<(), ClientError> {
        let request = SessionRequest {
            method: RequestMethod::Post,
            path: "/kill",
            target: "/kill",
            accept: "application/json",
            timeout: limits::KILL_TIMEOUT,
        };
        request::fetch(&self.path, request, limits::MAX_KILL_BYTES)
            .await
            .map(drop)
    }

    /// Requests `/info`, `/state` and, where `newest` is 0, `/events` at once. `newest` is the number of the newest event
    /// that the caller has of this session.
    ///
    /// # Errors
    /// The session does not answer `/info` as one. One that has ended meanwhile, and whose stream is there, is attached.
    pub async fn attach(&self, newest: u64) -> Result<Attachment, ClientError> {
        let Connections { events, info, state } = Connections::open(&self.path).await?;
        let info = async { parse_info(&request::fetch_on(info?, INFO, limits::MAX_INFO_BYTES).await?) };
        let state = async { parse_state(&request::fetch_on(state?, STATE, limits::MAX_STATE_BYTES).await?) };
        let (answer, state, events) = if newest == 0 {
            // In either dialect: a released mirrord has a stream and ignores the query.
            let response = request_events(events, 0, Dialect::Ours);
            let (response, info, state) = join_all(response, info, state).await;
            (
                self.complete(info, &response).await?,
                state.ok(),
                Events::Requested(response),
            )
        } else {
            let state = async { Ok(state.await) };
            let (info, state) = tokio::try_join!(info, state)?;
            (info, state.ok(), Events::Connected(events))
        };
        let version = answer.info.protocol_version;
        if version > PROTOCOL_VERSION {
            tracing::debug!(session = %self.id, version, "a newer session protocol");
        }
        let dialect = Dialect::of(version);
        Ok(Attachment {
            answer,
            state: state.filter(|_| dialect == Dialect::Ours),
            dialect,
            path: self.path.clone(),
            events,
        })
    }

    /// Returns the answer to `/info`; where the host ended before it gave one and its stream is there, a minimal one.
    async fn complete(
        &self,
        info: Result<InfoAnswer, ClientError>,
        events: &EventsResponse,
    ) -> Result<InfoAnswer, ClientError> {
        let failure = match info {
            Err(error) if error.is_disconnect() => error,
            info => return info,
        };
        let has_stream = events
            .as_ref()
            .is_ok_and(|response| media_type(response) == Some(NDJSON));
        // A host that accepts another connection has not ended: it has failed.
        if has_stream && matches!(request::connect(&self.path).await, Err(error) if error.is_disconnect()) {
            return Ok(InfoAnswer {
                info: SessionInfo {
                    session_id: self.id.to_string(),
                    protocol_version: PROTOCOL_VERSION,
                    ..SessionInfo::default()
                },
                notes: vec!["it ended before it answered /info".to_owned()],
                ..InfoAnswer::default()
            });
        }
        Err(failure)
    }
}

/// Connections to a session, one for each request. The first is required.
struct Connections {
    events: Stream,
    info: Result<Stream, ClientError>,
    state: Result<Stream, ClientError>,
}

impl Connections {
    async fn open(socket: &Path) -> Result<Self, ClientError> {
        Ok(Self {
            events: request::connect(socket).await?,
            info: request::connect(socket).await,
            state: request::connect(socket).await,
        })
    }
}

/// Session that has answered `/info`, with its event stream yet to be read.
#[derive(Debug)]
#[non_exhaustive]
pub struct Attachment {
    /// Answer to `/info`.
    pub answer: InfoAnswer,
    /// Answer to `/state`; none of a released mirrord, and none where it failed.
    pub state: Option<SessionState>,
    /// Dialect of the session.
    pub dialect: Dialect,
    path: PathBuf,
    events: Events,
}

/// Event stream of an [`Attachment`].
#[derive(Debug)]
enum Events {
    /// It was requested from the start.
    Requested(EventsResponse),
    /// It is yet to be requested.
    Connected(Stream),
}

impl Attachment {
    /// Opens the event stream after event number `since`. Where `attach` has requested it already, it begins with the
    /// first event that the session keeps. A released mirrord's events are numbered from `since` on.
    ///
    /// # Errors
    /// The session does not answer as one.
    pub async fn events(self, since: u64) -> Result<EventStream, ClientError> {
        let (response, since) = match (self.events, self.dialect) {
            (Events::Requested(response), Dialect::Ours) => (response, 0),
            (Events::Requested(response), Dialect::Released) => (response, since),
            (Events::Connected(stream), dialect) => (request_events(stream, since, dialect).await, since),
        };
        EventStream::begin(&self.path, response, self.dialect, since).await
    }
}

/// Event stream that is open. It stays open when the socket's file goes.
#[derive(Debug)]
pub struct EventStream {
    body: Incoming,
    parser: EventParser,
}

impl EventStream {
    /// Begins to read a response; requests it once more where it is not in the session's dialect.
    async fn begin(path: &Path, response: EventsResponse, dialect: Dialect, since: u64) -> Result<Self, ClientError> {
        let mut response = response?;
        let other = match dialect {
            Dialect::Ours => EVENT_STREAM,
            Dialect::Released => NDJSON,
        };
        if response.status() != StatusCode::OK || media_type(&response) == Some(other) {
            response = request_events(request::connect(path).await?, since, dialect).await?;
        }
        match response.status() {
            StatusCode::OK => Ok(Self {
                body: response.into_body(),
                parser: EventParser::new(dialect, since),
            }),
            status => Err(ClientError::Status { path: EVENTS, status }),
        }
    }

    /// Returns the dialect of the stream.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        self.parser.dialect()
    }

    /// Waits for the next piece of the stream and returns its lines, which may be none (a heartbeat). `None` at the
    /// stream's end, which is the session's, or a connection that broke off. Cancel-safe.
    ///
    /// # Errors
    /// It is no event stream.
    pub async fn next_batch(&mut self) -> Result<Option<&mut EventBatch>, ClientError> {
        match self.body.frame().await {
            Some(Ok(frame)) => {
                let piece = frame.data_ref().map_or(&[][..], Bytes::as_ref);
                self.parser.push(piece).map(Some)
            }
            Some(Err(_)) | None => Ok(None),
        }
    }
}

const EVENTS: &str = "/events";
const NDJSON: &str = "application/x-ndjson";
const EVENT_STREAM: &str = "text/event-stream";
const INFO: SessionRequest<'static> = get("/info", limits::INFO_TIMEOUT);
const STATE: SessionRequest<'static> = get("/state", limits::STATE_TIMEOUT);

const fn get(path: &'static str, timeout: Duration) -> SessionRequest<'static> {
    SessionRequest {
        method: RequestMethod::Get,
        path,
        target: path,
        accept: "application/json",
        timeout,
    }
}

fn media_type(response: &Response<Incoming>) -> Option<&str> {
    let value = response.headers().get(header::CONTENT_TYPE)?.to_str().ok()?;
    Some(value.split(';').next().unwrap_or(value).trim())
}

async fn request_events(stream: Stream, since: u64, dialect: Dialect) -> EventsResponse {
    let (target, accept) = match dialect {
        Dialect::Ours => (format!("{EVENTS}?since={since}"), NDJSON),
        Dialect::Released => (EVENTS.to_owned(), EVENT_STREAM),
    };
    let request = SessionRequest {
        method: RequestMethod::Get,
        path: EVENTS,
        target: &target,
        accept,
        timeout: limits::EVENTS_TIMEOUT,
    };
    request::open_on(stream, request).await
}

/// Waits for all three; for `/info` alone where that one fails, since without it there is no session. A host that ended
/// is an exception: its stream may be there.
async fn join_all(
    events: impl Future<Output = EventsResponse>,
    info: impl Future<Output = Result<InfoAnswer, ClientError>>,
    state: impl Future<Output = Result<SessionState, ClientError>>,
) -> (
    EventsResponse,
    Result<InfoAnswer, ClientError>,
    Result<SessionState, ClientError>,
) {
    let mut rest = pin!(async { tokio::join!(events, state) });
    let mut info = pin!(info);
    tokio::select! {
        answer = &mut info => {
            if answer.as_ref().is_err_and(|error| !error.is_disconnect()) {
                return (Err(ClientError::Gone), answer, Err(ClientError::Gone));
            }
            let (events, state) = rest.await;
            (events, answer, state)
        },
        (events, state) = &mut rest => (events, info.await, state),
    }
}

fn parse_info(body: &[u8]) -> Result<InfoAnswer, ClientError> {
    let answer = InfoAnswer::read(body).map_err(|_| ClientError::NotASession("/info"))?;
    // Every field defaults, so any JSON object would do: a session has at least an id.
    SessionId::new(answer.info.session_id.as_str()).map_err(|_| ClientError::NotASession("/info"))?;
    Ok(answer)
}

fn parse_state(body: &[u8]) -> Result<SessionState, ClientError> {
    let text = std::str::from_utf8(body).ok();
    text.and_then(|text| mirrord_wire::from_json(text).ok())
        .ok_or(ClientError::NotASession("/state"))
}
