//! Set-up of the tests: a server in a temporary home, a plain HTTP client, and conditions with a deadline.

use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use mirrord_ui_server::{LoopbackListeners, Options, Server};
use serde_json::Value;
use tokio::net::TcpStream;
use tokio::runtime::RuntimeFlavor;
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout};
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::{self, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};
use tokio_util::sync::CancellationToken;

use self::host::Host;

pub(crate) use self::eventually::{PATIENCE, eventually};

#[cfg_attr(unix, path = "support/endpoint/unix.rs")]
#[cfg_attr(windows, path = "support/endpoint/windows.rs")]
mod endpoint;
mod eventually;
pub(crate) mod host;

/// A server with a sessions directory of its own; both end with it.
pub(crate) struct Home {
    pub(crate) sessions: PathBuf,
    pub(crate) port: u16,
    pub(crate) token: String,
    shutdown: CancellationToken,
    running: Option<JoinHandle<()>>,
    _folder: Option<tempfile::TempDir>,
}

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

impl Home {
    pub(crate) async fn new() -> Self {
        Self::with(true).await
    }

    /// A server, and a session of our protocol that it follows.
    pub(crate) async fn with_session(id: &str) -> (Self, Host) {
        let home = Self::new().await;
        let host = Host::start(&home.sessions, id);
        home.until(id, "live").await;
        (home, host)
    }

    /// With or without the sessions directory.
    pub(crate) async fn with(directory: bool) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let sessions = folder.path().join("home").join("sessions");
        if directory {
            std::fs::create_dir_all(&sessions).unwrap();
        }
        Self::serve(&sessions, Some(folder)).await
    }

    /// A server that replays records.
    pub(crate) async fn replaying(records: &[PathBuf]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let sessions = folder.path().join("sessions");
        std::fs::create_dir_all(&sessions).unwrap();
        Self::serve_with(&sessions, Some(folder), records, false).await
    }

    /// Starts on a directory that the caller removes.
    pub(crate) async fn on(sessions: &Path) -> Self {
        Self::serve(sessions, None).await
    }

    async fn serve(sessions: &Path, folder: Option<tempfile::TempDir>) -> Self {
        Self::serve_with(sessions, folder, &[], false).await
    }

    /// A server that keeps ended sessions, on a directory that the caller removes.
    pub(crate) async fn keeping(sessions: &Path) -> Self {
        Self::serve_with(sessions, None, &[], true).await
    }

    async fn serve_with(
        sessions: &Path,
        folder: Option<tempfile::TempDir>,
        records: &[PathBuf],
        history: bool,
    ) -> Self {
        // Windows removes a directory once nobody has it open. The server, which watches it, lets go on another thread than
        // the one that removes it; Wine would wait for ever.
        let flavor = tokio::runtime::Handle::current().runtime_flavor();
        assert_eq!(flavor, RuntimeFlavor::MultiThread, "a server has threads of its own");
        let listeners = LoopbackListeners::bind(0).await.unwrap();
        let options = Options {
            sessions_dir: sessions.to_owned(),
            version: "1.2.3".to_owned(),
            allow_hosts: vec!["devbox.example".to_owned()],
            replays: records.to_vec(),
            history,
            ..Options::default()
        };
        let server = Server::new(listeners, options).unwrap();
        let (port, token, shutdown) = (server.port(), server.token().to_owned(), CancellationToken::new());
        let running = Some(tokio::spawn(server.run(shutdown.clone())));
        Self {
            sessions: sessions.to_owned(),
            port,
            token,
            shutdown,
            running,
            _folder: folder,
        }
    }

    /// Stops the server and returns the time that it took.
    pub(crate) async fn stop(mut self) -> Duration {
        let began = Instant::now();
        self.shutdown.cancel();
        let running = self.running.take().unwrap();
        timeout(PATIENCE, running).await.unwrap().unwrap();
        began.elapsed()
    }

    pub(crate) async fn connect(&self) -> TcpStream {
        TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).await.unwrap()
    }

    /// A request as it is given, with its own headers and nothing else.
    pub(crate) async fn send(&self, method: Method, target: &str, headers: &[(&str, &str)]) -> Answer {
        self.send_body(method, target, headers, Bytes::new()).await
    }

    /// As [`Home::send`], with a body.
    async fn send_body(&self, method: Method, target: &str, headers: &[(&str, &str)], body: Bytes) -> Answer {
        let (mut sender, connection) = http1::handshake(TokioIo::new(self.connect().await)).await.unwrap();
        let connection = tokio::spawn(connection);
        let mut request = Request::builder().method(method).uri(target);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Full::new(body)).unwrap();
        let answer = async {
            let response = sender.send_request(request).await.unwrap();
            let (parts, body) = response.into_parts();
            let body = body.collect().await.unwrap().to_bytes();
            Answer {
                status: parts.status,
                headers: parts.headers,
                body,
            }
        };
        let answer = timeout(PATIENCE, answer).await.unwrap();
        connection.abort();
        answer
    }

    /// Sends an authenticated request.
    pub(crate) async fn ask(&self, method: Method, target: &str) -> Answer {
        self.ask_with(method, target, &[]).await
    }

    /// Sends an authenticated request with more headers.
    pub(crate) async fn ask_with(&self, method: Method, target: &str, more: &[(&str, &str)]) -> Answer {
        self.ask_body(method, target, more, Bytes::new()).await
    }

    /// Sends a record.
    pub(crate) async fn upload(&self, name: &str, record: impl Into<Bytes>) -> Answer {
        let (host, bearer) = (format!("localhost:{}", self.port), format!("Bearer {}", self.token));
        let headers = [
            ("host", host.as_str()),
            ("authorization", &bearer),
            ("content-type", "application/octet-stream"),
        ];
        let target = format!("/api/records?name={name}");
        self.send_body(Method::POST, &target, &headers, record.into()).await
    }

    /// Sends an authenticated request with a JSON body.
    pub(crate) async fn put(&self, target: &str, body: &Value) -> Answer {
        self.ask_body(Method::PUT, target, &[], body.to_string().into()).await
    }

    async fn ask_body(&self, method: Method, target: &str, more: &[(&str, &str)], body: Bytes) -> Answer {
        let (host, bearer) = (format!("localhost:{}", self.port), format!("Bearer {}", self.token));
        let own = [
            ("host", host.as_str()),
            ("authorization", &bearer),
            ("content-type", "application/json"),
        ];
        self.send_body(method, target, &[&own, more].concat(), body).await
    }

    /// The status of the answer to an authenticated request.
    pub(crate) async fn status(&self, method: Method, target: &str) -> StatusCode {
        self.ask(method, target).await.status
    }

    pub(crate) async fn get(&self, target: &str) -> Value {
        let answer = self.ask(Method::GET, target).await;
        assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
        answer.json()
    }

    /// The session of that id in the list, where it is there.
    pub(crate) async fn session(&self, id: &str) -> Option<Value> {
        let sessions = self.get("/api/sessions?ended=true").await;
        sessions
            .as_array()
            .unwrap()
            .iter()
            .find(|own| own["session_id"] == id)
            .cloned()
    }

    /// Waits until the session of that id has a status, and gives it.
    pub(crate) async fn until(&self, id: &str, status: &str) -> Value {
        eventually(async || self.session(id).await.filter(|session| session["status"] == status)).await
    }

    /// Waits until the newest event that the server has of a session is this one.
    pub(crate) async fn until_seq(&self, id: &str, seq: u64) -> Value {
        eventually(async || self.session(id).await.filter(|session| session["seq"] == seq)).await
    }

    pub(crate) async fn websocket(&self, target: &str) -> Client {
        let url = format!("ws://localhost:{}{target}", self.port);
        let mut request = url.into_client_request().unwrap();
        let bearer = format!("Bearer {}", self.token).parse().unwrap();
        request.headers_mut().insert("authorization", bearer);
        let stream = MaybeTlsStream::Plain(self.connect().await);
        let (socket, _) = tokio_tungstenite::client_async(request, stream).await.unwrap();
        Client(socket)
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        self.shutdown.cancel();
    }
}

/// A WebSocket's other side.
pub(crate) struct Client(pub(crate) WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Client {
    /// The next message as its JSON text; `None` once it is closed.
    pub(crate) async fn text(&mut self) -> Option<String> {
        use futures_util::StreamExt as _;
        loop {
            match timeout(PATIENCE, self.0.next()).await.expect("a message in time")? {
                Ok(Message::Text(text)) => return Some(text.to_string()),
                Ok(Message::Close(_)) | Err(_) => return None,
                Ok(_) => {}
            }
        }
    }

    pub(crate) async fn message(&mut self) -> Value {
        serde_json::from_str(&self.text().await.expect("it is open")).unwrap()
    }

    /// The next message of a type; the others are skipped.
    pub(crate) async fn message_of(&mut self, kind: &str) -> Value {
        loop {
            let message = self.message().await;
            if message["type"] == kind {
                return message;
            }
        }
    }

    /// Why the server closed it.
    pub(crate) async fn closed(&mut self) -> Option<u16> {
        use futures_util::StreamExt as _;
        loop {
            match timeout(PATIENCE, self.0.next()).await.expect("an end in time")? {
                Ok(Message::Close(frame)) => return frame.map(|frame| frame.code.into()),
                Ok(_) => {}
                Err(tungstenite::Error::Protocol(_) | tungstenite::Error::Io(_)) | Err(_) => return None,
            }
        }
    }
}

/// The numbers of events.
pub(crate) fn seqs(events: &Value) -> Vec<u64> {
    let events = events.as_array().unwrap().iter();
    events.map(|line| line["seq"].as_u64().unwrap()).collect()
}
