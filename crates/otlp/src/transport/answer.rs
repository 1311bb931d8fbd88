//! Answer of an endpoint, and what it means for a request.

use std::time::Duration;

use bytes::Bytes;
use http::HeaderMap;

use crate::error::SendError;

/// Acceptance of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Accepted {
    /// Items that it refused all the same (partial success).
    pub(crate) rejected: u64,
}

/// Failure of an attempt, and whether another one is worth it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Failure {
    /// Another attempt cannot help.
    Refused(SendError),
    /// Another attempt may help, not before the time that the endpoint asks for.
    Retryable { error: SendError, after: Option<Duration> },
}

impl Failure {
    pub(super) fn retryable(error: SendError) -> Self {
        Self::Retryable { error, after: None }
    }
}

/// Answer to a request: its status line and headers, its body, its trailers.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
    pub(super) trailers: HeaderMap,
}

impl Answer {
    /// Answer whose body is longer than any of OTLP's: its status counts, and its body is none.
    pub(super) fn too_long(status: u16, headers: HeaderMap) -> Self {
        Self {
            status,
            headers,
            body: Bytes::from_static(&[0xff]),
            trailers: HeaderMap::new(),
        }
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}
