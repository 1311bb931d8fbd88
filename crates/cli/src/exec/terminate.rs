//! The end of a program that somebody asked for by `POST /kill`: SIGTERM to all that belongs to it, and SIGKILL to what
//! is left of it after five seconds.
//!
//! Invariant: each signal goes through a descriptor to a process that was seen to belong to the program, never to a bare
//! number or a whole group, since a group may hold the script that started us. `mirrord exec` ends once nothing is left.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use mirrord_observe::{Members, Watched};

use super::signals::{SIGCONT, SIGKILL, SIGTERM};
use crate::diagnostics::diagnostic;

/// How long a program may take to end by itself.
const GRACE: Duration = Duration::from_secs(5);
/// How often it is looked for processes that came after the signal, which then get it too.
const LOOK_AGAIN: Duration = Duration::from_millis(250);
/// How long the kernel may take to end what was told SIGKILL: one that waits for a broken disk takes for ever.
const LAST: Duration = Duration::from_secs(2);

/// Whether the program is to end, and who sees to it.
#[derive(Clone, Default)]
pub(super) struct Ending(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    requested: bool,
    begun: bool,
    program: Weak<Watched>,
    thread: Option<JoinHandle<()>>,
}

impl Ending {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Somebody wants the program to end. It may have yet to start, and it may have ended. Never blocks.
    pub(super) fn request(&self) {
        let mut state = self.lock();
        state.requested = true;
        state.begin();
    }

    /// Whether somebody wants the program to end.
    pub(super) fn is_requested(&self) -> bool {
        self.lock().requested
    }

    /// The program runs: an earlier request counts now.
    pub(super) fn program_runs(&self, program: &Arc<Watched>) {
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
            // It panicked: then there is nobody to wait for.
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

fn end(program: &Watched) {
    let mut members = match program.members() {
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
    let deadline = Instant::now() + GRACE;
    while Instant::now() < deadline {
        if members.wait(LOOK_AGAIN.min(deadline.saturating_duration_since(Instant::now()))) {
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
        let (left, seconds) = (processes(members.count()), GRACE.as_secs());
        diagnostic!("mirrord: {left} did not end within {seconds} s: SIGKILL");
        kill(&mut members);
    }
}

/// A stopped process acts on nothing but this second signal, as `kill` of a shell's stopped job has it.
fn ask(members: &Members) {
    members.signal(SIGTERM);
    members.signal(SIGCONT);
}

/// What forks on and on is killed faster than it forks.
fn kill(members: &mut Members) {
    let deadline = Instant::now() + LAST;
    while members.count() > 0 && Instant::now() < deadline {
        members.signal(SIGKILL);
        let _ = members.wait(LOOK_AGAIN);
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
