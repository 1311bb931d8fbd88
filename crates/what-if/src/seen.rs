//! Outcomes of a run beside its operations: what was found, who arrived at a port, which variables were there.
//!
//! Bounded; what is beyond the bounds is not known, and no suggestion is made of it.

use std::collections::BTreeMap;

use crate::events::Line;

/// Ports, and variables, that are kept.
const MAX_PORTS: usize = 1_024;
const MAX_VARIABLES: usize = 2_000;
/// Longest value of a variable that is kept, bytes.
const MAX_VALUE_BYTES: usize = 1_024;

/// Outcomes of one operation.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Outcomes {
    pub(crate) times: u64,
    /// `ok` or `connected`.
    pub(crate) found: u64,
    pub(crate) not_found: u64,
    pub(crate) failed: u64,
}

/// Port that the program listens on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Port {
    /// When it began, microseconds since the Unix epoch.
    pub(crate) since: u64,
    /// Connections that arrived; `None` where nothing is known.
    pub(crate) arrivals: Option<u64>,
    /// Arrivals are not known for a reason that the session gave.
    pub(crate) is_unknown: bool,
}

/// Outcomes, arrivals and variables of a run.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    outcomes: Vec<Outcomes>,
    pub(crate) ports: BTreeMap<u16, Port>,
    /// Variables with the values that they were first seen with; empty where the value is not known or long.
    pub(crate) variables: BTreeMap<String, String>,
}

impl Seen {
    pub(crate) fn of(&self, operation: u32) -> Outcomes {
        self.outcomes.get(operation as usize).copied().unwrap_or_default()
    }

    /// Counts an event of an operation.
    pub(crate) fn count(&mut self, operation: u32, line: &Line) {
        let place = operation as usize;
        if place >= self.outcomes.len() {
            self.outcomes.resize(place + 1, Outcomes::default());
        }
        let Some(own) = self.outcomes.get_mut(place) else {
            return;
        };
        own.times += 1;
        match line.outcome.as_deref() {
            Some("ok" | "connected") => own.found += 1,
            Some("not_found") => own.not_found += 1,
            Some("failed" | "denied") => own.failed += 1,
            _ => {}
        }
    }

    /// Takes in what an event says beside its operation.
    pub(crate) fn observe(&mut self, line: &Line) {
        match line.kind.as_str() {
            "EnvVar" => self.variables(&line.vars),
            "PortSubscription" if line.outcome.as_deref() != Some("failed") => {
                self.port(line.port, |own| {
                    if own.since == 0 {
                        own.since = line.ts;
                    }
                });
            }
            "ListenerUpdate" if line.protocol.as_deref() == Some("tcp") => self.port(line.port, |own| {
                own.arrivals = own.arrivals.max(line.arrivals);
                own.is_unknown |= line.note.is_some();
            }),
            "ConnectionUpdate" if line.direction.as_deref() == Some("in") => {
                let port = line.local.as_deref().and_then(|end| end.rsplit_once(':'));
                let port = port.and_then(|(_, port)| port.parse().ok());
                self.port(port, |own| own.arrivals = own.arrivals.max(Some(1)));
            }
            _ => {}
        }
    }

    fn port(&mut self, port: Option<u16>, change: impl FnOnce(&mut Port)) {
        let Some(port) = port else { return };
        if self.ports.contains_key(&port) || self.ports.len() < MAX_PORTS {
            change(self.ports.entry(port).or_default());
        }
    }

    fn variables(&mut self, vars: &[(String, Option<String>)]) {
        for (name, value) in vars {
            if self.variables.len() < MAX_VARIABLES && !self.variables.contains_key(name) {
                let value = value.clone().filter(|value| value.len() <= MAX_VALUE_BYTES);
                self.variables.insert(name.clone(), value.unwrap_or_default());
            }
        }
    }
}
