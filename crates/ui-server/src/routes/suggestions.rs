//! `GET /api/sessions/:id/suggestions`: changes of a session's config that its events suggest.
//!
//! Computed for each request from the events that can be read, one request at a time: parts of them are read in turn, and taken
//! in on a thread for blocking work. Devices are not answered: a change repeats the config, which they are not shown.

use http::StatusCode;
use mirrord_what_if::Run;
use mirrord_wire::ApiError;
use mirrord_wire::api::Suggestions;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use super::answer::{self, Response};
use super::call::Call;
use super::event_lines::EventLines;
use super::openapi::{SessionPath, UnknownSession};
use super::scrub;
use crate::clock;
use crate::limits;
use crate::store::{Configured, Key, Lines};

/// Requests that are computed at a time; the others wait.
static COMPUTING: Semaphore = Semaphore::const_new(1);

/// Suggests changes of a session's config, from its events.
#[utoipa::path(
    get,
    path = "/api/sessions/{id}/suggestions",
    operation_id = "session_suggestions",
    tag = "sessions",
    params(
        SessionPath,
        ("at" = Option<u64>, Query, description = "Number of an event of a record: suggestions as of that moment", maximum = 18_446_744_073_709_551_615_u64),
    ),
    responses(
        (status = 200, description = "Suggestions, or the reason why there are none", body = Suggestions),
        (status = 409, description = "The record of the session is gone, or has changed since it was read", body = ApiError),
        (status = 503, description = "Reading the record takes too long", body = ApiError),
        UnknownSession,
        (status = 500, description = "They could not be computed"),
    ),
)]
pub(super) async fn suggestions(id: &str, call: &Call) -> Response {
    let at = match scrub::at(call) {
        Ok(at) => at,
        Err(refusal) => return *refusal,
    };
    let Some((key, configured)) = call.context.store.configured(id) else {
        return answer::unknown_session();
    };
    if let Some(refusal) = at.and_then(|_| scrub::record(call, key).err()) {
        return *refusal;
    }
    if let Some(reason) = mirrord_what_if::obstacle(&configured.config, configured.source.as_ref()) {
        return answer::json(StatusCode::OK, &reason.answer());
    }
    let Ok(_permit) = COMPUTING.acquire().await else {
        return failed();
    };
    let computed = compute(call, key, configured, at).await;
    computed.map_or_else(
        |refusal| *refusal,
        |suggestions| answer::json(StatusCode::OK, &suggestions),
    )
}

fn failed() -> Response {
    answer::error(
        StatusCode::INTERNAL_SERVER_ERROR,
        "the suggestions could not be computed",
    )
}

/// Reads the events up to `at`, or to the newest one, and suggests.
async fn compute(call: &Call, key: Key, own: Configured, at: Option<u64>) -> Result<Suggestions, Box<Response>> {
    let until = at.map_or(own.newest, |at| at.min(own.newest));
    let mut run = Run::bounded(limits::MAX_SUGGESTION_OPERATIONS);
    let (mut events, mut after) = (EventLines::new(call, key), 0);
    while let Some(lines) = events.next(after, until).await? {
        after = lines.last().map_or(until, |(seq, _)| *seq);
        run = blocking(move || with_lines(run, &lines)).await?;
    }
    // Of a moment that has passed nothing is still to come.
    let now = (!own.has_ended && at.is_none()).then(clock::now_micros);
    blocking(move || mirrord_what_if::suggest_for(run, own.config, own.source.as_ref(), until, now)).await
}

fn with_lines(mut run: Run, lines: &Lines) -> Run {
    lines.iter().for_each(|(_, line)| run.add(line.as_bytes()));
    run
}

async fn blocking<T: Send + 'static>(compute: impl FnOnce() -> T + Send + 'static) -> Result<T, Box<Response>> {
    spawn_blocking(compute).await.map_err(|_| Box::new(failed()))
}
