//! Tools about sessions as a whole: their list, the state of one, and its end.

use std::time::Duration;

use futures_util::future::join_all;
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

/// Answers `stop_session`. The only session that runs is not meant by itself.
pub(super) async fn stop(context: &Context, given: StopSession) -> Result<Value, ToolError> {
    let limit = arguments::wait(given.timeout_seconds);
    let others = [("session", given.session.is_some())];
    if let Some(key) = arguments::key_alone("stop_session", given.key.as_deref(), &others)? {
        return stop_key(context, &key, limit).await;
    }
    let Some(name) = &given.session else {
        return Err(ToolError::Arguments {
            tool: "stop_session".to_owned(),
            reason: "name the `session`, or the `key` of all that are to end".to_owned(),
        });
    };
    let session = context.find(Some(name)).await?;
    let waited = stop_session(&session, limit).await?;
    Ok(json!({"session_id": session.id, "status": "ended", "waited_ms": millis(waited)}))
}

/// Ends all sessions of a key, and says of each what came of it.
async fn stop_key(context: &Context, key: &str, limit: Duration) -> Result<Value, ToolError> {
    let sessions = context.sessions().await?.of_key(key)?;
    let mut results = join_all(sessions.iter().map(|session| stop_session(session, limit))).await;
    if results.iter().all(Result::is_err)
        && let Some(Err(error)) = results.pop()
    {
        return Err(error.into());
    }
    let failed = results.iter().filter(|result| result.is_err()).count();
    let ended = sessions.iter().zip(results).map(|(session, result)| match result {
        Ok(waited) => json!({"session_id": session.id, "status": "ended", "waited_ms": millis(waited)}),
        Err(error) => json!({"session_id": session.id, "status": "failed", "error": error.to_string()}),
    });
    let answer = json!({"key": key, "sessions": ended.collect::<Vec<_>>(), "failed": failed});
    Ok(fit(&answer, MAX_SESSIONS))
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
