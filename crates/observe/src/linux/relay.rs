//! Relay of signals to this process that are meant for the program.
//!
//! A script that started us takes us for the program. A signal to us alone is passed on; one to the whole process
//! group, as a terminal's Ctrl-C or `kill 0` in a script, has reached the program by itself, and the [`Witness`] shows
//! which of both it was. What the program sends to its parent is for our own parent. All of them are blocked from
//! before the first thread on: none ends or stops this process, and what is ignored in the program is dropped there and
//! not here.

use std::os::fd::{AsFd as _, BorrowedFd, OwnedFd};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::thread;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::process::{Pid, PidfdFlags, WaitId, WaitIdOptions, getpid, getppid, pidfd_open, setpgid, waitid};

use super::pending_signals::{self, SignalSet, Taken, pending_set, take_pending};
use super::procfs::{self, Kin};
use super::sys;
use super::tracee::Tracee;
use super::witness::Witness;

/// Signals that are passed on: all but those for a fault of this process itself, SIGCHLD and SIGPIPE.
const PASSED_ON: SignalSet = SignalSet::of(&[
    libc::SIGHUP,
    libc::SIGINT,
    libc::SIGQUIT,
    libc::SIGUSR1,
    libc::SIGUSR2,
    libc::SIGALRM,
    libc::SIGTERM,
    libc::SIGSTKFLT,
    libc::SIGCONT,
    libc::SIGTSTP,
    libc::SIGTTIN,
    libc::SIGTTOU,
    libc::SIGURG,
    libc::SIGXCPU,
    libc::SIGVTALRM,
    libc::SIGPROF,
    libc::SIGWINCH,
    libc::SIGIO,
    libc::SIGPWR,
])
.and(SignalSet::real_time());
/// Those by which a terminal stops a job.
const STOPS: SignalSet = SignalSet::of(&[libc::SIGTSTP, libc::SIGTTIN, libc::SIGTTOU]);
/// Those that end a process which only waits for what the program has left behind.
const ENDS: SignalSet = SignalSet::of(&[libc::SIGHUP, libc::SIGINT, libc::SIGQUIT, libc::SIGTERM]);
/// Time that the kernel takes to deliver a signal to all processes of a group.
const GROUP_DELIVERY_TIMEOUT: Duration = Duration::from_millis(2);

/// Blocks the signals that are passed on, and starts the witness. Signals that come before the program runs are kept
/// for it.
pub struct SignalRelay {
    shared: Arc<Shared>,
    is_init: bool,
    parent: Option<OwnedFd>,
    state: Option<Arc<Mutex<RelayState>>>,
}

struct Shared {
    witness: Mutex<Option<Witness>>,
    end_requested: AtomicBool,
}

impl Shared {
    /// Returns whether the witness had the signal; `None` where there is no witness. One that fails is given up.
    fn witness_takes(&self, signal: i32) -> Option<bool> {
        let mut witness = self.witness.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = witness.as_ref()?.takes(signal).ok();
        if taken.is_none() {
            *witness = None;
        }
        taken
    }
}

impl SignalRelay {
    /// To be called on the main thread, before any other is started: the witness ends with the thread that started it.
    #[must_use]
    pub fn start() -> Self {
        pending_signals::block(PASSED_ON);
        let is_init = getpid().is_init();
        if is_init {
            // In every thread: one that does not block it would drop it.
            pending_signals::block(SignalSet::of(&[libc::SIGCHLD]));
        }
        Self {
            shared: Arc::new(Shared {
                witness: Mutex::new(Witness::start().ok()),
                end_requested: AtomicBool::new(false),
            }),
            is_init,
            parent: open_parent(),
            state: None,
        }
    }

    /// Passes signals on, on a thread of its own, for as long as the program runs. As the first process of a container
    /// it also reaps what is left behind there.
    pub fn pass_on(&mut self, program: Weak<Tracee>) {
        let state = RelayState {
            shared: Arc::clone(&self.shared),
            parent: self.parent.take(),
            credit: SignalSet::default(),
            early: None,
            is_init: self.is_init,
            program,
        };
        let mut awaited = PASSED_ON;
        if self.is_init {
            awaited.insert(libc::SIGCHLD);
        }
        let Ok(readiness) = pending_signals::readiness(awaited) else {
            return;
        };
        let state = Arc::new(Mutex::new(state));
        self.state = Some(Arc::clone(&state));
        let run = move || {
            while wait(readiness.as_fd()) {
                state.lock().unwrap_or_else(PoisonError::into_inner).pass_on_pending();
            }
        };
        let _ = thread::Builder::new().name("mirrord-signals".to_owned()).spawn(run);
    }

    /// Passes on what is pending when the program has ended: it may have sent something to its parent just before.
    pub fn finish(&self) {
        if let Some(state) = &self.state {
            let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
            state.pass_on_pending();
        }
    }

    /// Returns whether a signal has requested the end of what goes on after the program's end.
    #[must_use]
    pub fn end_is_requested(&self) -> bool {
        self.shared.end_requested.load(Ordering::Acquire)
    }

    /// Ends the witness. To be called before this process ends, or becomes another program.
    pub fn end(&self) {
        let mut witness = self.shared.witness.lock().unwrap_or_else(PoisonError::into_inner);
        *witness = None;
    }
}

/// Opens our own parent, where it is a process that can be signalled.
fn open_parent() -> Option<OwnedFd> {
    let parent = getppid().filter(|parent| !parent.is_init())?;
    let opened = pidfd_open(parent, PidfdFlags::empty()).ok()?;
    (getppid() == Some(parent)).then_some(opened)
}

/// Waits for a signal; false where that is not possible.
fn wait(readiness: BorrowedFd<'_>) -> bool {
    let polled = poll(&mut [PollFd::new(&readiness, PollFlags::IN)], None);
    polled.is_ok() || polled == Err(rustix::io::Errno::INTR)
}

/// The state of the thread that passes signals on.
struct RelayState {
    shared: Arc<Shared>,
    parent: Option<OwnedFd>,
    /// Signals that the witness had once more when they were taken, and which are pending here.
    credit: SignalSet,
    /// Signals that were pending when the program's process was made: it has not got them. `None`: not asked yet.
    early: Option<SignalSet>,
    is_init: bool,
    program: Weak<Tracee>,
}

impl RelayState {
    fn pass_on_pending(&mut self) {
        let Some(program) = self.program.upgrade() else {
            // The program has ended, and so does this process, whatever it is sent.
            while take_pending(PASSED_ON).is_some() {}
            return;
        };
        for signal in pending_set().common(PASSED_ON).iter() {
            self.pass_on(&program, signal);
        }
        self.reap(&program);
    }

    fn pass_on(&mut self, program: &Tracee, signal: i32) {
        let early = self.early.get_or_insert_with(|| program.early_signals());
        let is_early = early.contains(signal);
        early.remove(signal);
        let reached_group = self.was_sent_to_group(signal);
        let Some(taken) = take_pending(SignalSet::of(&[signal])) else {
            return;
        };
        if self.shared.witness_takes(signal) == Some(true) && pending_set().contains(signal) {
            self.credit.insert(signal);
        }
        let is_from_program = taken.sender() == Some(program.pid());
        if program.has_ended() && !is_from_program {
            self.after_the_program(program, signal);
            return;
        }
        let has_left = program.has_left_our_group();
        let reached = match reached_group {
            Some(reached) => reached && !has_left,
            None => taken.is_from_kernel() && !(is_for_session_leader(signal) && sys::leads_session()),
        };
        if is_early || !reached {
            self.deliver(program, &taken);
        }
    }

    /// Returns whether a pending signal was sent to the whole group; `None` where there is no witness to ask.
    fn was_sent_to_group(&mut self, signal: i32) -> Option<bool> {
        // It takes the kernel's lock that sending to a group holds, so that what is under way has arrived everywhere. There
        // is no such group: nothing changes.
        let _ = setpgid(None, Pid::from_raw(i32::MAX));
        if self.credit.contains(signal) {
            self.credit.remove(signal);
            return Some(true);
        }
        if self.shared.witness_takes(signal)? {
            return Some(true);
        }
        thread::sleep(GROUP_DELIVERY_TIMEOUT);
        self.shared.witness_takes(signal)
    }

    fn deliver(&self, program: &Tracee, taken: &Taken) {
        let sender = taken.sender();
        if sender == Some(program.pid()) {
            // Meant for its parent, which without us would be ours.
            if let Some(parent) = &self.parent {
                let _ = pending_signals::pass_on(parent.as_fd(), taken);
            }
            return;
        }
        if taken.signal() == libc::SIGCONT {
            self.forget_stops();
            if sender.is_some() && sender == program.watchdog() {
                return;
            }
        }
        let _ = program.pass_on(taken);
    }

    /// A SIGCONT to a group drops its pending stops. One to us alone leaves them at the witness, where the next stop
    /// would look like a group's.
    fn forget_stops(&self) {
        for signal in STOPS.iter().filter(|signal| !pending_set().contains(*signal)) {
            self.shared.witness_takes(signal);
        }
    }

    /// A signal to a process that waits for what the program has left behind: it does what it does to any process.
    fn after_the_program(&self, program: &Tracee, signal: i32) {
        if ENDS.contains(signal) {
            self.shared.end_requested.store(true, Ordering::Release);
        } else if STOPS.contains(signal) {
            program.stop_as_well(signal);
            self.forget_stops();
        }
    }

    /// Waits for processes that were left to us as the first process of a container. The program itself, the watchdog
    /// and the witness are waited for where they are used.
    fn reap(&self, program: &Tracee) {
        if !self.is_init || take_pending(SignalSet::of(&[libc::SIGCHLD])).is_none() {
            return;
        }
        let us = getpid().as_raw_nonzero().get() as u32;
        for pid in procfs::process_ids().filter(|pid| !self.is_own_child(program, *pid)) {
            if Kin::read(pid).is_some_and(|kin| kin.ended && kin.parent == us)
                && let Some(pid) = Pid::from_raw(pid as i32)
            {
                let _ = waitid(WaitId::Pid(pid), WaitIdOptions::EXITED | WaitIdOptions::NOHANG);
            }
        }
    }

    fn is_own_child(&self, program: &Tracee, pid: u32) -> bool {
        let witness = self.shared.witness.lock().unwrap_or_else(PoisonError::into_inner);
        witness.as_ref().is_some_and(|witness| witness.pid() == pid)
            || program.pid() == pid
            || program.watchdog() == Some(pid)
    }
}

/// Those that the kernel sends to the leader of a session alone, when its terminal closes.
fn is_for_session_leader(signal: i32) -> bool {
    matches!(signal, libc::SIGHUP | libc::SIGCONT)
}
