//! Flow of one direction of a relayed connection: bytes from one socket to the other, no faster than it takes them.
//!
//! Invariant: nothing is read while something read before waits to be written, so the sender is slowed to the reader's rate and
//! at most [`SCRATCH_BYTES`] are held. A connection at rest holds no buffer: bytes are read into the thread's one and
//! written from it at once; only what the other side would not take is kept. A busy one moves its bytes through a pipe,
//! where the system can, without copying them.

use std::cell::RefCell;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead as _, AsyncWrite as _, ReadBuf};
use tokio::net::tcp::{ReadHalf, WriteHalf};

#[cfg(target_os = "linux")]
use crate::pipe::{Pipe, Pipes};

/// Bytes that are read at a time, and so the most that a direction buffers.
pub(crate) const SCRATCH_BYTES: usize = 256 * 1024;
/// Bytes of one read from which on a stream is busy, and a pipe is cheaper than copying.
#[cfg(target_os = "linux")]
const BUSY_BYTES: usize = 32 * 1024;
/// Bytes after which a stream yields to the others of its thread.
const YIELD_BYTES: usize = 1024 * 1024;

thread_local! {
    static SCRATCH: RefCell<Box<[u8]>> = RefCell::new(vec![0; SCRATCH_BYTES].into_boxed_slice());
}

/// Flow of one direction.
pub(crate) struct Flow<'a> {
    from: ReadHalf<'a>,
    to: WriteHalf<'a>,
    /// Bytes that the receiver has yet to take, from `written` on.
    kept: Vec<u8>,
    written: usize,
    #[cfg(target_os = "linux")]
    pipes: &'a Pipes,
    #[cfg(target_os = "linux")]
    pipe: Option<Pipe>,
    #[cfg(target_os = "linux")]
    is_busy: bool,
    state: State,
    /// Bytes forwarded.
    pub(crate) bytes: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Open,
    /// The sender has ended; the receiver is yet to be shut down.
    Ended,
    Over,
}

/// Failure of one side, which decides what the other direction can still do.
#[derive(Debug)]
pub(crate) enum Broken {
    /// The sender failed.
    Reading(io::Error),
    /// The receiver failed; bytes that it sent before may still be read.
    Writing(io::Error),
}

impl<'a> Flow<'a> {
    pub(crate) fn new(from: ReadHalf<'a>, to: WriteHalf<'a>, #[cfg(target_os = "linux")] pipes: &'a Pipes) -> Self {
        Self {
            from,
            to,
            kept: Vec::new(),
            written: 0,
            #[cfg(target_os = "linux")]
            pipes,
            #[cfg(target_os = "linux")]
            pipe: None,
            #[cfg(target_os = "linux")]
            is_busy: false,
            state: State::Open,
            bytes: 0,
        }
    }

    /// Forwards what is there. Ready once the sender has ended and the receiver was shut down.
    pub(crate) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Broken>> {
        let turn = self.bytes;
        loop {
            ready!(self.poll_write_out(cx)).map_err(Broken::Writing)?;
            match self.state {
                State::Over => return Poll::Ready(Ok(())),
                State::Ended => {
                    ready!(Pin::new(&mut self.to).poll_shutdown(cx)).map_err(Broken::Writing)?;
                    self.state = State::Over;
                }
                State::Open => {
                    if self.bytes - turn >= YIELD_BYTES as u64 {
                        cx.waker().wake_by_ref();
                        return Poll::Pending;
                    }
                    ready!(self.poll_move(cx))?;
                }
            }
        }
    }

    /// Writes what is buffered. Ready once nothing is left.
    fn poll_write_out(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        #[cfg(target_os = "linux")]
        if let Some(pipe) = &mut self.pipe {
            while pipe.filled() > 0 {
                self.bytes += ready!(pipe.poll_drain(self.to.as_ref(), cx))? as u64;
            }
            // A pipe is held only while it holds bytes: another stream may be busy next.
            self.pipes.give_back(self.pipe.take());
        }
        while let Some(rest) = self.kept.get(self.written..).filter(|rest| !rest.is_empty()) {
            let wrote = ready!(Pin::new(&mut self.to).poll_write(cx, rest))?;
            if wrote == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.written += wrote;
            self.bytes += wrote as u64;
        }
        self.written = 0;
        self.kept = Vec::new();
        Poll::Ready(Ok(()))
    }

    /// Reads once and writes what the receiver takes at once.
    fn poll_move(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Broken>> {
        #[cfg(target_os = "linux")]
        if self.is_busy
            && let Some(pipe) = self.pipes.take()
        {
            return self.poll_fill(pipe, cx);
        }
        SCRATCH.with_borrow_mut(|scratch| self.poll_copy(scratch, cx))
    }

    fn poll_copy(&mut self, scratch: &mut [u8], cx: &mut Context<'_>) -> Poll<Result<(), Broken>> {
        let mut buffer = ReadBuf::new(scratch);
        ready!(Pin::new(&mut self.from).poll_read(cx, &mut buffer)).map_err(Broken::Reading)?;
        let read = buffer.filled();
        if read.is_empty() {
            self.state = State::Ended;
            return Poll::Ready(Ok(()));
        }
        #[cfg(target_os = "linux")]
        {
            self.is_busy = read.len() >= BUSY_BYTES;
        }
        let mut rest = read;
        while !rest.is_empty() {
            match Pin::new(&mut self.to).poll_write(cx, rest) {
                Poll::Ready(Ok(wrote)) if wrote > 0 => {
                    self.bytes += wrote as u64;
                    rest = rest.get(wrote..).unwrap_or_default();
                }
                Poll::Ready(Ok(_)) => return Poll::Ready(Err(Broken::Writing(io::ErrorKind::WriteZero.into()))),
                Poll::Ready(Err(error)) => return Poll::Ready(Err(Broken::Writing(error))),
                Poll::Pending => {
                    self.kept = rest.to_vec();
                    break;
                }
            }
        }
        Poll::Ready(Ok(()))
    }

    #[cfg(target_os = "linux")]
    fn poll_fill(&mut self, mut pipe: Pipe, cx: &mut Context<'_>) -> Poll<Result<(), Broken>> {
        let filled = match pipe.poll_fill(self.from.as_ref(), cx) {
            Poll::Ready(Ok(filled)) => filled,
            other => {
                self.pipes.give_back(Some(pipe));
                return other.map(|filled| filled.map(drop).map_err(Broken::Reading));
            }
        };
        if filled == 0 {
            self.pipes.give_back(Some(pipe));
            self.state = State::Ended;
            return Poll::Ready(Ok(()));
        }
        self.is_busy = filled >= BUSY_BYTES;
        self.pipe = Some(pipe);
        Poll::Ready(Ok(()))
    }
}

#[cfg(target_os = "linux")]
impl Drop for Flow<'_> {
    fn drop(&mut self) {
        self.pipes.give_back(self.pipe.take());
    }
}
