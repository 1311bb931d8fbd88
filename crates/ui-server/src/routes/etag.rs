//! ETag and 304 for the API: a polling client is not sent an unchanged answer again.
//!
//! The tag is a hash of the body, so it needs no bookkeeping and cannot lie; the answer is made all the same.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use http::{HeaderValue, Method, StatusCode, header};

use super::answer::Response;
use super::call::Call;
use crate::assets;

/// Adds an entity tag to a successful answer, or answers 304 where the client has it. Assets have a tag already.
pub(super) fn conditional(response: Response, call: &Call) -> Response {
    conditional_as(response, call, "")
}

/// As [`conditional`], for an answer that will be sent in a content coding: the tag is of the plain body, with a suffix for
/// the coding.
pub(super) fn conditional_as(mut response: Response, call: &Call, suffix: &str) -> Response {
    let reads = matches!(call.method, Method::GET | Method::HEAD);
    if !reads || response.status() != StatusCode::OK || response.headers().contains_key(header::ETAG) {
        return response;
    }
    let mut hasher = DefaultHasher::new();
    response.body().hash(&mut hasher);
    let (hash, length) = (hasher.finish(), response.body().len());
    let tag = format!("\"{hash:016x}-{length:x}{suffix}\"");
    let Ok(tag) = HeaderValue::try_from(tag) else {
        return response;
    };
    if assets::is_known(&call.headers, &tag) {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        response.body_mut().clear();
        response.headers_mut().remove(header::CONTENT_TYPE);
    }
    let headers = response.headers_mut();
    headers.insert(header::ETAG, tag);
    // Events are JSON or NDJSON by it. What an answer depends on besides, it has said.
    headers.append(header::VARY, HeaderValue::from_static("accept"));
    response
}
