//! Routes of records: one that is opened, one that is downloaded, a recording, a comparison of two sessions.

use std::io::{self, Write};
use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderValue, StatusCode, header};
use mirrord_record::RecordError;
use mirrord_wire::ApiError;
use mirrord_wire::api::{Comparison, RecordOpened, Recording, RecordingSwitch};
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use super::answer::{self, Response};
use super::call::Call;
use super::openapi::{SessionPath, UnknownSession};
use crate::limits;
use crate::records::compare::{self, NotCompared, Side};
use crate::records::file::RecordFile;
use crate::records::{kept, names};
use crate::replay::Replay;
use crate::store::Key;

/// Opens a record that is sent: it becomes a session that has ended. The body was received before.
#[utoipa::path(
    post,
    path = "/api/records",
    operation_id = "open_record",
    tag = "records",
    params(("name" = Option<String>, Query, description = "Name of the file, for people")),
    request_body(content = String, content_type = "application/octet-stream", description = "The record, plain or compressed"),
    responses(
        (status = 201, description = "The session that it is", body = RecordOpened),
        (status = 400, description = "It is no record, or one of a later format", body = ApiError),
        (status = 409, description = "So many records are open, which is the most", body = ApiError),
        (status = 413, description = "It is larger than 1 GiB", body = ApiError),
        (status = 415, description = "The body is not of that type", body = ApiError),
        (status = 500, description = "It cannot be written or read", body = ApiError),
        (status = 503, description = "Others are being sent", body = ApiError),
        (status = 507, description = "All that were sent take too much room", body = ApiError),
    ),
)]
pub(super) async fn upload(call: &Call) -> Response {
    let Some(file) = &call.upload else {
        return answer::error(StatusCode::BAD_REQUEST, "the body is the record");
    };
    let name = names::shown(call.query.get("name").map_or("", String::as_str));
    let record = RecordFile::temporary(Arc::clone(file), name);
    match open(record, call).await {
        Ok(opened) => opened,
        Err(error) => answer::error(StatusCode::BAD_REQUEST, error.to_string()),
    }
}

/// Opens a record and begins to read it into the store.
///
/// # Errors
/// It is no record, or one of a later format.
pub(super) async fn open(record: RecordFile, call: &Call) -> Result<Response, RecordError> {
    let context = &call.context;
    if context.store.replays() >= limits::MAX_OPEN_RECORDS {
        let reason = format!(
            "{} records are open, which is the most: dismiss a session of one first",
            limits::MAX_OPEN_RECORDS
        );
        return Ok(answer::error(StatusCode::CONFLICT, reason));
    }
    let opened = spawn_blocking(move || Replay::open(Arc::new(record))).await;
    let replay = match opened {
        Ok(opened) => opened?,
        Err(error) => return Ok(answer::error(StatusCode::INTERNAL_SERVER_ERROR, error.to_string())),
    };
    let (store, shutdown) = (Arc::clone(&context.store), context.shutdown.clone());
    let (sender, receiver) = tokio::sync::oneshot::channel();
    context.tracker.spawn_blocking(move || {
        replay.load(&store, &shutdown, |id| {
            // Who asked may be gone by now.
            sender.send(id.to_string()).ok();
        });
    });
    Ok(match receiver.await {
        Ok(session_id) => answer::json(StatusCode::CREATED, &RecordOpened { session_id }),
        Err(_) => answer::error(StatusCode::INTERNAL_SERVER_ERROR, "the record could not be shown"),
    })
}

/// Returns the record of what is kept of a session, as a download, without values of variables.
#[utoipa::path(
    get,
    path = "/api/sessions/{id}/record",
    operation_id = "session_record",
    tag = "records",
    params(SessionPath),
    responses(
        (status = 200, description = "Record", body = String, content_type = "application/x-ndjson"),
        (status = 409, description = "The session has not answered yet", body = ApiError),
        (status = 500, description = "It cannot be written", body = ApiError),
        UnknownSession,
    ),
)]
pub(super) async fn download(id: &str, call: &Call) -> Response {
    let Some(key) = find(id, call) else {
        return answer::unknown_session();
    };
    let store = Arc::clone(&call.context.store);
    let made = spawn_blocking(move || kept::record(&store, key, false)).await;
    let record = match made
        .map_err(io::Error::other)
        .map(|made| made.map_err(io::Error::other))
    {
        Ok(Ok(Some(record))) => record,
        Ok(Ok(None)) => return not_answered(),
        Ok(Err(error)) | Err(error) => {
            return answer::error(StatusCode::INTERNAL_SERVER_ERROR, error.to_string());
        }
    };
    let mut response = answer::body(StatusCode::OK, "application/x-ndjson", record);
    // An id is of letters, digits, `.`, `_` and `-`.
    if let Ok(value) = HeaderValue::try_from(format!("attachment; filename=\"{id}.ndjson\"")) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, value);
    }
    response
}

/// Begins to record a session to a file on the server's machine, or ends that.
#[utoipa::path(
    put,
    path = "/api/sessions/{id}/recording",
    operation_id = "record_session",
    tag = "records",
    params(SessionPath),
    request_body = RecordingSwitch,
    responses(
        (status = 200, description = "Recording", body = Recording),
        (status = 400, description = "The body is not one", body = ApiError),
        (status = 409, description = "The session has ended, or has not answered yet", body = ApiError),
        (status = 500, description = "The file cannot be made", body = ApiError),
        UnknownSession,
    ),
)]
pub(super) async fn switch_recording(id: &str, call: &Call) -> Response {
    let wanted = match call.body::<RecordingSwitch>() {
        Ok(wanted) => wanted,
        Err(refusal) => return *refusal,
    };
    let Some(key) = find(id, call) else {
        return answer::unknown_session();
    };
    let store = &call.context.store;
    if store.lock().get(key).is_none_or(|session| session.ended_ts.is_some()) {
        return answer::error(
            StatusCode::CONFLICT,
            "the session has ended: what is kept of it can be downloaded",
        );
    }
    let recordings = &call.context.records.recordings;
    if !wanted.on {
        return answer::json(StatusCode::OK, &recordings.end(key).await);
    }
    if store.record_info(key).is_none() {
        return not_answered();
    }
    match recordings.begin(key).await {
        Ok(recording) => answer::json(StatusCode::OK, &recording),
        Err(reason) => answer::error(StatusCode::INTERNAL_SERVER_ERROR, reason),
    }
}

/// Compares two sessions.
#[utoipa::path(
    get,
    path = "/api/diff",
    operation_id = "compare_sessions",
    tag = "records",
    params(
        ("a" = String, Query, description = "Id of the first session", format = "mirrord-session-id"),
        ("b" = String, Query, description = "Id of the second session", format = "mirrord-session-id"),
    ),
    responses(
        (status = 200, description = "Comparison", body = Comparison),
        (status = 400, description = "An id is missing", body = ApiError),
        (status = 404, description = "There is no such session", body = ApiError),
        (status = 409, description = "A session has not answered yet", body = ApiError),
        (status = 422, description = "A record cannot be read, or they differ in more than an answer takes", body = ApiError),
        (status = 503, description = "It takes too long, or another comparison goes on", body = ApiError),
    ),
)]
pub(super) async fn diff(call: &Call) -> Response {
    let sides = match (side("a", call), side("b", call)) {
        (Ok(a), Ok(b)) => [a, b],
        (Err(refusal), _) | (_, Err(refusal)) => return *refusal,
    };
    let comparisons = &call.context.records.comparisons;
    let Ok(Ok(_turn)) = timeout(limits::SEARCH_QUEUE_TIMEOUT, comparisons.acquire()).await else {
        let reason = "another comparison takes its time: ask again once it is there";
        return answer::busy(reason);
    };
    let (store, shutdown) = (Arc::clone(&call.context.store), call.context.shutdown.clone());
    let compared = spawn_blocking(move || compare::sessions(&store, sides, &shutdown).map(|own| written(&own)));
    match compared.await {
        Ok(Ok(response)) => response,
        Ok(Err(NotCompared::Missing)) => not_answered(),
        Ok(Err(NotCompared::Unreadable(reason))) => answer::error(StatusCode::UNPROCESSABLE_ENTITY, reason),
        Ok(Err(NotCompared::TooLong)) => {
            let reason = format!(
                "comparing them takes more than {} s: `mirrord diff` takes its time",
                limits::COMPARISON_TIMEOUT.as_secs()
            );
            answer::error(StatusCode::SERVICE_UNAVAILABLE, reason)
        }
        Err(error) => answer::error(StatusCode::INTERNAL_SERVER_ERROR, error.to_string()),
    }
}

/// Finds a session that a query names.
fn side(name: &str, call: &Call) -> Result<Side, Box<Response>> {
    let Some(id) = call.query.get(name) else {
        let reason = format!("`{name}` is the id of a session");
        return Err(Box::new(answer::error(StatusCode::BAD_REQUEST, reason)));
    };
    let Some(key) = find(id, call) else {
        let reason = format!("`{name}` is no session that is here");
        return Err(Box::new(answer::error(StatusCode::NOT_FOUND, reason)));
    };
    Ok(Side { id: id.clone(), key })
}

/// Writes a comparison, within its bound.
fn written(comparison: &Comparison) -> Response {
    let mut text = Bounded(Vec::new());
    match serde_json::to_writer(&mut text, comparison) {
        Ok(()) => answer::body(StatusCode::OK, "application/json", Bytes::from(text.0)),
        Err(_) => {
            let reason = "they differ in more than one answer takes: `mirrord diff` prints all of it";
            answer::error(StatusCode::UNPROCESSABLE_ENTITY, reason)
        }
    }
}

/// Text of at most [`limits::MAX_COMPARISON_BYTES`].
struct Bounded(Vec<u8>);

impl Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() + bytes.len() > limits::MAX_COMPARISON_BYTES {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn find(id: &str, call: &Call) -> Option<Key> {
    call.context.store.lock().key(id)
}

fn not_answered() -> Response {
    answer::error(
        StatusCode::CONFLICT,
        "the session has not answered yet: nothing is known of it",
    )
}
