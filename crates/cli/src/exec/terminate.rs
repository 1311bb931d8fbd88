//! Termination of a program on `POST /kill`: SIGTERM to all of its processes, and SIGKILL to those that are left after
//! five seconds.
//!
//! Invariant: each signal goes through a descriptor to a process that was seen to belong to the program, never to a
//! bare number or a whole group, since a group may hold the script that started us. `mirrord exec` ends once nothing is
//! left.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use mirrord_observe::{ProcessTree, Tracee};

use super::signals::{SIGCONT, SIGKILL, SIGTERM};
use crate::diagnostics::diagnostic;

/// Time in which a program ends by itself.
const TERM_TIMEOUT: Duration = Duration::from_secs(5);
/// Interval of the search for processes that came after the signal, which then get it too.
const LOOK_INTERVAL: Duration = Duration::from_millis(250);
/// Time in which the kernel ends killed processes: one that waits for a broken disk takes for ever.
const KILL_TIMEOUT: Duration = Duration::from_secs(2);

/// State of a requested termination.
#[derive(Clone, Default)]
pub(super) struct Termination(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    requested: bool,
    begun: bool,
    program: Weak<Tracee>,
    thread: Option<JoinHandle<()>>,
}

impl Termination {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Requests the program's end. It may have yet to start, and it may have ended. Never blocks.
    pub(super) fn request(&self) {
        let mut state = self.lock();
        state.requested = true;
        state.begin();
    }

    /// Returns whether the program's end is requested.
    pub(super) fn is_requested(&self) -> bool {
        self.lock().requested
    }

    /// The program runs: an earlier request counts now.
    pub(super) fn program_runs(&self, program: &Arc<Tracee>) {
        let mut state = self.lock();
        state.program = Arc::downgrade(program);
        if state.requested {
            state.begin();
        }
    }

    /// Waits, where the program is to end, until all of it has: bounded by the times above.
    pub(super) fn wait(&self) {
        let thread = self.lock().thread.take();
        if let Some(thread) = thread {
            // It panicked: then there is no end to wait for.
            let _ = thread.join();
        }
    }
}

impl State {
    /// Starts to end it, once.
    fn begin(&mut self) {
        let Some(program) = self.program.upgrade() else { return };
        if std::mem::replace(&mut self.begun, true) {
            return;
        }
        let end = move || end(&program);
        self.thread = thread::Builder::new().name("mirrord-end".to_owned()).spawn(end).ok();
    }
}

fn end(program: &Tracee) {
    let mut members = match program.process_tree() {
        Ok(members) => members,
        Err(error) => {
            diagnostic!(
                "mirrord: asked to end the program, whose processes cannot be told apart ({error}): SIGTERM to it alone"
            );
            let _ = program.signal(SIGTERM);
            return;
        }
    };
    diagnostic!(
        "mirrord: asked to end the program: SIGTERM to its {}",
        processes(members.count())
    );
    ask(&members);
    let deadline = Instant::now() + TERM_TIMEOUT;
    while Instant::now() < deadline {
        if members.wait(LOOK_INTERVAL.min(deadline.saturating_duration_since(Instant::now()))) {
            members.refresh();
            if members.count() == 0 {
                return;
            }
            // They came while the others ended.
            ask(&members);
        }
    }
    members.refresh();
    if members.count() > 0 {
        let (left, seconds) = (processes(members.count()), TERM_TIMEOUT.as_secs());
        diagnostic!("mirrord: {left} did not end within {seconds} s: SIGKILL");
        kill(&mut members);
    }
}

/// A stopped process acts on nothing but this second signal, as `kill` of a shell's stopped job has it.
fn ask(members: &ProcessTree) {
    members.signal(SIGTERM);
    members.signal(SIGCONT);
}

/// A program that forks for ever is killed faster than it forks.
fn kill(members: &mut ProcessTree) {
    let deadline = Instant::now() + KILL_TIMEOUT;
    while members.count() > 0 && Instant::now() < deadline {
        members.signal(SIGKILL);
        let _ = members.wait(LOOK_INTERVAL);
        members.refresh();
    }
    if members.count() > 0 {
        diagnostic!(
            "mirrord: {} cannot be ended even by SIGKILL",
            processes(members.count())
        );
    }
}

fn processes(count: usize) -> String {
    match count {
        1 => "1 process".to_owned(),
        count => format!("{count} processes"),
    }
}
