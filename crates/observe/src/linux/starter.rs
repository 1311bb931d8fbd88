//! Starter: the thread of ours with the filter, which forks the program's process, and that process before its exec.

use std::io::{self, PipeWriter, Read as _, Write as _};
use std::os::fd::{AsRawFd as _, RawFd};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

use super::install::install;
use super::spawn::{Ends, Forked, Plan};
use super::sys::{self, Listener};
use crate::Error;

/// Time in which the child makes its first call.
const PROBE_TIMEOUT: Duration = Duration::from_secs(10);

/// Starts a thread.
pub(super) fn spawn_thread(name: &str, body: impl FnOnce() + Send + 'static) -> Result<(), Error> {
    let thread = thread::Builder::new().name(name.to_owned()).spawn(body);
    thread.map(drop).map_err(Error::io("starting a thread"))
}

/// The thread with the filter, which forks and ends.
pub(super) struct Starter {
    pub(super) listener: Arc<Listener>,
    pub(super) tid: u32,
    order: Sender<Order>,
    forked: Receiver<io::Result<Forked>>,
}

struct Order {
    ends: Ends,
}

impl Starter {
    pub(super) fn begin(plan: Arc<Plan>) -> Result<Self, Error> {
        let (installed, installation) = channel();
        let (order, orders) = channel::<Order>();
        let (report, forked) = channel();
        spawn_thread("mirrord-start", move || {
            let listener = install();
            let tid = rustix::thread::gettid().as_raw_nonzero().get() as u32;
            if installed.send(listener.map(|listener| (listener, tid))).is_err() {
                return;
            }
            // No order comes where a later step has failed.
            if let Ok(Order { ends }) = orders.recv() {
                sys::harmless_watched_call();
                let _ = report.send(plan.fork(ends));
            }
        })?;
        let (listener, tid) = installation
            .recv()
            .map_err(|_| Error::io("installing the filter")(io::ErrorKind::BrokenPipe.into()))??;
        Ok(Self {
            listener: Arc::new(listener),
            tid,
            order,
            forked,
        })
    }

    pub(super) fn fork(self, link: RawFd) -> Result<PendingChild, Error> {
        let pipe = || io::pipe().map_err(Error::io("making a pipe"));
        let (leave, give_leave) = pipe()?;
        let (failure, report_failure) = pipe()?;
        let to_close = vec![link, give_leave.as_raw_fd()];
        let ends = Ends {
            leave,
            failure: report_failure,
            to_close,
        };
        let failed = Error::io("starting the program's process");
        let broken = || failed(io::ErrorKind::BrokenPipe.into());
        self.order.send(Order { ends }).map_err(|_| broken())?;
        let forked = self.forked.recv().map_err(|_| broken())?;
        let forked = forked.map_err(failed)?;
        Ok(PendingChild {
            forked,
            give_leave,
            failure,
        })
    }
}

/// A child that has not executed the program yet.
pub(super) struct PendingChild {
    pub(super) forked: Forked,
    give_leave: PipeWriter,
    failure: io::PipeReader,
}

impl PendingChild {
    /// Waits until the child has executed the program.
    pub(super) fn wait_for_exec(mut self, probe: &Probe) -> Result<(), Failure> {
        let probed = probe.memory.recv_timeout(PROBE_TIMEOUT);
        let timed_out = |_| Error::io("reading the program's memory")(io::ErrorKind::TimedOut.into());
        let probed = probed.map_err(timed_out)?;
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
            Err(source) => Err(Error::io("hearing from the program's process")(source).into()),
            Ok(()) => {
                probe.root_failed.store(true, Ordering::Release);
                Err(Failure::OfExec(i32::from_ne_bytes(why)))
            }
        }
    }
}

/// Results of the child's first calls, shared with the observer.
pub(super) struct Probe {
    /// Receives once whether the child's memory can be read.
    pub(super) memory: Receiver<io::Result<()>>,
    /// Set where the exec failed.
    pub(super) root_failed: Arc<AtomicBool>,
}

/// Reason for which the child did not become the program.
pub(super) enum Failure {
    /// Error number of `execve(2)`.
    OfExec(i32),
    Other(Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Other(error)
    }
}
