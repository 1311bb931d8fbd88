//! The wait before a session is tried again: doubling, capped, jittered, and short again after a success.

use std::time::Duration;

use crate::limits::{FIRST_RETRY_DELAY, MAX_RETRY_DELAY};

/// The next wait.
#[derive(Debug)]
pub(crate) struct Backoff {
    next: Duration,
}

impl Backoff {
    pub(crate) fn new() -> Self {
        Self {
            next: FIRST_RETRY_DELAY,
        }
    }

    pub(crate) fn reset(&mut self) {
        *self = Self::new();
    }

    /// The wait now, between half and the whole of the step, so that many sessions do not come back as one.
    pub(crate) fn delay(&mut self) -> Duration {
        let step = self.next;
        self.next = (step * 2).min(MAX_RETRY_DELAY);
        // Without random bytes every wait is the whole step: no jitter, and nothing else.
        let jitter = getrandom::u32().map_or(1.0, |random| f64::from(random) / f64::from(u32::MAX));
        step.mul_f64(0.5 + jitter / 2.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_the_cap_and_begin_again_after_a_success() {
        let mut backoff = Backoff::new();
        let mut step = FIRST_RETRY_DELAY;
        for _ in 0..20 {
            let delay = backoff.delay();
            assert!(delay >= step / 2 && delay <= step, "{delay:?} for {step:?}");
            step = (step * 2).min(MAX_RETRY_DELAY);
        }
        assert_eq!(step, MAX_RETRY_DELAY);
        backoff.reset();
        assert!(backoff.delay() <= FIRST_RETRY_DELAY);
    }
}
