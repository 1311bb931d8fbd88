//! Where the session's memory, its emitters and its readers meet.
//!
//! Invariants: the memory's lock is never held across an await, nor for longer than [`PUMP_EVENTS`] events or one chunk
//! for one reader; whoever asks pulls in what was emitted before, so an answer never lags behind the host. A reader is a
//! number, not a queue: however slow, it costs its number and the chunk that it is writing.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use mirrord_wire::state::Policy;
use mirrord_wire::{SessionInfo, SessionState};
use tokio::sync::watch;

use crate::framing::Framing;
use crate::limits::{BATCH_WITH_READERS, BATCH_WITHOUT_READERS, CHUNK_BYTES, MAX_LINE_BYTES, PUMP_EVENTS};
use crate::queue::{Queue, Taken};
use crate::ring::RingLimits;
use crate::state::Memory;

/// What the host does when a client asks for the session's end.
pub(crate) type KillCallback = Box<dyn Fn() + Send + Sync>;

/// Shared by the session's task, its connections and its guard.
pub(crate) struct Hub {
    pub(crate) queue: Arc<Queue>,
    pub(crate) kill: Option<KillCallback>,
    shared: Mutex<Shared>,
    newest: watch::Sender<u64>,
}

struct Shared {
    memory: Memory,
    taken: Taken,
    /// The next number that each connected reader wants.
    readers: Vec<(u64, u64)>,
    next_reader: u64,
}

/// What one go of [`Hub::pump`] found.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Pumped {
    /// Nothing had been emitted.
    Nothing,
    /// Everything that had been emitted.
    All,
    /// As much as one go takes; there is more.
    Some,
}

impl Hub {
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
                memory: Memory::new(info, limits, policy),
                taken: Taken::default(),
                readers: Vec::new(),
                next_reader: 0,
            }),
            newest: watch::Sender::new(0),
        }
    }

    /// A panic elsewhere must not take the session's answers along, nor the host: what a broken-off step leaves behind is
    /// at worst a miscount.
    fn shared(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes in at most [`PUMP_EVENTS`] events, and wakes the readers.
    pub(crate) fn pump(&self) -> Pumped {
        let (pumped, newest) = self.pump_locked(&mut self.shared());
        if pumped != Pumped::Nothing {
            self.newest.send_replace(newest);
        }
        pumped
    }

    fn pump_locked(&self, shared: &mut Shared) -> (Pumped, u64) {
        let Shared {
            memory, taken, readers, ..
        } = shared;
        let before = memory.newest();
        let wanted = readers.iter().map(|(_, cursor)| *cursor).min();
        memory.tick(wanted);
        let (reached, more) = self.queue.take(taken, PUMP_EVENTS, |event| memory.keep(&event, wanted));
        memory.reached(reached);
        memory.count_lost(&self.queue.take_lost(taken));
        let pumped = match memory.newest() == before {
            _ if more => Pumped::Some,
            true => Pumped::Nothing,
            false => Pumped::All,
        };
        (pumped, memory.newest())
    }

    /// Takes in what was emitted before the call. Emitters that never pause cannot hold it up: it does not run after
    /// what comes while it runs.
    fn catch_up(&self) {
        let until = self.queue.emitted();
        while self.queue.settled() < until && self.pump() != Pumped::Nothing {}
        self.tell_withheld();
    }

    /// Tells readers of what was withheld, without waiting until it is due.
    pub(crate) fn tell_withheld(&self) {
        let mut shared = self.shared();
        let Shared { memory, readers, .. } = &mut *shared;
        if memory.is_withholding() {
            memory.tell_withheld(readers.iter().map(|(_, cursor)| *cursor).min());
            let newest = memory.newest();
            drop(shared);
            self.newest.send_replace(newest);
        }
    }

    /// Whether there are withheld events that readers have not been told of.
    pub(crate) fn is_withholding(&self) -> bool {
        self.shared().memory.is_withholding()
    }

    /// Whether the session can sleep until the queue wakes it.
    pub(crate) fn park(&self) -> bool {
        self.queue.park()
    }

    /// Gives back what only a rush needs.
    pub(crate) fn rest(&self) {
        self.queue.rest();
    }

    /// How long events may gather before they are taken in.
    pub(crate) fn batch(&self) -> std::time::Duration {
        if self.newest.receiver_count() > 0 {
            BATCH_WITH_READERS
        } else {
            BATCH_WITHOUT_READERS
        }
    }

    pub(crate) fn info(&self) -> SessionInfo {
        self.catch_up();
        self.shared().memory.info().clone()
    }

    pub(crate) fn update(&self, change: impl FnOnce(&mut SessionInfo)) {
        self.catch_up();
        self.shared().memory.update(change);
    }

    pub(crate) fn state(&self) -> SessionState {
        self.catch_up();
        let mut shared = self.shared();
        // After a silence the rate is another.
        shared.memory.tick(None);
        shared.memory.state().clone()
    }

    /// A reader that wants what comes after `since`, or only what is emitted from now on. A number that the session has
    /// not reached is one of another session: the reader gets what comes.
    pub(crate) fn read(&self, since: Option<u64>, framing: Framing) -> Reader<'_> {
        self.catch_up();
        let mut shared = self.shared();
        let newest = shared.memory.newest();
        let cursor = since.map_or(newest, |since| since.min(newest)) + 1;
        let id = shared.next_reader;
        shared.next_reader += 1;
        shared.readers.push((id, cursor));
        Reader {
            hub: self,
            newest: self.newest.subscribe(),
            id,
            cursor,
            framing,
        }
    }
}

/// One reader of `/events`: the number that it wants next.
pub(crate) struct Reader<'a> {
    hub: &'a Hub,
    newest: watch::Receiver<u64>,
    id: u64,
    cursor: u64,
    pub(crate) framing: Framing,
}

impl Reader<'_> {
    /// Fills `out` with what comes next, about [`CHUNK_BYTES`] at most; empty where the reader has everything.
    pub(crate) fn fill(&mut self, out: &mut Vec<u8>) {
        out.clear();
        // One long line must not hold its room for as long as the reader stays.
        out.shrink_to(2 * CHUNK_BYTES);
        self.newest.mark_unchanged();
        let mut shared = self.hub.shared();
        shared.memory.copy(&mut self.cursor, self.framing, CHUNK_BYTES, out);
        let (id, cursor) = (self.id, self.cursor);
        if let Some(own) = shared.readers.iter_mut().find(|(reader, _)| *reader == id) {
            own.1 = cursor;
        }
    }

    /// Pulls in what was emitted before the call, without waiting for the session's task.
    pub(crate) fn catch_up(&self) {
        self.hub.catch_up();
    }

    /// Resolves when there may be more.
    pub(crate) async fn more(&mut self) {
        if self.newest.changed().await.is_err() {
            // The hub outlives its readers, so this cannot be; a reader that waits is better than one that spins.
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
        self.hub.shared().readers.retain(|(reader, _)| *reader != id);
    }
}

const _: () = assert!(
    MAX_LINE_BYTES >= CHUNK_BYTES,
    "a chunk holds at most one long line beyond its size"
);
