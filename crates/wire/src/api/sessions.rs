//! What the REST API of `mirrord ui` answers.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::lenient;
use crate::session::{Routing, SessionInfo, SessionState};

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

/// What `POST /api/tickets` answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticket {
    /// `GET /?ticket=…` signs one browser in with it, once, within a minute.
    pub ticket: String,
}

/// The answer to `POST /api/sign-in`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedIn {
    /// The half of a browser's credentials that the page keeps; the other one is the cookie.
    pub page_key: String,
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
    #[serde(deserialize_with = "lenient::or_default")]
    pub status: SessionStatus,
    /// Why it is not live.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// When it ended, RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<String>,
    /// Numbers of events by type.
    #[serde(deserialize_with = "lenient::or_default")]
    pub counts: BTreeMap<String, u64>,
    /// Numbers of events by where they went, of those that say so. Absent, none did.
    #[serde(deserialize_with = "lenient::or_default", skip_serializing_if = "BTreeMap::is_empty")]
    pub routing: BTreeMap<Routing, u64>,
    /// The path of its socket on this machine; on Windows that of its marker file. A device on the network is not told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub socket: Option<String>,
    /// Events a second, over the last seconds.
    #[serde(deserialize_with = "lenient::or_default")]
    pub rate: f64,
    /// The number of the newest event that the server has; the next one on the WebSocket is `seq + 1`.
    #[serde(deserialize_with = "lenient::or_default")]
    pub seq: u64,
    /// The number of the oldest event that the server keeps; 0 where it keeps none.
    #[serde(deserialize_with = "lenient::or_default")]
    pub oldest_seq: u64,
    /// Events that were lost between the session and the server after the server had attached to it. Absent where that
    /// cannot be known: a released mirrord numbers nothing and loses silently.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missed: Option<u64>,
    /// Events from before the server attached that the session did not keep any more: history, not loss. Absent, none.
    #[serde(deserialize_with = "lenient::or_default", skip_serializing_if = "is_none")]
    pub before: u64,
    /// Events that the session told in its counters alone, on purpose: nothing is lost. Absent, there are none.
    #[serde(deserialize_with = "lenient::or_default", skip_serializing_if = "is_none")]
    pub withheld: u64,
    /// The number of processes that the session has had, ended ones included. `processes` has those that run; of an ended
    /// session those that it had, at most [`SessionSummary::MAX_ENDED_PROCESSES`], the first one among them.
    #[serde(deserialize_with = "lenient::or_default", skip_serializing_if = "is_none")]
    pub process_count: u64,
    /// How it ended; absent while it has not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end: Option<SessionEnd>,
    /// Faults in what the session answered, each a sentence: a field of another type than it should have, for one.
    #[serde(deserialize_with = "lenient::or_default", skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// Fields of the session's `/info` that this version does not know, as they came. A device is not sent them.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl SessionSummary {
    /// The most processes that the summary of an ended session lists.
    pub const MAX_ENDED_PROCESSES: usize = 50;
    /// Names in a summary or a detail that are the server's own: a session's `/info` cannot set them.
    pub const RESERVED: &[&str] = &[
        "status",
        "reason",
        "ended_at",
        "counts",
        "routing",
        "socket",
        "rate",
        "seq",
        "oldest_seq",
        "missed",
        "before",
        "withheld",
        "process_count",
        "end",
        "notes",
        "state",
    ];
}

/// How a session ended, as far as the server saw it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SessionEnd {
    /// Its host closed it: the socket was removed and the stream came to its end.
    #[default]
    Closed,
    /// Its host ended without closing it, as after SIGKILL: the socket stayed and refuses connections.
    Broken,
}

// On a 32-bit target a number of 64 bits is no longer small to copy, and the lint has nothing to say.
#[cfg_attr(
    target_pointer_width = "64",
    expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")
)]
pub(crate) const fn is_none(number: &u64) -> bool {
    *number == 0
}

/// One session with all that is known of it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct SessionDetail {
    /// The same as in the list.
    #[serde(flatten)]
    pub summary: SessionSummary,
    /// What has happened so far.
    #[serde(deserialize_with = "lenient::object")]
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
    #[serde(deserialize_with = "lenient::or_default")]
    pub name: String,
    /// Their organization.
    #[serde(deserialize_with = "lenient::or_default")]
    pub organization: String,
    /// The last day on which it is good, as the operator says it: `2027-01-01`.
    #[serde(deserialize_with = "lenient::or_default")]
    pub expire_at: String,
    /// Whether that day is over, by this machine's clock, in UTC; absent, it is not, or it cannot be told.
    #[serde(deserialize_with = "lenient::or_default", skip_serializing_if = "std::ops::Not::not")]
    pub expired: bool,
    /// The fingerprint of its certificate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fingerprint: Option<String>,
    /// Which subscription it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subscription_id: Option<String>,
}

/// What `GET /api/version` answers.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct VersionInfo {
    /// The version of this program.
    #[serde(deserialize_with = "lenient::or_default")]
    pub version: String,
    /// The version of the session protocol that it speaks.
    #[serde(deserialize_with = "lenient::or_default")]
    pub protocol_version: u32,
    /// Which mirrord this is.
    #[serde(deserialize_with = "lenient::or_default")]
    pub edition: Edition,
    /// Why the edition is unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Whether the cluster is being asked for the first time: ask again a little later.
    #[serde(deserialize_with = "lenient::or_default", skip_serializing_if = "std::ops::Not::not")]
    pub pending: bool,
    /// Whether the page shows the values of environment variables from the start; absent, it does not.
    #[serde(deserialize_with = "lenient::or_default", skip_serializing_if = "std::ops::Not::not")]
    pub show_env_values: bool,
    /// The version of the operator.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operator_version: Option<String>,
    /// What the operator says that it can do.
    #[serde(deserialize_with = "lenient::or_default", skip_serializing_if = "Vec::is_empty")]
    pub supported_features: Vec<String>,
    /// The operator's license.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub license: Option<License>,
}

/// A session that the operator runs in the cluster, for whomever.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct OperatorSession {
    /// Its id, where the operator tells it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Whose it is, as the operator names them.
    pub user: String,
    /// What it stands for, such as `deployment/checkout`.
    pub target: String,
    /// The namespace of the target.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// How long it had run when the operator was asked, in seconds.
    pub duration_secs: u64,
    /// The ports that are its own.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub locked_ports: Vec<LockedPort>,
}

/// A port of a target that one session of the operator has.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct LockedPort {
    /// The port.
    pub port: u16,
    /// How: `steal`, `mirror`.
    pub mode: String,
    /// The filter of what is taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filter: Option<String>,
}

/// What `GET /api/operator/sessions` answers.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct OperatorSessions {
    /// As in [`VersionInfo`]: without an operator there are none.
    pub edition: Edition,
    /// As in [`VersionInfo`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// As in [`VersionInfo`].
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub pending: bool,
    /// When the operator was asked, RFC 3339; it is asked every five minutes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asked_at: Option<String>,
    /// Its sessions, at most a thousand.
    pub sessions: Vec<OperatorSession>,
    /// How many more it named.
    #[serde(skip_serializing_if = "is_zero")]
    pub more: u64,
}

/// What `POST /api/sessions/:id/kill` answers where the session took it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Killed {
    /// What became of the session.
    pub status: KillStatus,
    /// The same in words.
    pub message: String,
    /// How long that took, in milliseconds.
    pub waited_ms: u64,
}

/// What became of a session that was to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KillStatus {
    /// It has ended.
    Ended,
    /// It took the request and has not ended yet.
    #[default]
    Ending,
}

fn is_zero(number: &u64) -> bool {
    *number == 0
}
