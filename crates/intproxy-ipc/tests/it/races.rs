//! Invariants in any order: emitters, slow readers and resuming readers, each step chosen at random.
//!
//! Time moves only where a step moves it, so that a case that fails is the same case again.

use std::time::Duration;

use mirrord_intproxy_ipc::{MonitorTx, Session, limits};
use mirrord_wire::StreamLine;
use mirrord_wire::session::Policy;
use proptest::prelude::*;
use tokio::io::DuplexStream;
use tokio::time::advance;

use crate::support::{Account, Lines, events, info, open, state};

const READERS: usize = 3;

#[derive(Debug, Clone)]
enum Step {
    /// That many events, of that many paths.
    Emit(u16, u8),
    /// From several threads at once.
    Race(u16),
    /// A reader takes at most so many lines of what it can have.
    Read(usize, u16),
    /// A reader goes, and comes back behind what it has.
    Resume(usize),
    /// A reader asks for the state, and reads from there.
    Snapshot(usize),
    /// Time passes.
    Wait(u16),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (1..600_u16, 1..40_u8).prop_map(|(count, paths)| Step::Emit(count, paths)),
        1 => (1..2_000_u16).prop_map(Step::Race),
        3 => (0..READERS, 1..300_u16).prop_map(|(reader, lines)| Step::Read(reader, lines)),
        1 => (0..READERS).prop_map(Step::Resume),
        1 => (0..READERS).prop_map(Step::Snapshot),
        2 => (1..400_u16).prop_map(Step::Wait),
    ]
}

struct Reader {
    lines: Lines<DuplexStream>,
    account: Account,
}

impl Reader {
    async fn new(session: &Session, since: u64) -> Self {
        Self {
            lines: events(session, 512, &format!("?since={since}")).await,
            account: Account::since(since),
        }
    }

    /// Holds the stream to its word, line by line; the account itself panics at an unexplained gap.
    async fn read(&mut self, most: u16, emitted: u64) {
        for _ in 0..most {
            if self.account.seq >= emitted {
                break;
            }
            let line = self.lines.next().await.expect("the stream ended early");
            self.account.take(&line);
            assert!(matches!(line, StreamLine::Control(_)) || self.account.seq <= emitted);
        }
    }
}

fn race(tx: &MonitorTx, each: u16) -> u64 {
    const THREADS: u64 = 4;
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            scope.spawn(move || (0..each).for_each(|number| tx.emit(open(format!("{thread}/{}", number % 50)))));
        }
    });
    THREADS * u64::from(each)
}

async fn play(steps: Vec<Step>, policy: Option<Policy>, keep: (usize, usize)) {
    let mut builder = Session::builder(info()).history_limit(keep.0, keep.1);
    if let Some(policy) = policy {
        builder = builder.policy(policy);
    }
    let (tx, session) = builder.start_without_listener().unwrap();
    let mut emitted = 0;
    let mut readers = Vec::new();
    for _ in 0..READERS {
        readers.push(Reader::new(&session, 0).await);
    }
    for step in steps {
        match step {
            Step::Emit(count, paths) => {
                (0..count).for_each(|number| tx.emit(open(format!("/{}", number % u16::from(paths)))));
                emitted += u64::from(count);
            }
            Step::Race(each) => emitted += race(&tx, each),
            Step::Read(reader, most) => readers[reader].read(most, emitted).await,
            Step::Resume(reader) => readers[reader] = Reader::new(&session, readers[reader].account.seq).await,
            Step::Snapshot(reader) => {
                let state = state(&session).await;
                assert_eq!((state.seq, state.counters.total), (emitted, emitted));
                readers[reader] = Reader::new(&session, state.seq).await;
            }
            Step::Wait(millis) => advance(Duration::from_millis(u64::from(millis))).await,
        }
    }
    for reader in &mut readers {
        reader.read(u16::MAX, emitted).await;
        assert_eq!(reader.account.seq, emitted);
    }
    let state = state(&session).await;
    assert_eq!(
        (state.seq, state.counters.total),
        (emitted, emitted),
        "the counters are exact"
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_number_is_accounted_for_in_any_order_of_things(
        steps in prop::collection::vec(step(), 1..60),
        policy in prop_oneof![Just(None), Just(Some(Policy::All)), Just(Some(Policy::Deduplicated))],
        keep in prop_oneof![Just((64, 8 * 1024)), Just((limits::HISTORY_EVENTS, limits::HISTORY_BYTES))],
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .start_paused(true)
            .build()
            .unwrap();
        runtime.block_on(play(steps, policy, keep));
    }
}
