//! Core of a session: its buffer, shared by emitters and readers.
//!
//! Invariants: the buffer's lock is never held across an await, nor for longer than [`DRAIN_EVENTS`] events or one batch
//! for one reader; each request drains what was emitted before, so an answer never lags behind the host. A reader is a
//! number, not a queue: however slow, it costs its number and the batch that it is writing.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use mirrord_wire::session::Policy;
use mirrord_wire::{SessionInfo, SessionState};
use tokio::sync::watch;

use crate::limits::{
    BATCH_BYTES, BATCH_WITH_READERS, BATCH_WITHOUT_READERS, DRAIN_EVENTS, MAX_CONNECTIONS, MAX_LINE_BYTES,
    MIN_BATCH_BYTES, SHARED_BATCH_BYTES,
};
use crate::queue::{Drained, Queue};
use crate::response_format::ResponseFormat;
use crate::ring::RingLimits;
use crate::session_buffer::SessionBuffer;

/// The host's callback for a client that asks for the session's end.
pub(crate) type KillCallback = Box<dyn Fn() + Send + Sync>;

/// Shared by the session's task, its connections and its guard.
pub(crate) struct SessionCore {
    pub(crate) queue: Arc<Queue>,
    pub(crate) kill: Option<KillCallback>,
    shared: Mutex<Shared>,
    newest: watch::Sender<u64>,
    /// The newest number up to which a reader that asked with `since` has been sent everything.
    read: watch::Sender<Option<u64>>,
}

struct Shared {
    buffer: SessionBuffer,
    drained: Drained,
    readers: Vec<ReaderCursor>,
    next_reader: u64,
}

/// Position of a connected reader.
struct ReaderCursor {
    id: u64,
    /// The next number that it wants.
    cursor: u64,
    /// The bytes that it is being sent.
    sending: usize,
}

/// Outcome of one [`SessionCore::drain`].
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum DrainOutcome {
    /// Nothing had been emitted.
    Nothing,
    /// Everything that had been emitted.
    All,
    /// As much as one go takes; there is more.
    Some,
}

impl SessionCore {
    pub(crate) fn new(
        info: SessionInfo,
        limits: RingLimits,
        policy: Option<Policy>,
        kill: Option<KillCallback>,
    ) -> Self {
        Self {
            queue: Arc::default(),
            kill,
            shared: Mutex::new(Shared {
                buffer: SessionBuffer::new(info, limits, policy),
                drained: Drained::default(),
                readers: Vec::new(),
                next_reader: 0,
            }),
            newest: watch::Sender::new(0),
            read: watch::Sender::new(None),
        }
    }

    /// A panic elsewhere must not take the session's answers along, nor the host: what a broken-off step leaves behind is
    /// at worst a miscount.
    fn shared(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes in at most [`DRAIN_EVENTS`] events, and wakes the readers.
    pub(crate) fn drain(&self) -> DrainOutcome {
        let mut shared = self.shared();
        let Shared {
            buffer,
            drained,
            readers,
            ..
        } = &mut *shared;
        let before = buffer.newest();
        let wanted = oldest_wanted(readers);
        let told = buffer.tick(wanted);
        let (reached, more) = self
            .queue
            .drain(drained, DRAIN_EVENTS, |stamped| buffer.record(stamped, wanted));
        buffer.reached(reached);
        buffer.count_lost(&self.queue.drain_lost(drained));
        let outcome = match buffer.newest() == before {
            _ if more => DrainOutcome::Some,
            true => DrainOutcome::Nothing,
            false => DrainOutcome::All,
        };
        let newest = buffer.newest();
        drop(shared);
        if told || outcome != DrainOutcome::Nothing {
            self.newest.send_replace(newest);
        }
        outcome
    }

    /// Takes in what was emitted before the call. Emitters that never pause cannot hold it up: it does not run after
    /// what comes while it runs.
    fn catch_up(&self) {
        let until = self.queue.emitted();
        while self.queue.settled() < until && self.drain() != DrainOutcome::Nothing {}
        self.flush_suppressed();
    }

    /// Writes the `Lagged` line for suppressed events, before it is due.
    pub(crate) fn flush_suppressed(&self) {
        let mut shared = self.shared();
        let Shared { buffer, readers, .. } = &mut *shared;
        if buffer.is_suppressing() {
            buffer.flush_suppressed(oldest_wanted(readers));
            let newest = buffer.newest();
            drop(shared);
            self.newest.send_replace(newest);
        }
    }

    /// Reports suppressed events that have no `Lagged` line yet.
    pub(crate) fn is_suppressing(&self) -> bool {
        self.shared().buffer.is_suppressing()
    }

    /// Parks the queue; `false` where an event has come in the meantime.
    pub(crate) fn park(&self) -> bool {
        self.queue.park()
    }

    /// Gives back what only a rush needs.
    pub(crate) fn rest(&self) {
        self.queue.rest();
        self.shared().buffer.rest();
    }

    /// Returns the time for which events may gather before they are drained.
    pub(crate) fn batch(&self) -> std::time::Duration {
        if self.newest.receiver_count() > 0 {
            BATCH_WITH_READERS
        } else {
            BATCH_WITHOUT_READERS
        }
    }

    pub(crate) fn info(&self) -> SessionInfo {
        self.catch_up();
        self.shared().buffer.info()
    }

    pub(crate) fn update(&self, change: impl FnOnce(&mut SessionInfo)) {
        self.catch_up();
        self.shared().buffer.update(change);
    }

    pub(crate) fn state(&self) -> SessionState {
        self.catch_up();
        let mut shared = self.shared();
        // After a silence the rate is another.
        shared.buffer.tick(None);
        shared.buffer.state().clone()
    }

    /// A reader that wants what comes after `since`, or only what is emitted from now on. A number that the session has
    /// not reached is one of another session: the reader gets what comes. `None` where there are [`MAX_CONNECTIONS`]
    /// readers.
    pub(crate) fn read(&self, since: Option<u64>, framing: ResponseFormat) -> Option<Reader<'_>> {
        self.catch_up();
        let mut shared = self.shared();
        if shared.readers.len() >= MAX_CONNECTIONS {
            return None;
        }
        let newest = shared.buffer.newest();
        let cursor = since.map_or(newest, |since| since.min(newest)) + 1;
        let id = shared.next_reader;
        shared.next_reader += 1;
        shared.readers.push(ReaderCursor { id, cursor, sending: 0 });
        Some(Reader {
            core: self,
            newest: self.newest.subscribe(),
            id,
            cursor,
            framing,
            has_since: since.is_some(),
        })
    }

    /// Resolves once a reader that asked with `since` has been sent every event emitted before the call.
    pub(crate) async fn read_to_end(&self) {
        self.catch_up();
        let newest = self.shared().buffer.newest();
        let mut read = self.read.subscribe();
        // The sender is ours, so it is there.
        let _ = read.wait_for(|read| read.is_some_and(|read| read >= newest)).await;
    }
}

/// One reader of `/events`: the number that it wants next.
pub(crate) struct Reader<'a> {
    core: &'a SessionCore,
    newest: watch::Receiver<u64>,
    id: u64,
    cursor: u64,
    pub(crate) framing: ResponseFormat,
    has_since: bool,
}

impl Reader<'_> {
    /// Returns the next lines, a batch at most; empty where the reader has everything. The batch before is done with by then.
    pub(crate) fn next(&mut self) -> Arc<[u8]> {
        self.newest.mark_unchanged();
        let mut shared = self.core.shared();
        let Shared { buffer, readers, .. } = &mut *shared;
        let others = readers.iter().filter(|place| place.id != self.id);
        let sending = others.map(|place| place.sending).sum();
        let most = SHARED_BATCH_BYTES
            .saturating_sub(sending)
            .clamp(MIN_BATCH_BYTES, BATCH_BYTES);
        let lines = buffer.next(&mut self.cursor, self.framing, most);
        if let Some(own) = readers.iter_mut().find(|place| place.id == self.id) {
            (own.cursor, own.sending) = (self.cursor, lines.len());
        }
        drop(shared);
        if lines.is_empty() && self.has_since {
            self.core.read.send_replace(Some(self.seq()));
        }
        lines
    }

    /// Pulls in what was emitted before the call, without waiting for the session's task.
    pub(crate) fn catch_up(&self) {
        self.core.catch_up();
    }

    /// Resolves when there may be more.
    pub(crate) async fn more(&mut self) {
        if self.newest.changed().await.is_err() {
            // The core outlives its readers, so this cannot be; a reader that waits is better than one that spins.
            std::future::pending::<()>().await;
        }
    }

    /// The number of the newest event that this reader has.
    pub(crate) fn seq(&self) -> u64 {
        self.cursor - 1
    }
}

impl Drop for Reader<'_> {
    fn drop(&mut self) {
        let id = self.id;
        self.core.shared().readers.retain(|place| place.id != id);
    }
}

fn oldest_wanted(readers: &[ReaderCursor]) -> Option<u64> {
    readers.iter().map(|place| place.cursor).min()
}

const _: () = assert!(
    MAX_LINE_BYTES >= BATCH_BYTES,
    "a batch holds at most one long line beyond its size"
);
