//! Connection to the endpoint for one signal: made when it is needed, kept, and made again once it has broken.
//!
//! An answer decides: accepted, refused for good, or worth another attempt (OTLP specification, "Failures"). Redirects are not
//! followed: headers are secrets of one endpoint.

use std::sync::Arc;

use bytes::Bytes;
use http::{Request, Response, header};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Incoming;
use hyper::client::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::task::JoinSet;

use crate::counts::Signal;
use crate::endpoint::Protocol;
use crate::error::SendError;
use crate::limits::MAX_ANSWER_BYTES;

mod answer;
mod connector;
mod grpc;
mod http_answer;
mod status;

pub(crate) use answer::{Accepted, Failure};
pub(crate) use connector::Connector;
#[cfg(test)]
pub(crate) use connector::Dial;

use answer::Answer;
use connector::Stream;

enum Sender {
    Http1(http1::SendRequest<Full<Bytes>>),
    Http2(http2::SendRequest<Full<Bytes>>),
}

/// Connection for one signal.
pub(crate) struct Line {
    connector: Arc<Connector>,
    signal: Signal,
    sender: Option<Sender>,
    /// The last attempt failed, and another one may help.
    pub(crate) is_failing: bool,
    /// The endpoint has answered in the protocol of this, at least once.
    has_answered: bool,
    /// Driver of the connection; it ends with this.
    driver: JoinSet<()>,
}

impl Line {
    pub(crate) fn new(connector: Arc<Connector>, signal: Signal) -> Self {
        Self {
            connector,
            signal,
            sender: None,
            is_failing: false,
            has_answered: false,
            driver: JoinSet::new(),
        }
    }

    /// Lets the connection go. To be called where [`Line::send`] was cancelled.
    pub(crate) fn disconnect(&mut self) {
        self.sender = None;
        self.driver.abort_all();
        while self.driver.try_join_next().is_some() {}
    }

    /// Sends a message once. A connection that was kept may have been closed meanwhile: its request is made again on a new one.
    pub(crate) async fn send(&mut self, message: Bytes) -> Result<Accepted, Failure> {
        let protocol = self.connector.endpoint().protocol;
        let body = match protocol {
            Protocol::Http => message,
            Protocol::Grpc => grpc::frame(&message),
        };
        let mut was_kept = self.sender.as_ref().is_some_and(Sender::is_open);
        let answer = loop {
            match self.exchange(body.clone()).await {
                Err(SendError::Broken) if was_kept => was_kept = false,
                Err(SendError::Broken) if protocol == Protocol::Grpc && !self.has_answered => {
                    return Err(Failure::retryable(SendError::BrokenGrpc));
                }
                result => break result.map_err(Failure::retryable)?,
            }
        };
        self.has_answered = true;
        match protocol {
            Protocol::Http => http_answer::judge(&answer, self.signal),
            Protocol::Grpc => grpc::judge(&answer, self.signal),
        }
    }

    /// Sends a request and reads its answer, on the connection that there is or on a new one.
    async fn exchange(&mut self, body: Bytes) -> Result<Answer, SendError> {
        let mut sender = match self.sender.take().filter(Sender::is_open) {
            Some(sender) => sender,
            None => self.connect().await?,
        };
        let request = self.connector.request(self.signal, body);
        let answer = async {
            let response = sender.send(request).await?;
            read(response).await
        };
        let answer = answer.await?;
        // Only now: a request that is cancelled or fails takes its connection with it.
        self.sender = Some(sender);
        Ok(answer)
    }

    async fn connect(&mut self) -> Result<Sender, SendError> {
        self.disconnect();
        let stream = self.connector.connect().await?;
        self.handshake(stream).await
    }

    async fn handshake(&mut self, stream: Box<dyn Stream>) -> Result<Sender, SendError> {
        let io = TokioIo::new(stream);
        let broken = |_| SendError::Broken;
        match self.connector.endpoint().protocol {
            Protocol::Http => {
                let (sender, driver) = http1::handshake(io).await.map_err(broken)?;
                self.driver.spawn(async move {
                    // Its error is the request's, too.
                    let _ = driver.await;
                });
                Ok(Sender::Http1(sender))
            }
            Protocol::Grpc => {
                let builder = http2::Builder::new(TokioExecutor::new());
                let (sender, driver) = builder.handshake(io).await.map_err(broken)?;
                self.driver.spawn(async move {
                    let _ = driver.await;
                });
                Ok(Sender::Http2(sender))
            }
        }
    }
}

impl Sender {
    fn is_open(&self) -> bool {
        match self {
            Self::Http1(sender) => !sender.is_closed(),
            Self::Http2(sender) => !sender.is_closed(),
        }
    }

    async fn send(&mut self, request: Request<Full<Bytes>>) -> Result<Response<Incoming>, SendError> {
        let sent = match self {
            Self::Http1(sender) => match sender.ready().await {
                Ok(()) => sender.send_request(request).await,
                Err(error) => Err(error),
            },
            Self::Http2(sender) => match sender.ready().await {
                Ok(()) => sender.send_request(request).await,
                Err(error) => Err(error),
            },
        };
        sent.map_err(|error| transport_error(&error))
    }
}

/// Returns what went wrong on a connection: it is no HTTP, or it broke off.
fn transport_error(error: &hyper::Error) -> SendError {
    if error.is_parse() {
        SendError::NoAnswer
    } else {
        SendError::Broken
    }
}

async fn read(response: Response<Incoming>) -> Result<Answer, SendError> {
    let (parts, body) = response.into_parts();
    let declared = parts.headers.get(header::CONTENT_LENGTH);
    let declared = declared.and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if declared.is_some_and(|length| length > MAX_ANSWER_BYTES as u64) {
        return Ok(Answer::too_long(parts.status.as_u16(), parts.headers));
    }
    match Limited::new(body, MAX_ANSWER_BYTES).collect().await {
        Ok(collected) => {
            let trailers = collected.trailers().cloned().unwrap_or_default();
            Ok(Answer {
                status: parts.status.as_u16(),
                headers: parts.headers,
                body: collected.to_bytes(),
                trailers,
            })
        }
        Err(error) if error.is::<http_body_util::LengthLimitError>() => {
            Ok(Answer::too_long(parts.status.as_u16(), parts.headers))
        }
        Err(_) => Err(SendError::Broken),
    }
}

#[cfg(test)]
pub(crate) use grpc::frame as framed;
