//! Answers to one request: every route, and every way to ask wrongly.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use mirrord_intproxy_ipc::{Session, limits};
use mirrord_wire::{ApiError, Health, MonitorEvent, PROTOCOL_VERSION, SessionInfo, SessionState};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::Instant;

use crate::support::{ask, connect, exchange, get, info, open, start};

/// A request, and the status that it gets; 0 for a bare body.
pub(crate) const TABLE: &[(&str, u16)] = &[
    ("GET /health HTTP/1.1\r\nHost: x\r\n\r\n", 200),
    ("GET /health HTTP/1.0\r\n\r\n", 200),
    ("GET /health HTTP/1.1\n\n", 200),
    ("\r\nGET /health HTTP/1.1\r\n\r\n", 200),
    ("GET http://localhost/health HTTP/1.1\r\n\r\n", 200),
    ("GET  /health\tHTTP/1.1 \r\n\r\n", 200),
    ("GET /health?x=1&y HTTP/1.1\r\n\r\n", 200),
    (
        "GET /health HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
        200,
    ),
    ("GET /health HTTP/1.1\r\n\r\nGET /info HTTP/1.1\r\n\r\n", 200),
    ("GET /health\n", 0),
    ("GET /health\r\n", 0),
    ("GET /nothing\n", 0),
    ("\n\nGET /health HTTP/1.1\r\n\r\n", 400),
    ("GET\r\n\r\n", 400),
    ("GET /health HTTP/1.1 more\r\n\r\n", 400),
    ("GET /health FTP/1.1\r\n\r\n", 400),
    ("GET /health HTTP/11\r\n\r\n", 400),
    ("G\u{e9}T /health HTTP/1.1\r\n\r\n", 400),
    ("G(T /health HTTP/1.1\r\n\r\n", 400),
    ("GET health HTTP/1.1\r\n\r\n", 400),
    ("GET * HTTP/1.1\r\n\r\n", 400),
    ("GET http://localhost HTTP/1.1\r\n\r\n", 400),
    ("GET /h\u{e9} HTTP/1.1\r\n\r\n", 400),
    ("GET /h\u{7f} HTTP/1.1\r\n\r\n", 400),
    ("GET /health HTTP/1.1\r\nno colon\r\n\r\n", 400),
    ("GET /health HTTP/1.1\r\n: empty\r\n\r\n", 400),
    ("GET /health HTTP/1.1\r\nA : b\r\n\r\n", 400),
    ("GET /health HTTP/1.1\r\nA: b\r\n folded\r\n\r\n", 400),
    ("GET /health HTTP/1.1\r\nA: b\u{0}c\r\n\r\n", 400),
    ("GET /health HTTP/1.1\r\nA: b\u{1b}[2J\r\n\r\n", 400),
    ("GET /health HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400),
    ("GET /health HTTP/1.1\r\nContent-Length: +1\r\n\r\na", 400),
    ("GET /health HTTP/1.1\r\nContent-Length: \r\n\r\n", 400),
    ("GET /health HTTP/1.1\r\nContent-Length: 1, 1\r\n\r\na", 400),
    (
        "GET /health HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        400,
    ),
    ("GET /health HTTP/1.1\r\nContent-Length: 9\r\n\r\nshort", 400),
    ("GET /health HTTP/1.1\r\n", 400),
    ("GET /health HTTP/1.1\r\nA: b", 400),
    ("GET /heal", 400),
    ("POST /kil", 400),
    ("GET /events?since=x HTTP/1.1\r\n\r\n", 400),
    ("GET /events?since= HTTP/1.1\r\n\r\n", 400),
    ("GET /events?since=-1 HTTP/1.1\r\n\r\n", 400),
    ("GET /events?since=+1 HTTP/1.1\r\n\r\n", 400),
    ("GET /events?since=18446744073709551616 HTTP/1.1\r\n\r\n", 400),
    ("GET /events HTTP/1.1\r\nLast-Event-ID: x\r\n\r\n", 400),
    ("GET / HTTP/1.1\r\n\r\n", 404),
    ("GET /Health HTTP/1.1\r\n\r\n", 404),
    ("GET /health/ HTTP/1.1\r\n\r\n", 404),
    ("GET /../health HTTP/1.1\r\n\r\n", 404),
    ("POST /nothing HTTP/1.1\r\n\r\n", 404),
    ("HEAD /health HTTP/1.1\r\n\r\n", 405),
    ("OPTIONS /health HTTP/1.1\r\n\r\n", 405),
    ("get /health HTTP/1.1\r\n\r\n", 405),
    ("POST /events HTTP/1.1\r\n\r\n", 405),
    ("GET /kill HTTP/1.1\r\n\r\n", 405),
    ("GET /health HTTP/1.1\r\nContent-Length: 65537\r\n\r\n", 413),
    (
        "GET /health HTTP/1.1\r\nContent-Length: 99999999999999999999999\r\n\r\n",
        413,
    ),
    (
        "POST /kill HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        501,
    ),
    ("POST /kill HTTP/1.1\r\n\r\n", 501),
    ("GET /health HTTP/2.0\r\n\r\n", 505),
];

#[tokio::test(start_paused = true)]
async fn every_request_gets_the_answer_of_the_table() {
    let (_tx, session) = start();
    for (request, status) in TABLE {
        let answer = ask(&session, request.as_bytes()).await;
        assert_eq!(answer.status(), *status, "{request:?}: {answer:?}");
        if *status >= 400 {
            let error: ApiError = serde_json::from_str(&answer.body).unwrap();
            assert!(!error.error.is_empty());
        }
        if *status != 0 {
            assert_eq!(answer.header("connection"), Some("close"), "{request:?}");
            let length = answer.header("content-length").map(|length| length.parse().unwrap());
            assert_eq!(length, Some(answer.body.len()), "{request:?}");
        }
        assert_eq!(answer.header("allow").is_some(), *status == 405, "{request:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn one_byte_at_a_time_is_as_good_as_all_at_once() {
    let (_tx, session) = start();
    for (request, status) in TABLE {
        // A pipe of one byte holds each back until the one before was read.
        let answer = exchange(connect(&session, 1), request.as_bytes(), true).await;
        assert_eq!(answer.status(), *status, "{request:?}: {answer:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn too_long_and_too_many_lines_are_refused_and_the_bounds_themselves_are_not() {
    let (_tx, session) = start();
    let header = |length: usize| format!("GET /health HTTP/1.1\r\nA: {}\r\n\r\n", "x".repeat(length - 3));
    let headers = |count| format!("GET /health HTTP/1.1\r\n{}\r\n", "A: b\r\n".repeat(count));
    let body = |length| {
        format!(
            "GET /health HTTP/1.1\r\nContent-Length: {length}\r\n\r\n{}",
            "x".repeat(length)
        )
    };
    let target = |length| format!("GET /{} HTTP/1.1\r\n\r\n", "x".repeat(length));
    let cases = [
        (header(limits::MAX_REQUEST_LINE_BYTES - 1), 200),
        (header(limits::MAX_REQUEST_LINE_BYTES + 1), 431),
        (header(1_000_000), 431),
        (target(1_000_000), 431),
        ("x".repeat(1_000_000), 431),
        (headers(limits::MAX_REQUEST_LINES - 1), 200),
        (headers(limits::MAX_REQUEST_LINES + 1), 431),
        (headers(100_000), 431),
        (body(limits::MAX_BODY_BYTES), 200),
        (body(limits::MAX_BODY_BYTES + 1), 413),
    ];
    for (request, status) in cases {
        let answer = ask(&session, request.as_bytes()).await;
        assert_eq!(answer.status(), status, "{} bytes: {answer:?}", request.len());
    }
    assert_eq!(
        ask(&session, b"GET /health HTTP/1.1\r\nA: \xff\r\n\r\n").await.status(),
        400
    );
}

#[tokio::test(start_paused = true)]
async fn a_request_that_is_too_slow_is_told_so_after_five_seconds() {
    let (_tx, session) = start();
    let slow = [
        "",
        "GET /health HTTP/1.1\r\n",
        "POST /kill HTTP/1.1\r\nContent-Length: 5\r\n\r\nab",
    ];
    for request in slow {
        let started = Instant::now();
        let answer = exchange(connect(&session, 64), request.as_bytes(), false).await;
        assert_eq!(answer.status(), 408, "{request:?}");
        assert!(started.elapsed() >= limits::REQUEST_TIMEOUT);
        assert!(started.elapsed() < limits::REQUEST_TIMEOUT + limits::DRAIN_TIMEOUT + Duration::from_secs(1));
    }
    assert_eq!(ask(&session, b"").await.body, "", "who says nothing is told nothing");
}

#[tokio::test(start_paused = true)]
async fn the_bare_form_gets_the_body_and_nothing_else() {
    let (_tx, session) = start();
    let answer = ask(&session, b"GET /health\n").await;
    assert_eq!(answer.body, "{\"status\":\"ok\"}\n");
    let answer = ask(&session, b"DELETE /health\n").await;
    assert!(serde_json::from_str::<ApiError>(&answer.body).is_ok(), "{answer:?}");
}

#[tokio::test(start_paused = true)]
async fn routes_answer_in_the_wires_own_types() {
    let (tx, session) = start();
    tx.emit(open("/etc/hosts"));
    tx.emit(MonitorEvent::LayerConnected {
        pid: 7,
        parent_pid: Some(1),
        process_name: Some("node".to_owned()),
        cmdline: vec!["node".to_owned()],
        cwd: None,
    });
    tx.emit(MonitorEvent::PortSubscription {
        port: 8080,
        mode: "steal".into(),
        filter: None,
        address: None,
    });
    session.update(|info| info.namespace = Some("staging".to_owned()));
    let answer = ask(&session, b"GET /health HTTP/1.1\r\n\r\n").await;
    assert_eq!(serde_json::from_str::<Health>(&answer.body).unwrap(), Health::default());
    let info: SessionInfo = get(&session, "/info").await;
    assert_eq!(
        (info.session_id.as_str(), info.protocol_version),
        ("a8f3b2c1", PROTOCOL_VERSION)
    );
    assert_eq!((info.processes[0].pid, info.port_subscriptions[0].port), (7, 8080));
    assert_eq!(info.namespace.as_deref(), Some("staging"));
    let state: SessionState = get(&session, "/state").await;
    assert_eq!(
        (state.seq, state.oldest_seq, state.dropped, state.counters.total),
        (3, 1, 0, 3)
    );
    assert_eq!(answer.header("content-type"), Some("application/json"));
}

#[tokio::test(start_paused = true)]
async fn kill_is_answered_before_the_host_acts_on_it() {
    let killed = Arc::new(AtomicU32::new(0));
    let count = Arc::clone(&killed);
    let kill = move || _ = count.fetch_add(1, Ordering::SeqCst);
    let (_tx, session) = Session::builder(info()).on_kill(kill).start_without_listener().unwrap();
    for request in [
        "GET /kill HTTP/1.1\r\n\r\n",
        "POST /kil",
        "POST /kill HTTP/1.1\r\nContent-Length: 5\r\n\r\nab",
    ] {
        ask(&session, request.as_bytes()).await;
    }
    assert_eq!(killed.load(Ordering::SeqCst), 0, "nobody asked for the end in full");
    let mut client = connect(&session, 8);
    client.write_all(b"POST /kill HTTP/1.1\r\n\r\n").await.unwrap();
    let mut first = [0; 8];
    client.read_exact(&mut first).await.unwrap();
    assert_eq!(killed.load(Ordering::SeqCst), 0, "the answer is not out yet");
    let mut rest = Vec::new();
    client.read_to_end(&mut rest).await.unwrap();
    assert!([&first[..], &rest].concat().starts_with(b"HTTP/1.1 202 "));
    assert_eq!(killed.load(Ordering::SeqCst), 1);
}

#[tokio::test(start_paused = true)]
async fn a_kill_callback_that_panics_harms_its_own_connection_alone() {
    let kill = || panic!("the host's mistake");
    let (_tx, session) = Session::builder(info()).on_kill(kill).start_without_listener().unwrap();
    assert_eq!(ask(&session, b"POST /kill HTTP/1.1\r\n\r\n").await.status(), 202);
    assert_eq!(ask(&session, b"GET /health HTTP/1.1\r\n\r\n").await.status(), 200);
}

#[tokio::test(start_paused = true)]
async fn the_sixty_fifth_reader_is_told_to_come_back_and_every_other_request_is_served() {
    let (_tx, session) = Session::builder(info())
        .on_kill(|| {})
        .start_without_listener()
        .unwrap();
    let mut readers = Vec::new();
    for _ in 0..limits::MAX_CONNECTIONS {
        readers.push(crate::support::events(&session, 64, "").await);
    }
    let events = b"GET /events?since=0 HTTP/1.1\r\n\r\n";
    for _ in 0..2 * limits::MAX_OTHER_CONNECTIONS {
        let answer = ask(&session, events).await;
        assert_eq!((answer.status(), answer.header("retry-after")), (503, Some("1")));
        for request in ["GET /health", "GET /info", "GET /state", "POST /kill"] {
            let answer = ask(&session, format!("{request} HTTP/1.1\r\n\r\n").as_bytes()).await;
            assert!(matches!(answer.status(), 200 | 202), "{request}: {answer:?}");
        }
    }
    readers.pop();
    let freed = async {
        let mut reader = crate::support::events(&session, 64, "").await;
        while reader.text().await.is_some_and(|line| line.contains("error")) {
            tokio::time::advance(limits::GONE_PROBE).await;
            reader = crate::support::events(&session, 64, "").await;
        }
    };
    tokio::time::timeout(crate::support::DEADLINE, freed)
        .await
        .expect("no place came free");
}

/// A refused reader that does not hang up, as a program that retries may not, takes no place of `/info`.
#[tokio::test(start_paused = true)]
async fn refused_readers_that_stay_take_no_place_of_other_requests() {
    let (_tx, session) = start();
    let mut staying = Vec::new();
    for _ in 0..limits::MAX_CONNECTIONS + 3 * limits::MAX_OTHER_CONNECTIONS {
        let mut client = connect(&session, 4096);
        client.write_all(b"GET /events HTTP/1.1\r\n\r\n").await.unwrap();
        client.read_exact(&mut [0; 8]).await.unwrap();
        staying.push(client);
    }
    for request in ["GET /health", "GET /info", "GET /state"] {
        let answer = ask(&session, format!("{request} HTTP/1.1\r\n\r\n").as_bytes()).await;
        assert_eq!(answer.status(), 200, "{request}: {answer:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn more_connections_than_are_served_are_told_to_come_back() {
    let (_tx, session) = start();
    let most = limits::MAX_CONNECTIONS + limits::MAX_OTHER_CONNECTIONS;
    let _silent: Vec<_> = (0..most).map(|_| connect(&session, 64)).collect();
    let answer = ask(&session, b"GET /health HTTP/1.1\r\n\r\n").await;
    assert_eq!((answer.status(), answer.header("retry-after")), (503, Some("1")));
}

/// A released mirrord removes the socket of a session whose `/info` has none.
#[tokio::test(start_paused = true)]
async fn info_always_has_a_config() {
    let (_tx, session) = start();
    session.update(|info| info.config = None);
    let info: serde_json::Value = get(&session, "/info").await;
    assert_eq!(info["config"], serde_json::json!({}));
}
