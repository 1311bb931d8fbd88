//! The program on every desktop system: a host publishes a session, `mirrord ui` serves it, a client reads it over REST and
//! a WebSocket, ends it, and sees it ended; and the commands that speak of the one instance.
//!
//! These tests use nothing of Unix, and run as a Windows program as well (`cargo xtask windows`).

#![expect(clippy::unwrap_used, reason = "a test fails where something is not there")]

use std::path::Path;
use std::process::{Output, Stdio};
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;
use mirrord_intproxy_ipc::{MonitorTx, Session, SessionListener};
use mirrord_wire::{MonitorEvent, SessionId, SessionInfo};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio::sync::Notify;
use tokio::time::{interval, timeout};
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;

/// Longer than anything takes on a busy machine.
const DEADLINE: Duration = Duration::from_secs(60);

/// Home of a test, and a `mirrord ui` in it.
struct Desktop {
    home: tempfile::TempDir,
    ui: Child,
    port: u16,
    token: String,
}

/// The program with a home of its own.
fn mirrord(home: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mirrord"));
    command.args(arguments).stdin(Stdio::null()).kill_on_drop(true);
    for name in ["HOME", "USERPROFILE"] {
        command.env(name, home);
    }
    for name in ["MIRRORD_SESSIONS_DIR", "MIRRORD_SESSION_ID", "KUBECONFIG", "RUST_LOG"] {
        command.env_remove(name);
    }
    command
}

/// Starts a program. Under Wine that fails now and then, with an error of its own and nothing started.
fn start(command: &mut Command) -> Child {
    const INTERNAL_ERROR: i32 = 1359;
    const MAX_TRIES: u32 = 3;
    let is_wines = |error: &std::io::Error| cfg!(windows) && error.raw_os_error() == Some(INTERNAL_ERROR);
    let mut tries = 1;
    loop {
        match command.spawn() {
            Err(error) if is_wines(&error) && tries < MAX_TRIES => tries += 1,
            started => return started.unwrap(),
        }
    }
}

async fn output(mut command: Command) -> Output {
    let started = start(command.stdout(Stdio::piped()).stderr(Stdio::piped()));
    timeout(DEADLINE, started.wait_with_output())
        .await
        .expect("an end in time")
        .unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

impl Desktop {
    async fn start() -> Self {
        let home = tempfile::tempdir().unwrap();
        let mut command = mirrord(home.path(), &["ui", "--no-open", "--port", "0", "--no-cluster"]);
        let mut ui = start(command.stdout(Stdio::piped()));
        let mut lines = BufReader::new(ui.stdout.take().unwrap()).lines();
        let line = timeout(DEADLINE, lines.next_line()).await.unwrap().unwrap().unwrap();
        let url = line.strip_prefix("Session Monitor: http://127.0.0.1:").unwrap();
        let (port, token) = url.split_once("/?token=").unwrap();
        Self {
            port: port.parse().unwrap(),
            token: token.trim().to_owned(),
            home,
            ui,
        }
    }

    async fn run(&self, arguments: &[&str]) -> Output {
        output(mirrord(self.home.path(), arguments)).await
    }

    /// Publishes a session as a host does.
    fn publish(&self, id: &str) -> (MonitorTx, Session, Arc<Notify>) {
        let sessions = self.home.path().join(".mirrord").join("sessions");
        let listener = SessionListener::bind(&sessions, &SessionId::new(id).unwrap()).unwrap();
        let info = SessionInfo {
            session_id: id.to_owned(),
            target: "deployment/shop".to_owned(),
            ..SessionInfo::default()
        };
        let killed = Arc::new(Notify::new());
        let kill = Arc::clone(&killed);
        let (tx, session) = Session::builder(info)
            .on_kill(move || kill.notify_one())
            .start(listener)
            .unwrap();
        (tx, session, killed)
    }

    /// Status and body of an answer.
    async fn ask(&self, method: &str, path: &str, headers: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).await.unwrap();
        let port = self.port;
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: localhost:{port}\r\n{headers}Content-Type: application/json\r\n\
             Content-Length: 0\r\nConnection: close\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        timeout(DEADLINE, stream.read_to_end(&mut answer))
            .await
            .unwrap()
            .unwrap();
        let (head, body) = text(&answer).split_once("\r\n\r\n").unwrap();
        (head[9..12].parse().unwrap(), body.to_owned())
    }

    async fn authorized(&self, method: &str, path: &str) -> (u16, String) {
        self.ask(method, path, &format!("Authorization: Bearer {}\r\n", self.token))
            .await
    }

    /// Waits until a session has a status.
    async fn until(&self, id: &str, status: &str) -> Value {
        let asking = async {
            let mut again = interval(Duration::from_millis(20));
            loop {
                again.tick().await;
                let (_, body) = self.authorized("GET", "/api/sessions?ended=true").await;
                let sessions: Vec<Value> = serde_json::from_str(&body).unwrap();
                let found = sessions
                    .into_iter()
                    .find(|own| own["session_id"] == id && own["status"] == status);
                if let Some(session) = found {
                    return session;
                }
            }
        };
        timeout(DEADLINE, asking)
            .await
            .unwrap_or_else(|_| panic!("{id} is not {status}"))
    }
}

fn open(path: &str) -> MonitorEvent {
    MonitorEvent::FileOp {
        path: Some(path.to_owned()),
        operation: "open".into(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_is_served_ended_and_kept() {
    let desktop = Desktop::start().await;
    // On Windows, pipes are one name space for the whole system.
    let id = format!("shop-{}", std::process::id());
    let (tx, session, killed) = desktop.publish(&id);
    tx.emit(open("/etc/app.yaml"));
    desktop.until(&id, "live").await;
    assert_eq!(desktop.ask("GET", "/api/sessions", "").await.0, 401);

    let mut request = format!("ws://localhost:{}/ws", desktop.port)
        .into_client_request()
        .unwrap();
    let bearer = format!("Bearer {}", desktop.token).parse().unwrap();
    request.headers_mut().insert("authorization", bearer);
    let stream = TcpStream::connect(("127.0.0.1", desktop.port)).await.unwrap();
    let (mut socket, _) = tokio_tungstenite::client_async(request, stream).await.unwrap();
    tx.emit(open("/etc/second.yaml"));
    let mut seen = Vec::new();
    while !seen.iter().any(|message: &String| message.contains("/etc/second.yaml")) {
        let message = timeout(DEADLINE, socket.next()).await.expect("the event in time");
        seen.push(message.unwrap().unwrap().to_string());
    }
    assert!(seen[0].starts_with(r#"{"type":"sessions""#), "{seen:?}");
    let events_path = format!("/api/sessions/{id}/events");
    let (status, events) = desktop.authorized("GET", &events_path).await;
    assert!(
        status == 200 && events.contains("/etc/app.yaml") && events.contains(r#""seq":2"#),
        "{events}"
    );

    assert_eq!(
        desktop.authorized("POST", &format!("/api/sessions/{id}/kill")).await.0,
        202
    );
    timeout(DEADLINE, killed.notified())
        .await
        .expect("the host is asked to end its program");
    session.shutdown().await;
    desktop.until(&id, "ended").await;
    let (_, events) = desktop.authorized("GET", &events_path).await;
    assert!(events.contains("/etc/second.yaml"), "{events}");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_instance_runs_is_found_and_is_stopped() {
    let mut desktop = Desktop::start().await;
    let address = format!("http://127.0.0.1:{}/?token={}\n", desktop.port, desktop.token);
    let url = desktop.run(&["ui", "url"]).await;
    assert_eq!(text(&url.stdout).replace("\r\n", "\n"), address, "{url:?}");
    let second = desktop.run(&["ui", "--no-open"]).await;
    assert!(
        second.status.success() && text(&second.stdout).contains(address.trim()),
        "{second:?}"
    );
    let status = desktop.run(&["ui", "status", "--json"]).await;
    let status: Value = serde_json::from_slice(&status.stdout).unwrap();
    assert_eq!(
        (&status["running"], &status["port"]),
        (&true.into(), &desktop.port.into())
    );
    let stop = desktop.run(&["ui", "stop"]).await;
    assert!(stop.status.success(), "{stop:?}");
    timeout(DEADLINE, desktop.ui.wait()).await.expect("its end").unwrap();
    assert_eq!(desktop.run(&["ui", "url"]).await.status.code(), Some(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_instance_that_was_killed_leaves_nothing_in_the_way_and_a_killed_host_is_seen_to_be_gone() {
    let mut desktop = Desktop::start().await;
    let sessions = desktop.home.path().join(".mirrord").join("sessions");
    desktop.ui.kill().await.unwrap();
    // What a host leaves that was killed: on Windows a marker of a pipe that is gone.
    #[cfg(windows)]
    std::fs::write(sessions.join("killed.pipe"), r"\\.\pipe\mirrord-killed").unwrap();
    #[cfg(unix)]
    drop(std::os::unix::net::UnixListener::bind(sessions.join("killed.sock")).unwrap());
    let doctor = desktop.run(&["doctor", "--json"]).await;
    let report: Value = serde_json::from_slice(&doctor.stdout).unwrap_or_else(|error| panic!("{error}: {doctor:?}"));
    let checks = report["checks"].as_array().unwrap();
    let found = |name: &str| checks.iter().find(|check| check["name"] == name).unwrap()["found"].to_string();
    assert!(found("sessions").contains("stale: 1 (killed)"), "{report}");
    assert!(found("ui").contains("no `mirrord ui` runs"), "{report}");
    let sessions = sessions.to_str().unwrap();
    let mut next = mirrord(
        desktop.home.path(),
        &["ui", "--no-open", "--port", "0", "--sessions-dir", sessions],
    );
    let mut next = start(next.stdout(Stdio::piped()));
    let mut lines = BufReader::new(next.stdout.take().unwrap()).lines();
    let line = timeout(DEADLINE, lines.next_line()).await.unwrap().unwrap().unwrap();
    assert!(line.starts_with("Session Monitor: "), "{line}");
    let gone = async {
        let mut again = interval(Duration::from_millis(50));
        let left = || std::fs::read_dir(sessions).unwrap().flatten();
        while left().any(|entry| entry.file_name().to_string_lossy().starts_with("killed")) {
            again.tick().await;
        }
    };
    timeout(DEADLINE, gone).await.expect("the stale one is removed");
    next.kill().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn exec_runs_the_program_or_says_what_it_takes() {
    let home = tempfile::tempdir().unwrap();
    let output = output(mirrord(home.path(), &["exec", "-q", "--", "hostname"])).await;
    if cfg!(target_os = "linux") {
        assert!(output.status.success(), "{output:?}");
        return;
    }
    let error = text(&output.stderr);
    assert_eq!(output.status.code(), Some(125), "{output:?}");
    assert!(
        error.contains("it takes Linux") && error.contains("--example host"),
        "{error}"
    );
    assert!(!home.path().join(".mirrord").exists(), "no session is left");
}
