//! `q=` of a request: the filter, and the processes of the session that it may ask about.

use std::collections::HashMap;

use http::StatusCode;
use mirrord_filter::{Filter, FilterError, JsonRow, Scope};
use mirrord_wire::api::{FilterProblem, FilterRefusal};
use serde_json::Value;

use crate::clock;
use crate::routes::answer::{self, Response};
use crate::store::{Audience, Store};

/// The most steps from a process up to its ancestors: process numbers come again, and could make a circle.
const MAX_ANCESTORS: usize = 64;

/// A search in the lines of a session.
pub(super) struct Search {
    filter: Filter,
    scope: Scope,
    processes: HashMap<u32, Known>,
}

/// Name and parent of a process.
struct Known {
    name: String,
    parent: Option<u32>,
}

/// 400 for a text that is no filter: the place, the reason and the way out.
pub(super) fn refusal(error: &FilterError) -> Response {
    let (span, hint) = (error.span(), error.hint());
    let body = FilterRefusal {
        error: format!("`q`: {error}; {hint}"),
        filter: FilterProblem {
            code: error.code().to_owned(),
            start: span.start,
            end: span.end,
            unfinished: error.is_unfinished(),
            hint,
        },
    };
    answer::json(StatusCode::BAD_REQUEST, &body)
}

impl Search {
    /// Parses a filter; `None` where it matches every line. Times without a zone are UTC's.
    pub(super) fn parse(text: &str) -> Result<Option<Self>, FilterError> {
        let filter = mirrord_filter::parse(text)?;
        let scope = Scope {
            now: clock::now_micros(),
            zone_minutes: 0,
        };
        Ok((!filter.is_open()).then(|| Self {
            filter,
            scope,
            processes: HashMap::new(),
        }))
    }

    /// Takes in the names and parents of a session's processes, as the audience may see them.
    pub(super) fn learn_processes(&mut self, store: &Store, id: &str, audience: Audience) {
        let detail = store.detail(id, audience);
        let processes = detail.map(|detail| detail.state.processes).unwrap_or_default();
        // Of a number that came again the later process.
        self.processes = processes
            .into_iter()
            .map(|process| {
                let known = Known {
                    name: process.info.process_name,
                    parent: process.info.parent_pid,
                };
                (process.info.pid, known)
            })
            .collect();
    }

    /// Tests a line.
    pub(super) fn takes(&self, line: &str) -> bool {
        let Ok(event) = serde_json::from_str::<Value>(line) else {
            return false;
        };
        let process = JsonRow::pid_of(&event).and_then(|pid| self.processes.get(&pid));
        let in_tree = |root: u32, pid: u32| self.is_in_tree(root, pid);
        let row = JsonRow::new(&event, process.map(|known| known.name.as_str())).with_tree(&in_tree);
        self.filter.matches(&row, &self.scope)
    }

    fn is_in_tree(&self, root: u32, pid: u32) -> bool {
        let parent = |pid: &u32| self.processes.get(pid).and_then(|known| known.parent);
        let mut line = std::iter::successors(Some(pid), parent).take(MAX_ANCESTORS);
        line.any(|own| own == root)
    }
}
