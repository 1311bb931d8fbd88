//! Sampling at high rates: which events are sent one by one, and the exact number of those that are not.

use std::time::Duration;

use mirrord_intproxy_ipc::{MonitorTx, Session, limits};
use mirrord_wire::session::Policy;
use mirrord_wire::{Control, Counters, MonitorEvent, StreamLine};
use tokio::time::{Instant, advance};

use crate::support::{Account, Lines, events, info, open, start, state};

fn interesting() -> (MonitorTx, Session) {
    Session::builder(info())
        .policy(Policy::Deduplicated)
        .start_without_listener()
        .unwrap()
}

/// Reads up to the number `seq`, and gives the events and the sum of what was suppressed.
async fn follow<R>(lines: &mut Lines<R>, account: &mut Account, seq: u64) -> (Vec<MonitorEvent>, Counters)
where
    R: tokio::io::AsyncRead + Unpin,
{
    let (mut seen, mut suppressed) = (Vec::new(), Counters::default());
    while account.seq < seq {
        let line = lines.next().await.expect("the stream ended early");
        account.take(&line);
        match line {
            StreamLine::Event(event) => seen.push(event.observation.event),
            StreamLine::Control(Control::Lagged {
                missed,
                suppressed: Some(told),
            }) => {
                assert_eq!(missed, told.total);
                suppressed.add(&told);
            }
            StreamLine::Control(_) => {}
        }
    }
    (seen, suppressed)
}

#[tokio::test(start_paused = true)]
async fn what_is_new_is_sent_and_the_rest_is_told_in_counters() {
    let (tx, session) = interesting();
    let mut lines = events(&session, 4096, "?since=0").await;
    let query = MonitorEvent::DnsQuery { host: "db".to_owned() };
    for _ in 0..100 {
        tx.emit(open("/a"));
        tx.emit(open("/b"));
        tx.emit(MonitorEvent::FileOp {
            path: Some("/a".to_owned()),
            operation: "stat".into(),
        });
    }
    tx.emit(query.clone());
    tx.emit(query.clone());
    let mut account = Account::default();
    let (seen, suppressed) = follow(&mut lines, &mut account, 302).await;
    assert_eq!(seen.len(), 5, "{seen:?}");
    assert_eq!(seen[3..], [query.clone(), query]);
    assert_eq!((suppressed.total, account.missed), (297, 297));
    assert_eq!(
        (suppressed.by_operation["open"], suppressed.by_operation["stat"]),
        (198, 99)
    );
    let state = state(&session).await;
    assert_eq!((state.policy, state.dropped), (Policy::Deduplicated, 0));
    assert_eq!((state.counters.total, state.counters.by_operation["open"]), (302, 200));
}

#[tokio::test(start_paused = true)]
async fn readers_are_told_of_what_is_suppressed_within_a_quarter_of_a_second() {
    let (tx, session) = interesting();
    let mut lines = events(&session, 4096, "?since=0").await;
    let mut account = Account::default();
    tx.emit(open("/a"));
    account.follow(&mut lines, 1).await;
    let before = Instant::now();
    (0..10).for_each(|_| tx.emit(open("/a")));
    let (_, suppressed) = follow(&mut lines, &mut account, 11).await;
    assert_eq!(suppressed.total, 10);
    let waited = before.elapsed();
    assert!(
        waited <= limits::SUPPRESSED_FLUSH_INTERVAL + Duration::from_millis(50),
        "{waited:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn who_comes_in_the_midst_of_what_is_suppressed_is_told_the_rest_exactly() {
    let (tx, session) = interesting();
    (0..100).for_each(|_| tx.emit(open("/a")));
    assert_eq!(state(&session).await.seq, 100);
    (0..100).for_each(|_| tx.emit(open("/a")));
    tx.emit(open("/b"));
    for since in [0, 1, 50, 99, 100, 101, 199, 200] {
        let mut lines = events(&session, 4096, &format!("?since={since}")).await;
        let mut account = Account::since(since);
        let (seen, suppressed) = follow(&mut lines, &mut account, 201).await;
        assert_eq!(seen.last(), Some(&open("/b")));
        assert_eq!(suppressed.total, account.missed, "since {since}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_rate_that_lasts_changes_the_policy_and_its_end_changes_it_back() {
    let (tx, session) = start();
    let mut lines = events(&session, 1 << 16, "?since=0").await;
    let mut account = Account::default();
    let mut emit = async |seconds: u64, rate: u64| {
        for _ in 0..seconds * 100 {
            (0..rate / 100).for_each(|_| tx.emit(open("/usr/lib/python3/dist-packages/yaml/a.py")));
            advance(Duration::from_millis(10)).await;
            let seq = state(&session).await.seq;
            account.follow(&mut lines, seq).await;
        }
        state(&session).await.policy
    };
    assert_eq!(emit(3, 15_000).await, Policy::All);
    assert_eq!(emit(3, 40_000).await, Policy::Deduplicated);
    assert_eq!(emit(3, 10_000).await, Policy::Deduplicated);
    advance(limits::ALL_AFTER + Duration::from_secs(1)).await;
    let state = state(&session).await;
    assert_eq!((state.policy, state.counters.total), (Policy::All, state.seq));
    assert!(account.missed > 50_000, "{account:?}");
}
