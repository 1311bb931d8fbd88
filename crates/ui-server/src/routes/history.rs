//! Routes of the history: the list, the setting, one record.

use http::{Method, StatusCode};
use mirrord_wire::api::HistorySwitch;

use super::answer::{self, Response};
use super::call::Call;
use super::records;
use crate::records::file::RecordFile;

/// Longest query, in bytes.
const MAX_QUERY_BYTES: usize = 1024;

/// Handles `GET /api/history[?q=WORDS]` and `PUT /api/history`.
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

async fn switch(call: &Call) -> Response {
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

/// Handles `DELETE /api/history/:file`.
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

/// Handles `POST /api/history/:file/open`.
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
