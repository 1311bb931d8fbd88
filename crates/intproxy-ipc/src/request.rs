//! Reads one request: the subset of HTTP/1.1 (RFC 9112) that this socket speaks, and the bare line of HTTP/0.9.
//!
//! Every read has a size, and the caller gives the whole of it a deadline. Deliberately absent: chunked bodies, keeping
//! the connection, percent-decoding (no route needs it), and any text of the peer's in an error.

use std::io;

use mirrord_wire::ApiError;
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio_util::bytes::{Buf, BytesMut};
use tokio_util::codec::{Decoder, LinesCodec, LinesCodecError};

use crate::limits::{MAX_BODY_BYTES, MAX_REQUEST_LINE_BYTES, MAX_REQUEST_LINES};

/// HTTP version of the request, and so of the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Version {
    /// `GET /path` alone: the answer is the bare body.
    Http09,
    /// With headers both ways.
    Http1,
}

/// A request that was understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Request {
    pub(crate) version: Version,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) headers: Headers,
}

/// The headers that mean something here.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Headers {
    pub(crate) content_length: Option<usize>,
    pub(crate) accepts_event_stream: bool,
    pub(crate) last_event_id: Option<String>,
}

/// A request that is refused, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) version: Version,
    pub(crate) status: u16,
    pub(crate) error: &'static str,
    /// `Allow` of the answer to a refused method (RFC 9110, section 15.5.6).
    pub(crate) allow: Option<&'static str>,
}

impl Refusal {
    pub(crate) fn new(version: Version, status: u16, error: &'static str) -> Self {
        Self {
            version,
            status,
            error,
            allow: None,
        }
    }

    pub(crate) fn method(version: Version, allow: &'static str) -> Self {
        Self {
            allow: Some(allow),
            ..Self::new(version, 405, "this route does not take that method")
        }
    }

    pub(crate) fn body(&self) -> ApiError {
        ApiError {
            error: self.error.to_owned(),
        }
    }
}

/// Why there is no request.
#[derive(Debug)]
pub(crate) enum Unread {
    /// The client gets an answer.
    Refused(Refusal),
    /// The client is gone, or sent nothing.
    Gone,
}

impl From<Refusal> for Unread {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// Reads one request, its body included, and leaves what comes behind it alone.
pub(crate) async fn read<C: AsyncRead + Unpin>(connection: &mut C) -> Result<Request, Unread> {
    let mut lines = Lines::new();
    let first = match lines.next(connection, Version::Http1).await? {
        // One empty line before a request is to be forgiven (RFC 9112, section 2.2).
        Some(line) if line.is_empty() => lines.next(connection, Version::Http1).await?,
        line => line,
    };
    let Some(first) = first else {
        return Err(Unread::Gone);
    };
    let mut request = request_line(&first)?;
    if request.version == Version::Http09 {
        return Ok(request);
    }
    loop {
        match lines.next(connection, Version::Http1).await? {
            Some(line) if line.is_empty() => break,
            Some(line) => header(&line, &mut request.headers)?,
            None => return Err(malformed("the request ended before its headers did").into()),
        }
    }
    lines
        .skip_body(connection, request.headers.content_length.unwrap_or(0))
        .await?;
    Ok(request)
}

/// The lines of a request's head, and the bytes that were read beyond them.
struct Lines {
    codec: LinesCodec,
    buffer: BytesMut,
    count: usize,
}

impl Lines {
    fn new() -> Self {
        Self {
            codec: LinesCodec::new_with_max_length(MAX_REQUEST_LINE_BYTES),
            buffer: BytesMut::new(),
            count: 0,
        }
    }

    /// The next line without its end; `None` where the client sent nothing more. A line that breaks off is an error: what
    /// is missing of it could change what it means.
    async fn next<C: AsyncRead + Unpin>(
        &mut self,
        connection: &mut C,
        version: Version,
    ) -> Result<Option<String>, Unread> {
        if self.count > MAX_REQUEST_LINES {
            return Err(Refusal::new(version, 431, "a request has at most 64 lines").into());
        }
        self.count += 1;
        loop {
            match self.codec.decode(&mut self.buffer) {
                Ok(Some(line)) => return Ok(Some(line)),
                Ok(None) => {}
                Err(LinesCodecError::MaxLineLengthExceeded) => {
                    return Err(Refusal::new(version, 431, "a line of a request has at most 8192 bytes").into());
                }
                Err(LinesCodecError::Io(_)) => return Err(malformed("the request is not UTF-8").into()),
            }
            match read_some(connection, &mut self.buffer).await? {
                0 if self.buffer.is_empty() => return Ok(None),
                0 => return Err(malformed("the request ended within a line").into()),
                _ => {}
            }
        }
    }

    async fn skip_body<C: AsyncRead + Unpin>(&mut self, connection: &mut C, length: usize) -> Result<(), Unread> {
        let mut left = length;
        loop {
            let here = left.min(self.buffer.len());
            self.buffer.advance(here);
            left -= here;
            if left == 0 {
                return Ok(());
            }
            if read_some(connection, &mut self.buffer).await? == 0 {
                return Err(malformed("the request ended before its body did").into());
            }
        }
    }
}

async fn read_some<C: AsyncRead + Unpin>(connection: &mut C, buffer: &mut BytesMut) -> Result<usize, Unread> {
    const READ_BYTES: usize = 1024;
    buffer.reserve(READ_BYTES);
    connection.read_buf(buffer).await.map_err(|_: io::Error| Unread::Gone)
}

fn malformed(error: &'static str) -> Refusal {
    Refusal::new(Version::Http1, 400, error)
}

fn request_line(line: &str) -> Result<Request, Refusal> {
    let mut words = line.split_ascii_whitespace();
    let (Some(method), Some(target)) = (words.next(), words.next()) else {
        return Err(malformed("a request is a method, a path and a version"));
    };
    let version = match (words.next(), words.next()) {
        (None, _) => Version::Http09,
        (Some("HTTP/1.1" | "HTTP/1.0"), None) => Version::Http1,
        (Some(version), None) if is_http_version(version) => {
            return Err(Refusal::new(Version::Http1, 505, "this socket speaks HTTP/1.1"));
        }
        _ => return Err(malformed("a request is a method, a path and a version")),
    };
    let malformed = |error| Refusal::new(version, 400, error);
    if !method.bytes().all(is_token_byte) {
        return Err(malformed("the method is not one"));
    }
    let Some(target) = origin_form(target) else {
        return Err(malformed("the path is not one"));
    };
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    Ok(Request {
        version,
        method: method.to_owned(),
        path: path.to_owned(),
        query: query.to_owned(),
        headers: Headers::default(),
    })
}

fn is_http_version(word: &str) -> bool {
    matches!(word.as_bytes(), [b'H', b'T', b'T', b'P', b'/', major, b'.', minor]
        if major.is_ascii_digit() && minor.is_ascii_digit())
}

/// The path and query of a target, which a client may have sent with a scheme and a host (RFC 9112, section 3.2.2).
fn origin_form(target: &str) -> Option<&str> {
    let path = match target.strip_prefix("http://") {
        Some(rest) => &rest[rest.find('/')?..],
        None => target,
    };
    (path.starts_with('/') && path.bytes().all(|byte| byte.is_ascii_graphic())).then_some(path)
}

fn header(line: &str, headers: &mut Headers) -> Result<(), Refusal> {
    let Some((name, value)) = line.split_once(':') else {
        return Err(malformed("a header is a name, a colon and a value"));
    };
    // A space before the colon or at the line's beginning would be read in two ways by two readers (RFC 9112, section 5).
    if name.is_empty() || !name.bytes().all(is_token_byte) {
        return Err(malformed("the name of a header is not one"));
    }
    let value = value.trim_matches([' ', '\t']);
    if value
        .chars()
        .any(|character| character.is_control() && character != '\t')
    {
        return Err(malformed("the value of a header has a control character"));
    }
    if name.eq_ignore_ascii_case("transfer-encoding") {
        return Err(Refusal::new(
            Version::Http1,
            501,
            "a body is sent with Content-Length here",
        ));
    }
    if name.eq_ignore_ascii_case("content-length") {
        let length = content_length(value)?;
        if headers.content_length.is_some_and(|own| own != length) {
            return Err(malformed("two values of Content-Length contradict each other"));
        }
        headers.content_length = Some(length);
    }
    if name.eq_ignore_ascii_case("accept") {
        headers.accepts_event_stream |= accepts_event_stream(value);
    }
    if name.eq_ignore_ascii_case("last-event-id") {
        headers.last_event_id = Some(value.to_owned());
    }
    Ok(())
}

fn content_length(value: &str) -> Result<usize, Refusal> {
    if value.is_empty() || !value.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(malformed("the value of Content-Length is not a number"));
    }
    // Digits alone that do not fit are a number all the same, and too large a one.
    match value.parse() {
        Ok(length) if length <= MAX_BODY_BYTES => Ok(length),
        _ => Err(Refusal::new(Version::Http1, 413, "a body has at most 65536 bytes")),
    }
}

fn accepts_event_stream(value: &str) -> bool {
    value.split(',').any(|part| {
        let kind = part.split(';').next().unwrap_or_default();
        kind.trim().eq_ignore_ascii_case("text/event-stream")
    })
}

/// RFC 9110, section 5.6.2.
fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}
