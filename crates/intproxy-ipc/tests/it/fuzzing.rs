//! One input of the fuzzer: bytes that a client sends, and what must hold of the answer, whatever they are.
//!
//! Shared by the test that replays the corpus and the example that looks for new inputs. It goes the public way, through
//! the line reader, the parser and the routes, on a pipe whose size is part of the input. Time is paused.

use std::time::Duration;

use mirrord_intproxy_ipc::Session;
use mirrord_wire::{ApiError, MonitorEvent, SessionInfo, StreamLine};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::timeout;

/// Placeholder in inputs for a client's own text, which must never be repeated to it.
pub(crate) const CANARY: &str = "zqxj";

/// Longer than any request may take, and than any answer that is not a stream.
const LONG: Duration = Duration::from_secs(20);

/// Kind of answer that an input got; two inputs that differ in it took different ways.
pub(crate) type Signature = String;

/// A runtime whose time is paused, for [`check`].
pub(crate) fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    builder.enable_all().start_paused(true).build()
}

/// A session with something to tell.
pub(crate) fn session() -> Session {
    let (tx, session) = Session::builder(SessionInfo::default())
        .on_kill(|| {})
        .start_without_listener()
        .expect("a runtime");
    for _ in 0..3 {
        let host = "db".to_owned();
        tx.emit(MonitorEvent::DnsQuery { host });
    }
    session
}

/// Sends `input` and holds the answer to the protocol. The first byte says how large the pipe is, and whether the client
/// closes its sending side.
///
/// # Panics
/// Where the protocol was broken.
pub(crate) async fn check(session: &Session, input: &[u8]) -> Signature {
    let (shape, request) = input.split_first().unwrap_or((&0, &[]));
    let room = [1, 7, 64, 4_096][usize::from(shape & 3)];
    let answer = exchange(session, room, request, shape & 4 == 0).await;
    assert!(!answer.contains(CANARY), "a client's text came back: {answer}");
    let health = exchange(session, 64, b"GET /health HTTP/1.1\r\n\r\n", true).await;
    assert!(health.starts_with("HTTP/1.1 200 "), "the session was harmed: {health}");
    match answer.split_once("\r\n\r\n") {
        Some((head, body)) if head.starts_with("HTTP/1.1 ") => whole(head, body),
        _ => bare(&answer),
    }
}

async fn exchange(session: &Session, room: usize, request: &[u8], close: bool) -> String {
    let (client, server) = tokio::io::duplex(room);
    session.serve_connection(server);
    let (mut reading, mut writing) = tokio::io::split(client);
    let send = async {
        let _ = writing.write_all(request).await;
        if close {
            let _ = writing.shutdown().await;
        }
        std::future::pending::<()>().await;
    };
    let mut answer = Vec::new();
    let receive = async { reading.read_to_end(&mut answer).await };
    // A stream goes on for as long as its client; a request that is not finished is answered within the time as well.
    let _ = timeout(LONG, async {
        tokio::select! {
            () = send => {}
            _ = receive => {}
        }
    })
    .await;
    String::from_utf8(answer).expect("an answer is text")
}

fn whole(head: &str, body: &str) -> Signature {
    let status = head.split(' ').nth(1).unwrap_or_default();
    let known = [
        "200", "202", "400", "404", "405", "408", "413", "431", "501", "503", "505",
    ];
    assert!(known.contains(&status), "{head}");
    assert!(head.contains("\r\nConnection: close"), "{head}");
    let length = head.lines().find_map(|line| line.strip_prefix("Content-Length: "));
    assert!(
        length.is_none_or(|length| length == body.len().to_string()),
        "{head}\n{body}"
    );
    if status < "400" {
        return format!("{status} {}", length.unwrap_or("stream"));
    }
    let error: ApiError = serde_json::from_str(body).expect("an error is JSON");
    format!("{status} {}", error.error)
}

fn bare(answer: &str) -> Signature {
    let lines = answer.lines().map(|line| {
        let told = serde_json::from_str::<StreamLine>(line).is_ok();
        assert!(
            told || serde_json::from_str::<serde_json::Value>(line).is_ok(),
            "a bare answer is JSON: {line}"
        );
        if told { "event" } else { "value" }
    });
    format!("bare {:?}", lines.take(4).collect::<Vec<_>>())
}
