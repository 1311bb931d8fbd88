//! Content coding of long answers: gzip where the client takes it (RFC 9110, sections 8.4 and 12.5.3).
//!
//! Lists of sessions and kept events repeat themselves: a tenth of their bytes is left. An answer is whole and bounded
//! before it is compressed, off the runtime's threads. Answers with a credential in them are never compressed, since their
//! length would tell about it; WebSockets are not either, where every millisecond counts.

use std::io::Write as _;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};

use super::answer::Response;
use super::call::Call;
use super::etag;
use crate::assets::{Encoding, accepts};

/// The shortest body that is compressed, in bytes: less would not make up for the header.
const MIN_BYTES: usize = 1024;
/// The longest body that is compressed where it was made: a millisecond's work.
const MAX_BYTES_AT_ONCE: usize = 64 * 1024;
/// From here on more time buys little.
const LEVEL: u32 = 4;

/// Coding of a body for a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Coding {
    /// As it is.
    Identity,
    /// Gzip.
    Gzip,
}

impl Coding {
    fn of(response: &Response, headers: &HeaderMap) -> Self {
        let is_long = response.status() == StatusCode::OK && response.body().len() >= MIN_BYTES;
        match is_long && accepts(headers, Encoding::Gzip) {
            true => Self::Gzip,
            false => Self::Identity,
        }
    }

    /// The end of an entity tag, which is another for each coding (RFC 9110, section 8.8.3).
    pub(super) fn tag_suffix(self) -> &'static str {
        match self {
            Self::Identity => "",
            Self::Gzip => "-gzip",
        }
    }
}

/// Tags an answer as [`etag::conditional`] does, and compresses it where the client takes that and has not got it already.
pub(super) async fn compressed(response: Response, call: &Call) -> Response {
    let coding = Coding::of(&response, &call.headers);
    let mut response = etag::conditional_as(response, call, coding.tag_suffix());
    let reads = matches!(call.method, Method::GET | Method::HEAD);
    if reads && let Ok(vary) = HeaderValue::try_from("accept-encoding") {
        response.headers_mut().append(header::VARY, vary);
    }
    if coding == Coding::Identity || response.status() != StatusCode::OK {
        return response;
    }
    let body = response.body().clone();
    let body = if body.len() <= MAX_BYTES_AT_ONCE {
        gzip(&body)
    } else {
        // Only a panic in there, or the runtime's end, leads to nothing.
        tokio::task::spawn_blocking(move || gzip(&body)).await.ok().flatten()
    };
    match body {
        Some(body) => {
            *response.body_mut() = body;
            let gzip = HeaderValue::from_static(Encoding::Gzip.name());
            response.headers_mut().insert(header::CONTENT_ENCODING, gzip);
        }
        // Sent as it is, it has not the tag that it was given.
        None => drop(response.headers_mut().remove(header::ETAG)),
    }
    response
}

/// Compresses a body. Writing to memory does not fail.
fn gzip(body: &[u8]) -> Option<Bytes> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(body.len() / 8), Compression::new(LEVEL));
    encoder.write_all(body).ok()?;
    Some(encoder.finish().ok()?.into())
}
