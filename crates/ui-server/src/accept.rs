//! Accepts connections and serves each with hyper: limits, then access, then the router, then the headers.
//!
//! Every connection carries who it is into its requests. A listener that fails for want of file descriptors is tried
//! again after a moment; it never takes the server down.

use std::convert::Infallible;
use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bytes::Bytes;
use http::request::Parts;
use http::{HeaderValue, Request, Response, StatusCode, header};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use mirrord_tcp_listener::accept;
use mirrord_wire::SignedIn;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use warp::Reply as _;
use warp::reply::Response as Answer;

use crate::access::headers::SecurityHeaders;
use crate::access::{self, Access, Refusal, Sender, SignIn};
use crate::connections::{Arrival, Connection, Connections, Listener};
use crate::limits;
use crate::mirror::Mirror;
use crate::mirror::auth::{self, MirrorConnection};
use crate::mirror::identity::Caller;
use crate::mirror::permissions::{self, Decision, Identity};
use crate::records::Records;
use crate::routes::call::Context;
use crate::routes::{self, Router, answer};

mod pace;
#[cfg(test)]
mod tests;

use self::pace::Paced;

/// Acceptor of one listener's connections.
#[derive(Debug)]
pub(crate) struct Acceptor {
    pub(crate) listener: TcpListener,
    /// Kind of the listener: every connection is tagged with it.
    pub(crate) which: Listener,
    pub(crate) service: Arc<Service>,
    pub(crate) connections: Arc<Connections>,
    pub(crate) tracker: TaskTracker,
    pub(crate) shutdown: CancellationToken,
}

impl Acceptor {
    /// Accepts until the shutdown.
    pub(crate) async fn run(self) {
        let refused = |error: &std::io::Error| tracing::warn!(%error, "connections cannot be accepted for now");
        loop {
            let accepted = accept(&self.listener, refused);
            let (stream, peer) = tokio::select! {
                () = self.shutdown.cancelled() => return,
                accepted = accepted => accepted,
            };
            let listener = self.which;
            match self.connections.admit(Arrival { listener, peer }, &self.shutdown).await {
                Some(connection) => self.serve(stream, connection),
                None => self.service.refuse(stream),
            }
        }
    }

    fn serve(&self, stream: TcpStream, connection: Arc<Connection>) {
        // Small messages go out as they are written; without it they only go out later.
        stream.set_nodelay(true).ok();
        let serve = serve(stream, Arc::clone(&self.service), Arc::clone(&connection));
        self.tracker.spawn(connection.run(serve));
    }
}

/// Serves one connection to its end.
pub(crate) async fn serve<S>(stream: S, service: Arc<Service>, connection: Arc<Connection>)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let close = connection.close.clone();
    let is_websocket = Arc::new(AtomicBool::new(false));
    let stream = Paced::new(stream, Arc::clone(&is_websocket));
    let service = service_fn(|request| {
        let (service, connection) = (Arc::clone(&service), Arc::clone(&connection));
        let is_websocket = Arc::clone(&is_websocket);
        async move {
            let response = service.answer(request, connection).await;
            if response.status() == StatusCode::SWITCHING_PROTOCOLS {
                is_websocket.store(true, Ordering::Relaxed);
            }
            Ok::<_, Infallible>(response)
        }
    });
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits::HEADERS_TIMEOUT)
        .max_buf_size(limits::MAX_HEADERS_BYTES)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    tokio::pin!(served);
    let result = tokio::select! {
        biased;
        result = served.as_mut() => result,
        () = close.cancelled() => {
            if !connection.is_busy() {
                // It waits, or has half a request: there is nothing to finish.
                return;
            }
            served.as_mut().graceful_shutdown();
            served.await
        }
    };
    if let Err(error) = result {
        tracing::debug!(peer = %connection.arrival.peer, %error, "a connection ended");
    }
}

/// Request handler of all connections: access, router, headers.
pub(crate) struct Service {
    /// The rules of [`Listener::Desktop`].
    desktop: Access,
    headers: Arc<SecurityHeaders>,
    mirror: Arc<Mirror>,
    /// Headers on the mirror, where no origin may frame the page.
    mirror_headers: Arc<SecurityHeaders>,
    records: Arc<Records>,
    router: Router,
}

impl std::fmt::Debug for Service {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Service")
            .field("desktop", &self.desktop)
            .finish_non_exhaustive()
    }
}

impl Service {
    pub(crate) fn new(
        desktop: Access,
        headers: SecurityHeaders,
        mirror_headers: SecurityHeaders,
        context: Context,
    ) -> Self {
        Self {
            desktop,
            headers: Arc::new(headers),
            mirror: Arc::clone(&context.mirror),
            mirror_headers: Arc::new(mirror_headers),
            records: Arc::clone(&context.records),
            router: routes::router(context),
        }
    }

    /// Returns the headers of every answer on a connection.
    pub(crate) fn headers_of(&self, connection: &Connection) -> &Arc<SecurityHeaders> {
        match connection.arrival.listener {
            Listener::Desktop => &self.headers,
            Listener::Mirror { .. } => &self.mirror_headers,
        }
    }

    /// Answers a connection beyond the bound with 503, if it can be written at once.
    pub(crate) fn refuse(&self, stream: TcpStream) {
        tracing::warn!("too many connections");
        let body = r#"{"error":"too many connections"}"#;
        let text = self
            .headers
            .bare_answer("503 Service Unavailable", "retry-after: 1\r\n", body);
        // Written past the runtime, which has yet to see that a stream this new can be written to.
        let written = stream.into_std().and_then(|mut stream| stream.write(text.as_bytes()));
        if let Err(error) = written {
            tracing::debug!(%error, "a refused connection was not told");
        }
    }

    async fn answer(&self, request: Request<Incoming>, connection: Arc<Connection>) -> Answer {
        let mut response = self.route(request, &connection).await;
        self.headers_of(&connection).add(response.headers_mut());
        response
    }

    async fn route(&self, request: Request<Incoming>, connection: &Arc<Connection>) -> Answer {
        let mut busy = Some(connection.busy());
        let (mut parts, body) = request.into_parts();
        let (caller, is_authenticated) = match self.authorize(&parts, connection).await {
            Ok(authorized) => authorized,
            Err(response) => return *response,
        };
        if !is_authenticated {
            // An anonymous peer that sends a body slowly can be evicted, as one that is silent can.
            busy = None;
        }
        let body = match self.receive(&mut parts, body, is_authenticated).await {
            Ok(body) => body,
            Err(response) => return response.into_response(),
        };
        // What is open to all on the desktop is quick; on the mirror an attempt to sign in is let finish.
        if connection.arrival.listener != Listener::Desktop {
            busy.get_or_insert_with(|| connection.busy());
        }
        parts.extensions.insert(Arc::clone(connection));
        parts.extensions.insert(caller);
        let response = (self.router)(Request::from_parts(parts, Full::new(body))).await;
        drop(busy);
        response
    }

    /// Receives the body of a request: a record to a file, which becomes an extension, anything else to memory.
    async fn receive(
        &self,
        parts: &mut Parts,
        body: Incoming,
        is_authenticated: bool,
    ) -> Result<Bytes, Box<answer::Response>> {
        if is_authenticated && access::is_upload(parts) {
            let file = self.records.uploads.receive(&parts.headers, body).await?;
            parts.extensions.insert(file);
            return Ok(Bytes::new());
        }
        let collected = Limited::new(body, usize::try_from(limits::MAX_BODY_BYTES).unwrap_or(usize::MAX)).collect();
        match timeout(limits::BODY_TIMEOUT, collected).await {
            Ok(Ok(body)) => Ok(body.to_bytes()),
            Ok(Err(_)) => Err(Box::new(answer::error(StatusCode::BAD_REQUEST, "the body broke off"))),
            Err(_) => Err(Box::new(answer::error(
                StatusCode::REQUEST_TIMEOUT,
                "the body took too long",
            ))),
        }
    }

    /// Authorizes a request; returns whether it has authenticated, which not every route requires.
    async fn authorize(&self, parts: &Parts, connection: &Connection) -> Result<(Caller, bool), Box<Answer>> {
        let peer = connection.arrival.peer;
        match connection.arrival.listener {
            Listener::Desktop => self.authorize_desktop(parts, connection),
            Listener::Mirror { local, tls } => {
                let authorized = auth::authorize(&self.mirror, parts, MirrorConnection { local, peer, tls }).await;
                let caller = authorized.map_err(|response| Box::new(response.into_response()))?;
                let is_authenticated = caller.device.is_some();
                if is_authenticated {
                    connection.signed_in();
                }
                Ok((caller, is_authenticated))
            }
        }
    }

    fn authorize_desktop(&self, parts: &Parts, connection: &Connection) -> Result<(Caller, bool), Box<Answer>> {
        let sender = self
            .desktop
            .check(parts)
            .map_err(|refusal| refused_by(refusal, parts))?;
        if sender != Sender::Anonymous {
            // With half of its credentials a browser loads the page: it is evicted as one that has both. It is never busy,
            // since others can have that half as well.
            connection.signed_in();
        }
        if let Some(sign_in) = self.desktop.exchange_token_for_cookie(parts, sender).map_err(refused)? {
            if matches!(&sign_in, SignIn::Redirect { cookie: Some(_), .. }) {
                connection.signed_in();
            }
            return Err(Box::new(signed_in(sign_in)));
        }
        // What is the mirror's alone is not there, whoever asks.
        if permissions::decide(Identity::Desktop, &parts.method, parts.uri.path()) == Decision::Missing {
            let missing = answer::error(StatusCode::NOT_FOUND, "there is no such route");
            return Err(Box::new(missing.into_response()));
        }
        Ok((Caller::desktop(), sender == Sender::Known))
    }
}

/// Answers a refused request. A method that the route does not take is named before the type of the body.
fn refused_by(refusal: Refusal, parts: &Parts) -> Box<Answer> {
    let is_of_type = refusal.status == StatusCode::UNSUPPORTED_MEDIA_TYPE;
    match is_of_type.then(|| routes::methods(parts.uri.path())).flatten() {
        Some(methods) if !methods.contains(&parts.method) => {
            Box::new(answer::method_not_allowed(methods).into_response())
        }
        _ => refused(refusal),
    }
}

fn refused(refusal: Refusal) -> Box<Answer> {
    let mut response = answer::error(refusal.status, refusal.reason);
    if refusal.status == StatusCode::UNAUTHORIZED {
        let challenge = HeaderValue::from_static("Bearer");
        response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
    }
    Box::new(response.into_response())
}

fn signed_in(sign_in: SignIn) -> Answer {
    match sign_in {
        SignIn::PageKey(page_key) => answer::json(StatusCode::OK, &SignedIn { page_key }).into_response(),
        SignIn::Redirect { location, cookie } => {
            let mut response = Response::builder()
                .status(StatusCode::SEE_OTHER)
                .header(header::LOCATION, location);
            if let Some(cookie) = cookie {
                response = response.header(header::SET_COOKIE, cookie);
            }
            response.body(Bytes::new()).unwrap_or_default().into_response()
        }
    }
}
