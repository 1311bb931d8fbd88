//! Delays between attempts: doubling, capped, jittered, and never shorter than the endpoint asks for.

use std::time::{Duration, SystemTime};

use crate::limits::MAX_RETRY_DELAY;

/// Delays before the next attempts.
#[derive(Debug)]
pub(crate) struct Backoff {
    next: Duration,
    max: Duration,
}

impl Backoff {
    pub(crate) fn new(first: Duration) -> Self {
        Self {
            next: first,
            max: MAX_RETRY_DELAY,
        }
    }

    /// Goes on with steps from a quarter of `max` to `max`, for as many attempts as the end has time for; once.
    pub(crate) fn shorten(&mut self, max: Duration) {
        if self.max > max {
            *self = Self { next: max / 4, max };
        }
    }

    /// Returns the next delay: between half and the whole of its step, so that many senders do not come back as one; where the
    /// endpoint asks for a time, that and up to a quarter more. At most [`MAX_RETRY_DELAY`].
    pub(crate) fn delay(&mut self, asked: Option<Duration>) -> Duration {
        let step = self.next;
        self.next = step.saturating_mul(2).min(self.max);
        // Without random bytes every delay is the whole step: no jitter, and nothing else.
        let jitter = getrandom::u32().map_or(1.0, |random| f64::from(random) / f64::from(u32::MAX));
        let own = step.mul_f64(0.5 + jitter / 2.0);
        let asked = asked.map(|asked| asked.min(MAX_RETRY_DELAY).mul_f64(1.0 + jitter / 4.0));
        asked.map_or(own, |asked| asked.max(own)).min(MAX_RETRY_DELAY)
    }
}

/// Reads `Retry-After` (RFC 9110, section 10.2.3): seconds, or a date.
pub(crate) fn retry_after(value: &str, now: SystemTime) -> Option<Duration> {
    if let Ok(seconds) = value.trim().parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = httpdate::parse_http_date(value.trim()).ok()?;
    Some(date.duration_since(now).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_grow_to_the_cap_and_respect_what_the_endpoint_asks_for() {
        let mut backoff = Backoff::new(Duration::from_secs(1));
        let mut step = Duration::from_secs(1);
        for _ in 0..12 {
            let delay = backoff.delay(None);
            assert!(delay >= step / 2 && delay <= step, "{delay:?} for {step:?}");
            step = (step * 2).min(MAX_RETRY_DELAY);
        }
        let asked = Duration::from_secs(20);
        let delay = Backoff::new(Duration::from_millis(1)).delay(Some(asked));
        assert!(delay >= asked && delay <= asked * 5 / 4, "{delay:?}");
        let forever = Duration::from_secs(1_000_000);
        assert_eq!(Backoff::new(step).delay(Some(forever)), MAX_RETRY_DELAY);
    }

    #[test]
    fn shortened_delays_begin_again_and_stay_short() {
        let mut backoff = Backoff {
            next: MAX_RETRY_DELAY,
            max: MAX_RETRY_DELAY,
        };
        for step in [250, 500, 1_000, 1_000].map(Duration::from_millis) {
            backoff.shorten(Duration::from_secs(1));
            let delay = backoff.delay(None);
            assert!(delay >= step / 2 && delay <= step, "{delay:?} for {step:?}");
        }
    }

    #[test]
    fn a_time_to_wait_is_seconds_or_a_date() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777);
        assert_eq!(retry_after(" 7 ", now), Some(Duration::from_secs(7)));
        let date = "Sun, 06 Nov 1994 08:49:40 GMT";
        assert_eq!(retry_after(date, now), Some(Duration::from_secs(3)));
        assert_eq!(retry_after("Tue, 06 Nov 1984 08:49:40 GMT", now), Some(Duration::ZERO));
        assert_eq!(retry_after("soon", now), None);
    }
}
