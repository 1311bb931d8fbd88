//! Messages to readers: complete, in order, in time.

use std::sync::Arc;
use std::time::Duration;

use futures_util::SinkExt as _;
use serde_json::Value;
use tokio_tungstenite::tungstenite::Message;

use crate::support::host::Host;
use crate::support::{Client, Home, PATIENCE, eventually, seqs};

/// Reads one session's events up to a number, from the snapshot on, and checks that each comes once and in order.
async fn read_whole(client: &mut Client, id: &str, last: u64, attached: impl FnOnce()) -> u64 {
    let mut attached = Some(attached);
    let mut next = None;
    let mut read = 0;
    loop {
        let message = client.message().await;
        let lines = match (message["type"].as_str(), message["session_id"].as_str()) {
            (Some("sessions"), _) => {
                let sessions = message["data"].as_array().unwrap();
                let session = sessions.iter().find(|own| own["session_id"] == id);
                next = session.map(|session| session["seq"].as_u64().unwrap() + 1);
                if let Some(attached) = attached.take() {
                    attached();
                }
                vec![]
            }
            (Some("session_added"), _) if message["data"]["session_id"] == id => {
                next = Some(message["data"]["seq"].as_u64().unwrap() + 1);
                vec![]
            }
            (Some("event"), Some(own)) if own == id => vec![message["data"].clone()],
            (Some("events"), Some(own)) if own == id => message["data"].as_array().unwrap().clone(),
            (Some("lagged"), _) => panic!("nothing was too much: {message}"),
            _ => vec![],
        };
        for line in lines {
            assert_eq!(line["seq"].as_u64(), next, "no gap and no overlap");
            next = next.map(|next| next + 1);
            read += 1;
        }
        if next.is_some_and(|next| next > last) {
            return read;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn readers_that_come_at_any_moment_see_no_gap_and_no_overlap() {
    const PORTIONS: u64 = 60;
    const PORTION: u64 = 100;
    /// Readers that are on their way in while the next portion is emitted.
    const COMING: usize = 4;
    let home = Arc::new(Home::new().await);
    let hosts = [Host::start(&home.sessions, "a"), Host::start(&home.sessions, "b")];
    let (attached, mut attaches) = tokio::sync::mpsc::unbounded_channel();
    let mut readers = tokio::task::JoinSet::new();
    let mut coming = 0;
    for portion in 0..PORTIONS {
        let is_last = portion == PORTIONS - 1;
        // The last events are for all of them.
        while coming > if is_last { 0 } else { COMING } {
            attaches.recv().await.unwrap();
            coming -= 1;
        }
        for _ in 0..PORTION {
            hosts.iter().for_each(Host::emit);
            tokio::task::yield_now().await;
        }
        if portion == 0 {
            home.until_seq("a", PORTION).await;
            home.until_seq("b", PORTION).await;
        }
        if is_last {
            break;
        }
        let (home, attached) = (Arc::clone(&home), attached.clone());
        coming += 1;
        readers.spawn(async move {
            let (target, id) = match portion % 4 {
                0 => ("/ws?batch=1", "a"),
                1 => ("/ws", "b"),
                2 => ("/ws?batch=1", "b"),
                _ => ("/ws", "a"),
            };
            let mut client = home.websocket(target).await;
            read_whole(&mut client, id, PORTIONS * PORTION, || attached.send(()).unwrap()).await
        });
    }
    while let Some(read) = tokio::time::timeout(2 * PATIENCE, readers.join_next()).await.unwrap() {
        let read = read.unwrap();
        assert!(
            (PORTION..PORTIONS * PORTION).contains(&read),
            "it came in the middle: {read}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_is_new_is_told_from_its_first_event_to_its_last() {
    let home = Home::new().await;
    let mut all = home.websocket("/ws?batch=1").await;
    all.message_of("sessions").await;
    let host = Host::start(&home.sessions, "short");
    (0..5_000).for_each(|_| host.emit());
    home.until_seq("short", 5_000).await;
    drop(host);
    let mut received = Vec::new();
    loop {
        let message = all.message().await;
        match message["type"].as_str().unwrap() {
            "session_added" => assert_eq!(message["data"]["seq"], 0),
            "events" => received.extend(seqs(&message["data"])),
            "session_removed" => break,
            _ => {}
        }
    }
    assert_eq!(received, (1..=5_000).collect::<Vec<_>>());
    let mut late = home.websocket("/ws").await;
    assert_eq!(late.message().await["data"], Value::Array(vec![]));
    let mut late = home.websocket("/ws?ended=true").await;
    assert_eq!(late.message().await["data"][0]["status"], "ended");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_session_is_one_session() {
    let home = Home::new().await;
    let (one, other) = (Host::start(&home.sessions, "one"), Host::start(&home.sessions, "other"));
    home.until("one", "live").await;
    home.until("other", "live").await;
    let mut client = home.websocket("/ws/one").await;
    assert_eq!(client.message().await["data"].as_array().unwrap().len(), 1);
    other.emit();
    home.until_seq("other", 1).await;
    one.emit();
    assert_eq!(client.message_of("event").await["session_id"], "one");
}

#[tokio::test(flavor = "multi_thread")]
async fn counts_and_rate_are_told_once_a_second() {
    let (home, host) = Home::with_session("one").await;
    let mut client = home.websocket("/ws").await;
    client.message_of("sessions").await;
    (0..100).for_each(|_| host.emit());
    let began = tokio::time::Instant::now();
    let updated = loop {
        let updated = client.message_of("session_updated").await;
        if updated["data"]["counts"]["FileOp"] == 100 {
            break updated;
        }
    };
    assert!(began.elapsed() < Duration::from_secs(4), "{updated}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_says_too_much_is_closed_with_the_reason() {
    let home = Home::new().await;
    let mut client = home.websocket("/ws").await;
    client.0.send(Message::Text("x".repeat(300 * 1024).into())).await.ok();
    assert_eq!(client.closed().await, Some(1009));
    let mut client = home.websocket("/ws").await;
    for _ in 0..2_000 {
        if client.0.send(Message::Text("x".into())).await.is_err() {
            break;
        }
    }
    assert_eq!(client.closed().await, Some(1008));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_never_reads_costs_the_others_nothing() {
    let (home, host) = Home::with_session("one").await;
    let _stuck = home.websocket("/ws").await;
    let mut client = home.websocket("/ws?batch=1").await;
    (0..100_000).for_each(|_| host.emit());
    assert_eq!(read_whole(&mut client, "one", 100_000, || ()).await, 100_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_shutdown_closes_what_is_open_and_ends_in_time() {
    let (home, _host) = Home::with_session("one").await;
    let mut client = home.websocket("/ws").await;
    client.message_of("sessions").await;
    let idle = home.connect().await;
    let took = home.stop().await;
    assert!(took < Duration::from_millis(1_500), "{took:?}");
    assert_eq!(client.closed().await, Some(1001));
    eventually(async || idle.try_read(&mut [0]).is_ok_and(|read| read == 0).then_some(())).await;
}
