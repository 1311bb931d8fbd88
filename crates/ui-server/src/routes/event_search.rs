//! `q=` of a request: the filter, and the processes of the session that it may ask about.

use std::time::Instant;

use http::StatusCode;
use mirrord_filter::{Expr, Field, Filter, FilterError, LineFilter, Scope, Term, TextTest, contains};
use mirrord_wire::EventLine;
use mirrord_wire::api::{FilterProblem, FilterRefusal};
use mirrord_wire::session::summary::Summary;
use serde_json::Value;

use super::answer::{self, Response};
use super::call::Call;
use super::event_lines::EventLines;
use crate::store::{Audience, Store};
use crate::{clock, limits};

/// A search in the lines of a session.
#[derive(Clone)]
pub(super) struct Search {
    line_filter: LineFilter,
    /// Words, in lower case, without which no line matches.
    words: Vec<String>,
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

/// Answers that the events of a session up to `until` add up to which a filter passes: the kept ones, and of a record all in its
/// file. What there is no time for counts as missed.
pub(super) async fn summary(id: &str, call: &Call, search: &Search, until: u64) -> Result<Summary, Box<Response>> {
    let started = Instant::now();
    let mut summary = Summary::default();
    let Some(key) = call.context.store.lock().key(id) else {
        return Ok(summary);
    };
    let mut source = EventLines::new(call, key);
    let mut after = 0;
    while let Some(lines) = source.next(after, until).await? {
        for (seq, line) in lines {
            after = seq;
            let event = search
                .takes(&line)
                .then(|| serde_json::from_str::<EventLine>(&line).ok())
                .flatten();
            match event {
                Some(event) => summary.apply_line(&event),
                None => summary.leave_out(seq),
            }
        }
        if source.has_read_file && started.elapsed() > limits::MAX_SEARCH_TIME {
            summary.skip_to(until);
            break;
        }
    }
    Ok(summary)
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
            line_filter: LineFilter::new(filter, scope),
        }))
    }

    /// Takes in the names and parents of a session's processes, as the audience may see them.
    pub(super) fn learn_processes(&mut self, store: &Store, id: &str, audience: Audience) {
        let detail = store.detail(id, audience);
        let processes = detail.map(|detail| detail.state.processes).unwrap_or_default();
        self.line_filter.forget_processes();
        for process in processes {
            let info = process.info;
            self.line_filter.learn(info.pid, info.process_name, info.parent_pid);
        }
        let line_filter = &self.line_filter;
        self.words = needed_words(line_filter.filter());
        self.words
            .retain(|word| !line_filter.process_names().any(|name| contains(name, word)));
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
        if let Some(root) = self.line_filter.filter().root() {
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
        self.line_filter.matches(event)
    }
}
