//! Routes of sessions: the list, one of them, its name, its dismissal, and its end.

use std::sync::Arc;

use http::{Method, StatusCode};
use mirrord_session_client::limits::KILL_TIMEOUT;
use mirrord_session_client::{ClientError, LocatedSocket, SessionClient, SessionSocket};
use mirrord_wire::api::{Connections, KillStatus, Killed, SessionDetail, SessionName, SessionSummary};
use mirrord_wire::mirror::AuditKind;
use mirrord_wire::session::summary::Answers;
use mirrord_wire::{ApiError, SessionId};
use serde::Serialize;
use tokio::time::{Instant, timeout_at};
use utoipa::ToSchema;

use super::answer::{self, Response};
use super::call::Call;
use super::event_search::{self, Search};
use super::openapi::{Flag, Moments, RefusedFilter, SessionPath, UnknownSession};
use super::scrub;
use crate::mirror::redact;
use crate::store::names::{self, MAX_NAMES};
use crate::store::{Audience, KillTarget, NotDismissed, NotNamed};

/// Lists the sessions, in the order in which they appeared.
#[utoipa::path(
    get,
    path = "/api/sessions",
    operation_id = "list_sessions",
    tag = "sessions",
    params(("ended" = inline(Option<Flag>), Query, description = "Those that have ended and are kept, too")),
    responses((status = 200, description = "Sessions", body = [SessionSummary])),
)]
pub(super) fn list(call: &Call) -> Response {
    match call.flag("ended") {
        Ok(ended) => answer::json(StatusCode::OK, &call.context.store.summaries(ended, call.audience())),
        Err(reason) => answer::error(StatusCode::BAD_REQUEST, reason),
    }
}

/// Returns a session with its whole state.
#[utoipa::path(
    get,
    path = "/api/sessions/{id}",
    operation_id = "session",
    tag = "sessions",
    params(SessionPath, ("at" = Option<u64>, Query, description = "Event of a record: the session as it was right after it", maximum = 18_446_744_073_709_551_615_u64)),
    responses(
        (status = 200, description = "Session", body = SessionDetail),
        (status = 400, description = "`at` is no number, or the session comes from no record", body = ApiError),
        Moments,
        UnknownSession,
    ),
)]
pub(super) async fn one(id: &str, call: &Call) -> Response {
    if call.method == Method::DELETE {
        return dismiss(id, call);
    }
    let at = match scrub::at(call) {
        Ok(None) => return detail(id, call),
        Ok(Some(at)) => at,
        Err(refusal) => return *refusal,
    };
    let past = match scrub::past(id, at, call).await {
        Ok(past) => past,
        Err(refusal) => return *refusal,
    };
    match call.context.store.past_detail(past.key, &past.session, call.audience()) {
        Some(detail) => answer::json(StatusCode::OK, &detail),
        None => answer::unknown_session(),
    }
}

fn detail(id: &str, call: &Call) -> Response {
    match call.context.store.detail(id, call.audience()) {
        Some(detail) => answer::json(StatusCode::OK, &detail),
        None => answer::unknown_session(),
    }
}

/// Summarizes a session: what failed, and what is worth a look. With a filter, the answers that its kept events add up to.
#[utoipa::path(
    get,
    path = "/api/sessions/{id}/summary",
    operation_id = "session_summary",
    tag = "sessions",
    params(
        SessionPath,
        ("q" = Option<String>, Query, description = "Filter of events", format = "mirrord-filter"),
        ("at" = Option<u64>, Query, description = "Event of a record: the session as it was right after it", maximum = 18_446_744_073_709_551_615_u64),
    ),
    responses((status = 200, description = "Summary", body = Answers), RefusedFilter, Moments, UnknownSession),
)]
pub(super) async fn summary(id: &str, call: &Call) -> Response {
    let search = match Search::parse(call.query.get("q").map_or("", String::as_str)) {
        Ok(search) => search,
        Err(error) => return event_search::refusal(&error),
    };
    let at = match scrub::at(call) {
        Ok(at) => at,
        Err(refusal) => return *refusal,
    };
    let answers = match at {
        Some(at) => scrub::past(id, at, call).await.map(|past| past.session.past_answers()),
        None => call
            .context
            .store
            .answers(id)
            .ok_or_else(|| Box::new(answer::unknown_session())),
    };
    let (mut summary, now) = match answers {
        Ok(answers) => answers,
        Err(refusal) => return *refusal,
    };
    if let Some(mut search) = search {
        search.learn_processes(&call.context.store, id, call.audience());
        summary = match event_search::summary(id, call, &search, summary.seq).await {
            Ok(summary) => summary,
            Err(refusal) => return *refusal,
        };
    }
    if call.audience() == Audience::Device {
        redact::answers(&mut summary);
    }
    answer::json(StatusCode::OK, &summary.answers(now))
}

/// Lists the connections and the listeners of a session.
#[utoipa::path(
    get,
    path = "/api/sessions/{id}/connections",
    operation_id = "session_connections",
    tag = "sessions",
    params(SessionPath, ("at" = Option<u64>, Query, description = "Event of a record: the session as it was right after it", maximum = 18_446_744_073_709_551_615_u64)),
    responses(
        (status = 200, description = "Connections and listeners", body = Connections),
        (status = 400, description = "`at` is no number, or the session comes from no record", body = ApiError),
        Moments,
        UnknownSession,
    ),
)]
pub(super) async fn connections(id: &str, call: &Call) -> Response {
    match scrub::at(call) {
        Ok(None) => {}
        Ok(Some(at)) => match scrub::past(id, at, call).await {
            Ok(past) => return answer::json(StatusCode::OK, &past.session.connections_for(call.audience())),
            Err(refusal) => return *refusal,
        },
        Err(refusal) => return *refusal,
    }
    match call.context.store.connections(id, call.audience()) {
        Some(connections) => answer::json(StatusCode::OK, &connections),
        None => answer::unknown_session(),
    }
}

/// Dismisses a session that has ended: nothing is kept of it any more.
#[utoipa::path(
    delete,
    path = "/api/sessions/{id}",
    operation_id = "dismiss_session",
    tag = "sessions",
    params(SessionPath),
    responses(
        (status = 204, description = "The session is dismissed"),
        UnknownSession,
        (status = 409, description = "The session has not ended"),
    ),
)]
fn dismiss(id: &str, call: &Call) -> Response {
    match call.context.store.dismiss(id) {
        Ok(()) => {
            let mut response = Response::default();
            *response.status_mut() = StatusCode::NO_CONTENT;
            response
        }
        Err(NotDismissed::Unknown) => answer::unknown_session(),
        Err(NotDismissed::StillThere) => answer::error(StatusCode::CONFLICT, "only an ended session can be dismissed"),
    }
}

/// Gives a session a name, in place of the one that it started with; an empty one takes the given name back.
#[utoipa::path(
    put,
    path = "/api/sessions/{id}/name",
    operation_id = "rename_session",
    tag = "sessions",
    params(SessionPath),
    request_body = SessionName,
    responses(
        (status = 200, description = "The name that is shown now", body = SessionName),
        (status = 400, description = "The body is none of the route's, or the name is not one"),
        UnknownSession,
        (status = 409, description = "The session has not answered yet, or too many have a name"),
        (status = 500, description = "The name holds, and could not be written down"),
    ),
)]
pub(super) async fn rename(id: &str, call: &Call) -> Response {
    let given = match call.body::<SessionName>() {
        Ok(given) => given,
        Err(refusal) => return *refusal,
    };
    let name = match names::checked(&given.name) {
        Ok(name) => name,
        Err(reason) => return answer::error(StatusCode::BAD_REQUEST, reason),
    };
    match call.context.store.rename(id, name) {
        Ok(()) => log_device(AuditKind::NamedSession, id, call),
        Err(NotNamed::Unknown) => return answer::unknown_session(),
        Err(NotNamed::NotIntroduced) => {
            let reason = "the session has not answered yet: it can be named once it has";
            return answer::error(StatusCode::CONFLICT, reason);
        }
        Err(NotNamed::Full) => {
            let reason = format!("{MAX_NAMES} sessions have a name, which is the most: take one back first");
            return answer::error(StatusCode::CONFLICT, reason);
        }
    }
    if let Err(reason) = call.context.names.save(&call.context.store).await {
        tracing::warn!("a session's name cannot be written down: {reason}");
        // The path is for the desktop alone.
        let detail = match call.audience() {
            Audience::Desktop => format!(": {reason}"),
            Audience::Device => String::new(),
        };
        let reason = format!("the name holds for as long as mirrord ui runs, and cannot be written down{detail}");
        return answer::error(StatusCode::INTERNAL_SERVER_ERROR, reason);
    }
    // As the caller sees it from now on.
    let detail = call.context.store.detail(id, call.audience());
    let name = detail.and_then(|detail| detail.summary.info.name).unwrap_or_default();
    answer::json(StatusCode::OK, &SessionName { name })
}

/// Answer of `POST /api/sessions/:id/kill` once the session took the request.
#[derive(Debug, Serialize, ToSchema)]
struct Killing {
    /// Always `killing`.
    #[schema(pattern = "^killing$")]
    status: &'static str,
}

/// Answer of 202: without `wait` the first, with it the second.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a form of the description alone")]
#[schema(as = KillAccepted)]
#[serde(untagged)]
enum Accepted {
    Killing(Killing),
    Ending(Killed),
}

impl Default for Killing {
    fn default() -> Self {
        Self { status: "killing" }
    }
}

/// Ends a session: 202 once it took the request, or the reason why it did not; with `wait`, what has become of it.
#[utoipa::path(
    post,
    path = "/api/sessions/{id}/kill",
    operation_id = "kill_session",
    tag = "sessions",
    params(SessionPath, ("wait" = inline(Option<Flag>), Query, description = "Waits for its end, at most 10 s")),
    responses(
        (status = 200, description = "With `wait`: the session has ended", body = Killed),
        (status = 202, description = "The session took the request", body = Accepted),
        UnknownSession,
        (status = 409, description = "The session has ended, or its socket is not connected to"),
        (status = 501, description = "The session has no way to end its program"),
        (status = 502, description = "The session refused, or its answer is none"),
        (status = 504, description = "The session did not answer within 10 s"),
    ),
)]
pub(super) async fn kill(id: &str, call: &Call) -> Response {
    let wait = match call.flag("wait") {
        Ok(wait) => wait,
        Err(reason) => return answer::error(StatusCode::BAD_REQUEST, reason),
    };
    match call.context.store.kill_target(id) {
        KillTarget::Unknown => answer::unknown_session(),
        KillTarget::Ended => answer::error(StatusCode::CONFLICT, "the session has ended"),
        KillTarget::Released(version, pids) => {
            let pids: Vec<_> = pids.iter().map(u32::to_string).collect();
            let version = redact::version(&version);
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
                log_device(AuditKind::EndedSession, id, call);
            }
            if wait && answer.status().is_success() {
                ended(id, call, asked).await
            } else {
                answer
            }
        }
    }
}

/// Logs the action of a device in the mirror's log.
fn log_device(kind: AuditKind, id: &str, call: &Call) {
    if let Some(device) = &call.caller.device {
        let address = call.connection.as_ref().map(|connection| connection.arrival.peer.ip());
        let mut state = call.context.mirror.lock();
        state.log(kind, address, Some(&device.id), id);
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
    let limit = KILL_TIMEOUT;
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

/// Requests the end of a session whose socket has passed the checks of a scan. Neither the status nor the text of its
/// answer is forwarded: a session is no part of this API, and a device would see its answer without redaction.
async fn forward(id: &str, call: &Call) -> Response {
    let socket = match locate(id, call).await {
        Ok(socket) => socket,
        Err(refusal) => return *refusal,
    };
    match SessionClient::new(&socket).kill().await {
        Ok(()) => answer::json(StatusCode::ACCEPTED, &Killing::default()),
        Err(ClientError::Status { status, .. }) if status == StatusCode::NOT_IMPLEMENTED => {
            answer::error(StatusCode::NOT_IMPLEMENTED, "the session has no way to end its program")
        }
        Err(ClientError::Status { status, .. }) => {
            tracing::info!(session = id, status = status.as_u16(), "the session refused to end");
            answer::error(StatusCode::BAD_GATEWAY, "the session refused to end its program")
        }
        Err(ClientError::Refused | ClientError::Gone) => answer::error(StatusCode::CONFLICT, "the session has ended"),
        Err(error @ ClientError::TimedOut { .. }) => {
            let reason = format!("{error}; a program that is stopped, as by Ctrl-Z, ends when it is continued");
            answer::error(StatusCode::GATEWAY_TIMEOUT, reason)
        }
        Err(error) => answer::error(StatusCode::BAD_GATEWAY, error.to_string()),
    }
}

/// Looks up the socket with the checks of a scan, at this moment: a link or another user's socket is not connected to.
async fn locate(id: &str, call: &Call) -> Result<SessionSocket, Box<Response>> {
    let refusal = |status, reason: &str| Box::new(answer::error(status, reason));
    let Ok(id) = SessionId::new(id) else {
        return Err(Box::new(answer::unknown_session()));
    };
    let directory = Arc::clone(&call.context.sessions_dir);
    let located = tokio::task::spawn_blocking(move || mirrord_session_client::locate(&directory, &id)).await;
    match located {
        Ok(Ok(LocatedSocket::Socket(socket))) => Ok(socket),
        Ok(Ok(LocatedSocket::Foreign(reason))) => Err(refusal(StatusCode::CONFLICT, &reason)),
        Ok(Ok(LocatedSocket::Missing)) => Err(refusal(StatusCode::CONFLICT, "the session has ended")),
        Ok(Err(error)) => {
            tracing::warn!("{error}");
            Err(refusal(StatusCode::CONFLICT, "the sessions directory cannot be used"))
        }
        Err(_) => Err(refusal(
            StatusCode::INTERNAL_SERVER_ERROR,
            "the socket could not be looked up",
        )),
    }
}
