//! `mirrord ui`, running in a home.

use std::net::SocketAddr;
use std::process::Stdio;

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::{Method, Request};
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, waitid};
use serde::de::DeserializeOwned;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use crate::home::Home;
use crate::http::{self, Answer};
use crate::within;

/// A running `mirrord ui`. It ends with the test.
pub struct Ui {
    /// The process.
    pub child: Child,
    /// Address of its listener.
    pub address: SocketAddr,
    /// Its token.
    pub token: String,
}

impl Ui {
    /// Starts it on a free port.
    pub async fn start(home: &Home) -> Self {
        Self::start_with(home, &["--port", "0"]).await
    }

    /// Starts it in a home of its own.
    pub async fn with_home() -> (Home, Self) {
        let home = Home::new();
        let ui = Self::start(&home).await;
        (home, ui)
    }

    /// Starts it with these arguments after `ui --no-open`.
    pub async fn start_with(home: &Home, arguments: &[&str]) -> Self {
        let mut command = home.mirrord(["ui", "--no-open"]);
        command.args(arguments);
        Self::spawn(command).await
    }

    /// Starts it with this command; its log goes where the command says.
    pub async fn spawn(mut command: Command) -> Self {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("mirrord ui starts");
        let mut lines = BufReader::new(child.stdout.take().expect("its output is piped")).lines();
        let url = within("the URL of mirrord ui", async {
            while let Some(line) = lines.next_line().await.expect("its output is text") {
                if let Some(url) = line.strip_prefix("Session Monitor: ") {
                    return url.to_owned();
                }
            }
            panic!("mirrord ui ended before it said where it is");
        })
        .await;
        let (base, token) = url.split_once("/?token=").expect("the URL carries the token");
        let port = base
            .rsplit(':')
            .next()
            .and_then(|port| port.parse().ok())
            .expect("the URL has a port");
        Self {
            child,
            address: SocketAddr::from(([127, 0, 0, 1], port)),
            token: token.to_owned(),
        }
    }

    /// The page's address, with the token.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}/?token={}", self.address, self.token)
    }

    /// A request with the right token and the right `Host`.
    #[must_use]
    pub fn request(&self, method: Method, path: &str) -> Request<Full<Bytes>> {
        Request::builder()
            .method(method)
            .uri(path)
            .header("host", self.address.to_string())
            .header("authorization", format!("Bearer {}", self.token))
            .body(Full::default())
            .expect("a test's request is valid")
    }

    /// Sends a request.
    pub async fn send(&self, request: Request<Full<Bytes>>) -> Answer {
        http::send(self.address, request).await
    }

    /// `GET path`, which has to succeed, as JSON.
    pub async fn json<T: DeserializeOwned>(&self, path: &str) -> T {
        let answer = self.send(self.request(Method::GET, path)).await;
        assert!(
            answer.status().is_success(),
            "{path}: {} {:?}",
            answer.status(),
            answer.body()
        );
        serde_json::from_slice(answer.body()).unwrap_or_else(|error| panic!("{path}: {error}: {:?}", answer.body()))
    }

    /// Ctrl-C, and the end.
    pub async fn interrupt(mut self) -> std::process::ExitStatus {
        interrupt(&self.child);
        within("the end of mirrord ui", self.child.wait())
            .await
            .expect("it can be waited for")
    }
}

impl Drop for Ui {
    /// Ends it, and waits for that: the next one of the same home is not to find it still running.
    fn drop(&mut self) {
        let Some(pid) = self.child.id().and_then(|pid| Pid::from_raw(pid.cast_signed())) else {
            return;
        };
        let _ = self.child.start_kill();
        // It is left for the child's own reaper.
        let _ = waitid(WaitId::Pid(pid), WaitIdOptions::EXITED | WaitIdOptions::NOWAIT);
    }
}

/// Sends SIGINT, as Ctrl-C does.
pub fn interrupt(child: &Child) {
    signal(child, Signal::INT);
}

/// Sends a signal to a process that has not been waited for.
pub fn signal(child: &Child, signal: Signal) {
    let pid = child
        .id()
        .and_then(|pid| Pid::from_raw(pid.cast_signed()))
        .expect("the process still runs");
    rustix::process::kill_process(pid, signal).expect("a signal can be sent to a child");
}
