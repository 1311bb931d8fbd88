//! The sessions: the list, one of them, its dismissal, and its end.

use http::{Method, StatusCode};
use mirrord_wire::SessionStatus;
use mirrord_wire::mirror::AuditKind;
use mirrord_wire::rest::{KillStatus, Killed};
use tokio::time::{Instant, timeout_at};

use super::Call;
use super::answer::{self, Response};
use crate::limits;
use crate::peer::request::{self, Ask, RequestError, Verb};
use crate::store::{KillTarget, NotDismissed};

/// `GET /api/sessions[?ended=true]`.
pub(super) fn list(call: &Call) -> Response {
    match flag(call, "ended") {
        Ok(ended) => answer::json(StatusCode::OK, &call.context.store.summaries(ended, call.audience())),
        Err(reason) => answer::error(StatusCode::BAD_REQUEST, reason),
    }
}

/// `GET` and `DELETE /api/sessions/:id`.
pub(super) fn one(id: &str, call: &Call) -> Response {
    if call.method == Method::DELETE {
        return dismiss(id, call);
    }
    match call.context.store.detail(id, call.audience()) {
        Some(detail) => answer::json(StatusCode::OK, &detail),
        None => unknown(),
    }
}

fn dismiss(id: &str, call: &Call) -> Response {
    match call.context.store.dismiss(id) {
        Ok(()) => {
            let mut response = Response::default();
            *response.status_mut() = StatusCode::NO_CONTENT;
            response
        }
        Err(NotDismissed::Unknown) => unknown(),
        Err(NotDismissed::StillThere) => answer::error(StatusCode::CONFLICT, "only an ended session can be dismissed"),
    }
}

/// A session of no such name.
pub(super) fn unknown() -> Response {
    answer::error(StatusCode::NOT_FOUND, "there is no such session")
}

/// A query parameter that is `true` or `false`; missing, it is `false`.
pub(super) fn flag(call: &Call, name: &str) -> Result<bool, String> {
    match call.query.get(name).map(String::as_str) {
        None | Some("false" | "0") => Ok(false),
        Some("true" | "1" | "") => Ok(true),
        Some(_) => Err(format!("`{name}` is `true` or `false`")),
    }
}

/// `POST /api/sessions/:id/kill[?wait=true]`: the session's own answer, or why there is none; and with `wait`, once the
/// session took it, what has become of the session.
pub(super) async fn kill(id: &str, call: &Call) -> Response {
    let wait = match flag(call, "wait") {
        Ok(wait) => wait,
        Err(reason) => return answer::error(StatusCode::BAD_REQUEST, reason),
    };
    match call.context.store.kill_target(id) {
        KillTarget::Unknown => unknown(),
        KillTarget::Ended => answer::error(StatusCode::CONFLICT, "the session has ended"),
        KillTarget::Released(version, pids) => {
            let pids: Vec<_> = pids.iter().map(u32::to_string).collect();
            let reason = format!(
                "mirrord {version} can end its session API and not the program: end the program by its pid ({})",
                if pids.is_empty() {
                    "none is known".to_owned()
                } else {
                    pids.join(", ")
                }
            );
            answer::error(StatusCode::NOT_IMPLEMENTED, reason)
        }
        KillTarget::Forward => {
            tracing::info!(session = id, "to be ended");
            let asked = Instant::now();
            let answer = forward(id, call).await;
            if answer.status().is_success() {
                log_device(id, call);
            }
            if wait && answer.status().is_success() {
                ended(id, call, asked).await
            } else {
                answer
            }
        }
    }
}

/// What a device has done, the mirror's log is to have.
fn log_device(id: &str, call: &Call) {
    if let Some(device) = &call.caller.device {
        let address = call.connection.as_ref().map(|connection| connection.arrival.peer.ip());
        let mut state = call.context.mirror.lock();
        state.log(AuditKind::EndedSession, address, Some(&device.id), id);
    }
}

/// Waits for the session's end, as long as one that has to use force needs.
async fn ended(id: &str, call: &Call, asked: Instant) -> Response {
    let store = &call.context.store;
    let mut changes = store.subscribe();
    let end = async {
        while store.kill_target(id) == KillTarget::Forward {
            if changes.changed().await.is_err() {
                break;
            }
        }
    };
    let limit = limits::KILL_TIMEOUT;
    let (code, status, message) = match timeout_at(asked + limit, end).await {
        Ok(()) => (StatusCode::OK, KillStatus::Ended, "the session has ended".to_owned()),
        Err(_) => {
            let message = format!("the session has not ended within {} s", limit.as_secs());
            (StatusCode::ACCEPTED, KillStatus::Ending, message)
        }
    };
    let waited_ms = u64::try_from(asked.elapsed().as_millis()).unwrap_or(u64::MAX);
    answer::json(
        code,
        &Killed {
            status,
            message,
            waited_ms,
        },
    )
}

async fn forward(id: &str, call: &Call) -> Response {
    let ask = Ask {
        verb: Verb::Post,
        route: "/kill",
        target: "/kill",
        accept: "application/json",
        deadline: limits::KILL_TIMEOUT,
    };
    // The id is that of a session that is known, and so one path component.
    let socket = call.context.sessions_dir.join(format!("{id}.sock"));
    match request::ask(&socket, ask, limits::MAX_KILL_BYTES).await {
        Ok(told) if serde_json::from_slice::<serde_json::Value>(&told.body).is_ok() => {
            answer::body(told.status, "application/json", told.body)
        }
        Ok(told) if told.status.is_success() => answer::json(told.status, &SessionStatus::Live),
        Ok(told) => answer::error(
            StatusCode::BAD_GATEWAY,
            format!("the session answered with {}", told.status),
        ),
        Err(RequestError::Refused | RequestError::Gone) => answer::error(StatusCode::CONFLICT, "the session has ended"),
        Err(error @ RequestError::TimedOut { .. }) => {
            let reason = format!("{error}; a program that is stopped, as by Ctrl-Z, ends when it is continued");
            answer::error(StatusCode::GATEWAY_TIMEOUT, reason)
        }
        Err(error) => answer::error(StatusCode::BAD_GATEWAY, error.to_string()),
    }
}
