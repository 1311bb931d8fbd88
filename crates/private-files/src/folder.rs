//! Folder by its path: its files are read up to a bound, and replaced whole or not at all.
//!
//! The directory is opened for each call, and created by the first write: a folder that is never written leaves nothing
//! behind.

use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::path::PathBuf;
use std::time::SystemTime;

use crate::error::FileError;
use crate::open_mode::OpenMode;
use crate::platform::system::{PrivateDirectory, restrict_mode};

/// File of a folder, as it was listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FolderFile {
    /// Name.
    pub name: String,
    /// Length in bytes.
    pub bytes: u64,
    /// Time of the last change, where the system has one.
    pub modified: Option<SystemTime>,
}

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
        let Some(file) = found(open_file(&directory, name, OpenMode::Read))? else {
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
        directory.sync();
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
        found(open_file(&directory, name, OpenMode::Read))?;
        let new = format!(".{name}.new");
        // Left by a crash; it was never the file.
        directory.unlink(&new).ok();
        let mut file = directory.create_file(&new).map_err(FileError::io("write", &path))?;
        let written = file.write_all(bytes).and_then(|()| sync(&file));
        // An open file is not renamed on every system.
        drop(file);
        let replaced = written.map_err(FileError::io("write", &path)).and_then(|()| {
            let renamed = directory.rename_file(&new, name);
            renamed.map_err(FileError::io("replace", &path))
        });
        if replaced.is_err() {
            // On a full disk the half of it takes room.
            directory.unlink(&new).ok();
        }
        replaced.map(|()| directory)
    }

    /// Creates a file that no name led to before, for writing; `None` where the name is taken.
    ///
    /// # Errors
    /// The folder is not private to this user, or the file cannot be created.
    pub fn create_new(&self, name: &str) -> Result<Option<File>, FileError> {
        match self.open_or_create()?.create_file(name) {
            Ok(file) => Ok(Some(file)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(None),
            Err(error) => Err(FileError::io("make", &self.path(name))(error)),
        }
    }

    /// Lists the regular files of this user in it; none where it is missing. A name that is not text is left out.
    ///
    /// # Errors
    /// The folder is not private to this user, or cannot be read.
    pub fn files(&self) -> Result<Vec<FolderFile>, FileError> {
        let Some(directory) = self.open()? else {
            return Ok(Vec::new());
        };
        let failed = |error| FileError::io("list", &self.path)(error);
        let mut files = Vec::new();
        for entry in std::fs::read_dir(&self.path).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let Ok(name) = entry.file_name().into_string() else {
                continue;
            };
            // One that vanished meanwhile, or is no file, is none of ours.
            let (Ok(true), Ok(metadata)) = (directory.has_own_file(&name), entry.metadata()) else {
                continue;
            };
            files.push(FolderFile {
                name,
                bytes: metadata.len(),
                modified: metadata.modified().ok(),
            });
        }
        Ok(files)
    }

    /// Removes a file of this user; a missing one is no error.
    ///
    /// # Errors
    /// It is no regular file, another user's, or cannot be removed.
    pub fn remove(&self, name: &str) -> Result<(), FileError> {
        let path = self.path(name);
        let Some(directory) = self.open()? else { return Ok(()) };
        if directory.has_own_file(name)? {
            directory.unlink(name).map_err(FileError::io("remove", &path))?;
            directory.sync();
        }
        Ok(())
    }

    /// Appends to a file; one of more than `max` bytes is renamed to `old` first.
    ///
    /// # Errors
    /// It is not private to this user, or cannot be written or renamed.
    pub fn append(&self, name: &str, old: &str, max: u64, bytes: &[u8]) -> Result<(), FileError> {
        let path = self.path(name);
        let directory = self.open_or_create()?;
        let mut file = open_file(&directory, name, OpenMode::Append)?;
        if file.metadata().map_err(FileError::io("look at", &path))?.len() > max {
            drop(file);
            directory
                .rename_file(name, old)
                .map_err(FileError::io("rename", &path))?;
            file = open_file(&directory, name, OpenMode::Append)?;
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
fn open_file(directory: &PrivateDirectory, name: &str, mode: OpenMode) -> Result<File, FileError> {
    let file = directory.open_file(name, mode)?;
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
mod tests;
