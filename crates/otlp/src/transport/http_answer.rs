//! Answers over HTTP (OTLP specification, "OTLP/HTTP Response").

use std::time::SystemTime;

use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceResponse;
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceResponse;
use prost::Message as _;

use super::answer::{Accepted, Answer, Failure};
use super::connector::PROTOBUF;
use super::status;
use crate::backoff::retry_after;
use crate::counts::Signal;
use crate::error::SendError;

/// Judges an answer. Another attempt is worth it after 429, 502, 503 and 504 alone.
pub(super) fn judge(answer: &Answer, signal: Signal) -> Result<Accepted, Failure> {
    let code = answer.status;
    match code {
        200..300 => accepted(answer, signal).ok_or(Failure::Refused(SendError::NoAnswer)),
        429 | 502..=504 => {
            let asked = answer.header("retry-after");
            let asked = asked.and_then(|value| retry_after(value, SystemTime::now()));
            Err(Failure::Retryable {
                error: SendError::Status(code),
                after: asked.or_else(|| status::retry_delay(&answer.body)),
            })
        }
        _ => Err(Failure::Refused(SendError::Status(code))),
    }
}

/// Reads a success. Some receivers answer with an empty body or a word of text; one with a page is none.
fn accepted(answer: &Answer, signal: Signal) -> Option<Accepted> {
    let content = answer.header("content-type").unwrap_or_default();
    let content = content.split(';').next().unwrap_or_default().trim();
    match content {
        _ if answer.body.is_empty() => Some(Accepted { rejected: 0 }),
        PROTOBUF => rejected(&answer.body, signal).map(|rejected| Accepted { rejected }),
        "application/json" | "text/plain" | "" => Some(Accepted { rejected: 0 }),
        _ => None,
    }
}

/// Returns the items of a request that its answer rejects (partial success); `None` where it is no answer.
pub(super) fn rejected(body: &[u8], signal: Signal) -> Option<u64> {
    let rejected = match signal {
        Signal::Logs => {
            let answer = ExportLogsServiceResponse::decode(body).ok()?;
            answer.partial_success.map(|partial| partial.rejected_log_records)
        }
        Signal::Metrics => {
            let answer = ExportMetricsServiceResponse::decode(body).ok()?;
            answer.partial_success.map(|partial| partial.rejected_data_points)
        }
    };
    Some(rejected.and_then(|count| u64::try_from(count).ok()).unwrap_or(0))
}
