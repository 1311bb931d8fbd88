//! `GET /api/sessions/:id/events?since=&limit=&type=&q=`: what is kept of a session's events.
//!
//! Read a segment at a time, with the lock let go between them. An answer is bounded in events and in bytes; where more
//! is kept, `Mirrord-Next-Since` says where to go on.

use std::borrow::Cow;

use http::{HeaderName, HeaderValue, StatusCode, header};
use serde::Deserialize;
use serde_json::Value;

use super::answer::{self, Response};
use super::call::Call;
use crate::limits;
use crate::store::ring::Place;

/// Place to continue at.
const NEXT_SINCE: HeaderName = HeaderName::from_static("mirrord-next-since");

/// Parameters of the request.
#[derive(Debug, Default)]
struct Wanted {
    since: u64,
    limit: usize,
    types: Vec<String>,
    /// Lower-cased.
    text: Option<String>,
}

/// The answer as it grows: lines joined by what its form puts between them.
#[derive(Debug)]
struct Growing {
    text: String,
    separator: char,
    events: usize,
}

/// The part of a line that a filter by type needs.
#[derive(Deserialize)]
struct Kind<'a> {
    #[serde(rename = "type", borrow)]
    kind: Cow<'a, str>,
}

/// Kept events that match.
pub(super) async fn kept(id: &str, call: &Call) -> Response {
    let wanted = match wanted(call) {
        Ok(wanted) => wanted,
        Err(reason) => return answer::error(StatusCode::BAD_REQUEST, reason),
    };
    let accept = call.headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    let ndjson = accept.is_some_and(|accept| accept.contains("application/x-ndjson"));
    let mut growing = Growing {
        text: String::new(),
        separator: if ndjson { '\n' } else { ',' },
        events: 0,
    };
    let mut after = wanted.since;
    let Some(key) = call.context.store.lock().key(id) else {
        return answer::unknown_session();
    };
    let next = loop {
        let copied = {
            let mut sessions = call.context.store.lock();
            let place = Place {
                seq: after,
                withheld: 0,
            };
            // What `q` looks for is looked for in what is shown: a device finds out nothing by asking.
            let run = sessions.run(key, place, limits::MAX_BATCH_BYTES, call.audience());
            run.map(|run| {
                run.lines()
                    .map(|(seq, line)| (seq, line.to_owned()))
                    .collect::<Vec<_>>()
            })
        };
        let Some(lines) = copied else { break None };
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
        right_type && self.text.as_deref().is_none_or(|text| has_text(line, text))
    }
}

/// Returns whether a value of the line, at any depth, has the text; names of fields do not count.
fn has_text(line: &str, text: &str) -> bool {
    let Ok(Value::Object(fields)) = serde_json::from_str::<Value>(line) else {
        return false;
    };
    let told = |name: &str| !matches!(name, "seq" | "ts");
    fields.iter().any(|(name, value)| told(name) && value_has(value, text))
}

fn value_has(value: &Value, text: &str) -> bool {
    match value {
        Value::String(own) => own.to_lowercase().contains(text),
        Value::Number(own) => own.to_string().contains(text),
        Value::Array(items) => items.iter().any(|item| value_has(item, text)),
        Value::Object(fields) => fields.values().any(|value| value_has(value, text)),
        Value::Null | Value::Bool(_) => false,
    }
}

fn wanted(call: &Call) -> Result<Wanted, String> {
    let limit = number(call, "limit")?.unwrap_or(limits::DEFAULT_EVENTS);
    if !(1..=limits::MAX_EVENTS).contains(&limit) {
        return Err(format!("`limit` is between 1 and {}", limits::MAX_EVENTS));
    }
    let types = call
        .query
        .get("type")
        .map(|types| types.split(',').map(str::to_owned).collect());
    Ok(Wanted {
        since: number(call, "since")?.unwrap_or(0),
        limit,
        types: types.unwrap_or_default(),
        text: call
            .query
            .get("q")
            .filter(|text| !text.is_empty())
            .map(|text| text.to_lowercase()),
    })
}

fn number<N: std::str::FromStr>(call: &Call, name: &str) -> Result<Option<N>, String> {
    let parsed = call.query.get(name).map(|text| text.parse());
    parsed.transpose().map_err(|_| format!("`{name}` is a whole number"))
}
