//! Errors: of settings, for people, and of one attempt to send, for counts and the log.
//!
//! Invariant: no text holds a header's value or anything that the endpoint sent.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

/// Error of the settings, before anything is sent.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SettingsError {
    /// The endpoint is none.
    #[error("the endpoint {0}")]
    Endpoint(&'static str),
    /// The protocol is unknown.
    #[error("the protocol is `grpc` or `http/protobuf`")]
    Protocol,
    /// A variable has a value that cannot be used.
    #[error("{name}: {reason}")]
    Variable {
        /// Its name.
        name: &'static str,
        /// The reason, without its value.
        reason: String,
    },
    /// A file of certificates cannot be used.
    #[error("the certificates in {path}: {source}")]
    Certificates {
        /// The file.
        path: PathBuf,
        /// The reason.
        source: io::Error,
    },
    /// The system has no certificates that an endpoint's could be checked with.
    #[error("no certificates of this system can be read; name a file of them in OTEL_EXPORTER_OTLP_CERTIFICATE")]
    NoCertificates,
    /// TLS cannot be set up.
    #[error("TLS cannot be set up")]
    Tls(#[source] tokio_rustls::rustls::Error),
}

/// Failure of one attempt to send.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub(crate) enum SendError {
    #[error("the endpoint cannot be reached: {0}")]
    Unreachable(io::ErrorKind),
    #[error("the endpoint cannot be reached: its name does not resolve to an address")]
    Unresolved,
    #[error("no TLS connection to the endpoint: its certificate is not trusted, or it does not speak TLS")]
    Tls,
    #[error("the endpoint did not answer within {}", time(*.0))]
    Timeout(Duration),
    #[error("the endpoint is busy and asks to wait for {}, which is longer than there is at the end", time(*.0))]
    AsksToWait(Duration),
    #[error("the connection broke off")]
    Broken,
    /// No gRPC connection has had an answer yet.
    #[error(
        "the connection broke off before any answer: it may not speak gRPC; http:// and mostly port 4318 are OTLP over HTTP"
    )]
    BrokenGrpc,
    #[error("the endpoint answered with HTTP status {0}")]
    Status(u16),
    #[error("the endpoint answered with gRPC status {0}{name}", name = grpc_name(*.0))]
    Grpc(u32),
    #[error("the endpoint's answer is none of OTLP: is it a receiver of this protocol?")]
    NoAnswer,
}

/// Text of a time: `250 ms`, `5 s`, `7.5 s`.
fn time(time: Duration) -> String {
    match time.as_millis() {
        millis @ ..1_000 => format!("{millis} ms"),
        _ => format!("{} s", (time.as_secs_f64() * 10.0).round() / 10.0),
    }
}

/// Words of the gRPC codes that an endpoint answers with most.
fn grpc_name(code: u32) -> &'static str {
    match code {
        3 => " (invalid argument)",
        4 => " (deadline exceeded)",
        7 => " (permission denied)",
        8 => " (resource exhausted)",
        12 => " (unimplemented)",
        13 => " (internal)",
        14 => " (unavailable)",
        16 => " (unauthenticated)",
        _ => "",
    }
}
