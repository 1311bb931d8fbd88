//! What is too much, or not HTTP: refused, in time, and without harm to anybody else.

use http::{Method, StatusCode};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::time::timeout;

use crate::support::{Home, PATIENCE};

/// Sends bytes as they are and reads what comes until the end, or until there is a whole head.
async fn raw(home: &Home, bytes: &[u8]) -> String {
    let mut stream = home.connect().await;
    stream.write_all(bytes).await.ok();
    let mut told = Vec::new();
    let read = async {
        let mut piece = [0; 4096];
        while !told.windows(4).any(|window| window == b"\r\n\r\n") {
            match stream.read(&mut piece).await {
                Ok(0) | Err(_) => break,
                Ok(read) => told.extend_from_slice(&piece[..read]),
            }
        }
    };
    timeout(PATIENCE, read).await.expect("an answer in time");
    String::from_utf8_lossy(&told).into_owned()
}

fn status(answer: &str) -> u16 {
    answer
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok())
        .unwrap_or(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_plain_http_is_refused() {
    let home = Home::new().await;
    let (host, token) = (format!("Host: localhost:{}\r\n", home.port), &home.token);
    let auth = format!("Authorization: Bearer {token}\r\n");
    let json = "Content-Type: application/json\r\n";
    let kill = "POST /api/sessions/x/kill HTTP/1.1\r\n";
    let long = "x".repeat(1024 * 1024);
    for (what, request, expected) in [
        (
            "a second host",
            format!("GET /health HTTP/1.1\r\n{host}{host}\r\n"),
            400,
        ),
        (
            "a foreign target",
            format!("GET http://evil.example/health HTTP/1.1\r\n{host}\r\n"),
            403,
        ),
        (
            "our own target",
            format!("GET http://localhost:{}/health HTTP/1.1\r\n{host}\r\n", home.port),
            200,
        ),
        ("no http", "hello\r\n\r\n".to_owned(), 400),
        (
            "a path out of the folder",
            format!("GET /assets/../api/sessions HTTP/1.1\r\n{host}\r\n"),
            404,
        ),
        (
            "a mebibyte of headers",
            format!("GET /health HTTP/1.1\r\n{host}X: {long}\r\n\r\n"),
            431,
        ),
        (
            "both lengths",
            format!("{kill}{host}{auth}{json}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n"),
            411,
        ),
        (
            "a chunked body",
            format!("{kill}{host}{auth}{json}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
            411,
        ),
        (
            "a long body",
            format!("{kill}{host}{auth}{json}Content-Length: 65537\r\n\r\n"),
            413,
        ),
        (
            "two lengths",
            format!("{kill}{host}{auth}{json}Content-Length: 1\r\nContent-Length: 2\r\n\r\n"),
            400,
        ),
    ] {
        let answer = raw(&home, request.as_bytes()).await;
        assert_eq!(status(&answer), expected, "{what}: {answer}");
    }
    assert_eq!(home.ask(Method::GET, "/health").await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn half_sent_requests_lock_nobody_out() {
    let home = Home::new().await;
    let mut half_sent = Vec::new();
    for _ in 0..500 {
        let mut stream = home.connect().await;
        stream.write_all(b"GET /health HTTP/1.1\r\nHost: loc").await.ok();
        half_sent.push(stream);
    }
    let began = std::time::Instant::now();
    assert_eq!(home.ask(Method::GET, "/health").await.status, StatusCode::OK);
    assert!(began.elapsed().as_secs() < 5, "{:?}", began.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn where_all_connections_are_busy_the_next_is_told_so() {
    let home = Home::new().await;
    let mut busy = Vec::new();
    for _ in 0..mirrord_ui_server::limits::MAX_CONNECTIONS {
        let mut client = home.websocket("/ws").await;
        client.message_of("sessions").await;
        busy.push(client);
    }
    let answer = raw(&home, b"").await;
    assert_eq!(status(&answer), 503, "{answer}");
    assert!(answer.contains("content-security-policy: default-src 'self'") && answer.contains("retry-after: 1"));
    busy.pop();
    let free = crate::support::eventually(async || (status(&raw(&home, HEALTH).await) == 403).then_some(()));
    free.await;
}

/// A request that is answered, if with no more than a refusal.
const HEALTH: &[u8] = b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n";
