//! File of a record that is made: a fresh one, for its owner alone, which takes its name once the recording begins.
//!
//! Invariants: what has the name stays as it is until [`NewFile::take_name`], and no file is written to that another name leads
//! to. Who replaces a file holds its lock, so that one that is being recorded is not replaced. A device is opened where it is.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use crate::error::RecordError;
#[cfg(unix)]
use crate::kind::nonblocking;
use crate::kind::{Use, check_kind};

/// Makes the names of this process's files differ.
static COUNT: AtomicU64 = AtomicU64::new(0);

/// Open file that has yet to take its name. Dropped before, it is removed.
#[derive(Debug)]
pub(crate) struct NewFile {
    path: PathBuf,
    /// Present name; `None` of what was opened where it is.
    temporary: Option<PathBuf>,
}

impl NewFile {
    /// Makes a file beside `path`, or opens the device that is there.
    ///
    /// # Errors
    /// The path is a pipe, a directory or a socket, is being recorded, or its directory takes no new file.
    pub(crate) fn create(path: &Path) -> Result<(File, Self), RecordError> {
        let open_error = open_error(path);
        if is_opened_in_place(path)? {
            let file = open_in_place(path).map_err(open_error)?;
            check_kind(path, &file.metadata().map_err(self::open_error(path))?, Use::Write)?;
            let new = Self {
                path: path.to_owned(),
                temporary: None,
            };
            return Ok((file, new));
        }
        let Some(name) = path.file_name() else {
            return Err(open_error(io::ErrorKind::IsADirectory.into()));
        };
        let directory = path.parent().unwrap_or(Path::new(""));
        system::hold(path)?;
        let (file, temporary) = create_beside(path, directory)?;
        let new = Self {
            path: directory.join(name),
            temporary: Some(temporary),
        };
        system::lock(&file);
        Ok((file, new))
    }

    /// Gives the file its name, in place of the one that has it.
    ///
    /// # Errors
    /// That one is being recorded meanwhile, or cannot be replaced.
    pub(crate) fn take_name(mut self) -> Result<(), RecordError> {
        let Some(temporary) = &self.temporary else {
            return Ok(());
        };
        loop {
            let renamed = match system::hold(&self.path)? {
                system::Held::Missing => system::rename_to_free(temporary, &self.path),
                system::Held::Replaceable(_lock) => fs::rename(temporary, &self.path),
            };
            match renamed {
                // Another recording took the name between the two calls.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(source) => {
                    let path = self.path.clone();
                    return Err(RecordError::Replace { path, source });
                }
                Ok(()) => break,
            }
        }
        self.temporary = None;
        Ok(())
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        if let Some(temporary) = &self.temporary {
            fs::remove_file(temporary).ok();
        }
    }
}

fn open_error(path: &Path) -> impl FnOnce(io::Error) -> RecordError {
    let path = path.to_owned();
    |source| RecordError::Open { path, source }
}

/// Returns whether a path is that of a device, or leads to a file that a process has open, such as `/dev/stdout`.
fn is_opened_in_place(path: &Path) -> Result<bool, RecordError> {
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(open_error(path)(error)),
        Ok(_) => {}
    }
    if fs::read_link(path).is_ok_and(|to| to.starts_with("/proc")) {
        return Ok(true);
    }
    // A link that leads nowhere is replaced.
    let Ok(metadata) = path.metadata() else {
        return Ok(false);
    };
    check_kind(path, &metadata, Use::Write)?;
    Ok(!metadata.is_file())
}

/// Opens what is there without waiting for the reader of a pipe.
fn open_in_place(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, nonblocking());
    options.open(path)
}

/// Creates a file of a name that is free.
fn create_beside(path: &Path, directory: &Path) -> Result<(File, PathBuf), RecordError> {
    loop {
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let temporary = directory.join(format!(".mirrord-record-{}-{number}", std::process::id()));
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        system::make_private(&mut options);
        match options.open(&temporary) {
            Ok(file) => return Ok((file, temporary)),
            // Left by a process of the same number.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(source) if is_no_right(source.kind()) => {
                let is_named = !directory.as_os_str().is_empty();
                return Err(RecordError::Directory {
                    path: path.to_owned(),
                    directory: if is_named { directory } else { Path::new(".") }.to_owned(),
                    source,
                });
            }
            Err(error) => return Err(open_error(path)(error)),
        }
    }
}

fn is_no_right(kind: io::ErrorKind) -> bool {
    matches!(
        kind,
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem
    )
}

/// Unix: an advisory lock, which readers do not see.
#[cfg(unix)]
mod system {
    use std::fs::{self, File, OpenOptions, TryLockError};
    use std::io;
    use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
    use std::path::Path;

    use rustix::fs::OFlags;
    use rustix::io::Errno;

    use super::is_no_right;
    use crate::error::RecordError;
    use crate::kind::nonblocking;

    /// File of a name.
    pub(super) enum Held {
        Missing,
        /// With the file that is locked; `None` of a link, and of what this user may not open.
        Replaceable(Option<File>),
    }

    pub(super) fn make_private(options: &mut OpenOptions) {
        options.mode(0o600);
    }

    /// Locks a file as long as it is open. Not every file system can.
    pub(super) fn lock(file: &File) {
        file.try_lock().ok();
    }

    /// Locks what has a name, against every other recording that would replace it.
    pub(super) fn hold(path: &Path) -> Result<Held, RecordError> {
        loop {
            let file = match open(path) {
                Ok(file) => file,
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Held::Missing),
                Err(error) if is_no_right(error.kind()) => return Ok(Held::Replaceable(None)),
                Err(error) if Errno::from_io_error(&error) == Some(Errno::LOOP) => return Ok(Held::Replaceable(None)),
                Err(error) => return Err(super::open_error(path)(error)),
            };
            if let Err(TryLockError::WouldBlock) = file.try_lock() {
                return Err(RecordError::InUse { path: path.to_owned() });
            }
            // Its lock says nothing about a file that has taken the name since it was opened.
            if is_at(&file, path) {
                return Ok(Held::Replaceable(Some(file)));
            }
        }
    }

    /// Opens what has a name, to write to where that is allowed: NFS locks nothing else.
    fn open(path: &Path) -> io::Result<File> {
        let mut options = OpenOptions::new();
        options.custom_flags(nonblocking() | OFlags::NOFOLLOW.bits().cast_signed());
        match options.write(true).open(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => options.write(false).read(true).open(path),
            opened => opened,
        }
    }

    fn is_at(file: &File, path: &Path) -> bool {
        let (Ok(own), Ok(found)) = (file.metadata(), fs::symlink_metadata(path)) else {
            return false;
        };
        (own.dev(), own.ino()) == (found.dev(), found.ino())
    }

    /// Renames a file to a name that nothing has, where the file system can tell.
    pub(super) fn rename_to_free(from: &Path, to: &Path) -> io::Result<()> {
        #[cfg(any(target_os = "linux", target_os = "macos"))]
        {
            use rustix::fs::{CWD, RenameFlags, renameat_with};
            match renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE) {
                Err(Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP) => {}
                renamed => return Ok(renamed?),
            }
        }
        fs::rename(from, to)
    }
}

/// Windows: a file that is being recorded is shared with readers alone. A lock would shut them out.
#[cfg(windows)]
mod system {
    use std::fs::{self, File, OpenOptions};
    use std::io;
    use std::os::windows::fs::OpenOptionsExt as _;
    use std::path::Path;

    use crate::error::RecordError;

    /// `FILE_SHARE_READ | FILE_SHARE_DELETE`, of `CreateFileW`: the latter lets it be renamed while it is open.
    const SHARED_WITH_READERS: u32 = 0x1 | 0x4;
    /// `ERROR_SHARING_VIOLATION`.
    const SHARING_VIOLATION: i32 = 32;

    /// File of a name.
    pub(super) enum Held {
        Missing,
        /// With nothing that holds it.
        Replaceable(Option<File>),
    }

    pub(super) fn make_private(options: &mut OpenOptions) {
        options.share_mode(SHARED_WITH_READERS);
    }

    pub(super) fn lock(_file: &File) {}

    /// Looks whether another recording has a file open.
    pub(super) fn hold(path: &Path) -> Result<Held, RecordError> {
        match OpenOptions::new().write(true).open(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Held::Missing),
            Err(error) if error.raw_os_error() == Some(SHARING_VIOLATION) => {
                Err(RecordError::InUse { path: path.to_owned() })
            }
            _ => Ok(Held::Replaceable(None)),
        }
    }

    pub(super) fn rename_to_free(from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }
}
