//! Serves one connection: `GET /health`, `GET /info`, `GET /state`, `GET /events?since=SEQ`, `POST /kill`.
//!
//! One request a connection. Whatever goes wrong here ends here: a connection has no way to harm another, the session or
//! its host. Generic over the connection, so that the protocol is the same on a socket, a pipe and in a test.

use std::io;

use mirrord_wire::Health;
use serde::Serialize;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use crate::event_stream;
use crate::http;
use crate::limits::{ANSWER_STALL, LAST_REQUEST_TIMEOUT, REQUEST_TIMEOUT};
use crate::request::{self, Refusal, Request, Unread, Version};
use crate::response_format::ResponseFormat;
use crate::session_core::SessionCore;
use crate::transport::Connection;

/// The answer of `POST /kill`.
#[derive(Serialize)]
struct Killing {
    status: &'static str,
}

/// Reads one request and answers it. `closing` says that the session ends. Gives the connection back where its answer has
/// to arrive still ([`http::close`]): a client that stays after it takes no place of those that ask.
pub(crate) async fn serve<C: Connection>(
    mut connection: C,
    core: &SessionCore,
    closing: &CancellationToken,
) -> Option<C> {
    let ending = async {
        closing.cancelled().await;
        sleep(LAST_REQUEST_TIMEOUT).await;
    };
    let request = tokio::select! {
        request = timeout(REQUEST_TIMEOUT, request::read(&mut connection)) => request,
        () = ending => return None,
    };
    let served = match request {
        Ok(Ok(request)) => route(&mut connection, &request, core, closing).await,
        Ok(Err(Unread::Refused(refusal))) => Err(Failed::Refused(refusal)),
        Ok(Err(Unread::Gone)) => return None,
        Err(_elapsed) => Err(Refusal::new(Version::Http1, 408, "a request is sent within 5 seconds").into()),
    };
    let served = match served {
        Err(Failed::Refused(refusal)) => http::refuse(&mut connection, &refusal).await,
        Err(Failed::Connection(error)) => Err(error),
        Ok(()) => Ok(()),
    };
    // A client that cannot be written to has nothing to wait for.
    served.is_ok().then_some(connection)
}

/// Answers 503: there are too many connections.
pub(crate) async fn turn_away<C: Connection>(mut connection: C) {
    let refusal = Refusal::new(Version::Http1, 503, "this session serves as many connections as it can");
    if http::refuse(&mut connection, &refusal).await.is_ok() {
        http::close(&mut connection).await;
    }
}

/// Why a request was not served.
enum Failed {
    Refused(Refusal),
    Connection(io::Error),
}

impl From<Refusal> for Failed {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<io::Error> for Failed {
    fn from(error: io::Error) -> Self {
        Self::Connection(error)
    }
}

async fn route<C: Connection>(
    connection: &mut C,
    request: &Request,
    core: &SessionCore,
    closing: &CancellationToken,
) -> Result<(), Failed> {
    let version = request.version;
    let allow = match request.path.as_str() {
        "/health" | "/info" | "/state" | "/events" => "GET",
        "/kill" => "POST",
        _ => {
            let error = "there are /health, /info, /state, /events and /kill";
            return Err(Refusal::new(version, 404, error).into());
        }
    };
    if request.method != allow {
        return Err(Refusal::method(version, allow).into());
    }
    match request.path.as_str() {
        "/health" => http::answer(connection, version, 200, &Health::default()).await?,
        "/info" => http::answer(connection, version, 200, &core.info()).await?,
        "/state" => http::answer(connection, version, 200, &core.state()).await?,
        "/kill" => kill(connection, version, core).await?,
        _ => events(connection, request, core, closing).await?,
    }
    Ok(())
}

async fn kill<C: Connection>(connection: &mut C, version: Version, core: &SessionCore) -> Result<(), Failed> {
    let Some(kill) = &core.kill else {
        return Err(Refusal::new(version, 501, "this session cannot be ended from here").into());
    };
    let answered = http::answer(connection, version, 202, &Killing { status: "killing" }).await;
    // The request stands, whether or not the client stayed for the answer.
    kill();
    Ok(answered?)
}

async fn events<C: Connection>(
    connection: &mut C,
    request: &Request,
    core: &SessionCore,
    closing: &CancellationToken,
) -> Result<(), Failed> {
    let since = since(request)?;
    let framing = framing(request, since)?;
    let Some(reader) = core.read(since, framing) else {
        return Err(Refusal::new(request.version, 503, "this session serves 64 readers already").into());
    };
    if request.version == Version::Http1 {
        let head = http::head(200, framing.content_type(), "");
        http::write(connection, head.as_bytes(), ANSWER_STALL).await?;
    }
    Ok(event_stream::stream(connection, reader, closing).await?)
}

/// The representation that the reader asks for. A released mirrord asks for Server-Sent Events and says nothing else; a
/// reader of ours says where it starts, or which dialect it speaks.
fn framing(request: &Request, since: Option<u64>) -> Result<ResponseFormat, Refusal> {
    let dialect = query(request, "dialect=");
    match dialect {
        Some("1") | None => {}
        Some(_) => return Err(Refusal::new(request.version, 400, "`dialect` is 1")),
    }
    Ok(match (request.headers.accepts_event_stream, since, dialect) {
        (false, ..) => ResponseFormat::Ndjson,
        (true, None, None) => ResponseFormat::Released,
        (true, ..) => ResponseFormat::ServerSent,
    })
}

/// The last value that the query has of a field; `name` ends in `=`.
fn query<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    let fields = request.query.split('&');
    fields.filter_map(|field| field.strip_prefix(name)).next_back()
}

/// The number behind which the reader starts. A browser that reconnects sends the URL that it was given at first, so its
/// `Last-Event-ID` is the newer of the two.
fn since(request: &Request) -> Result<Option<u64>, Refusal> {
    let Some(text) = request.headers.last_event_id.as_deref().or(query(request, "since=")) else {
        return Ok(None);
    };
    match text.parse() {
        Ok(since) if text.bytes().all(|byte| byte.is_ascii_digit()) => Ok(Some(since)),
        _ => Err(Refusal::new(request.version, 400, "`since` is the number of an event")),
    }
}
