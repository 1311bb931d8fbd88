//! Requests beyond the bounds, or not HTTP: refused, in time, and without harm to other clients.

use futures_util::{SinkExt as _, StreamExt as _};
use http::{Method, StatusCode};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;

use crate::support::{Home, PATIENCE};

/// Returns whether there is a head and the body that it announces.
fn is_whole(told: &[u8]) -> bool {
    let text = String::from_utf8_lossy(told).to_lowercase();
    let Some((head, body)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    let length = head
        .split_once("content-length: ")
        .and_then(|(_, rest)| rest.lines().next());
    body.len() >= length.and_then(|length| length.parse().ok()).unwrap_or(0)
}

/// Sends bytes as they are, and reads the answer.
async fn raw(home: &Home, bytes: &[u8]) -> String {
    let mut stream = home.connect().await;
    stream.write_all(bytes).await.ok();
    read_answer(&mut stream).await
}

/// Reads what comes until the end, or until there is a whole answer.
async fn read_answer(stream: &mut TcpStream) -> String {
    let mut told = Vec::new();
    let read = async {
        let mut piece = [0; 4096];
        while !is_whole(&told) {
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
    let get = |headers: &str| format!("GET /health HTTP/1.1\r\n{host}{headers}\r\n");
    let to = |line: &str| format!("{line} HTTP/1.1\r\n{host}\r\n");
    let post = |headers: &str| format!("{kill}{host}{auth}{json}{headers}\r\n");
    let own_target = to(&format!("GET http://localhost:{}/health", home.port));
    let many = "X: y\r\n".repeat(101);
    for (what, request, expected) in [
        ("a second host", get(&host), 400),
        ("a foreign target", to("GET http://evil.example/health"), 403),
        ("our own target", own_target, 200),
        ("no http", "hello\r\n\r\n".to_owned(), 400),
        ("rubbish before a request", format!("\0{}", get("")), 400),
        ("a hundred and one headers", get(&many), 431),
        ("a long target", to(&format!("GET /{}", "x".repeat(65_000))), 401),
        ("a line feed in a header", get("X: a\nHost: evil.example\r\n"), 400),
        ("a folded header", get("X: a\r\n b\r\n"), 400),
        ("a space before the colon", get("Host : evil.example\r\n"), 400),
        ("an authority as the target", to("CONNECT evil.example:443"), 403),
        ("an asterisk as the target", to("OPTIONS *"), 401),
        ("a path out of the folder", to("GET /assets/../api/sessions"), 404),
        ("a mebibyte of headers", get(&format!("X: {long}\r\n")), 431),
        (
            "both lengths",
            post("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n"),
            411,
        ),
        ("a chunked body", post("Transfer-Encoding: chunked\r\n\r\n0\r\n"), 411),
        ("a long body", post("Content-Length: 65537\r\n"), 413),
        ("two lengths", post("Content-Length: 1\r\nContent-Length: 2\r\n"), 400),
    ] {
        let answer = raw(&home, request.as_bytes()).await;
        assert_eq!(status(&answer), expected, "{what}: {answer}");
        let (_, body) = answer.split_once("\r\n\r\n").unwrap();
        if body.is_empty() {
            // Hyper's own answer to what is no request: the connection ends with it.
            assert!(matches!(expected, 400 | 431), "{what}: {answer}");
            continue;
        }
        let lower = answer.to_lowercase();
        for header in [
            "content-security-policy: default-src 'self'",
            "x-content-type-options: nosniff",
            "x-frame-options: deny",
        ] {
            assert!(lower.contains(header), "{what}: {answer}");
        }
        let body: serde_json::Value =
            serde_json::from_str(body).unwrap_or_else(|error| panic!("{what}: {error}: {answer}"));
        assert_eq!(body["error"].is_string(), expected >= 400, "{what}: {answer}");
    }
    assert_eq!(home.status(Method::GET, "/health").await, StatusCode::OK);
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
    assert_eq!(home.status(Method::GET, "/health").await, StatusCode::OK);
    assert!(began.elapsed().as_secs() < 5, "{:?}", began.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_without_their_bodies_lock_nobody_out() {
    let home = Home::new().await;
    let mut strangers = Vec::new();
    for _ in 0..300 {
        let mut stream = home.connect().await;
        let request = format!(
            "GET /health HTTP/1.1\r\nHost: localhost:{}\r\nContent-Length: 9\r\n\r\n",
            home.port
        );
        stream.write_all(request.as_bytes()).await.ok();
        strangers.push(stream);
    }
    for _ in 0..205 {
        assert_eq!(home.status(Method::GET, "/api/sessions").await, StatusCode::OK);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_displace_no_connection_of_the_signed_in() {
    let home = Home::new().await;
    let mut idle = home.connect().await;
    let ask = format!(
        "GET /api/version HTTP/1.1\r\nHost: localhost:{}\r\nAuthorization: Bearer {}\r\n\r\n",
        home.port, home.token
    );
    idle.write_all(ask.as_bytes()).await.unwrap();
    assert_eq!(status(&read_answer(&mut idle).await), 200);
    let mut strangers = tokio::task::JoinSet::new();
    for _ in 0..2 * mirrord_ui_server::limits::MAX_CONNECTIONS {
        let mut stream = home.connect().await;
        stream.write_all(HEALTH).await.ok();
        // Wine's server is busy with every socket on which something stays unread, and everybody else waits for it.
        strangers.spawn(async move { tokio::io::copy(&mut stream, &mut tokio::io::sink()).await.ok() });
    }
    idle.write_all(ask.as_bytes()).await.unwrap();
    assert_eq!(status(&read_answer(&mut idle).await), 200, "it was closed");
}

#[tokio::test(flavor = "multi_thread")]
async fn many_websockets_do_not_keep_the_next_page_out() {
    let home = Home::new().await;
    let mut clients = Vec::new();
    for _ in 0..mirrord_ui_server::limits::MAX_CONNECTIONS {
        let mut client = home.websocket("/ws").await;
        client.message_of("sessions").await;
        clients.push(client);
    }
    for target in ["/", "/api/version", "/api/sessions"] {
        assert_eq!(home.status(Method::GET, target).await, StatusCode::OK);
    }
    let mut next = home.websocket("/ws").await;
    next.message_of("sessions").await;
    assert_eq!(
        clients[0].closed().await,
        Some(1013),
        "the first has made room, and is told so"
    );
    let last = clients.last_mut().unwrap();
    last.0.send(Message::Ping(bytes::Bytes::new())).await.unwrap();
    assert!(
        matches!(last.0.next().await, Some(Ok(Message::Pong(_)))),
        "the last is open"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn where_all_connections_are_busy_the_next_is_told_so() {
    let home = Home::new().await;
    let mut busy = Vec::new();
    let request = format!(
        "GET /api/version HTTP/1.1\r\nHost: localhost:{}\r\nAuthorization: Bearer {}\r\nContent-Length: 9\r\n\
         Expect: 100-continue\r\n\r\n",
        home.port, home.token
    );
    for _ in 0..mirrord_ui_server::limits::MAX_CONNECTIONS {
        let mut stream = home.connect().await;
        stream.write_all(request.as_bytes()).await.unwrap();
        // Its body is waited for.
        let mut told = [0; CONTINUE.len()];
        stream.read_exact(&mut told).await.unwrap();
        assert_eq!(&told, CONTINUE);
        busy.push(stream);
    }
    let answer = raw(&home, b"").await;
    assert_eq!(status(&answer), 503, "{answer}");
    assert!(answer.contains("content-security-policy: default-src 'self'") && answer.contains("retry-after: 1"));
    busy.clear();
    let free = crate::support::eventually(async || (status(&raw(&home, HEALTH).await) == 403).then_some(()));
    free.await;
}

/// The answer to a request that asks whether to send its body. It is read whole: see
/// [`strangers_displace_no_connection_of_the_signed_in`].
const CONTINUE: &[u8] = b"HTTP/1.1 100 Continue\r\n\r\n";

/// A request that is answered, if with no more than a refusal.
const HEALTH: &[u8] = b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n";
