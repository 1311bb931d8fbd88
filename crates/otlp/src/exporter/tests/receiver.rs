//! A receiver on a free port that answers as a test says, and takes everything after that.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{HeaderMap, Request, Response};
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::Instant;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

use crate::endpoint::Protocol;
use crate::transport::Dial;

/// Answer to one request.
#[derive(Debug, Clone)]
pub(super) enum Reply {
    Answer {
        status: u16,
        headers: Vec<(&'static str, String)>,
        body: Vec<u8>,
        trailers: Vec<(&'static str, String)>,
    },
    /// None, ever.
    Hang,
    /// The end of the connection.
    Close,
}

impl Reply {
    pub(super) fn status(status: u16) -> Self {
        Self::Answer {
            status,
            headers: Vec::new(),
            body: Vec::new(),
            trailers: Vec::new(),
        }
    }

    /// Answer of gRPC with a status and no message.
    pub(super) fn grpc(code: u32) -> Self {
        Self::status(200).header("grpc-status", &code.to_string())
    }

    /// Success with a message.
    pub(super) fn message(protocol: Protocol, message: &[u8]) -> Self {
        match protocol {
            Protocol::Http => Self::status(200)
                .header("content-type", "application/x-protobuf")
                .body(message),
            Protocol::Grpc => {
                let mut own = Self::status(200).body(&crate::transport::framed(message));
                if let Self::Answer { trailers, .. } = &mut own {
                    trailers.push(("grpc-status", "0".to_owned()));
                }
                own
            }
        }
    }

    pub(super) fn header(mut self, name: &'static str, value: &str) -> Self {
        if let Self::Answer { headers, .. } = &mut self {
            headers.push((name, value.to_owned()));
        }
        self
    }

    pub(super) fn body(mut self, content: &[u8]) -> Self {
        if let Self::Answer { body, .. } = &mut self {
            *body = content.to_vec();
        }
        self
    }
}

/// Request that was received.
#[derive(Debug, Clone)]
pub(super) struct Received {
    pub(super) path: String,
    pub(super) headers: HeaderMap,
    /// Without gRPC's frame.
    pub(super) message: Bytes,
    pub(super) at: Instant,
}

#[derive(Debug)]
pub(super) struct State {
    protocol: Protocol,
    replies: Mutex<VecDeque<Reply>>,
    requests: watch::Sender<Vec<Received>>,
    connections: Mutex<usize>,
}

/// The receiver.
pub(super) struct Receiver {
    address: SocketAddr,
    state: Arc<State>,
    task: JoinHandle<()>,
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Receiver {
    pub(super) async fn start(protocol: Protocol, replies: impl IntoIterator<Item = Reply>) -> Self {
        Self::begin(protocol, replies.into_iter().collect(), None).await
    }

    /// Starts one with TLS; returns it with its certificate.
    pub(super) async fn start_tls(protocol: Protocol) -> (Self, String) {
        let own = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let key = PrivateKeyDer::try_from(own.signing_key.serialize_der()).unwrap();
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![own.cert.der().clone()], key)
            .unwrap();
        config.alpn_protocols = match protocol {
            Protocol::Http => vec![b"http/1.1".to_vec()],
            Protocol::Grpc => vec![b"h2".to_vec()],
        };
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let receiver = Self::begin(protocol, VecDeque::new(), Some(acceptor)).await;
        (receiver, own.cert.pem())
    }

    async fn begin(protocol: Protocol, replies: VecDeque<Reply>, tls: Option<TlsAcceptor>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let state = State::new(protocol, replies);
        let own = Arc::clone(&state);
        let task = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                *own.connections.lock().unwrap() += 1;
                let (own, tls) = (Arc::clone(&own), tls.clone());
                tokio::spawn(async move {
                    match tls {
                        None => serve(own, stream).await,
                        Some(tls) => {
                            if let Ok(stream) = tls.accept(stream).await {
                                serve(own, stream).await;
                            }
                        }
                    }
                });
            }
        });
        Self { address, state, task }
    }

    pub(super) fn address(&self) -> String {
        self.address.to_string()
    }

    pub(super) fn port(&self) -> u16 {
        self.address.port()
    }

    pub(super) fn requests(&self) -> Vec<Received> {
        self.state.requests()
    }

    pub(super) fn connections(&self) -> usize {
        *self.state.connections.lock().unwrap()
    }

    /// Waits until so many requests have come.
    pub(super) async fn wait_for(&self, count: usize) {
        self.state.wait_for(count).await;
    }
}

/// The receiver without a socket, which paused time needs.
impl State {
    pub(super) fn new(protocol: Protocol, replies: impl IntoIterator<Item = Reply>) -> Arc<Self> {
        Arc::new(Self {
            protocol,
            replies: Mutex::new(replies.into_iter().collect()),
            requests: watch::Sender::new(Vec::new()),
            connections: Mutex::new(0),
        })
    }

    /// Returns what opens streams to it, once it is there.
    pub(super) fn dial(self: &Arc<Self>, is_there_from: Instant) -> Dial {
        let own = Arc::clone(self);
        Box::new(move || {
            *own.connections.lock().unwrap() += 1;
            if Instant::now() < is_there_from {
                return Err(io::ErrorKind::ConnectionRefused.into());
            }
            let (near, far) = tokio::io::duplex(4 * 1024);
            tokio::spawn(serve(Arc::clone(&own), far));
            Ok(near)
        })
    }

    pub(super) fn requests(&self) -> Vec<Received> {
        self.requests.borrow().clone()
    }

    /// Attempts to connect.
    pub(super) fn connections(&self) -> usize {
        *self.connections.lock().unwrap()
    }

    pub(super) async fn wait_for(&self, count: usize) {
        let mut requests = self.requests.subscribe();
        requests.wait_for(|requests| requests.len() >= count).await.unwrap();
    }
}

async fn serve<S: AsyncRead + AsyncWrite + Send + Unpin + 'static>(state: Arc<State>, stream: S) {
    let io = TokioIo::new(stream);
    let protocol = state.protocol;
    let service = service_fn(move |request| answer(Arc::clone(&state), request));
    match protocol {
        Protocol::Http => http1::Builder::new().serve_connection(io, service).await.ok(),
        Protocol::Grpc => http2::Builder::new(TokioExecutor::new())
            .serve_connection(io, service)
            .await
            .ok(),
    };
}

async fn answer(
    state: Arc<State>,
    request: Request<Incoming>,
) -> Result<Response<BoxBody<Bytes, Infallible>>, io::Error> {
    let (parts, body) = request.into_parts();
    let mut message = body.collect().await.map_err(io::Error::other)?.to_bytes();
    if state.protocol == Protocol::Grpc {
        message = message.split_off(5);
    }
    let reply = state.replies.lock().unwrap().pop_front();
    state.requests.send_modify(|requests| {
        requests.push(Received {
            path: parts.uri.path().to_owned(),
            headers: parts.headers,
            message,
            at: Instant::now(),
        });
    });
    match reply.unwrap_or_else(|| Reply::message(state.protocol, b"")) {
        Reply::Hang => std::future::pending().await,
        Reply::Close => Err(io::Error::other("closed")),
        Reply::Answer {
            status,
            headers,
            body,
            trailers,
        } => {
            let map = |fields: Vec<(&'static str, String)>| {
                let field = |(name, value): (&'static str, String)| (name.parse().unwrap(), value.parse().unwrap());
                fields.into_iter().map(field).collect::<HeaderMap>()
            };
            let body = Full::new(Bytes::from(body));
            let body = match trailers.is_empty() {
                true => body.boxed(),
                false => body.with_trailers(std::future::ready(Some(Ok(map(trailers))))).boxed(),
            };
            let mut response = Response::new(body);
            *response.status_mut() = status.try_into().unwrap();
            response.headers_mut().extend(map(headers));
            Ok(response)
        }
    }
}
