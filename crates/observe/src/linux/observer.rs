//! Observer: the thread that receives a call, reads it, continues it, and hands it over.
//!
//! Invariant: every call that is received is answered, whatever happens to us: this thread waits for nothing but the
//! next call, and where it panics it goes on answering without reading. One exception: to read a program's memory is to
//! touch its pages, and a page may be a file of a FUSE or network mount, or another thread's to provide
//! (`userfaultfd(2)`). So each call is entered on the shared page before it is read, and the watchdog answers one that
//! is held for too long (see `overdue`). The observer emits nothing.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex};

use super::memory::ReadError;
use super::passthrough::Passthrough;
use super::queue::{Queue, Record};
use super::sock_diag::SocketMonitor;
use super::spawn::PROBE;
use super::sys::{Listener, Notification, SharedPage, block_every_signal};
use super::syscall_reader::{SyscallNotification, SyscallReader};
use super::syscalls::Kind;
use super::watchdog::WatchdogLink;

/// State of the thread.
pub(crate) struct Observer {
    pub(crate) listener: Arc<Listener>,
    pub(crate) page: Arc<SharedPage>,
    pub(crate) queue: Arc<Queue>,
    pub(crate) reader: SyscallReader,
    /// Id of our own thread with the filter, whose calls are not reported.
    pub(crate) starter: u32,
    /// Reports once whether the memory of the child can be read.
    pub(crate) probed: Option<Sender<Result<(), io::Error>>>,
    pub(crate) unreadable: Arc<AtomicU64>,
    pub(crate) sockets: SocketMonitor,
    /// Our end of the watchdog's link, held for as long as this thread can receive: it is closed when this thread has
    /// ended or the kernel has taken the whole process apart, and not when a host drops what it holds a moment before.
    pub(crate) link: Arc<Mutex<WatchdogLink>>,
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
        let mut passthrough = Passthrough::new(&self.page);
        passthrough.continue_abandoned(&self.listener);
        while passthrough.continue_next(&self.listener).is_ok() || !self.listener.is_tree_gone() {}
    }

    fn observe_all(&mut self) {
        let mut notification = Notification::empty();
        let mut records = Vec::new();
        loop {
            match self.listener.receive(&mut notification) {
                Ok(()) => self.observe(&notification, &mut records),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(_) if self.listener.is_tree_gone() => return,
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
            // It went on while we read: what was read may be what it wrote since. The watchdog has counted it.
            records.retain(|record| !matches!(record, Record::Call { .. }));
        }
        self.queue.begin(records);
        // Where the watchdog has answered after the reading, what was read is right.
        let went_on = self.listener.send_continue(id).is_ok() || self.is_overdue(id);
        self.page.answered.store(id, Ordering::Release);
        self.page.started.store(1, Ordering::Release);
        self.page.dealt_with.fetch_add(1, Ordering::Release);
        if !went_on {
            self.forget_call(notification, records);
        } else if read == Err(ReadError::Denied) {
            self.unreadable.fetch_add(1, Ordering::Relaxed);
        }
        self.sockets.begin(records);
        self.queue.hand_over(records);
    }

    /// Enters a received call on the page that the watchdog looks at.
    fn enter(&self, id: u64) {
        self.page.held.store(id, Ordering::Relaxed);
        self.page.received.fetch_add(1, Ordering::SeqCst);
        if self.page.watchdog_sleeps.load(Ordering::SeqCst) != 0
            && let Ok(link) = self.link.try_lock()
        {
            self.page.watchdog_sleeps.store(0, Ordering::SeqCst);
            link.wake();
        }
    }

    fn is_overdue(&self, id: u64) -> bool {
        self.page.overdue.load(Ordering::Acquire) == id
    }

    fn read(&mut self, notification: &Notification, records: &mut Vec<Record>) -> Result<(), ReadError> {
        let tid = notification.tid();
        if tid == self.starter {
            return Ok(());
        }
        if tid == 0 {
            return Err(ReadError::Denied);
        }
        let notif_id_valid = || self.listener.notif_id_valid(notification.id());
        if let Some(probed) = self.probed.take() {
            // The child's first call: it makes itself known, and shows whether we can read its memory.
            self.reader.processes.caller(tid, notif_id_valid, records);
            let _ = probed.send(probe(tid, notification.arguments()[1]));
            return Ok(());
        }
        let call = SyscallNotification {
            tid,
            number: notification.number(),
            arguments: notification.arguments(),
            instruction: notification.instruction(),
        };
        self.reader.read(&call, notif_id_valid, records)
    }

    /// The call was interrupted or its caller killed: it was not made, or will be made again.
    fn forget_call(&self, notification: &Notification, records: &mut Vec<Record>) {
        if let Some(Kind::Exec { .. }) = self.reader.kind(notification.number()) {
            for record in &*records {
                if let Record::ExecPending(process) = record {
                    process.cancel_exec();
                }
            }
        }
        records.retain(|record| !matches!(record, Record::Call { .. } | Record::ExecPending(_)));
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
