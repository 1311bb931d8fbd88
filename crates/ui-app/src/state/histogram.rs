//! Events over time, by kind, in a fixed number of buckets that widen as time goes on. Nothing is ever left out of the
//! sum: an event before the first bucket counts there.

use crate::state::kind::{Counts, Kind};

/// Most buckets; when time runs past the last one, neighbours are joined.
pub const MAX_BUCKETS: usize = 120;
/// The narrowest bucket, microseconds: by doubling it a whole second is reached.
pub const NARROWEST: u64 = 1_000_000 / 64;

/// Events over time.
#[derive(Debug, Clone)]
pub struct Histogram {
    start: u64,
    width: u64,
    buckets: Vec<Bucket>,
}

/// Events of one part of the time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Bucket {
    /// By kind.
    pub counts: Counts,
    /// Of these, failures.
    pub failed: u64,
}

impl Bucket {
    /// All kinds together.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.counts.total()
    }
}

impl Default for Histogram {
    fn default() -> Self {
        Self {
            start: 0,
            width: NARROWEST,
            buckets: Vec::new(),
        }
    }
}

impl Histogram {
    /// Counts one event, and whether it failed.
    pub fn add(&mut self, ts: u64, kind: Kind, failed: bool) {
        if self.buckets.is_empty() {
            self.start = ts - ts % self.width;
        }
        while self.place(ts) >= MAX_BUCKETS {
            self.widen();
        }
        let place = self.place(ts);
        if place >= self.buckets.len() {
            self.buckets.resize(place + 1, Bucket::default());
        }
        self.buckets[place].counts.add(kind);
        self.buckets[place].failed += u64::from(failed);
    }

    /// Forgets the events, and keeps the buckets.
    pub fn clear(&mut self) {
        self.buckets.fill(Bucket::default());
    }

    /// Forgets the events, and takes over the buckets of another histogram, so that both are drawn alike.
    pub fn restart_like(&mut self, other: &Self) {
        (self.start, self.width) = (other.start, other.width);
        self.buckets.clear();
        self.align(other);
    }

    /// Takes over wider buckets and more of them.
    pub fn align(&mut self, other: &Self) {
        if self.buckets.is_empty() {
            (self.start, self.width) = (other.start, other.width);
        }
        while self.width < other.width {
            self.widen();
        }
        if self.buckets.len() < other.buckets.len() {
            self.buckets.resize(other.buckets.len(), Bucket::default());
        }
    }

    /// The bucket of a time, as a number.
    #[must_use]
    pub fn place(&self, ts: u64) -> usize {
        usize::try_from(ts.saturating_sub(self.start) / self.width).unwrap_or(usize::MAX)
    }

    /// When a bucket begins, microseconds since the Unix epoch.
    #[must_use]
    pub fn time_of(&self, place: usize) -> u64 {
        self.start.saturating_add(self.width.saturating_mul(place as u64))
    }

    fn widen(&mut self) {
        self.width = self.width.saturating_mul(2);
        let start = self.start - self.start % self.width;
        // Where the first bucket now begins half a bucket earlier, the pairs shift by one.
        let shift = usize::from(start != self.start);
        let mut joined = vec![Bucket::default(); (self.buckets.len() + shift).div_ceil(2)];
        for (place, bucket) in self.buckets.iter().enumerate() {
            let into = &mut joined[(place + shift) / 2];
            into.counts.add_all(&bucket.counts);
            into.failed += bucket.failed;
        }
        self.start = start;
        self.buckets = joined;
    }

    /// The buckets, oldest first.
    #[must_use]
    pub fn buckets(&self) -> &[Bucket] {
        &self.buckets
    }

    /// A bucket's width, microseconds.
    #[must_use]
    pub fn width(&self) -> u64 {
        self.width
    }

    /// When the first bucket begins, microseconds since the Unix epoch.
    #[must_use]
    pub fn start(&self) -> u64 {
        self.start
    }

    /// The most events in one bucket.
    #[must_use]
    pub fn peak(&self) -> u64 {
        self.buckets.iter().map(Bucket::total).max().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn neighbours_are_joined_where_time_runs_past_the_last_bucket() {
        let mut histogram = Histogram::default();
        (0..240).for_each(|second| histogram.add((1_000 + second) * NARROWEST, Kind::File, false));
        assert_eq!(
            (histogram.width(), histogram.buckets().len(), histogram.peak()),
            (2 * NARROWEST, 120, 2)
        );
    }

    #[test]
    fn a_clock_that_jumps_far_ahead_costs_no_memory() {
        let mut histogram = Histogram::default();
        histogram.add(5, Kind::Dns, false);
        histogram.add(u64::MAX, Kind::Dns, false);
        assert!(histogram.buckets().len() <= MAX_BUCKETS);
    }

    #[test]
    fn one_that_is_aligned_has_the_same_buckets_and_keeps_its_own_events() {
        let (mut all, mut some) = (Histogram::default(), Histogram::default());
        for second in 0..400 {
            let ts = (7 + second) * NARROWEST;
            all.add(ts, Kind::File, second % 3 == 0);
            some.align(&all);
            if second % 10 == 0 {
                some.add(ts, Kind::File, true);
            }
        }
        assert_eq!(
            (some.start(), some.width(), some.buckets().len()),
            (all.start(), all.width(), all.buckets().len())
        );
        let sum = |own: &Histogram, of: fn(&Bucket) -> u64| own.buckets().iter().map(of).sum::<u64>();
        assert_eq!((sum(&some, Bucket::total), sum(&some, |own| own.failed)), (40, 40));
        assert_eq!(sum(&all, |own| own.failed), 134);
        assert!((0..all.buckets().len()).all(|place| all.place(all.time_of(place)) == place));
    }

    proptest! {
        #[test]
        fn no_event_is_left_out(times in prop::collection::vec(0_u64..4_000_000_000, 0..300)) {
            let mut histogram = Histogram::default();
            times.iter().for_each(|ts| histogram.add(*ts, Kind::Connect, false));
            prop_assert!(histogram.buckets().len() <= MAX_BUCKETS);
            prop_assert_eq!(histogram.buckets().iter().map(Bucket::total).sum::<u64>(), times.len() as u64);
        }

        #[test]
        fn each_event_is_in_the_bucket_of_its_time(start in 0_u64..500, mut steps in prop::collection::vec(0_u64..40, 1..60)) {
            steps[0] = start;
            let mut histogram = Histogram::default();
            let times: Vec<u64> = steps.iter().scan(0, |now, step| { *now += step * NARROWEST; Some(*now) }).collect();
            times.iter().for_each(|ts| histogram.add(*ts, Kind::File, false));
            for (place, bucket) in histogram.buckets().iter().enumerate() {
                let from = histogram.start() + place as u64 * histogram.width();
                let own = times.iter().filter(|ts| (from..from + histogram.width()).contains(ts)).count();
                prop_assert_eq!(bucket.total(), own as u64);
            }
        }
    }
}
