//! Errors of a sessions directory and of a session. None repeats what a peer sent.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use http::StatusCode;

use crate::platform::system;

/// Sessions directory that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("the sessions directory {} {reason}", path.display())]
#[non_exhaustive]
pub struct DirectoryError {
    /// Path of the directory.
    pub path: PathBuf,
    /// Fault, as a predicate: "is a symbolic link".
    pub reason: String,
}

/// Failure of a request to a session.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ClientError {
    /// Nothing listens: the socket is stale, or its host has yet to listen.
    #[error("connecting was refused")]
    Refused,
    /// The socket's file does not exist any more.
    #[error("the socket is gone")]
    Gone,
    /// Connecting failed otherwise, which does not mean that the session has ended.
    #[error("connecting failed: {0}")]
    Connect(#[source] io::Error),
    /// No complete answer came in time.
    #[error("no answer to {path} within {} s", limit.as_secs())]
    TimedOut {
        /// Route of the request.
        path: &'static str,
        /// Time that the session had.
        limit: Duration,
    },
    /// The answer is not HTTP, or ended early. Holds the route.
    #[error("its answer to {0} is not HTTP, or broke off")]
    NotHttp(&'static str),
    /// The answer is longer than a session's may be.
    #[error("its answer to {path} is longer than {limit} bytes")]
    TooLong {
        /// Route of the request.
        path: &'static str,
        /// Bytes that are read.
        limit: usize,
    },
    /// The answer has another status than success.
    #[error("it answers {path} with {status}")]
    Status {
        /// Route of the request.
        path: &'static str,
        /// Status of the answer.
        status: StatusCode,
    },
    /// The answer to `/info` or `/state` has another form than a session's.
    #[error("its answer to {0} is not a session's")]
    NotASession(&'static str),
    /// The event stream has too many lines in a row that are no events.
    #[error("its event stream is not one")]
    NotAStream,
}

impl ClientError {
    /// Returns whether this process has no file descriptor or no memory left, which says nothing about the session.
    #[must_use]
    pub fn is_resource_exhaustion(&self) -> bool {
        matches!(self, Self::Connect(error) if system::is_resource_exhaustion(error))
    }

    /// Returns whether the connection broke off or could not be made, as when a host ends.
    #[must_use]
    pub fn is_disconnect(&self) -> bool {
        matches!(self, Self::Refused | Self::Gone | Self::NotHttp(_))
    }
}
