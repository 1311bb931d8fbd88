//! Responses of the API: JSON, errors too.

use bytes::Bytes;
use http::{HeaderValue, Method, StatusCode, header};
use mirrord_wire::ApiError;
use serde::Serialize;

/// Response before it is warp's.
pub(crate) type Response = http::Response<Bytes>;

/// Builds a response with a body of a content type.
pub(crate) fn body(status: StatusCode, content_type: &'static str, body: impl Into<Bytes>) -> Response {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    let content_type = HeaderValue::from_static(content_type);
    response.headers_mut().insert(header::CONTENT_TYPE, content_type);
    response
}

/// Builds a response with a JSON body.
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

/// Builds an error response.
pub(crate) fn error(status: StatusCode, reason: impl Into<String>) -> Response {
    json(status, &ApiError { error: reason.into() })
}

/// 503 for a request that can be made again in a moment.
pub(crate) fn busy(reason: impl Into<String>) -> Response {
    let mut response = error(StatusCode::SERVICE_UNAVAILABLE, reason);
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(1));
    response
}

/// 404 for a session that is not known.
pub(crate) fn unknown_session() -> Response {
    error(StatusCode::NOT_FOUND, "there is no such session")
}

/// 405, with the allowed methods.
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
