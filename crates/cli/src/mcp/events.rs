//! Tools about single events: a page of those that a session keeps, and the wait for one.

use std::collections::BTreeMap;
use std::time::Duration;

use mirrord_session_client::{EventBatch, StreamItem};
use serde_json::{Value, json};
use tokio::time::timeout;

use super::answer::{MAX_ANSWER_BYTES, ToolError};
use super::arguments::{self, QueryEvents, WaitForEvent};
use super::context::Context;
use super::key_events;
use crate::session::{EventQuery, KeptEvents, ShownEvent, read_state, wait_for_event};

/// Longest time in which events are read for a page; the page has what matched until then.
pub(super) const READ_TIMEOUT: Duration = Duration::from_secs(20);

/// Bytes of the events of a page, with the names of their processes: the rest of an answer is for what describes them.
pub(super) const MAX_PAGE_BYTES: usize = MAX_ANSWER_BYTES / 4 * 3;
/// Characters of the name of a process.
pub(super) const MAX_NAME_CHARS: usize = 64;

/// Page of matching events, within its bounds.
#[derive(Debug)]
pub(super) struct Page {
    events: Vec<Value>,
    /// Names of the processes of the events, by their numbers.
    processes: BTreeMap<u32, String>,
    bytes: usize,
    limit: usize,
    is_full: bool,
    /// Number after which the next page begins.
    next_since: u64,
}

impl Page {
    /// Creates a page of events after number `since`, of at most `limit` events.
    pub(super) fn new(limit: usize, since: u64) -> Self {
        Self {
            events: Vec::new(),
            processes: BTreeMap::new(),
            bytes: 0,
            limit,
            is_full: false,
            next_since: since,
        }
    }

    /// Returns whether it takes no more.
    pub(super) fn is_full(&self) -> bool {
        self.is_full
    }

    /// Number after which the next page begins.
    pub(super) fn next_since(&self) -> u64 {
        self.next_since
    }

    /// Passes over everything up to an event.
    pub(super) fn skip_to(&mut self, seq: u64) {
        self.next_since = self.next_since.max(seq);
    }

    /// Adds an event; returns `false` where there is no room for it.
    pub(super) fn add(&mut self, shown: &ShownEvent<'_>) -> bool {
        let text = shown.json();
        // One event always fits: it could never be read otherwise.
        let is_over = !self.events.is_empty() && self.bytes + text.len() > MAX_PAGE_BYTES;
        if self.is_full || is_over {
            self.is_full = true;
            return false;
        }
        // With the comma behind it.
        self.bytes += text.len() + 1;
        self.events.push(shown.value());
        self.skip_to(shown.line.seq);
        self.is_full = self.events.len() >= self.limit;
        true
    }

    /// Adds the matching events of a piece, as many as fit; returns the number of events that are missing between them.
    fn add_matches(&mut self, query: &mut EventQuery, batch: &EventBatch) -> u64 {
        let mut missed = 0;
        for item in batch.iter() {
            if self.is_full {
                break;
            }
            match item {
                StreamItem::Event(line, text) => match query.look_at(line, text) {
                    Some(shown) if self.add(&shown) => self.name_process(query, &shown),
                    Some(_) => {}
                    None => self.skip_to(line.seq),
                },
                StreamItem::Lagged { to, .. } => {
                    missed += query.skip_to(to);
                    self.skip_to(to);
                }
            }
        }
        missed
    }

    fn name_process(&mut self, query: &EventQuery, shown: &ShownEvent<'_>) {
        let pid = shown.line.observation.pid;
        if let Some((pid, name)) = pid.and_then(|pid| Some((pid, query.process_name(pid)?))) {
            let name: String = name.chars().take(MAX_NAME_CHARS).collect();
            let bytes = name.len() + r#""4194304":"","#.len();
            if self.processes.insert(pid, name).is_none() {
                self.bytes += bytes;
            }
        }
    }

    /// Returns the page as JSON.
    pub(super) fn json(self, has_more: bool) -> Value {
        json!({
            "events": self.events,
            "processes": self.processes,
            "next_since": self.next_since,
            "has_more": has_more,
        })
    }
}

/// Answers `query_events`.
pub(super) async fn query(context: &Context, given: QueryEvents) -> Result<Value, ToolError> {
    let others = [("session", given.session.is_some()), ("since", given.since.is_some())];
    if let Some(key) = arguments::key_alone("query_events", given.key.as_deref(), &others)? {
        return key_events::query(context, given, &key).await;
    }
    if given.cursor.is_some() {
        let reason = "`cursor` is for `key`: of one session, `since` is `next_since` of the page before".to_owned();
        let tool = "query_events".to_owned();
        return Err(ToolError::Arguments { tool, reason });
    }
    let since = given.since.unwrap_or(0);
    let filter = given.filter.unwrap_or_default();
    let mut query = EventQuery::new(&filter, context.with_values, since)?;
    let session = context.find(given.session.as_deref()).await?;
    let state = read_state(&session).await?;
    query.learn(session.info(), Some(&state));
    let mut events = KeptEvents::new(session.client()?, session.id.clone(), since, state.seq);
    let (mut page, mut missed) = (Page::new(arguments::events(given.limit), since), 0);
    let read = async {
        while !page.is_full()
            && let Some(batch) = events.next().await?
        {
            missed += page.add_matches(&mut query, &batch);
        }
        Ok::<_, ToolError>(())
    };
    // Out of time, the page is what there is; the next one goes on behind it.
    if let Ok(read) = timeout(READ_TIMEOUT, read).await {
        read?;
    }
    let has_more = page.next_since() < state.seq;
    let mut answer = page.json(has_more);
    answer["session_id"] = session.id.into();
    answer["newest_seq"] = state.seq.into();
    if missed > 0 {
        answer["missed"] = missed.into();
        answer["note"] =
            "the session has given up its oldest events, or suppresses repeated ones: `missed` is their number".into();
    }
    Ok(answer)
}

/// Answers `wait_for_event`.
pub(super) async fn wait(context: &Context, given: WaitForEvent) -> Result<Value, ToolError> {
    let others = [("session", given.session.is_some()), ("since", given.since.is_some())];
    if let Some(key) = arguments::key_alone("wait_for_event", given.key.as_deref(), &others)? {
        return key_events::wait(context, given, &key).await;
    }
    let limit = arguments::wait(given.timeout_seconds);
    let mut query = EventQuery::new(&given.filter, context.with_values, given.since.unwrap_or(0))?;
    let waited = wait_for_event(&context.directory, given.session.as_deref(), &mut query, limit).await;
    let (session, event) = waited?;
    let pid = event.line.observation.pid;
    Ok(json!({
        "session_id": session.id,
        "event": event.value(),
        "process_name": pid.and_then(|pid| query.process_name(pid)),
        "next_since": event.line.seq,
    }))
}

#[cfg(test)]
mod tests {
    use mirrord_wire::EventLine;

    use super::*;

    fn add(page: &mut Page, seq: u64, path_bytes: usize) -> bool {
        let path = "p".repeat(path_bytes);
        let text = format!(r#"{{"seq":{seq},"ts":1,"type":"FileOp","path":"{path}","operation":"open"}}"#);
        let line: EventLine = serde_json::from_str(&text).unwrap();
        page.add(&ShownEvent::new(&line, &text, false))
    }

    #[test]
    fn a_page_ends_at_its_number_of_events_and_the_next_begins_behind_the_last() {
        let mut page = Page::new(2, 4);
        assert!(add(&mut page, 5, 1) && add(&mut page, 9, 1) && !add(&mut page, 10, 1));
        assert!(page.is_full());
        let json = page.json(true);
        assert_eq!(
            (json["events"].as_array().map(Vec::len), &json["next_since"]),
            (Some(2), &json!(9))
        );
    }

    #[test]
    fn a_page_ends_at_its_bytes_and_has_one_event_at_least() {
        let mut page = Page::new(1_000, 0);
        assert!(
            add(&mut page, 1, MAX_ANSWER_BYTES * 2),
            "an event larger than a page is a page"
        );
        assert!(!add(&mut page, 2, 1));
        assert_eq!(page.next_since(), 1);
        let mut page = Page::new(1_000, 0);
        let added = (1..).take_while(|seq| add(&mut page, *seq, 1_000)).count();
        assert!((40..48).contains(&added), "{added}");
        assert!(page.json(true).to_string().len() <= MAX_ANSWER_BYTES);
    }
}
