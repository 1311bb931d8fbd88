//! `GET /api/search?q=&limit=`: what is found in the kept events of all sessions, of records in those of their files, and in the
//! names of their states.
//!
//! Read a part at a time, the newest first, the sessions in turn. Bounded in hits and in
//! time, and in how many searches go on at once; a request that is dropped stops at its next turn. What is looked through is
//! what the audience is shown: a device finds out nothing by asking.

use std::collections::HashSet;
use std::time::Instant;

use http::StatusCode;
use mirrord_filter::JsonRow;
use mirrord_wire::SessionState;
use mirrord_wire::api::{Hit, SearchAnswer, SessionHits};
use mirrord_wire::session::Top;
use serde_json::{Value, json};
use tokio::time::timeout;

use super::answer::{self, Response};
use super::call::Call;
use super::event_lines::EventLines;
use super::event_search::{self, Search};
use super::openapi::RefusedFilter;
use crate::limits;

/// Search in one session.
struct Cursor<'a> {
    source: EventLines<'a>,
    id: String,
    search: Search,
    /// The smallest number that was searched.
    before: u64,
    hits: Hits,
    /// Every event was searched, or the file of its record cannot be read.
    is_done: bool,
    /// The file of its record could not be read.
    has_failed: bool,
}

/// Hits of one session, each subject once.
#[derive(Default)]
struct Hits {
    list: Vec<Hit>,
    seen: HashSet<(String, String)>,
    /// There is another one, which had no room.
    is_full: bool,
}

/// Searches the kept events of all sessions, the newest first.
#[utoipa::path(
    get,
    path = "/api/search",
    operation_id = "search",
    tag = "sessions",
    params(
        ("q" = String, Query, description = "Filter of events; one that every event passes is refused", format = "mirrord-filter"),
        ("limit" = Option<u64>, Query, description = "The most hits; 50 where it is not given", minimum = 1, maximum = 200),
    ),
    responses(
        (status = 200, description = "Hits, after at most 2 s", body = SearchAnswer),
        RefusedFilter,
        (
            status = 503,
            description = "Other searches go on, or too many connections are open",
            headers(("Retry-After" = u64, description = "Seconds")),
        ),
    ),
)]
pub(super) async fn search(call: &Call) -> Response {
    let limit = match call.query.get("limit").map(|limit| limit.parse()) {
        None => limits::DEFAULT_HITS,
        Some(Ok(limit)) if (1..=limits::MAX_HITS).contains(&limit) => limit,
        Some(_) => {
            let reason = format!("`limit` is between 1 and {}", limits::MAX_HITS);
            return answer::error(StatusCode::BAD_REQUEST, reason);
        }
    };
    let text = call.query.get("q").map_or("", String::as_str);
    let search = match Search::parse(text) {
        Ok(Some(search)) => search,
        Ok(None) => return answer::error(StatusCode::BAD_REQUEST, "`q` is the filter to search for"),
        Err(error) => return event_search::refusal(&error),
    };
    let Ok(Ok(_turn)) = timeout(limits::SEARCH_QUEUE_TIMEOUT, call.context.searches.acquire()).await else {
        return answer::busy("other searches are going on; try again");
    };
    answer::json(StatusCode::OK, &run(call, &search, limit).await)
}

/// Searches until everything was searched, there are enough hits, or the time is over.
async fn run(call: &Call, search: &Search, limit: usize) -> SearchAnswer {
    let started = Instant::now();
    let mut cursors = cursors(call, search);
    let mut answer = SearchAnswer::default();
    let is_over = |found: usize| found >= limit || started.elapsed() > limits::MAX_SEARCH_TIME;
    let found = |cursors: &[Cursor<'_>]| cursors.iter().map(|cursor| cursor.hits.list.len()).sum::<usize>();
    let mut is_stopped = false;
    while !is_stopped && cursors.iter().any(Cursor::is_open) {
        for at in 0..cursors.len() {
            if is_over(found(&cursors)) {
                is_stopped = true;
                break;
            }
            if let Some(cursor) = cursors.get_mut(at).filter(|cursor| cursor.is_open()) {
                answer.searched += cursor.advance(call).await;
            }
        }
    }
    for cursor in &mut cursors {
        if cursor.is_done && !is_over(0) {
            cursor.add_names(call);
            tokio::task::yield_now().await;
        }
    }
    answer.complete = cursors
        .iter()
        .all(|cursor| cursor.is_done && !cursor.has_failed && !cursor.hits.is_full);
    let mut room = limit;
    for mut cursor in cursors {
        answer.complete &= cursor.hits.list.len() <= room;
        cursor.hits.list.truncate(room);
        room -= cursor.hits.list.len();
        if !cursor.hits.list.is_empty() {
            answer.sessions.push(SessionHits {
                session_id: cursor.id,
                hits: cursor.hits.list,
            });
        }
    }
    answer
}

/// The sessions, the newest first.
fn cursors<'a>(call: &'a Call, search: &Search) -> Vec<Cursor<'a>> {
    let known: Vec<_> = {
        let sessions = call.context.store.lock();
        sessions
            .iter()
            .map(|(key, session)| (key, session.id.to_string()))
            .collect()
    };
    let cursor = |(key, id)| Cursor {
        source: EventLines::new(call, key),
        id,
        search: search.clone(),
        before: u64::MAX,
        hits: Hits::default(),
        is_done: false,
        has_failed: false,
    };
    known.into_iter().rev().map(cursor).collect()
}

impl Cursor<'_> {
    fn is_open(&self) -> bool {
        !self.is_done && !self.hits.is_full
    }

    /// Searches the next older part; returns the number of its events.
    async fn advance(&mut self, call: &Call) -> u64 {
        if self.before == u64::MAX {
            self.search
                .learn_processes(&call.context.store, &self.id, call.audience());
        }
        let part = match self.source.previous(self.before).await {
            Ok(Some(part)) => part,
            Ok(None) => {
                self.is_done = true;
                return 0;
            }
            Err(_) => {
                (self.is_done, self.has_failed) = (true, true);
                return 0;
            }
        };
        self.before = part.start + 1;
        for (_, line) in part.lines.iter().rev() {
            if let Some(event) = self.search.event(line) {
                self.hits.add(&event);
            }
        }
        part.lines.len() as u64
    }

    /// Adds names of the session's state of which no event is kept.
    fn add_names(&mut self, call: &Call) {
        let detail = call.context.store.detail(&self.id, call.audience());
        let state = detail.map(|detail| detail.state).unwrap_or_default();
        for event in named(&state) {
            if self.hits.is_full {
                break;
            }
            if self.search.takes_name(&event) {
                self.hits.add(&event);
            }
        }
    }
}

/// Names of a state, as events that have no more than their names.
fn named(state: &SessionState) -> impl Iterator<Item = Value> {
    let names = |top: &Top| -> Vec<String> {
        let names = top.most_frequent().into_iter();
        names.map(|(name, _)| name.to_owned()).collect()
    };
    let files = names(&state.paths)
        .into_iter()
        .map(|path| json!({"type": "FileOp", "path": path}));
    let hosts = names(&state.hosts)
        .into_iter()
        .map(|host| json!({"type": "DnsQuery", "host": host}));
    let destinations = names(&state.outgoing).into_iter();
    let destinations = destinations.map(|remote| json!({"type": "OutgoingConnection", "remote": remote}));
    files.chain(hosts).chain(destinations)
}

impl Hits {
    /// Adds an event, unless its subject is there.
    fn add(&mut self, event: &Value) {
        let text = |name: &str| event[name].as_str().map(str::to_owned);
        let kind = text("type").unwrap_or_default();
        let name = JsonRow::new(event, None).name().unwrap_or_default();
        let subject: String = name.chars().take(limits::MAX_HIT_CHARS).collect();
        let identity = (kind, subject);
        if self.seen.contains(&identity) {
            return;
        }
        if self.list.len() >= limits::MAX_SESSION_HITS {
            self.is_full = true;
            return;
        }
        let (kind, subject) = identity.clone();
        self.seen.insert(identity);
        self.list.push(Hit {
            seq: event["seq"].as_u64(),
            ts: event["ts"].as_u64(),
            kind,
            subject,
            operation: text("operation"),
            outcome: serde_json::from_value(event["outcome"].clone()).ok(),
        });
    }
}
