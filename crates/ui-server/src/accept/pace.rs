//! A deadline for answers: who does not take what was asked for is closed, and what was kept for it is let go.
//!
//! While something waits to be written, [`limits::MIN_WRITE_BYTES`] have to go out in each [`limits::WRITE_TIMEOUT`]; a
//! connection on which nothing waits may be silent as long as it likes. A WebSocket is let off from its 101 on: it has
//! its pongs, and keeps nothing for a reader that lags.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep};

use crate::limits;

/// A connection whose other end has to keep pace.
#[derive(Debug)]
pub(super) struct Paced<S> {
    inner: S,
    /// Set once it has become a WebSocket.
    is_let_off: Arc<AtomicBool>,
    /// The end of the time that runs, and what has gone out in it; while something waits.
    waiting: Option<Pin<Box<Sleep>>>,
    written: usize,
}

impl<S> Paced<S> {
    pub(super) fn new(inner: S, is_let_off: Arc<AtomicBool>) -> Self {
        Self {
            inner,
            is_let_off,
            waiting: None,
            written: 0,
        }
    }

    /// Something waits: whether it may go on waiting.
    fn may_wait(&mut self, context: &mut Context<'_>) -> io::Result<()> {
        if self.is_let_off.load(Ordering::Relaxed) {
            return Ok(());
        }
        let waiting = self
            .waiting
            .get_or_insert_with(|| Box::pin(sleep(limits::WRITE_TIMEOUT)));
        while waiting.as_mut().poll(context).is_ready() {
            if self.written < limits::MIN_WRITE_BYTES {
                return Err(io::Error::new(
                    io::ErrorKind::TimedOut,
                    "the answer was not taken in time",
                ));
            }
            self.written = 0;
            waiting.as_mut().reset(Instant::now() + limits::WRITE_TIMEOUT);
        }
        Ok(())
    }

    fn at_rest(&mut self) {
        self.waiting = None;
        self.written = 0;
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Paced<S> {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_read(context, buf)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Paced<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        match Pin::new(&mut self.inner).poll_write(context, buf) {
            Poll::Pending => match self.may_wait(context) {
                Ok(()) => Poll::Pending,
                Err(error) => Poll::Ready(Err(error)),
            },
            Poll::Ready(Ok(wrote)) => {
                self.written = self.written.saturating_add(wrote);
                Poll::Ready(Ok(wrote))
            }
            failed => failed,
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match Pin::new(&mut self.inner).poll_flush(context) {
            Poll::Pending => match self.may_wait(context) {
                Ok(()) => Poll::Pending,
                Err(error) => Poll::Ready(Err(error)),
            },
            flushed => {
                // All that was to be written has gone out.
                self.at_rest();
                flushed
            }
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, duplex};
    use tokio::time::timeout;

    use super::*;

    const LONG: usize = 10 * limits::MIN_WRITE_BYTES;
    const PIPE: usize = 1024;

    fn paced() -> (DuplexStream, Paced<DuplexStream>, Arc<AtomicBool>) {
        let (client, server) = duplex(PIPE);
        let is_let_off = Arc::<AtomicBool>::default();
        let server = Paced::new(server, Arc::clone(&is_let_off));
        (client, server, is_let_off)
    }

    /// Takes so many bytes and then waits, again and again.
    async fn take(mut client: DuplexStream, bytes: usize, every: Duration) {
        let mut some = vec![0; bytes];
        while client.read_exact(&mut some).await.is_ok() {
            sleep(every).await;
        }
    }

    #[tokio::test(start_paused = true)]
    async fn who_takes_nothing_or_next_to_nothing_is_given_up() {
        let half = limits::WRITE_TIMEOUT / 2;
        for (bytes, every) in [(1, Duration::MAX), (1, half), (limits::MIN_WRITE_BYTES / 4, half)] {
            let (client, mut server, _) = paced();
            let reader = tokio::spawn(take(client, bytes, every));
            let began = Instant::now();
            let error = server.write_all(&[0; LONG]).await.unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::TimedOut, "{bytes} every {every:?}");
            assert!(began.elapsed() <= 2 * limits::WRITE_TIMEOUT, "{:?}", began.elapsed());
            reader.abort();
        }
    }

    #[tokio::test(start_paused = true)]
    async fn who_is_slow_gets_it_whole() {
        let (client, mut server, _) = paced();
        let reader = tokio::spawn(take(client, limits::MIN_WRITE_BYTES, limits::WRITE_TIMEOUT / 2));
        server.write_all(&[0; LONG]).await.unwrap();
        server.flush().await.unwrap();
        reader.abort();
    }

    #[tokio::test(start_paused = true)]
    async fn silence_between_two_answers_is_no_fault() {
        let (mut client, mut server, _) = paced();
        let mut some = [0; 2 * PIPE];
        for _ in 0..3 {
            let (wrote, read) = tokio::join!(server.write_all(&[0; 2 * PIPE]), client.read_exact(&mut some));
            wrote.unwrap();
            read.unwrap();
            server.flush().await.unwrap();
            sleep(3 * limits::WRITE_TIMEOUT).await;
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_websocket_has_its_own_rules() {
        let (_client, mut server, is_let_off) = paced();
        is_let_off.store(true, Ordering::Relaxed);
        let waited = timeout(10 * limits::WRITE_TIMEOUT, server.write_all(&[0; LONG])).await;
        assert!(waited.is_err(), "it waits");
    }
}
