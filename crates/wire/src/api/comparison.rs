//! Comparison of two sessions: `mirrord diff --json`, and `GET /api/diff`.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// Comparison of two sessions.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct Comparison {
    /// First session.
    pub a: Compared,
    /// Second session.
    pub b: Compared,
    /// Nothing differs.
    pub same: bool,
    /// Paths of file operations.
    pub paths: Difference,
    /// Names that were looked up.
    pub hosts: Difference,
    /// Destinations of connections.
    pub destinations: Difference,
    /// Ports that were listened on, and requests that arrived.
    pub ports: Difference,
    /// Environment variables.
    pub variables: Difference,
    /// Programs that ran, by their names, with their ends.
    pub programs: Difference,
}

impl Comparison {
    /// Returns the categories with their words, in the order of an output.
    #[must_use]
    pub fn categories(&self) -> [(&'static str, &Difference); 6] {
        [
            ("paths", &self.paths),
            ("hosts", &self.hosts),
            ("destinations", &self.destinations),
            ("ports", &self.ports),
            ("variables", &self.variables),
            ("programs", &self.programs),
        ]
    }
}

/// Description of one of the two sessions.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct Compared {
    /// Its id.
    pub session_id: String,
    /// Its name, or its target.
    pub label: String,
    /// Events that were compared.
    pub events: u64,
    /// Faults of its record, each a sentence: it was cut, for one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// Comparison of one category.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct Difference {
    /// Names of the first session alone.
    pub only_a: Vec<OnlyOne>,
    /// Names of the second session alone.
    pub only_b: Vec<OnlyOne>,
    /// Names of both with a difference.
    pub changed: Vec<Changed>,
    /// Number of names of both without one.
    pub same: u64,
    /// Events of names beyond the bounds, which were not compared.
    pub omitted: u64,
}

impl Difference {
    /// Returns whether nothing differs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.only_a.is_empty() && self.only_b.is_empty() && self.changed.is_empty()
    }
}

/// Name that is in one session alone.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct OnlyOne {
    /// Name, with its volatile parts folded.
    pub name: String,
    /// Its events.
    #[serde(flatten)]
    pub seen: Seen,
}

/// Name that both sessions have, with a difference.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct Changed {
    /// Name, with its volatile parts folded.
    pub name: String,
    /// Differences: `outcomes`, `routing`, `value`.
    pub what: Vec<String>,
    /// Its events in the first session.
    pub a: Seen,
    /// Its events in the second session.
    pub b: Seen,
}

/// One name in one session.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct Seen {
    /// Number of events.
    pub count: u64,
    /// Outcomes, and ends of programs.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub outcomes: BTreeSet<String>,
    /// Routings, each with the rule that decided.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub routing: BTreeSet<String>,
    /// Name of the first event where it was folded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub example: Option<String>,
}
