//! Directory that was opened and checked, and its files.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use rustix::fs::{Mode, OFlags, openat};
use rustix::process::geteuid;

use crate::error::{Fault, FileError};

const DIRECTORY_MODE: u32 = 0o700;
pub(crate) const FILE_MODE: u32 = 0o600;

/// Access to a file. A file that is created has mode 0600 from the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Reading; a missing file is an error.
    Read,
    /// Reading and writing; a missing file is created.
    ReadWrite,
    /// Appending; a missing file is created.
    Append,
}

impl Access {
    fn flags(self) -> OFlags {
        match self {
            Self::Read => OFlags::RDONLY,
            Self::ReadWrite => OFlags::RDWR | OFlags::CREATE,
            Self::Append => OFlags::WRONLY | OFlags::CREATE | OFlags::APPEND,
        }
    }
}

/// Directory of this user, opened without following a link.
#[derive(Debug)]
pub struct PrivateDirectory {
    path: PathBuf,
    pub(crate) file: File,
}

impl PrivateDirectory {
    /// Opens a directory. Its mode is not checked.
    ///
    /// # Errors
    /// It is a link, not a directory, another user's, missing, or cannot be opened.
    pub fn open(path: &Path) -> Result<Self, FileError> {
        let flags = (OFlags::DIRECTORY | OFlags::NOFOLLOW).bits().cast_signed();
        let opened = OpenOptions::new().read(true).custom_flags(flags).open(path);
        let file = opened.map_err(|error| match fs::symlink_metadata(path) {
            Ok(found) if found.is_symlink() => FileError::not_ours(path, Fault::Link),
            Ok(found) if !found.is_dir() => FileError::not_ours(path, Fault::NotADirectory),
            _ => FileError::io("open", path)(error),
        })?;
        let owner = file.metadata().map_err(FileError::io("look at", path))?.uid();
        if owner != geteuid().as_raw() {
            return Err(FileError::not_ours(path, Fault::OtherUser(owner)));
        }
        let path = path.to_owned();
        Ok(Self { path, file })
    }

    /// Creates a directory of mode 0700, and its parents, where nothing has its path. Returns whether it was created.
    ///
    /// # Errors
    /// It cannot be created.
    pub fn create(path: &Path) -> Result<bool, FileError> {
        match fs::symlink_metadata(path) {
            Ok(_) => Ok(false),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let mut builder = DirBuilder::new();
                let created = builder.recursive(true).mode(DIRECTORY_MODE).create(path);
                created.map_err(FileError::io("make the directory", path))?;
                Ok(true)
            }
            Err(error) => Err(FileError::io("look at", path)(error)),
        }
    }

    /// Returns the open directory: for its lock and its metadata.
    #[must_use]
    pub fn into_file(self) -> File {
        self.file
    }

    /// Returns the path of a file in it.
    #[must_use]
    pub fn path(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// Sets the mode to 0700 where others may write.
    ///
    /// # Errors
    /// The mode cannot be read or set.
    pub fn restrict_mode(&self) -> Result<(), FileError> {
        let found = self.file.metadata().map_err(FileError::io("look at", &self.path))?;
        if found.mode() & 0o022 == 0 {
            return Ok(());
        }
        self.file
            .set_permissions(Permissions::from_mode(DIRECTORY_MODE))
            .map_err(FileError::io("set the mode of", &self.path))
    }

    /// Opens a file of this user. Its mode is not checked: see [`restrict_mode`].
    ///
    /// # Errors
    /// It is a link, no regular file, another user's, has a second name, is missing, or cannot be opened.
    pub fn open_file(&self, name: &str, access: Access) -> Result<File, FileError> {
        let path = self.path(name);
        let flags = access.flags() | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let file = match openat(&self.file, name, flags, Mode::from_raw_mode(FILE_MODE)) {
            Ok(file) => File::from(file),
            Err(rustix::io::Errno::LOOP) => return Err(FileError::not_ours(&path, Fault::Link)),
            Err(error) => return Err(FileError::io("open", &path)(error)),
        };
        let found = file.metadata().map_err(FileError::io("look at", &path))?;
        let fault = if !found.is_file() {
            Some(Fault::NotAFile)
        } else if found.uid() != geteuid().as_raw() {
            Some(Fault::OtherUser(found.uid()))
        } else {
            (found.nlink() > 1).then_some(Fault::HardLink)
        };
        fault.map_or(Ok(file), |fault| Err(FileError::not_ours(&path, fault)))
    }
}

/// Sets the mode of a file to 0600 where it is another one.
///
/// # Errors
/// The mode cannot be read or set.
pub fn restrict_mode(file: &File) -> io::Result<()> {
    if file.metadata()?.mode() & 0o7777 == FILE_MODE {
        return Ok(());
    }
    file.set_permissions(Permissions::from_mode(FILE_MODE))
}

/// Returns whether a path leads to this very file.
#[must_use]
pub fn is_at(file: &File, path: &Path) -> bool {
    let (Ok(own), Ok(found)) = (file.metadata(), fs::symlink_metadata(path)) else {
        return false;
    };
    (own.dev(), own.ino()) == (found.dev(), found.ino())
}
