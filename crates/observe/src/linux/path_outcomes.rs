//! Outcomes of look-ups: a batch of them is asked again on a thread of its own, which may be left behind.
//!
//! A path can lie on a file system that answers late or never. Invariant: the event worker waits for a batch while the
//! look-up thread works or waits for a processor, and for at most [`STUCK_TIMEOUT`] while it is blocked on one path;
//! then the thread is abandoned, with the mount that held it, and another one takes its place, [`MAX_ABANDONED`] times.
//! Where events do not wait any longer, they have no outcome.

use std::ffi::CString;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TryRecvError, sync_channel};
use std::time::{Duration, Instant};

use mirrord_wire::Outcome;

use super::lookup::{Job, PathLookup};
use super::mounts::{Mounts, is_below};
use super::procfs;
use super::sys::block_every_signal;

/// Time for which events wait for a look-up thread that is blocked.
const EVENT_TIMEOUT: Duration = Duration::from_millis(5);
/// Time for which a look-up thread may be held up by one path.
const STUCK_TIMEOUT: Duration = Duration::from_millis(100);
/// Look-up threads that are left behind; beyond it there are no outcomes of paths any more.
const MAX_ABANDONED: usize = 4;

/// Body of a look-up thread: for each batch a call of `refresh`, then a look-up for each job.
pub(crate) trait LookUp: Send {
    fn refresh(&mut self);
    fn look_up(&mut self, job: &Job) -> Option<Outcome>;
}

impl LookUp for PathLookup {
    fn refresh(&mut self) {
        Self::refresh(self);
    }

    fn look_up(&mut self, job: &Job) -> Option<Outcome> {
        Self::look_up(self, job)
    }
}

type MakeLookUp = Box<dyn Fn() -> Box<dyn LookUp> + Send>;

/// The event worker's side.
pub(crate) struct PathOutcomes {
    make: MakeLookUp,
    thread: Option<Thread>,
    abandoned: usize,
    /// Mounts without outcomes, because a look-up on them did not end.
    excluded: Vec<Vec<u8>>,
    /// Look-ups that were left behind, for the statistics.
    stuck: Arc<AtomicU64>,
}

/// Look-ups that are asked together.
struct Batch {
    jobs: Vec<Job>,
    answers: Vec<AtomicU8>,
    /// Jobs that are answered.
    done: AtomicUsize,
}

struct Thread {
    id: u32,
    jobs: SyncSender<Arc<Batch>>,
    finished: Receiver<()>,
    /// The batch that it is at, its progress when that was last looked at, and since when it has been that.
    at: Option<(Arc<Batch>, usize, Instant)>,
}

impl PathOutcomes {
    pub(crate) fn new(make: impl Fn() -> Box<dyn LookUp> + Send + 'static, stuck: Arc<AtomicU64>) -> Self {
        Self {
            make: Box::new(make),
            thread: None,
            abandoned: 0,
            excluded: Vec::new(),
            stuck,
        }
    }

    /// Returns the outcomes of these look-ups, in their order.
    pub(crate) fn look_up(&mut self, jobs: Vec<Job>) -> Vec<Option<Outcome>> {
        let none = vec![None; jobs.len()];
        if jobs.is_empty() || !self.is_free() {
            return none;
        }
        let batch = Arc::new(Batch {
            answers: jobs.iter().map(|_| AtomicU8::new(0)).collect(),
            jobs,
            done: AtomicUsize::new(0),
        });
        let Some(thread) = self.start() else {
            return none;
        };
        if thread.jobs.send(Arc::clone(&batch)).is_err() {
            self.thread = None;
            return none;
        }
        thread.at = Some((Arc::clone(&batch), 0, Instant::now()));
        self.wait();
        let done = batch.done.load(Ordering::Acquire);
        let mut outcomes = none;
        for (outcome, answer) in outcomes.iter_mut().zip(&batch.answers).take(done) {
            *outcome = decode(answer.load(Ordering::Relaxed));
        }
        for (outcome, job) in outcomes.iter_mut().zip(&batch.jobs) {
            if self.is_excluded(&job.path) {
                *outcome = None;
            }
        }
        outcomes
    }

    fn is_excluded(&self, path: &CString) -> bool {
        self.excluded.iter().any(|mount| is_below(path.to_bytes(), mount))
    }

    /// Returns whether look-ups can be asked now; leaves a thread behind that is held up for too long.
    fn is_free(&mut self) -> bool {
        let Some(thread) = &mut self.thread else {
            return self.abandoned < MAX_ABANDONED;
        };
        if thread.at.is_none() {
            return true;
        }
        match thread.finished.try_recv() {
            Ok(()) => {
                thread.at = None;
                return true;
            }
            Err(TryRecvError::Disconnected) => {
                self.thread = None;
                return self.abandoned < MAX_ABANDONED;
            }
            Err(TryRecvError::Empty) => {}
        }
        if thread.is_stuck() {
            self.abandon();
            return self.abandoned < MAX_ABANDONED;
        }
        false
    }

    fn abandon(&mut self) {
        let Some((batch, ..)) = self.thread.take().and_then(|thread| thread.at) else {
            return;
        };
        self.abandoned += 1;
        self.stuck.fetch_add(1, Ordering::Relaxed);
        if let Some(job) = batch.jobs.get(batch.done.load(Ordering::Acquire)) {
            let mounts = Mounts::of(std::process::id());
            let mount = mounts.as_ref().and_then(|mounts| mounts.above(job.path.to_bytes()));
            self.excluded
                .push(mount.map_or(b"/".as_slice(), |(mount, _)| mount).to_vec());
        }
    }

    fn start(&mut self) -> Option<&mut Thread> {
        if self.thread.is_none() {
            self.thread = Thread::start((self.make)());
        }
        self.thread.as_mut()
    }

    /// Waits for the thread's batch: as long as it makes progress, or for a processor.
    fn wait(&mut self) {
        while let Some(thread) = &mut self.thread {
            match thread.finished.recv_timeout(EVENT_TIMEOUT) {
                Ok(()) => {
                    thread.at = None;
                    return;
                }
                Err(RecvTimeoutError::Disconnected) => {
                    self.thread = None;
                    return;
                }
                Err(RecvTimeoutError::Timeout) => {}
            }
            if thread.is_stuck() {
                return self.abandon();
            }
            if !procfs::may_run(thread.id) {
                return;
            }
        }
    }
}

impl Thread {
    fn start(mut look_up: Box<dyn LookUp>) -> Option<Self> {
        let (jobs, batches) = sync_channel::<Arc<Batch>>(1);
        let (finish, finished) = sync_channel(1);
        let (name_itself, named) = sync_channel(1);
        let body = move || {
            block_every_signal();
            let _ = name_itself.send(rustix::thread::gettid().as_raw_nonzero().get() as u32);
            while let Ok(batch) = batches.recv() {
                look_up.refresh();
                for (job, answer) in batch.jobs.iter().zip(&batch.answers) {
                    answer.store(encode(look_up.look_up(job)), Ordering::Relaxed);
                    batch.done.fetch_add(1, Ordering::Release);
                }
                if finish.send(()).is_err() {
                    return;
                }
            }
        };
        let builder = std::thread::Builder::new().name("mirrord-lookup".to_owned());
        builder.spawn(body).ok()?;
        Some(Self {
            id: named.recv().ok()?,
            jobs,
            finished,
            at: None,
        })
    }

    /// Returns whether one path has held the thread up for too long.
    fn is_stuck(&mut self) -> bool {
        let Some((batch, seen, since)) = &mut self.at else {
            return false;
        };
        let done = batch.done.load(Ordering::Acquire);
        if done != *seen || procfs::may_run(self.id) {
            (*seen, *since) = (done, Instant::now());
        }
        since.elapsed() >= STUCK_TIMEOUT
    }
}

fn encode(outcome: Option<Outcome>) -> u8 {
    match outcome {
        None => 0,
        Some(Outcome::Ok) => 1,
        Some(Outcome::NotFound) => 2,
        Some(_) => 3,
    }
}

fn decode(answer: u8) -> Option<Outcome> {
    match answer {
        1 => Some(Outcome::Ok),
        2 => Some(Outcome::NotFound),
        3 => Some(Outcome::Denied),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;
    use crate::linux::credentials;
    use crate::linux::question::Question;

    fn job(path: &str) -> Job {
        Job {
            path: CString::new(path).unwrap(),
            question: Question::existence(true),
            pid: 1,
            tid: 1,
            has_own_root: false,
            credentials: credentials::Thread::Ours,
        }
    }

    /// A file system that never answers for a path with `stuck` in it, until the test lets go.
    struct Double(Arc<Mutex<()>>);

    impl LookUp for Double {
        fn refresh(&mut self) {}

        fn look_up(&mut self, job: &Job) -> Option<Outcome> {
            if job.path.to_bytes().windows(5).any(|part| part == b"stuck") {
                drop(self.0.lock());
                return Some(Outcome::Ok);
            }
            Some(Outcome::NotFound)
        }
    }

    fn stuck(outcomes: &PathOutcomes) -> u64 {
        outcomes.stuck.load(Ordering::Relaxed)
    }

    #[test]
    fn a_look_up_that_hangs_is_left_behind_with_its_mount() {
        let gate = Arc::new(Mutex::new(()));
        let closed = gate.lock().unwrap();
        let double = Arc::clone(&gate);
        let make = move || Box::new(Double(Arc::clone(&double))) as Box<dyn LookUp>;
        let mut outcomes = PathOutcomes::new(make, Arc::default());
        assert_eq!(
            outcomes.look_up(vec![job("/x"), job("/y")]),
            [Some(Outcome::NotFound); 2]
        );
        // `/proc` is a mount of its own on every machine.
        let given = outcomes.look_up(vec![job("/x"), job("/proc/stuck"), job("/y")]);
        assert_eq!(given[1..], [None, None], "the events do not wait for it");
        let start = Instant::now();
        while stuck(&outcomes) == 0 {
            outcomes.look_up(vec![job("/x")]);
            assert!(start.elapsed() < Duration::from_secs(30));
        }
        assert_eq!(outcomes.look_up(vec![job("/x")]), [Some(Outcome::NotFound)]);
        assert_eq!(
            outcomes.look_up(vec![job("/proc/y")]),
            [None],
            "its mount has no outcomes any more"
        );
        drop(closed);
    }

    #[test]
    fn so_many_threads_are_left_behind_and_no_more() {
        let gate = Arc::new(Mutex::new(()));
        let closed = gate.lock().unwrap();
        let double = Arc::clone(&gate);
        let make = move || Box::new(Double(Arc::clone(&double))) as Box<dyn LookUp>;
        let mut outcomes = PathOutcomes::new(make, Arc::default());
        let start = Instant::now();
        while stuck(&outcomes) < MAX_ABANDONED as u64 {
            outcomes.look_up(vec![job("/stuck")]);
            assert!(start.elapsed() < Duration::from_secs(30));
        }
        assert_eq!(outcomes.look_up(vec![job("/x")]), [None]);
        assert!(outcomes.thread.is_none());
        drop(closed);
    }
}
