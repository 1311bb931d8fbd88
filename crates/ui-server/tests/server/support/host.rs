//! Scripted sessions: one that speaks our protocol, and one that runs a function on each connection.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::endpoint::{Endpoint, Stream};

/// A session of our protocol. Dropped, it is over: its listener, its streams and its socket go.
pub(crate) struct Host {
    path: PathBuf,
    script: Arc<Script>,
    task: JoinHandle<()>,
}

struct Script {
    info: Value,
    lines: Mutex<Vec<String>>,
    /// Turns at each line.
    changed: watch::Sender<u64>,
    /// Turns when every stream is to break off.
    broken: watch::Sender<u64>,
    kill: &'static str,
    /// Turns at each request to end.
    killed: watch::Sender<u64>,
    /// The `since` of each stream that was opened.
    opened: Mutex<Vec<u64>>,
}

impl Host {
    pub(crate) fn start(sessions: &Path, id: &str) -> Self {
        Self::with(sessions, id, "202 Accepted", "2026-11-20T18:00:00Z")
    }

    /// Starts a session with further fields of `/info`.
    pub(crate) fn configured(sessions: &Path, id: &str, further: Value) -> Self {
        Self::made(sessions, id, "202 Accepted", "2026-11-20T18:00:00Z", further)
    }

    pub(crate) fn with(sessions: &Path, id: &str, kill: &'static str, started_at: &str) -> Self {
        Self::made(sessions, id, kill, started_at, Value::Null)
    }

    /// Starts a session with an answer to `/kill`, a start and further fields of `/info`.
    pub(crate) fn made(sessions: &Path, id: &str, kill: &'static str, started_at: &str, further: Value) -> Self {
        let endpoint = Endpoint::bind(sessions, id);
        let path = endpoint.path().to_owned();
        let mut info = json!({
            "session_id": id, "protocol_version": 1, "target": "deployment/shop", "started_at": started_at,
            "mirrord_version": "0.1.0", "processes": [{"pid": 7, "process_name": "shop"}],
        });
        if let (Some(info), Value::Object(further)) = (info.as_object_mut(), further) {
            info.extend(further);
        }
        let script = Arc::new(Script {
            info,
            lines: Mutex::default(),
            changed: watch::Sender::new(0),
            broken: watch::Sender::new(0),
            kill,
            killed: watch::Sender::new(0),
            opened: Mutex::default(),
        });
        let task = tokio::spawn(accept(endpoint, Arc::clone(&script)));
        Self { path, script, task }
    }

    /// Emits a file operation; its number is the next one.
    pub(crate) fn emit(&self) {
        let mut lines = self.script.lines.lock().unwrap();
        let seq = lines.len() + 1;
        lines.push(format!(
            r#"{{"seq":{seq},"ts":{seq},"type":"FileOp","path":"/f/{}","operation":"open"}}"#,
            seq % 7
        ));
        drop(lines);
        self.script.changed.send_modify(|turn| *turn += 1);
    }

    /// Waits until it was asked so many times to end.
    pub(crate) async fn was_killed(&self, times: u64) {
        let mut killed = self.script.killed.subscribe();
        killed.wait_for(|turn| *turn >= times).await.unwrap();
    }

    /// Emits a line as it is.
    pub(crate) fn emit_line(&self, line: &str) {
        self.script.lines.lock().unwrap().push(line.to_owned());
        self.script.changed.send_modify(|turn| *turn += 1);
    }

    #[cfg_attr(windows, expect(dead_code, reason = "for the tests that are for Unix"))]
    /// Breaks every stream off, without an end to it.
    pub(crate) fn break_streams(&self) {
        self.script.broken.send_modify(|turn| *turn += 1);
    }

    #[cfg_attr(windows, expect(dead_code, reason = "for the tests that are for Unix"))]
    /// The `since` of each stream that was opened.
    pub(crate) fn opened(&self) -> Vec<u64> {
        self.script.opened.lock().unwrap().clone()
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        self.task.abort();
        std::fs::remove_file(&self.path).ok();
    }
}

async fn accept(mut endpoint: Endpoint, script: Arc<Script>) {
    // Streams are children of this task: they end with it.
    let mut streams = tokio::task::JoinSet::new();
    while let Ok(stream) = endpoint.accept().await {
        let script = Arc::clone(&script);
        streams.spawn(async move { serve(stream, &script).await.ok() });
    }
}

async fn serve(mut stream: Stream, script: &Script) -> std::io::Result<()> {
    let head = read_head(&mut stream).await?;
    let target = head.split(' ').nth(1).unwrap_or_default();
    match target.split_once('?').unwrap_or((target, "")) {
        ("/info", _) => answer(&mut stream, "200 OK", &script.info.to_string()).await,
        ("/state", _) => answer(&mut stream, "404 Not Found", r#"{"error":"no state"}"#).await,
        ("/kill", _) => {
            script.killed.send_modify(|turn| *turn += 1);
            answer(&mut stream, script.kill, r#"{"told":"by the session"}"#).await
        }
        ("/events", query) => {
            let since = query.strip_prefix("since=").unwrap_or("0").parse().unwrap_or(0);
            script.opened.lock().unwrap().push(since);
            follow(&mut stream, script, since).await
        }
        _ => answer(&mut stream, "404 Not Found", "{}").await,
    }
}

async fn follow(stream: &mut Stream, script: &Script, since: u64) -> std::io::Result<()> {
    stream
        .write_all(b"HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nConnection: close\r\n\r\n")
        .await?;
    let mut sent = usize::try_from(since).unwrap();
    let mut changed = script.changed.subscribe();
    let mut broken = script.broken.subscribe();
    loop {
        let new: String = {
            let lines = script.lines.lock().unwrap();
            let new = lines.get(sent..).unwrap_or_default();
            sent += new.len();
            new.iter().map(|line| format!("{line}\n")).collect()
        };
        stream.write_all(new.as_bytes()).await?;
        tokio::select! {
            turned = changed.changed() => turned.map_err(std::io::Error::other)?,
            _ = broken.changed() => return Ok(()),
        }
    }
}

async fn answer(stream: &mut Stream, status: &str, body: &str) -> std::io::Result<()> {
    let text = format!(
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(text.as_bytes()).await
}

/// Reads a request's line and headers.
pub(crate) async fn read_head(stream: &mut Stream) -> std::io::Result<String> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        if stream.read(&mut byte).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        head.extend_from_slice(&byte);
    }
    Ok(String::from_utf8_lossy(&head).into_owned())
}

/// A socket on which every connection is given to `script`. Dropped, it is over.
pub(crate) struct Scripted {
    path: PathBuf,
    task: JoinHandle<()>,
}

impl Scripted {
    pub(crate) fn start<F>(sessions: &Path, id: &str, script: impl Fn(Stream) -> F + Send + 'static) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let mut endpoint = Endpoint::bind(sessions, id);
        let path = endpoint.path().to_owned();
        let task = tokio::spawn(async move {
            let mut streams = tokio::task::JoinSet::new();
            while let Ok(stream) = endpoint.accept().await {
                streams.spawn(script(stream));
            }
        });
        Self { path, task }
    }
}

impl Scripted {
    /// Answers each request with what `body` has for its target, and leaves `/events` open.
    pub(crate) fn answering(sessions: &Path, id: &str, body: impl Fn(&str) -> String + Clone + Send + 'static) -> Self {
        Self::start(sessions, id, move |mut stream| {
            let body = body.clone();
            async move {
                let Ok(head) = read_head(&mut stream).await else { return };
                let target = head.split(' ').nth(1).unwrap_or_default();
                let answer = format!("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{}", body(target));
                stream.write_all(answer.as_bytes()).await.ok();
                if target.starts_with("/events") {
                    std::future::pending::<()>().await;
                }
            }
        })
    }
}

impl Drop for Scripted {
    fn drop(&mut self) {
        self.task.abort();
        std::fs::remove_file(&self.path).ok();
    }
}
