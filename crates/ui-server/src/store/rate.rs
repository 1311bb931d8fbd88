//! Rate of a session's events, a second, over the last three seconds of its own clock.
//!
//! It counts by the time that an event bears, not by when it came, so that a history read at once is no burst.

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
