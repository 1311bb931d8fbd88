//! Routes of sessions: the list, one of them, its name, and its dismissal.

use http::{Method, StatusCode};
use mirrord_wire::ApiError;
use mirrord_wire::api::{Connections, SessionDetail, SessionName, SessionSummary};
use mirrord_wire::mirror::AuditKind;
use mirrord_wire::session::summary::Answers;

use super::answer::{self, Response};
use super::call::Call;
use super::event_search::{self, Search};
use super::openapi::{Flag, Moments, RefusedFilter, SessionPath, UnknownSession};
use super::scrub;
use crate::mirror::redact;
use crate::store::names::{self, MAX_NAMES};
use crate::store::{Audience, NotDismissed, NotNamed, Session};

/// Lists the sessions, in the order in which they appeared.
#[utoipa::path(
    get,
    path = "/api/sessions",
    operation_id = "list_sessions",
    tag = "sessions",
    params(
        ("ended" = inline(Option<Flag>), Query, description = "Those that have ended and are kept, too"),
        ("key" = Option<String>, Query, description = "Those that share this key alone; not for devices", format = "mirrord-key"),
    ),
    responses(
        (status = 200, description = "Sessions", body = [SessionSummary]),
        (status = 403, description = "Keys are shown on the desktop alone", body = ApiError),
    ),
)]
pub(super) fn list(call: &Call) -> Response {
    let ended = match call.flag("ended") {
        Ok(ended) => ended,
        Err(reason) => return answer::error(StatusCode::BAD_REQUEST, reason),
    };
    let key = call.query.get("key").map(String::as_str);
    // Whether a key is there is what a device would find out.
    if key.is_some() && call.audience() == Audience::Device {
        return answer::error(StatusCode::FORBIDDEN, "keys are shown on the desktop alone");
    }
    let store = &call.context.store;
    let summaries = match key {
        None => store.summaries(ended, call.audience()),
        Some(key) => {
            let is_wanted =
                |session: &Session| (ended || session.ended_ts.is_none()) && session.mirrord_key() == Some(key);
            store.summaries_where(is_wanted, call.audience())
        }
    };
    answer::json(StatusCode::OK, &summaries)
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

/// Logs the action of a device in the mirror's log.
pub(super) fn log_device(kind: AuditKind, id: &str, call: &Call) {
    if let Some(device) = &call.caller.device {
        let address = call.connection.as_ref().map(|connection| connection.arrival.peer.ip());
        let mut state = call.context.mirror.lock();
        state.log(kind, address, Some(&device.id), id);
    }
}
