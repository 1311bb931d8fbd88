//! File of the lock, in the sessions directory.

use std::fs::File;
use std::io;
use std::path::Path;

use mirrord_private_files::{Access, FileError, PrivateDirectory};

/// Name of the file, which cannot be a session's: a session id does not start with a dot.
pub(super) const LOCK: &str = ".ui.lock";

/// Opens the lock's file, and creates it where it is missing.
pub(super) fn create_lock(directory: &Path) -> Result<File, FileError> {
    PrivateDirectory::open(directory)?.open_file(LOCK, Access::ReadWrite)
}

/// Opens the lock's file for reading; `None` where it is missing.
pub(super) fn open_lock(directory: &Path) -> Result<Option<File>, FileError> {
    let opened = PrivateDirectory::open(directory).and_then(|directory| directory.open_file(LOCK, Access::Read));
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
