//! Sessions that share a `key`, as one group: `GET /api/keys`, and ending them all.

use serde::{Deserialize, Serialize};

/// Sessions of one key, in the list of `GET /api/keys`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct KeyGroup {
    /// The key that they share.
    pub key: String,
    /// Their ids, in the order in which they appeared; those that have ended and are kept, too.
    pub sessions: Vec<String>,
    /// Number of those that are live.
    pub live: u64,
    /// Their events, summed.
    pub events: u64,
    /// Their events a second over the last seconds, summed.
    pub rate: f64,
}

/// Answer of one session to `POST /api/keys/:key/kill`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct KeyKilled {
    /// The session.
    pub session_id: String,
    /// State of its end.
    pub status: KeyKillStatus,
    /// HTTP status with which `POST /api/sessions/:id/kill` would have been answered; 503 where its turn did not come.
    pub code: u16,
    /// Why it cannot be ended; absent where it took the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// With `wait`: time that its end took, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waited_ms: Option<u64>,
}

/// State of the end of one session of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum KeyKillStatus {
    /// It took the request.
    #[default]
    Killing,
    /// It has ended.
    Ended,
    /// It took the request and has not ended yet.
    Ending,
    /// It did not take the request.
    Failed,
}
