//! Sampling: sends all events one by one or, at high rates, those that are new.
//!
//! Three parts that know nothing of each other: the switch, which follows the rate; the memory of what was seen; and the
//! run of events that are being suppressed. Deliberately not here: the counters of the session, which are exact whatever is
//! decided in here.

use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

use mirrord_wire::session::Policy;
use mirrord_wire::{Counters, EventLine, MonitorEvent};
use tokio::time::Instant;

use crate::limits::{
    ALL_AFTER, ALL_BELOW_RATE, DEDUPLICATE_ABOVE_RATE, DEDUPLICATE_AFTER, SEEN_CACHE_ENTRIES, SEEN_CACHE_WAYS,
    SUPPRESSED_FLUSH_INTERVAL,
};

/// Window of one measurement of the rate.
const WINDOW: Duration = Duration::from_millis(250);

/// Follows the rate, with hysteresis.
pub(crate) struct Switch {
    policy: Policy,
    forced: bool,
    window_start: Instant,
    window_seq: u64,
    /// Since when the rate asks for the other policy.
    asking_since: Option<Instant>,
}

impl Switch {
    /// `forced` is the host's own choice, which no rate changes.
    pub(crate) fn new(forced: Option<Policy>) -> Self {
        Self {
            policy: forced.unwrap_or_default(),
            forced: forced.is_some(),
            window_start: Instant::now(),
            window_seq: 0,
            asking_since: None,
        }
    }

    pub(crate) fn policy(&self) -> Policy {
        self.policy
    }

    /// Looks at the newest number; to be called whenever there is a new one, and as often as one likes.
    pub(crate) fn observe(&mut self, now: Instant, seq: u64) {
        let elapsed = now.saturating_duration_since(self.window_start);
        if self.forced || elapsed < WINDOW {
            return;
        }
        let rate = (seq - self.window_seq) as f64 / elapsed.as_secs_f64();
        let (asks, after) = match self.policy {
            Policy::All => (rate > DEDUPLICATE_ABOVE_RATE, DEDUPLICATE_AFTER),
            Policy::Deduplicated => (rate < ALL_BELOW_RATE, ALL_AFTER),
        };
        let since = self.asking_since.take().unwrap_or(self.window_start);
        (self.window_start, self.window_seq) = (now, seq);
        if !asks {
            return;
        }
        if now.saturating_duration_since(since) < after {
            self.asking_since = Some(since);
            return;
        }
        self.policy = match self.policy {
            Policy::All => Policy::Deduplicated,
            Policy::Deduplicated => Policy::All,
        };
    }
}

/// Cache of the newest accesses, by path and operation, of a fixed size. An access that was evicted
/// counts as new when it comes again, which costs a line and hides nothing.
#[derive(Default)]
pub(crate) struct SeenCache {
    hasher: RandomState,
    /// Sets of [`SEEN_CACHE_WAYS`] places, the newest of a set first. 0 is an empty place.
    places: Vec<u64>,
}

impl SeenCache {
    /// Reports an event that is new. All but file operations always are.
    pub(crate) fn is_new(&mut self, event: &MonitorEvent) -> bool {
        let MonitorEvent::FileOp { path, operation } = event else {
            return true;
        };
        // Made at the first need: a session that never has a high rate does without.
        self.places.resize(SEEN_CACHE_ENTRIES, 0);
        let print = self.hasher.hash_one((path, operation)) | 1;
        let set = (print >> 32) as usize % (SEEN_CACHE_ENTRIES / SEEN_CACHE_WAYS) * SEEN_CACHE_WAYS;
        let places = &mut self.places[set..set + SEEN_CACHE_WAYS];
        let known = places.iter().position(|own| *own == print);
        places[..=known.unwrap_or(SEEN_CACHE_WAYS - 1)].rotate_right(1);
        places[0] = print;
        known.is_none()
    }

    pub(crate) fn forget(&mut self) {
        self.places = Vec::new();
    }
}

/// Neighbouring events that were suppressed, and have no `Lagged` line yet.
pub(crate) struct Run {
    pub(crate) first: u64,
    pub(crate) last: u64,
    /// When the last happened, as its event says.
    pub(crate) ts: u64,
    pub(crate) suppressed: Counters,
    since: Instant,
}

impl Run {
    pub(crate) fn new(event: &EventLine, now: Instant) -> Self {
        let mut run = Self {
            first: event.seq,
            last: event.seq,
            ts: event.ts,
            suppressed: Counters::default(),
            since: now,
        };
        run.count(event);
        run
    }

    /// Takes in the event behind the last.
    pub(crate) fn extend(&mut self, event: &EventLine) {
        (self.last, self.ts) = (event.seq, event.ts);
        self.count(event);
    }

    fn count(&mut self, event: &EventLine) {
        self.suppressed.count(&event.observation, 1);
    }

    /// Reports that its `Lagged` line is due.
    pub(crate) fn is_due(&self, now: Instant) -> bool {
        now.saturating_duration_since(self.since) >= SUPPRESSED_FLUSH_INTERVAL
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Says what the policy is after `seconds` at `rate`, looked at every 20 ms.
    struct Rate {
        switch: Switch,
        now: Instant,
        seq: f64,
    }

    impl Rate {
        fn run(&mut self, rate: f64, seconds: f64) -> Policy {
            for _ in 0..(seconds * 50.0) as u64 {
                self.now += Duration::from_millis(20);
                self.seq += rate / 50.0;
                self.switch.observe(self.now, self.seq as u64);
            }
            self.switch.policy()
        }
    }

    fn rate(forced: Option<Policy>) -> Rate {
        Rate {
            switch: Switch::new(forced),
            now: Instant::now(),
            seq: 0.0,
        }
    }

    #[tokio::test(start_paused = true)]
    async fn the_rate_switches_with_hysteresis_and_only_when_it_lasts() {
        let mut rate = rate(None);
        assert_eq!(rate.run(19_000.0, 10.0), Policy::All);
        assert_eq!(rate.run(100_000.0, 0.7), Policy::All, "a burst is no rate");
        assert_eq!(rate.run(1_000.0, 1.0), Policy::All);
        assert_eq!(rate.run(25_000.0, 1.6), Policy::Deduplicated);
        assert_eq!(rate.run(6_000.0, 30.0), Policy::Deduplicated);
        assert_eq!(rate.run(100.0, 4.0), Policy::Deduplicated);
        assert_eq!(rate.run(100.0, 1.6), Policy::All);
    }

    #[tokio::test(start_paused = true)]
    async fn a_silence_is_a_low_rate_and_a_forced_policy_has_none() {
        let mut rate = rate(None);
        rate.run(50_000.0, 2.0);
        rate.now += Duration::from_secs(6);
        rate.switch.observe(rate.now, rate.seq as u64);
        assert_eq!(rate.switch.policy(), Policy::All);
        let mut forced = self::rate(Some(Policy::All));
        assert_eq!(forced.run(1e6, 3.0), Policy::All);
    }

    #[test]
    fn what_was_seen_is_bounded_and_an_operation_of_its_own() {
        let mut seen = SeenCache::default();
        let mut is_new = |path: &str, operation: &'static str| {
            seen.is_new(&MonitorEvent::FileOp {
                path: Some(path.to_owned()),
                operation: operation.into(),
            })
        };
        assert!(is_new("/a", "open") && is_new("/a", "stat") && is_new("/b", "open"));
        assert!(!is_new("/a", "open") && !is_new("/a", "stat"));
        for number in 0..100_000 {
            is_new(&number.to_string(), "open");
        }
        assert!(is_new("/a", "open"), "it was long ago");
        let query = MonitorEvent::DnsQuery { host: "db".to_owned() };
        assert!(seen.is_new(&query) && seen.is_new(&query));
        assert_eq!(seen.places.len(), SEEN_CACHE_ENTRIES);
    }
}
