//! One connection over a named pipe, made to behave as the protocol expects of a connection.
//!
//! A pipe has no half-close: its end is the client's end, and is an error here; shutting down our side alone is refused,
//! and the connection is closed instead. What was written stays readable to the client after that.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use interprocess::os::windows::named_pipe::pipe_mode::Bytes;
use interprocess::os::windows::named_pipe::tokio::DuplexPipeStream;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// A client's connection.
pub(crate) struct Pipe(DuplexPipeStream<Bytes>);

impl Pipe {
    pub(super) fn new(stream: DuplexPipeStream<Bytes>) -> Self {
        Self(stream)
    }
}

impl AsyncRead for Pipe {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.0).poll_read(context, buffer))?;
        if buffer.filled().len() == before && buffer.remaining() > 0 {
            return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()));
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Pipe {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(context, bytes)
    }

    /// To flush a pipe is to wait until its client has read everything, which nothing here may wait for.
    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Err(io::ErrorKind::Unsupported.into()))
    }
}

impl Drop for Pipe {
    fn drop(&mut self) {
        // Otherwise a thread would keep the pipe until a client that may never read has read.
        self.0.assume_flushed();
    }
}
