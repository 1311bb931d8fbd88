//! What can keep a program from being watched, told apart by what the user can do about it.

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
        /// What the kernel said.
        source: io::Error,
    },
    /// This system, its kernel or a sandbox around this process forbids watching.
    #[error("programs cannot be watched here: {reason}")]
    Unsupported {
        /// What is missing or forbidden, and the way out where there is one.
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
    /// The exit code that a shell gives in this case: 127, 126, or `None` where a shell has none.
    #[must_use]
    pub fn shell_exit_code(&self) -> Option<u8> {
        match self {
            Self::CommandNotFound { .. } => Some(127),
            Self::NotExecutable { .. } => Some(126),
            Self::Unsupported { .. } | Self::Io { .. } => None,
        }
    }
}
