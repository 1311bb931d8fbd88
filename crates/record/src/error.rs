//! Errors of a record. Each names the file, and none repeats what is in it.

use std::io;
use std::path::PathBuf;

use mirrord_wire::record::FORMAT;

/// Failure to write or to read a record.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RecordError {
    /// The file cannot be opened or made.
    #[error("{} cannot be opened: {source}", path.display())]
    Open {
        /// Path of the file.
        path: PathBuf,
        /// Cause.
        source: io::Error,
    },
    /// The directory takes no new file.
    #[error("{} cannot be made: a record is a new file, and {} takes none: {source}", path.display(), directory.display())]
    Directory {
        /// Path of the file.
        path: PathBuf,
        /// Path of its directory.
        directory: PathBuf,
        /// Cause.
        source: io::Error,
    },
    /// Another program writes a record to the file.
    #[error("{} is being recorded by another program: choose another name", path.display())]
    InUse {
        /// Path of the file.
        path: PathBuf,
    },
    /// The record cannot take its name.
    #[error("{} cannot be replaced: {source}", path.display())]
    Replace {
        /// Path of the file.
        path: PathBuf,
        /// Cause.
        source: io::Error,
    },
    /// A pipe, a directory, a socket.
    #[error("{} is {kind} and no file: a record is written to a file, and read from one", path.display())]
    NotAFile {
        /// Path of the entry.
        path: PathBuf,
        /// Kind of entry, with its article.
        kind: &'static str,
    },
    /// The file does not begin as a record does.
    #[error("{} is no record of a session: {reason}", path.display())]
    NotARecord {
        /// Path of the file.
        path: PathBuf,
        /// Reason, as a clause.
        reason: &'static str,
    },
    /// The record has a later format.
    #[error("{} is a record of format {found}, and this mirrord reads format {FORMAT}: use the mirrord that wrote it ({writer}) or a later one", path.display())]
    OtherVersion {
        /// Path of the file.
        path: PathBuf,
        /// Format that its header names.
        found: u32,
        /// Program that wrote it, by its own name.
        writer: String,
    },
    /// The record is damaged; everything before the line was read.
    #[error("{} is damaged at line {line}: {reason}", path.display())]
    Corrupt {
        /// Path of the file.
        path: PathBuf,
        /// Line, from 1, after decompression.
        line: u64,
        /// Reason, as a clause.
        reason: String,
    },
    /// The file is another one than was read, or has another content.
    #[error("{} has changed since it was read: open it again", path.display())]
    Changed {
        /// Path of the file.
        path: PathBuf,
    },
    /// The file cannot be read.
    #[error("{} cannot be read: {source}", path.display())]
    Read {
        /// Path of the file.
        path: PathBuf,
        /// Cause.
        source: io::Error,
    },
    /// The file cannot be written to: the disk is full, for one.
    #[error("{} cannot be written to: {source}", path.display())]
    Write {
        /// Path of the file.
        path: PathBuf,
        /// Cause.
        source: io::Error,
    },
}
