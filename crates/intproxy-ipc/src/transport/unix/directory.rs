//! The sessions directory: ours alone, or refused; and the place in it where sockets are born.
//!
//! The directory is opened and checked by `mirrord-private-files`. Its lock is held while a socket is made, so that two sessions that start at once see each other.

use std::fs::{self, DirBuilder, File, Permissions, TryLockError};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use mirrord_private_files::{Fault, FileError, PrivateDirectory};
use mirrord_session_dir::HOSTS_DIR;

use crate::error::BindError;
use crate::limits::DIRECTORY_LOCK_TIMEOUT;

/// The directory in the sessions directory in which a socket is made before it gets its name.
pub(super) const STAGING_DIR: &str = ".new";
/// The socket's name in there.
pub(super) const STAGING_SOCKET: &str = "s";
/// Entries of `mirrord ui` in the sessions directory: ours as well, and no session.
const UI_LOCK: &str = ".ui.lock";

const STICKY: u32 = 0o1000;
const OTHERS: u32 = 0o077;

/// A sessions directory that was checked, and is locked while this is held.
pub(super) struct Directory {
    path: PathBuf,
    owner: u32,
    _lock: File,
}

impl Directory {
    /// Opens the directory, which is made where it is missing.
    pub(super) fn open(path: &Path) -> Result<Self, BindError> {
        let io = |doing| BindError::io(doing, path);
        let was_created = PrivateDirectory::create(path).map_err(bind_error)?;
        let directory = PrivateDirectory::open(path).map_err(bind_error)?.into_file();
        let found = directory.metadata().map_err(io("look at"))?;
        if was_created || found.mode() & 0o777 != 0o700 {
            close_to_others(path, &directory, found.mode(), was_created)?;
        }
        lock(&directory).map_err(|error| match error.kind() {
            io::ErrorKind::WouldBlock => BindError::DirectoryBusy(path.to_owned()),
            _ => io("lock")(error),
        })?;
        Ok(Self {
            path: path.to_owned(),
            owner: found.uid(),
            _lock: directory,
        })
    }

    pub(super) fn owner(&self) -> u32 {
        self.owner
    }

    /// A directory of mode 0700 for one socket to be made in: between being made and being given its mode, a socket is
    /// as open as the umask lets it be, which does not matter in here. The lock is ours, so whatever is there of
    /// the name was left by a start that was killed.
    pub(super) fn staging(&self) -> Result<StagingDir, BindError> {
        let staging = StagingDir {
            path: self.path.join(STAGING_DIR),
            socket: self.path.join(STAGING_DIR).join(STAGING_SOCKET),
        };
        staging.remove();
        DirBuilder::new()
            .mode(0o700)
            .create(&staging.path)
            .map_err(BindError::io("make the directory", &staging.path))?;
        Ok(staging)
    }
}

/// Directory that one socket is made in; removed when dropped.
pub(super) struct StagingDir {
    path: PathBuf,
    socket: PathBuf,
}

impl StagingDir {
    pub(super) fn socket(&self) -> &Path {
        &self.socket
    }

    fn remove(&self) {
        // What cannot be removed is in the way of the next step, and that one has an error to tell.
        let _ = fs::remove_file(&self.socket);
        let _ = fs::remove_dir(&self.path);
    }
}

impl Drop for StagingDir {
    fn drop(&mut self) {
        self.remove();
    }
}

fn bind_error(error: FileError) -> BindError {
    match error {
        FileError::NotOurs { path, fault } => match fault {
            Fault::Link => BindError::DirectoryIsLink(path),
            Fault::OtherUser(owner) => BindError::DirectoryOfAnotherUser { path, owner },
            _ => BindError::NotADirectory(path),
        },
        FileError::Io { doing, path, source } => BindError::Io { doing, path, source },
        other => BindError::io("open", "the sessions directory")(other.into()),
    }
}

/// Closes a directory of ours to others. One that was there before and holds anything but sessions is a home or
/// project, named by mistake: that is never changed.
fn close_to_others(path: &Path, directory: &File, mode: u32, made: bool) -> Result<(), BindError> {
    let strange = mode & STICKY != 0 || !holds_only_sessions(path).map_err(BindError::io("read", path))?;
    if !made && strange && mode & OTHERS != 0 {
        return Err(BindError::DirectoryOpenToOthers {
            path: path.to_owned(),
            mode: mode & 0o7777,
        });
    }
    directory
        .set_permissions(Permissions::from_mode(0o700))
        .map_err(BindError::io("set the mode of", path))
}

fn holds_only_sessions(path: &Path) -> io::Result<bool> {
    for entry in fs::read_dir(path)? {
        let name = entry?.file_name();
        let is_session = Path::new(&name)
            .extension()
            .is_some_and(|extension| extension == "sock");
        if !is_session && name != STAGING_DIR && name != UI_LOCK && name != HOSTS_DIR {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Takes the directory's lock, or says `WouldBlock` when another process has kept it for as long as we wait.
fn lock(directory: &File) -> io::Result<()> {
    let deadline = Instant::now() + DIRECTORY_LOCK_TIMEOUT;
    loop {
        match directory.try_lock() {
            Ok(()) => return Ok(()),
            Err(TryLockError::Error(error)) => return Err(error),
            Err(TryLockError::WouldBlock) if Instant::now() >= deadline => return Err(io::ErrorKind::WouldBlock.into()),
            Err(TryLockError::WouldBlock) => std::thread::sleep(Duration::from_millis(5)),
        }
    }
}
