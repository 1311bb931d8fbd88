//! `q=` of a request: the filter, and the processes of the session that it may ask about.

use http::StatusCode;
use mirrord_filter::{FilterError, LineFilter, Scope};
use mirrord_wire::api::{FilterProblem, FilterRefusal};
use serde_json::Value;

use crate::clock;
use crate::routes::answer::{self, Response};
use crate::store::{Audience, Store};

/// A search in the lines of a session.
pub(super) struct Search(LineFilter);

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
        Ok((!filter.is_open()).then(|| Self(LineFilter::new(filter, scope))))
    }

    /// Takes in the names and parents of a session's processes, as the audience may see them.
    pub(super) fn learn_processes(&mut self, store: &Store, id: &str, audience: Audience) {
        let detail = store.detail(id, audience);
        let processes = detail.map(|detail| detail.state.processes).unwrap_or_default();
        for process in processes {
            let info = process.info;
            self.0.learn(info.pid, info.process_name, info.parent_pid);
        }
    }

    /// Tests a line.
    pub(super) fn takes(&self, line: &str) -> bool {
        serde_json::from_str::<Value>(line).is_ok_and(|event| self.0.matches(&event))
    }
}
