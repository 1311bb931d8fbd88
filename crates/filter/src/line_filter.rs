//! Filter of event lines with the names and the descent of their processes: what `q=` of the REST API, the command line and
//! records search with.
//!
//! Processes come from a session's `/state`, or from the lines themselves as they pass. At most [`MAX_PROCESSES`] are kept; a
//! later one is then not found by its name.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::Value;

use crate::ast::Filter;
use crate::json::JsonRow;
use crate::limits::MAX_PROCESSES;
use crate::time::Scope;

/// The most steps from a process up to its ancestors: process numbers come again, and could make a circle.
const MAX_ANCESTORS: usize = 64;

/// A filter and the processes of the session whose lines it tests.
#[derive(Debug, Clone, Default)]
pub struct LineFilter {
    filter: Arc<Filter>,
    scope: Scope,
    processes: HashMap<u32, KnownProcess>,
}

/// Name and parent of a process.
#[derive(Debug, Clone)]
struct KnownProcess {
    name: String,
    parent: Option<u32>,
}

impl LineFilter {
    /// Creates a filter that knows no process yet.
    #[must_use]
    pub fn new(filter: Filter, scope: Scope) -> Self {
        Self {
            filter: Arc::new(filter),
            scope,
            processes: HashMap::new(),
        }
    }

    /// Returns whether every line matches.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.filter.is_open()
    }

    /// Returns the filter.
    #[must_use]
    pub fn filter(&self) -> &Filter {
        &self.filter
    }

    /// Forgets the processes.
    pub fn forget_processes(&mut self) {
        self.processes.clear();
    }

    /// Iterates over the names of the processes, in any order.
    pub fn process_names(&self) -> impl Iterator<Item = &str> {
        self.processes.values().map(|known| known.name.as_str())
    }

    /// Takes in a process; of a number that came again the later one is kept.
    pub fn learn(&mut self, pid: u32, name: String, parent: Option<u32>) {
        if self.processes.len() < MAX_PROCESSES || self.processes.contains_key(&pid) {
            self.processes.insert(pid, KnownProcess { name, parent });
        }
    }

    /// Takes in the process that an event reports as started; other events change nothing.
    pub fn learn_from(&mut self, event: &Value) {
        if event["type"] != "LayerConnected" {
            return;
        }
        let number = |name: &str| event[name].as_u64().and_then(|pid| u32::try_from(pid).ok());
        if let Some(pid) = number("pid") {
            let name = event["process_name"].as_str().unwrap_or_default().to_owned();
            self.learn(pid, name, number("parent_pid"));
        }
    }

    /// Returns the name of a process, where it is known.
    #[must_use]
    pub fn process_name(&self, pid: u32) -> Option<&str> {
        self.processes.get(&pid).map(|known| known.name.as_str())
    }

    /// Tests an event line.
    #[must_use]
    pub fn matches(&self, event: &Value) -> bool {
        let process = JsonRow::pid_of(event).and_then(|pid| self.process_name(pid));
        let in_tree = |root: u32, pid: u32| self.is_in_tree(root, pid);
        let row = JsonRow::new(event, process).with_tree(&in_tree);
        self.filter.matches(&row, &self.scope)
    }

    fn is_in_tree(&self, root: u32, pid: u32) -> bool {
        let parent = |pid: &u32| self.processes.get(pid).and_then(|known| known.parent);
        let mut line = std::iter::successors(Some(pid), parent).take(MAX_ANCESTORS);
        line.any(|own| own == root)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::parser::parse;

    #[test]
    fn processes_are_known_by_the_lines_before() {
        let mut filter = LineFilter::new(parse("tree:1 process:child").unwrap(), Scope::default());
        let event = json!({"type": "DnsQuery", "host": "db", "pid": 2});
        assert!(!filter.matches(&event));
        filter.learn_from(&json!({"type": "LayerConnected", "pid": 2, "parent_pid": 1, "process_name": "child"}));
        assert!(filter.matches(&event));
        assert!(!filter.matches(&json!({"type": "DnsQuery", "host": "db", "pid": 3})));
    }

    #[test]
    fn a_circle_of_parents_ends() {
        let mut filter = LineFilter::new(parse("tree:9").unwrap(), Scope::default());
        filter.learn(1, "a".to_owned(), Some(2));
        filter.learn(2, "b".to_owned(), Some(1));
        assert!(!filter.matches(&json!({"type": "DnsQuery", "pid": 1})));
    }
}
