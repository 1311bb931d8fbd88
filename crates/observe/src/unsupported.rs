//! Stubs for systems on which programs cannot be watched: each returns an error or does nothing.

use std::io;
use std::process::{ExitCode, ExitStatus};
use std::sync::Weak;
use std::time::Duration;

use mirrord_wire::Observation;

use crate::{Command, Error, Stats, Watchdog};

/// A program under observation; there is none on this system.
pub struct Tracee(std::convert::Infallible);

/// The processes of a program; there are none on this system.
pub struct ProcessTree(std::convert::Infallible);

#[allow(missing_docs, reason = "documented on the other side; none of these is ever called")]
impl ProcessTree {
    pub fn refresh(&mut self) {
        match self.0 {}
    }

    #[must_use]
    pub fn count(&self) -> usize {
        match self.0 {}
    }

    pub fn signal(&self, _signal: i32) {
        match self.0 {}
    }

    #[must_use]
    pub fn wait(&self, _at_most: Duration) -> bool {
        match self.0 {}
    }
}

/// Returns an error: programs cannot be watched on this system.
///
/// # Errors
/// Always.
pub fn check_support() -> Result<(), Error> {
    Err(unsupported())
}

/// Returns an error: sockets of programs are not looked at on this system.
///
/// # Errors
/// Always.
pub fn check_sockets() -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

fn unsupported() -> Error {
    let system = std::env::consts::OS;
    let machine = std::env::consts::ARCH;
    Error::Unsupported {
        reason: format!(
            "it takes Linux on x86_64 or aarch64, and this is {system} on {machine}{}; `mirrord ui` shows the sessions of \
             other hosts here, such as the example: `cargo run -p mirrord-intproxy-ipc --example host`",
            if cfg!(windows) { " (in WSL 2 it works)" } else { "" }
        ),
    }
}

/// Everything that a program needs to be observed; there is none on this system.
pub struct PreparedProgram(std::convert::Infallible);

#[allow(
    missing_docs,
    clippy::missing_errors_doc,
    reason = "documented on the other side; the second is never called"
)]
impl PreparedProgram {
    pub fn new(_command: Command, _watchdog: Watchdog) -> Result<Self, Error> {
        Err(unsupported())
    }

    pub fn start(self, _sink: impl FnMut(Observation) + Send + 'static) -> Result<Tracee, Error> {
        match self.0 {}
    }
}

/// Returns an error: programs cannot be watched on this system.
///
/// # Errors
/// Always.
pub fn start(
    _command: &Command,
    _watchdog: &Watchdog,
    _sink: impl FnMut(Observation) + Send + 'static,
) -> Result<Tracee, Error> {
    Err(unsupported())
}

/// Passes signals on to a watched program; there is none on this system.
pub struct SignalRelay;

#[allow(missing_docs, clippy::unused_self, reason = "documented on the other side")]
impl SignalRelay {
    #[must_use]
    pub fn start() -> Self {
        Self
    }

    pub fn pass_on(&mut self, _program: Weak<Tracee>) {}

    pub fn finish(&self) {}

    #[must_use]
    pub fn end_is_requested(&self) -> bool {
        false
    }

    pub fn end(&self) {}
}

/// Leaves the limits alone: nothing is watched.
///
/// # Errors
/// Never.
pub fn raise_limits() -> Result<(), Error> {
    Ok(())
}

/// Runs the program in place of this process, where the system can do that; elsewhere waits for it and ends as it ends.
/// Returns only where it could not be started.
pub fn replace_process(command: &Command) -> Error {
    let mut process = std::process::Command::new(&command.program);
    process.args(&command.arguments);
    #[cfg(unix)]
    let source = std::os::unix::process::CommandExt::exec(&mut process);
    #[cfg(not(unix))]
    let source = match process.status() {
        Ok(status) => std::process::exit(status.code().unwrap_or(1)),
        Err(source) => source,
    };
    let program = command.program.clone();
    match source.kind() {
        io::ErrorKind::NotFound => Error::CommandNotFound { program },
        _ => Error::NotExecutable { program, source },
    }
}

/// There is nothing to guard on this system.
#[must_use]
pub fn watchdog_main() -> ExitCode {
    ExitCode::from(2)
}

#[allow(
    missing_docs,
    clippy::missing_errors_doc,
    reason = "documented on the other side; none of these is ever called"
)]
impl Tracee {
    #[must_use]
    pub fn pid(&self) -> u32 {
        match self.0 {}
    }

    pub fn wait(&self) -> io::Result<ExitStatus> {
        match self.0 {}
    }

    #[must_use]
    pub fn wait_for_tree(&self, _at_most: Duration) -> bool {
        match self.0 {}
    }

    pub fn signal(&self, _signal: i32) -> io::Result<()> {
        match self.0 {}
    }

    pub fn process_tree(&self) -> io::Result<ProcessTree> {
        match self.0 {}
    }

    #[must_use]
    pub fn stats(&self) -> Stats {
        match self.0 {}
    }
}
