//! The end of this process by the signal that ended the program, and the signals that a program is ended with.

use std::process::ExitCode;

use rustix::process::{Resource, Rlimit, Signal, setrlimit};

/// The number that asks a program to end.
pub(super) const SIGTERM: i32 = Signal::TERM.as_raw();
/// The number that lets a stopped program go on.
pub(super) const SIGCONT: i32 = Signal::CONT.as_raw();
/// The number that ends a program whether it wants to or not.
pub(super) const SIGKILL: i32 = Signal::KILL.as_raw();

/// Dies by the signal that the program died by, without a second core dump. Where that cannot be, as for the first
/// process of a container, the shell's number for it is the exit code.
pub(super) fn die_by(signal: i32) -> ExitCode {
    let none = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    let _ = setrlimit(Resource::Core, none);
    mirrord_observe::die_by(signal);
    ExitCode::from(u8::try_from(128 + signal).unwrap_or(u8::MAX))
}
