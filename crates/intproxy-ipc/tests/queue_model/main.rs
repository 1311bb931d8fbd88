//! The queue's own source, synchronised by loom: every order in which two emitters and the session's task can come, up to
//! three interruptions, and two lanes. What is held: each number is given once or is a gap that was dropped and counted,
//! numbers rise, and a task that sleeps is woken.

// The model checker is a dependency of the tests on Unix alone; the queue is the same everywhere.
#![cfg(unix)]
#![allow(
    dead_code,
    clippy::unwrap_used,
    reason = "the model has no use for all of it, and one that fails has failed"
)]

#[path = "../../src/chunk.rs"]
mod chunk;
/// The bounds themselves.
mod limits {
    pub(crate) use mirrord_intproxy_ipc::limits::*;
}
#[path = "../../src/queue/mod.rs"]
mod queue;
#[path = "../../src/record/mod.rs"]
mod record;

mod queue_sync {
    use loom::sync::atomic::fence;
    pub(crate) use loom::sync::atomic::{AtomicUsize, Ordering};
    pub(crate) use loom::sync::{Mutex, MutexGuard};

    pub(crate) const LANES: usize = 2;
    pub(crate) const TRIES: usize = 1;

    /// Emitters begin with the same lane, so that they do meet.
    pub(crate) fn own_lane() -> usize {
        0
    }

    /// Loom takes a sequentially consistent access for an acquiring and releasing one; its fences it takes as they are.
    fn ordered<T>(order: Ordering, access: impl FnOnce() -> T) -> T {
        let guard = || _ = (order == Ordering::SeqCst).then(|| fence(order));
        guard();
        let result = access();
        guard();
        result
    }

    #[derive(Default)]
    pub(crate) struct AtomicBool(loom::sync::atomic::AtomicBool);

    impl AtomicBool {
        pub(crate) fn load(&self, order: Ordering) -> bool {
            ordered(order, || self.0.load(order))
        }

        pub(crate) fn store(&self, value: bool, order: Ordering) {
            ordered(order, || self.0.store(value, order));
        }

        pub(crate) fn swap(&self, value: bool, order: Ordering) -> bool {
            ordered(order, || self.0.swap(value, order))
        }
    }

    #[derive(Default)]
    pub(crate) struct AtomicU64(loom::sync::atomic::AtomicU64);

    impl AtomicU64 {
        pub(crate) fn load(&self, order: Ordering) -> u64 {
            ordered(order, || self.0.load(order))
        }

        pub(crate) fn store(&self, value: u64, order: Ordering) {
            ordered(order, || self.0.store(value, order));
        }

        pub(crate) fn fetch_add(&self, value: u64, order: Ordering) -> u64 {
            ordered(order, || self.0.fetch_add(value, order))
        }
    }

    /// Remembers one call, as tokio's does.
    #[derive(Default)]
    pub(crate) struct Notify(AtomicBool);

    impl Notify {
        pub(crate) fn notify_one(&self) {
            self.0.store(true, Ordering::SeqCst);
        }

        /// At once, and only where it was called.
        pub(crate) async fn notified(&self) {
            assert!(self.0.swap(false, Ordering::SeqCst), "nobody woke the task");
        }
    }
}

use loom::sync::Arc;
use mirrord_wire::MonitorEvent;
use queue::{Drained, Queue};

fn model(run: impl Fn() + Send + Sync + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(3);
    builder.check(run);
}

fn emit(queue: &Queue) {
    queue.push(&MonitorEvent::DnsQuery { host: "db".to_owned() }.into());
}

/// Drains what there is, and checks its numbers.
fn drain(queue: &Queue, drained: &mut Drained, newest: &mut u64, given: &mut u64) -> u64 {
    let (reached, _) = queue.drain(drained, 8, |stamped| {
        assert!(stamped.seq > *newest, "{} after {newest}", stamped.seq);
        *newest = stamped.seq;
        *given += 1;
    });
    assert!(reached >= *newest, "given beyond what was reached");
    *newest = reached;
    reached
}

#[test]
fn each_number_is_given_once_and_in_order_or_was_dropped() {
    model(|| {
        let queue = Arc::new(Queue::default());
        let emitters = [(), ()].map(|()| {
            let queue = Arc::clone(&queue);
            loom::thread::spawn(move || emit(&queue))
        });
        let (mut drained, mut newest, mut given) = (Drained::default(), 0, 0);
        drain(&queue, &mut drained, &mut newest, &mut given);
        emitters.into_iter().for_each(|emitter| emitter.join().unwrap());
        assert_eq!(drain(&queue, &mut drained, &mut newest, &mut given), 2);
        // Two lanes and one round: an emitter finds no lane only where the other and the task hold both.
        assert!(given >= 1, "{given}");
        assert_eq!(queue.settled(), 2);
    });
}

#[test]
fn a_task_that_sleeps_is_woken() {
    model(|| {
        let queue = Arc::new(Queue::default());
        let emitter = loom::thread::spawn({
            let queue = Arc::clone(&queue);
            move || emit(&queue)
        });
        let (mut drained, mut newest, mut given) = (Drained::default(), 0, 0);
        drain(&queue, &mut drained, &mut newest, &mut given);
        let sleeps = queue.park();
        emitter.join().unwrap();
        if sleeps && queue.settled() < queue.emitted() {
            loom::future::block_on(queue.woken());
        }
    });
}
