//! A unary call of gRPC over HTTP/2: the frame of its message, and the status in its trailers
//! (grpc/doc/PROTOCOL-HTTP2.md).

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use bytes::{BufMut as _, Bytes, BytesMut};

use super::answer::{Accepted, Answer, Failure};
use super::{http_answer, status};
use crate::counts::Signal;
use crate::error::SendError;

/// Bytes before a message: whether it is compressed, and its length.
const PREFIX_BYTES: usize = 5;

const OK: u32 = 0;
const RESOURCE_EXHAUSTED: u32 = 8;
/// Codes after which another attempt is worth it: cancelled, deadline exceeded, aborted, out of range, unavailable, data loss.
const RETRYABLE: [u32; 6] = [1, 4, 10, 11, 14, 15];

/// Frames a message, not compressed.
pub(crate) fn frame(message: &[u8]) -> Bytes {
    let mut framed = BytesMut::with_capacity(PREFIX_BYTES + message.len());
    framed.put_u8(0);
    framed.put_u32(u32::try_from(message.len()).unwrap_or(u32::MAX));
    framed.put_slice(message);
    framed.freeze()
}

/// Returns the message of a frame.
fn unframe(framed: &[u8]) -> Option<&[u8]> {
    let (prefix, message) = framed.split_at_checked(PREFIX_BYTES)?;
    let [0, length @ ..] = prefix else { return None };
    let length = u32::from_be_bytes(length.try_into().ok()?);
    (message.len() == length as usize).then_some(message)
}

/// Judges an answer. Its status is in the trailers, or in the headers where there is no message.
pub(super) fn judge(answer: &Answer, signal: Signal) -> Result<Accepted, Failure> {
    let field = |name: &str| {
        let value = answer.trailers.get(name).or_else(|| answer.headers.get(name));
        value.and_then(|value| value.to_str().ok())
    };
    let Some(code) = field("grpc-status").and_then(|code| code.trim().parse().ok()) else {
        return Err(without_status(answer));
    };
    let details = field("grpc-status-details-bin").and_then(decode);
    let after = details.as_deref().and_then(status::retry_delay);
    match code {
        OK => {
            let rejected = unframe(&answer.body).and_then(|message| http_answer::rejected(message, signal));
            let rejected = rejected.ok_or(Failure::Refused(SendError::NoAnswer))?;
            Ok(Accepted { rejected })
        }
        _ if RETRYABLE.contains(&code) || (code == RESOURCE_EXHAUSTED && after.is_some()) => Err(Failure::Retryable {
            error: SendError::Grpc(code),
            after,
        }),
        _ => Err(Failure::Refused(SendError::Grpc(code))),
    }
}

/// Judges an answer of something on the way that speaks HTTP and no gRPC (grpc/doc/http-grpc-status-mapping.md).
fn without_status(answer: &Answer) -> Failure {
    match answer.status {
        200..300 => Failure::Refused(SendError::NoAnswer),
        429 | 502..=504 => Failure::retryable(SendError::Status(answer.status)),
        code => Failure::Refused(SendError::Status(code)),
    }
}

/// Decodes a binary header, with padding or without.
fn decode(value: &str) -> Option<Vec<u8>> {
    STANDARD.decode(value).or_else(|_| STANDARD_NO_PAD.decode(value)).ok()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use http::HeaderMap;

    use super::*;

    fn answer(code: &str, details: Option<&[u8]>, body: &[u8]) -> Answer {
        let mut trailers = HeaderMap::new();
        trailers.insert("grpc-status", code.parse().unwrap());
        if let Some(details) = details {
            let details = STANDARD_NO_PAD.encode(details);
            trailers.insert("grpc-status-details-bin", details.parse().unwrap());
        }
        Answer {
            status: 200,
            headers: HeaderMap::new(),
            body: Bytes::copy_from_slice(body),
            trailers,
        }
    }

    #[test]
    fn a_frame_has_its_length_and_one_of_another_length_is_none() {
        let framed = frame(b"abc");
        assert_eq!(&framed[..], b"\0\0\0\0\x03abc");
        assert_eq!(unframe(&framed), Some(&b"abc"[..]));
        for broken in [&framed[..7], &framed[..3], b"\x01\0\0\0\x03abc", b""] {
            assert_eq!(unframe(broken), None);
        }
    }

    #[test]
    fn the_code_decides_and_an_exhausted_one_only_where_it_names_a_time() {
        let judge = |answer: &Answer| judge(answer, Signal::Logs);
        let empty = frame(b"");
        assert_eq!(judge(&answer("0", None, &empty)), Ok(Accepted { rejected: 0 }));
        let none = Err(Failure::Refused(SendError::NoAnswer));
        assert_eq!(judge(&answer("0", None, b"<html>")), none);
        assert_eq!(
            judge(&answer("14", None, b"")),
            Err(Failure::retryable(SendError::Grpc(14)))
        );
        for refused in [3, 7, 12, 13, 16, RESOURCE_EXHAUSTED] {
            let refusal = Err(Failure::Refused(SendError::Grpc(refused)));
            assert_eq!(judge(&answer(&refused.to_string(), None, b"")), refusal);
        }
        let after = Duration::from_millis(7_250);
        let details = status::asking_to_wait(after);
        let waits = Err(Failure::Retryable {
            error: SendError::Grpc(RESOURCE_EXHAUSTED),
            after: Some(after),
        });
        assert_eq!(judge(&answer("8", Some(&details), b"")), waits);
    }

    #[test]
    fn what_speaks_no_grpc_is_no_receiver() {
        let mut page = answer("0", None, b"<html>");
        page.trailers.clear();
        assert_eq!(judge(&page, Signal::Logs), Err(Failure::Refused(SendError::NoAnswer)));
        page.status = 503;
        assert_eq!(
            judge(&page, Signal::Metrics),
            Err(Failure::retryable(SendError::Status(503)))
        );
        page.status = 404;
        assert_eq!(
            judge(&page, Signal::Logs),
            Err(Failure::Refused(SendError::Status(404)))
        );
    }
}
