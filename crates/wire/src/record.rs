//! First and last line of a record, the file that a session is kept in. Between them are the lines of its socket.

use serde::{Deserialize, Serialize};

use crate::lenient::is_zero;
use crate::{Exit, SessionInfo};

/// Version of the format that is written, and the latest that is read.
pub const FORMAT: u32 = 1;

/// `type` of the first line.
pub const HEADER: &str = "Record";
/// `type` of the last line.
pub const END: &str = "RecordEnd";

/// First line of a record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RecordHeader {
    #[serde(rename = "type")]
    kind: String,
    /// Version of the format.
    pub format: u32,
    /// Program that wrote it, with its version.
    #[serde(default)]
    pub writer: String,
    /// Time of its beginning, RFC 3339.
    #[serde(default)]
    pub recorded_at: String,
    /// It has values of environment variables.
    #[serde(default)]
    pub values: bool,
    /// It has what a device of the mirror would be shown, and no more.
    #[serde(default)]
    pub redacted: bool,
    /// Description of the session when the record began.
    #[serde(default)]
    pub session: SessionInfo,
}

impl RecordHeader {
    /// Creates the header of a session's record, without values.
    #[must_use]
    pub fn new(session: SessionInfo) -> Self {
        Self {
            kind: HEADER.to_owned(),
            format: FORMAT,
            writer: String::new(),
            recorded_at: String::new(),
            values: false,
            redacted: false,
            session,
        }
    }

    /// Reports that `type` is that of a first line.
    #[must_use]
    pub fn is_header(&self) -> bool {
        self.kind == HEADER
    }
}

/// Reason for the end of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndReason {
    /// The session ended.
    #[default]
    Ended,
    /// The recording was ended, and the session went on.
    Stopped,
    /// A reason that this version does not know.
    #[serde(other)]
    Unknown,
}

/// Last line of a record: how much it has. A record without it was cut.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct RecordEnd {
    #[serde(rename = "type")]
    kind: String,
    /// Event lines.
    pub events: u64,
    /// Events that are missing by its control lines.
    pub missed: u64,
    /// Events of those that the session has and that were left out on purpose, by a filter; absent for none.
    #[serde(skip_serializing_if = "is_zero")]
    pub left_out: u64,
    /// Lines of the session that could not be read, and are not here.
    pub unreadable: u64,
    /// Reason for its end.
    pub reason: EndReason,
    /// Time of its end, RFC 3339.
    pub ended_at: String,
    /// End of the session's program, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exit: Option<Exit>,
}

impl RecordEnd {
    /// Creates the last line of a record that ends for a reason.
    #[must_use]
    pub fn new(reason: EndReason) -> Self {
        Self {
            reason,
            ..Self::default()
        }
    }

    /// Sets the counts that the writer has.
    #[must_use]
    pub fn counted(self, events: u64, missed: u64) -> Self {
        Self {
            kind: END.to_owned(),
            events,
            missed,
            ..self
        }
    }
}
