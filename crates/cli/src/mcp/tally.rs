//! Counts of the events about one name: outcomes, operations, decisions, processes, and when.
//!
//! Each table has at most [`MAX_KEYS`] keys; events of further ones are counted as omitted.

use std::collections::BTreeMap;
use std::time::{Duration, UNIX_EPOCH};

use mirrord_wire::{MonitorEvent, Observation};
use serde_json::{Value, json};

use crate::session::{EventQuery, ShownEvent};

/// Keys of a table.
const MAX_KEYS: usize = 64;
/// Examples that are kept: one of each combination of operation, outcome and decision.
const MAX_EXAMPLES: usize = 16;

/// Routing with the rule that decided, and the facts that it depends on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Decision {
    routing: String,
    rule: String,
    depends_on: Vec<String>,
}

impl Decision {
    /// Returns the decision of an event; `None` where no config decided.
    fn of(observation: &Observation) -> Option<Self> {
        let detail = observation.detail.as_deref();
        let depends_on = detail.map(|detail| detail.depends_on.clone()).unwrap_or_default();
        let unhooked = detail.and_then(|detail| detail.unhooked);
        let routing = match (observation.routing, unhooked) {
            (Some(routing), _) => routing.name(),
            (None, Some(unhooked)) => unhooked.name(),
            (None, None) if observation.rule.is_some() || !depends_on.is_empty() => "depends",
            (None, None) => return None,
        };
        Some(Self {
            routing: routing.to_owned(),
            rule: observation.rule.as_deref().unwrap_or_default().to_owned(),
            depends_on,
        })
    }

    fn json(&self, count: u64) -> Value {
        let mut json = json!({"routing": self.routing, "count": count});
        if !self.rule.is_empty() {
            json["rule"] = self.rule.as_str().into();
        }
        if !self.depends_on.is_empty() {
            json["depends_on"] = json!(self.depends_on);
        }
        json
    }

    fn text(&self) -> String {
        let rule = if self.rule.is_empty() {
            String::new()
        } else {
            format!(" by {}", self.rule)
        };
        format!("{}{rule}", self.routing)
    }
}

/// Facts of an event of which an example is kept.
type Facet = (String, Option<&'static str>, Option<Decision>);

/// Counts of the events about one name.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) count: u64,
    /// Events with a key for which there was no room.
    omitted: u64,
    pub(super) first_ts: u64,
    pub(super) last_ts: u64,
    outcomes: BTreeMap<&'static str, u64>,
    operations: BTreeMap<String, u64>,
    decisions: BTreeMap<Decision, u64>,
    processes: BTreeMap<u32, u64>,
    examples: BTreeMap<Facet, ShownEvent<'static>>,
}

impl Tally {
    /// Counts an event in.
    pub(super) fn add(&mut self, shown: &ShownEvent<'_>) {
        let own = &shown.line.observation;
        if self.count == 0 {
            self.first_ts = shown.line.ts;
        }
        self.count += 1;
        self.last_ts = shown.line.ts;
        let operation = match &own.event {
            MonitorEvent::FileOp { operation, .. } => operation.to_string(),
            _ => String::new(),
        };
        let outcome = own.outcome.map(mirrord_wire::Outcome::name);
        let decision = Decision::of(own);
        let mut has_room = outcome.is_none_or(|outcome| count(&mut self.outcomes, outcome));
        has_room &= operation.is_empty() || count(&mut self.operations, operation.clone());
        has_room &= decision
            .clone()
            .is_none_or(|decision| count(&mut self.decisions, decision));
        has_room &= own.pid.is_none_or(|pid| count(&mut self.processes, pid));
        self.omitted += u64::from(!has_room);
        let facet = (operation, outcome, decision);
        if self.examples.len() < MAX_EXAMPLES && !self.examples.contains_key(&facet) {
            self.examples.insert(facet, shown.clone().into_owned());
        }
    }

    /// Examples: one of each combination of operation, outcome and decision.
    pub(super) fn examples(&self) -> impl Iterator<Item = &ShownEvent<'static>> {
        self.examples.values()
    }

    /// Returns the counts as JSON; `query` has the names of the processes.
    pub(super) fn json(&self, family: &str, name: &str, query: &EventQuery) -> Value {
        let routing: Vec<_> = self.decisions.iter().map(|(own, count)| own.json(*count)).collect();
        let processes = self
            .processes
            .iter()
            .map(|(pid, count)| json!({"pid": pid, "name": query.process_name(*pid), "count": count}));
        let mut json = json!({
            "family": family,
            "name": name,
            "count": self.count,
            "outcomes": self.outcomes,
            "routing": routing,
            "processes": processes.collect::<Vec<_>>(),
            "first_time": time(self.first_ts),
            "last_time": time(self.last_ts),
        });
        if !self.operations.is_empty() {
            json["operations"] = json!(self.operations);
        }
        if self.omitted > 0 {
            json["omitted"] = self.omitted.into();
        }
        json
    }

    /// Returns the counts as one line of text.
    pub(super) fn text(&self, family: &str, name: &str, query: &EventQuery) -> String {
        let counts = |list: Vec<(String, u64)>| {
            let list: Vec<_> = list.iter().map(|(name, count)| format!("{name} {count}")).collect();
            list.join(", ")
        };
        let named = |pid: u32| {
            query
                .process_name(pid)
                .map_or(pid.to_string(), |name| format!("{name} ({pid})"))
        };
        let parts = [
            counts(self.operations.clone().into_iter().collect()),
            counts(
                self.outcomes
                    .iter()
                    .map(|(own, count)| ((*own).to_owned(), *count))
                    .collect(),
            ),
            counts(self.decisions.iter().map(|(own, count)| (own.text(), *count)).collect()),
            counts(
                self.processes
                    .iter()
                    .map(|(pid, count)| (named(*pid), *count))
                    .collect(),
            ),
        ];
        let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        let (first, last) = (time(self.first_ts), time(self.last_ts));
        format!(
            "{name}: {family} {}, from {first} to {last}: {}",
            self.count,
            parts.join("; ")
        )
    }
}

/// Counts a key; returns whether there was room for it.
fn count<Key: Ord>(table: &mut BTreeMap<Key, u64>, key: Key) -> bool {
    if let Some(count) = table.get_mut(&key) {
        *count += 1;
        return true;
    }
    let has_room = table.len() < MAX_KEYS;
    if has_room {
        table.insert(key, 1);
    }
    has_room
}

/// Time of an event, RFC 3339.
fn time(ts: u64) -> String {
    humantime::format_rfc3339_micros(UNIX_EPOCH + Duration::from_micros(ts)).to_string()
}
