//! Scan of a sessions directory, and removal of its stale sockets.
//!
//! Nothing in there is trusted: only a socket of this user with a session's name is ever connected to, and only such a
//! socket, old enough, refusing, and not one that another machine may serve, is ever removed. A link, a file or a directory
//! by such a name is left alone; a link, which may lead to a session, is shown with the reason.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use mirrord_private_files::{FileError, PrivateDirectory};
use mirrord_wire::SessionId;

use crate::error::DirectoryError;
use crate::platform::system::{self, EXTENSION};

/// Socket of a session, or on Windows the marker of its pipe, as it was at a scan. Only [`scan`] and [`locate`] make one, so that nothing is connected to
/// without their checks.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SessionSocket {
    /// Id of the session.
    pub id: SessionId,
    /// Path of the socket.
    pub path: PathBuf,
    /// Identity of the file.
    pub identity: FileIdentity,
}

/// Identity of a file: differs from that of another file that took its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileIdentity {
    pub(crate) device: u64,
    pub(crate) inode: u64,
    /// Time of its creation, in seconds and nanoseconds: inode numbers are used again at once. A socket's content does not
    /// change, so this is its modification time; the time of change would move with a `chmod` after `bind`.
    pub(crate) made: (i64, i64),
}

/// Content of a sessions directory.
#[derive(Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Scan {
    /// Sockets of this user.
    pub sockets: Vec<SessionSocket>,
    /// Entries that may be sessions and are never connected to, each with the reason: to be shown, never touched.
    pub foreign: Vec<(SessionId, String)>,
}

/// Result of [`locate`].
#[derive(Debug, PartialEq, Eq)]
pub enum LocatedSocket {
    /// Socket of this user.
    Socket(SessionSocket),
    /// Entry that is never connected to, with the reason.
    Foreign(String),
    /// No entry has that name, or one that is no socket.
    Missing,
}

/// Looks up one session's socket, with the checks of [`scan`]. Blocks.
///
/// # Errors
/// As [`check_directory`].
pub fn locate(directory: &Path, id: &SessionId) -> Result<LocatedSocket, DirectoryError> {
    check_directory(directory)?;
    let path = directory.join(format!("{id}.{EXTENSION}"));
    system::examine(id, path).map_err(|error| unreadable(directory, &error))
}

/// Checks that a directory may be scanned for sessions; a missing one may. Blocks.
///
/// # Errors
/// It is a symbolic link, not a directory, another user's, or cannot be opened.
pub fn check_directory(directory: &Path) -> Result<(), DirectoryError> {
    let reason = match PrivateDirectory::open(directory) {
        Ok(_) => return Ok(()),
        Err(error) if error.is_not_found() => return Ok(()),
        Err(FileError::NotOurs { fault, .. }) => fault.to_string(),
        Err(FileError::Io { source, .. }) => format!("cannot be opened: {source}"),
        Err(other) => other.to_string(),
    };
    let path = directory.to_owned();
    Err(DirectoryError { path, reason })
}

fn unreadable(directory: &Path, error: &io::Error) -> DirectoryError {
    DirectoryError {
        path: directory.to_owned(),
        reason: format!("cannot be read: {error}"),
    }
}

/// Scans a sessions directory; a missing one has no sessions. Removes records of hosts that have ended without a socket
/// (`mirrord_session_dir::sweep`). Blocks.
///
/// # Errors
/// As [`check_directory`], or the directory cannot be read.
pub fn scan(directory: &Path) -> Result<Scan, DirectoryError> {
    let found = list(directory)?;
    system::sweep(directory, &found.sockets);
    Ok(found)
}

/// As [`scan`], and changes nothing.
///
/// # Errors
/// As for [`scan`].
pub fn list(directory: &Path) -> Result<Scan, DirectoryError> {
    check_directory(directory)?;
    let entries = match fs::read_dir(directory) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Scan::default()),
        Err(error) => return Err(unreadable(directory, &error)),
    };
    let mut found = Scan::default();
    for entry in entries {
        let path = entry.map_err(|error| unreadable(directory, &error))?.path();
        let Some(id) = session_id(&path) else { continue };
        match system::examine(&id, path).map_err(|error| unreadable(directory, &error))? {
            LocatedSocket::Socket(socket) => found.sockets.push(socket),
            LocatedSocket::Foreign(reason) => found.foreign.push((id, reason)),
            LocatedSocket::Missing => {}
        }
    }
    Ok(found)
}

fn session_id(path: &Path) -> Option<SessionId> {
    if path.extension()? != EXTENSION {
        return None;
    }
    SessionId::new(path.file_stem()?.to_str()?).ok()
}

/// Result of [`SessionSocket::remove_if_stale`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StaleOutcome {
    /// The socket was stale, and was removed.
    Removed,
    /// It was kept: it is too young, replaced by now, or cannot be removed.
    Kept,
    /// Another kernel may serve it, or this one through another mount. Holds the reason, for people.
    Foreign(String),
}

impl SessionSocket {
    /// Removes the socket after it refused a connection, where that makes it stale. A young one is kept: its host may have
    /// bound it and not listen yet. One that is not the same file any more is kept, too: it is another session's.
    /// `was_served` says that it has accepted a connection of this process before: then this kernel made it. Blocks.
    pub fn remove_if_stale(&self, was_served: bool) -> StaleOutcome {
        system::remove_if_stale(self, was_served)
    }
}
