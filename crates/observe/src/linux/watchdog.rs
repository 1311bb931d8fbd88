//! Watchdog: a small process of our own that keeps the program going when the observer cannot.
//!
//! Invariant: from the moment that the observer is gone (its end of the link is closed, by whatever end it came to)
//! every watched call is continued, until the last process of the tree has ended; then the watchdog ends too. It takes
//! over likewise while the observer is stopped, on its request, and while it is held up (see `overdue`). It observes
//! nothing.
//!
//! It is started before the program is, in a session of its own, with three descriptors: the listener as standard
//! input, the link to the observer as standard output, the shared page as standard error.

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
use super::passthrough::Passthrough;
use super::procfs::{Stat, open_process};
use super::sys::{self, Listener, SharedPage};
use crate::Watchdog;

/// Time in which a watchdog starts: a loaded machine takes a second.
const START_TIMEOUT: Duration = Duration::from_secs(10);
/// Time in which a watchdog ends after the tree.
const END_TIMEOUT: Duration = Duration::from_secs(2);

/// The watchdog is ready.
const READY: u8 = b'r';
/// The observer will stop: stand in for it. The program's process id follows, in four bytes.
const PAUSE: u8 = b's';
/// The observer goes on.
const RESUME: u8 = b'b';
/// A call has come: look at what the observer holds.
const CALL: u8 = b'c';

/// Interval at which a receiving watchdog looks whether a stopped observer is to go on: a shell that waits for the job
/// feels no more.
const STOPPED_INTERVAL: Duration = Duration::from_millis(20);
/// Interval at which a receiving watchdog looks whether a held-up observer is back.
const HELD_UP_INTERVAL: Duration = Duration::from_millis(10);

/// Name of the watchdog's process. Not ours, so that it survives `pkill mirrord`.
const NAME: &CStr = c"call-watchdog";

/// The observer's side of the link.
pub(crate) struct WatchdogLink {
    link: UnixStream,
    process: Child,
}

impl WatchdogLink {
    /// Starts the watchdog; [`WatchdogLink::wait_until_ready`] waits for it.
    pub(crate) fn spawn(watchdog: &Watchdog, listener: &Listener, page: BorrowedFd<'_>) -> io::Result<Self> {
        let (link, theirs) = UnixStream::pair()?;
        let process = command(watchdog)
            .stdin(Stdio::from(OwnedFd::from(listener.try_clone()?)))
            .stdout(Stdio::from(OwnedFd::from(theirs)))
            .stderr(Stdio::from(page.try_clone_to_owned()?))
            .spawn()?;
        Ok(Self { link, process })
    }

    /// Waits until the watchdog guards.
    pub(crate) fn wait_until_ready(&mut self) -> io::Result<()> {
        self.link.set_read_timeout(Some(START_TIMEOUT))?;
        let mut answer = [0];
        match (&self.link).read(&mut answer) {
            Ok(1) if answer[0] == READY => Ok(()),
            Err(error) if error.kind() != io::ErrorKind::WouldBlock => Err(error),
            _ => {
                let _ = self.process.kill();
                let _ = self.process.wait();
                Err(io::Error::other("it did not become ready"))
            }
        }
    }

    /// Our end, which a child of ours must not keep open.
    pub(crate) fn fd(&self) -> BorrowedFd<'_> {
        self.link.as_fd()
    }

    /// The watchdog's process id.
    pub(crate) fn pid(&self) -> u32 {
        self.process.id()
    }

    /// Has the watchdog stand in for an observer that is about to be stopped.
    pub(crate) fn pause(&self, program: u32) {
        let [a, b, c, d] = program.to_ne_bytes();
        // A watchdog that is gone needs no message.
        let _ = (&self.link).write_all(&[PAUSE, a, b, c, d]);
    }

    /// Has the watchdog look at what the observer holds, until nothing is called for a while. Never waits: the link has
    /// room for thousands of words, and no second one is sent before the watchdog has asked for it.
    pub(crate) fn wake(&self) {
        let _ = send(&self.link, &[CALL], SendFlags::DONTWAIT | SendFlags::NOSIGNAL);
    }

    /// The observer is back.
    pub(crate) fn resume(&self) {
        let _ = (&self.link).write_all(&[RESUME]);
    }

    /// Puts another watchdog in the place of one that has ended.
    pub(crate) fn replace(&mut self, with: Self) {
        let mut ended = std::mem::replace(self, with);
        let _ = ended.process.try_wait();
    }

    /// Collects the watchdog where the tree has ended; otherwise it stays.
    pub(crate) fn end(&mut self, tree_has_ended: bool) {
        // One that was collected has left its number to others.
        if !tree_has_ended || !matches!(self.process.try_wait(), Ok(None)) {
            return;
        }
        if let Ok(process) = open_process(self.process.id()) {
            let at_most = Timespec::try_from(END_TIMEOUT).ok();
            let ended = || poll(&mut [PollFd::new(&process, PollFlags::IN)], at_most.as_ref());
            let _ = rustix::io::retry_on_intr(ended);
        }
        let _ = self.process.try_wait();
    }
}

fn command(watchdog: &Watchdog) -> Command {
    match watchdog {
        Watchdog::ThisProgram { arguments } => {
            // The file may have been replaced since we were started (a new build); the link still leads to ours.
            let mut command = Command::new("/proc/self/exe");
            command.arg0(OsStr::from_bytes(NAME.to_bytes())).args(arguments);
            command
        }
        Watchdog::Program { path, arguments } => {
            let mut command = Command::new(PathBuf::from(path));
            command.args(arguments);
            command
        }
    }
}

/// Main function of the watchdog process: returns when the last process of the tree has ended.
///
/// Started by hand it prints so and returns 2.
#[must_use]
pub fn watchdog_main() -> ExitCode {
    match WatchdogProcess::take() {
        Ok(post) => post.guard(),
        Err(error) => {
            let _ = writeln!(
                io::stderr(),
                "mirrord's watchdog is started by `mirrord exec` alone: {error}"
            );
            ExitCode::from(2)
        }
    }
}

/// The watchdog's post.
struct WatchdogProcess {
    listener: Listener,
    link: UnixStream,
    page: SharedPage,
}

/// Message from the observer.
enum Message {
    Pause(u32),
    Resume,
    Call,
    Gone,
}

/// Why the watchdog receives calls in the observer's place.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Takeover {
    /// It does not.
    None,
    /// The observer was stopped together with this program.
    Stopped(u32),
    /// The observer is held up with a call.
    HeldUp,
    /// The observer is gone.
    Gone,
}

impl WatchdogProcess {
    fn take() -> io::Result<Self> {
        let is_listener = std::fs::read_link("/proc/self/fd/0")?.as_os_str() == "anon_inode:seccomp notify";
        if !is_listener {
            return Err(io::Error::other("standard input is not what it is to guard"));
        }
        sys::ignore_every_signal();
        let page = SharedPage::map(sys::take_inherited(2)?.as_fd())?;
        let listener = Listener::from(sys::take_inherited(0)?);
        let link = UnixStream::from(sys::take_inherited(1)?);
        leave_our_parents_things(&listener, &link)?;
        // It fails where we are the first of a group already, as under a debugger; nothing depends on it then.
        let _ = setsid();
        let _ = rustix::thread::set_name(NAME);
        Ok(Self { listener, link, page })
    }

    fn guard(self) -> ExitCode {
        let mut passthrough = Passthrough::new(&self.page);
        let mut overdue = OverdueCalls::new(&self.page);
        if (&self.link).write_all(&[READY]).is_err() {
            passthrough.continue_abandoned(&self.listener);
        }
        let mut looked = Look::Again;
        let mut state = Takeover::None;
        loop {
            let Some((said, calls)) = self.wait(state, &looked) else {
                return ExitCode::SUCCESS;
            };
            let before = state;
            if said {
                state = self.hear().map_or(state, |message| heard(state, &message));
                looked = Look::Again;
                if state == Takeover::Gone {
                    passthrough.continue_abandoned(&self.listener);
                }
            } else if calls {
                // While the observer is there as well it may take the call first: then the timer interrupts us.
                let _ = passthrough.continue_next(&self.listener);
            }
            match state {
                Takeover::Stopped(program) => wake_the_observer_unless_stopped(program),
                Takeover::HeldUp if !overdue.is_still_held_up() => {
                    (state, looked) = (Takeover::None, Look::Again);
                }
                Takeover::None => looked = overdue.look(Instant::now()),
                Takeover::HeldUp | Takeover::Gone => {}
            }
            if state == Takeover::None && looked == Look::Overdue {
                passthrough.continue_held(&self.listener);
                state = Takeover::HeldUp;
            }
            if state != before {
                sys::interrupt_regularly(interval(state));
            }
        }
    }

    /// Polls for a message and for a call; `None` when the tree has ended.
    fn wait(&self, state: Takeover, looked: &Look) -> Option<(bool, bool)> {
        let wanted = if state == Takeover::None {
            PollFlags::empty()
        } else {
            PollFlags::IN
        };
        let mut polled = [
            PollFd::new(&self.listener, wanted),
            PollFd::new(&self.link, PollFlags::IN),
        ];
        let gone = state == Takeover::Gone;
        let watched = if gone { &mut polled[..1] } else { &mut polled[..] };
        let at_most = match state {
            Takeover::None => (*looked != Look::Sleep).then_some(LOOK_INTERVAL),
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

    fn hear(&self) -> Option<Message> {
        let mut message = [0; 1];
        match (&self.link).read(&mut message) {
            Ok(0) => Some(Message::Gone),
            Ok(_) if message[0] == PAUSE => {
                let mut program = [0; 4];
                match (&self.link).read_exact(&mut program) {
                    Ok(()) => Some(Message::Pause(u32::from_ne_bytes(program))),
                    Err(_) => Some(Message::Gone),
                }
            }
            Ok(_) if message[0] == CALL => Some(Message::Call),
            Ok(_) => Some(Message::Resume),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => None,
            Err(_) => Some(Message::Gone),
        }
    }
}

/// The state after a message.
fn heard(state: Takeover, message: &Message) -> Takeover {
    match (state, message) {
        (_, Message::Gone) => Takeover::Gone,
        (_, Message::Pause(program)) => Takeover::Stopped(*program),
        (Takeover::Stopped(_), Message::Resume) => Takeover::None,
        (state, Message::Resume | Message::Call) => state,
    }
}

/// Interval at which a watchdog that receives calls looks at the observer; `None`: it need not.
fn interval(state: Takeover) -> Option<Duration> {
    match state {
        Takeover::None | Takeover::Gone => None,
        Takeover::Stopped(_) => Some(STOPPED_INTERVAL),
        Takeover::HeldUp => Some(HELD_UP_INTERVAL),
    }
}

/// Wakes the observer, which stopped because the program did, where the program was continued by a process that does
/// not know of the observer.
fn wake_the_observer_unless_stopped(program: u32) {
    let program_is_stopped = Stat::read(program).is_some_and(|stat| stat.stopped);
    if !program_is_stopped && let Some(observer) = getppid().filter(|parent| *parent != Pid::INIT) {
        let _ = kill_process(observer, Signal::CONT);
    }
}

/// Keeps nothing open and no directory busy that is not ours.
fn leave_our_parents_things(listener: &Listener, link: &UnixStream) -> io::Result<()> {
    let null = std::fs::File::options().read(true).write(true).open("/dev/null")?;
    for standard in 0..3 {
        sys::put_at(null.as_fd(), standard)?;
    }
    std::env::set_current_dir("/")?;
    sys::close_all_but([listener.as_fd(), link.as_fd()]);
    // The two that are kept were opened by us, and `null` is closed with the rest.
    std::mem::forget(null);
    Ok(())
}
