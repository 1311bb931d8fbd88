//! Contents of a stream: each event once and in order, or how many are missing, however slow the reader.

use std::time::Duration;

use mirrord_intproxy_ipc::{Session, limits};
use mirrord_wire::{Control, MonitorEvent, StreamLine};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::{Instant, timeout};

use crate::support::{Account, DEADLINE, Lines, ask, connect, events, info, open, start, state};

#[tokio::test(start_paused = true)]
async fn since_zero_is_everything_and_nothing_is_live_only() {
    let (tx, session) = start();
    (0..3).for_each(|number| tx.emit(open(format!("/{number}"))));
    let mut all = events(&session, 64, "?since=0").await;
    let mut account = Account::default();
    account.follow(&mut all, 3).await;
    let mut live = events(&session, 64, "").await;
    // The first heartbeat proves that the reader was there, and that it was given nothing of what was before.
    live.heartbeat(3).await;
    tx.emit(open("/3"));
    let mut late = Account::since(3);
    late.follow(&mut live, 4).await;
    assert_eq!((late.events, late.missed), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn live_begins_behind_what_was_emitted_before_the_request() {
    let (tx, session) = start();
    // More than the session takes in at once, so that it is in the midst of it when the reader comes.
    let burst = 8 * limits::DRAIN_EVENTS as u64;
    (0..burst).for_each(|_| tx.emit(open("/before")));
    let mut live = events(&session, 64, "").await;
    live.heartbeat(burst).await;
}

#[tokio::test(start_paused = true)]
async fn a_snapshot_and_what_follows_have_no_gap_and_no_overlap() {
    let (tx, session) = start();
    for round in 0..20 {
        (0..round).for_each(|number| tx.emit(open(format!("/{number}"))));
        let state = state(&session).await;
        tx.emit(open("/next"));
        let mut lines = events(&session, 64, &format!("?since={}", state.seq)).await;
        let Some(StreamLine::Event(next)) = lines.next().await else {
            panic!("no event");
        };
        assert_eq!(next.seq, state.seq + 1);
        assert_eq!(state.counters.total, state.seq);
    }
}

#[tokio::test(start_paused = true)]
async fn a_number_of_another_session_is_taken_as_now() {
    let (tx, session) = start();
    tx.emit(open("/0"));
    let mut lines = events(&session, 64, "?since=999").await;
    lines.heartbeat(1).await;
    tx.emit(open("/1"));
    Account::since(1).follow(&mut lines, 2).await;
}

#[tokio::test(start_paused = true)]
async fn silence_is_broken_by_a_heartbeat_every_fifteen_seconds() {
    let (tx, session) = start();
    tx.emit(open("/0"));
    let mut lines = events(&session, 64, "?since=0").await;
    Account::default().follow(&mut lines, 1).await;
    for _ in 0..3 {
        let before = Instant::now();
        lines.heartbeat(1).await;
        let silence = before.elapsed();
        assert!(
            silence.abs_diff(limits::HEARTBEAT) < Duration::from_millis(100),
            "{silence:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_client_that_closed_its_sending_side_goes_on_reading() {
    let (tx, session) = start();
    let (reading, mut writing) = tokio::io::split(connect(&session, 64));
    writing.write_all(b"GET /events?since=0\n").await.unwrap();
    writing.shutdown().await.unwrap();
    let mut lines = Lines::new(reading);
    let mut account = Account::default();
    for seq in 1..=50 {
        tx.emit(open("/a"));
        account.follow(&mut lines, seq).await;
    }
    assert_eq!(account.events, 50);
}

#[tokio::test(start_paused = true)]
async fn what_a_reader_says_behind_its_request_changes_nothing() {
    let (tx, session) = start();
    let (reading, mut writing) = tokio::io::split(connect(&session, 64));
    writing
        .write_all(b"GET /events?since=0\nPOST /kill HTTP/1.1\r\n\r\n")
        .await
        .unwrap();
    let mut lines = Lines::new(reading);
    let mut account = Account::default();
    for seq in 1..=20 {
        // Before the event, since a server that is stuck writing to a client does not listen to it either.
        writing.write_all(&[b'x'; 3_000]).await.unwrap();
        tx.emit(open("/a"));
        account.follow(&mut lines, seq).await;
    }
}

#[tokio::test(start_paused = true)]
async fn server_sent_events_have_ids_and_resume_by_them() {
    let (tx, session) = start();
    (0..5).for_each(|number| tx.emit(open(format!("/{number}"))));
    let request =
        "GET /events?since=0 HTTP/1.1\r\nAccept: text/html, Text/Event-Stream;q=0.9\r\nLast-Event-ID: 3\r\n\r\n";
    let mut client = connect(&session, 64);
    client.write_all(request.as_bytes()).await.unwrap();
    let mut lines = Lines::new(client);
    assert_eq!(lines.text().await.as_deref(), Some("HTTP/1.1 200 OK"));
    assert_eq!(lines.text().await.as_deref(), Some("Content-Type: text/event-stream"));
    lines.skip_head().await;
    for seq in 4..=5 {
        assert_eq!(lines.text().await, Some(format!("id: {seq}")));
        let data = lines.text().await.unwrap();
        let line: StreamLine = serde_json::from_str(data.strip_prefix("data: ").unwrap()).unwrap();
        Account::since(seq - 1).take(&line);
        assert_eq!(lines.text().await.as_deref(), Some(""));
    }
    assert_eq!(lines.text().await.as_deref(), Some(": heartbeat 5"));
}

/// A reader of Server-Sent Events, behind the head of its answer.
async fn event_stream(session: &Session, target: &str) -> Lines<tokio::io::DuplexStream> {
    let mut client = connect(session, 64);
    let request = format!("GET {target} HTTP/1.1\r\nhost: localhost\r\naccept: text/event-stream\r\n\r\n");
    client.write_all(request.as_bytes()).await.unwrap();
    let mut lines = Lines::new(client);
    assert_eq!(lines.text().await.as_deref(), Some("HTTP/1.1 200 OK"));
    lines.skip_head().await;
    lines
}

/// The request is the one that its client makes; the payloads are what a released mirrord itself sent.
#[tokio::test(start_paused = true)]
async fn a_released_client_gets_the_released_dialect() {
    let (tx, session) = start();
    let mut lines = event_stream(&session, "http://localhost/events").await;
    for theirs in include_str!("../../../wire/tests/golden/released.ndjson").lines() {
        tx.emit(MonitorEvent::Unknown {
            kind: "Teleported".to_owned(),
            fields: Vec::new(),
        });
        tx.emit(mirrord_wire::released::observation(theirs).unwrap());
        assert_eq!(lines.text().await, Some(format!("data: {theirs}")));
        assert_eq!(lines.text().await.as_deref(), Some(""));
    }
    assert!(lines.text().await.unwrap().starts_with(": heartbeat "));
}

#[tokio::test(start_paused = true)]
async fn a_reader_that_names_a_number_or_our_dialect_gets_ours() {
    let (tx, session) = start();
    tx.emit(open("/a"));
    for target in ["/events?since=0", "/events?dialect=1&since=0"] {
        let mut lines = event_stream(&session, target).await;
        assert_eq!(lines.text().await.as_deref(), Some("id: 1"), "{target}");
    }
    let mut lines = event_stream(&session, "/events?dialect=1").await;
    tx.emit(open("/b"));
    assert_eq!(lines.text().await.as_deref(), Some("id: 2"));
    let answer = ask(&session, b"GET /events?dialect=2 HTTP/1.1\r\n\r\n").await;
    assert_eq!(answer.status(), 400);
}

#[tokio::test(start_paused = true)]
async fn the_end_waits_for_a_reader_that_comes_late_and_gives_it_everything() {
    let (tx, session) = start();
    (0..100).for_each(|_| tx.emit(open("/a")));
    let read = async {
        // It looks who the session is first, as one that attaches does.
        let info = ask(&session, b"GET /info HTTP/1.1\r\n\r\n").await;
        assert_eq!(info.status(), 200);
        let mut lines = events(&session, 64, "?since=0").await;
        Account::default().follow(&mut lines, 100).await;
        lines
    };
    let wait = session.wait_until_read(Duration::from_secs(60));
    let (was_read, mut lines) = tokio::join!(wait, read);
    assert!(was_read);
    tx.emit(open("/after-the-end"));
    session.shutdown().await;
    assert_eq!(lines.next().await, None);
}

#[tokio::test(start_paused = true)]
async fn the_end_waits_no_longer_than_asked_for_one_that_does_not_come() {
    let (tx, session) = start();
    tx.emit(open("/a"));
    let mut live = events(&session, 4096, "").await;
    Account::since(1).take(&live.next().await.expect("a heartbeat"));
    let began = Instant::now();
    let limit = Duration::from_millis(200);
    assert!(
        !session.wait_until_read(limit).await,
        "a reader of what comes has not read the session"
    );
    assert!((limit..limit * 2).contains(&began.elapsed()));
    let mut early = events(&session, 4096, "?since=0").await;
    Account::default().follow(&mut early, 1).await;
    let began = Instant::now();
    assert!(session.wait_until_read(limit).await);
    assert!(began.elapsed() < limit);
}

#[tokio::test(start_paused = true)]
async fn who_has_connected_when_the_session_ends_is_served() {
    let (tx, session) = start();
    tx.emit(open("/a"));
    let mut client = connect(&session, 64);
    let read = async {
        tokio::task::yield_now().await;
        client.write_all(b"GET /events?since=0\n").await.unwrap();
        Account::default().follow(&mut Lines::new(client), 1).await;
    };
    let ((), ()) = tokio::join!(session.shutdown(), read);
}

#[tokio::test(start_paused = true)]
async fn a_late_reader_is_told_what_it_missed_in_either_representation() {
    let (tx, session) = Session::builder(info())
        .history_limit(10, 1 << 20)
        .start_without_listener()
        .unwrap();
    (0..100).for_each(|number| tx.emit(open(format!("/{number}"))));
    let mut lines = events(&session, 64, "?since=20").await;
    assert_eq!(
        lines.next().await,
        Some(StreamLine::Control(Control::Lagged {
            missed: 70,
            suppressed: None
        }))
    );
    Account::since(90).follow(&mut lines, 100).await;
    let mut client = connect(&session, 64);
    client
        .write_all(b"GET /events?since=20 HTTP/1.1\r\nAccept: text/event-stream\r\n\r\n")
        .await
        .unwrap();
    let mut lines = Lines::new(client);
    lines.skip_head().await;
    let mut gap = Vec::new();
    for _ in 0..4 {
        gap.push(lines.text().await.unwrap());
    }
    let told = [
        "id: 90",
        "event: lagged",
        "data: {\"type\":\"Lagged\",\"missed\":70}",
        "",
        "id: 91",
    ];
    assert_eq!(gap, told[..4]);
    assert_eq!(lines.text().await.as_deref(), Some(told[4]));
}

#[tokio::test(start_paused = true)]
async fn a_reader_that_stands_still_is_told_the_exact_number_and_holds_up_nobody() {
    let (tx, session) = start();
    let mut slow = events(&session, 64, "").await;
    let mut quick = events(&session, 4096, "").await;
    slow.heartbeat(0).await;
    quick.heartbeat(0).await;
    let total = 3 * limits::SLOW_READER_EVENTS as u64;
    let mut followed = Account::default();
    for seq in 1..=total {
        tx.emit(open("/usr/lib/python3/dist-packages/yaml/a.py"));
        if seq % 1_000 == 0 {
            followed.follow(&mut quick, seq).await;
        }
    }
    followed.follow(&mut quick, total).await;
    assert_eq!((followed.events, followed.missed), (total, 0));
    let mut late = Account::default();
    late.follow(&mut slow, total).await;
    assert!(
        late.missed > 0 && late.events >= limits::HISTORY_EVENTS as u64,
        "{late:?}"
    );
    assert_eq!(late.events + late.missed, total);
}

#[tokio::test(start_paused = true)]
async fn a_short_stall_at_five_thousand_a_second_loses_nothing() {
    let (tx, session) = start();
    let mut lines = events(&session, 64, "").await;
    lines.heartbeat(0).await;
    for _ in 0..300 {
        (0..50).for_each(|_| tx.emit(open("/usr/lib/python3/dist-packages/yaml/a.py")));
        tokio::time::advance(Duration::from_millis(10)).await;
        tokio::task::yield_now().await;
    }
    let mut account = Account::default();
    account.follow(&mut lines, 15_000).await;
    assert_eq!((account.events, account.missed), (15_000, 0));
}

#[tokio::test(start_paused = true)]
async fn a_reader_that_takes_nothing_for_two_minutes_is_let_go() {
    let (tx, session) = start();
    let mut client = connect(&session, 64);
    client.write_all(b"GET /events\n").await.unwrap();
    let mut beat = [0; 8];
    client.read_exact(&mut beat).await.unwrap();
    (0..100).for_each(|_| tx.emit(open("/a")));
    let started = Instant::now();
    // The server's end is seen by writing, since reading would be to take something.
    let gone = async { while client.write_all(b"x").await.is_ok() {} };
    timeout(DEADLINE, gone).await.expect("the reader was kept");
    let held = started.elapsed();
    assert!(
        held.abs_diff(limits::READER_STALL) < Duration::from_secs(20),
        "{held:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn readers_get_what_is_kept_before_the_session_ends() {
    let (tx, session) = start();
    let mut lines = events(&session, 64, "?since=0").await;
    let mut stuck = connect(&session, 64);
    stuck.write_all(b"GET /events?since=0\n").await.unwrap();
    tx.emit(open("/first"));
    let mut account = Account::default();
    account.follow(&mut lines, 1).await;
    (1..1_000).for_each(|_| tx.emit(open("/a")));
    let started = Instant::now();
    let reader = tokio::spawn(async move {
        account.follow(&mut lines, 1_000).await;
        assert_eq!(lines.next().await, None, "the end of the stream");
    });
    session.shutdown().await;
    assert!(
        started.elapsed() <= limits::SHUTDOWN_GRACE * 2,
        "a reader that stands still is not waited for"
    );
    reader.await.unwrap();
    tx.emit(open("/after"));
    assert!(!tx.is_enabled());
}
