//! Tools about sessions as a whole: their list, the state of one, and its end.

use serde_json::{Value, json};

use super::answer::{ToolError, fit};
use super::arguments::{self, ListSessions, SessionState, StopSession};
use super::context::Context;
use crate::session::{KnownSession, ListedSession, SessionError, read_group_state, read_state, stop_session};

/// Sessions that are listed; the rest is counted.
pub(super) const MAX_SESSIONS: usize = 100;

/// Answers `list_sessions`. That none runs is no error.
pub(super) async fn list(context: &Context, given: ListSessions) -> Result<Value, ToolError> {
    let sessions = context.sessions().await?;
    let is_wanted = |session: &&KnownSession| given.key.is_none() || session.info().key == given.key;
    let listed: Vec<_> = sessions.known.iter().filter(is_wanted).map(description).collect();
    let note = if listed.is_empty() && sessions.known.is_empty() {
        Some(SessionError::NoSessions(sessions.directory).to_string())
    } else if listed.is_empty() {
        given.key.map(|key| format!("no session has the key {key}"))
    } else {
        None
    };
    let mut answer = json!({"sessions": listed});
    if let Some(note) = note {
        answer["note"] = note.into();
    }
    Ok(fit(&answer, MAX_SESSIONS))
}

/// Returns the description of a session as it is listed: without its config, and so without a value that it sets.
fn description(session: &KnownSession) -> Value {
    serde_json::to_value(ListedSession::new(session)).unwrap_or_default()
}

/// Answers `session_state`.
pub(super) async fn state(context: &Context, given: SessionState) -> Result<Value, ToolError> {
    let others = [("session", given.session.is_some())];
    if let Some(key) = arguments::key_alone("session_state", given.key.as_deref(), &others)? {
        let sessions = context.sessions().await?.of_key(&key)?;
        let state = read_group_state(&sessions, &key).await?;
        return Ok(fit(&json!({ "state": state }), arguments::items(given.limit)));
    }
    let session = context.find(given.session.as_deref()).await?;
    state_of(&session, arguments::items(given.limit)).await
}

/// Returns the description and the state of a session, with so many items of each list.
pub(super) async fn state_of(session: &KnownSession, items: usize) -> Result<Value, ToolError> {
    let state = read_state(session).await?;
    Ok(fit(&json!({"session": description(session), "state": state}), items))
}

/// Answers `stop_session`.
pub(super) async fn stop(context: &Context, given: StopSession) -> Result<Value, ToolError> {
    let session = context.find(Some(&given.session)).await?;
    let waited = stop_session(&session, arguments::wait(given.timeout_seconds)).await?;
    let waited = u64::try_from(waited.as_millis()).unwrap_or(u64::MAX);
    Ok(json!({"session_id": session.id, "status": "ended", "waited_ms": waited}))
}
