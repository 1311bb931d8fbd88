//! Watches a real process tree: which files, hosts, ports and names it touches, as a stream of events.
//!
//! Linux only (x86_64 and aarch64), through seccomp user notification: the kernel announces the calls that a filter names,
//! and each goes on as soon as it was looked at. It works for any program, static or not, children included, without a
//! tracer and without root; elsewhere [`start`] says that it cannot be done.
//!
//! Three threads and a process, and with a [`SignalRelay`] one more of each:
//! - the *starter* puts the filter on itself, forks the program's process, and ends;
//! - the *observer* receives a call, reads what can only be read while the caller is stopped, lets it go on, and hands
//!   the rest over;
//! - the *teller* turns that into events, sees processes end, and calls the sink: never while a call waits;
//! - the *guardian* (see [`guardian_main`]) lets calls go on when the observer is gone;
//! - the *relay* passes on signals that are meant for the program, and its *witness*, a process in the same group, shows
//!   which of them have reached it already.
//!
//! Not seen: 32-bit programs, what goes through `io_uring`, files that are used once they are open, and look-ups that do
//! not ask a name server on port 53. A path is reported as it stood in memory when the call was made; the kernel reads it
//! a second time.

#[cfg(unix)]
mod dispositions;
mod error;
#[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
mod linux;
#[cfg(not(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64"))))]
mod unsupported;

use std::ffi::OsString;
use std::path::PathBuf;

#[cfg(unix)]
pub use dispositions::{die_by, is_ignored, set_own_dispositions};
pub use error::Error;
#[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
pub use linux::{Members, SignalRelay, Watched, guardian_main, raise_limits, replace_process, start};
#[cfg(not(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64"))))]
pub use unsupported::{Members, SignalRelay, Watched, guardian_main, raise_limits, replace_process, start};

/// A program and its arguments.
#[derive(Debug, Clone)]
pub struct Command {
    /// A path, or a name to be searched for in `PATH`.
    pub program: OsString,
    /// The arguments behind the program's own name.
    pub arguments: Vec<OsString>,
}

/// How to start the guardian: a program that calls [`guardian_main`] and returns what it returns.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Guardian {
    /// The program that runs now, with these arguments.
    ThisProgram {
        /// What tells it to be the guardian.
        arguments: Vec<OsString>,
    },
    /// Another program.
    Program {
        /// Where it is.
        path: PathBuf,
        /// What tells it to be the guardian.
        arguments: Vec<OsString>,
    },
}

/// What happened and could not be told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Calls that were given up because the sink did not keep up.
    pub lost: u64,
    /// Calls whose arguments could not be read: a process that forbids it, or one outside our PID namespace.
    pub unread: u64,
    /// Calls that the guardian let go on, because the observer was stopped.
    pub unobserved: u64,
    /// Processes beyond the number that can be watched at a time, whose start and end were not told.
    pub untold_processes: u64,
    /// Seccomp listeners that the program asked for itself; the kernel refuses them with EBUSY, since ours is there.
    pub refused_listeners: u64,
}
