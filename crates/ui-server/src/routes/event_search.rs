//! `q=` of a request: the filter, and the processes of the session that it may ask about.

use std::collections::HashMap;
use std::sync::Arc;

use http::StatusCode;
use mirrord_filter::{Expr, Field, Filter, FilterError, JsonRow, Scope, Term, TextTest, contains};
use mirrord_wire::api::{FilterProblem, FilterRefusal};
use serde_json::Value;

use super::answer::{self, Response};
use crate::clock;
use crate::store::{Audience, Store};

/// The most steps from a process up to its ancestors: process numbers come again, and could make a circle.
const MAX_ANCESTORS: usize = 64;

/// A search in the lines of a session.
#[derive(Clone)]
pub(super) struct Search {
    filter: Arc<Filter>,
    scope: Scope,
    processes: HashMap<u32, Known>,
    /// Words, in lower case, without which no line matches.
    words: Vec<String>,
}

/// Name and parent of a process.
#[derive(Clone)]
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

/// The words of a filter that a line must have as they are: not those that could be in a text made of several values
/// (`10.0.0.1:80`, `GET /x`), nor those that JSON writes otherwise.
fn needed_words(filter: &Filter) -> Vec<String> {
    let is_plain = |word: &str| !word.contains([' ', ':', '[', ']', '"', '\\']) && !word.contains(char::is_control);
    let word = |expr: &Expr| match expr {
        Expr::Term(Term::Anywhere(TextTest::Contains(needle))) if is_plain(needle.lower()) => {
            Some(needle.lower().to_owned())
        }
        _ => None,
    };
    filter.conjuncts().iter().filter_map(word).collect()
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
            words: needed_words(&filter),
            filter: Arc::new(filter),
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
        let names = self.processes.values();
        self.words = needed_words(&self.filter);
        self.words
            .retain(|word| !names.clone().any(|known| contains(&known.name, word)));
    }

    /// Tests a line.
    pub(super) fn takes(&self, line: &str) -> bool {
        self.event(line).is_some()
    }

    /// Parses a line that matches.
    pub(super) fn event(&self, line: &str) -> Option<Value> {
        // A line without escapes has every text of its event to the letter: most lines need not be parsed.
        if !line.contains('\\') && !self.words.iter().all(|word| contains(line, word)) {
            return None;
        }
        let event = serde_json::from_str::<Value>(line).ok()?;
        self.takes_event(&event).then_some(event)
    }

    /// Tests a name of the session's state, as an event that has no more than it; only for a filter that asks for no more.
    pub(super) fn takes_name(&self, event: &Value) -> bool {
        self.is_of_names() && self.takes_event(event)
    }

    /// Returns whether the filter asks for words and names alone, which a name can answer without an event.
    fn is_of_names(&self) -> bool {
        let mut is_of_names = true;
        if let Some(root) = self.filter.root() {
            root.visit(true, &mut |term, wanted| {
                is_of_names &= wanted
                    && matches!(
                        term.field(),
                        None | Some(Field::Type | Field::Path | Field::Host | Field::Address | Field::Name)
                    );
            });
        }
        is_of_names
    }

    fn takes_event(&self, event: &Value) -> bool {
        let process = JsonRow::pid_of(event).and_then(|pid| self.processes.get(&pid));
        let in_tree = |root: u32, pid: u32| self.is_in_tree(root, pid);
        let row = JsonRow::new(event, process.map(|known| known.name.as_str())).with_tree(&in_tree);
        self.filter.matches(&row, &self.scope)
    }

    fn is_in_tree(&self, root: u32, pid: u32) -> bool {
        let parent = |pid: &u32| self.processes.get(pid).and_then(|known| known.parent);
        let mut line = std::iter::successors(Some(pid), parent).take(MAX_ANCESTORS);
        line.any(|own| own == root)
    }
}
