//! `GET /api/sessions/:id/events?since=&until=&limit=&last=&type=&q=`: what is kept of a session's events, and of a record all
//! that is in its file.
//!
//! An answer is bounded in events, in bytes and in the time that it searches; where there is more, `Mirrord-Next-Since` says
//! where to go on. A search in a file answers soon with the first hits. `q` is in the filter language.

use std::borrow::Cow;
use std::time::{Duration, Instant};

use http::{HeaderName, HeaderValue, StatusCode, header};
use mirrord_filter::FilterError;
use mirrord_wire::{ApiError, EventLine};
use serde::Deserialize;

use super::answer::{self, Response};
use super::call::Call;
use super::event_lines::EventLines;
use super::event_search::{self, Search};
use super::last_events;
use super::openapi::{RefusedFilter, SessionPath, UnknownSession};
use crate::limits;

/// Place to continue at.
const NEXT_SINCE: HeaderName = HeaderName::from_static("mirrord-next-since");

/// Parameters of the request.
pub(super) struct Wanted {
    pub(super) since: u64,
    /// The newest number.
    pub(super) until: u64,
    limit: usize,
    /// The newest so many, in place of the oldest.
    last: Option<usize>,
    types: Vec<String>,
    pub(super) search: Option<Search>,
}

/// A parameter that is wrong.
pub(super) enum Wrong {
    Number(String),
    Filter(FilterError),
}

impl Wrong {
    pub(super) fn response(&self) -> Response {
        match self {
            Self::Number(reason) => answer::error(StatusCode::BAD_REQUEST, reason.as_str()),
            Self::Filter(error) => event_search::refusal(error),
        }
    }
}

/// The answer as it grows: lines joined by what its form puts between them.
#[derive(Debug)]
pub(super) struct Growing {
    text: String,
    is_ndjson: bool,
    events: usize,
    started: Instant,
}

/// The part of a line that a filter by type needs.
#[derive(Deserialize)]
struct Kind<'a> {
    #[serde(rename = "type", borrow)]
    kind: Cow<'a, str>,
}

/// Returns the kept events of a session that match, oldest first, as the session sent them.
#[utoipa::path(
    get,
    path = "/api/sessions/{id}/events",
    operation_id = "session_events",
    tag = "sessions",
    params(
        SessionPath,
        ("since" = Option<u64>, Query, description = "Number of an event: those after it", maximum = 18_446_744_073_709_551_615_u64),
        ("until" = Option<u64>, Query, description = "Number of an event: those up to it", maximum = 18_446_744_073_709_551_615_u64),
        ("last" = Option<u64>, Query, description = "The newest so many, in place of `limit`", minimum = 1, maximum = 100_000),
        ("limit" = Option<u64>, Query, description = "The most events; 10,000 where it is not given", minimum = 1, maximum = 100_000),
        ("type" = Option<String>, Query, description = "Type of events, or several with commas between them"),
        ("q" = Option<String>, Query, description = "Filter of events", format = "mirrord-filter"),
    ),
    responses(
        (
            status = 200,
            description = "Events: as NDJSON where `Accept` has it. At most 16 MiB, of which a search takes at most 2 s",
            content(([EventLine] = "application/json"), (String = "application/x-ndjson")),
            headers(
                ("Mirrord-Next-Since" = u64, description = "Where more is kept: the `since` to go on with"),
                ("Mirrord-Next-Until" = u64, description = "Where `last` has more before: the `until` to go on with"),
            ),
        ),
        (status = 409, description = "The record of the session is gone, or has changed since it was read", body = ApiError),
        (status = 503, description = "Reading the record takes too long", body = ApiError),
        RefusedFilter,
        UnknownSession,
    ),
)]
pub(super) async fn kept(id: &str, call: &Call) -> Response {
    let mut wanted = match wanted(call) {
        Ok(wanted) => wanted,
        Err(wrong) => return wrong.response(),
    };
    let growing = Growing::new(is_ndjson(call));
    let Some(key) = call.context.store.lock().key(id) else {
        return answer::unknown_session();
    };
    if let Some(search) = &mut wanted.search {
        search.learn_processes(&call.context.store, id, call.audience());
    }
    // What `q` looks for is looked for in what is shown: a device finds out nothing by asking.
    let source = EventLines::new(call, key);
    let answered = match wanted.last {
        Some(count) => last_events::last(source, &wanted, count, growing).await,
        None => first(source, &wanted, growing).await,
    };
    answered.unwrap_or_else(|refusal| *refusal)
}

/// Returns whether the answer is NDJSON.
pub(super) fn is_ndjson(call: &Call) -> bool {
    let accept = call.headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    accept.is_some_and(|accept| accept.contains("application/x-ndjson"))
}

/// Answers with the oldest events of those that are wanted.
async fn first(mut source: EventLines<'_>, wanted: &Wanted, mut growing: Growing) -> Result<Response, Box<Response>> {
    let mut after = wanted.since;
    let mut next = None;
    while let Some(lines) = source.next(after, wanted.until).await? {
        next = growing.add(&lines, wanted, &mut after, source.has_read_file);
        if next.is_some() {
            break;
        }
    }
    Ok(growing.finish(next))
}

impl Growing {
    pub(super) fn new(is_ndjson: bool) -> Self {
        Self {
            text: String::new(),
            is_ndjson,
            events: 0,
            started: Instant::now(),
        }
    }

    /// Adds a line.
    pub(super) fn push(&mut self, line: &str) {
        if self.events > 0 {
            self.text.push(if self.is_ndjson { '\n' } else { ',' });
        }
        self.text.push_str(line);
        self.events += 1;
    }

    /// Returns whether another line has room; one always does.
    pub(super) fn has_room(&self, line: &str, wanted: &Wanted) -> bool {
        let fits = self.events < wanted.limit && self.text.len() + line.len() <= limits::MAX_EVENTS_BYTES;
        fits || self.events == 0
    }

    /// Returns whether it took longer than a time.
    pub(super) fn is_late(&self, longest: Duration) -> bool {
        self.started.elapsed() > longest
    }

    /// Adds the wanted ones of these lines; where the answer is full, says which number was looked at last.
    fn add(&mut self, lines: &[(u64, String)], wanted: &Wanted, after: &mut u64, in_file: bool) -> Option<u64> {
        for (seq, line) in lines {
            let is_wanted = wanted.takes(line);
            if is_wanted && !self.has_room(line, wanted) {
                return Some(*after);
            }
            if is_wanted {
                self.push(line);
            }
            *after = *seq;
            if (in_file || wanted.search.is_some()) && self.is_time_over(wanted, in_file) {
                return Some(*after);
            }
        }
        None
    }

    /// Returns whether it is time to answer: of a file with the first hits, otherwise after the longest time.
    fn is_time_over(&self, wanted: &Wanted, in_file: bool) -> bool {
        let has_hits = in_file && wanted.search.is_some() && self.events > 0;
        let longest = match has_hits {
            true => limits::FIRST_HITS_TIME,
            false => limits::MAX_SEARCH_TIME,
        };
        self.is_late(longest)
    }

    /// Builds the answer; `next` is the number to go on after.
    pub(super) fn finish(self, next: Option<u64>) -> Response {
        let mut response = if self.is_ndjson {
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
    pub(super) fn takes(&self, line: &str) -> bool {
        self.takes_type(line) && self.search.as_ref().is_none_or(|search| search.takes(line))
    }

    pub(super) fn takes_type(&self, line: &str) -> bool {
        let kind = || serde_json::from_str::<Kind<'_>>(line).map(|kind| kind.kind);
        self.types.is_empty() || kind().is_ok_and(|kind| self.types.iter().any(|own| *own == kind))
    }
}

/// Parses the parameters of a request.
///
/// # Errors
/// One of them is none.
pub(super) fn wanted(call: &Call) -> Result<Wanted, Wrong> {
    let limit = number(call, "limit")?.unwrap_or(limits::DEFAULT_EVENTS);
    if !(1..=limits::MAX_EVENTS).contains(&limit) {
        return Err(Wrong::Number(format!(
            "`limit` is between 1 and {}",
            limits::MAX_EVENTS
        )));
    }
    let last: Option<usize> = number(call, "last")?;
    if last.is_some() && call.query.contains_key("limit") {
        return Err(Wrong::Number("`last` and `limit` are not for one request".to_owned()));
    }
    if last.is_some_and(|last| !(1..=limits::MAX_EVENTS).contains(&last)) {
        let reason = format!("`last` is between 1 and {}", limits::MAX_EVENTS);
        return Err(Wrong::Number(reason));
    }
    let types = call
        .query
        .get("type")
        .map(|types| types.split(',').map(str::to_owned).collect());
    let text = call.query.get("q").map_or("", String::as_str);
    Ok(Wanted {
        since: number(call, "since")?.unwrap_or(0),
        until: number(call, "until")?.unwrap_or(u64::MAX),
        limit,
        last,
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
