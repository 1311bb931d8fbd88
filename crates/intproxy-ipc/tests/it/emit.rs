//! Guarantees of emission: it never waits, and every number is accounted for, with any emitters and readers at once.

use std::collections::HashMap;
use std::sync::Barrier;

use mirrord_intproxy_ipc::{MonitorTx, Session, limits};
use mirrord_wire::{MonitorEvent, StreamLine};

use crate::support::{Account, events, info, open, start, state};

#[test]
fn nothing_is_built_when_monitoring_is_off() {
    let tx = MonitorTx::disabled();
    tx.emit(open("/a"));
    tx.emit_with(|| -> MonitorEvent { panic!("built") });
    assert!(!tx.is_enabled());
}

#[tokio::test(start_paused = true)]
async fn a_burst_of_eight_thousand_reaches_a_reader_whole() {
    let (tx, session) = start();
    let mut lines = events(&session, 64, "?since=0").await;
    (0..8_000).for_each(|_| tx.emit(open("/a")));
    let mut account = Account::default();
    account.follow(&mut lines, 8_000).await;
    assert_eq!(account.missed, 0);
}

#[tokio::test(start_paused = true)]
async fn a_full_queue_gives_up_its_oldest_and_says_how_many() {
    let total = 30_000;
    let (tx, session) = Session::builder(info())
        .history_limit(total as usize, 4 << 20)
        .start_without_listener()
        .unwrap();
    // No await until all are emitted, so nothing is taken meanwhile.
    (1..=total).for_each(|number| tx.emit(open(format!("/{number:039}"))));
    let state = state(&session).await;
    assert_eq!(state.seq, total);
    assert!((10_000..20_000).contains(&state.dropped), "{}", state.dropped);
    assert_eq!(state.counters.total, total, "what is dropped is counted all the same");
    assert_eq!(state.counters.by_operation["open"], total);
    assert_eq!(state.oldest_seq, state.dropped + 1, "the oldest went");
    let mut account = Account::default();
    account.follow(&mut events(&session, 64, "?since=0").await, total).await;
    assert_eq!(account.missed, state.dropped);
}

#[tokio::test(start_paused = true)]
async fn an_event_too_large_to_send_is_counted_and_harms_no_other() {
    let (tx, session) = start();
    tx.emit(open("/before"));
    tx.emit(open("x".repeat(10 * limits::MAX_LINE_BYTES)));
    tx.emit(open("/after"));
    let mut lines = events(&session, 64, "?since=0").await;
    let mut account = Account::default();
    account.follow(&mut lines, 3).await;
    assert_eq!((account.events, account.missed), (2, 1));
    assert_eq!(state(&session).await.dropped, 1);
}

#[tokio::test(start_paused = true)]
async fn large_events_cannot_fill_the_queue_beyond_its_bytes() {
    let (tx, session) = start();
    let large = limits::MAX_LINE_BYTES / 2;
    (0..100).for_each(|_| tx.emit(open("x".repeat(large))));
    let state = state(&session).await;
    assert_eq!(state.seq, 100);
    assert_eq!(
        (state.dropped, state.counters.total),
        (100 - (limits::QUEUE_BYTES / large) as u64 + 1, 100)
    );
}

/// Threads emit, readers come, stall, leave and come back behind what they have: each accounts for every number, and
/// sees each thread's events in that thread's order.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn racing_emitters_and_resuming_readers_leave_no_unexplained_gap() {
    const THREADS: u64 = 6;
    const EACH: u64 = 20_000;
    // Small enough that readers do fall out.
    let (tx, session) = Session::builder(info())
        .history_limit(256, 64 * 1024)
        .start_without_listener()
        .unwrap();
    let barrier = Barrier::new(THREADS as usize + 1);
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            let (tx, barrier) = (tx.clone(), &barrier);
            scope.spawn(move || {
                barrier.wait();
                for number in 1..=EACH {
                    tx.emit(open(format!("{thread}/{number}")));
                    if number % 64 == 0 {
                        std::thread::yield_now();
                    }
                }
            });
        }
        let runtime = tokio::runtime::Handle::current();
        let session = &session;
        for stay in [1, 7, 500, usize::MAX] {
            let runtime = runtime.clone();
            scope.spawn(move || runtime.block_on(read_by_turns(session, stay, THREADS * EACH)));
        }
        barrier.wait();
    });
    let state = state(&session).await;
    assert_eq!(state.seq, THREADS * EACH);
    assert_eq!(state.counters.total, THREADS * EACH);
}

/// Reads `stay` lines at a time, and then comes back behind the last.
async fn read_by_turns(session: &Session, stay: usize, total: u64) {
    let mut account = Account::default();
    let mut newest = HashMap::new();
    while account.seq < total {
        // `since` says exactly what the account says.
        let mut lines = events(session, 512, &format!("?since={}", account.seq)).await;
        for _ in 0..stay {
            if account.seq >= total {
                break;
            }
            let line = lines.next().await.expect("the stream ended early");
            account.take(&line);
            if let StreamLine::Event(event) = &line {
                let MonitorEvent::FileOp { path: Some(path), .. } = event.event() else {
                    panic!("another event: {event:?}");
                };
                let (thread, number) = path.split_once('/').unwrap();
                let number: u64 = number.parse().unwrap();
                let before = newest.insert(thread.to_owned(), number).unwrap_or(0);
                assert!(before < number, "thread {thread}: {number} after {before}");
            }
        }
        tokio::task::yield_now().await;
    }
    assert_eq!(account.seq, total);
    assert_eq!(account.events + account.missed, total);
}

#[tokio::test(start_paused = true)]
async fn emitting_goes_on_after_the_session_and_costs_nothing_then() {
    let (tx, session) = start();
    tx.emit(open("/a"));
    drop(session);
    assert!(!tx.is_enabled());
    tx.emit_with(|| -> MonitorEvent { panic!("built") });
}

#[test]
fn emitting_goes_on_when_the_runtime_is_gone() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let (tx, session) = runtime.block_on(async { start() });
    drop(runtime);
    (0..100_000).for_each(|_| tx.emit(open("/a")));
    drop(session);
}

#[tokio::test(start_paused = true)]
async fn a_change_that_panics_leaves_the_session_and_its_emitters_as_they_were() {
    let (tx, session) = start();
    let change = || session.update(|_| panic!("the host's mistake"));
    assert!(std::panic::catch_unwind(std::panic::AssertUnwindSafe(change)).is_err());
    tx.emit(open("/a"));
    assert_eq!(state(&session).await.seq, 1);
    Account::default()
        .follow(&mut events(&session, 64, "?since=0").await, 1)
        .await;
}

#[test]
fn a_session_without_a_runtime_is_an_error_and_not_a_panic() {
    let error = Session::builder(info()).start_without_listener().unwrap_err();
    assert!(error.to_string().contains("tokio runtime"), "{error}");
}
