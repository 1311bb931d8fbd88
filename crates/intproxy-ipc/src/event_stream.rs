//! Streams `/events` to one reader: a batch is copied, written, and only then the next is looked at.
//!
//! Invariant: between two lines of a stream every number is accounted for, by an event or by a `Lagged` line. A reader
//! that takes nothing is waited for, alone, and then let go; it holds up no other.

use std::io;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::{Instant, sleep, sleep_until, timeout};
use tokio_util::sync::CancellationToken;

use crate::http;
use crate::limits::{GONE_PROBE, HEARTBEAT, READER_STALL};
use crate::session_core::Reader;
use crate::transport::Connection;

/// Writes events until the client goes or, once `closing` says so, until the client has all there is.
pub(crate) async fn stream<C: Connection>(
    connection: &mut C,
    mut reader: Reader<'_>,
    closing: &CancellationToken,
) -> io::Result<()> {
    let mut sending = Sending::Open;
    let mut heartbeat = Instant::now() + HEARTBEAT;
    loop {
        // Made anew each time: a reader that waits holds no memory.
        let batch = reader.next();
        if !batch.is_empty() {
            http::write(connection, &batch, READER_STALL).await?;
            heartbeat = Instant::now() + HEARTBEAT;
            continue;
        }
        tokio::select! {
            // First, so that the last events are written before the end of the session is looked at.
            biased;
            () = reader.more() => {}
            () = closing.cancelled() => {
                reader.catch_up();
                let batch = reader.next();
                if batch.is_empty() {
                    return Ok(());
                }
                http::write(connection, &batch, READER_STALL).await?;
            }
            gone = sending.watch(connection) => gone?,
            () = sleep_until(heartbeat) => {
                let mut beat = Vec::new();
                reader.framing.heartbeat(&mut beat, reader.seq());
                http::write(connection, &beat, READER_STALL).await?;
                heartbeat = Instant::now() + HEARTBEAT;
            }
        }
    }
}

/// The client's sending side, which says nothing that matters here. It is read for its end alone.
enum Sending {
    Open,
    Closed,
}

impl Sending {
    /// Resolves with an error when the client is gone, and with `Ok` when it has said something, to be called again. A
    /// client that has closed its sending side may go on reading (`echo GET /events | nc -U …`), so its end proves
    /// nothing by itself; but writing nothing fails once the client has closed its other side, too.
    async fn watch<C: Connection>(&mut self, connection: &mut C) -> io::Result<()> {
        match self {
            Self::Open => {
                if connection.read(&mut [0; 1024]).await? == 0 {
                    *self = Self::Closed;
                    probe(connection).await?;
                }
            }
            Self::Closed => {
                sleep(GONE_PROBE).await;
                probe(connection).await?;
            }
        }
        Ok(())
    }
}

/// A client whose buffer is full cannot be asked this way; then the write that waits for it will tell.
async fn probe<C: Connection>(connection: &mut C) -> io::Result<()> {
    timeout(GONE_PROBE, connection.write(&[]))
        .await
        .map_or(Ok(()), |written| written.map(drop))
}
