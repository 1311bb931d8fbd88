//! Moment at which a summary is read.

/// Moment at which a summary is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// Now, or the session's last event once it has ended; microseconds since the Unix epoch.
    pub latest: u64,
    /// The session has ended: whatever has not come will not come.
    pub ended: bool,
}

impl Moment {
    /// Time since then, microseconds; of an ended session as long as can be.
    pub(super) fn since(self, ts: u64) -> u64 {
        if self.ended {
            u64::MAX
        } else {
            self.latest.saturating_sub(ts)
        }
    }
}
