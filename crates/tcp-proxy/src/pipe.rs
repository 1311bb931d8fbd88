//! Pipes that move bytes from socket to socket by `splice(2)`, without copying them.
//!
//! Invariant: a pipe is filled only when it is empty, with at most [`FILL_BYTES`]; a pipe that still holds bytes is never
//! used by another stream. Where there are no more pipes, streams are copied.

use std::io;
use std::os::fd::OwnedFd;
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use rustix::pipe::{PipeFlags, SpliceFlags, fcntl_setpipe_size, pipe_with, splice};
use tokio::io::Interest;
use tokio::net::TcpStream;

/// Maximum of pipes; a stream beyond them is copied.
const MAX_PIPES: usize = 64;
/// Capacity of a pipe. Each of its pages holds one piece from the network, however small; an unprivileged user may have
/// 64 MiB of them in all (`pipe(7)`, `pipe-user-pages-soft`).
const PIPE_BYTES: usize = 512 * 1024;
/// Bytes that a pipe is filled with at a time.
const FILL_BYTES: usize = 256 * 1024;

/// Pool of pipes for busy streams.
#[derive(Debug, Default)]
pub(crate) struct Pipes(Mutex<Pool>);

#[derive(Debug, Default)]
struct Pool {
    free: Vec<Pipe>,
    made: usize,
}

impl Pipes {
    /// Takes an empty pipe, or makes one below the maximum.
    pub(crate) fn take(&self) -> Option<Pipe> {
        let mut pool = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(pipe) = pool.free.pop() {
            return Some(pipe);
        }
        if pool.made >= MAX_PIPES {
            return None;
        }
        let pipe = Pipe::new()
            .inspect_err(|error| tracing::debug!(%error, "no pipe"))
            .ok()?;
        pool.made += 1;
        Some(pipe)
    }

    /// Returns a pipe to the pool; one that is not empty is closed, with its bytes.
    pub(crate) fn give_back(&self, pipe: Option<Pipe>) {
        let Some(pipe) = pipe else { return };
        let mut pool = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if pipe.filled == 0 {
            pool.free.push(pipe);
        } else {
            pool.made = pool.made.saturating_sub(1);
        }
    }
}

/// Pipe, and the number of bytes in it.
#[derive(Debug)]
pub(crate) struct Pipe {
    reader: OwnedFd,
    writer: OwnedFd,
    filled: usize,
}

impl Pipe {
    fn new() -> io::Result<Self> {
        let (reader, writer) = pipe_with(PipeFlags::NONBLOCK | PipeFlags::CLOEXEC)?;
        // A smaller one does as well, in more steps.
        if let Err(error) = fcntl_setpipe_size(&writer, PIPE_BYTES) {
            tracing::debug!(%error, "a pipe stays small");
        }
        Ok(Self {
            reader,
            writer,
            filled: 0,
        })
    }

    pub(crate) fn filled(&self) -> usize {
        self.filled
    }

    /// Fills an empty pipe from a socket; zero at the end of the stream. Of a full pipe the system reports the same as of a
    /// socket that has nothing.
    pub(crate) fn poll_fill(&mut self, from: &TcpStream, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        debug_assert_eq!(self.filled, 0, "a pipe is filled when it is empty");
        loop {
            ready!(from.poll_read_ready(cx))?;
            match from.try_io(Interest::READABLE, || moved(from, &self.writer, FILL_BYTES)) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                taken => {
                    let taken = taken?;
                    self.filled = taken;
                    return Poll::Ready(Ok(taken));
                }
            }
        }
    }

    /// Drains the pipe to a socket, as far as it takes the bytes.
    pub(crate) fn poll_drain(&mut self, to: &TcpStream, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        loop {
            ready!(to.poll_write_ready(cx))?;
            match to.try_io(Interest::WRITABLE, || moved(&self.reader, to, self.filled)) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                given => {
                    let given = given?;
                    if given == 0 {
                        return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
                    }
                    self.filled = self.filled.saturating_sub(given);
                    return Poll::Ready(Ok(given));
                }
            }
        }
    }
}

fn moved(from: impl std::os::fd::AsFd, to: impl std::os::fd::AsFd, most: usize) -> io::Result<usize> {
    loop {
        match splice(&from, None, &to, None, most, SpliceFlags::NONBLOCK | SpliceFlags::MOVE) {
            Err(rustix::io::Errno::INTR) => {}
            moved => return Ok(moved?),
        }
    }
}
