//! Events of a session through broken connections, until the session ends.

use mirrord_session_client::{Backoff, ClientError, EventBatch, EventStream, SessionClient, StreamItem};
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use super::error::SessionError;

/// Connections in a row that bring nothing, after which a session that still accepts them counts as unresponsive.
const MAX_IDLE_CONNECTIONS: u32 = 5;

/// Reader of a session's events, each piece once and in order.
pub(crate) struct SessionEvents {
    client: SessionClient,
    id: String,
    /// Number of the newest event.
    position: u64,
    stream: Option<EventStream>,
    was_connected: bool,
    /// Connections in a row that brought nothing.
    idle: u32,
    backoff: Backoff,
    retry_at: Option<Instant>,
    /// Cancelled where the session is known to have ended: there is nothing to pause for.
    ended: CancellationToken,
}

impl SessionEvents {
    /// Creates a reader of the events after number `since`; connects to nothing yet.
    pub(crate) fn new(client: SessionClient, id: String, since: u64) -> Self {
        Self {
            client,
            id,
            position: since,
            stream: None,
            was_connected: false,
            idle: 0,
            backoff: Backoff::default(),
            retry_at: None,
            ended: CancellationToken::new(),
        }
    }

    /// Returns the token of who knows when the session has ended, and spares this reader the pause before it looks.
    pub(crate) fn ended(&self) -> CancellationToken {
        self.ended.clone()
    }

    /// Connects, so that nothing that happens from now on is missed, however soon the session ends.
    ///
    /// # Errors
    /// As [`SessionEvents::next`].
    pub(crate) async fn connect(&mut self) -> Result<(), SessionError> {
        match self.client.events(self.position).await {
            Ok(stream) => {
                self.stream = Some(stream);
                self.was_connected = true;
                Ok(())
            }
            Err(error) => Err(SessionError::of_request(&self.id, &error)),
        }
    }

    /// Waits for the next piece, which may have no lines; `None` once the session has ended. Cancel-safe.
    ///
    /// # Errors
    /// The session does not answer as one.
    pub(crate) async fn next(&mut self) -> Result<Option<EventBatch>, SessionError> {
        loop {
            if let Some(stream) = &mut self.stream {
                match stream.next_batch().await {
                    Ok(Some(batch)) => {
                        let batch = std::mem::take(batch);
                        if let Some(newest) = newest(&batch) {
                            (self.position, self.idle) = (newest, 0);
                            self.backoff.reset();
                        }
                        return Ok(Some(batch));
                    }
                    Ok(None) => self.disconnected()?,
                    Err(error) => return Err(SessionError::of_request(&self.id, &error)),
                }
            }
            if let Some(at) = self.retry_at {
                tokio::select! {
                    () = sleep_until(at) => {}
                    () = self.ended.cancelled() => {}
                }
                self.retry_at = None;
            }
            match self.client.events(self.position).await {
                Ok(stream) => (self.stream, self.was_connected) = (Some(stream), true),
                Err(ClientError::Refused | ClientError::Gone) => return Ok(None),
                // A host that ends accepts connections and answers none.
                Err(error) if self.was_connected && error.is_disconnect() => {
                    if self.idle > 1 {
                        return Ok(None);
                    }
                    self.disconnected()?;
                }
                Err(error) => return Err(SessionError::of_request(&self.id, &error)),
            }
        }
    }

    /// Schedules the next connection.
    fn disconnected(&mut self) -> Result<(), SessionError> {
        self.stream = None;
        self.idle += 1;
        if self.idle > MAX_IDLE_CONNECTIONS {
            return Err(SessionError::Unresponsive {
                id: self.id.clone(),
                reason: "its event stream breaks off again and again".to_owned(),
            });
        }
        self.retry_at = Some(Instant::now() + self.backoff.delay());
        Ok(())
    }
}

/// Returns the number up to which a piece goes; `None` of a piece without lines.
pub(super) fn newest(batch: &EventBatch) -> Option<u64> {
    let numbers = batch.iter().map(|item| match item {
        StreamItem::Event(line, _) => line.seq,
        StreamItem::Lagged { to, .. } => to,
    });
    numbers.last()
}
