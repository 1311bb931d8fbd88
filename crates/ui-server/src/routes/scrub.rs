//! A session's record as a time line: `GET /api/sessions/:id/timeline`, and `?at=SEQ` of a session, which is the session as it
//! was right after that event.

use std::sync::Arc;

use http::StatusCode;
use mirrord_wire::ApiError;
use mirrord_wire::api::Timeline;

use super::answer::{self, Response};
use super::call::Call;
use super::event_lines::{busy, read_record};
use super::openapi::SessionPath;
use crate::scrub::{RecordSource, past};
use crate::store::{Audience, Key, Session};

/// Returns the events of a record over time.
#[utoipa::path(
    get,
    path = "/api/sessions/{id}/timeline",
    operation_id = "session_timeline",
    tag = "sessions",
    params(SessionPath),
    responses(
        (status = 200, description = "Timeline", body = Timeline),
        (status = 404, description = "There is no such session, or it comes from no record", body = ApiError),
    ),
)]
pub(super) fn timeline(id: &str, call: &Call) -> Response {
    let store = &call.context.store;
    let Some(key) = store.lock().key(id) else {
        return answer::unknown_session();
    };
    match store.record(key) {
        Some(record) => answer::json(StatusCode::OK, &record.progress().timeline.timeline()),
        None => answer::error(
            StatusCode::NOT_FOUND,
            "the session comes from no record: it has no timeline",
        ),
    }
}

/// Session as it was.
pub(super) struct Past {
    pub(super) key: Key,
    pub(super) session: Session,
}

/// Parses `at`; `None` where it is not given.
pub(super) fn at(call: &Call) -> Result<Option<u64>, Box<Response>> {
    let Some(text) = call.query.get("at") else {
        return Ok(None);
    };
    if call.audience() == Audience::Device {
        let reason = "a session as it was is shown on the desktop alone";
        return Err(Box::new(answer::error(StatusCode::FORBIDDEN, reason)));
    }
    text.parse().map(Some).map_err(|_| {
        let reason = "`at` is the number of an event";
        Box::new(answer::error(StatusCode::BAD_REQUEST, reason))
    })
}

/// Returns the record that a session comes from: `at` is for those alone.
pub(super) fn record(call: &Call, key: Key) -> Result<Arc<RecordSource>, Box<Response>> {
    call.context.store.record(key).ok_or_else(|| {
        let reason =
            "`at` is for a session that comes from a record: of this one, the state of now is all that is known";
        Box::new(answer::error(StatusCode::BAD_REQUEST, reason))
    })
}

/// Computes a session as it was right after an event of its record; beyond the last event it is as it was at the end.
pub(super) async fn past(id: &str, at: u64, call: &Call) -> Result<Past, Box<Response>> {
    let store = &call.context.store;
    let key = store.lock().key(id);
    let Some(key) = key else {
        return Err(Box::new(answer::unknown_session()));
    };
    let record = record(call, key)?;
    let progress = record.progress();
    if progress.info.loading && at > progress.info.last_seq {
        let last = progress.info.last_seq;
        return Err(busy(&format!(
            "the record is being read, and is at event {last}; try again"
        )));
    }
    let Some((mut session, is_it)) = store.past(key, at) else {
        return Err(busy("the record is being read; try again"));
    };
    if !is_it {
        let read = move || past::advance(session, &progress, at);
        session = read_record(call, &record, read).await?;
        store.remember_past(key, at, session.checkpoint());
    }
    Ok(Past { key, session })
}
