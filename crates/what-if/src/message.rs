//! Messages between the page and the Worker, as JSON text; events go as the bytes of their lines, in a buffer of their own.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Message to the Worker.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Request {
    /// Forgets the events, and takes in the config that the others are compared with.
    Start {
        /// Config of the run, as JSON.
        text: String,
        /// Facts about the process, in the form of the case files' `context`.
        #[serde(default)]
        facts: Value,
    },
    /// Decides by a config. A later request replaces one that is not answered yet.
    Decide {
        /// Number of the request, which the answer repeats.
        number: u32,
        /// Config, as JSON.
        text: String,
    },
}

/// Message of the Worker once it runs; the others are [`Answer`]s.
pub const READY: &str = "ready";

/// Problems of a config, and where it has no errors, what it would change.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Answer {
    /// Number of the request.
    pub number: u32,
    /// Problems, in the order of the text.
    pub problems: Vec<Place>,
    /// Problems beyond those.
    pub problems_omitted: usize,
    /// Comparison; absent where the config has errors.
    pub comparison: Option<Comparison>,
}

/// Problem of a config and its place.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Place {
    /// The config can be used all the same.
    pub is_warning: bool,
    /// Line from 1; 0 where there is none.
    pub line: usize,
    /// Column from 1, in characters; 0 where there is none.
    pub column: usize,
    /// The problem, with the path of its key.
    pub text: String,
}

/// Decisions of a config beside those of before.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Comparison {
    /// Events that are decided.
    pub events: u64,
    /// Number of the first event that was looked at, and of the last; 0 where there is none.
    pub first_seq: u64,
    /// Number of the last event that was looked at.
    pub last_seq: u64,
    /// Events that a released mirrord never sees, by the reason.
    pub unhooked: Vec<(String, u64)>,
    /// Events by routing, before.
    pub before: Vec<(String, u64)>,
    /// Events by routing, after.
    pub after: Vec<(String, u64)>,
    /// Operations that are decided otherwise, the most frequent first.
    pub changes: Vec<Change>,
    /// Events of changes beyond those that are listed.
    pub changed_omitted: u64,
    /// Events that are decided as before.
    pub same: u64,
    /// Decisions of the rules of the text, and patterns that decide nothing, by their line.
    pub hits: Vec<Hit>,
    /// Facts that are missing, with the number of events that depend on them.
    pub missing: Vec<(String, u64)>,
    /// Missing facts beyond those.
    pub missing_omitted: u64,
    /// Events that there was no room for.
    pub uncounted: u64,
    /// Time that the decisions took, microseconds.
    pub spent_us: u64,
}

/// Decisions of a rule.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Hit {
    /// Line of the text, from 1.
    pub line: usize,
    /// Routing of the decisions; empty where there is none, or several.
    pub routing: String,
    /// Number of events.
    pub times: u64,
}

/// Operation that is decided otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Change {
    /// `type` of the events.
    pub kind: String,
    /// Path, host, `address:port`, port, or name of a variable.
    pub name: String,
    /// Operation on a file, protocol of a connection; empty for others.
    pub operation: String,
    /// Decision before.
    pub before: Side,
    /// Decision after.
    pub after: Side,
    /// Number of events.
    pub times: u64,
}

/// One of the two decisions.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Side {
    /// `remote`, `local`, `not_found`, …, or `depends`.
    pub routing: String,
    /// The rule.
    pub rule: String,
    /// Further result: a mode, a mapped path, an address; or the missing facts.
    pub detail: String,
}
