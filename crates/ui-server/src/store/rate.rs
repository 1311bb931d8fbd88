//! Rate of a session's events, a second, over the last three seconds of its own clock.
//!
//! It counts by the time that an event bears, not by when it came, so that a history read at once is no burst. Beside it the
//! rates of the last minute, for a chart that has its history at once.

use mirrord_wire::SessionSummary;

const SLOTS: usize = 12;
const SLOT_MICROS: u64 = 250_000;
const WINDOW_MICROS: u64 = SLOTS as u64 * SLOT_MICROS;

/// Numbers of events by quarter of a second, the last twelve.
#[derive(Debug, Default)]
pub(crate) struct Rate {
    counts: [u64; SLOTS],
    /// The newest slot that has been counted into.
    newest: u64,
}

impl Rate {
    /// Counts events that happened at `ts`.
    pub(crate) fn add(&mut self, ts: u64, events: u64) {
        let slot = ts / SLOT_MICROS;
        if slot > self.newest {
            let stale = (slot - self.newest).min(SLOTS as u64);
            for ahead in 0..stale {
                self.counts[place(slot - ahead)] = 0;
            }
            self.newest = slot;
        }
        if self.newest - slot < SLOTS as u64 {
            let count = &mut self.counts[place(slot)];
            *count = count.saturating_add(events);
        }
    }

    /// Events a second in the three seconds before `now`, to a tenth.
    pub(crate) fn per_second(&self, now: u64) -> f64 {
        let slot = now / SLOT_MICROS;
        let oldest = (slot + 1).saturating_sub(SLOTS as u64);
        let first = (self.newest + 1).saturating_sub(SLOTS as u64).max(oldest);
        let last = self.newest.min(slot);
        let events = (first..=last).fold(0_u64, |sum, slot| sum.saturating_add(self.counts[place(slot)]));
        // Events in three seconds, far below 2^52: nothing is lost.
        let rate = events as f64 * 1e6 / WINDOW_MICROS as f64;
        (rate * 10.0).round() / 10.0
    }
}

/// Seconds that a rate is the mean of.
const MEAN_SECONDS: usize = 3;
/// Seconds that are counted: those of the history, those that its first rate is the mean of, and the one that goes on.
const SECONDS: usize = SessionSummary::MAX_RECENT + MEAN_SECONDS;
const SECOND_MICROS: u64 = 1_000_000;

/// Numbers of events by second, of the last minute.
#[derive(Debug)]
pub(crate) struct History {
    counts: [u32; SECONDS],
    /// The newest second that has been counted into.
    newest: u64,
}

impl Default for History {
    fn default() -> Self {
        Self {
            counts: [0; SECONDS],
            newest: 0,
        }
    }
}

impl History {
    /// Counts events that happened at `ts`.
    pub(crate) fn add(&mut self, ts: u64, events: u64) {
        let second = ts / SECOND_MICROS;
        if second > self.newest {
            let stale = (second - self.newest).min(SECONDS as u64);
            (0..stale).for_each(|ahead| self.counts[Self::place(second - ahead)] = 0);
            self.newest = second;
        }
        if self.newest - second < SECONDS as u64 {
            let count = &mut self.counts[Self::place(second)];
            *count = count.saturating_add(u32::try_from(events).unwrap_or(u32::MAX));
        }
    }

    /// Rates at the end of each whole second before `now`, to a tenth, the oldest first and those of silence before it left
    /// out.
    pub(crate) fn rates(&self, now: u64) -> Vec<f64> {
        let current = now / SECOND_MICROS;
        let rate = |second: u64| {
            let mean = (0..MEAN_SECONDS as u64).filter_map(|before| second.checked_sub(before));
            let events: u64 = mean.map(|second| u64::from(self.count(second))).sum();
            (events as f64 * 10.0 / MEAN_SECONDS as f64).round() / 10.0
        };
        let seconds = current.saturating_sub(SessionSummary::MAX_RECENT as u64)..current;
        seconds.map(rate).skip_while(|rate| *rate == 0.0).collect()
    }

    fn count(&self, second: u64) -> u32 {
        let is_kept = second <= self.newest && self.newest - second < SECONDS as u64;
        if is_kept { self.counts[Self::place(second)] } else { 0 }
    }

    fn place(second: u64) -> usize {
        (second % SECONDS as u64) as usize
    }
}

fn place(slot: u64) -> usize {
    (slot % SLOTS as u64) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: u64 = 1_000_000;

    #[test]
    fn a_steady_stream_has_its_rate_and_then_none() {
        let mut rate = Rate::default();
        for step in 0..1_000 {
            rate.add(1_000 * SECOND + step * 10_000, 1);
        }
        let end = 1_010 * SECOND - 1;
        assert!((rate.per_second(end) - 100.0).abs() < 0.1, "{}", rate.per_second(end));
        assert!(rate.per_second(end + 4 * SECOND) < 0.1);
    }

    #[test]
    fn a_minute_of_rates_is_kept_by_the_events_own_time() {
        let mut history = History::default();
        assert!(history.rates(5 * SECOND).is_empty());
        // Read at once, long after.
        (0..3_000).for_each(|step| history.add(1_000 * SECOND + step * 10_000, 1));
        let rates = history.rates(1_030 * SECOND);
        assert_eq!(
            (rates.len(), rates[0], rates[1], rates[2], rates[29]),
            (30, 33.3, 66.7, 100.0, 100.0)
        );
        let later = history.rates(1_040 * SECOND);
        assert_eq!(later.len(), 40);
        assert_eq!(later[29..34], [100.0, 66.7, 33.3, 0.0, 0.0]);
        assert_eq!(history.rates(1_090 * SECOND).len(), 60);
        assert!(history.rates(2_000 * SECOND).is_empty(), "silence");
        history.add(5 * SECOND, 1);
        assert_eq!(
            history.rates(1_030 * SECOND).len(),
            30,
            "an event out of the past is not counted"
        );
        history.add(5_000 * SECOND, 7);
        assert_eq!(history.rates(5_001 * SECOND), [2.3]);
    }

    #[test]
    fn a_history_is_no_burst() {
        let mut rate = Rate::default();
        (0..100_000).for_each(|step| rate.add(step * 1_000, 1));
        rate.add(1_000 * SECOND, 1);
        assert!(rate.per_second(1_000 * SECOND + 1) < 1.0);
        rate.add(10 * SECOND, 1);
        assert!(
            rate.per_second(1_000 * SECOND + 1) < 1.0,
            "an event out of the past is not counted"
        );
    }
}
