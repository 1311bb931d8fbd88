//! The mirror's files: in a directory of mode 0700, each of mode 0600 from the moment it exists, never through a link,
//! replaced whole or not at all, read up to a bound.
//!
//! What is another user's, a link, or has a second name is refused and left alone. The directory is made at the first
//! write: a mirror that was never turned on leaves nothing behind.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use rustix::fs::{Mode, OFlags, openat, renameat, unlinkat};
use rustix::process::geteuid;

const PRIVATE: u32 = 0o600;

/// Where the mirror's files are.
#[derive(Debug, Clone)]
pub(crate) struct Folder {
    path: PathBuf,
}

/// Why a file was not read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum FileError {
    /// It is not one of ours, and was left alone.
    #[error("{} {reason}; it was left alone", path.display())]
    NotOurs { path: PathBuf, reason: String },
    /// It is larger than any of ours.
    #[error("{} has more than {max} bytes", path.display())]
    TooLarge { path: PathBuf, max: usize },
    /// The system refused something.
    #[error("cannot {doing} {}: {source}", path.display())]
    Io {
        doing: &'static str,
        path: PathBuf,
        source: io::Error,
    },
}

fn failed<E: Into<io::Error>>(doing: &'static str, path: &Path) -> impl FnOnce(E) -> FileError {
    let path = path.to_owned();
    move |source| FileError::Io {
        doing,
        path,
        source: source.into(),
    }
}

impl Folder {
    pub(crate) fn new(path: PathBuf) -> Self {
        Self { path }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// A file's bytes, or `None` where there is no such file.
    pub(crate) fn read(&self, name: &str, max: usize) -> Result<Option<Vec<u8>>, FileError> {
        let path = self.path(name);
        let Some(directory) = self.open()? else { return Ok(None) };
        let Some(file) = open_file(&directory, name, OFlags::RDONLY, &path)? else {
            return Ok(None);
        };
        let mut bytes = Vec::new();
        let limit = u64::try_from(max).unwrap_or(u64::MAX).saturating_add(1);
        file.take(limit)
            .read_to_end(&mut bytes)
            .map_err(failed("read", &path))?;
        if bytes.len() > max {
            return Err(FileError::TooLarge { path, max });
        }
        Ok(Some(bytes))
    }

    /// Puts a file in the place of the one of that name, in one step: a crash leaves the old one or the new one.
    pub(crate) fn replace(&self, name: &str, bytes: &[u8]) -> Result<(), FileError> {
        let path = self.path(name);
        let directory = self.make()?;
        // What has the name now is looked at all the same: what is not ours is not replaced.
        open_file(&directory, name, OFlags::RDONLY, &path)?;
        let new = format!(".{name}.new");
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        // What a crash left behind; it was never the file.
        unlinkat(&directory, new.as_str(), rustix::fs::AtFlags::empty()).ok();
        let file = openat(&directory, new.as_str(), flags, Mode::from_raw_mode(PRIVATE));
        let mut file = File::from(file.map_err(failed("write", &path))?);
        let written = file.write_all(bytes).and_then(|()| file.sync_all());
        let replaced = written
            .map_err(failed("write", &path))
            .and_then(|()| renameat(&directory, new.as_str(), &directory, name).map_err(failed("replace", &path)));
        if replaced.is_err() {
            // On a full disk the half of it is in the way.
            unlinkat(&directory, new.as_str(), rustix::fs::AtFlags::empty()).ok();
            return replaced;
        }
        // The name is the directory's: after a power cut the new file has to be found by it. Not every file system can.
        directory.sync_all().ok();
        Ok(())
    }

    /// Removes one of our files by its name. What has other names keeps them.
    pub(crate) fn remove(&self, name: &str) -> Result<(), FileError> {
        let path = self.path(name);
        let Some(directory) = self.open()? else { return Ok(()) };
        let flags = rustix::fs::AtFlags::SYMLINK_NOFOLLOW;
        let found = match rustix::fs::statat(&directory, name, flags) {
            Ok(found) => found,
            Err(rustix::io::Errno::NOENT) => return Ok(()),
            Err(error) => return Err(failed("look at", &path)(error)),
        };
        let is_file = rustix::fs::FileType::from_raw_mode(found.st_mode).is_file();
        if !is_file || found.st_uid != geteuid().as_raw() {
            let reason = "is not a file of ours".to_owned();
            return Err(FileError::NotOurs { path, reason });
        }
        unlinkat(&directory, name, rustix::fs::AtFlags::empty()).map_err(failed("remove", &path))?;
        directory.sync_all().ok();
        Ok(())
    }

    /// Adds to a file's end; one that has more than `max` bytes gets another name first, in place of what had it.
    pub(crate) fn append(&self, name: &str, old: &str, max: u64, bytes: &[u8]) -> Result<(), FileError> {
        let path = self.path(name);
        let directory = self.make()?;
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::APPEND;
        let Some(mut file) = open_file(&directory, name, flags, &path)? else {
            return Ok(());
        };
        if file.metadata().map_err(failed("look at", &path))?.len() > max {
            renameat(&directory, name, &directory, old).map_err(failed("rename", &path))?;
            match open_file(&directory, name, flags, &path)? {
                Some(new) => file = new,
                None => return Ok(()),
            }
        }
        file.write_all(bytes).map_err(failed("write", &path))
    }

    fn make(&self) -> Result<File, FileError> {
        if let Some(directory) = self.open()? {
            return Ok(directory);
        }
        let made = DirBuilder::new().recursive(true).mode(0o700).create(&self.path);
        made.map_err(failed("make the directory", &self.path))?;
        let gone = || io::Error::from(io::ErrorKind::NotFound);
        self.open()?.ok_or_else(|| failed("open", &self.path)(gone()))
    }

    fn open(&self) -> Result<Option<File>, FileError> {
        let nofollow = (OFlags::DIRECTORY | OFlags::NOFOLLOW).bits().cast_signed();
        let opened = OpenOptions::new().read(true).custom_flags(nofollow).open(&self.path);
        let directory = match opened {
            Ok(directory) => directory,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(_) if fs::symlink_metadata(&self.path).is_ok_and(|found| !found.is_dir()) => {
                let (path, reason) = (self.path.clone(), "is not a directory".to_owned());
                return Err(FileError::NotOurs { path, reason });
            }
            Err(error) => return Err(failed("open", &self.path)(error)),
        };
        let found = directory.metadata().map_err(failed("look at", &self.path))?;
        if found.uid() != geteuid().as_raw() {
            let reason = format!("belongs to another user (uid {})", found.uid());
            let path = self.path.clone();
            return Err(FileError::NotOurs { path, reason });
        }
        if found.mode() & 0o022 != 0 {
            directory
                .set_permissions(Permissions::from_mode(0o700))
                .map_err(failed("set the mode of", &self.path))?;
        }
        Ok(Some(directory))
    }
}

/// Opens one of our files, or `None` where it is missing and is not to be made.
fn open_file(directory: &File, name: &str, how: OFlags, path: &Path) -> Result<Option<File>, FileError> {
    let how = how | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let not_ours = |reason: String| FileError::NotOurs {
        path: path.to_owned(),
        reason,
    };
    let file = match openat(directory, name, how, Mode::from_raw_mode(PRIVATE)) {
        Ok(file) => File::from(file),
        Err(rustix::io::Errno::NOENT) => return Ok(None),
        Err(rustix::io::Errno::LOOP) => return Err(not_ours("is a symbolic link".to_owned())),
        Err(error) => return Err(failed("open", path)(error)),
    };
    let found = file.metadata().map_err(failed("look at", path))?;
    if !found.is_file() {
        return Err(not_ours("is not a file".to_owned()));
    }
    if found.uid() != geteuid().as_raw() {
        return Err(not_ours(format!("belongs to another user (uid {})", found.uid())));
    }
    if found.nlink() > 1 {
        return Err(not_ours("is another file's second name".to_owned()));
    }
    if found.mode() & 0o7777 != PRIVATE {
        file.set_permissions(Permissions::from_mode(PRIVATE))
            .map_err(failed("set the mode of", path))?;
    }
    Ok(Some(file))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    fn folder() -> (tempfile::TempDir, Folder) {
        let home = tempfile::tempdir().unwrap();
        let folder = Folder::new(home.path().join(".mirror"));
        (home, folder)
    }

    fn mode(path: &Path) -> u32 {
        fs::symlink_metadata(path).unwrap().mode() & 0o7777
    }

    #[test]
    fn what_is_replaced_is_read_and_nobody_elses() {
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
        let elsewhere = Folder::new(home.path().join("elsewhere"));
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
