//! Paths that were asked for, and are not missed unless that goes on.

use serde::{Deserialize, Serialize};

use crate::session::names::{NameLimits, NameTable};

/// The most probes that are kept and sent, those of the most seconds; between prunings [`LIMITS`] holds.
const MAX_REPEATED: usize = 128;

const LIMITS: NameLimits = NameLimits {
    names: 512,
    bytes: 128 * 1024,
    name_bytes: 1_024,
};

/// A path that was asked for, and is not missed unless that goes on.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub(super) struct Probe {
    pub(super) path: String,
    pub(super) count: u64,
    pub(super) seconds: u64,
    pub(super) first_ts: u64,
    pub(super) last_ts: u64,
}

/// The probes that found nothing.
#[derive(Debug, Clone)]
pub(super) struct Probes(NameTable<Probe>);

impl Default for Probes {
    fn default() -> Self {
        Self(NameTable::new(LIMITS))
    }
}

impl Probes {
    /// Counts a question; an answer that is not in vain begins the count again.
    pub(super) fn count(&mut self, path: &str, ts: u64, is_vain: bool) {
        if !is_vain {
            let number = if self.0.is_empty() { None } else { self.0.find(path) };
            if let Some(probe) = number.and_then(|number| self.0.get_mut(number)) {
                (probe.count, probe.seconds) = (0, 0);
            }
            return;
        }
        if self.0.len() >= LIMITS.names || self.0.bytes() + path.len() > LIMITS.bytes {
            let kept = self.repeated();
            self.0 = NameTable::new(LIMITS);
            self.restore(kept);
        }
        if let Some((_, probe)) = self.0.entry(path) {
            if probe.count == 0 {
                (probe.first_ts, probe.last_ts) = (ts, 0);
            }
            probe.count += 1;
            probe.seconds += is_other_second(probe.last_ts, ts);
            probe.last_ts = ts;
        }
    }

    /// Returns the probes that were repeated in another second, those of the most seconds first.
    pub(super) fn repeated(&self) -> Vec<Probe> {
        let repeated = self.0.iter().filter(|(_, probe)| probe.seconds > 1);
        let mut kept: Vec<Probe> = repeated
            .map(|(path, probe)| Probe {
                path: path.to_owned(),
                ..probe.clone()
            })
            .collect();
        kept.sort_by_key(|probe| std::cmp::Reverse(probe.seconds));
        kept.truncate(MAX_REPEATED);
        kept
    }

    /// Adds probes of a snapshot.
    pub(super) fn restore(&mut self, probes: Vec<Probe>) {
        for mut probe in probes {
            let path = std::mem::take(&mut probe.path);
            if let Some((_, own)) = self.0.entry(&path) {
                *own = probe;
            }
        }
    }
}

/// Counts 1 for a time in another second than the one before.
pub(super) fn is_other_second(last: u64, now: u64) -> u64 {
    u64::from(last / 1_000_000 != now / 1_000_000)
}
