//! The guardian: a small process of our own that keeps the program going when the observer cannot.
//!
//! Invariant: from the moment that the observer is gone (its end of the line is closed, by whatever end it came to) every
//! watched call is let go on, until the last process of the tree has ended; then the guardian ends too. It stands in
//! likewise while the observer is stopped, when told so, and while it is held up (see `overdue`). It observes nothing.
//!
//! It is started before the program is, in a session of its own, with three descriptors: the listener as standard input,
//! the line to the observer as standard output, the shared page as standard error.

use std::ffi::{CStr, OsStr};
use std::io::{self, Read as _, Write as _};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::net::{SendFlags, send};
use rustix::process::{Pid, Signal, getppid, kill_process, setsid};

use super::overdue::{LOOK_INTERVAL, Look, OverdueCalls};
use super::passthrough::StandIn;
use super::procfs::Stat;
use super::sys::{self, Listener, SharedPage};
use crate::Guardian;

/// How long a guardian may take to start: a loaded machine takes a second.
const START_LASTS: Duration = Duration::from_secs(10);
/// How long a guardian may take to end after the tree has.
const END_LASTS: Duration = Duration::from_secs(2);

/// The guardian is ready.
const READY: u8 = b'r';
/// The observer will stop: stand in for it. The program's process id follows, in four bytes.
const STAND_IN: u8 = b's';
/// The observer goes on.
const BACK: u8 = b'b';
/// A call has come: look at what the observer holds.
const CALL: u8 = b'c';

/// Interval at which a receiving guardian looks whether a stopped observer is to go on: a shell that waits for the job feels
/// no more.
const STOPPED_INTERVAL: Duration = Duration::from_millis(20);
/// Interval at which a receiving guardian looks whether a held-up observer is back.
const HELD_UP_INTERVAL: Duration = Duration::from_millis(10);

/// Name of the guardian's process. Not ours, so that `pkill mirrord` leaves somebody who answers.
const NAME: &CStr = c"call-guardian";

/// The observer's side of the line.
pub(crate) struct Line {
    line: UnixStream,
    process: Child,
}

impl Line {
    /// Starts the guardian, and waits until it is ready.
    pub(crate) fn start(guardian: &Guardian, listener: &Listener, page: BorrowedFd<'_>) -> io::Result<Self> {
        let (line, theirs) = UnixStream::pair()?;
        let process = command(guardian)
            .stdin(Stdio::from(OwnedFd::from(listener.try_clone()?)))
            .stdout(Stdio::from(OwnedFd::from(theirs)))
            .stderr(Stdio::from(page.try_clone_to_owned()?))
            .spawn()?;
        let mut started = Self { line, process };
        started.line.set_read_timeout(Some(START_LASTS))?;
        let mut answer = [0];
        match (&started.line).read(&mut answer) {
            Ok(1) if answer[0] == READY => Ok(started),
            Err(error) if error.kind() != io::ErrorKind::WouldBlock => Err(error),
            _ => {
                let _ = started.process.kill();
                let _ = started.process.wait();
                Err(io::Error::other("it did not become ready"))
            }
        }
    }

    /// Our end, which a child of ours must not keep open.
    pub(crate) fn fd(&self) -> BorrowedFd<'_> {
        self.line.as_fd()
    }

    /// The guardian's process id.
    pub(crate) fn pid(&self) -> u32 {
        self.process.id()
    }

    /// Has the guardian stand in for an observer that is about to be stopped.
    pub(crate) fn stand_in(&self, program: u32) {
        let [a, b, c, d] = program.to_ne_bytes();
        // Without a guardian there is nobody to tell.
        let _ = (&self.line).write_all(&[STAND_IN, a, b, c, d]);
    }

    /// Has the guardian look at what the observer holds, until nothing is called for a while. Never waits: the line has
    /// room for thousands of words, and no second one is sent before the guardian has asked for it.
    pub(crate) fn wake(&self) {
        let _ = send(&self.line, &[CALL], SendFlags::DONTWAIT | SendFlags::NOSIGNAL);
    }

    /// The observer is back.
    pub(crate) fn back(&self) {
        let _ = (&self.line).write_all(&[BACK]);
    }

    /// Puts another guardian in the place of one that has ended.
    pub(crate) fn replace(&mut self, with: Self) {
        let mut ended = std::mem::replace(self, with);
        let _ = ended.process.try_wait();
    }

    /// Collects the guardian where the tree has ended; otherwise it stays.
    pub(crate) fn end(&mut self, tree_has_ended: bool) {
        let deadline = Instant::now() + END_LASTS;
        while tree_has_ended && matches!(self.process.try_wait(), Ok(None)) && Instant::now() < deadline {
            // It ends at once; there is no descriptor to wait on before Linux 5.3.
            std::thread::sleep(Duration::from_millis(1));
        }
    }
}

fn command(guardian: &Guardian) -> Command {
    match guardian {
        Guardian::ThisProgram { arguments } => {
            // The file may have been replaced since we were started (a new build); the link still leads to ours.
            let mut command = Command::new("/proc/self/exe");
            command.arg0(OsStr::from_bytes(NAME.to_bytes())).args(arguments);
            command
        }
        Guardian::Program { path, arguments } => {
            let mut command = Command::new(PathBuf::from(path));
            command.args(arguments);
            command
        }
    }
}

/// What the guardian process runs: it returns when the last process of the tree has ended.
///
/// Started by hand it says so and returns 2.
#[must_use]
pub fn guardian_main() -> ExitCode {
    match Post::take() {
        Ok(post) => post.guard(),
        Err(error) => {
            let _ = writeln!(
                io::stderr(),
                "mirrord's guardian is started by `mirrord exec` alone: {error}"
            );
            ExitCode::from(2)
        }
    }
}

/// The guardian's post.
struct Post {
    listener: Listener,
    line: UnixStream,
    page: SharedPage,
}

/// What the observer says.
enum Word {
    StandIn(u32),
    Back,
    Call,
    Gone,
}

/// Why the guardian receives calls in the observer's place.
#[derive(Clone, Copy, PartialEq, Eq)]
enum StandsInFor {
    /// It does not.
    Nobody,
    /// The observer was stopped together with this program.
    Stopped(u32),
    /// The observer is held up with a call.
    HeldUp,
    /// The observer is gone.
    Gone,
}

impl Post {
    fn take() -> io::Result<Self> {
        let is_listener = std::fs::read_link("/proc/self/fd/0")?.as_os_str() == "anon_inode:seccomp notify";
        if !is_listener {
            return Err(io::Error::other("standard input is not what it is to guard"));
        }
        sys::ignore_every_signal();
        let page = SharedPage::map(sys::take_inherited(2)?.as_fd())?;
        let listener = Listener::from(sys::take_inherited(0)?);
        let line = UnixStream::from(sys::take_inherited(1)?);
        leave_our_parents_things(&listener, &line)?;
        // It fails where we are the first of a group already, as under a debugger; nothing depends on it then.
        let _ = setsid();
        let _ = rustix::thread::set_name(NAME);
        Ok(Self { listener, line, page })
    }

    fn guard(self) -> ExitCode {
        let mut stand_in = StandIn::new(&self.page);
        let mut overdue = OverdueCalls::new(&self.page);
        if (&self.line).write_all(&[READY]).is_err() {
            stand_in.let_the_left_one_go_on(&self.listener);
        }
        let mut looked = Look::Again;
        let mut state = StandsInFor::Nobody;
        loop {
            let Some((said, calls)) = self.wait(state, &looked) else {
                return ExitCode::SUCCESS;
            };
            let before = state;
            if said {
                state = self.hear().map_or(state, |word| heard(state, &word));
                looked = Look::Again;
                if state == StandsInFor::Gone {
                    stand_in.let_the_left_one_go_on(&self.listener);
                }
            } else if calls {
                // While the observer is there as well it may take the call first: then the timer interrupts us.
                let _ = stand_in.let_one_go_on(&self.listener);
            }
            match state {
                StandsInFor::Stopped(program) => wake_the_observer_unless_stopped(program),
                StandsInFor::HeldUp if !overdue.is_still_held_up() => {
                    (state, looked) = (StandsInFor::Nobody, Look::Again);
                }
                StandsInFor::Nobody => looked = overdue.look(Instant::now()),
                StandsInFor::HeldUp | StandsInFor::Gone => {}
            }
            if state == StandsInFor::Nobody && looked == Look::Overdue {
                stand_in.let_the_held_one_go_on(&self.listener);
                state = StandsInFor::HeldUp;
            }
            if state != before {
                sys::interrupt_regularly(interval(state));
            }
        }
    }

    /// Whether the observer says something, and whether a call waits; `None` when the tree has ended.
    fn wait(&self, state: StandsInFor, looked: &Look) -> Option<(bool, bool)> {
        let wanted = if state == StandsInFor::Nobody {
            PollFlags::empty()
        } else {
            PollFlags::IN
        };
        let mut polled = [
            PollFd::new(&self.listener, wanted),
            PollFd::new(&self.line, PollFlags::IN),
        ];
        let gone = state == StandsInFor::Gone;
        let watched = if gone { &mut polled[..1] } else { &mut polled[..] };
        let at_most = match state {
            StandsInFor::Nobody => (*looked != Look::Sleep).then_some(LOOK_INTERVAL),
            state => interval(state),
        };
        let at_most = at_most.and_then(|at_most| Timespec::try_from(at_most).ok());
        if poll(watched, at_most.as_ref()).is_err() {
            return Some((false, false));
        }
        let listener = polled[0].revents();
        if listener.contains(PollFlags::HUP) {
            return None;
        }
        Some((
            !gone && !polled[1].revents().is_empty(),
            listener.contains(PollFlags::IN),
        ))
    }

    fn hear(&self) -> Option<Word> {
        let mut word = [0; 1];
        match (&self.line).read(&mut word) {
            Ok(0) => Some(Word::Gone),
            Ok(_) if word[0] == STAND_IN => {
                let mut program = [0; 4];
                match (&self.line).read_exact(&mut program) {
                    Ok(()) => Some(Word::StandIn(u32::from_ne_bytes(program))),
                    Err(_) => Some(Word::Gone),
                }
            }
            Ok(_) if word[0] == CALL => Some(Word::Call),
            Ok(_) => Some(Word::Back),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => None,
            Err(_) => Some(Word::Gone),
        }
    }
}

/// The state after a word.
fn heard(state: StandsInFor, word: &Word) -> StandsInFor {
    match (state, word) {
        (_, Word::Gone) => StandsInFor::Gone,
        (_, Word::StandIn(program)) => StandsInFor::Stopped(*program),
        (StandsInFor::Stopped(_), Word::Back) => StandsInFor::Nobody,
        (state, Word::Back | Word::Call) => state,
    }
}

/// Interval at which a guardian that receives calls looks at the observer; `None`: it need not.
fn interval(state: StandsInFor) -> Option<Duration> {
    match state {
        StandsInFor::Nobody | StandsInFor::Gone => None,
        StandsInFor::Stopped(_) => Some(STOPPED_INTERVAL),
        StandsInFor::HeldUp => Some(HELD_UP_INTERVAL),
    }
}

/// The observer stops because the program did. Where the program was continued by somebody who does not know of the
/// observer, it must not stay behind.
fn wake_the_observer_unless_stopped(program: u32) {
    let program_is_stopped = Stat::read(program).is_some_and(|stat| stat.stopped);
    if !program_is_stopped && let Some(observer) = getppid().filter(|parent| *parent != Pid::INIT) {
        let _ = kill_process(observer, Signal::CONT);
    }
}

/// Keeps nothing open and no directory busy that is not ours.
fn leave_our_parents_things(listener: &Listener, line: &UnixStream) -> io::Result<()> {
    let null = std::fs::File::options().read(true).write(true).open("/dev/null")?;
    for standard in 0..3 {
        sys::put_at(null.as_fd(), standard)?;
    }
    std::env::set_current_dir("/")?;
    sys::close_all_but([listener.as_fd(), line.as_fd()]);
    // The two that are kept were opened by us, and `null` is closed with the rest.
    std::mem::forget(null);
    Ok(())
}
