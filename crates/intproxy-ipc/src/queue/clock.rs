//! The clock that stamps events, one for each lane.
//!
//! Asking the system costs as much as all the rest of an emission, so in a rush neighbours share a stamp: as many as came
//! within [`SHARED_STAMP_SPAN`] when it was last asked, and at most [`MAX_SHARED_STAMPS`].

use std::time::{SystemTime, UNIX_EPOCH};

use crate::limits::{MAX_SHARED_STAMPS, SHARED_STAMP_SPAN};

#[derive(Default)]
pub(super) struct Clock {
    stamp: u64,
    shared: u32,
    left: u32,
}

impl Clock {
    /// Microseconds since the Unix epoch.
    #[inline]
    pub(super) fn stamp(&mut self) -> u64 {
        if self.left > 0 {
            self.left -= 1;
            return self.stamp;
        }
        self.read(now())
    }

    fn read(&mut self, now: u64) -> u64 {
        let rush = u128::from(now.saturating_sub(self.stamp)) <= SHARED_STAMP_SPAN.as_micros();
        self.shared = if rush {
            (2 * self.shared + 1).min(MAX_SHARED_STAMPS)
        } else {
            0
        };
        self.left = self.shared;
        self.stamp = now;
        now
    }

    /// Ends a shared stamp: the next event has one of its own.
    pub(super) fn reset(&mut self) {
        self.left = 0;
    }
}

/// Microseconds since the Unix epoch; 0 where the clock is before it.
fn now() -> u64 {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since_epoch.as_micros()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stamps_are_shared_in_a_rush_alone() {
        let mut clock = Clock::default();
        let mut shared = |now| {
            clock.left = 0;
            clock.read(now);
            clock.left
        };
        assert_eq!(shared(1_000_000), 0);
        assert_eq!([shared(1_000_010), shared(1_000_020), shared(1_000_030)], [1, 3, 7]);
        assert_eq!([shared(1_000_040), shared(1_000_050)], [15, 15]);
        assert_eq!(shared(1_000_500), 0, "half a millisecond is no rush");
    }
}
