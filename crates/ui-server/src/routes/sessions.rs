//! The sessions: the list, one of them, its dismissal, and its end.

use http::{Method, StatusCode};
use mirrord_wire::SessionStatus;

use super::Call;
use super::answer::{self, Response};
use crate::limits;
use crate::peer::request::{self, Ask, RequestError, Verb};
use crate::store::{KillTarget, NotDismissed};

/// `GET /api/sessions[?ended=true]`.
pub(super) fn list(call: &Call) -> Response {
    match flag(call, "ended") {
        Ok(ended) => answer::json(StatusCode::OK, &call.context.store.summaries(ended)),
        Err(reason) => answer::error(StatusCode::BAD_REQUEST, reason),
    }
}

/// `GET` and `DELETE /api/sessions/:id`.
pub(super) fn one(id: &str, call: &Call) -> Response {
    if call.method == Method::DELETE {
        return dismiss(id, call);
    }
    match call.context.store.detail(id) {
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

/// `POST /api/sessions/:id/kill`: the session's own answer, or why there is none.
pub(super) async fn kill(id: &str, call: &Call) -> Response {
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
        KillTarget::Forward => forward(id, call).await,
    }
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
        Err(error @ RequestError::TimedOut { .. }) => answer::error(StatusCode::GATEWAY_TIMEOUT, error.to_string()),
        Err(error) => answer::error(StatusCode::BAD_GATEWAY, error.to_string()),
    }
}
