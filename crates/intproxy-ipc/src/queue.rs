//! The way from the emitting threads to the session: numbered at once, never waited for, bounded.
//!
//! Invariants. A number is taken while its lane is locked, so whoever has read the count of numbers and then locked each
//! lane has seen every event up to that count, or knows that it was dropped: gaps are exact without a counter. No emitter
//! ever parks: a lane that is taken is passed by for the next, and after [`TRIES`] rounds the event is dropped, counted.
//! What this deliberately does not do: serialise, look at events beyond their size, or know who reads.

use std::cell::Cell;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};
use std::time::{SystemTime, UNIX_EPOCH};

use mirrord_wire::{EventLine, Observation};
use tokio::sync::Notify;

use crate::limits::{LANE_BYTES, MAX_LINE_BYTES, QUEUE_EVENTS};
use crate::weight::weight;

/// Threads spread over this many lanes, so that they do not wait for each other.
const LANES: usize = 16;
/// Rounds over all lanes before an event is given up.
const TRIES: usize = 64;
/// The session is woken early when this many events wait.
const WAKE_AT: u64 = QUEUE_EVENTS / 2;
/// Reading the clock costs more than all the rest of an emission. The first events that gather in a lane are stamped one
/// by one; beyond this many in one batch, [`SHARED_STAMP`] neighbours share a stamp.
const OWN_STAMPS: usize = 32;
/// How many neighbours share a stamp in a rush.
const SHARED_STAMP: usize = 8;

/// Keeps what several threads write apart from what others read: two cache lines, as processors fetch them in pairs.
#[repr(align(128))]
#[derive(Default)]
struct Apart<T>(T);

#[derive(Default)]
struct Lane {
    events: VecDeque<EventLine>,
    bytes: usize,
    stamp: u64,
}

/// Events that have a number and wait to be taken.
#[derive(Default)]
pub(crate) struct Queue {
    /// How many events were emitted: the newest number.
    emitted: Apart<AtomicU64>,
    /// Every event up to this number has been taken or dropped.
    settled: Apart<AtomicU64>,
    /// The session sleeps until it is woken; whoever clears this wakes it.
    parked: AtomicBool,
    /// Nobody takes events any more, so none are kept.
    closed: AtomicBool,
    wake: Notify,
    lanes: [Apart<Mutex<Lane>>; LANES],
}

/// What the one who takes events has in hand.
#[derive(Default)]
pub(crate) struct Taken {
    /// In the order of `seq`, with gaps where events were dropped.
    backlog: VecDeque<EventLine>,
    /// Everything up to this number is in the backlog, was taken, or is lost.
    limit: u64,
    /// Emptied lanes' room, to be used again.
    spare: VecDeque<EventLine>,
}

impl Queue {
    /// Whether events are let go at once.
    #[inline]
    pub(crate) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Relaxed)
    }

    /// Numbers, stamps and queues one event.
    pub(crate) fn push(&self, observation: Observation) {
        let weight = weight(&observation);
        let seq = match self.free_lane() {
            Some(mut lane) if weight <= MAX_LINE_BYTES => self.append(&mut lane, weight, observation),
            // Too large, or no lane to be had: the number alone is taken, and the gap tells.
            _ => self.emitted.0.fetch_add(1, Ordering::SeqCst) + 1,
        };
        let waiting = seq.saturating_sub(self.settled.0.load(Ordering::Relaxed));
        if (self.parked.load(Ordering::SeqCst) && self.parked.swap(false, Ordering::SeqCst)) || waiting == WAKE_AT {
            self.wake.notify_one();
        }
    }

    fn append(&self, lane: &mut Lane, weight: usize, observation: Observation) -> u64 {
        let place = lane.events.len();
        if place < OWN_STAMPS || place.is_multiple_of(SHARED_STAMP) {
            lane.stamp = now();
        }
        let seq = self.emitted.0.fetch_add(1, Ordering::SeqCst) + 1;
        let full = seq.saturating_sub(self.settled.0.load(Ordering::Relaxed)) > QUEUE_EVENTS;
        if full {
            lane.give_up_oldest();
        }
        while lane.bytes + weight > LANE_BYTES && lane.give_up_oldest() {}
        lane.bytes += weight;
        lane.events.push_back(EventLine {
            seq,
            ts: lane.stamp,
            observation,
        });
        seq
    }

    /// The thread's own lane or, where that is taken, any other. The order of events is in their numbers, so it does not
    /// matter which.
    fn free_lane(&self) -> Option<MutexGuard<'_, Lane>> {
        let own = own_lane();
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
    pub(crate) fn take(&self, taken: &mut Taken, most: usize, mut each: impl FnMut(EventLine)) -> (u64, bool) {
        if taken.front_seq().is_none_or(|seq| seq > taken.limit) {
            self.refill(taken);
        }
        let mut reached = taken.limit;
        for count in 0.. {
            match taken.front_seq() {
                Some(seq) if seq <= taken.limit && count < most => {}
                Some(seq) if seq <= taken.limit => {
                    reached = seq - 1;
                    break;
                }
                _ => break,
            }
            taken.backlog.pop_front().into_iter().for_each(&mut each);
        }
        self.settled.0.store(reached, Ordering::SeqCst);
        (reached, reached < self.emitted.0.load(Ordering::SeqCst))
    }

    fn refill(&self, taken: &mut Taken) {
        taken.limit = self.emitted.0.load(Ordering::SeqCst);
        let mut sources = usize::from(!taken.backlog.is_empty());
        for lane in &self.lanes {
            let mut lane = lane.0.lock().unwrap_or_else(PoisonError::into_inner);
            if lane.events.is_empty() {
                continue;
            }
            lane.bytes = 0;
            let mut events = std::mem::replace(&mut lane.events, std::mem::take(&mut taken.spare));
            drop(lane);
            sources += 1;
            if taken.backlog.is_empty() {
                std::mem::swap(&mut taken.backlog, &mut events);
            } else {
                taken.backlog.append(&mut events);
            }
            taken.spare = events;
        }
        if sources > 1 {
            taken.backlog.make_contiguous().sort_by_key(|line| line.seq);
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

    /// Every event up to this number was taken or dropped.
    pub(crate) fn settled(&self) -> u64 {
        self.settled.0.load(Ordering::SeqCst)
    }

    /// Gives back the room that a rush has left behind.
    pub(crate) fn rest(&self, taken: &mut Taken) {
        taken.backlog.shrink_to_fit();
        taken.spare = VecDeque::new();
        for lane in &self.lanes {
            let mut lane = lane.0.lock().unwrap_or_else(PoisonError::into_inner);
            lane.events.shrink_to_fit();
        }
    }

    /// Resolves when events wait that should be taken now.
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
    }
}

impl Lane {
    fn give_up_oldest(&mut self) -> bool {
        let oldest = self.events.pop_front();
        if let Some(line) = &oldest {
            self.bytes = self.bytes.saturating_sub(weight(&line.observation));
        }
        oldest.is_some()
    }
}

impl Taken {
    fn front_seq(&self) -> Option<u64> {
        self.backlog.front().map(|line| line.seq)
    }
}

/// The lane that a thread tries first: threads take turns as they come.
fn own_lane() -> usize {
    const UNSET: usize = usize::MAX;
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    thread_local!(static LANE: Cell<usize> = const { Cell::new(UNSET) });
    // A thread that is being torn down may still emit; any lane will do.
    LANE.try_with(|lane| {
        if lane.get() == UNSET {
            lane.set(NEXT.fetch_add(1, Ordering::Relaxed) % LANES);
        }
        lane.get()
    })
    .unwrap_or(0)
}

/// Microseconds since the Unix epoch; 0 on a machine whose clock stands before it.
fn now() -> u64 {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since_epoch.as_micros()).unwrap_or(u64::MAX)
}
