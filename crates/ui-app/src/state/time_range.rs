//! Range of time of the log: a part of its histogram that is shown alone. In an address it is `t=<from>-<to>`, in
//! microseconds since the Unix epoch.

/// The times around a row that are shown on request, microseconds on either side.
pub const AROUND_MICROS: u64 = 1_000_000;

/// Times from the first up to, and without, the second, microseconds since the Unix epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeRange {
    /// The first time in it.
    pub from: u64,
    /// Behind the last.
    pub to: u64,
}

impl TimeRange {
    /// Range from one time to the other; `None` where it is empty.
    #[must_use]
    pub fn new(from: u64, to: u64) -> Option<Self> {
        (from < to).then_some(Self { from, to })
    }

    /// Range of `micros` on either side of a time.
    #[must_use]
    pub fn around(ts: u64, micros: u64) -> Self {
        Self {
            from: ts.saturating_sub(micros),
            to: ts.saturating_add(micros + 1),
        }
    }

    /// Reads its form in an address.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (from, to) = text.split_once('-')?;
        Self::new(from.parse().ok()?, to.parse().ok()?)
    }

    /// Writes its form in an address.
    #[must_use]
    pub fn written(self) -> String {
        [self.from.to_string(), self.to.to_string()].join("-")
    }

    /// Reports a time in it.
    #[must_use]
    pub fn contains(self, ts: u64) -> bool {
        (self.from..self.to).contains(&ts)
    }

    /// Its length, microseconds.
    #[must_use]
    pub fn length(self) -> u64 {
        self.to - self.from
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_read_back_and_one_of_no_time_is_none() {
        let range = TimeRange::around(5_000_000, 1_000_000);
        assert_eq!(TimeRange::parse(&range.written()), Some(range));
        assert!(range.contains(4_000_000) && range.contains(6_000_000) && !range.contains(6_000_001));
        for text in ["", "-", "1-", "-1", "2-2", "3-2", "1-2-3", "a-b", "1"] {
            assert_eq!(TimeRange::parse(text), None, "{text}");
        }
    }
}
