//! Files of the lock, in the sessions directory: the one that is locked, and the one with the record.
//!
//! They are one file but on Windows, where a lock keeps others from reading.

use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;

use mirrord_private_files::{FileError, OpenMode, PrivateDirectory};

/// Name of the file that is locked, which cannot be a session's: a session id does not start with a dot.
pub(super) const LOCK: &str = ".ui.lock";
/// Name of the record's file, where it is another one.
const RECORD: Option<&str> = if cfg!(windows) { Some(".ui.json") } else { None };

/// The lock's files, open.
#[derive(Debug)]
pub(super) struct LockFile {
    lock: File,
    record: Option<File>,
}

impl LockFile {
    /// Takes the lock for this process alone.
    pub(super) fn try_lock(&self) -> Result<(), TryLockError> {
        self.lock.try_lock()
    }

    /// Takes the lock beside others that only look.
    pub(super) fn try_lock_shared(&self) -> Result<(), TryLockError> {
        self.lock.try_lock_shared()
    }

    /// Returns whether the path of the lock leads to this very file.
    pub(super) fn is_at(&self, path: &Path) -> bool {
        mirrord_private_files::is_at(&self.lock, path)
    }

    /// Sets the mode to 0600 where it is another one.
    pub(super) fn restrict_mode(&self) -> io::Result<()> {
        mirrord_private_files::restrict_mode(&self.lock)
    }

    /// Returns the file that is locked.
    pub(super) fn locked(&self) -> &File {
        &self.lock
    }

    /// Returns the file with the record.
    pub(super) fn record(&self) -> &File {
        self.record.as_ref().unwrap_or(&self.lock)
    }
}

impl From<File> for LockFile {
    /// The lock and its record in one file.
    fn from(lock: File) -> Self {
        Self { lock, record: None }
    }
}

/// Opens the lock's files, and creates them where they are missing.
pub(super) fn create_lock(directory: &Path) -> Result<LockFile, FileError> {
    let directory = PrivateDirectory::open(directory)?;
    let open = |name| directory.open_file(name, OpenMode::ReadWrite);
    Ok(LockFile {
        lock: open(LOCK)?,
        record: RECORD.map(open).transpose()?,
    })
}

/// Opens the lock's files for reading; `None` where the one that is locked is missing.
pub(super) fn open_lock(directory: &Path) -> Result<Option<LockFile>, FileError> {
    let open = |name| found(PrivateDirectory::open(directory).and_then(|own| own.open_file(name, OpenMode::Read)));
    let Some(lock) = open(LOCK)? else { return Ok(None) };
    let record = RECORD.map(open).transpose()?.flatten();
    Ok(Some(LockFile { lock, record }))
}

/// Turns the error of a missing file into `None`.
fn found(opened: Result<File, FileError>) -> Result<Option<File>, FileError> {
    match opened {
        Err(error) if error.is_not_found() => Ok(None),
        opened => opened.map(Some),
    }
}

/// Returns whether a file cannot be created or written for want of room, or on a read-only file system.
pub(super) fn is_without_room(error: &FileError) -> bool {
    use io::ErrorKind::{QuotaExceeded, ReadOnlyFilesystem, StorageFull};
    let error = error.io_error().map(io::Error::kind);
    matches!(error, Some(StorageFull | QuotaExceeded | ReadOnlyFilesystem))
}
