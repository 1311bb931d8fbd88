//! Backoff of repeated attempts: doubling, capped, jittered, reset after a success.

use std::time::Duration;

/// Delays before the next attempts.
#[derive(Debug)]
pub struct Backoff {
    first: Duration,
    max: Duration,
    next: Duration,
}

impl Backoff {
    /// First delay before a session is tried again.
    pub const FIRST_DELAY: Duration = Duration::from_millis(50);
    /// Longest delay before a session is tried again.
    pub const MAX_DELAY: Duration = Duration::from_secs(5);

    /// Creates a backoff that doubles from `first` to `max`.
    #[must_use]
    pub fn new(first: Duration, max: Duration) -> Self {
        Self {
            first,
            max,
            next: first,
        }
    }

    /// Begins again with the first delay.
    pub fn reset(&mut self) {
        self.next = self.first;
    }

    /// Returns the next delay, between half and the whole of its step, so that many clients do not come back as one.
    pub fn delay(&mut self) -> Duration {
        let step = self.next;
        self.next = (step * 2).min(self.max);
        // Without random bytes every delay is the whole step: no jitter, and nothing else.
        let jitter = getrandom::u32().map_or(1.0, |random| f64::from(random) / f64::from(u32::MAX));
        step.mul_f64(0.5 + jitter / 2.0)
    }
}

impl Default for Backoff {
    fn default() -> Self {
        Self::new(Self::FIRST_DELAY, Self::MAX_DELAY)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_grow_to_the_cap_and_begin_again_after_a_success() {
        let mut backoff = Backoff::default();
        let mut step = Backoff::FIRST_DELAY;
        for _ in 0..20 {
            let delay = backoff.delay();
            assert!(delay >= step / 2 && delay <= step, "{delay:?} for {step:?}");
            step = (step * 2).min(Backoff::MAX_DELAY);
        }
        assert_eq!(step, Backoff::MAX_DELAY);
        backoff.reset();
        assert!(backoff.delay() <= Backoff::FIRST_DELAY);
    }
}
