//! The observer's thread: receives a call, reads it, lets it go on, hands it over.
//!
//! Invariant: every call that is received is answered, whatever happens to us: this thread waits for nothing but the next
//! call, and where it panics it goes on answering without looking. One thing it cannot help: to read a program's memory
//! is to touch its pages, and a page may be a file of a FUSE or network mount, or another thread's to provide
//! (`userfaultfd(2)`). So each call is entered on the shared page before it is looked at, and the guardian answers what
//! is held for too long (see `overdue`). Nothing is told from here.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex};

use super::memory::Unread;
use super::passthrough::StandIn;
use super::queue::{Queue, Record};
use super::spawn::PROBE;
use super::sys::{Listener, Notification, SharedPage, block_every_signal};
use super::syscall_reader::{Announced, Calls};
use super::syscalls::Kind;
use super::tree_is_gone;
use super::watchdog::Line;

/// What the thread is given.
pub(crate) struct Observer {
    pub(crate) listener: Arc<Listener>,
    pub(crate) page: Arc<SharedPage>,
    pub(crate) queue: Arc<Queue>,
    pub(crate) calls: Calls,
    /// The thread of ours that the filter is on: its calls are nobody's business.
    pub(crate) starter: u32,
    /// Where to say whether the memory of the child can be read; used once.
    pub(crate) probed: Option<Sender<Result<(), io::Error>>>,
    pub(crate) unread: Arc<AtomicU64>,
    /// Our end of the guardian's line, held for as long as this thread can receive: it is closed when this thread has
    /// ended or the kernel has taken the whole process apart, and not when a host drops what it holds a moment before.
    pub(crate) line: Arc<Mutex<Line>>,
}

impl Observer {
    /// Runs until the last process of the tree is gone (before Linux 6.11: until this process ends).
    pub(crate) fn run(mut self) {
        block_every_signal();
        let tid = rustix::thread::gettid().as_raw_nonzero().get() as u64;
        self.page.observer.store(tid, Ordering::Release);
        if catch_unwind(AssertUnwindSafe(|| self.observe_all())).is_ok() {
            return;
        }
        // Without us the program would hang. What is not observed any more is counted on the page.
        let mut stand_in = StandIn::new(&self.page);
        stand_in.let_the_left_one_go_on(&self.listener);
        while stand_in.let_one_go_on(&self.listener).is_ok() || !tree_is_gone(&self.listener) {}
    }

    fn observe_all(&mut self) {
        let mut notification = Notification::empty();
        let mut records = Vec::new();
        loop {
            match self.listener.receive(&mut notification) {
                Ok(()) => self.observe(&notification, &mut records),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(_) if tree_is_gone(&self.listener) => return,
                // The caller was killed before we could receive its call.
                Err(_) => {}
            }
        }
    }

    fn observe(&mut self, notification: &Notification, records: &mut Vec<Record>) {
        let id = notification.id();
        self.enter(id);
        let read = self.read(notification, records);
        if self.is_overdue(id) {
            // It went on while we read: what was read may be what it wrote since. The guardian has counted it.
            records.retain(|record| !matches!(record, Record::Call { .. }));
        }
        self.queue.begin();
        // Where the guardian has answered after the reading, what was read is right.
        let went_on = self.listener.let_go_on(id).is_ok() || self.is_overdue(id);
        self.page.answered.store(id, Ordering::Release);
        self.page.started.store(1, Ordering::Release);
        self.page.dealt_with.fetch_add(1, Ordering::Release);
        if !went_on {
            self.forget_call(notification, records);
        } else if read == Err(Unread::Denied) {
            self.unread.fetch_add(1, Ordering::Relaxed);
        }
        self.queue.hand_over(records);
    }

    /// Enters a received call on the page that the guardian looks at.
    fn enter(&self, id: u64) {
        self.page.held.store(id, Ordering::Relaxed);
        self.page.received.fetch_add(1, Ordering::SeqCst);
        if self.page.guardian_sleeps.load(Ordering::SeqCst) != 0
            && let Ok(line) = self.line.try_lock()
        {
            self.page.guardian_sleeps.store(0, Ordering::SeqCst);
            line.wake();
        }
    }

    fn is_overdue(&self, id: u64) -> bool {
        self.page.overdue.load(Ordering::Acquire) == id
    }

    fn read(&mut self, notification: &Notification, records: &mut Vec<Record>) -> Result<(), Unread> {
        let tid = notification.tid();
        if tid == self.starter {
            return Ok(());
        }
        if tid == 0 {
            return Err(Unread::Denied);
        }
        let still_waits = || self.listener.still_waits(notification.id());
        if let Some(probed) = self.probed.take() {
            // The child's first call: it makes itself known, and shows whether we can read its memory.
            self.calls.processes.caller(tid, still_waits, records);
            let _ = probed.send(probe(tid, notification.arguments()[1]));
            return Ok(());
        }
        let call = Announced {
            tid,
            number: notification.number(),
            arguments: notification.arguments(),
        };
        self.calls.read(&call, still_waits, records)
    }

    /// The call was interrupted or its caller killed: it was not made, or will be made again.
    fn forget_call(&self, notification: &Notification, records: &mut Vec<Record>) {
        if let Some(Kind::Exec { .. }) = self.calls.kind(notification.number()) {
            for record in &*records {
                if let Record::Tries(process) = record {
                    process.gives_up();
                }
            }
        }
        records.retain(|record| !matches!(record, Record::Call { .. } | Record::Tries(_)));
    }
}

fn probe(tid: u32, address: u64) -> io::Result<()> {
    let mut bytes = [0; PROBE.count_bytes()];
    super::sys::read_memory(tid, address, &mut bytes)?;
    let expected = PROBE.to_bytes();
    (bytes == expected)
        .then_some(())
        .ok_or_else(|| io::ErrorKind::InvalidData.into())
}
