//! One request to a session over its socket, with a deadline and a bound on everything that it may answer.
//!
//! Each request has a connection of its own: a session closes after its answer. What is told of a failure names the kind
//! of thing that went wrong and never repeats what the peer sent.

use std::io;
use std::path::Path;
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode, header};
use http_body_util::{BodyExt as _, Empty, Limited};
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::UnixStream;
use tokio::time::timeout;

/// Why a session gave no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RequestError {
    /// Nothing listens: the socket is stale, or its host has yet to listen.
    #[error("connecting was refused")]
    Refused,
    /// There is no socket any more.
    #[error("the socket is gone")]
    Gone,
    /// Connecting failed otherwise; no reason to think that the session is over.
    #[error("connecting failed: {0}")]
    Connect(io::Error),
    /// The time was over.
    #[error("no answer to {path} within {} s", limit.as_secs())]
    TimedOut { path: &'static str, limit: Duration },
    /// What came is not HTTP, or ended early.
    #[error("its answer to {0} is not HTTP, or broke off")]
    NotHttp(&'static str),
    /// It was more than a session may answer.
    #[error("its answer to {path} is longer than {limit} bytes")]
    TooLong { path: &'static str, limit: usize },
}

/// What is asked.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ask<'a> {
    pub(crate) verb: Verb,
    /// The route, for messages.
    pub(crate) route: &'static str,
    /// The target with its query, where it has one.
    pub(crate) target: &'a str,
    pub(crate) accept: &'static str,
    pub(crate) deadline: Duration,
}

/// The two methods of the session socket; `http`'s own is not `Copy`.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Verb {
    Get,
    Post,
}

impl RequestError {
    /// Whether the failure is this process's own, which has no file descriptor or no memory left: it says nothing about
    /// the session.
    pub(crate) fn is_our_own(&self) -> bool {
        use rustix::io::Errno;
        let Self::Connect(error) = self else { return false };
        let exhausted = [Errno::MFILE, Errno::NFILE, Errno::NOBUFS, Errno::NOMEM];
        exhausted
            .iter()
            .any(|errno| error.raw_os_error() == Some(errno.raw_os_error()))
    }

    /// Whether a connection was cut off, or there was none any more: what a host that ends leaves.
    pub(crate) fn is_an_end(&self) -> bool {
        matches!(self, Self::Refused | Self::Gone | Self::NotHttp(_))
    }
}

/// An answer that was read to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) body: Bytes,
}

/// Connects to a session. The connection stays good when the socket's file goes.
pub(crate) async fn connect(socket: &Path) -> Result<UnixStream, RequestError> {
    UnixStream::connect(socket).await.map_err(connect_error)
}

/// Asks for something short on a connection of its own; the deadline is for connecting as well.
pub(crate) async fn ask(socket: &Path, ask: Ask<'_>, max_bytes: usize) -> Result<Answer, RequestError> {
    within(ask, async { exchange(connect(socket).await?, ask, max_bytes).await }).await
}

/// Asks for something short on a connection and reads the whole answer within the deadline.
pub(crate) async fn ask_on(stream: UnixStream, ask: Ask<'_>, max_bytes: usize) -> Result<Answer, RequestError> {
    within(ask, exchange(stream, ask, max_bytes)).await
}

/// Asks for a stream on a connection; the deadline is for its beginning.
pub(crate) async fn open_on(stream: UnixStream, ask: Ask<'_>) -> Result<Response<Incoming>, RequestError> {
    within(ask, send(stream, ask)).await
}

async fn within<T>(ask: Ask<'_>, answer: impl Future<Output = Result<T, RequestError>>) -> Result<T, RequestError> {
    timeout(ask.deadline, answer)
        .await
        .unwrap_or(Err(RequestError::TimedOut {
            path: ask.route,
            limit: ask.deadline,
        }))
}

async fn exchange(stream: UnixStream, ask: Ask<'_>, max_bytes: usize) -> Result<Answer, RequestError> {
    let path = ask.route;
    let response = send(stream, ask).await?;
    let status = response.status();
    match Limited::new(response.into_body(), max_bytes).collect().await {
        Ok(body) => Ok(Answer {
            status,
            body: body.to_bytes(),
        }),
        Err(error) if error.is::<http_body_util::LengthLimitError>() => {
            Err(RequestError::TooLong { path, limit: max_bytes })
        }
        Err(_) => Err(RequestError::NotHttp(path)),
    }
}

async fn send(stream: UnixStream, ask: Ask<'_>) -> Result<Response<Incoming>, RequestError> {
    let (mut sender, connection) = http1::Builder::new()
        .max_buf_size(crate::limits::MAX_HEADERS_BYTES)
        .handshake::<_, Empty<Bytes>>(TokioIo::new(stream))
        .await
        .map_err(|_| RequestError::NotHttp(ask.route))?;
    // It ends by itself: when the answer has been read, or when its reader has let go of it.
    tokio::spawn(connection);
    let method = match ask.verb {
        Verb::Get => Method::GET,
        Verb::Post => Method::POST,
    };
    let request = Request::builder()
        .method(method)
        .uri(ask.target)
        .header(header::HOST, "localhost")
        .header(header::ACCEPT, ask.accept)
        .header(header::CONNECTION, "close")
        .body(Empty::new())
        .map_err(|_| RequestError::NotHttp(ask.route))?;
    sender
        .send_request(request)
        .await
        .map_err(|_| RequestError::NotHttp(ask.route))
}

fn connect_error(error: io::Error) -> RequestError {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => RequestError::Refused,
        io::ErrorKind::NotFound => RequestError::Gone,
        _ => RequestError::Connect(error),
    }
}
