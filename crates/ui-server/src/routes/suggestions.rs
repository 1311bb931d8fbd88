//! `GET /api/sessions/:id/suggestions`: changes of a session's config that its events suggest.
//!
//! Computed for each request from the kept events, on a thread for blocking work, one request at a time. Devices are
//! not answered: a change repeats the config, which they are not shown.

use http::StatusCode;
use mirrord_what_if::Run;
use mirrord_wire::api::Suggestions;
use tokio::sync::Semaphore;

use super::answer::{self, Response};
use super::call::Call;
use super::openapi::{SessionPath, UnknownSession};
use crate::clock;
use crate::limits;
use crate::store::ring::Place;
use crate::store::{Audience, Configured};

/// Requests that are computed at a time; the others wait.
static COMPUTING: Semaphore = Semaphore::const_new(1);

/// Suggests changes of a session's config, from its kept events.
#[utoipa::path(
    get,
    path = "/api/sessions/{id}/suggestions",
    operation_id = "session_suggestions",
    tag = "sessions",
    params(SessionPath),
    responses(
        (status = 200, description = "Suggestions, or the reason why there are none", body = Suggestions),
        UnknownSession,
        (status = 500, description = "They could not be computed"),
    ),
)]
pub(super) async fn suggestions(id: &str, call: &Call) -> Response {
    let Some((key, configured)) = call.context.store.configured(id) else {
        return answer::unknown_session();
    };
    if let Some(reason) = mirrord_what_if::obstacle(&configured.config, configured.source.as_ref()) {
        return answer::json(StatusCode::OK, &reason.answer());
    }
    let Ok(permit) = COMPUTING.acquire().await else {
        return failed();
    };
    let (mut lines, mut after) = (Vec::new(), 0);
    let newest = loop {
        let copied = {
            let mut sessions = call.context.store.lock();
            let place = Place {
                seq: after,
                suppressed: 0,
            };
            let Some(newest) = sessions.get(key).map(|session| session.ring.end().seq) else {
                return answer::unknown_session();
            };
            let run = sessions.run(key, place, limits::MAX_BATCH_BYTES, Audience::Desktop);
            let copied = run.map(|run| {
                let text: Vec<&str> = run.lines().map(|(_, line)| line).collect();
                (text.join("\n"), run.last.seq)
            });
            copied.ok_or(newest)
        };
        match copied {
            Ok((text, last)) => {
                lines.push(text);
                after = last;
            }
            Err(newest) => break newest,
        }
        // A long history must not keep the others waiting.
        tokio::task::yield_now().await;
    };
    let computed = tokio::task::spawn_blocking(move || {
        let _permit = permit;
        compute(&configured, &lines, newest)
    });
    match computed.await {
        Ok(suggestions) => answer::json(StatusCode::OK, &suggestions),
        Err(_) => failed(),
    }
}

fn failed() -> Response {
    answer::error(
        StatusCode::INTERNAL_SERVER_ERROR,
        "the suggestions could not be computed",
    )
}

fn compute(own: &Configured, lines: &[String], newest: u64) -> Suggestions {
    let mut run = Run::bounded(limits::MAX_SUGGESTION_OPERATIONS);
    lines.iter().for_each(|text| run.add(text.as_bytes()));
    let now = (!own.has_ended).then(clock::now_micros);
    mirrord_what_if::suggest_for(run, own.config.clone(), own.source.as_ref(), newest, now)
}
