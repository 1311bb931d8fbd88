//! Sessions as `mirrord ui` lists them: `GET /api/sessions`, and ending one.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::connections::Traffic;
use super::record::RecordInfo;
use super::records::Recording;
use crate::lenient::{flattened, is_zero};
use crate::session::{Routing, SessionInfo, SessionState};

/// Status of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
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

/// One session in a list: its own description and its status.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, remote = "Self")]
pub struct SessionSummary {
    /// Its own description.
    #[serde(flatten, skip_deserializing)]
    pub info: SessionInfo,
    /// Status.
    pub status: SessionStatus,
    /// Why it is not live.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// When it ended, RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<String>,
    /// Numbers of events by type.
    pub counts: BTreeMap<String, u64>,
    /// Numbers of events by where they went, of those that say so. Absent, none did.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    #[serde(deserialize_with = "crate::session::routings")]
    pub routing: BTreeMap<Routing, u64>,
    /// The path of its socket on this machine; on Windows that of its marker file. Not sent to a device on the network.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub socket: Option<String>,
    /// Events a second, over the last seconds.
    pub rate: f64,
    /// Rates at the end of each of the last seconds, at most 60, the oldest first. Absent where
    /// nothing happened in them, for an ended session, and in `session_updated`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub recent: Vec<f64>,
    /// Bytes over the session's connections; absent where nothing is known of any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub traffic: Option<Traffic>,
    /// The number of the newest event that the server has; the next one on the WebSocket is `seq + 1`.
    pub seq: u64,
    /// The number of the oldest event that the server keeps; 0 where it keeps none.
    pub oldest_seq: u64,
    /// Events that were lost between the session and the server after the server had attached to it. Absent where that
    /// cannot be known: a released mirrord numbers nothing and loses silently.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missed: Option<u64>,
    /// Events from before the server attached that the session did not keep any more: history, not loss. Absent, none.
    #[serde(skip_serializing_if = "is_zero")]
    pub before: u64,
    /// Events that the session sent in its counters alone, on purpose: nothing is lost. Absent, there are none.
    #[serde(alias = "withheld", skip_serializing_if = "is_zero")]
    pub suppressed: u64,
    /// The number of processes that the session has had, ended ones included. `processes` has those that run; of an ended
    /// session those that it had, at most 50, the first one among them.
    #[serde(skip_serializing_if = "is_zero")]
    pub process_count: u64,
    /// End of the session, as far as it was seen; absent while it has not ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end: Option<SessionEnd>,
    /// Faults in what the session answered, each a sentence: a field of another type than it should have, for one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// Record that it comes from; absent for others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<RecordInfo>,
    /// Recording of the session by `mirrord ui`; absent where it was never recorded, or the recording was ended. Not sent to a
    /// device.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recording: Option<Recording>,
    /// Fields of the session's `/info` that this version does not know, as they came. A device is not sent them.
    #[serde(flatten, skip_deserializing)]
    pub extra: Map<String, Value>,
}

flattened!(SessionSummary: info; extra);

impl SessionSummary {
    /// The most processes that the summary of an ended session lists.
    pub const MAX_ENDED_PROCESSES: usize = 50;
    /// The most rates in `recent`.
    pub const MAX_RECENT: usize = 60;
}

/// End of a session, as far as the server saw it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum SessionEnd {
    /// Its host closed it: the socket was removed and the stream came to its end.
    #[default]
    Closed,
    /// Its host ended without closing it, as after SIGKILL: the socket stayed and refuses connections.
    Broken,
}

/// One session with all that is known of it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, remote = "Self")]
pub struct SessionDetail {
    /// Summary, as in the list.
    #[serde(flatten, skip_deserializing)]
    pub summary: SessionSummary,
    /// Events so far, counted.
    pub state: SessionState,
}

flattened!(SessionDetail: summary);

impl SessionDetail {
    /// Reports that the counts of names include every event: each number was counted, and none dropped or suppressed, whose
    /// kinds alone are counted.
    #[must_use]
    pub fn names_every_event(&self) -> bool {
        let Self { summary, state } = self;
        state.counters.total == state.seq && state.dropped == 0 && summary.suppressed == 0
    }
}

/// Answer to `POST /api/sessions/:id/kill` where the session accepted it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct Killed {
    /// State of the session.
    pub status: KillStatus,
    /// `status` in words.
    pub message: String,
    /// Time that this took, in milliseconds.
    pub waited_ms: u64,
}

/// Body of `PUT /api/sessions/:id/name`, and its answer: the name by which the session is shown from then on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SessionName {
    /// The name; of a request, empty to have the one that the session started with, if any.
    #[cfg_attr(
        feature = "openapi",
        schema(
            max_length = 100,
            pattern = "^[^\\x00-\\x1f\\x7f-\\x9f\\u2028-\\u202e\\u2066-\\u2069]*$"
        )
    )]
    pub name: String,
}

impl SessionName {
    /// The most characters of a name.
    pub const MAX_CHARS: usize = 100;
}

/// State of a session that was asked to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum KillStatus {
    /// It has ended.
    Ended,
    /// It took the request and has not ended yet.
    #[default]
    Ending,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_have_every_event_only_where_none_was_missed_dropped_or_suppressed() {
        let detail = |seq: u64, dropped: u64, more: u64, suppressed: u64| {
            let text = format!(
                r#"{{"suppressed":{suppressed},"state":{{"seq":{seq},"dropped":{dropped},"counters":{{"total":9}},
                "paths":{{"items":[{{"name":"/a","count":7}}],"more":{more}}}}}}}"#
            );
            crate::from_json::<SessionDetail>(&text).unwrap()
        };
        let whole = detail(9, 0, 0, 0);
        assert!(whole.names_every_event());
        assert_eq!(whole.state.paths.most_frequent(), [("/a", 7)]);
        for (seq, dropped, suppressed) in [(10, 0, 0), (9, 1, 0), (9, 0, 3)] {
            assert!(!detail(seq, dropped, 0, suppressed).names_every_event());
        }
        assert_eq!(
            (whole.state.paths.omitted(), detail(9, 0, 1, 0).state.paths.omitted()),
            (0, 1)
        );
    }
}
