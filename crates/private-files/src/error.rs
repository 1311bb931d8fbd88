//! Errors of private files. Their text names the path.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// Reason why a file was not opened, read or written.
#[derive(Debug)]
#[non_exhaustive]
pub enum FileError {
    /// It is not private to this user, and was left alone.
    NotOurs {
        /// Path of the file or directory.
        path: PathBuf,
        /// Fault of it.
        fault: Fault,
    },
    /// It is longer than the caller reads.
    TooLarge {
        /// Path of the file.
        path: PathBuf,
        /// Bytes that are read.
        max: usize,
    },
    /// A system call failed.
    Io {
        /// Failed operation, as a verb.
        doing: &'static str,
        /// Path of the file or directory.
        path: PathBuf,
        /// Error of the system.
        source: io::Error,
    },
}

/// Fault of a file or directory that is not used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// It is a symbolic link.
    Link,
    /// It is not a directory.
    NotADirectory,
    /// It is not a regular file.
    NotAFile,
    /// It belongs to another user. Holds the uid.
    OtherUser(u32),
    /// It has a second name, so that writing to it would write to another file.
    HardLink,
}

impl FileError {
    pub(crate) fn io<E: Into<io::Error>>(doing: &'static str, path: &Path) -> impl FnOnce(E) -> Self {
        let path = path.to_owned();
        move |source| Self::Io {
            doing,
            path,
            source: source.into(),
        }
    }

    pub(crate) fn not_ours(path: &Path, fault: Fault) -> Self {
        Self::NotOurs {
            path: path.to_owned(),
            fault,
        }
    }

    /// Returns the error of the system, where one was the reason.
    #[must_use]
    pub fn io_error(&self) -> Option<&io::Error> {
        match self {
            Self::Io { source, .. } => Some(source),
            _ => None,
        }
    }

    /// Returns whether the file or its directory does not exist.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.io_error()
            .is_some_and(|error| error.kind() == io::ErrorKind::NotFound)
    }
}

impl fmt::Display for FileError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotOurs { path, fault } => write!(formatter, "{} {fault}; it was left alone", path.display()),
            Self::TooLarge { path, max } => write!(formatter, "{} has more than {max} bytes", path.display()),
            Self::Io { doing, path, source } => write!(formatter, "cannot {doing} {}: {source}", path.display()),
        }
    }
}

impl std::error::Error for FileError {}

impl From<FileError> for io::Error {
    fn from(error: FileError) -> Self {
        match error {
            FileError::Io { source, .. } => source,
            other => Self::other(other),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Link => formatter.write_str("is a symbolic link"),
            Self::NotADirectory => formatter.write_str("is not a directory"),
            Self::NotAFile => formatter.write_str("is not a file"),
            Self::OtherUser(uid) => write!(formatter, "belongs to another user (uid {uid})"),
            Self::HardLink => formatter.write_str("is another file's second name"),
        }
    }
}
