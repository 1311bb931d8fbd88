//! Private directories of Unix: opened without following a link, checked through the descriptor, files opened relative to it.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use rustix::fs::{AtFlags, FileType, Mode, OFlags, openat, renameat, statat, unlinkat};
use rustix::io::Errno;
use rustix::process::geteuid;

use crate::error::{Fault, FileError};
use crate::open_mode::OpenMode;

const DIRECTORY_MODE: u32 = 0o700;
const FILE_MODE: u32 = 0o600;

fn flags(mode: OpenMode) -> OFlags {
    match mode {
        OpenMode::Read => OFlags::RDONLY,
        OpenMode::ReadWrite => OFlags::RDWR | OFlags::CREATE,
        OpenMode::Append => OFlags::WRONLY | OFlags::CREATE | OFlags::APPEND,
    }
}

/// Directory of this user, opened without following a link.
#[derive(Debug)]
pub struct PrivateDirectory {
    path: PathBuf,
    file: File,
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
    pub fn open_file(&self, name: &str, mode: OpenMode) -> Result<File, FileError> {
        let path = self.path(name);
        let flags = flags(mode) | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let file = match openat(&self.file, name, flags, Mode::RUSR | Mode::WUSR) {
            Ok(file) => File::from(file),
            Err(Errno::LOOP) => return Err(FileError::not_ours(&path, Fault::Link)),
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

    /// Creates a file of mode 0600 that no name led to before.
    pub(crate) fn create_file(&self, name: &str) -> io::Result<File> {
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        Ok(openat(&self.file, name, flags, Mode::RUSR | Mode::WUSR)?.into())
    }

    /// Renames a file, atomically in place of one of the new name.
    pub(crate) fn rename_file(&self, from: &str, to: &str) -> io::Result<()> {
        Ok(renameat(&self.file, from, &self.file, to)?)
    }

    /// Removes a name, whatever it leads to.
    pub(crate) fn unlink(&self, name: &str) -> io::Result<()> {
        Ok(unlinkat(&self.file, name, AtFlags::empty())?)
    }

    /// Checks that a name is that of a regular file of this user; `false` where it is missing.
    pub(crate) fn has_own_file(&self, name: &str) -> Result<bool, FileError> {
        let path = self.path(name);
        let found = match statat(&self.file, name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(found) => found,
            Err(Errno::NOENT) => return Ok(false),
            Err(error) => return Err(FileError::io("look at", &path)(error)),
        };
        if !FileType::from_raw_mode(found.st_mode).is_file() {
            return Err(FileError::not_ours(&path, Fault::NotAFile));
        }
        if found.st_uid != geteuid().as_raw() {
            return Err(FileError::not_ours(&path, Fault::OtherUser(found.st_uid)));
        }
        Ok(true)
    }

    /// Makes renames and removals durable. Not every file system can.
    pub(crate) fn sync(&self) {
        self.file.sync_all().ok();
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

/// Returns `true`: modes make files private wherever they are.
#[must_use]
pub fn inherits_privacy(_directory: &Path) -> bool {
    true
}
