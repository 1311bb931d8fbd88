//! Feeder of an OpenTelemetry exporter: reads every session's events from the store, as one more reader, and its counts.
//!
//! A feeder is a set of places in the rings. While the exporter has no room it waits, and the rings go on keeping what they have
//! room for; what they evict meanwhile is counted as dropped. Sessions of records are not sent: they happened before, and perhaps
//! elsewhere. Lines are redacted here, outside the store's lock.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use mirrord_otlp::limits::METRICS_INTERVAL;
use mirrord_otlp::{Exporter, Snapshot, Source};
use tokio::time::{MissedTickBehavior, interval, sleep};
use tokio_util::sync::CancellationToken;

use crate::limits::{MAX_BATCH_BYTES, MAX_PULL_BYTES};
use crate::redaction;
use crate::store::ring::Place;
use crate::store::{Audience, Key, Session, Sessions, Store};

/// Time between two looks at the store while events come: a request of the exporter gathers for longer.
const PULL_INTERVAL: Duration = Duration::from_millis(100);

/// Feeder of one exporter.
pub(crate) struct Feeder {
    store: Arc<Store>,
    exporter: Exporter,
    cursors: BTreeMap<Key, Cursor>,
    /// Session that the next portion begins with, so that a busy one starves no other.
    round_robin_start: Key,
}

/// Place in one session.
struct Cursor {
    place: Place,
    source: Arc<Source>,
    /// The counts that it ended with were sent.
    is_over: bool,
}

/// Lines that were copied under the store's lock.
#[derive(Default)]
struct Portion {
    lines: Vec<(Arc<Source>, String)>,
    bytes: usize,
    /// Events that the store gave up before they were read.
    evicted: u64,
}

impl Feeder {
    pub(crate) fn new(store: Arc<Store>, exporter: Exporter) -> Self {
        Self {
            store,
            exporter,
            cursors: BTreeMap::new(),
            round_robin_start: 0,
        }
    }

    /// Feeds the exporter until the shutdown, gives it what is left, and closes it.
    pub(crate) async fn run(mut self, shutdown: CancellationToken) {
        let mut changes = self.store.subscribe();
        changes.mark_changed();
        let mut ticks = interval(METRICS_INTERVAL);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                biased;
                () = shutdown.cancelled() => break,
                _ = ticks.tick() => self.measure(),
                changed = changes.changed() => {
                    if changed.is_err() {
                        break;
                    }
                    let exporter = self.exporter.clone();
                    tokio::select! {
                        () = shutdown.cancelled() => break,
                        () = exporter.room() => {}
                    }
                    if self.feed() {
                        // The rest waits for room, and for the metrics' turn.
                        changes.mark_changed();
                        tokio::task::yield_now().await;
                    } else {
                        tokio::select! {
                            () = shutdown.cancelled() => break,
                            () = sleep(PULL_INTERVAL) => {}
                        }
                    }
                }
            }
        }
        while self.feed() {}
        self.measure();
        self.exporter.close();
    }

    /// Gives the exporter a portion; returns whether there is more.
    fn feed(&mut self) -> bool {
        let portion = self.copy_portion();
        self.exporter.count_missed(portion.evicted);
        for (source, line) in &portion.lines {
            if self.exporter.is_redacted() {
                self.exporter.push(source, &redaction::line(line));
            } else {
                self.exporter.push(source, line);
            }
        }
        portion.bytes >= MAX_PULL_BYTES
    }

    /// Copies the next lines of all sessions, at most [`MAX_PULL_BYTES`] and one run.
    fn copy_portion(&mut self) -> Portion {
        let store = Arc::clone(&self.store);
        let mut sessions = store.lock();
        self.follow(&sessions);
        let mut portion = Portion::default();
        let start = self.round_robin_start;
        let keys: Vec<Key> = self
            .cursors
            .range(start..)
            .chain(self.cursors.range(..start))
            .map(|(key, _)| *key)
            .collect();
        for key in keys {
            if portion.bytes >= MAX_PULL_BYTES {
                self.round_robin_start = key;
                break;
            }
            if let Some(cursor) = self.cursors.get_mut(&key) {
                cursor.copy(key, &mut sessions, &mut portion);
            }
        }
        portion
    }

    /// Begins with sessions that have said who they are, and lets go of those that the store has dismissed.
    fn follow(&mut self, sessions: &Sessions) {
        self.cursors.retain(|key, _| sessions.get(*key).is_some());
        for (key, session) in sessions
            .iter()
            .filter(|(_, session)| session.known && !session.is_replay)
        {
            self.cursors
                .entry(key)
                .or_insert_with(|| Cursor::new(session, &self.exporter));
        }
    }

    /// Gives the exporter the counts of the sessions that run, and once of each that has ended.
    fn measure(&mut self) {
        let is_redacted = self.exporter.is_redacted();
        let store = Arc::clone(&self.store);
        let sessions = store.lock();
        let mut snapshots: Vec<Snapshot> = Vec::new();
        for (key, cursor) in self.cursors.iter_mut().filter(|(_, cursor)| !cursor.is_over) {
            if let Some(session) = sessions.get(*key) {
                cursor.is_over = session.ended_ts.is_some();
                snapshots.push(session.measured(&cursor.source, is_redacted));
            }
        }
        drop(sessions);
        if !snapshots.is_empty() {
            self.exporter.measure(snapshots);
        }
    }
}

impl Cursor {
    fn new(session: &Session, exporter: &Exporter) -> Self {
        let mut info = session.summary_for(Audience::Desktop).info;
        if exporter.is_redacted() {
            redaction::info(&mut info);
        }
        Self {
            place: session.ring.start(),
            source: exporter.source(&info),
            is_over: false,
        }
    }

    /// Copies the next lines of this session.
    fn copy(&mut self, key: Key, sessions: &mut Sessions, portion: &mut Portion) {
        if let Some(session) = sessions.get(key) {
            let oldest = session.ring.oldest();
            portion.evicted += oldest.saturating_sub(self.place.seq + 1);
            self.is_over &= session.ended_ts.is_some();
        }
        while let Some(run) = sessions.run(key, self.place, MAX_BATCH_BYTES, Audience::Desktop) {
            let lines = run.lines().map(|(_, line)| (Arc::clone(&self.source), line.to_owned()));
            portion.lines.extend(lines);
            portion.bytes += run.text.len();
            self.place = run.last;
            if portion.bytes >= MAX_PULL_BYTES {
                return;
            }
        }
        // Numbers without a line are the session's loss, which its own count has.
        if let Some(session) = sessions.get(key) {
            self.place = session.ring.end();
        }
    }
}

#[cfg(test)]
mod tests {
    use mirrord_otlp::Settings;
    use mirrord_wire::{SessionEnd, SessionId, SessionInfo};

    use super::*;
    use crate::store::{Bounds, Introduction};

    const BOUNDS: Bounds = Bounds {
        session_bytes: 256 * 1024,
        all_bytes: 600 * 1024,
        ended: 2,
    };

    fn feeder() -> (Arc<Store>, Exporter, Feeder) {
        let store = Arc::new(Store::new(BOUNDS));
        let settings = Settings::read(None, None, |_| None).unwrap();
        // Nothing is sent without its task: what is pushed waits.
        let (exporter, _) = Exporter::new(settings).unwrap();
        let feeder = Feeder::new(Arc::clone(&store), exporter.clone());
        (store, exporter, feeder)
    }

    fn begin(store: &Store, name: &str) -> Key {
        let introduction = Introduction {
            info: SessionInfo::default(),
            ..Introduction::default()
        };
        store.introduce(&SessionId::new(name).unwrap(), introduction).key
    }

    fn lines(seqs: std::ops::RangeInclusive<u64>) -> String {
        let line = |seq| {
            format!(
                "{{\"seq\":{seq},\"ts\":1,\"type\":\"DnsQuery\",\"host\":\"{}\"}}\n",
                "h".repeat(100)
            )
        };
        seqs.map(line).collect()
    }

    #[test]
    fn each_event_of_each_session_is_pushed_once() {
        let (store, exporter, mut feeder) = feeder();
        let (first, second) = (begin(&store, "a"), begin(&store, "b"));
        store.append_ndjson(first, 0, &lines(1..=10));
        assert!(!feeder.feed());
        store.append_ndjson(second, 0, &lines(1..=5));
        store.append_ndjson(first, 10, &lines(11..=12));
        feeder.feed();
        feeder.feed();
        let logs = exporter.info().logs;
        assert_eq!((logs.queued, logs.dropped), (17, 0));
        store.end(&SessionId::new("a").unwrap(), SessionEnd::Closed);
        store.dismiss("a").unwrap();
        feeder.feed();
        assert_eq!(feeder.cursors.len(), 1);
    }

    #[test]
    fn what_the_store_gave_up_before_it_was_read_is_counted() {
        let (store, exporter, mut feeder) = feeder();
        let key = begin(&store, "a");
        store.append_ndjson(key, 0, &lines(1..=10));
        feeder.feed();
        for portion in 0..10 {
            let from = 11 + portion * 1_000;
            store.append_ndjson(key, from - 1, &lines(from..=from + 999));
        }
        while feeder.feed() {}
        let logs = exporter.info().logs;
        assert_eq!(logs.queued + logs.dropped, 10_010, "{logs:?}");
        assert!(logs.dropped_by["queue_full"] > 5_000, "{logs:?}");
    }

    #[test]
    fn a_session_that_never_said_who_it_is_is_not_sent() {
        let (store, _, mut feeder) = feeder();
        store.unresponsive(&SessionId::new("a").unwrap(), "no answer");
        feeder.feed();
        assert!(feeder.cursors.is_empty());
    }
}
