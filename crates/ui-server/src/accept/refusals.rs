//! Hyper's own refusals in our form.
//!
//! What hyper cannot parse never becomes a request: it writes an answer of its own (400, 414, 431), with an empty body
//! and none of our headers. This stands below it and puts ours in its place: every answer of ours has a
//! Content-Security-Policy, so a head without one, at the very end of what is written, is hyper's. Nothing else is touched.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::access::headers::SecurityHeaders;

/// Longer than any of hyper's own answers, which have a status, three short headers and no body; shorter than the
/// shortest of ours.
const MAX_BARE_BYTES: usize = 256;
/// How a refusal begins.
const START: &[u8] = b"HTTP/1.1 4";
const END: &[u8] = b"\r\n\r\n";

/// A connection on which hyper speaks, and we correct it.
#[derive(Debug)]
pub(crate) struct InOurForm<S> {
    inner: S,
    headers: Arc<SecurityHeaders>,
    /// Our answer, as far as it is not written.
    answer: Vec<u8>,
}

impl<S> InOurForm<S> {
    pub(crate) fn new(inner: S, headers: Arc<SecurityHeaders>) -> Self {
        Self {
            inner,
            headers,
            answer: Vec::new(),
        }
    }
}

impl<S: AsyncWrite + Unpin> InOurForm<S> {
    fn poll_answer(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.answer.is_empty() {
            let written = ready!(Pin::new(&mut self.inner).poll_write(context, &self.answer))?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.answer.drain(..written);
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for InOurForm<S> {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_read(context, buf)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for InOurForm<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        ready!(self.poll_answer(context))?;
        match bare_refusal(buf) {
            None => Pin::new(&mut self.inner).poll_write(context, buf),
            Some((0, status)) => {
                self.answer = self.headers.bare_answer(status, "", body(status)).into_bytes();
                // What does not go out now goes out with the flush.
                match self.poll_answer(context) {
                    Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
                    _ => Poll::Ready(Ok(buf.len())),
                }
            }
            // The end of the answer before it.
            Some((before, _)) => Pin::new(&mut self.inner).poll_write(context, buf.get(..before).unwrap_or(buf)),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_answer(context))?;
        Pin::new(&mut self.inner).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_answer(context))?;
        Pin::new(&mut self.inner).poll_shutdown(context)
    }
}

/// Where in the text a refusal of hyper's begins that ends with it, and its status.
fn bare_refusal(text: &[u8]) -> Option<(usize, &str)> {
    let head = text.strip_suffix(END)?;
    let from = head.len().saturating_sub(MAX_BARE_BYTES);
    let place = head
        .get(from..)?
        .windows(START.len())
        .rposition(|window| window == START)?
        + from;
    let head = std::str::from_utf8(head.get(place..)?).ok()?;
    let (line, fields) = head.split_once("\r\n")?;
    let bare = fields.contains("content-length: 0") && !fields.contains("content-security-policy");
    bare.then_some((place, line.strip_prefix("HTTP/1.1 ")?))
}

fn body(status: &str) -> &'static str {
    match status.get(..3) {
        Some("431") => r#"{"error":"a request has at most 64 KiB and 100 lines of headers"}"#,
        Some("414") => r#"{"error":"the target is too long"}"#,
        _ => r#"{"error":"this is not an HTTP/1.1 request"}"#,
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, duplex};

    use super::*;

    const BARE: &str = "HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\ncontent-length: 0\r\n\
                        date: Fri, 20 Nov 2026 18:00:00 GMT\r\n\r\n";

    async fn sent(texts: &[&str]) -> String {
        let headers = Arc::new(SecurityHeaders::new(&[], false).unwrap());
        // A tiny pipe: nothing goes out at once.
        let (mut client, server) = duplex(7);
        let mut server = InOurForm::new(server, headers);
        let write = async {
            for text in texts {
                server.write_all(text.as_bytes()).await.unwrap();
            }
            server.shutdown().await.unwrap();
            drop(server);
        };
        let mut told = String::new();
        let (_, read) = tokio::join!(write, client.read_to_string(&mut told));
        read.unwrap();
        told
    }

    #[tokio::test]
    async fn a_refusal_of_hypers_is_told_as_ours() {
        for before in ["", "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"] {
            let told = sent(&[&format!("{before}{BARE}")]).await;
            let ours = told.strip_prefix(before).unwrap();
            assert!(
                ours.starts_with("HTTP/1.1 431 Request Header Fields Too Large\r\n"),
                "{ours}"
            );
            assert!(ours.contains("content-security-policy: default-src 'self'"), "{ours}");
            assert!(ours.ends_with(r#"{"error":"a request has at most 64 KiB and 100 lines of headers"}"#));
            assert_eq!(ours.matches("content-length").count(), 1);
        }
    }

    #[tokio::test]
    async fn nothing_else_is_touched() {
        let headers = SecurityHeaders::new(&[], false).unwrap();
        let ours = headers.bare_answer("404 Not Found", "", "");
        for text in [
            ours.as_str(),
            "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\n\r\n",
            "[\"HTTP/1.1 400 Bad Request\"]\r\n\r\n",
            &BARE[..BARE.len() - 1],
        ] {
            assert_eq!(sent(&[text]).await, text);
        }
    }
}
