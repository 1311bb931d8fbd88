//! Signals between whoever started us and the program.
//!
//! A signal that somebody sent to us alone is passed on. One that the terminal made, as Ctrl-C does, has reached the
//! program already, which decides what it means. A signal that we were started to ignore stays ignored.

use std::process::ExitCode;
use std::sync::Weak;
use std::thread;

use mirrord_observe::Watched;
use rustix::process::{Resource, Rlimit, setrlimit};
use signal_hook::consts::{SIGALRM, SIGHUP, SIGINT, SIGQUIT, SIGTSTP, SIGUSR1, SIGUSR2, SIGWINCH};
pub(super) use signal_hook::consts::{SIGCONT, SIGKILL, SIGTERM};
use signal_hook::iterator::SignalsInfo;
use signal_hook::iterator::exfiltrator::raw::WithRawSiginfo;
use signal_hook::low_level::emulate_default_handler;

/// What is passed on: what users send, and what would otherwise end us, or stop us before our guardian stands in.
const PASSED_ON: [i32; 10] = [
    SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGUSR1, SIGUSR2, SIGALRM, SIGCONT, SIGWINCH,
];

/// Signals that are held until there is a program to pass them on to.
pub(super) struct Held(Option<SignalsInfo<WithRawSiginfo>>);

impl Held {
    /// Holds every signal from now on: none may end us between the making of the socket and the program's start.
    pub(super) fn hold() -> Self {
        let ignored = ignored();
        let wanted = PASSED_ON
            .into_iter()
            .filter(|signal| ignored & (1 << (signal - 1)) == 0);
        // Without handlers a signal ends us, and the guardian carries the program on: no reason to fail.
        Self(SignalsInfo::new(wanted).ok())
    }

    /// Passes signals on, on a thread of its own, for as long as the program runs.
    pub(super) fn pass_on(self, program: Weak<Watched>) {
        let Some(mut signals) = self.0 else { return };
        let pass_on = move || {
            let mut early: Vec<_> = signals.pending().collect();
            let mut later = signals.forever();
            loop {
                // What came before the program was there did not reach it, the terminal's own included.
                let (info, missed) = match early.pop() {
                    Some(info) => (info, true),
                    None => match later.next() {
                        Some(info) => (info, false),
                        None => return,
                    },
                };
                let Some(program) = program.upgrade() else { return };
                // A code above zero is the kernel's own: the terminal's, in this case.
                if missed || info.si_code <= 0 {
                    let _ = program.signal(info.si_signo);
                }
            }
        };
        let _ = thread::Builder::new().name("mirrord-signals".to_owned()).spawn(pass_on);
    }
}

/// The signals that this process ignores, a bit each; none where the system does not tell.
fn ignored() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok())
        .unwrap_or(0)
}

/// Dies by the signal that the program died by, without a second core dump. Where that cannot be, the shell's number for
/// it is the exit code.
pub(super) fn die_by(signal: i32) -> ExitCode {
    let _ = setrlimit(
        Resource::Core,
        Rlimit {
            current: Some(0),
            maximum: Some(0),
        },
    );
    let _ = emulate_default_handler(signal);
    ExitCode::from(u8::try_from(128 + signal).unwrap_or(u8::MAX))
}
