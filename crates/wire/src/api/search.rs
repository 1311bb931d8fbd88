//! Search over the kept events of all sessions: `GET /api/search`.

use serde::{Deserialize, Serialize};

use crate::session::Outcome;

/// Answer to `GET /api/search`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct SearchAnswer {
    /// The sessions in which something was found, the newest first.
    pub sessions: Vec<SessionHits>,
    /// Number of events that were searched.
    pub searched: u64,
    /// Every kept event was searched, and everything that was found is listed.
    pub complete: bool,
}

/// Hits of one session.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct SessionHits {
    /// The session.
    pub session_id: String,
    /// Hits, the newest first; of each subject the newest event alone.
    pub hits: Vec<Hit>,
}

/// Subject of the events that match, with the newest of them.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct Hit {
    /// Number of the newest event; absent for a name of which no event is kept any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seq: Option<u64>,
    /// Its time, microseconds since the Unix epoch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ts: Option<u64>,
    /// Its type.
    #[serde(rename = "type")]
    pub kind: String,
    /// The thing that it is about: a path, a host, a destination, a command line.
    pub subject: String,
    /// Operation of a `FileOp`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
    /// Its outcome.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
}
