//! The way from the emitting threads to the session: numbered at once, never waited for, bounded in bytes.
//!
//! Invariants. A number is taken while its lane is locked, so a reader of the count of numbers that then locks each
//! lane has seen every event up to that count, or knows that it was dropped: gaps are exact without a counter. No emitter
//! ever parks: a lane that is taken is passed by for the next, and after [`TRIES`] rounds the event is dropped. All that
//! waits, is in hand or is spare is at most [`QUEUE_BYTES`]. What is dropped is counted by type before it goes.
//! What this deliberately does not do: serialise (but what comes rarely), or know who reads.

use std::collections::VecDeque;
use std::sync::{PoisonError, TryLockError};

use mirrord_wire::{Counters, Observation};

use crate::chunk::Chunk;
use crate::limits::{CHUNK_BYTES, IN_HAND_BYTES, MAX_LINE_BYTES, QUEUE_BYTES};
use crate::queue_sync::{
    AtomicBool, AtomicU64, AtomicUsize, LANES, Mutex, MutexGuard, Notify, Ordering, TRIES, own_lane,
};
use crate::record::{self, Parts, Stamped};

mod clock;
mod drained;

use clock::Clock;
pub(crate) use drained::Drained;

/// The session is woken early when this many chunks wait in one lane: some 2,000 file operations.
const WAKE_CHUNKS: usize = 8;

/// Keeps what several threads write apart from what others read: two cache lines, as processors fetch them in pairs.
#[repr(align(128))]
#[derive(Default)]
struct CachePadded<T>(T);

#[derive(Default)]
struct Lane {
    chunks: VecDeque<Chunk>,
    clock: Clock,
    lost: Counters,
}

/// Events that have a number and wait to be drained.
#[derive(Default)]
pub(crate) struct Queue {
    /// Number of emitted events: the newest number.
    emitted: CachePadded<AtomicU64>,
    /// Every event up to this number has been drained or dropped.
    settled: CachePadded<AtomicU64>,
    /// The session sleeps until it is woken; the emitter that clears this wakes it.
    parked: AtomicBool,
    /// Closed: no events are taken, so none are kept.
    closed: AtomicBool,
    /// The bytes of all chunks there are.
    room: AtomicUsize,
    /// Chunks that were emptied, to be used again.
    spare: Mutex<Vec<Chunk>>,
    wake: Notify,
    lanes: [CachePadded<Mutex<Lane>>; LANES],
}

impl Queue {
    /// Reports a closed queue, which drops every event.
    #[inline]
    pub(crate) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Relaxed)
    }

    /// Numbers, stamps and queues one event.
    #[inline]
    pub(crate) fn push(&self, observation: &Observation) {
        match Parts::of(observation) {
            Some(parts) => self.push_parts(observation, &parts),
            None => self.push_rare(observation),
        }
        if self.parked.load(Ordering::SeqCst) {
            self.unpark();
        }
    }

    #[cold]
    fn push_rare(&self, observation: &Observation) {
        self.push_parts(observation, &Parts::rare(&record::json(observation)));
    }

    #[inline]
    fn push_parts(&self, observation: &Observation, parts: &Parts<'_>) {
        let Some(mut lane) = self.free_lane() else {
            // Sixteen threads were interrupted within a few instructions each. The number is taken, and the gap tells.
            self.number();
            return;
        };
        let ts = lane.clock.stamp();
        let newest = self.emitted.0.load(Ordering::Relaxed);
        match lane.chunks.back_mut() {
            Some(chunk) if chunk.fits(parts.size(), newest, ts) => chunk.push(self.number(), ts, parts),
            _ => self.push_anew(&mut lane, observation, parts, ts),
        }
    }

    #[cold]
    fn push_anew(&self, lane: &mut Lane, observation: &Observation, parts: &Parts<'_>, ts: u64) {
        let opened = parts.size() <= MAX_LINE_BYTES && self.open_chunk(lane, parts.size(), ts);
        let seq = self.number();
        match lane.chunks.back_mut() {
            Some(chunk) if opened => chunk.push(seq, ts, parts),
            _ => lane.lost.count(observation, 1),
        }
    }

    #[cold]
    fn unpark(&self) {
        if self.parked.swap(false, Ordering::SeqCst) {
            self.wake.notify_one();
        }
    }

    fn number(&self) -> u64 {
        self.emitted.0.fetch_add(1, Ordering::SeqCst) + 1
    }

    /// Puts an empty chunk at the lane's end. Where the queue's memory is used up, the oldest chunk there is gives way.
    fn open_chunk(&self, lane: &mut Lane, size: usize, ts: u64) -> bool {
        let room = size.max(CHUNK_BYTES);
        let spare = (room == CHUNK_BYTES).then(|| self.take_spare()).flatten();
        let Some(mut chunk) = spare.or_else(|| self.make_chunk(lane, room)) else {
            return false;
        };
        chunk.renew(self.emitted.0.load(Ordering::SeqCst), ts);
        lane.chunks.push_back(chunk);
        if lane.chunks.len().is_multiple_of(WAKE_CHUNKS) {
            self.wake.notify_one();
        }
        true
    }

    fn make_chunk(&self, lane: &mut Lane, room: usize) -> Option<Chunk> {
        while self.room.fetch_add(room, Ordering::Relaxed) + room > QUEUE_BYTES {
            self.room.fetch_sub(room, Ordering::Relaxed);
            self.wake.notify_one();
            let given_up = self.take_spare().or_else(|| self.give_up_oldest(lane))?;
            if given_up.room() == room {
                return Some(given_up);
            }
            self.room.fetch_sub(given_up.room(), Ordering::Relaxed);
        }
        Some(Chunk::new(room))
    }

    fn take_spare(&self) -> Option<Chunk> {
        self.spare.try_lock().ok()?.pop()
    }

    /// The oldest chunk of all lanes that are not being used right now, this one included; what is in it is counted.
    fn give_up_oldest(&self, lane: &mut Lane) -> Option<Chunk> {
        let own = lane.chunks.front().map_or(u64::MAX, Chunk::first);
        let others = self.lanes.iter().filter_map(|other| other.0.try_lock().ok());
        let oldest = others
            .filter(|other| other.chunks.front().is_some_and(|chunk| chunk.first() < own))
            .min_by_key(|other| other.chunks.front().map(Chunk::first));
        let chunk = match oldest {
            Some(mut other) => other.chunks.pop_front(),
            None => lane.chunks.pop_front(),
        }?;
        chunk.count_lost(&mut lane.lost);
        Some(chunk)
    }

    /// The thread's own lane or, where that is taken, any other. The order of events is in their numbers, so it does not
    /// matter which.
    #[inline]
    fn free_lane(&self) -> Option<MutexGuard<'_, Lane>> {
        let own = own_lane();
        match self.lanes[own % LANES].0.try_lock() {
            Ok(lane) => Some(lane),
            Err(_) => self.any_lane(own),
        }
    }

    #[cold]
    fn any_lane(&self, own: usize) -> Option<MutexGuard<'_, Lane>> {
        for _ in 0..TRIES {
            for offset in 0..LANES {
                match self.lanes[(own + offset) % LANES].0.try_lock() {
                    Ok(lane) => return Some(lane),
                    Err(TryLockError::Poisoned(poisoned)) => return Some(poisoned.into_inner()),
                    Err(TryLockError::WouldBlock) => {}
                }
            }
            std::hint::spin_loop();
        }
        None
    }

    /// Gives at most `most` events to `each`, in order, and then says how far that reaches and whether there is more.
    pub(crate) fn drain(&self, drained: &mut Drained, most: usize, mut each: impl FnMut(Stamped<'_>)) -> (u64, bool) {
        if drained.next_source().is_none_or(|(_, seq, _)| seq > drained.limit) {
            self.refill(drained);
        }
        let mut left = most;
        let reached = loop {
            match drained.next_source() {
                Some((lane, seq, last)) if seq <= drained.limit => {
                    if left == 0 {
                        break seq - 1;
                    }
                    left -= drained.read(lane, last, left, &mut each, |chunk| self.recycle(chunk));
                }
                _ => break drained.limit,
            }
        };
        self.settled.0.store(reached, Ordering::SeqCst);
        (reached, reached < self.emitted.0.load(Ordering::SeqCst))
    }

    /// Takes the counters of events that were given up since the last call.
    pub(crate) fn drain_lost(&self, drained: &mut Drained) -> Counters {
        std::mem::take(&mut drained.lost)
    }

    /// Takes chunks in hand, the oldest of each lane first and not all of a flood's: what the emitters give up must be
    /// the oldest of what waits, so something has to wait.
    fn refill(&self, drained: &mut Drained) {
        drained.limit = self.emitted.0.load(Ordering::SeqCst);
        let mut room = drained.room();
        for (lane, source) in self.lanes.iter().zip(&mut drained.sources) {
            let mut lane = lane.0.lock().unwrap_or_else(PoisonError::into_inner);
            lane.clock.reset();
            if lane.lost.total > 0 {
                drained.lost.add(&std::mem::take(&mut lane.lost));
            }
            while let Some(chunk) = lane.chunks.front() {
                if room >= IN_HAND_BYTES && !source.is_empty() {
                    drained.limit = drained.limit.min(chunk.first());
                    break;
                }
                room += chunk.room();
                source.extend(lane.chunks.pop_front());
            }
        }
    }

    fn recycle(&self, chunk: Chunk) {
        if chunk.room() == CHUNK_BYTES {
            self.spare.lock().unwrap_or_else(PoisonError::into_inner).push(chunk);
        } else {
            self.room.fetch_sub(chunk.room(), Ordering::Relaxed);
        }
    }

    /// Says that the session will sleep until [`Queue::woken`]; `false` where an event has come in the meantime.
    pub(crate) fn park(&self) -> bool {
        self.parked.store(true, Ordering::SeqCst);
        let silent = self.emitted.0.load(Ordering::SeqCst) == self.settled.0.load(Ordering::SeqCst);
        if !silent {
            self.parked.store(false, Ordering::SeqCst);
        }
        silent
    }

    /// The newest number.
    pub(crate) fn emitted(&self) -> u64 {
        self.emitted.0.load(Ordering::SeqCst)
    }

    /// Every event up to this number was drained or dropped.
    pub(crate) fn settled(&self) -> u64 {
        self.settled.0.load(Ordering::SeqCst)
    }

    /// Gives back the memory that a rush has left behind.
    pub(crate) fn rest(&self) {
        let spare = std::mem::take(&mut *self.spare.lock().unwrap_or_else(PoisonError::into_inner));
        let room = spare.iter().map(Chunk::room).sum();
        self.room.fetch_sub(room, Ordering::Relaxed);
    }

    /// Resolves when events wait that should be drained now.
    pub(crate) async fn woken(&self) {
        self.wake.notified().await;
    }

    /// From here on events are let go at once.
    pub(crate) fn close(&self) {
        self.closed.store(true, Ordering::SeqCst);
    }

    /// Lets go of what waits. Only of use after [`Queue::close`].
    pub(crate) fn clear(&self) {
        for lane in &self.lanes {
            *lane.0.lock().unwrap_or_else(PoisonError::into_inner) = Lane::default();
        }
        self.spare.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}
