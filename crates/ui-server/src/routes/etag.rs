//! ETag and 304 for the API: who asks again and again is not sent again what has not changed.
//!
//! The tag is a hash of the body, so it needs no bookkeeping and cannot lie; the answer is made all the same.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use http::{HeaderValue, Method, StatusCode, header};

use super::Call;
use super::answer::Response;
use super::encoding::Coding;
use crate::assets;

/// Tags what was asked for and found, or says that the client has it already. Assets come with a tag of their own.
pub(super) fn conditional(response: Response, call: &Call) -> Response {
    conditional_as(response, call, Coding::Identity)
}

/// As [`conditional`], of an answer that will be sent in a coding: the tag is of the plain body and names the coding.
pub(super) fn conditional_as(mut response: Response, call: &Call, coding: Coding) -> Response {
    let reads = matches!(call.method, Method::GET | Method::HEAD);
    if !reads || response.status() != StatusCode::OK || response.headers().contains_key(header::ETAG) {
        return response;
    }
    let mut hasher = DefaultHasher::new();
    response.body().hash(&mut hasher);
    let (hash, length, suffix) = (hasher.finish(), response.body().len(), coding.tag_suffix());
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
