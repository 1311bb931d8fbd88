//! Events that a session keeps, up to the newest one of the moment at which they were asked for.

use mirrord_session_client::{EventBatch, SessionClient};

use super::error::SessionError;
use super::stream::{SessionEvents, newest};

/// Reader of the events that a session keeps, each piece once and in order.
pub(crate) struct KeptEvents {
    events: SessionEvents,
    id: String,
    /// Number of the newest event that was read, or is missing.
    position: u64,
    /// Number of the newest event that is to be read.
    until: u64,
}

impl KeptEvents {
    /// Creates a reader of the events after number `since`, up to number `until`; connects to nothing yet.
    pub(crate) fn new(client: SessionClient, id: String, since: u64, until: u64) -> Self {
        Self {
            events: SessionEvents::new(client, id.clone(), since),
            id,
            position: since,
            until,
        }
    }

    /// Waits for the next piece, which may have no lines, and later events than were asked for; `None` once all were read.
    ///
    /// # Errors
    /// The session does not answer as one, or ended before.
    pub(crate) async fn next(&mut self) -> Result<Option<EventBatch>, SessionError> {
        if self.position >= self.until {
            return Ok(None);
        }
        let Some(batch) = self.events.next().await? else {
            return Err(SessionError::Ended {
                id: self.id.clone(),
                what: " before all of its events were read",
            });
        };
        self.position = newest(&batch).unwrap_or(0).max(self.position);
        Ok(Some(batch))
    }
}
