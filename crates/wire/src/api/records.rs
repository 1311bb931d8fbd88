//! Records that `mirrord ui` reads and writes: one that is opened, a session that is recorded, the history.

use serde::{Deserialize, Serialize};

use crate::lenient::is_zero;
use crate::session::Exit;

/// Answer to `POST /api/records` and `POST /api/history/:file/open`: the session that the record has become.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct RecordOpened {
    /// Its id: the record's own, with a suffix where another session has it.
    pub session_id: String,
}

/// Body of `PUT /api/sessions/:id/recording`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RecordingSwitch {
    /// The session is to be recorded.
    pub on: bool,
}

/// Recording of a session by `mirrord ui`: the answer to `PUT /api/sessions/:id/recording`, and `recording` of a session. A
/// device is not sent it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct Recording {
    /// It goes on.
    pub on: bool,
    /// Path of the file; empty where none was made.
    pub file: String,
    /// Events in the file.
    pub events: u64,
    /// Events that are missing in it.
    pub missed: u64,
    /// Bytes of the file.
    pub bytes: u64,
    /// Why it ended before its session did: a full disk, for one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// Body of `PUT /api/history`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct HistorySwitch {
    /// Sessions are to be kept.
    pub enabled: bool,
}

/// Answer to `GET /api/history` and `PUT /api/history`: sessions that were kept as records.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct History {
    /// Sessions are kept.
    pub enabled: bool,
    /// The records that match, the session that started last first; at most 1,000.
    pub records: Vec<HistoryRecord>,
    /// Matching records beyond them. Absent, there are none.
    #[serde(skip_serializing_if = "is_zero")]
    pub omitted: u64,
    /// Bytes of all records, those of sessions that have yet to end included.
    pub bytes: u64,
    /// The most bytes: the oldest records go first.
    pub max_bytes: u64,
    /// Days after which a record goes.
    pub max_days: u64,
    /// Newest reason why something was not kept. Absent, all was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

impl History {
    /// The most records in an answer.
    pub const MAX_RECORDS: usize = 1_000;
}

/// One record of the history.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct HistoryRecord {
    /// Name of the file: its id on this server.
    pub file: String,
    /// Id of the session.
    pub session_id: String,
    /// Name of the session; empty where it had none.
    pub name: String,
    /// Target of the session.
    pub target: String,
    /// Command line of its first process, its name where that is not known; empty where neither is.
    pub command: String,
    /// When the session started, RFC 3339.
    pub started_at: String,
    /// Time of the record's end, RFC 3339.
    pub ended_at: String,
    /// Events in the record.
    pub events: u64,
    /// Events that are missing in it. Absent, none are.
    #[serde(skip_serializing_if = "is_zero")]
    pub missed: u64,
    /// Bytes of the file.
    pub bytes: u64,
    /// End of the session's program, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exit: Option<Exit>,
}
