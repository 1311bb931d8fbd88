//! Routes of keys: the sessions that share one are a group, with one state and one end. For the desktop alone.
//!
//! A key may have any characters: it is percent-encoded in a path. A group has the sessions that are known, ended ones too.

use std::time::Duration;

use futures_util::future::join_all;
use http::StatusCode;
use mirrord_wire::ApiError;
use mirrord_wire::api::{KeyGroup, KeyKillStatus, KeyKilled, KillStatus};
use mirrord_wire::session::{GroupState, StateMerger};
use percent_encoding::percent_decode_str;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::{Instant, timeout, timeout_at};

use super::answer::{self, Response};
use super::call::Call;
use super::kill;
use super::openapi::{Flag, KeyPath};
use crate::limits;
use crate::store::Member;

/// Lists the groups of sessions that share a key, in the order in which the first session of each appeared.
#[utoipa::path(
    get,
    path = "/api/keys",
    operation_id = "list_keys",
    tag = "keys",
    responses((status = 200, description = "Groups", body = [KeyGroup])),
)]
pub(super) fn list(call: &Call) -> Response {
    answer::json(StatusCode::OK, &call.context.store.key_groups())
}

/// Returns the merged state of a key's sessions.
#[utoipa::path(
    get,
    path = "/api/keys/{key}/state",
    operation_id = "key_state",
    tag = "keys",
    params(KeyPath),
    responses(
        (status = 200, description = "State", body = GroupState),
        (status = 404, description = "No session has this key", body = ApiError),
        (status = 503, description = "Other searches go on, or too many connections are open", body = ApiError),
    ),
)]
pub(super) async fn state(segment: &str, call: &Call) -> Response {
    let (key, members) = match members(segment, call) {
        Ok(found) => found,
        Err(refusal) => return *refusal,
    };
    let _turn = match turn(call).await {
        Ok(turn) => turn,
        Err(refusal) => return *refusal,
    };
    let mut merger = StateMerger::default();
    for member in members {
        // Copied one by one: a state may have half a megabyte.
        if let Some(state) = call.context.store.state_of(member.key) {
            merger.add(&member.id, state);
        }
        tokio::task::yield_now().await;
    }
    answer::json(StatusCode::OK, &merger.finish(&key))
}

/// Ends all sessions of a key that have not ended, each as `POST /api/sessions/:id/kill` does.
#[utoipa::path(
    post,
    path = "/api/keys/{key}/kill",
    operation_id = "kill_key",
    tag = "keys",
    params(KeyPath, ("wait" = inline(Option<Flag>), Query, description = "Waits for their ends, at most 10 s each")),
    responses(
        (status = 200, description = "With `wait`: all of them have ended", body = [KeyKilled]),
        (status = 202, description = "All of them took the request", body = [KeyKilled]),
        (status = 207, description = "At least one of them did not take it: each says for itself", body = [KeyKilled]),
        (status = 404, description = "No session has this key", body = ApiError),
        (status = 409, description = "All of them have ended", body = ApiError),
    ),
)]
pub(super) async fn kill(segment: &str, call: &Call) -> Response {
    let wait = match call.flag("wait") {
        Ok(wait) => wait,
        Err(reason) => return answer::error(StatusCode::BAD_REQUEST, reason),
    };
    let mut members = match members(segment, call) {
        Ok((_, members)) => members,
        Err(refusal) => return *refusal,
    };
    members.retain(|member| !member.has_ended);
    if members.is_empty() {
        return answer::error(StatusCode::CONFLICT, "all sessions of this key have ended");
    }
    let turns = Semaphore::new(limits::MAX_KEY_KILLS);
    let deadline = Instant::now() + limits::KEY_KILL_TIMEOUT;
    let ends = members.iter().map(|member| end(member, wait, &turns, deadline, call));
    let killed = join_all(ends).await;
    let has = |status: KeyKillStatus| killed.iter().any(|own| own.status == status);
    let status = if has(KeyKillStatus::Failed) {
        StatusCode::MULTI_STATUS
    } else if has(KeyKillStatus::Killing) || has(KeyKillStatus::Ending) {
        StatusCode::ACCEPTED
    } else {
        StatusCode::OK
    };
    answer::json(status, &killed)
}

/// Ends one session of a key, when it is its turn.
async fn end(member: &Member, wait: bool, turns: &Semaphore, deadline: Instant, call: &Call) -> KeyKilled {
    let session_id = member.id.clone();
    let Ok(Ok(_turn)) = timeout_at(deadline, turns.acquire()).await else {
        let limit: Duration = limits::KEY_KILL_TIMEOUT;
        return KeyKilled {
            session_id,
            status: KeyKillStatus::Failed,
            code: StatusCode::SERVICE_UNAVAILABLE.as_u16(),
            error: Some(format!("its turn did not come within {} s: try again", limit.as_secs())),
            waited_ms: None,
        };
    };
    let (status, code, error, waited_ms) = match kill::end(&member.id, wait, call).await {
        Ok(None) => (KeyKillStatus::Killing, StatusCode::ACCEPTED, None, None),
        Ok(Some(killed)) => {
            let status = match killed.status {
                KillStatus::Ended => KeyKillStatus::Ended,
                KillStatus::Ending => KeyKillStatus::Ending,
            };
            (status, kill::status_of(&killed), None, Some(killed.waited_ms))
        }
        Err(refused) => {
            let status = match refused.has_ended {
                true => KeyKillStatus::Ended,
                false => KeyKillStatus::Failed,
            };
            (status, refused.status, Some(refused.reason), None)
        }
    };
    KeyKilled {
        session_id,
        status,
        code: code.as_u16(),
        error,
        waited_ms,
    }
}

/// Decodes the key of a path, and looks up its sessions.
///
/// # Errors
/// The key is no text, or no session has it.
pub(super) fn members(segment: &str, call: &Call) -> Result<(String, Vec<Member>), Box<Response>> {
    let Ok(key) = percent_decode_str(segment).decode_utf8() else {
        let reason = "the key of a path is percent-encoded UTF-8";
        return Err(Box::new(answer::error(StatusCode::BAD_REQUEST, reason)));
    };
    let members = call.context.store.members(&key);
    if members.is_empty() {
        let reason = "no session has this key; `GET /api/keys` lists those that there are";
        return Err(Box::new(answer::error(StatusCode::NOT_FOUND, reason)));
    }
    Ok((key.into_owned(), members))
}

/// Waits for the turn of a request that goes through several sessions.
///
/// # Errors
/// 503 where it does not come.
pub(super) async fn turn(call: &Call) -> Result<SemaphorePermit<'_>, Box<Response>> {
    match timeout(limits::SEARCH_QUEUE_TIMEOUT, call.context.searches.acquire()).await {
        Ok(Ok(turn)) => Ok(turn),
        _ => Err(Box::new(answer::busy("other searches are going on; try again"))),
    }
}
