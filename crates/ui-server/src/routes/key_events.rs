//! `GET /api/keys/:key/events?cursor=&limit=&type=&q=`: the events of all sessions of a key as one log, in the order of time.
//!
//! Merged exactly, with one part of each session in memory; the events of a session stay in their order, whatever their times.
//! An answer is bounded as one of a single session is, and goes up to the newest events of the moment at which it was asked
//! for. The place to go on at is a cursor that has each session's number: those of one session do not count another one's.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, VecDeque};

use http::{HeaderName, HeaderValue, StatusCode};
use mirrord_wire::ApiError;
use mirrord_wire::session::with_session_id;
use serde::Deserialize;

use super::answer::{self, Response};
use super::call::Call;
use super::event_lines::EventLines;
use super::event_search::Search;
use super::events::{self, Growing, Wanted};
use super::keys;
use super::openapi::{KeyEvent, KeyPath, RefusedFilter};
use crate::limits;
use crate::store::Member;

/// Place to continue at.
const NEXT_CURSOR: HeaderName = HeaderName::from_static("mirrord-next-cursor");
/// Number of sessions that are not in the log, since there are too many.
const OMITTED: HeaderName = HeaderName::from_static("mirrord-sessions-omitted");
/// Ids of sessions whose record cannot be read, with commas between them.
const UNREAD: HeaderName = HeaderName::from_static("mirrord-sessions-unread");

/// Parameters of the events of one session, which a cursor replaces.
const OF_ONE_SESSION: [&str; 3] = ["since", "until", "last"];

/// Session of the log.
struct Source<'a> {
    lines: EventLines<'a>,
    id: String,
    search: Option<Search>,
    /// Number of the newest event that was taken from it.
    taken: u64,
    /// Number of the last event that is to be read.
    until: u64,
    /// Latest time of its events so far.
    latest: u64,
    ready: VecDeque<(u64, String)>,
}

/// The part of a line that its place needs.
#[derive(Deserialize)]
struct Time {
    ts: u64,
}

/// Log of a key, as far as it was read.
struct Log<'a> {
    sources: Vec<Source<'a>>,
    /// Times of the next line of each session, with the session's place.
    next: BinaryHeap<Reverse<(u64, usize)>>,
    /// Sessions whose record cannot be read.
    unread: Vec<usize>,
    /// The refusal of the last of them.
    refusal: Option<Box<Response>>,
    /// Files of records are closed between two parts.
    closes_files: bool,
}

/// Returns the kept events of a key's sessions that match, in the order of time.
#[utoipa::path(
    get,
    path = "/api/keys/{key}/events",
    operation_id = "key_events",
    tag = "keys",
    params(
        KeyPath,
        ("cursor" = Option<String>, Query, description = "`Mirrord-Next-Cursor` of the answer before", format = "mirrord-cursor"),
        ("limit" = Option<u64>, Query, description = "The most events; 10,000 where it is not given", minimum = 1, maximum = 100_000),
        ("type" = Option<String>, Query, description = "Type of events, or several with commas between them"),
        ("q" = Option<String>, Query, description = "Filter of events", format = "mirrord-filter"),
    ),
    responses(
        (
            status = 200,
            description = "Events, each with its `session_id`: as NDJSON where `Accept` has it. At most 16 MiB, after at most 2 s",
            content(([KeyEvent] = "application/json"), (String = "application/x-ndjson")),
            headers(
                ("Mirrord-Next-Cursor" = String, description = "Where more is kept: the `cursor` to go on with"),
                ("Mirrord-Sessions-Omitted" = u64, description = "Number of sessions beyond the newest 200, which are not in it"),
                ("Mirrord-Sessions-Unread" = String, description = "Ids of sessions whose record is gone or has changed"),
            ),
        ),
        (status = 404, description = "No session has this key", body = ApiError),
        (status = 409, description = "The records of all of them are gone or have changed since they were read", body = ApiError),
        (status = 503, description = "Other searches go on, or reading a record takes too long", body = ApiError),
        RefusedFilter,
    ),
)]
pub(super) async fn kept(segment: &str, call: &Call) -> Response {
    let (wanted, since) = match parameters(call) {
        Ok(parameters) => parameters,
        Err(refusal) => return *refusal,
    };
    let mut members = match keys::members(segment, call) {
        Ok((_, members)) => members,
        Err(refusal) => return *refusal,
    };
    let _turn = match keys::turn(call).await {
        Ok(turn) => turn,
        Err(refusal) => return *refusal,
    };
    let omitted = members.len().saturating_sub(limits::MAX_KEY_SESSIONS);
    members.drain(..omitted);
    let log = Log::open(members, &since, &wanted, call);
    match log.answer(&wanted, call).await {
        Ok(mut response) => {
            if omitted > 0 {
                response.headers_mut().insert(OMITTED, HeaderValue::from(omitted));
            }
            response
        }
        Err(refusal) => *refusal,
    }
}

/// Parses the parameters, and the cursor: the number after which each session is read.
fn parameters(call: &Call) -> Result<(Wanted, HashMap<String, u64>), Box<Response>> {
    let refused = |reason: String| Box::new(answer::error(StatusCode::BAD_REQUEST, reason));
    if let Some(name) = OF_ONE_SESSION.iter().find(|name| call.query.contains_key(**name)) {
        let reason = format!("`{name}` is for the events of one session; `cursor` goes on in those of a key");
        return Err(refused(reason));
    }
    let wanted = events::wanted(call).map_err(|wrong| Box::new(wrong.response()))?;
    let cursor = call.query.get("cursor").map_or("", String::as_str);
    let since = parse_cursor(cursor)
        .ok_or_else(|| refused("`cursor` is the `Mirrord-Next-Cursor` of the answer before".to_owned()))?;
    Ok((wanted, since))
}

/// Parses a cursor: `ID:SEQ`, with commas between them.
fn parse_cursor(text: &str) -> Option<HashMap<String, u64>> {
    let one = |part: &str| {
        let (id, seq) = part.split_once(':')?;
        Some((id.to_owned(), seq.parse().ok()?))
    };
    text.split(',').filter(|part| !part.is_empty()).map(one).collect()
}

impl<'a> Log<'a> {
    fn open(members: Vec<Member>, since: &HashMap<String, u64>, wanted: &Wanted, call: &'a Call) -> Self {
        let closes_files = members.len() > limits::MAX_KEY_FILES;
        let source = |member: Member| {
            let mut search = wanted.search.clone();
            if let Some(search) = &mut search {
                search.learn_processes(&call.context.store, &member.id, call.audience());
            }
            Source {
                lines: EventLines::new(call, member.key),
                taken: since.get(&member.id).copied().unwrap_or(0),
                id: member.id,
                search,
                until: member.newest,
                latest: 0,
                ready: VecDeque::new(),
            }
        };
        Self {
            sources: members.into_iter().map(source).collect(),
            next: BinaryHeap::new(),
            unread: Vec::new(),
            refusal: None,
            closes_files,
        }
    }

    /// Merges until there are enough events, the time is over, or everything was read.
    async fn answer(mut self, wanted: &Wanted, call: &Call) -> Result<Response, Box<Response>> {
        let mut growing = Growing::new(events::is_ndjson(call));
        for place in 0..self.sources.len() {
            self.look_at(place).await?;
        }
        let mut has_more = false;
        while let Some(Reverse((_, place))) = self.next.pop() {
            let Some(source) = self.sources.get_mut(place) else {
                continue;
            };
            let Some((seq, line)) = source.ready.pop_front() else {
                continue;
            };
            if source.takes(&line, wanted) {
                let line = with_session_id(&line, &source.id);
                if !growing.has_room(&line, wanted) {
                    has_more = true;
                    break;
                }
                growing.push(&line);
            }
            source.taken = seq;
            self.look_at(place).await?;
            if growing.is_late(limits::MAX_SEARCH_TIME) {
                has_more = !self.next.is_empty();
                break;
            }
        }
        self.finish(growing, has_more)
    }

    /// Takes the next line of a session into the order; reads on where none is ready.
    async fn look_at(&mut self, place: usize) -> Result<(), Box<Response>> {
        let Some(source) = self.sources.get_mut(place) else {
            return Ok(());
        };
        if source.ready.is_empty() {
            match source.lines.next(source.taken, source.until).await {
                Ok(lines) => source.ready.extend(lines.unwrap_or_default()),
                // The others go on.
                Err(refusal) if refusal.status() == StatusCode::CONFLICT => {
                    self.unread.push(place);
                    self.refusal = Some(refusal);
                    return Ok(());
                }
                Err(refusal) => return Err(refusal),
            }
            if self.closes_files {
                source.lines.close_file();
            }
        }
        if let Some((_, line)) = source.ready.front() {
            // A line without a time stays where it is among those of its session.
            let ts = serde_json::from_str::<Time>(line).map_or(0, |line| line.ts);
            source.latest = source.latest.max(ts);
            self.next.push(Reverse((source.latest, place)));
        }
        Ok(())
    }

    fn finish(self, growing: Growing, has_more: bool) -> Result<Response, Box<Response>> {
        if let Some(refusal) = self.refusal.filter(|_| self.unread.len() == self.sources.len()) {
            return Err(refusal);
        }
        let mut response = growing.finish(None);
        let unread = self.unread.iter().filter_map(|place| self.sources.get(*place));
        let unread: Vec<_> = unread.map(|source| source.id.as_str()).collect();
        let cursor = self.sources.iter().filter(|source| source.taken > 0);
        let cursor: Vec<_> = cursor.map(|source| format!("{}:{}", source.id, source.taken)).collect();
        let headers = response.headers_mut();
        // Ids are of letters, digits, `.`, `_` and `-`.
        if !unread.is_empty()
            && let Ok(unread) = HeaderValue::try_from(unread.join(","))
        {
            headers.insert(UNREAD, unread);
        }
        if has_more && let Ok(cursor) = HeaderValue::try_from(cursor.join(",")) {
            headers.insert(NEXT_CURSOR, cursor);
        }
        Ok(response)
    }
}

impl Source<'_> {
    fn takes(&self, line: &str, wanted: &Wanted) -> bool {
        wanted.takes_type(line) && self.search.as_ref().is_none_or(|search| search.takes(line))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_has_the_number_of_each_session_and_another_text_is_none() {
        let parsed = parse_cursor("a.b:7,c:0").unwrap();
        assert_eq!(parsed, HashMap::from([("a.b".to_owned(), 7), ("c".to_owned(), 0)]));
        assert!(parse_cursor("").unwrap().is_empty());
        assert!(
            ["a", "a:x", "a:1,b", ":"]
                .iter()
                .all(|text| parse_cursor(text).is_none())
        );
    }
}
