//! Folder by its path: its files are read up to a bound, and replaced whole or not at all.
//!
//! The directory is opened for each call, and created by the first write: a folder that is never written leaves nothing
//! behind.

use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::path::PathBuf;

use rustix::fs::{AtFlags, FileType, Mode, OFlags, openat, renameat, statat, unlinkat};
use rustix::io::Errno;
use rustix::process::geteuid;

use crate::directory::{Access, FILE_MODE, PrivateDirectory, restrict_mode};
use crate::error::{Fault, FileError};

/// Folder of private files.
#[derive(Debug, Clone)]
pub struct PrivateFolder {
    path: PathBuf,
}

impl PrivateFolder {
    /// Creates a handle; nothing on the disk.
    #[must_use]
    pub fn new(path: PathBuf) -> Self {
        Self { path }
    }

    /// Returns the path of a file in it.
    #[must_use]
    pub fn path(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// Reads a file of at most `max` bytes; `None` where it is missing.
    ///
    /// # Errors
    /// It is longer, not private to this user, or cannot be read.
    pub fn read(&self, name: &str, max: usize) -> Result<Option<Vec<u8>>, FileError> {
        let Some(directory) = self.open()? else { return Ok(None) };
        let Some(file) = found(open_file(&directory, name, Access::Read))? else {
            return Ok(None);
        };
        let path = self.path(name);
        let mut bytes = Vec::new();
        let limit = u64::try_from(max).unwrap_or(u64::MAX).saturating_add(1);
        let read = file.take(limit).read_to_end(&mut bytes);
        read.map_err(FileError::io("read", &path))?;
        if bytes.len() > max {
            return Err(FileError::TooLarge { path, max });
        }
        Ok(Some(bytes))
    }

    /// Replaces a file atomically and durably: after a crash or a power cut it is the old one or the new one.
    ///
    /// # Errors
    /// The file that has the name is not private to this user, or the new one cannot be written; then the old one stays.
    pub fn replace(&self, name: &str, bytes: &[u8]) -> Result<(), FileError> {
        let directory = self.replace_with(name, bytes, File::sync_all)?;
        // The rename has to be durable as well. Not every file system can.
        directory.file.sync_all().ok();
        Ok(())
    }

    /// Replaces a file atomically, without waiting for the disk.
    ///
    /// # Errors
    /// As [`PrivateFolder::replace`].
    pub fn replace_unsynced(&self, name: &str, bytes: &[u8]) -> Result<(), FileError> {
        self.replace_with(name, bytes, |_| Ok(())).map(drop)
    }

    fn replace_with(
        &self,
        name: &str,
        bytes: &[u8],
        sync: impl FnOnce(&File) -> io::Result<()>,
    ) -> Result<PrivateDirectory, FileError> {
        let path = self.path(name);
        let directory = self.open_or_create()?;
        // A file that is not ours is not replaced.
        found(open_file(&directory, name, Access::Read))?;
        let new = format!(".{name}.new");
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        // Left by a crash; it was never the file.
        unlinkat(&directory.file, new.as_str(), AtFlags::empty()).ok();
        let file = openat(&directory.file, new.as_str(), flags, Mode::from_raw_mode(FILE_MODE));
        let mut file = File::from(file.map_err(FileError::io("write", &path))?);
        let written = file.write_all(bytes).and_then(|()| sync(&file));
        let replaced = written.map_err(FileError::io("write", &path)).and_then(|()| {
            let renamed = renameat(&directory.file, new.as_str(), &directory.file, name);
            renamed.map_err(FileError::io("replace", &path))
        });
        if replaced.is_err() {
            // On a full disk the half of it takes room.
            unlinkat(&directory.file, new.as_str(), AtFlags::empty()).ok();
        }
        replaced.map(|()| directory)
    }

    /// Removes a file of this user; a missing one is no error.
    ///
    /// # Errors
    /// It is no regular file, another user's, or cannot be removed.
    pub fn remove(&self, name: &str) -> Result<(), FileError> {
        let path = self.path(name);
        let Some(directory) = self.open()? else { return Ok(()) };
        let found = match statat(&directory.file, name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(found) => found,
            Err(Errno::NOENT) => return Ok(()),
            Err(error) => return Err(FileError::io("look at", &path)(error)),
        };
        if !FileType::from_raw_mode(found.st_mode).is_file() {
            return Err(FileError::not_ours(&path, Fault::NotAFile));
        }
        if found.st_uid != geteuid().as_raw() {
            return Err(FileError::not_ours(&path, Fault::OtherUser(found.st_uid)));
        }
        unlinkat(&directory.file, name, AtFlags::empty()).map_err(FileError::io("remove", &path))?;
        directory.file.sync_all().ok();
        Ok(())
    }

    /// Appends to a file; one of more than `max` bytes is renamed to `old` first.
    ///
    /// # Errors
    /// It is not private to this user, or cannot be written or renamed.
    pub fn append(&self, name: &str, old: &str, max: u64, bytes: &[u8]) -> Result<(), FileError> {
        let path = self.path(name);
        let directory = self.open_or_create()?;
        let mut file = open_file(&directory, name, Access::Append)?;
        if file.metadata().map_err(FileError::io("look at", &path))?.len() > max {
            renameat(&directory.file, name, &directory.file, old).map_err(FileError::io("rename", &path))?;
            file = open_file(&directory, name, Access::Append)?;
        }
        file.write_all(bytes).map_err(FileError::io("write", &path))
    }

    fn open_or_create(&self) -> Result<PrivateDirectory, FileError> {
        PrivateDirectory::create(&self.path)?;
        let directory = PrivateDirectory::open(&self.path)?;
        directory.restrict_mode()?;
        Ok(directory)
    }

    fn open(&self) -> Result<Option<PrivateDirectory>, FileError> {
        let directory = found(PrivateDirectory::open(&self.path))?;
        directory.as_ref().map_or(Ok(()), PrivateDirectory::restrict_mode)?;
        Ok(directory)
    }
}

/// Opens a file and sets its mode.
fn open_file(directory: &PrivateDirectory, name: &str, access: Access) -> Result<File, FileError> {
    let file = directory.open_file(name, access)?;
    restrict_mode(&file).map_err(FileError::io("set the mode of", &directory.path(name)))?;
    Ok(file)
}

/// Turns the error of a missing file into `None`.
fn found<T>(opened: Result<T, FileError>) -> Result<Option<T>, FileError> {
    match opened {
        Err(error) if error.is_not_found() => Ok(None),
        opened => opened.map(Some),
    }
}

#[cfg(test)]
mod tests {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
    use std::path::Path;

    use super::*;

    fn folder() -> (tempfile::TempDir, PrivateFolder) {
        let home = tempfile::tempdir().unwrap();
        let folder = PrivateFolder::new(home.path().join(".mirror"));
        (home, folder)
    }

    fn mode(path: &Path) -> u32 {
        fs::symlink_metadata(path).unwrap().mode() & 0o7777
    }

    #[test]
    fn a_replaced_file_is_read_and_private() {
        let (_home, folder) = folder();
        assert!(folder.read("a", 10).unwrap().is_none());
        folder.replace("a", b"one").unwrap();
        folder.replace("a", b"two").unwrap();
        assert_eq!(folder.read("a", 3).unwrap().unwrap(), b"two");
        assert_eq!((mode(&folder.path), mode(&folder.path("a"))), (0o700, 0o600));
        assert_eq!(fs::read_dir(&folder.path).unwrap().count(), 1, "nothing else is left");
        assert!(matches!(folder.read("a", 2), Err(FileError::TooLarge { .. })));
    }

    #[test]
    fn a_wider_mode_is_taken_back() {
        let (_home, folder) = folder();
        folder.replace("a", b"one").unwrap();
        fs::set_permissions(folder.path("a"), Permissions::from_mode(0o644)).unwrap();
        fs::set_permissions(&folder.path, Permissions::from_mode(0o777)).unwrap();
        folder.read("a", 10).unwrap();
        assert_eq!((mode(&folder.path), mode(&folder.path("a"))), (0o700, 0o600));
    }

    #[test]
    fn links_and_odd_things_are_left_alone() {
        let (home, folder) = folder();
        folder.replace("own", b"own").unwrap();
        let target = home.path().join("target");
        fs::write(&target, "target").unwrap();
        symlink(&target, folder.path("link")).unwrap();
        fs::hard_link(&target, folder.path("second")).unwrap();
        fs::create_dir(folder.path("directory")).unwrap();
        for name in ["link", "second", "directory"] {
            assert!(
                matches!(folder.read(name, 10), Err(FileError::NotOurs { .. })),
                "{name}"
            );
            assert!(folder.replace(name, b"x").is_err() && folder.append(name, "old", 9, b"x").is_err());
        }
        assert_eq!(fs::read(&target).unwrap(), b"target");
        let elsewhere = PrivateFolder::new(home.path().join("elsewhere"));
        symlink(&folder.path, &elsewhere.path).unwrap();
        assert!(elsewhere.read("own", 10).is_err() && elsewhere.replace("own", b"x").is_err());
    }

    #[test]
    fn a_file_that_grows_is_bounded() {
        let (_home, folder) = folder();
        for line in 0..100 {
            folder
                .append("log", "log.1", 50, format!("{line:09}\n").as_bytes())
                .unwrap();
        }
        for name in ["log", "log.1"] {
            let found = folder.read(name, 70).unwrap().unwrap();
            assert!(!found.is_empty() && mode(&folder.path(name)) == 0o600, "{name}");
        }
    }
}
