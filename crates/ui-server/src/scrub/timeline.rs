//! Timeline of a record: its events over time, in a bounded number of buckets that widen as time goes on.

use mirrord_wire::api::{Timeline, TimelineBucket};
use mirrord_wire::session::summary::may_be_absent;
use mirrord_wire::{EventLine, MonitorEvent, Outcome};

/// Events over time, as they come.
#[derive(Debug, Clone)]
pub(crate) struct TimelineBuilder {
    /// Time of the first event that has one; 0 before it.
    first_ts: u64,
    last_ts: u64,
    /// Width of a bucket, microseconds.
    width: u64,
    buckets: Vec<Bucket>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Bucket {
    seq: u64,
    events: u64,
    failed: u64,
}

impl Default for TimelineBuilder {
    fn default() -> Self {
        Self {
            first_ts: 0,
            last_ts: 0,
            width: 1,
            buckets: Vec::new(),
        }
    }
}

/// Reports a failure. A look-up in vain where nothing need be is none.
fn is_failed(line: &EventLine) -> bool {
    match (line.observation.outcome, line.event()) {
        (
            Some(Outcome::NotFound),
            MonitorEvent::FileOp {
                path: Some(path),
                operation,
            },
        ) => !may_be_absent(path, operation),
        (outcome, _) => matches!(outcome, Some(Outcome::NotFound | Outcome::Denied | Outcome::Failed)),
    }
}

impl TimelineBuilder {
    /// Counts an event in. One from before the first event counts in the first bucket.
    pub(crate) fn add(&mut self, line: &EventLine) {
        if self.first_ts == 0 {
            self.first_ts = line.ts;
        }
        self.last_ts = self.last_ts.max(line.ts);
        while self.place(line.ts) >= Timeline::MAX_BUCKETS {
            self.widen();
        }
        let place = self.place(line.ts);
        if place >= self.buckets.len() {
            self.buckets.resize(place + 1, Bucket::default());
        }
        if let Some(bucket) = self.buckets.get_mut(place) {
            bucket.seq = bucket.seq.max(line.seq);
            bucket.events += 1;
            bucket.failed += u64::from(is_failed(line));
        }
    }

    /// Returns the time of the first event.
    pub(crate) fn first_ts(&self) -> u64 {
        self.first_ts
    }

    /// Returns the time of the latest event.
    pub(crate) fn last_ts(&self) -> u64 {
        self.last_ts
    }

    /// Returns the timeline so far.
    pub(crate) fn timeline(&self) -> Timeline {
        let mut newest = 0;
        let bucket = |(number, own): (usize, &Bucket)| {
            newest = own.seq.max(newest);
            TimelineBucket {
                ts: self.first_ts.saturating_add(self.width.saturating_mul(number as u64)),
                seq: newest,
                events: own.events,
                failed: own.failed,
            }
        };
        Timeline {
            first_ts: self.first_ts,
            last_ts: self.last_ts,
            buckets: self.buckets.iter().enumerate().map(bucket).collect(),
        }
    }

    fn place(&self, ts: u64) -> usize {
        usize::try_from(ts.saturating_sub(self.first_ts) / self.width).unwrap_or(usize::MAX)
    }

    /// Joins neighbours.
    fn widen(&mut self) {
        self.width = self.width.saturating_mul(2);
        let joined = |two: &[Bucket]| {
            two.iter().fold(Bucket::default(), |sum, own| Bucket {
                seq: sum.seq.max(own.seq),
                events: sum.events + own.events,
                failed: sum.failed + own.failed,
            })
        };
        self.buckets = self.buckets.chunks(2).map(joined).collect();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(seq: u64, ts: u64, outcome: &str) -> EventLine {
        let text = format!(
            r#"{{"seq":{seq},"ts":{ts},"type":"FileOp","path":"/a","operation":"open","outcome":"{outcome}"}}"#
        );
        serde_json::from_str(&text).unwrap()
    }

    #[test]
    fn every_event_is_in_one_of_few_buckets_whatever_the_time_between_them() {
        for step in [1, 3, 1_000_003, u64::MAX / 4_000] {
            let mut builder = TimelineBuilder::default();
            for seq in 1..=3_000 {
                let outcome = if seq % 3 == 0 { "not_found" } else { "ok" };
                builder.add(&line(seq, seq * step, outcome));
            }
            let timeline = builder.timeline();
            let buckets = &timeline.buckets;
            assert!(
                (200..=Timeline::MAX_BUCKETS).contains(&buckets.len()),
                "{}",
                buckets.len()
            );
            assert_eq!(buckets.iter().map(|own| own.events).sum::<u64>(), 3_000);
            assert_eq!(buckets.iter().map(|own| own.failed).sum::<u64>(), 1_000);
            assert_eq!((timeline.first_ts, timeline.last_ts), (step, 3_000 * step));
            let width = buckets[1].ts - buckets[0].ts;
            let mut sum = 0;
            for pair in buckets.windows(2) {
                sum += pair[0].events;
                assert_eq!((pair[1].ts - pair[0].ts, pair[0].seq), (width, sum), "step {step}");
                assert!(pair[0].seq * step < pair[1].ts && (pair[0].seq + 1) * step >= pair[1].ts);
            }
        }
    }

    #[test]
    fn an_event_without_a_time_does_not_widen_the_timeline() {
        let mut builder = TimelineBuilder::default();
        for (seq, ts) in [(1, 0), (2, 1_795_197_600_000_000), (3, 0), (4, 1_795_197_600_000_400)] {
            builder.add(&line(seq, ts, "ok"));
        }
        let timeline = builder.timeline();
        assert_eq!(timeline.first_ts, 1_795_197_600_000_000);
        assert_eq!((timeline.buckets[0].events, timeline.buckets.len()), (3, 201));
        assert_eq!(TimelineBuilder::default().timeline(), Timeline::default());
    }
}
