//! Snapshot of a session's counts, for its metrics.

use std::collections::BTreeMap;
use std::sync::Arc;

use mirrord_wire::{Counters, Direction, SessionState};

use crate::source::Source;

/// Counts of a session at one time.
#[derive(Debug, Clone)]
pub struct Snapshot {
    pub(crate) source: Arc<Source>,
    /// Time of the counts, microseconds since the Unix epoch.
    pub(crate) ts: u64,
    pub(crate) counters: Counters,
    /// Events a second.
    pub(crate) rate: f64,
    /// Bytes received and sent, where they are known.
    pub(crate) traffic: Option<[u64; 2]>,
    /// Connections that are open, by protocol and direction.
    pub(crate) connections: BTreeMap<(String, Direction), u64>,
    pub(crate) processes: u64,
    pub(crate) dropped: u64,
}

impl Snapshot {
    /// Takes the counts of a state; `ts` is microseconds since the Unix epoch, `rate` events a second.
    ///
    /// Counters hold names of types and operations: of a redacted session they have to be redacted as well.
    #[must_use]
    pub fn new(source: Arc<Source>, state: &SessionState, counters: Counters, rate: f64, ts: u64) -> Self {
        let mut connections = BTreeMap::new();
        let open = state.connections.items.iter();
        for connection in open.filter(|connection| connection.closed_ts.is_none()) {
            *connections
                .entry((connection.protocol.clone(), connection.direction))
                .or_default() += 1;
        }
        Self {
            source,
            ts,
            counters,
            rate,
            traffic: state.traffic.map(|bytes| [bytes.bytes_in, bytes.bytes_out]),
            connections,
            processes: state.running().count() as u64,
            dropped: state.dropped,
        }
    }
}
