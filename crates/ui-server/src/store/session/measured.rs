//! Counts of a session, for the metrics of OpenTelemetry.

use std::sync::Arc;

use mirrord_otlp::{Snapshot, Source};

use super::Session;
use crate::clock;
use crate::mirror::redact;

impl Session {
    /// Takes a snapshot of its counts; of a redacted one the names of what is counted are a device's.
    pub(crate) fn measured(&self, source: &Arc<Source>, is_redacted: bool) -> Snapshot {
        let now = clock::now_micros();
        let mut counters = self.state.counters.clone();
        if is_redacted {
            redact::counters(&mut counters);
        }
        let rate = match self.ended_ts {
            Some(_) => 0.0,
            None => self.rate.per_second(now),
        };
        Snapshot::new(Arc::clone(source), &self.state, counters, rate, now)
    }
}
