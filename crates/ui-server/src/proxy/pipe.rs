//! Bytes from socket to socket through a pipe, by splice(2): the kernel hands pages on, and nobody copies them.
//!
//! Invariant: a pipe is filled only when it is empty, with at most [`FILL_BYTES`]; a pipe that still holds something is
//! never lent again. Where there are no more pipes, streams are copied.

use std::io;
use std::os::fd::OwnedFd;
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use rustix::pipe::{PipeFlags, SpliceFlags, fcntl_setpipe_size, pipe_with, splice};
use tokio::io::Interest;
use tokio::net::TcpStream;

/// The pipes at one time; a stream beyond them is copied.
const MAX_PIPES: usize = 64;
/// What a pipe is made for. Each page of it holds a piece of the network's, however small; a user without rights may have
/// 64 MiB of them in all (pipe(7), `pipe-user-pages-soft`).
const PIPE_BYTES: usize = 512 * 1024;
/// The bytes that are put in at a time.
const FILL_BYTES: usize = 256 * 1024;

/// The process's pipes, lent to whoever is busy.
#[derive(Debug, Default)]
pub(super) struct Pipes(Mutex<Lent>);

#[derive(Debug, Default)]
struct Lent {
    free: Vec<Pipe>,
    made: usize,
}

impl Pipes {
    /// An empty pipe, where there is one to have.
    pub(super) fn take(&self) -> Option<Pipe> {
        let mut lent = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(pipe) = lent.free.pop() {
            return Some(pipe);
        }
        if lent.made >= MAX_PIPES {
            return None;
        }
        let pipe = Pipe::new()
            .inspect_err(|error| tracing::debug!(%error, "no pipe"))
            .ok()?;
        lent.made += 1;
        Some(pipe)
    }

    /// Takes a pipe back; one that is not empty is closed, with what is in it.
    pub(super) fn give_back(&self, pipe: Option<Pipe>) {
        let Some(pipe) = pipe else { return };
        let mut lent = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if pipe.filled == 0 {
            lent.free.push(pipe);
        } else {
            lent.made = lent.made.saturating_sub(1);
        }
    }
}

/// One pipe.
#[derive(Debug)]
pub(super) struct Pipe {
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

    pub(super) fn filled(&self) -> usize {
        self.filled
    }

    /// Takes what the socket has; zero at its end. For an empty pipe alone: of a full one the system says the same as of
    /// a socket that has nothing.
    pub(super) fn poll_fill(&mut self, from: &TcpStream, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
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

    /// Gives the socket what it takes.
    pub(super) fn poll_drain(&mut self, to: &TcpStream, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
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
