//! Starting a program under observation, and what its starter does with it from then on.
//!
//! The order is what makes it safe: the filter is on a thread of ours; the watchdog has reported that it is ready; the
//! observer answers; only then is there a child, which proves that it can be read before it may become the program. Where any
//! step fails nothing is left running.

use std::io;
use std::os::fd::{AsFd as _, AsRawFd as _, BorrowedFd, OwnedFd};
use std::os::unix::process::ExitStatusExt as _;
use std::process::ExitStatus;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use mirrord_wire::Observation;
use rustix::fs::MemfdFlags;
use rustix::process::{WaitId, WaitIdOptions, WaitIdStatus, waitid};

use super::event_worker::EventWorker;
use super::lookup::PathLookup;
use super::observer::Observer;
use super::path_outcomes::{LookUp, PathOutcomes};
use super::pending_signals::{self, SignalSet, Taken};
use super::process_exit::raw_status;
use super::process_tree::{Living, ProcessTree};
use super::procfs::open_process;
use super::progress::{Progress, Reached};
use super::queue::Queue;
use super::sock_diag::SocketMonitor;
use super::spawn::Plan;
use super::starter::{Failure, Probe, Starter, spawn_thread};
use super::sys::{self, Listener, SharedPage};
use super::syscall_reader::SyscallReader;
use super::watchdog::WatchdogLink;
use super::watchdog_supervisor::WatchdogSupervisor;
use crate::{Command, Error, Stats, Watchdog};

/// Time for which a program's end waits for the next of its last events to be emitted, and how often it does.
const DELIVERY_TIMEOUT: Duration = Duration::from_secs(2);
const MAX_DELIVERY_PAUSES: u32 = 15;

/// A program under observation.
///
/// Dropping it leaves the program and the observation alone: both go on until this process ends, and the program
/// without observation after that.
pub struct Tracee {
    pid: u32,
    pidfd: OwnedFd,
    shared: Shared,
    /// Signals that came before the program's process was there.
    early: SignalSet,
    /// Set once the program itself has ended.
    ended: AtomicBool,
}

/// State that is shared with the observer and the event worker.
struct Shared {
    listener: Arc<Listener>,
    page: Arc<SharedPage>,
    queue: Arc<Queue>,
    progress: Arc<Progress>,
    link: Arc<Mutex<WatchdogLink>>,
    unreadable: Arc<AtomicU64>,
    untracked: Arc<AtomicU64>,
    refused_listeners: Arc<AtomicU64>,
    abandoned_lookups: Arc<AtomicU64>,
    /// The program's last events were not emitted in time.
    late: AtomicBool,
    living: Living,
}

/// Everything that a program needs to be observed, and no program yet. Dropped, it leaves nothing running; the
/// watchdog, which ends then, is collected with this process.
pub struct PreparedProgram {
    command: Command,
    plan: Arc<Plan>,
    page: OwnedFd,
    starter: Starter,
    watchdog: Watchdog,
    /// To a watchdog that starts meanwhile.
    link: WatchdogLink,
}

impl PreparedProgram {
    /// Prepares the observation of a program. The watchdog starts beside what the caller does until
    /// [`PreparedProgram::start`]: that takes longer than all the rest.
    ///
    /// # Errors
    /// Watching is not possible, or this process is watched already.
    pub fn new(command: Command, watchdog: Watchdog) -> Result<Self, Error> {
        check_proc()?;
        let plan = Arc::new(Plan::new(&command).map_err(Error::io("preparing the command line"))?);
        let page = make_page()?;
        let starter = Starter::begin(Arc::clone(&plan))?;
        let link =
            WatchdogLink::spawn(&watchdog, &starter.listener, page.as_fd()).map_err(Error::io(STARTING_WATCHDOG))?;
        Ok(Self {
            command,
            plan,
            page,
            starter,
            watchdog,
            link,
        })
    }

    /// Starts the program, and observes it and everything that it starts.
    ///
    /// `sink` gets the events in order, on a thread of ours, while no call of the program waits for it. The program has
    /// this process's standard streams, directory, environment, process group and terminal, and the signals that this
    /// process was started with.
    ///
    /// # Errors
    /// Before anything runs: where there is no such program, where it cannot be executed or observed.
    pub fn start(self, sink: impl FnMut(Observation) + Send + 'static) -> Result<Tracee, Error> {
        let Self {
            command,
            plan,
            page,
            starter,
            watchdog,
            mut link,
        } = self;
        link.wait_until_ready().map_err(Error::io(STARTING_WATCHDOG))?;
        let link_fd = link.fd().as_raw_fd();
        let (shared, probe) = Shared::start_threads(&starter, page.as_fd(), link, command.marks_loader, sink)?;
        let child = starter.fork(link_fd)?;
        let tracee = Tracee {
            pid: child.forked.pid,
            pidfd: open_process(child.forked.pid).map_err(Error::io("opening the program's process"))?,
            shared,
            early: child.forked.early,
            ended: AtomicBool::new(false),
        };
        if let Err(failure) = child.wait_for_exec(&probe) {
            let _ = tracee.wait();
            return Err(match failure {
                Failure::OfExec(why) => plan.failure(&command, why),
                Failure::Other(error) => error,
            });
        }
        let supervisor = WatchdogSupervisor {
            watchdog,
            listener: Arc::clone(&tracee.shared.listener),
            page,
            link: Arc::clone(&tracee.shared.link),
        };
        // Without it a watchdog that is killed has no successor.
        let _ = spawn_thread("mirrord-restart", move || supervisor.run());
        Ok(tracee)
    }
}

const STARTING_WATCHDOG: &str = "starting the watchdog process";

/// Prepares and starts a program: [`PreparedProgram`], for a caller that has nothing to do in between.
///
/// # Errors
/// As both have.
pub fn start(
    command: &Command,
    watchdog: &Watchdog,
    sink: impl FnMut(Observation) + Send + 'static,
) -> Result<Tracee, Error> {
    PreparedProgram::new(command.clone(), watchdog.clone())?.start(sink)
}

/// Makes the memory file of the page that observer and watchdog share.
fn make_page() -> Result<OwnedFd, Error> {
    let file = rustix::fs::memfd_create(c"mirrord-observe", MemfdFlags::CLOEXEC)
        .map_err(|error| Error::io("making a page of shared memory")(error.into()))?;
    // Not a whole page: a low limit on the size of files counts for this one as well.
    rustix::fs::ftruncate(&file, size_of::<sys::Page>() as u64)
        .map_err(|error| Error::io("sizing the shared memory")(error.into()))?;
    Ok(file)
}

impl Shared {
    fn start_threads(
        starter: &Starter,
        page: BorrowedFd<'_>,
        link: WatchdogLink,
        marks_loader: bool,
        sink: impl FnMut(Observation) + Send + 'static,
    ) -> Result<(Self, Probe), Error> {
        let reader = SyscallReader::new(marks_loader);
        let shared = Self {
            listener: Arc::clone(&starter.listener),
            page: Arc::new(SharedPage::map(page).map_err(Error::io("mapping the shared memory"))?),
            queue: Arc::new(Queue::new().map_err(Error::io("making a queue"))?),
            progress: Arc::default(),
            link: Arc::new(Mutex::new(link)),
            unreadable: Arc::default(),
            untracked: Arc::clone(&reader.processes.untracked),
            refused_listeners: Arc::clone(&reader.processes.refused_listeners),
            abandoned_lookups: Arc::default(),
            late: AtomicBool::new(false),
            living: Arc::clone(&reader.processes.living),
        };
        let root_failed = Arc::clone(&reader.processes.root_failed);
        let (queue, progress) = (Arc::clone(&shared.queue), Arc::clone(&shared.progress));
        let differ = reader.processes.credentials.differ_flag();
        let look_up = move || Box::new(PathLookup::new(Arc::clone(&differ))) as Box<dyn LookUp>;
        let path_outcomes = PathOutcomes::new(look_up, Arc::clone(&shared.abandoned_lookups));
        let listener = Arc::clone(&shared.listener);
        let sockets = SocketMonitor::new(Arc::clone(&queue)).map_err(Error::io("making the socket monitor"))?;
        let counted = Arc::clone(&progress);
        let mut sink = sink;
        let sink = move |observation| {
            sink(observation);
            counted.count();
        };
        let worker = EventWorker::new(queue, listener, progress, path_outcomes, sockets.clone(), sink)
            .map_err(Error::io("making the event worker's poll"))?;
        spawn_thread("mirrord-events", move || worker.run())?;
        let (probed, memory) = channel();
        let observer = Observer {
            listener: Arc::clone(&shared.listener),
            page: Arc::clone(&shared.page),
            queue: Arc::clone(&shared.queue),
            reader,
            starter: starter.tid,
            probed: Some(probed),
            unreadable: Arc::clone(&shared.unreadable),
            sockets,
            link: Arc::clone(&shared.link),
        };
        spawn_thread("mirrord-observe", move || observer.run())?;
        Ok((shared, Probe { memory, root_failed }))
    }
}

/// Replaces this process by the program, unwatched, with the signals, the limits and the standard streams that this
/// process was started with. Returns only where that failed.
pub fn replace_process(command: &Command) -> Error {
    match Plan::new(command) {
        Ok(plan) => plan.failure(command, plan.replace_process()),
        Err(source) => Error::io("preparing the command line")(source),
    }
}

/// Checks that `/proc`, the source of all that is known of processes, is mounted and of our PID namespace.
fn check_proc() -> Result<(), Error> {
    let own = std::fs::read_link("/proc/self").ok();
    let reason = match own {
        Some(own) if own.to_str() == Some(&std::process::id().to_string()) => return Ok(()),
        Some(_) => {
            "/proc is that of another PID namespace; `mount -t proc proc /proc` in this one (`unshare --mount-proc`)"
        }
        None => "there is no /proc; `mount -t proc proc /proc` makes one",
    };
    let reason = reason.to_owned();
    Err(Error::Unsupported { reason })
}

impl Tracee {
    /// The program's process id.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.pid
    }

    /// Waits for the program itself, not for its background processes, and until its events were emitted: as long as the
    /// sink takes one each two seconds, and half a minute at most.
    ///
    /// When the program is stopped, as by Ctrl-Z, this whole process stops itself by the same signal, so that a shell
    /// sees a stopped job. The watchdog answers in the meantime. A signal that continues this process is passed on by
    /// [`crate::SignalRelay`].
    ///
    /// # Errors
    /// If the program was waited for already.
    pub fn wait(&self) -> io::Result<ExitStatus> {
        loop {
            let options = WaitIdOptions::EXITED | WaitIdOptions::STOPPED;
            let Some(status) = self.wait_once(options | WaitIdOptions::NOWAIT)? else {
                continue;
            };
            if status.stopped() {
                self.wait_once(WaitIdOptions::STOPPED | WaitIdOptions::NOHANG)?;
                self.stop_as_well(status.stopping_signal().unwrap_or(libc::SIGSTOP));
                continue;
            }
            self.ended.store(true, Ordering::Release);
            let progress = &self.shared.progress;
            if !progress.wait_while_it_emits(Reached::RootEnded, DELIVERY_TIMEOUT, MAX_DELIVERY_PAUSES) {
                self.shared.late.store(true, Ordering::Relaxed);
            }
            self.wait_once(WaitIdOptions::EXITED)?;
            self.collect_watchdog();
            return Ok(ExitStatus::from_raw(raw_status(&status)));
        }
    }

    fn wait_once(&self, options: WaitIdOptions) -> io::Result<Option<WaitIdStatus>> {
        match waitid(WaitId::PidFd(self.pidfd.as_fd()), options) {
            Err(rustix::io::Errno::INTR) => Ok(None),
            other => Ok(other?),
        }
    }

    /// Stops this process, and returns when it goes on. Where the signal has no effect (the first process of a
    /// container cannot be stopped, nor can an orphaned group by a terminal) that is at once.
    pub(crate) fn stop_as_well(&self, signal: i32) {
        let link = self.shared.link.lock().unwrap_or_else(PoisonError::into_inner);
        link.pause(self.pid);
        pending_signals::stop_by(signal);
        link.resume();
    }

    /// The watchdog's process id.
    pub(crate) fn watchdog(&self) -> Option<u32> {
        Some(self.shared.link.lock().unwrap_or_else(PoisonError::into_inner).pid())
    }

    pub(crate) fn early_signals(&self) -> SignalSet {
        self.early
    }

    pub(crate) fn has_ended(&self) -> bool {
        self.ended.load(Ordering::Acquire)
    }

    /// Returns whether the program has made a process group of its own, which signals to ours do not reach.
    pub(crate) fn has_left_our_group(&self) -> bool {
        let own = sys::process_group(0).ok();
        sys::process_group(self.pid).is_ok_and(|group| Some(group) != own)
    }

    pub(crate) fn pass_on(&self, signal: &Taken) -> io::Result<()> {
        pending_signals::pass_on(self.pidfd.as_fd(), signal)
    }

    fn collect_watchdog(&self) {
        if self.shared.progress.wait_for(Reached::AllEnded, Duration::ZERO) || self.shared.listener.is_tree_gone() {
            self.shared
                .link
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .end(true);
        }
    }

    /// Waits, for a bounded time, until the end of every process of the tree was emitted; false at the time-out.
    #[must_use]
    pub fn wait_for_tree(&self, at_most: Duration) -> bool {
        let ended = self.shared.progress.wait_for(Reached::AllEnded, at_most);
        if ended && self.has_ended() {
            self.collect_watchdog();
        }
        ended
    }

    /// Sends a signal to the program; never to another process that got its id. A host in the program's place passes on
    /// signals by a [`crate::SignalRelay`].
    ///
    /// # Errors
    /// If there is no such signal, or the program has ended.
    pub fn signal(&self, signal: i32) -> io::Result<()> {
        sys::send_signal(self.pidfd.as_fd(), signal)
    }

    /// Opens the processes that belong to the program now. Its daemons, and the process that started it, are not among
    /// them.
    ///
    /// # Errors
    /// If there are no more descriptors.
    pub fn process_tree(&self) -> io::Result<ProcessTree> {
        let pidfd = self.pidfd.try_clone()?;
        Ok(ProcessTree::new(self.pid, pidfd, Arc::clone(&self.shared.living)))
    }

    /// Returns the counters of what is missing from the events so far.
    #[must_use]
    pub fn stats(&self) -> Stats {
        Stats {
            dropped: self.shared.queue.dropped(),
            unreadable: self.shared.unreadable.load(Ordering::Relaxed),
            passed_through: self.shared.page.passed_through.load(Ordering::Relaxed),
            untracked_processes: self.shared.untracked.load(Ordering::Relaxed),
            refused_listeners: self.shared.refused_listeners.load(Ordering::Relaxed),
            abandoned_lookups: self.shared.abandoned_lookups.load(Ordering::Relaxed),
            late: self.shared.late.load(Ordering::Relaxed),
        }
    }
}
