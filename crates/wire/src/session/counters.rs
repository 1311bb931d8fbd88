//! Exact numbers of events by type, operation, routing and outcome.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use super::event::{MonitorEvent, Observation, Outcome, Routing};

/// The most kinds that have counts of their own in one table; the rest is counted as [`OTHER`].
pub const MAX_KINDS: usize = 64;

/// The longest name of a kind that is kept, in bytes; a longer one is counted as [`OTHER`].
const MAX_KIND_BYTES: usize = 256;
/// The name under which kinds beyond [`MAX_KINDS`] are counted.
pub const OTHER: &str = "other";

/// Exact numbers of events, whatever is dropped elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct Counters {
    /// All events.
    pub total: u64,
    /// Events by `type`.
    #[serde(deserialize_with = "kinds")]
    pub by_type: BTreeMap<String, u64>,
    /// `FileOp` events by `operation`.
    #[serde(deserialize_with = "kinds")]
    pub by_operation: BTreeMap<String, u64>,
    /// Events by `routing`, where it is known; ways that this version does not know are skipped.
    #[serde(deserialize_with = "routings")]
    pub by_routing: BTreeMap<Routing, u64>,
    /// Events by `outcome`, where it is known.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub by_outcome: BTreeMap<Outcome, u64>,
}

impl Counters {
    /// Counts `count` events like this one.
    pub fn count(&mut self, observation: &Observation, count: u64) {
        self.count_type(observation.event.kind(), count);
        if let MonitorEvent::FileOp { operation, .. } = &observation.event {
            self.count_operation(operation, count);
        }
        if let Some(routing) = observation.routing {
            self.count_routing(routing, count);
        }
        if let Some(outcome) = observation.outcome {
            self.count_outcome(outcome, count);
        }
    }

    /// Counts `count` events of a type, in the total as well.
    pub fn count_type(&mut self, kind: &str, count: u64) {
        self.total = self.total.saturating_add(count);
        count_kind(&mut self.by_type, kind, count);
    }

    /// Counts `count` file operations of one kind.
    pub fn count_operation(&mut self, operation: &str, count: u64) {
        count_kind(&mut self.by_operation, operation, count);
    }

    /// Counts `count` events that went one way.
    pub fn count_routing(&mut self, routing: Routing, count: u64) {
        if count > 0 {
            let own = self.by_routing.entry(routing).or_default();
            *own = own.saturating_add(count);
        }
    }

    /// Counts `count` events that came to the same.
    pub fn count_outcome(&mut self, outcome: Outcome, count: u64) {
        if count > 0 {
            let own = self.by_outcome.entry(outcome).or_default();
            *own = own.saturating_add(count);
        }
    }

    /// Adds what was counted elsewhere.
    pub fn add(&mut self, other: &Self) {
        self.total = self.total.saturating_add(other.total);
        for (kind, count) in &other.by_type {
            count_kind(&mut self.by_type, kind, *count);
        }
        for (operation, count) in &other.by_operation {
            count_kind(&mut self.by_operation, operation, *count);
        }
        for (routing, count) in &other.by_routing {
            self.count_routing(*routing, *count);
        }
        for (outcome, count) in &other.by_outcome {
            self.count_outcome(*outcome, *count);
        }
    }
}

/// Adds to the count of a kind, in one of at most [`MAX_KINDS`] kinds and [`OTHER`]; allocates for a new name alone.
pub fn count_kind(table: &mut BTreeMap<String, u64>, name: &str, by: u64) {
    if let Some(count) = table.get_mut(name) {
        *count = count.saturating_add(by);
        return;
    }
    let has_room = table.len() < MAX_KINDS && name.len() <= MAX_KIND_BYTES;
    let count = table.entry(if has_room { name } else { OTHER }.to_owned()).or_default();
    *count = count.saturating_add(by);
}

/// Reads counts by name within the bounds of [`count_kind`].
fn kinds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<String, u64>, D::Error> {
    deserializer.deserialize_map(Kinds)
}

/// Reads counts by routing, without the ways that this version does not know.
pub(crate) fn routings<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<Routing, u64>, D::Error> {
    let named = BTreeMap::<String, u64>::deserialize(deserializer)?;
    let count = |way: Routing| Some((way, *named.get(way.name())?));
    let mut counts = BTreeMap::new();
    counts.extend(Routing::ALL.into_iter().filter_map(count));
    Ok(counts)
}

struct Kinds;

impl<'de> Visitor<'de> for Kinds {
    type Value = BTreeMap<String, u64>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("numbers by name")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
        let mut kept = BTreeMap::new();
        while let Some((name, count)) = entries.next_entry::<String, u64>()? {
            count_kind(&mut kept, &name, count);
        }
        Ok(kept)
    }
}
