//! Numbers of one socket that listens.

use std::collections::HashSet;
use std::time::{SystemTime, UNIX_EPOCH};

use mirrord_wire::ListenerUpdate;

use crate::linux::bound::Bound;

/// A socket that listens.
pub(super) struct Listening {
    pub(super) pid: u32,
    pub(super) protocol: &'static str,
    pub(super) bound: Option<Bound>,
    /// The address of a Unix socket.
    pub(super) path: Option<String>,
    pub(super) arrivals: u64,
    pub(super) open: u64,
    pub(super) last_ts: Option<u64>,
    /// Bytes of connections that are closed.
    pub(super) closed_bytes: (u64, u64),
    pub(super) open_bytes: (u64, u64),
    /// Connections to a Unix listener that were seen in the last look.
    pub(super) peers: HashSet<u64>,
    pub(super) missing: u8,
    pub(super) seen: bool,
    pub(super) reported: Option<ListenerUpdate>,
}

impl Listening {
    pub(super) fn new(pid: u32, protocol: &'static str, bound: Option<Bound>) -> Self {
        Self {
            pid,
            protocol,
            bound,
            path: None,
            arrivals: 0,
            open: 0,
            last_ts: None,
            closed_bytes: (0, 0),
            open_bytes: (0, 0),
            peers: HashSet::new(),
            missing: 0,
            seen: false,
            reported: None,
        }
    }

    pub(super) fn arrived(&mut self) {
        self.arrivals += 1;
        self.last_ts = Some(now_micros());
    }

    pub(super) fn update(&self, closed: bool) -> Option<ListenerUpdate> {
        let address = match (&self.path, &self.bound) {
            (Some(path), _) => path.clone(),
            (None, Some(bound)) => bound.text(),
            (None, None) => return None,
        };
        let counts = self.protocol != "udp";
        let bytes = |side: fn(&(u64, u64)) -> u64| {
            (self.protocol == "tcp").then(|| side(&self.closed_bytes).saturating_add(side(&self.open_bytes)))
        };
        Some(ListenerUpdate {
            protocol: self.protocol.into(),
            address,
            port: self.bound.map_or(0, |bound| bound.address.port()),
            arrivals: counts.then_some(self.arrivals),
            open: counts.then_some(if closed { 0 } else { self.open }),
            last_ts: self.last_ts,
            bytes_in: bytes(|bytes| bytes.0),
            bytes_out: bytes(|bytes| bytes.1),
            note: self.bound.and_then(|bound| bound.note()).map(Into::into),
            closed,
            ..ListenerUpdate::default()
        })
    }
}

/// The time, microseconds since the Unix epoch.
pub(super) fn now_micros() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_micros()).unwrap_or(u64::MAX)
}
