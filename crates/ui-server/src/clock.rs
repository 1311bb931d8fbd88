//! The wall clock in the two forms that the wire knows: microseconds since the Unix epoch, and RFC 3339.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Returns the time in microseconds since the Unix epoch; 0 where the clock is before it.
pub(crate) fn now_micros() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| u64::try_from(since.as_micros()).unwrap_or(u64::MAX))
}

/// Formats a time as RFC 3339 in UTC with milliseconds.
pub(crate) fn rfc3339(micros: u64) -> String {
    let time = UNIX_EPOCH.checked_add(Duration::from_micros(micros));
    humantime::format_rfc3339_millis(time.unwrap_or(UNIX_EPOCH)).to_string()
}

#[cfg(test)]
mod tests {
    use super::rfc3339;

    #[test]
    fn dates_are_those_of_the_calendar() {
        assert_eq!(rfc3339(0), "1970-01-01T00:00:00.000Z");
        assert_eq!(rfc3339(951_782_400_000_000), "2000-02-29T00:00:00.000Z");
        assert_eq!(rfc3339(1_795_197_600_123_456), "2026-11-20T18:00:00.123Z");
        assert_eq!(rfc3339(4_107_542_399_999_999), "2100-02-28T23:59:59.999Z");
    }
}
