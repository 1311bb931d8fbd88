//! Watches a real process tree: which files, hosts, ports and names it touches, as a stream of events.
//!
//! Linux only (x86_64 and aarch64), through seccomp user notification: the kernel announces the calls that a filter
//! names, and each goes on as soon as it was looked at. It works for any program, static or not, children included,
//! without a tracer and without root; elsewhere [`start`] returns an error.
//!
//! Five threads and a process, and with a [`SignalRelay`] one more of each:
//! - the *starter* puts the filter on itself, forks the program's process, and ends;
//! - the *observer* receives a call, reads what can only be read while the caller is stopped, lets it go on, and hands
//!   the rest over;
//! - the *event worker* turns that into events, sees processes end, and calls the sink: never while a call waits;
//! - a *look-up* thread of the event worker looks at paths again, for the outcomes of calls, and may be left behind;
//! - the *watchdog* (see [`watchdog_main`]) lets calls go on when the observer is gone;
//! - the *poller* looks at the tree's sockets, once there is one (`sock_diag(7)`);
//! - the *relay* passes on signals that are meant for the program, and its *witness*, a process in the same group,
//!   shows which of them have reached it already.
//!
//! Not seen: 32-bit programs, what goes through `io_uring`, files that are used once they are open, and look-ups that
//! do not ask a name server on port 53. A path is reported as it stood in memory when the call was made; the kernel
//! reads it a second time.

#[cfg(unix)]
mod dispositions;
mod error;
mod exit;
#[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
mod linux;
#[cfg(not(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64"))))]
mod unsupported;

use std::ffi::OsString;
use std::path::PathBuf;

#[cfg(unix)]
pub use dispositions::{die_by, is_ignored, set_own_dispositions};
pub use error::Error;
pub use exit::exit_of;
#[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
pub use linux::{
    PreparedProgram, ProcessTree, SignalRelay, Tracee, check_sockets, check_support, raise_limits, replace_process,
    start, watchdog_main,
};
#[cfg(not(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64"))))]
pub use unsupported::{
    PreparedProgram, ProcessTree, SignalRelay, Tracee, check_sockets, check_support, raise_limits, replace_process,
    start, watchdog_main,
};

/// A program and its arguments.
#[derive(Debug, Clone)]
pub struct Command {
    /// A path, or a name to be searched for in `PATH`.
    pub program: OsString,
    /// The arguments behind the program's own name.
    pub arguments: Vec<OsString>,
    /// Marks what the dynamic loader does (`DecisionDetail::by_loader`), at the cost of two reads after each exec.
    pub marks_loader: bool,
}

/// Command that starts the watchdog: a program that calls [`watchdog_main`] and returns its exit code.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Watchdog {
    /// The program that runs now, with these arguments.
    ThisProgram {
        /// Arguments that select the watchdog's role.
        arguments: Vec<OsString>,
    },
    /// Another program.
    Program {
        /// Path of its executable.
        path: PathBuf,
        /// Arguments that select the watchdog's role.
        arguments: Vec<OsString>,
    },
}

/// Counters of calls and processes that are missing from the events.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Stats {
    /// Calls that were given up because the sink did not keep up.
    pub dropped: u64,
    /// Calls whose arguments could not be read: a process that forbids it, or one outside our PID namespace.
    pub unreadable: u64,
    /// Calls that the watchdog let go on, because the observer was stopped.
    pub passed_through: u64,
    /// Processes beyond the limit of those that are tracked at a time: their start and end have no event.
    pub untracked_processes: u64,
    /// Seccomp listeners that the program asked for itself; the kernel refuses them with EBUSY, since ours is there.
    pub refused_listeners: u64,
    /// Look-ups of ours that did not end: their mounts have no outcomes from then on.
    pub abandoned_lookups: u64,
    /// The program's last events were not emitted when the wait for them ended.
    pub late: bool,
}
