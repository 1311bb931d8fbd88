//! Tools about single events of all sessions of a key: a page in the order of time, and the wait for one.
//!
//! The next page begins at a cursor that has each session's number: those of one session do not count another one's events.

use std::collections::BTreeMap;

use mirrord_wire::session::with_session_id;
use serde_json::{Value, json};
use tokio::time::timeout;

use super::answer::ToolError;
use super::arguments::{self, QueryEvents, WaitForEvent};
use super::context::Context;
use super::events::{MAX_NAME_CHARS, MAX_PAGE_BYTES, READ_TIMEOUT};
use crate::session::{Content, GroupItem, KeptGroup, QueryPlan, wait_for_event_of_key};

/// Page of the merged events of a key.
#[derive(Debug, Default)]
struct Page {
    events: Vec<Value>,
    /// Names of the processes of the events, by session and number.
    processes: BTreeMap<String, BTreeMap<u32, String>>,
    bytes: usize,
    missed: u64,
}

impl Page {
    /// Adds a piece; gives it back where there is no room for it.
    fn add(&mut self, item: GroupItem, limit: usize) -> Option<GroupItem> {
        let (shown, process) = match &item.content {
            Content::Gap(missed) => {
                self.missed += missed;
                return None;
            }
            Content::Event(shown, process) => (shown, process),
        };
        let text = with_session_id(&shown.json(), &item.session_id);
        let is_over = self.events.len() >= limit || self.bytes + text.len() > MAX_PAGE_BYTES;
        // One event always fits: it could never be read otherwise.
        if is_over && !self.events.is_empty() {
            return Some(item);
        }
        self.bytes += text.len() + 1;
        if let (Some(pid), Some(name)) = (shown.line.observation.pid, process) {
            let name: String = name.chars().take(MAX_NAME_CHARS).collect();
            let own = self.processes.entry(item.session_id.clone()).or_default();
            let bytes = name.len() + r#""4194304":"","#.len();
            self.bytes += if own.insert(pid, name).is_none() { bytes } else { 0 };
        }
        self.events.push(serde_json::from_str(&text).unwrap_or_default());
        None
    }
}

/// Answers `query_events` with a key.
pub(super) async fn query(context: &Context, given: QueryEvents, key: &str) -> Result<Value, ToolError> {
    let plan = QueryPlan {
        filter: given.filter.unwrap_or_default(),
        with_values: context.with_values,
        since: given.cursor.as_deref().map_or(Ok(BTreeMap::new()), parse_cursor)?,
    };
    plan.check()?;
    let sessions = context.sessions().await?.of_key(key)?;
    let mut kept = KeptGroup::open(&sessions, plan, false).await?;
    let (mut page, limit) = (Page::default(), arguments::events(given.limit));
    let read = async {
        while let Some(item) = kept.next().await {
            if let Some(item) = page.add(item, limit) {
                kept.put_back(item);
                break;
            }
        }
    };
    // Out of time, the page is what there is; the next one goes on behind it.
    timeout(READ_TIMEOUT, read).await.ok();
    let mut failures = kept.take_failures();
    if failures.len() >= sessions.len() && page.events.is_empty() {
        return Err(failures.swap_remove(0).into());
    }
    let cursor: Vec<_> = kept.taken().iter().map(|(id, seq)| format!("{id}:{seq}")).collect();
    let mut answer = json!({
        "events": page.events,
        "processes": page.processes,
        "next_cursor": cursor.join(","),
        "has_more": !kept.is_done(),
        "key": key,
    });
    if page.missed > 0 {
        answer["missed"] = page.missed.into();
    }
    if !failures.is_empty() {
        answer["unread"] = failures.iter().map(ToString::to_string).collect();
    }
    Ok(answer)
}

/// Parses a cursor: `ID:SEQ`, with commas between them.
fn parse_cursor(text: &str) -> Result<BTreeMap<String, u64>, ToolError> {
    let one = |part: &str| {
        let (id, seq) = part.split_once(':')?;
        Some((id.to_owned(), seq.parse().ok()?))
    };
    let parts = text.split(',').filter(|part| !part.is_empty());
    let parsed: Option<_> = parts.map(one).collect();
    parsed.ok_or_else(|| ToolError::Arguments {
        tool: "query_events".to_owned(),
        reason: "`cursor` is the `next_cursor` of the page before".to_owned(),
    })
}

/// Answers `wait_for_event` with a key.
pub(super) async fn wait(context: &Context, given: WaitForEvent, key: &str) -> Result<Value, ToolError> {
    let plan = QueryPlan {
        filter: given.filter,
        with_values: context.with_values,
        ..QueryPlan::default()
    };
    let limit = arguments::wait(given.timeout_seconds);
    let item = wait_for_event_of_key(&context.directory, key, plan, limit).await?;
    let (event, process) = match &item.content {
        Content::Event(shown, process) => (shown.value(), process.as_deref()),
        Content::Gap(_) => (Value::Null, None),
    };
    Ok(json!({"session_id": item.session_id, "key": key, "event": event, "process_name": process}))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_back_and_another_text_is_named() {
        let parsed = parse_cursor("a.b:7,c:0").unwrap();
        assert_eq!(parsed, BTreeMap::from([("a.b".to_owned(), 7), ("c".to_owned(), 0)]));
        assert!(parse_cursor("").unwrap().is_empty());
        for wrong in ["a", "a:x", "a:1,b"] {
            assert!(
                parse_cursor(wrong).unwrap_err().to_string().contains("next_cursor"),
                "{wrong}"
            );
        }
    }
}
