//! Suggestions about a run's config: `GET /api/sessions/:id/suggestions`, and `--summary=json` of `mirrord exec`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::lenient::is_zero;

/// Answer to `GET /api/sessions/:id/suggestions`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct Suggestions {
    /// The suggestions, those of most use first.
    pub items: Vec<Suggestion>,
    /// Suggestions beyond those.
    #[serde(skip_serializing_if = "is_zero")]
    pub omitted: u64,
    /// Events that were looked at.
    pub events: u64,
    /// Events of the session that were not: lost, not kept any more, or beyond a bound.
    #[serde(skip_serializing_if = "is_zero")]
    pub unseen: u64,
    /// Number of the newest event that was looked at.
    pub seq: u64,
    /// Reason why there can be none: `no_config`; `invalid_config`; `variables`, environment variables go before the file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Change of the config that a run suggests.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct Suggestion {
    /// Kind.
    pub kind: SuggestionKind,
    /// Patterns, paths, ports, destinations or names that it is about, at most five.
    pub subjects: Vec<String>,
    /// The list of the config that it is about, or the destination that shows that a variable was read.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub detail: String,
    /// The suggestion as a sentence.
    pub text: String,
    /// Evidence in the run.
    pub evidence: Evidence,
    /// Change of the config, as a JSON merge patch (RFC 7396).
    pub change: Value,
    /// Decisions of the run by the changed config.
    pub effect: Effect,
}

/// Kind of a suggestion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum SuggestionKind {
    /// A variable is excluded, and its local value was used.
    ExcludedVariable,
    /// A destination is in no entry of the filter.
    UncoveredDestination,
    /// Paths are looked for here in vain, and look as if they were in the cluster.
    LooksRemote,
    /// Paths are read in the cluster, and look as if they were of this machine.
    LooksLocal,
    /// A file exists here, and would be read in the cluster.
    ExistsLocally,
    /// `~/.aws` is mapped away by default.
    AwsMapped,
    /// A port is subscribed, and nothing arrived.
    UnusedPort,
    /// Items of a list decided nothing.
    UnusedRule,
    /// A kind of a later version.
    #[default]
    #[serde(other)]
    Unknown,
}

/// Evidence of a suggestion.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct Evidence {
    /// Operations that it is about.
    pub times: u64,
    /// Operations of the same family that were looked at.
    pub of: u64,
    /// Those of `times` that found nothing, or failed.
    #[serde(skip_serializing_if = "is_zero")]
    pub failed: u64,
    /// Their rows, in the filter language.
    pub query: String,
}

/// Decisions of the operations that were looked at, before and after a change.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct Effect {
    /// Operations that are decided otherwise.
    pub changed: u64,
    /// Operations by routing, before.
    pub before: BTreeMap<String, u64>,
    /// Operations by routing, after.
    pub after: BTreeMap<String, u64>,
}
