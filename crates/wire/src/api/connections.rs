//! Connections and listeners of one session: `GET /api/sessions/:id/connections`.

use serde::{Deserialize, Serialize};

use crate::session::{Connection, Listener, SessionState};

/// Answer of `GET /api/sessions/:id/connections`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct Connections {
    /// Connections, in the order in which they were first seen; at most 1,000.
    pub connections: Vec<Connection>,
    /// Listeners, in the order in which they were first seen.
    pub listeners: Vec<Listener>,
    /// Number of connections and listeners that are not listed.
    #[serde(rename = "more")]
    pub omitted: u64,
}

impl Connections {
    /// Copies them out of a session's state.
    #[must_use]
    pub fn of(state: &SessionState) -> Self {
        Self {
            omitted: state.connections.omitted.saturating_add(state.listeners.omitted),
            connections: state.connections.items.clone(),
            listeners: state.listeners.items.clone(),
        }
    }
}

/// Throughput of a session, in its summary.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct Traffic {
    /// Bytes that its programs received: at least so many.
    pub bytes_in: u64,
    /// Bytes that they sent and the other ends acknowledged: at least so many.
    pub bytes_out: u64,
    /// Bytes received a second, over the last seconds.
    pub rate_in: f64,
    /// Bytes sent a second, over the last seconds.
    pub rate_out: f64,
}
