//! Events over time by kind, and the busiest second.

use super::histogram::Histogram;
use super::kind::Kind;

const SECOND: u64 = 1_000_000;

/// Numbers over time.
#[derive(Debug, Clone, Default)]
pub struct Stats {
    histogram: Histogram,
    second: u64,
    in_second: u64,
    peak: u64,
    peak_second: u64,
    lost: u64,
    older: u64,
    seen: u64,
}

impl Stats {
    /// Counts an event, and whether it failed.
    pub fn add(&mut self, ts: u64, kind: Kind, failed: bool) {
        self.seen += 1;
        self.histogram.add(ts, kind, failed);
        let second = ts / SECOND;
        if second != self.second {
            self.second = second;
            self.in_second = 0;
        }
        self.in_second += 1;
        if self.in_second > self.peak {
            self.peak = self.in_second;
            self.peak_second = second;
        }
    }

    /// Events that this page was not sent: `older` than what was kept when it first looked, or lost.
    pub fn missed(&mut self, missed: u64, older: bool) {
        let counter = if older { &mut self.older } else { &mut self.lost };
        *counter = counter.saturating_add(missed);
    }

    /// Events over time.
    #[must_use]
    pub fn histogram(&self) -> &Histogram {
        &self.histogram
    }

    /// The most events in one second, and when, microseconds since the Unix epoch.
    #[must_use]
    pub fn peak(&self) -> (u64, u64) {
        (self.peak, self.peak_second.saturating_mul(SECOND))
    }

    /// Number of counted events.
    #[must_use]
    pub fn seen(&self) -> u64 {
        self.seen
    }

    /// Number of events lost on the way.
    #[must_use]
    pub fn lost(&self) -> u64 {
        self.lost
    }

    /// Number of events that were evicted before the page first read.
    #[must_use]
    pub fn older(&self) -> u64 {
        self.older
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_busiest_second_is_remembered() {
        let mut stats = Stats::default();
        for (ts, count) in [(10, 2), (11, 5), (13, 3)] {
            (0..count).for_each(|_| stats.add(ts * SECOND + 7, Kind::File, false));
        }
        assert_eq!((stats.peak(), stats.seen()), ((5, 11 * SECOND), 10));
        stats.missed(3, true);
        stats.missed(4, false);
        assert_eq!((stats.older(), stats.lost()), (3, 4));
    }
}
