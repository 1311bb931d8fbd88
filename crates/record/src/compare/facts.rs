//! Names of one record by category, with their counts, outcomes and routings.

use std::collections::{BTreeMap, HashSet};
use std::hash::{BuildHasher, RandomState};
use std::sync::LazyLock;

use mirrord_wire::api::Seen;
use mirrord_wire::session::destination;
use mirrord_wire::{EventLine, Exit, MonitorEvent, Observation, Outcome};

use super::fold::{self, Pids};
use super::{Category, MAX_NAMES, MAX_NAMES_BYTES};
use crate::error::RecordError;
use crate::reader::{RecordItem, RecordReader};

/// Process numbers that are remembered for folding; later ones stay in names.
const MAX_PIDS: usize = 65_536;
/// Outcomes and routings that are kept of one name.
const MAX_WORDS: usize = 32;

/// Hasher of values: they are compared and not kept. Of this process alone, so that no hash says anything of a value.
static HASHER: LazyLock<RandomState> = LazyLock::new(RandomState::new);

/// Names of one category.
#[derive(Debug, Default)]
pub(super) struct Table {
    pub(super) names: BTreeMap<String, Seen>,
    /// Hashes of the variables' values, as far as they are known.
    pub(super) values: BTreeMap<String, u64>,
    bytes: usize,
    /// Events of names beyond the bounds.
    pub(super) omitted: u64,
}

impl Table {
    fn entry(&mut self, name: &str) -> Option<&mut Seen> {
        if !self.names.contains_key(name) {
            if self.names.len() >= MAX_NAMES || self.bytes + name.len() > MAX_NAMES_BYTES {
                self.omitted += 1;
                return None;
            }
            self.bytes += name.len();
        }
        Some(self.names.entry(name.to_owned()).or_default())
    }
}

/// Names of a record.
#[derive(Debug, Default)]
pub(super) struct Facts {
    tables: BTreeMap<Category, Table>,
    pids: Pids,
    /// Ports that the run has listened on.
    listens: HashSet<u16>,
    /// Names of the programs that run, by process.
    programs: BTreeMap<u32, String>,
}

impl Facts {
    /// Reads a record to its end.
    pub(super) fn read(reader: &mut RecordReader) -> Result<Self, RecordError> {
        let mut facts = Self::default();
        for process in &reader.header().session.processes {
            facts.starts(process.pid, &process.process_name);
        }
        while let Some(item) = reader.next_item()? {
            if let RecordItem::Event(line, _) = item {
                facts.add(&line);
            }
        }
        Ok(facts)
    }

    pub(super) fn take(&mut self, category: Category) -> Table {
        let mut table = self.tables.remove(&category).unwrap_or_default();
        // A connection that has another outcome later was pending only when it was first seen.
        let pending = Outcome::Pending.name();
        for seen in table.names.values_mut().filter(|seen| seen.outcomes.len() > 1) {
            seen.outcomes.remove(pending);
        }
        table
    }

    fn starts(&mut self, pid: u32, name: &str) {
        if self.pids.0.len() < MAX_PIDS {
            self.pids.0.insert(pid);
            self.programs.insert(pid, name.to_owned());
        }
    }

    fn add(&mut self, line: &EventLine) {
        let own = &line.observation;
        match &own.event {
            MonitorEvent::FileOp { path: Some(path), .. } => {
                let folded = fold::path(path, &self.pids);
                self.count(Category::Paths, &folded, path, own);
            }
            MonitorEvent::DnsQuery { host } => self.count(Category::Hosts, host, host, own),
            MonitorEvent::OutgoingConnection { address, port, .. } => {
                let whole = destination(address, *port);
                let folded = fold::destination(address, *port, &self.pids, &self.listens);
                self.count(Category::Destinations, &folded, &whole, own);
            }
            MonitorEvent::PortSubscription { port, mode, .. } => {
                self.listens.insert(*port);
                let folded = format!("{mode} {}", fold::port(*port));
                self.count(Category::Ports, &folded, &format!("{mode} {port}"), own);
            }
            MonitorEvent::IncomingRequest { method, path, host } => {
                let name = format!("{method} {host}{path}");
                self.count(Category::Ports, &name, &name, own);
            }
            MonitorEvent::EnvVar { vars } => vars
                .iter()
                .for_each(|(name, value)| self.variable(name, value.as_deref())),
            MonitorEvent::LayerConnected { pid, process_name, .. } => {
                let name = process_name.clone().unwrap_or_default();
                self.count(Category::Programs, &name, &name, own);
                self.starts(*pid, &name);
            }
            MonitorEvent::LayerDisconnected { pid, exit } => self.ends(*pid, exit),
            _ => {}
        }
    }

    fn count(&mut self, category: Category, name: &str, whole: &str, own: &Observation) {
        let Some(seen) = self.tables.entry(category).or_default().entry(name) else {
            return;
        };
        if seen.count == 0 && name != whole {
            seen.example = Some(whole.to_owned());
        }
        seen.count += 1;
        if let Some(outcome) = own.outcome {
            insert(&mut seen.outcomes, outcome.name().to_owned());
        }
        let routing = own.routing.map(mirrord_wire::Routing::name);
        match (routing, own.rule.as_deref()) {
            (None, None) => {}
            (Some(routing), None) => insert(&mut seen.routing, routing.to_owned()),
            (routing, Some(rule)) => insert(
                &mut seen.routing,
                format!("{}, by {rule}", routing.unwrap_or("depends")),
            ),
        }
    }

    fn variable(&mut self, name: &str, value: Option<&str>) {
        let table = self.tables.entry(Category::Variables).or_default();
        let Some(seen) = table.entry(name) else { return };
        seen.count += 1;
        match value {
            Some(value) => table.values.insert(name.to_owned(), HASHER.hash_one(value)),
            None => table.values.remove(name),
        };
    }

    fn ends(&mut self, pid: u32, exit: &Exit) {
        let Some(name) = self.programs.remove(&pid) else { return };
        let end = match (exit.code, &exit.signal) {
            (_, Some(signal)) => signal.to_string(),
            (Some(code), None) => format!("exit code {code}"),
            (None, None) => return,
        };
        if let Some(seen) = self.tables.entry(Category::Programs).or_default().entry(&name) {
            insert(&mut seen.outcomes, end);
        }
    }
}

fn insert(words: &mut std::collections::BTreeSet<String>, word: String) {
    if words.len() < MAX_WORDS {
        words.insert(word);
    }
}
