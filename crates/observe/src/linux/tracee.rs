//! Starting a program under observation, and what its starter does with it from then on.
//!
//! The order of `start` is what makes it safe: the filter is on a thread of ours; the guardian has said that it is ready;
//! the observer answers; only then is there a child, which proves that it can be read before it may become the program.
//! Where any step fails nothing is left running.

use std::io::{self, PipeWriter, Read as _, Write as _};
use std::os::fd::{AsFd as _, AsRawFd as _, OwnedFd, RawFd};
use std::os::unix::process::ExitStatusExt as _;
use std::process::ExitStatus;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use mirrord_wire::Observation;
use rustix::fs::MemfdFlags;
use rustix::process::{Pid, PidfdFlags, WaitId, WaitIdOptions, WaitIdStatus, pidfd_open, waitid};

use super::event_worker::{Progress, Reached, Teller};
use super::install::install;
use super::observer::Observer;
use super::pending_signals::{self, SignalSet, Taken};
use super::process_tree::{Living, Members};
use super::queue::Queue;
use super::spawn::{Ends, Forked, Plan};
use super::sys::{self, Listener, SharedPage};
use super::syscall_reader::Calls;
use super::tree_is_gone;
use super::watchdog::Line;
use super::watchdog_supervisor::Keeper;
use crate::{Command, Counts, Error, Guardian};

/// How long the child may take to make its first call.
const PROBE_LASTS: Duration = Duration::from_secs(10);
/// How long the end of a program waits for its last events to be told: a sink never takes that long.
const TELLING_LASTS: Duration = Duration::from_secs(2);

/// A program under observation.
///
/// Dropping it leaves the program and the observation alone: both go on for as long as this process lives, and the
/// program without observation after that.
pub struct Watched {
    pid: u32,
    pidfd: OwnedFd,
    listener: Arc<Listener>,
    page: Arc<SharedPage>,
    queue: Arc<Queue>,
    progress: Arc<Progress>,
    line: Arc<Mutex<Line>>,
    unread: Arc<AtomicU64>,
    untold: Arc<AtomicU64>,
    refused_listeners: Arc<AtomicU64>,
    living: Living,
    /// Signals that came before the program's process was there.
    early: SignalSet,
    /// Whether the program itself has ended.
    ended: AtomicBool,
}

/// Starts a program, and observes it and everything that it starts.
///
/// `sink` gets the events in order, on a thread of ours, while no call of the program waits for it. The program has this
/// process's standard streams, directory, environment, process group and terminal, and the signals that this process was
/// started with.
///
/// # Errors
/// Before anything runs: where watching is not possible, where there is no such program, or where it cannot be executed.
pub fn start(
    command: &Command,
    guardian: &Guardian,
    sink: impl FnMut(Observation) + Send + 'static,
) -> Result<Watched, Error> {
    check_proc()?;
    let plan = Plan::new(command).map_err(|source| failed("preparing the command line", source))?;
    let page_file = rustix::fs::memfd_create(c"mirrord-observe", MemfdFlags::CLOEXEC).map_err(io::Error::from);
    let page_file = page_file.map_err(|source| failed("making a page of shared memory", source))?;
    // Not a whole page: a low limit on the size of files counts for this one as well.
    rustix::fs::ftruncate(&page_file, size_of::<sys::Page>() as u64)
        .map_err(|error| failed("sizing the shared memory", error.into()))?;
    let page = SharedPage::map(page_file.as_fd()).map_err(|source| failed("mapping the shared memory", source))?;
    let page = Arc::new(page);

    let plan = Arc::new(plan);
    let starter = Starter::begin(Arc::clone(&plan))?;
    let listener = Arc::clone(&starter.listener);
    let line = Line::start(guardian, &listener, page_file.as_fd())
        .map_err(|source| failed("starting the guardian process", source))?;
    let line_fd = line.fd().as_raw_fd();

    let queue = Arc::new(Queue::new().map_err(|source| failed("making a queue", source))?);
    let progress = Arc::new(Progress::default());
    let line = Arc::new(Mutex::new(line));
    let calls = Calls::new();
    let untold = Arc::clone(&calls.processes.untold);
    let refused_listeners = Arc::clone(&calls.processes.refused_listeners);
    let living = Arc::clone(&calls.processes.living);
    let root_failed = Arc::clone(&calls.processes.root_failed);
    let unread = Arc::new(AtomicU64::new(0));
    let (probed, probe) = channel();
    let teller = Teller::new(Arc::clone(&queue), Arc::clone(&listener), Arc::clone(&progress), sink)
        .map_err(|source| failed("making the teller's poll", source))?;
    run("mirrord-tell", move || teller.run())?;
    let observer = Observer {
        listener: Arc::clone(&listener),
        page: Arc::clone(&page),
        queue: Arc::clone(&queue),
        calls,
        starter: starter.tid,
        probed: Some(probed),
        unread: Arc::clone(&unread),
        line: Arc::clone(&line),
    };
    run("mirrord-observe", move || observer.run())?;

    let child = starter.fork(line_fd)?;
    let Forked { pid, early } = child.forked;
    let pidfd = open(pid).map_err(|source| failed("opening the program's process", source));
    let watched = Watched {
        pid,
        pidfd: pidfd?,
        listener,
        page,
        queue,
        progress,
        line,
        unread,
        untold,
        refused_listeners,
        living,
        early,
        ended: AtomicBool::new(false),
    };
    match child.becomes(&probe, &root_failed) {
        Ok(()) => {
            let keeper = Keeper {
                guardian: guardian.clone(),
                listener: Arc::clone(&watched.listener),
                page: page_file,
                line: Arc::clone(&watched.line),
            };
            // Without it the guardian that there is does, as long as nobody kills it.
            let _ = run("mirrord-keep", move || keeper.run());
            Ok(watched)
        }
        Err(failure) => {
            let _ = watched.wait();
            Err(match failure {
                Failure::OfExec(why) => plan.failure(command, why),
                Failure::Other(error) => error,
            })
        }
    }
}

/// Why the child did not become the program.
enum Failure {
    /// The number that the kernel gave.
    OfExec(i32),
    Other(Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Other(error)
    }
}

/// Replaces this process by the program, unwatched, with the signals, the limits and the standard streams that this
/// process was started with. Returns only where that failed.
pub fn replace_process(command: &Command) -> Error {
    match Plan::new(command) {
        Ok(plan) => plan.failure(command, plan.replace_process()),
        Err(source) => failed("preparing the command line", source),
    }
}

/// What is known of a process comes from `/proc`, which has to be there, and to number processes as we do.
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

fn failed(doing: &'static str, source: io::Error) -> Error {
    Error::Io { doing, source }
}

fn run(name: &str, body: impl FnOnce() + Send + 'static) -> Result<(), Error> {
    let thread = thread::Builder::new().name(name.to_owned()).spawn(body);
    thread.map(drop).map_err(|source| failed("starting a thread", source))
}

fn open(pid: u32) -> io::Result<OwnedFd> {
    let pid = Pid::from_raw(pid as i32).ok_or(io::ErrorKind::InvalidInput)?;
    Ok(pidfd_open(pid, PidfdFlags::empty())?)
}

/// The thread with the filter, which forks and ends.
struct Starter {
    listener: Arc<Listener>,
    tid: u32,
    order: Sender<Order>,
    forked: Receiver<io::Result<Forked>>,
}

struct Order {
    ends: Ends,
}

impl Starter {
    fn begin(plan: Arc<Plan>) -> Result<Self, Error> {
        let (installed, installation) = channel();
        let (order, orders) = channel::<Order>();
        let (report, forked) = channel();
        run("mirrord-start", move || {
            let listener = install();
            let tid = rustix::thread::gettid().as_raw_nonzero().get() as u32;
            if installed.send(listener.map(|listener| (listener, tid))).is_err() {
                return;
            }
            // Nobody gives the order where a later step has failed.
            if let Ok(Order { ends }) = orders.recv() {
                sys::harmless_watched_call();
                let _ = report.send(plan.fork(ends));
            }
        })?;
        let (listener, tid) = installation
            .recv()
            .map_err(|_| failed("installing the filter", io::ErrorKind::BrokenPipe.into()))??;
        Ok(Self {
            listener: Arc::new(listener),
            tid,
            order,
            forked,
        })
    }

    fn fork(self, line: RawFd) -> Result<Unborn, Error> {
        let pipe = || io::pipe().map_err(|source| failed("making a pipe", source));
        let (leave, give_leave) = pipe()?;
        let (failure, report_failure) = pipe()?;
        let to_close = vec![line, give_leave.as_raw_fd()];
        let ends = Ends {
            leave,
            failure: report_failure,
            to_close,
        };
        let broken = || failed("starting the program's process", io::ErrorKind::BrokenPipe.into());
        self.order.send(Order { ends }).map_err(|_| broken())?;
        let forked = self.forked.recv().map_err(|_| broken())?;
        let forked = forked.map_err(|source| failed("starting the program's process", source))?;
        Ok(Unborn {
            forked,
            give_leave,
            failure,
        })
    }
}

/// A child that has not executed the program yet.
struct Unborn {
    forked: Forked,
    give_leave: PipeWriter,
    failure: io::PipeReader,
}

impl Unborn {
    fn becomes(mut self, probe: &Receiver<io::Result<()>>, root_failed: &AtomicBool) -> Result<(), Failure> {
        let probed = probe.recv_timeout(PROBE_LASTS);
        let probed = probed.map_err(|_| failed("reading the program's memory", io::ErrorKind::TimedOut.into()))?;
        probed.map_err(|error| Error::Unsupported {
            reason: format!(
                "the memory of a child process cannot be read ({error}); a security module or a sandbox forbids \
                 process_vm_readv, as /proc/sys/kernel/yama/ptrace_scope above 1 does"
            ),
        })?;
        // A child that is gone already says so by its silence below.
        let _ = self.give_leave.write_all(&[1]);
        let mut why = [0; 4];
        match self.failure.read_exact(&mut why) {
            // Closed by the exec.
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(()),
            Err(source) => Err(failed("hearing from the program's process", source).into()),
            Ok(()) => {
                root_failed.store(true, Ordering::Release);
                Err(Failure::OfExec(i32::from_ne_bytes(why)))
            }
        }
    }
}

impl Watched {
    /// The program's process id.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.pid
    }

    /// Waits for the program itself, not for what it leaves in the background, and until its events have been told (at
    /// most two seconds).
    ///
    /// When the program is stopped, as by Ctrl-Z, this whole process stops itself by the same signal, so that a shell sees a
    /// stopped job. The guardian answers in the meantime. What continues this process is passed on by
    /// [`crate::SignalRelay`].
    ///
    /// # Errors
    /// Where the program was waited for already.
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
            self.progress.wait_for(Reached::RootTold, TELLING_LASTS);
            self.wait_once(WaitIdOptions::EXITED)?;
            self.collect_guardian();
            return Ok(exit_status(&status));
        }
    }

    fn wait_once(&self, options: WaitIdOptions) -> io::Result<Option<WaitIdStatus>> {
        match waitid(WaitId::PidFd(self.pidfd.as_fd()), options) {
            Err(rustix::io::Errno::INTR) => Ok(None),
            other => Ok(other?),
        }
    }

    /// Stops this process, and returns when it goes on. Where the signal has no effect (the first process of a container
    /// cannot be stopped, nor can an orphaned group by a terminal) that is at once.
    pub(crate) fn stop_as_well(&self, signal: i32) {
        let line = self.line.lock().unwrap_or_else(PoisonError::into_inner);
        line.stand_in(self.pid);
        pending_signals::stop_by(signal);
        line.back();
    }

    /// The guardian's process id.
    pub(crate) fn guardian(&self) -> Option<u32> {
        Some(self.line.lock().unwrap_or_else(PoisonError::into_inner).pid())
    }

    pub(crate) fn early_signals(&self) -> SignalSet {
        self.early
    }

    pub(crate) fn has_ended(&self) -> bool {
        self.ended.load(Ordering::Acquire)
    }

    /// Whether the program has made a process group of its own, which signals to ours do not reach.
    pub(crate) fn has_left_our_group(&self) -> bool {
        let own = sys::process_group(0).ok();
        sys::process_group(self.pid).is_ok_and(|group| Some(group) != own)
    }

    pub(crate) fn pass_on(&self, signal: &Taken) -> io::Result<()> {
        pending_signals::pass_on(self.pidfd.as_fd(), signal)
    }

    fn collect_guardian(&self) {
        if self.progress.wait_for(Reached::AllTold, Duration::ZERO) || tree_is_gone(&self.listener) {
            self.line.lock().unwrap_or_else(PoisonError::into_inner).end(true);
        }
    }

    /// Waits, for a bounded time, until every process of the tree has ended and was told; false where that was not
    /// enough.
    #[must_use]
    pub fn wait_for_tree(&self, at_most: Duration) -> bool {
        let ended = self.progress.wait_for(Reached::AllTold, at_most);
        if ended && self.has_ended() {
            self.collect_guardian();
        }
        ended
    }

    /// Sends a signal to the program; never to another process that got its number. A host that stands for the program
    /// passes on what is sent to it by a [`crate::SignalRelay`].
    ///
    /// # Errors
    /// Where there is no such signal, or the program has ended.
    pub fn signal(&self, signal: i32) -> io::Result<()> {
        sys::send_signal(self.pidfd.as_fd(), signal)
    }

    /// The processes that belong to the program now, for who wants to end them all. Those of the program itself that
    /// have become daemons, and whoever started it, are not among them.
    ///
    /// # Errors
    /// Where there are no more descriptors.
    pub fn members(&self) -> io::Result<Members> {
        let pidfd = self.pidfd.try_clone()?;
        Ok(Members::new(self.pid, pidfd, Arc::clone(&self.living)))
    }

    /// What could not be told so far.
    #[must_use]
    pub fn counts(&self) -> Counts {
        Counts {
            lost: self.queue.lost(),
            unread: self.unread.load(Ordering::Relaxed),
            unobserved: self.page.unobserved.load(Ordering::Relaxed),
            untold_processes: self.untold.load(Ordering::Relaxed),
            refused_listeners: self.refused_listeners.load(Ordering::Relaxed),
        }
    }
}

fn exit_status(status: &WaitIdStatus) -> ExitStatus {
    const CORE_DUMPED: i32 = 0x80;
    let raw = match (status.exit_status(), status.terminating_signal()) {
        (Some(code), _) => (code & 0xff) << 8,
        (None, Some(signal)) => signal | if status.dumped() { CORE_DUMPED } else { 0 },
        (None, None) => 0,
    };
    ExitStatus::from_raw(raw)
}
