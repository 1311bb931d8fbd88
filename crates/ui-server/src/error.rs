//! Errors of a server that cannot start, and of an instance that cannot be found or stopped. Faults of a client or of a
//! session are none of these.

use std::io;
use std::path::{Path, PathBuf};

use mirrord_private_files::FileError;
use mirrord_session_client::DirectoryError;

/// Reason why a server cannot start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The sessions directory cannot be read.
    #[error(transparent)]
    Directory(#[from] DirectoryError),
    /// A record that is to be replayed cannot be read.
    #[error(transparent)]
    Record(#[from] mirrord_record::RecordError),
    /// The OpenTelemetry endpoint cannot be used.
    #[error("OpenTelemetry: {0}")]
    Otlp(#[from] mirrord_otlp::SettingsError),
    /// The system gave no random bytes for the token.
    #[error("no random bytes for the token")]
    Token(#[source] getrandom::Error),
    /// A text that was given as the origin of a frame is not an origin.
    #[error("not the origin of a page that may frame us: {0}")]
    Frame(String),
    /// The address of the development server is not one that may be used.
    #[error("the page cannot come from {url}: {reason}")]
    DevServer {
        /// Address.
        url: String,
        /// Fault.
        reason: String,
    },
}

/// Reason why this process cannot be the instance, or cannot find or stop it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InstanceError {
    /// The sessions directory cannot be read.
    #[error(transparent)]
    Directory(#[from] DirectoryError),
    /// The lock's file is not private to this user, and was left alone.
    #[error("{} {reason}; it was left alone", path.display())]
    NotOurs {
        /// The file.
        path: PathBuf,
        /// Fault.
        reason: String,
    },
    /// A system call failed.
    #[error("cannot {doing} {}", path.display())]
    Io {
        /// Failed operation, as a verb.
        doing: &'static str,
        /// Path of the file.
        path: PathBuf,
        /// Error of the system.
        source: io::Error,
    },
    /// The file names a process that is no `mirrord ui`, or that does not hold the lock.
    #[error(
        "{} names process {pid}, which cannot be confirmed to be the `mirrord ui` that holds its lock, so it was not \
         signalled; end it by hand if it is one, or remove the file if it is not",
        path.display()
    )]
    NotMirrord {
        /// Process number.
        pid: i32,
        /// The file.
        path: PathBuf,
    },
    /// The holder of the lock has not written its address, as a process of another container.
    #[error(
        "{} stays locked by a process that does not say where it is, such as one of another container; use that one, or \
         have this one use a directory of its own (--sessions-dir)",
        .0.display()
    )]
    Silent(PathBuf),
    /// An instance holds the lock and had no room on the disk for its address.
    #[error(
        "a `mirrord ui` runs (process {pid}) that could not write its address to {}, as on a full disk; make room, and it \
         is found within a second, or end it with `mirrord ui stop`",
        path.display()
    )]
    Unwritten {
        /// The lock's file.
        path: PathBuf,
        /// Its process.
        pid: i32,
    },
    /// An instance holds the lock that is no process of this system: one of another container or machine.
    #[error(
        "a `mirrord ui` of another container or machine that shares {} runs, on its port {port}: open that one, or have \
         this one use a directory of its own (--sessions-dir)",
        path.display()
    )]
    Elsewhere {
        /// The lock's file.
        path: PathBuf,
        /// The port over there.
        port: u16,
    },
    /// The instance cannot be signalled.
    #[error("process {pid} cannot be told to stop")]
    Signal {
        /// Its number.
        pid: i32,
        /// Error of the system.
        source: io::Error,
    },
    /// The instance did not end after the signal.
    #[error("process {pid} was told to stop and runs still; `kill -9 {pid}` ends it at once")]
    StillRuns {
        /// Its number.
        pid: i32,
    },
}

impl From<FileError> for InstanceError {
    fn from(error: FileError) -> Self {
        match error {
            FileError::NotOurs { path, fault } => Self::NotOurs {
                path,
                reason: fault.to_string(),
            },
            FileError::Io { doing, path, source } => Self::Io { doing, path, source },
            other => Self::NotOurs {
                path: PathBuf::new(),
                reason: other.to_string(),
            },
        }
    }
}

impl InstanceError {
    pub(crate) fn io(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { doing, path, source }
    }
}
