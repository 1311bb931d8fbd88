//! Errors of a session that cannot start. Each names the path that it is about and, where there is one, the way out; the
//! error of the system is its source, and in no text twice.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use mirrord_wire::SessionId;

/// Why the socket of a session cannot be made.
#[derive(Debug)]
#[non_exhaustive]
pub enum BindError {
    /// The sessions directory is a symbolic link.
    DirectoryIsLink(PathBuf),
    /// The sessions directory is something else.
    NotADirectory(PathBuf),
    /// The sessions directory belongs to another user.
    DirectoryOfAnotherUser {
        /// The directory.
        path: PathBuf,
        /// The number of its owner.
        owner: u32,
    },
    /// The directory was open to others, and it holds other things than sessions, so that it was not closed to them.
    DirectoryOpenToOthers {
        /// The directory.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The socket's path does not fit into a socket address.
    PathTooLong {
        /// The path.
        path: PathBuf,
        /// Its length, in bytes.
        length: usize,
        /// The limit, in bytes, with the zero byte that ends it.
        limit: usize,
    },
    /// A session of this id runs.
    AlreadyRunning {
        /// Its id.
        id: SessionId,
        /// Its socket.
        path: PathBuf,
    },
    /// A session of this id may run where we cannot see it: on another machine that shares the directory, or behind
    /// another mount of it.
    PerhapsRunning {
        /// Its socket.
        path: PathBuf,
        /// Why it is not known to be dead.
        reason: String,
    },
    /// Something other than a socket has the socket's name; it was left alone.
    NotASocket(PathBuf),
    /// Another session was starting in the directory for longer than a start takes.
    DirectoryBusy(PathBuf),
    /// The system refused something else.
    Io {
        /// The operation that failed.
        doing: &'static str,
        /// With what.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
}

impl BindError {
    pub(crate) fn io(doing: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { doing, path, source }
    }
}

fn write_io(formatter: &mut fmt::Formatter<'_>, doing: &str, path: &Path, source: &io::Error) -> fmt::Result {
    write!(formatter, "cannot {doing} {}", path.display())?;
    if doing.contains("listen") && is_without_sockets(source) {
        formatter.write_str(
            " (its file system seems to have no sockets; name a directory on a local disk with --sessions-dir or \
             MIRRORD_SESSIONS_DIR)",
        )?;
    }
    Ok(())
}

impl fmt::Display for BindError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DirectoryIsLink(path) => write!(
                formatter,
                "the sessions directory {} is a symbolic link: name the directory itself with --sessions-dir",
                path.display()
            ),
            Self::NotADirectory(path) => {
                write!(
                    formatter,
                    "the sessions directory {} is not a directory",
                    path.display()
                )
            }
            Self::DirectoryOfAnotherUser { path, owner } => write!(
                formatter,
                "the sessions directory {} belongs to another user (uid {owner}): choose another with --sessions-dir",
                path.display()
            ),
            Self::DirectoryOpenToOthers { path, mode } => write!(
                formatter,
                "the sessions directory {} is open to others (mode {mode:03o}) and holds more than sessions: \
                 `chmod 700` it, or choose another with --sessions-dir",
                path.display()
            ),
            Self::PathTooLong { path, length, limit } => write!(
                formatter,
                "the socket's path {} has {length} bytes, and a Unix socket's path has fewer than {limit}: \
                 choose a shorter directory with --sessions-dir",
                path.display()
            ),
            Self::AlreadyRunning { id, path } => {
                write!(formatter, "a session {id} runs already, at {}", path.display())
            }
            Self::PerhapsRunning { path, reason } => write!(
                formatter,
                "{} may belong to a session that runs: {reason}. Remove the file if it does not, or choose another \
                 session id",
                path.display()
            ),
            Self::NotASocket(path) => write!(
                formatter,
                "{} is in the way and not a socket; it was left alone",
                path.display()
            ),
            Self::DirectoryBusy(path) => {
                write!(
                    formatter,
                    "the sessions directory {} stays locked by another process",
                    path.display()
                )
            }
            Self::Io { doing, path, source } => write_io(formatter, doing, path, source),
        }
    }
}

/// Reports a failure as of a file system that cannot hold a socket: FAT, a FUSE file system without `mknod`,
/// some shares of a virtual machine's host (EPERM, EOPNOTSUPP, ENOSYS). A directory that may not be written to is EACCES.
fn is_without_sockets(error: &io::Error) -> bool {
    /// The number of EPERM on every Unix; `ErrorKind` does not tell it from EACCES.
    const EPERM: i32 = 1;
    error.kind() == io::ErrorKind::Unsupported || cfg!(unix) && error.raw_os_error() == Some(EPERM)
}

impl std::error::Error for BindError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io { source, .. } => Some(source),
            _ => None,
        }
    }
}

/// Why a session with a socket cannot be served.
#[derive(Debug)]
#[non_exhaustive]
pub enum StartError {
    /// The call was not made from within a tokio runtime.
    NoRuntime(tokio::runtime::TryCurrentError),
    /// The runtime refused the socket.
    Register(io::Error),
}

impl fmt::Display for StartError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoRuntime(_) => formatter.write_str("a session is started from within a tokio runtime"),
            Self::Register(_) => formatter.write_str("the tokio runtime refused the session's socket"),
        }
    }
}

impl std::error::Error for StartError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::NoRuntime(source) => Some(source),
            Self::Register(source) => Some(source),
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_file_system_without_sockets_is_named_with_the_way_out() {
        let error = |error: io::Error| BindError::io("listen at", "/home/x")(error).to_string();
        for without in [io::Error::from_raw_os_error(1), io::ErrorKind::Unsupported.into()] {
            let text = error(without);
            assert!(text.contains("/home/x") && text.contains("--sessions-dir"), "{text}");
        }
        assert!(!error(io::ErrorKind::PermissionDenied.into()).contains("sockets"));
    }

    #[test]
    fn the_error_of_the_system_is_in_the_source_alone() {
        use std::error::Error as _;
        let bind = BindError::io("make", "/home/x")(io::Error::other("cause"));
        assert_eq!(bind.to_string(), "cannot make /home/x");
        assert_eq!(bind.source().unwrap().to_string(), "cause");
        let start = StartError::Register(io::Error::other("cause"));
        assert!(!start.to_string().contains("cause") && start.source().is_some());
    }
}
