//! Private directories of Windows: what is private is decided by the access list that a file inherits from its directory.
//!
//! No access list is written here. A directory below the user's profile inherits the profile's, which admits the user, the
//! system and administrators; one elsewhere inherits what is set there ([`crate::inherits_privacy`] distinguishes them,
//! for a warning). A link or another reparse point is refused and left alone, as on Unix; between that check and the use of a
//! path there is a moment, since files are opened by their whole path. Deliberately absent: owners, modes, hard links.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io;
use std::os::windows::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use crate::error::{Fault, FileError};
use crate::open_mode::OpenMode;

/// Opens a link itself and not what it leads to: `FILE_FLAG_OPEN_REPARSE_POINT`, of `CreateFileW`.
const OPEN_REPARSE_POINT: u32 = 0x0020_0000;
/// Attribute of links, junctions and mount points: `FILE_ATTRIBUTE_REPARSE_POINT`.
const REPARSE_POINT: u32 = 0x0000_0400;

/// Directory that is no link.
#[derive(Debug)]
pub struct PrivateDirectory {
    path: PathBuf,
}

impl PrivateDirectory {
    /// Opens a directory.
    ///
    /// # Errors
    /// It is a link, not a directory, missing, or cannot be looked at.
    pub fn open(path: &Path) -> Result<Self, FileError> {
        let found = fs::symlink_metadata(path).map_err(FileError::io("open", path))?;
        if is_link(&found) {
            return Err(FileError::not_ours(path, Fault::Link));
        }
        if !found.is_dir() {
            return Err(FileError::not_ours(path, Fault::NotADirectory));
        }
        Ok(Self { path: path.to_owned() })
    }

    /// Creates a directory, and its parents, where nothing has its path. Returns whether it was created.
    ///
    /// # Errors
    /// It cannot be created.
    pub fn create(path: &Path) -> Result<bool, FileError> {
        match fs::symlink_metadata(path) {
            Ok(_) => Ok(false),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let created = DirBuilder::new().recursive(true).create(path);
                created.map_err(FileError::io("make the directory", path))?;
                Ok(true)
            }
            Err(error) => Err(FileError::io("look at", path)(error)),
        }
    }

    /// Returns the path of a file in it.
    #[must_use]
    pub fn path(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// Does nothing: access lists are inherited.
    ///
    /// # Errors
    /// Never.
    pub fn restrict_mode(&self) -> Result<(), FileError> {
        Ok(())
    }

    /// Opens a file.
    ///
    /// # Errors
    /// It is a link, no regular file, missing, or cannot be opened.
    pub fn open_file(&self, name: &str, mode: OpenMode) -> Result<File, FileError> {
        let path = self.path(name);
        let mut options = OpenOptions::new();
        match mode {
            OpenMode::Read => options.read(true),
            OpenMode::ReadWrite => options.read(true).write(true).create(true),
            OpenMode::Append => options.append(true).create(true),
        };
        let opened = options.custom_flags(OPEN_REPARSE_POINT).open(&path);
        let file = opened.map_err(|error| match fs::symlink_metadata(&path) {
            // A directory is refused with the error of a missing right.
            Ok(found) if found.is_dir() => FileError::not_ours(&path, Fault::NotAFile),
            _ => FileError::io("open", &path)(error),
        })?;
        let found = file.metadata().map_err(FileError::io("look at", &path))?;
        let fault = if is_link(&found) {
            Some(Fault::Link)
        } else {
            (!found.is_file()).then_some(Fault::NotAFile)
        };
        fault.map_or(Ok(file), |fault| Err(FileError::not_ours(&path, fault)))
    }

    /// Creates a file that no name led to before.
    pub(crate) fn create_file(&self, name: &str) -> io::Result<File> {
        OpenOptions::new().write(true).create_new(true).open(self.path(name))
    }

    /// Renames a file, in place of one of the new name.
    pub(crate) fn rename_file(&self, from: &str, to: &str) -> io::Result<()> {
        fs::rename(self.path(from), self.path(to))
    }

    /// Removes a file's name.
    pub(crate) fn unlink(&self, name: &str) -> io::Result<()> {
        fs::remove_file(self.path(name))
    }

    /// Checks that a name is that of a regular file; `false` where it is missing.
    pub(crate) fn has_own_file(&self, name: &str) -> Result<bool, FileError> {
        let path = self.path(name);
        match fs::symlink_metadata(&path) {
            Ok(found) if found.is_file() && !is_link(&found) => Ok(true),
            Ok(_) => Err(FileError::not_ours(&path, Fault::NotAFile)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(FileError::io("look at", &path)(error)),
        }
    }

    /// Does nothing: a directory cannot be synced here, and the file system's journal has its entries.
    pub(crate) fn sync(&self) {}
}

fn is_link(found: &fs::Metadata) -> bool {
    found.is_symlink() || found.file_attributes() & REPARSE_POINT != 0
}

/// Does nothing: access lists are inherited.
///
/// # Errors
/// Never.
pub fn restrict_mode(_file: &File) -> io::Result<()> {
    Ok(())
}

/// Returns whether a path leads to this very file, by volume and file index.
#[must_use]
pub fn is_at(file: &File, path: &Path) -> bool {
    let own = file.try_clone().and_then(same_file::Handle::from_file);
    let found = same_file::Handle::from_path(path);
    matches!((own, found), (Ok(own), Ok(found)) if own == found)
}

/// Returns whether a directory is below the user's profile, whose access list it then inherits: only there are files
/// private.
#[must_use]
pub fn inherits_privacy(directory: &Path) -> bool {
    let home = std::env::home_dir().and_then(|home| home.canonicalize().ok());
    // The nearest part that is there: what is to be made inherits from it.
    let found = directory.ancestors().find_map(|part| part.canonicalize().ok());
    home.zip(found).is_some_and(|(home, found)| found.starts_with(home))
}
