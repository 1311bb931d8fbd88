//! What is in the sessions directory: a scan, and what is worth telling of each entry.
//!
//! Nothing in there is trusted: only a socket of this user with a session's name is ever connected to, and only such a
//! socket, old enough and refusing, is ever removed. A link, a file or a directory by such a name is left alone; a link,
//! which may lead to a session, is shown with the reason.

use std::fs::{self, Metadata};
use std::io;
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};

use mirrord_wire::SessionId;

use crate::error::Error;
use crate::limits;

pub(crate) mod watch;

/// The ending of a session's socket.
const EXTENSION: &str = "sock";

/// A socket as it stood at a scan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Socket {
    pub(crate) id: SessionId,
    pub(crate) path: PathBuf,
    pub(crate) identity: Identity,
}

/// Tells one file from another that took its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Identity {
    device: u64,
    inode: u64,
    /// When it was made, in seconds and nanoseconds: inode numbers are used again at once. A socket's content does not
    /// change, so this is its modification time; the time of change would move with a `chmod` after `bind`.
    made: (i64, i64),
}

impl Identity {
    fn of(metadata: &Metadata) -> Self {
        Self {
            device: metadata.dev(),
            inode: metadata.ino(),
            made: (metadata.mtime(), metadata.mtime_nsec()),
        }
    }
}

/// What a scan found.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Found {
    /// Sockets of this user.
    pub(crate) sockets: Vec<Socket>,
    /// What may be a session and is never connected to, with the reason: shown, never touched.
    pub(crate) foreign: Vec<(SessionId, String)>,
}

/// A session's socket by its id, at the moment of the question.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Located {
    /// A socket of this user.
    Socket(Socket),
    /// Something that is never connected to, with the reason.
    Foreign(String),
    /// Nothing by that name.
    Missing,
}

/// Looks up one session's socket with the checks of [`scan`], for a request that is about to connect to it.
///
/// # Errors
/// As [`check_directory`].
pub(crate) fn locate(directory: &Path, id: &SessionId) -> Result<Located, Error> {
    check_directory(directory)?;
    let path = directory.join(format!("{id}.{EXTENSION}"));
    let mut found = Found::default();
    look_at(id.clone(), path, &mut found);
    let foreign = found.foreign.pop().map(|(_, reason)| Located::Foreign(reason));
    let socket = found.sockets.pop().map(Located::Socket);
    Ok(socket.or(foreign).unwrap_or(Located::Missing))
}

/// Checks that a directory may be read for sessions; one that is not there yet is fine.
///
/// # Errors
/// It is a symbolic link, not a directory, another user's, or cannot be looked at.
pub(crate) fn check_directory(directory: &Path) -> Result<(), Error> {
    let refused = |reason: String| Error::SessionsDirectory {
        path: directory.to_owned(),
        reason,
    };
    let metadata = match fs::symlink_metadata(directory) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(refused(format!("cannot be looked at: {error}"))),
    };
    if metadata.is_symlink() {
        return Err(refused("is a symbolic link".to_owned()));
    }
    if !metadata.is_dir() {
        return Err(refused("is not a directory".to_owned()));
    }
    if metadata.uid() != own_uid() {
        return Err(refused(format!("belongs to another user (uid {})", metadata.uid())));
    }
    Ok(())
}

fn own_uid() -> u32 {
    rustix::process::geteuid().as_raw()
}

/// Reads the directory. One that is missing has no sessions; one that may not be read has none either, and the reason.
///
/// # Errors
/// As [`check_directory`], or the directory cannot be read.
pub(crate) fn scan(directory: &Path) -> Result<Found, Error> {
    check_directory(directory)?;
    let unreadable = |error: io::Error| Error::SessionsDirectory {
        path: directory.to_owned(),
        reason: format!("cannot be read: {error}"),
    };
    let entries = match fs::read_dir(directory) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Found::default()),
        Err(error) => return Err(unreadable(error)),
    };
    let mut found = Found::default();
    for entry in entries {
        let path = entry.map_err(unreadable)?.path();
        if let Some(id) = session_id(&path) {
            look_at(id, path, &mut found);
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

fn look_at(id: SessionId, path: PathBuf, found: &mut Found) {
    // An entry that has gone meanwhile is no entry.
    let Ok(metadata) = fs::symlink_metadata(&path) else {
        return;
    };
    if metadata.is_symlink() {
        found
            .foreign
            .push((id, "its socket is a symbolic link, which is not followed".to_owned()));
    } else if !metadata.file_type().is_socket() {
        tracing::debug!(path = %path.display(), "not a socket, left alone");
    } else if metadata.uid() != own_uid() {
        let reason = format!("its socket belongs to another user (uid {})", metadata.uid());
        found.foreign.push((id, reason));
    } else {
        let identity = Identity::of(&metadata);
        found.sockets.push(Socket { id, path, identity });
    }
}

impl Socket {
    /// Removes the socket after it refused a connection; says whether it is gone. A young one stays: its host may have
    /// bound it and not listen yet. One that is not the same file any more stays, too: it is another session's.
    pub(crate) fn remove_if_stale(&self) -> bool {
        let Ok(metadata) = fs::symlink_metadata(&self.path) else {
            return true;
        };
        let age = metadata.modified().ok().and_then(|time| time.elapsed().ok());
        let old_enough = age.is_some_and(|age| age >= limits::STALE_AGE);
        let same = Identity::of(&metadata) == self.identity;
        if !same || !old_enough || !metadata.file_type().is_socket() || metadata.uid() != own_uid() {
            return false;
        }
        match fs::remove_file(&self.path) {
            Ok(()) => {
                tracing::debug!(session = %self.id, "removed a stale socket: connecting was refused");
                true
            }
            Err(error) => {
                tracing::debug!(session = %self.id, %error, "a stale socket could not be removed");
                false
            }
        }
    }
}
