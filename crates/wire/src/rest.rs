//! What the REST API of `mirrord ui` answers.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::session::SessionInfo;
use crate::state::SessionState;

/// `{"status":"ok"}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Health {
    /// Always `ok`: who cannot say so says nothing.
    pub status: String,
}

impl Default for Health {
    fn default() -> Self {
        Self {
            status: "ok".to_owned(),
        }
    }
}

/// Every error, on either socket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiError {
    /// What went wrong, naming the thing.
    pub error: String,
}

/// How a session is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SessionStatus {
    /// It answers.
    #[default]
    Live,
    /// Its socket is there and does not answer as it should; `reason` says why.
    Unresponsive,
    /// It is over; what is kept of it can still be read.
    Ended,
}

/// One session in a list: what it said of itself, and how it is doing.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct SessionSummary {
    /// What it said of itself.
    #[serde(flatten)]
    pub info: SessionInfo,
    /// How it is doing.
    pub status: SessionStatus,
    /// Why it is not live.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// When it ended, RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<String>,
    /// Numbers of events by type.
    pub counts: BTreeMap<String, u64>,
    /// Events a second, over the last seconds.
    pub rate: f64,
    /// The number of the newest event that the server has; the next one on the WebSocket is `seq + 1`.
    pub seq: u64,
    /// The number of the oldest event that the server keeps; 0 where it keeps none.
    pub oldest_seq: u64,
    /// Events of the session that never reached the server.
    pub missed: u64,
}

/// One session with all that is known of it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct SessionDetail {
    /// The same as in the list.
    #[serde(flatten)]
    pub summary: SessionSummary,
    /// What has happened so far.
    pub state: SessionState,
}

/// Which mirrord this is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Edition {
    /// No operator.
    Oss,
    /// An operator answers.
    Teams,
    /// It could not be told.
    #[default]
    Unknown,
}

/// The license of an operator.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct License {
    /// Who it was given to.
    pub name: String,
    /// Their organization.
    pub organization: String,
    /// When it ends, as the operator says it.
    pub expire_at: String,
}

/// What `GET /api/version` answers.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct VersionInfo {
    /// The version of this program.
    pub version: String,
    /// The version of the session protocol that it speaks.
    pub protocol_version: u32,
    /// Which mirrord this is.
    pub edition: Edition,
    /// Why the edition is unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Whether the page shows the values of environment variables from the start; absent, it does not.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub show_env_values: bool,
    /// The operator's license.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub license: Option<License>,
}
