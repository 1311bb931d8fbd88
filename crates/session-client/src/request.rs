//! One request to a session over its socket, with a time-out and a bound on everything that it may answer.
//!
//! Each request has a connection of its own: a session closes after its answer.

use std::path::Path;
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, Response, header};
use http_body_util::{BodyExt as _, Empty, Limited};
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::time::timeout;

use crate::error::ClientError;
use crate::limits::MAX_HEADERS_BYTES;
use crate::platform::system::Stream;
pub(crate) use crate::platform::system::connect;

/// Request to a session.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SessionRequest<'a> {
    pub(crate) method: RequestMethod,
    /// Path, for error messages.
    pub(crate) path: &'static str,
    /// Path with its query, where it has one.
    pub(crate) target: &'a str,
    pub(crate) accept: &'static str,
    pub(crate) timeout: Duration,
}

/// Methods of the session socket; `http`'s own type is not `Copy`.
#[derive(Debug, Clone, Copy)]
pub(crate) enum RequestMethod {
    Get,
    Post,
}

/// Sends a request on a connection of its own and reads the whole body of a successful answer; the time-out includes
/// connecting.
pub(crate) async fn fetch(socket: &Path, request: SessionRequest<'_>, max_bytes: usize) -> Result<Bytes, ClientError> {
    within(request, async {
        exchange(connect(socket).await?, request, max_bytes).await
    })
    .await
}

/// Sends a request on a connection and reads the whole body of a successful answer.
pub(crate) async fn fetch_on(
    stream: Stream,
    request: SessionRequest<'_>,
    max_bytes: usize,
) -> Result<Bytes, ClientError> {
    within(request, exchange(stream, request, max_bytes)).await
}

/// Sends a request on a connection; the time-out is for the head of the response.
pub(crate) async fn open_on(stream: Stream, request: SessionRequest<'_>) -> Result<Response<Incoming>, ClientError> {
    within(request, send(stream, request)).await
}

async fn within<T>(
    request: SessionRequest<'_>,
    answer: impl Future<Output = Result<T, ClientError>>,
) -> Result<T, ClientError> {
    timeout(request.timeout, answer)
        .await
        .unwrap_or(Err(ClientError::TimedOut {
            path: request.path,
            limit: request.timeout,
        }))
}

async fn exchange(stream: Stream, request: SessionRequest<'_>, max_bytes: usize) -> Result<Bytes, ClientError> {
    let path = request.path;
    let response = send(stream, request).await?;
    let status = response.status();
    if !status.is_success() {
        return Err(ClientError::Status { path, status });
    }
    match Limited::new(response.into_body(), max_bytes).collect().await {
        Ok(body) => Ok(body.to_bytes()),
        Err(error) if error.is::<http_body_util::LengthLimitError>() => {
            Err(ClientError::TooLong { path, limit: max_bytes })
        }
        Err(_) => Err(ClientError::NotHttp(path)),
    }
}

async fn send(stream: Stream, request: SessionRequest<'_>) -> Result<Response<Incoming>, ClientError> {
    let (mut sender, connection) = http1::Builder::new()
        .max_buf_size(MAX_HEADERS_BYTES)
        .handshake::<_, Empty<Bytes>>(TokioIo::new(stream))
        .await
        .map_err(|_| ClientError::NotHttp(request.path))?;
    // It ends by itself: when the answer has been read, or when its reader has let go of it.
    tokio::spawn(connection);
    let method = match request.method {
        RequestMethod::Get => Method::GET,
        RequestMethod::Post => Method::POST,
    };
    let head = Request::builder()
        .method(method)
        .uri(request.target)
        .header(header::HOST, "localhost")
        .header(header::ACCEPT, request.accept)
        .header(header::CONNECTION, "close")
        .body(Empty::new())
        .map_err(|_| ClientError::NotHttp(request.path))?;
    sender
        .send_request(head)
        .await
        .map_err(|_| ClientError::NotHttp(request.path))
}
