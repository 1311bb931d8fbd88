//! Errors that keep a program from being watched, one variant for each remedy that the user has.

use std::ffi::OsString;
use std::io;

/// Why a program was not started. Nothing is left running when one of these is returned.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There is no such command. A shell exits with 127.
    #[error("{}: command not found", program.display())]
    CommandNotFound {
        /// The command as it was given.
        program: OsString,
    },
    /// The command is there, and cannot be executed. A shell exits with 126.
    #[error("{}: cannot be executed", program.display())]
    NotExecutable {
        /// The command as it was given.
        program: OsString,
        /// Error of `execve(2)`.
        source: io::Error,
    },
    /// This process has the filter of another observer already, and the kernel allows one.
    #[error(
        "this process is watched already, by an outer `mirrord exec` or by a container runtime, and the kernel allows one \
         watcher"
    )]
    AlreadyWatched,
    /// A resource limit leaves no room for watching.
    #[error("the limit on {limit} (`ulimit {option}`) leaves too little for watching, which takes {room}: raise it")]
    LimitTooLow {
        /// The resource that is limited.
        limit: &'static str,
        /// The option of the shell's `ulimit` that sets it.
        option: &'static str,
        /// Amount that watching takes.
        room: String,
    },
    /// This system, its kernel or a sandbox around this process forbids watching.
    #[error("programs cannot be watched here: {reason}")]
    Unsupported {
        /// Missing or forbidden feature, with the remedy where there is one.
        reason: String,
    },
    /// A step that should always work failed.
    #[error("{doing} failed")]
    Io {
        /// The step.
        doing: &'static str,
        /// Why.
        source: io::Error,
    },
}

impl Error {
    /// Returns the conversion of an I/O error in this step.
    #[cfg_attr(
        not(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64"))),
        expect(dead_code, reason = "nothing is started there")
    )]
    pub(crate) fn io(doing: &'static str) -> impl Fn(io::Error) -> Self + Copy {
        move |source| Self::Io { doing, source }
    }

    /// The exit code that a shell gives in this case: 127, 126, or `None` where a shell has none.
    #[must_use]
    pub fn shell_exit_code(&self) -> Option<u8> {
        match self {
            Self::CommandNotFound { .. } => Some(127),
            Self::NotExecutable { .. } => Some(126),
            Self::AlreadyWatched | Self::LimitTooLow { .. } | Self::Unsupported { .. } | Self::Io { .. } => None,
        }
    }
}
