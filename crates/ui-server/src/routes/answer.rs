//! Answers in the one form that the API has: JSON, errors too.

use bytes::Bytes;
use http::{HeaderValue, Method, StatusCode, header};
use mirrord_wire::ApiError;
use serde::Serialize;

/// An answer before it is warp's.
pub(crate) type Response = http::Response<Bytes>;

/// A body of a type.
pub(crate) fn body(status: StatusCode, content_type: &'static str, body: impl Into<Bytes>) -> Response {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    let content_type = HeaderValue::from_static(content_type);
    response.headers_mut().insert(header::CONTENT_TYPE, content_type);
    response
}

/// A value as JSON.
pub(crate) fn json<T: Serialize + ?Sized>(status: StatusCode, value: &T) -> Response {
    match serde_json::to_vec(value) {
        Ok(text) => body(status, "application/json", text),
        Err(error) => {
            tracing::error!(%error, "an answer could not be written");
            body(
                StatusCode::INTERNAL_SERVER_ERROR,
                "application/json",
                r#"{"error":"the answer could not be written"}"#,
            )
        }
    }
}

/// An error, as every error is told.
pub(crate) fn error(status: StatusCode, reason: impl Into<String>) -> Response {
    json(status, &ApiError { error: reason.into() })
}

/// 405, with what is allowed.
pub(crate) fn method_not_allowed(methods: &[Method]) -> Response {
    let allowed: Vec<_> = methods.iter().map(Method::as_str).collect();
    let mut response = error(
        StatusCode::METHOD_NOT_ALLOWED,
        format!("this route takes {}", allowed.join(", ")),
    );
    if let Ok(allowed) = HeaderValue::try_from(allowed.join(", ")) {
        response.headers_mut().insert(header::ALLOW, allowed);
    }
    response
}
