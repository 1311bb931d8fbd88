//! Writes answers: a head and a body for HTTP/1.1, the bare body for HTTP/0.9, and the end of a connection.
//!
//! Every write has a deadline that starts again whenever the client takes something. Knows no routes.

use std::io;
use std::time::Duration;

use serde::Serialize;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::timeout;

use crate::limits::{ANSWER_STALL, DRAIN_TIMEOUT, MAX_DRAIN_BYTES, RETRY_AFTER_SECONDS};
use crate::request::{Refusal, Version};

/// Writes a whole answer of JSON.
pub(crate) async fn answer<C, T>(connection: &mut C, version: Version, status: u16, body: &T) -> io::Result<()>
where
    C: AsyncWrite + Unpin,
    T: Serialize,
{
    answer_with(connection, version, status, "", body).await
}

/// Writes the answer to a refused request.
pub(crate) async fn refuse<C: AsyncWrite + Unpin>(connection: &mut C, refusal: &Refusal) -> io::Result<()> {
    let mut headers = String::new();
    if let Some(allow) = refusal.allow {
        headers = format!("Allow: {allow}\r\n");
    }
    if refusal.status == 503 {
        headers = format!("Retry-After: {RETRY_AFTER_SECONDS}\r\n");
    }
    answer_with(connection, refusal.version, refusal.status, &headers, &refusal.body()).await
}

async fn answer_with<C, T>(connection: &mut C, version: Version, status: u16, headers: &str, body: &T) -> io::Result<()>
where
    C: AsyncWrite + Unpin,
    T: Serialize,
{
    let mut body = serde_json::to_vec(body)?;
    body.push(b'\n');
    let mut answer = match version {
        Version::Http09 => Vec::new(),
        Version::Http1 => {
            let length = format!("Content-Length: {}\r\n{headers}", body.len());
            head(status, "application/json", &length).into_bytes()
        }
    };
    answer.append(&mut body);
    write(connection, &answer, ANSWER_STALL).await
}

/// An answer's head; `headers` are further lines, each with its end.
pub(crate) fn head(status: u16, content_type: &str, headers: &str) -> String {
    let reason = reason(status);
    format!(
        "HTTP/1.1 {status} {reason}\r\nContent-Type: {content_type}\r\n{headers}Cache-Control: no-store\r\n\
         X-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n"
    )
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        202 => "Accepted",
        400 => "Bad Request",
        404 => "Not Found",
        405 => "Method Not Allowed",
        408 => "Request Timeout",
        413 => "Content Too Large",
        431 => "Request Header Fields Too Large",
        501 => "Not Implemented",
        503 => "Service Unavailable",
        505 => "HTTP Version Not Supported",
        _ => "",
    }
}

/// Writes all of `bytes`, as long as the client takes some of them within `stall` each time.
pub(crate) async fn write<C: AsyncWrite + Unpin>(
    connection: &mut C,
    mut bytes: &[u8],
    stall: Duration,
) -> io::Result<()> {
    while !bytes.is_empty() {
        let taken = timeout(stall, connection.write(bytes)).await??;
        if taken == 0 {
            return Err(io::ErrorKind::WriteZero.into());
        }
        bytes = &bytes[taken..];
    }
    timeout(stall, connection.flush()).await?
}

/// Ends a connection so that its last answer arrives: the sending side first, then what the client still says is read
/// away, within bounds, since a socket closed with bytes unread may be reset.
pub(crate) async fn close<C: AsyncRead + AsyncWrite + Unpin>(connection: &mut C) {
    let _ = timeout(DRAIN_TIMEOUT, async {
        connection.shutdown().await?;
        let mut scratch = [0; 4096];
        let mut read = 0;
        while read < MAX_DRAIN_BYTES {
            match connection.read(&mut scratch).await? {
                0 => break,
                count => read += count,
            }
        }
        io::Result::Ok(())
    })
    .await;
}
