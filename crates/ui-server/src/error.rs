//! Why a server could not start or had to stop, and why an instance cannot be found, be or be stopped. What a client or a session does wrong is never one of these.

use std::io;
use std::path::{Path, PathBuf};

/// Why a server could not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The sessions directory is not one that may be read.
    #[error("the sessions directory {} {reason}", path.display())]
    SessionsDirectory {
        /// Which.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The system gave no random bytes for the token.
    #[error("no random bytes for the token")]
    Token(#[source] getrandom::Error),
    /// A text that was given as the origin of a frame is not an origin.
    #[error("not the origin of a page that may frame us: {0}")]
    Frame(String),
    /// What was given as the address of a development server is not one that may be asked.
    #[error("the page cannot come from {url}: {reason}")]
    DevServer {
        /// What was given.
        url: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A listener stopped working.
    #[error("the listener failed")]
    Accept(#[source] io::Error),
}

/// Why this process cannot be the one instance, or find or stop the one there is.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InstanceError {
    /// The sessions directory is not one that may be read.
    #[error(transparent)]
    Directory(#[from] Error),
    /// What has the name of the lock's file is not one of ours, and was left alone.
    #[error("{} {reason}; it was left alone", path.display())]
    NotOurs {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The system refused something.
    #[error("cannot {doing} {}", path.display())]
    Io {
        /// What was being done.
        doing: &'static str,
        /// With what.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file names a process that is no `mirrord ui`, or that does not hold the lock.
    #[error(
        "{} names process {pid}, which cannot be confirmed to be the `mirrord ui` that holds its lock, so it was not \
         signalled; end it by hand if it is one, or remove the file if it is not",
        path.display()
    )]
    NotMirrord {
        /// The number.
        pid: i32,
        /// The file.
        path: PathBuf,
    },
    /// Somebody holds the lock and does not say where it is, as a process of another container would.
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
    /// The instance cannot be told to stop.
    #[error("process {pid} cannot be told to stop")]
    Signal {
        /// Its number.
        pid: i32,
        /// What the system said.
        source: io::Error,
    },
    /// The instance was told to stop, and runs still.
    #[error("process {pid} was told to stop and runs still; `kill -9 {pid}` ends it at once")]
    StillRuns {
        /// Its number.
        pid: i32,
    },
}

impl InstanceError {
    pub(crate) fn io(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { doing, path, source }
    }
}
