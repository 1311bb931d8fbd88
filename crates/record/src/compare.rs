//! Comparison of two records: what only one of two runs touched, and what came of it otherwise.
//!
//! Names are compared with their volatile parts folded ([`fold`]). Each table is bounded in names and bytes; names beyond are
//! counted, and make a comparison that says so.

mod facts;
mod fold;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Serialize, Serializer};

use crate::error::RecordError;
use crate::reader::RecordReader;

use self::facts::Facts;

/// Names of one table that are compared; further ones are counted alone.
pub const MAX_NAMES: usize = 100_000;
/// Bytes of all names of one table.
pub const MAX_NAMES_BYTES: usize = 32 * 1024 * 1024;

/// Kind of thing that is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// Paths of file operations.
    Paths,
    /// Names that were looked up.
    Hosts,
    /// Destinations of connections.
    Destinations,
    /// Ports that were listened on, and requests that arrived.
    Ports,
    /// Environment variables.
    Variables,
    /// Programs that ran, by their names, with their ends.
    Programs,
}

impl Category {
    /// All of them, in the order of their output.
    pub const ALL: [Self; 6] = [
        Self::Paths,
        Self::Hosts,
        Self::Destinations,
        Self::Ports,
        Self::Variables,
        Self::Programs,
    ];

    /// Returns its word in the output.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Paths => "paths",
            Self::Hosts => "hosts",
            Self::Destinations => "destinations",
            Self::Ports => "ports",
            Self::Variables => "variables",
            Self::Programs => "programs",
        }
    }
}

/// One name in one record.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
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
    /// Hash of a variable's value, which is never shown.
    #[serde(skip)]
    value: Option<u64>,
}

/// Name that is in one record alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OnlyOne {
    /// Name, with its volatile parts folded.
    pub name: String,
    /// Its events.
    #[serde(flatten)]
    pub seen: Seen,
}

/// Name that both records have, with a difference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Changed {
    /// Name, with its volatile parts folded.
    pub name: String,
    /// Differences: `outcomes`, `routing`, `value`.
    pub what: Vec<&'static str>,
    /// Its events in the first record.
    pub a: Seen,
    /// Its events in the second record.
    pub b: Seen,
}

/// Comparison of one category.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Difference {
    /// Names of the first record alone.
    pub only_a: Vec<OnlyOne>,
    /// Names of the second record alone.
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

/// Description of one of the two records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Compared {
    /// Id of its session.
    pub session_id: String,
    /// Name of its session, or its target.
    pub label: String,
    /// Events that were compared.
    pub events: u64,
    /// Faults of the record, each a sentence: it was cut, for one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// Comparison of two records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Comparison {
    /// First record.
    pub a: Compared,
    /// Second record.
    pub b: Compared,
    /// Nothing differs.
    pub same: bool,
    /// Differences by category.
    #[serde(flatten, serialize_with = "by_name")]
    pub differences: BTreeMap<Category, Difference>,
}

fn by_name<S: Serializer>(differences: &BTreeMap<Category, Difference>, out: S) -> Result<S::Ok, S::Error> {
    out.collect_map(differences.iter().map(|(category, own)| (category.name(), own)))
}

/// Reads two records to their ends and compares them.
///
/// # Errors
/// One of them cannot be read, or is damaged.
pub fn compare(a: &mut RecordReader, b: &mut RecordReader) -> Result<Comparison, RecordError> {
    let (mut first, mut second) = (Facts::read(a)?, Facts::read(b)?);
    let differences: BTreeMap<_, _> = Category::ALL
        .into_iter()
        .map(|category| (category, difference(first.take(category), second.take(category))))
        .collect();
    Ok(Comparison {
        a: compared(a),
        b: compared(b),
        same: differences.values().all(Difference::is_empty),
        differences,
    })
}

fn compared(reader: &RecordReader) -> Compared {
    let session = &reader.header().session;
    Compared {
        session_id: session.session_id.clone(),
        label: session.name.clone().unwrap_or_else(|| session.target.clone()),
        events: reader.events(),
        notes: reader.notes(),
    }
}

fn difference(a: facts::Table, mut b: facts::Table) -> Difference {
    let mut difference = Difference {
        omitted: a.omitted.saturating_add(b.omitted),
        ..Difference::default()
    };
    for (name, seen) in a.names {
        let Some(other) = b.names.remove(&name) else {
            difference.only_a.push(OnlyOne { name, seen });
            continue;
        };
        let what = changes(&seen, &other);
        if what.is_empty() {
            difference.same += 1;
        } else {
            let (a, b) = (seen, other);
            difference.changed.push(Changed { name, what, a, b });
        }
    }
    let rest = b.names.into_iter();
    difference.only_b = rest.map(|(name, seen)| OnlyOne { name, seen }).collect();
    difference
}

fn changes(a: &Seen, b: &Seen) -> Vec<&'static str> {
    let mut what = Vec::new();
    if a.outcomes != b.outcomes {
        what.push("outcomes");
    }
    if a.routing != b.routing {
        what.push("routing");
    }
    if let (Some(a), Some(b)) = (a.value, b.value)
        && a != b
    {
        what.push("value");
    }
    what
}
