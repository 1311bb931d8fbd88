//! Ports that the program listens on, and who came.
//!
//! Arrivals are known only where the session reports them: a port without a report has none that are known, never 0.

use serde::{Deserialize, Serialize};

use super::moment::Moment;
use crate::lenient::is_zero;
use crate::session::bounded;
use crate::session::event::{ConnectionUpdate, Direction, Outcome};

/// The most ports that are kept.
pub const MAX_LISTENERS: usize = 256;
/// The most connections of a port that are distinguished; an update of an older one counts it a second time.
const MAX_RECENT: usize = 32;
/// Time for which a port listens before it is news that it was not reached, microseconds.
pub const UNREACHED_AFTER: u64 = 30_000_000;

/// A port.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct Port {
    /// The port.
    pub port: u16,
    /// The process that listens.
    pub pid: u32,
    /// When it began to listen, or tried to, microseconds since the Unix epoch.
    pub first_ts: u64,
    /// Connections and requests that arrived, at least so many; absent where that is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub arrivals: Option<u64>,
    /// The last arrival, microseconds since the Unix epoch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_ts: Option<u64>,
    /// Attempts to listen that failed since the last success.
    #[serde(skip_serializing_if = "is_zero")]
    pub failed: u64,
    /// Hashes of the connections that were seen last.
    #[serde(
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "bounded::list::<MAX_RECENT, _, _>"
    )]
    pub(super) recent: Vec<u32>,
}

/// The ports.
#[derive(Debug, Clone, Default)]
pub(super) struct Ports {
    pub(super) all: Vec<Port>,
    pub(super) omitted: u64,
}

impl Ports {
    pub(super) fn listens(&mut self, port: u16, pid: u32, ts: u64, outcome: Option<Outcome>) {
        let is_failed = matches!(outcome, Some(Outcome::Failed | Outcome::Denied));
        if let Some(own) = self.of(port, ts) {
            own.pid = pid;
            own.failed = if is_failed { own.failed.saturating_add(1) } else { 0 };
        }
    }

    pub(super) fn reported(&mut self, port: u16, arrivals: Option<u64>, last_ts: Option<u64>, ts: u64) {
        if port != 0
            && arrivals.is_some()
            && let Some(own) = self.of(port, ts)
        {
            own.arrivals = own.arrivals.max(arrivals);
            own.last_ts = own.last_ts.max(last_ts);
        }
    }

    /// Counts a connection that arrived; each of its updates is the same arrival.
    pub(super) fn updated(&mut self, update: &ConnectionUpdate, ts: u64) {
        let port = update.local.rsplit_once(':').and_then(|(_, port)| port.parse().ok());
        let (Direction::In, Some(port)) = (update.direction, port) else {
            return;
        };
        let connection = hash(&update.remote);
        if let Some(own) = self.of(port, ts)
            && !own.recent.contains(&connection)
        {
            if own.recent.len() >= MAX_RECENT {
                own.recent.remove(0);
            }
            own.recent.push(connection);
            own.arrive(ts);
        }
    }

    /// Counts a request: at the port that its host names, or at the only one that there is.
    pub(super) fn requested(&mut self, host: &str, ts: u64) {
        let named = host.rsplit_once(':').and_then(|(_, port)| port.parse::<u16>().ok());
        let own = match (&mut self.all[..], named) {
            ([own], _) => Some(own),
            (all, Some(port)) => all.iter_mut().find(|own| own.port == port),
            _ => None,
        };
        if let Some(own) = own {
            own.arrive(ts);
        }
    }

    fn of(&mut self, port: u16, ts: u64) -> Option<&mut Port> {
        let place = self.all.iter().position(|own| own.port == port);
        if place.is_none() && self.all.len() >= MAX_LISTENERS {
            self.omitted = self.omitted.saturating_add(1);
            return None;
        }
        let place = place.unwrap_or_else(|| {
            self.all.push(Port {
                port,
                first_ts: ts,
                ..Port::default()
            });
            self.all.len() - 1
        });
        self.all.get_mut(place)
    }
}

impl Port {
    fn arrive(&mut self, ts: u64) {
        self.arrivals = Some(self.arrivals.unwrap_or_default().saturating_add(1));
        self.last_ts = self.last_ts.max(Some(ts));
    }

    /// Reports a port that is known to have been reached by no connection for some time.
    #[must_use]
    pub fn is_unreached(&self, now: Moment) -> bool {
        self.failed == 0 && self.arrivals == Some(0) && now.latest.saturating_sub(self.first_ts) >= UNREACHED_AFTER
    }
}

/// Hashes a text (FNV-1a).
fn hash(text: &str) -> u32 {
    let step = |sum: u32, byte: u8| (sum ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    text.bytes().fold(0x811c_9dc5, step)
}
