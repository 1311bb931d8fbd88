//! Routes of the history: the list, the setting, one record.

use http::{Method, StatusCode};
use mirrord_wire::ApiError;
use mirrord_wire::api::{History, HistorySwitch, RecordOpened};

use super::answer::{self, Response};
use super::call::Call;
use super::openapi::HistoryPath;
use super::records;
use crate::records::file::RecordFile;

/// Longest query, in bytes.
const MAX_QUERY_BYTES: usize = 1024;

/// Lists the sessions that were kept as records, and whether sessions are kept.
#[utoipa::path(
    get,
    path = "/api/history",
    operation_id = "history",
    tag = "records",
    params(("q" = Option<String>, Query, description = "Words of a name, a target, a command or an id", max_length = 1024)),
    responses(
        (status = 200, description = "History", body = History),
        (status = 400, description = "`q` is too long", body = ApiError),
    ),
)]
pub(super) async fn all(call: &Call) -> Response {
    let history = &call.context.records.history;
    if call.method == Method::PUT {
        return switch(call).await;
    }
    let query = call.query.get("q").map_or("", String::as_str);
    if query.len() > MAX_QUERY_BYTES {
        return answer::error(StatusCode::BAD_REQUEST, "`q` is a few words, of at most 1 KiB");
    }
    answer::json(StatusCode::OK, &history.answer(query).await)
}

/// Turns the history on or off.
#[utoipa::path(
    put,
    path = "/api/history",
    operation_id = "keep_history",
    tag = "records",
    request_body = HistorySwitch,
    responses(
        (status = 200, description = "History", body = History),
        (status = 400, description = "The body is not one", body = ApiError),
        (status = 500, description = "The setting cannot be written down", body = ApiError),
    ),
)]
pub(super) async fn switch(call: &Call) -> Response {
    let wanted = match call.body::<HistorySwitch>() {
        Ok(wanted) => wanted,
        Err(refusal) => return *refusal,
    };
    let history = &call.context.records.history;
    if let Err(reason) = history.enable(wanted.enabled).await {
        let reason = format!("this holds for as long as mirrord ui runs, and cannot be written down: {reason}");
        return answer::error(StatusCode::INTERNAL_SERVER_ERROR, reason);
    }
    answer::json(StatusCode::OK, &history.answer("").await)
}

/// Deletes a record of the history.
#[utoipa::path(
    delete,
    path = "/api/history/{id}",
    operation_id = "delete_kept",
    tag = "records",
    params(HistoryPath),
    responses(
        (status = 204, description = "It is no more"),
        (status = 404, description = "The history has no such record", body = ApiError),
        (status = 500, description = "It cannot be removed", body = ApiError),
    ),
)]
pub(super) async fn delete(file: &str, call: &Call) -> Response {
    match call.context.records.history.delete(file).await {
        Ok(true) => {
            let mut response = Response::default();
            *response.status_mut() = StatusCode::NO_CONTENT;
            response
        }
        Ok(false) => unknown(),
        Err(reason) => answer::error(StatusCode::INTERNAL_SERVER_ERROR, reason),
    }
}

/// Opens a record of the history: it becomes a session that has ended.
#[utoipa::path(
    post,
    path = "/api/history/{id}/open",
    operation_id = "open_kept",
    tag = "records",
    params(HistoryPath),
    responses(
        (status = 201, description = "The session that it is", body = RecordOpened),
        (status = 404, description = "The history has no such record", body = ApiError),
        (status = 409, description = "It cannot be read, or so many are open, which is the most", body = ApiError),
        (status = 500, description = "It cannot be shown", body = ApiError),
    ),
)]
pub(super) async fn open(file: &str, call: &Call) -> Response {
    // Looked up in the list, and never made a path of otherwise.
    let Some(path) = call.context.records.history.path(file) else {
        return unknown();
    };
    match records::open(RecordFile::new(&path), call).await {
        Ok(opened) => opened,
        Err(error) => answer::error(StatusCode::CONFLICT, error.to_string()),
    }
}

fn unknown() -> Response {
    answer::error(StatusCode::NOT_FOUND, "the history has no such record")
}
