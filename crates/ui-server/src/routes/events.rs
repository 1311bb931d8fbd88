//! `GET /api/sessions/:id/events?since=&limit=&type=&q=`: what is kept of a session's events.
//!
//! Read a segment at a time, with the lock let go between them. An answer is bounded in events, in bytes and in the time
//! that it searches; where more is kept, `Mirrord-Next-Since` says where to go on. `q` is in the filter language.

use std::borrow::Cow;
use std::time::Instant;

use http::{HeaderName, HeaderValue, StatusCode, header};
use mirrord_filter::FilterError;
use serde::Deserialize;

use super::answer::{self, Response};
use super::call::Call;
use super::event_search::{self, Search};
use crate::limits;

/// Place to continue at.
const NEXT_SINCE: HeaderName = HeaderName::from_static("mirrord-next-since");

/// Parameters of the request.
struct Wanted {
    since: u64,
    limit: usize,
    types: Vec<String>,
    search: Option<Search>,
}

/// A parameter that is wrong.
enum Wrong {
    Number(String),
    Filter(FilterError),
}

impl Wrong {
    fn response(&self) -> Response {
        match self {
            Self::Number(reason) => answer::error(StatusCode::BAD_REQUEST, reason.as_str()),
            Self::Filter(error) => event_search::refusal(error),
        }
    }
}

/// The answer as it grows: lines joined by what its form puts between them.
#[derive(Debug)]
struct Growing {
    text: String,
    separator: char,
    events: usize,
    started: Instant,
}

/// The part of a line that a filter by type needs.
#[derive(Deserialize)]
struct Kind<'a> {
    #[serde(rename = "type", borrow)]
    kind: Cow<'a, str>,
}

/// Kept events that match.
pub(super) async fn kept(id: &str, call: &Call) -> Response {
    let mut wanted = match wanted(call) {
        Ok(wanted) => wanted,
        Err(wrong) => return wrong.response(),
    };
    let accept = call.headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    let ndjson = accept.is_some_and(|accept| accept.contains("application/x-ndjson"));
    let mut growing = Growing {
        text: String::new(),
        separator: if ndjson { '\n' } else { ',' },
        events: 0,
        started: Instant::now(),
    };
    let mut after = wanted.since;
    let Some(key) = call.context.store.lock().key(id) else {
        return answer::unknown_session();
    };
    if let Some(search) = &mut wanted.search {
        search.learn_processes(&call.context.store, id, call.audience());
    }
    let next = loop {
        // What `q` looks for is looked for in what is shown: a device finds out nothing by asking.
        let Some(lines) = call.context.store.lines_after(key, after, call.audience()) else {
            break None;
        };
        if let Some(full) = growing.add(&lines, &wanted, &mut after) {
            break Some(full);
        }
        // A long answer must not keep the others waiting.
        tokio::task::yield_now().await;
    };
    growing.finish(ndjson, next)
}

impl Growing {
    /// Adds the wanted ones of these lines; where the answer is full, says which number was looked at last.
    fn add(&mut self, lines: &[(u64, String)], wanted: &Wanted, after: &mut u64) -> Option<u64> {
        for (seq, line) in lines {
            let is_wanted = wanted.takes(line);
            let full = self.events >= wanted.limit || self.text.len() + line.len() > limits::MAX_EVENTS_BYTES;
            if is_wanted && full && self.events > 0 {
                return Some(*after);
            }
            if is_wanted {
                if self.events > 0 {
                    self.text.push(self.separator);
                }
                self.text.push_str(line);
                self.events += 1;
            }
            *after = *seq;
            if wanted.search.is_some() && self.started.elapsed() > limits::MAX_SEARCH_TIME {
                return Some(*after);
            }
        }
        None
    }

    fn finish(self, ndjson: bool, next: Option<u64>) -> Response {
        let mut response = if ndjson {
            let end = if self.events > 0 { "\n" } else { "" };
            answer::body(StatusCode::OK, "application/x-ndjson", self.text + end)
        } else {
            answer::body(StatusCode::OK, "application/json", format!("[{}]", self.text))
        };
        if let Some(next) = next {
            response.headers_mut().insert(NEXT_SINCE, HeaderValue::from(next));
        }
        response
    }
}

impl Wanted {
    fn takes(&self, line: &str) -> bool {
        let kind = || serde_json::from_str::<Kind<'_>>(line).map(|kind| kind.kind);
        let right_type = self.types.is_empty() || kind().is_ok_and(|kind| self.types.iter().any(|own| *own == kind));
        right_type && self.search.as_ref().is_none_or(|search| search.takes(line))
    }
}

fn wanted(call: &Call) -> Result<Wanted, Wrong> {
    let limit = number(call, "limit")?.unwrap_or(limits::DEFAULT_EVENTS);
    if !(1..=limits::MAX_EVENTS).contains(&limit) {
        return Err(Wrong::Number(format!(
            "`limit` is between 1 and {}",
            limits::MAX_EVENTS
        )));
    }
    let types = call
        .query
        .get("type")
        .map(|types| types.split(',').map(str::to_owned).collect());
    let text = call.query.get("q").map_or("", String::as_str);
    Ok(Wanted {
        since: number(call, "since")?.unwrap_or(0),
        limit,
        types: types.unwrap_or_default(),
        search: Search::parse(text).map_err(Wrong::Filter)?,
    })
}

fn number<N: std::str::FromStr>(call: &Call, name: &str) -> Result<Option<N>, Wrong> {
    let parsed = call.query.get(name).map(|text| text.parse());
    parsed
        .transpose()
        .map_err(|_| Wrong::Number(format!("`{name}` is a whole number")))
}
