//! Opens the lock's file: relative to a directory that was checked through its own descriptor, never through a link, with
//! mode 0600 from the moment it exists, and only if it is ours.
//!
//! Nothing waits here: a pipe by that name is opened without its other end, and refused for not being a file.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

use rustix::fs::{Mode, OFlags, openat};
use rustix::process::geteuid;

use crate::error::InstanceError;

const PRIVATE: u32 = 0o600;

/// Why the file is not used.
#[derive(Debug)]
pub(super) enum Refusal {
    NotOurs(String),
    Io(io::Error),
}

impl From<io::Error> for Refusal {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl Refusal {
    pub(super) fn is_missing(&self) -> bool {
        matches!(self, Self::Io(error) if error.kind() == io::ErrorKind::NotFound)
    }

    pub(super) fn at(self, path: &Path) -> InstanceError {
        match self {
            Self::NotOurs(reason) => InstanceError::NotOurs {
                path: path.to_owned(),
                reason,
            },
            Self::Io(error) => InstanceError::io("open", path)(error),
        }
    }
}

/// Whether nothing can be made or written for want of room, or on a file system that is read alone.
pub(super) fn is_without_room(error: &io::Error) -> bool {
    use io::ErrorKind::{QuotaExceeded, ReadOnlyFilesystem, StorageFull};
    matches!(error.kind(), StorageFull | QuotaExceeded | ReadOnlyFilesystem)
}

/// Makes a directory of mode 0700 where there is none.
pub(super) fn make_directory(path: &Path) -> io::Result<()> {
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            DirBuilder::new().recursive(true).mode(0o700).create(path)
        }
        _ => Ok(()),
    }
}

/// Opens the file to hold its lock, and makes it where it is missing.
pub(super) fn create(directory: &Path, name: &str) -> Result<File, Refusal> {
    open_with(directory, name, OFlags::RDWR | OFlags::CREATE)
}

/// Opens the file to look at it.
pub(super) fn open(directory: &Path, name: &str) -> Result<File, Refusal> {
    open_with(directory, name, OFlags::RDONLY)
}

fn open_with(directory: &Path, name: &str, how: OFlags) -> Result<File, Refusal> {
    let own = geteuid().as_raw();
    let nofollow = (OFlags::DIRECTORY | OFlags::NOFOLLOW).bits().cast_signed();
    let directory = OpenOptions::new().read(true).custom_flags(nofollow).open(directory)?;
    let owner = directory.metadata()?.uid();
    if owner != own {
        return Err(Refusal::NotOurs(format!(
            "is in a directory of another user (uid {owner})"
        )));
    }
    let how = how | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let file = match openat(&directory, name, how, Mode::from_raw_mode(PRIVATE)) {
        Ok(file) => File::from(file),
        Err(rustix::io::Errno::LOOP) => return Err(Refusal::NotOurs("is a symbolic link".to_owned())),
        Err(error) => return Err(Refusal::Io(error.into())),
    };
    let found = file.metadata()?;
    if !found.is_file() {
        return Err(Refusal::NotOurs("is not a file".to_owned()));
    }
    if found.uid() != own {
        return Err(Refusal::NotOurs(format!(
            "belongs to another user (uid {})",
            found.uid()
        )));
    }
    // What is written to it would be written to the file of another name, too.
    if found.nlink() > 1 {
        return Err(Refusal::NotOurs("is another file's second name".to_owned()));
    }
    Ok(file)
}

/// Whether a path leads to this very file.
pub(super) fn is_at(file: &File, path: &Path) -> bool {
    let (Ok(own), Ok(found)) = (file.metadata(), fs::symlink_metadata(path)) else {
        return false;
    };
    (own.dev(), own.ino()) == (found.dev(), found.ino())
}

/// Takes from the file what somebody else, or an odd umask, did to its mode.
pub(super) fn close_to_others(file: &File) -> io::Result<()> {
    if file.metadata()?.mode() & 0o7777 == PRIVATE {
        return Ok(());
    }
    file.set_permissions(Permissions::from_mode(PRIVATE))
}
