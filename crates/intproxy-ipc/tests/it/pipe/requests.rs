//! Answers to a request over the real pipe: the same table as anywhere, and the same bounds.

use mirrord_intproxy_ipc::limits;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::windows::named_pipe::NamedPipeClient;

use super::{ask, connect, exchange, serve};
use crate::requests::TABLE;

/// Those that are cut short by the end of the sending side. A pipe has no such end: the session waits for the rest.
const UNFINISHED: [&str; 5] = [
    "GET /health HTTP/1.1\r\nContent-Length: 9\r\n\r\nshort",
    "GET /health HTTP/1.1\r\n",
    "GET /health HTTP/1.1\r\nA: b",
    "GET /heal",
    "POST /kil",
];

#[tokio::test]
async fn every_request_gets_the_answer_of_the_table_over_a_pipe() {
    let sessions = tempfile::tempdir().unwrap();
    let (marker, _tx, _session) = serve(sessions.path(), "table");
    for (request, status) in TABLE.iter().filter(|(request, _)| !UNFINISHED.contains(request)) {
        let answer = ask(&marker, request).await.unwrap();
        assert_eq!(answer.status(), *status, "{request:?}: {answer:?}");
        if *status != 0 {
            let length = answer.header("content-length").map(|length| length.parse().unwrap());
            assert_eq!(length, Some(answer.body.len()), "{request:?}");
        }
    }
    let mut waiting = Vec::new();
    for request in UNFINISHED {
        assert!(TABLE.iter().any(|(known, _)| *known == request), "{request:?}");
        let client = connect(&marker).await.unwrap();
        waiting.push((request, tokio::spawn(exchange(client, request.as_bytes()))));
    }
    for (request, answer) in waiting {
        let answer = answer.await.unwrap().unwrap();
        // Who asks in the bare form is answered in it, and a request line that is cut off has no form yet.
        assert_eq!(answer.status(), 408, "{request:?}: {answer:?}");
    }
}

#[tokio::test]
async fn too_much_is_refused_over_a_pipe_before_it_is_all_sent() {
    let sessions = tempfile::tempdir().unwrap();
    let (marker, _tx, _session) = serve(sessions.path(), "too-much");
    let cases = [
        ("x".repeat(1_000_000), 431),
        (
            format!("GET /health HTTP/1.1\r\n{}\r\n", "A: b\r\n".repeat(100_000)),
            431,
        ),
        (
            format!(
                "GET /health HTTP/1.1\r\nContent-Length: {length}\r\n\r\n{}",
                "x".repeat(limits::MAX_BODY_BYTES + 1),
                length = limits::MAX_BODY_BYTES + 1
            ),
            413,
        ),
    ];
    for (request, status) in cases {
        let answer = ask(&marker, &request).await.unwrap();
        assert_eq!(answer.status(), status, "{} bytes: {answer:?}", request.len());
    }
}

#[tokio::test]
async fn the_sixty_fifth_reader_over_a_pipe_is_told_to_come_back_and_health_is_answered() {
    let sessions = tempfile::tempdir().unwrap();
    let (marker, _tx, _session) = serve(sessions.path(), "full");
    let mut readers: Vec<NamedPipeClient> = Vec::new();
    for _ in 0..limits::MAX_CONNECTIONS {
        let mut reader = connect(&marker).await.unwrap();
        reader.write_all(b"GET /events HTTP/1.1\r\n\r\n").await.unwrap();
        // Its place is taken once it is answered.
        reader.read_exact(&mut [0; 12]).await.unwrap();
        readers.push(reader);
    }
    let answer = ask(&marker, "GET /events HTTP/1.1\r\n\r\n").await.unwrap();
    assert_eq!((answer.status(), answer.header("retry-after")), (503, Some("1")));
    let health = ask(&marker, "GET /health HTTP/1.1\r\n\r\n").await.unwrap();
    assert_eq!(health.status(), 200);
}
