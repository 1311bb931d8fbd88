//! What is in the sessions directory: a scan, and what is worth telling of each entry.
//!
//! Nothing in there is trusted: only a socket of this user with a session's name is ever connected to, and only such a
//! socket, old enough, refusing, and not one that another machine may serve, is ever removed. A link, a file or a directory
//! by such a name is left alone; a link, which may lead to a session, is shown with the reason.

use std::collections::HashSet;
use std::fs::{self, Metadata};
use std::io;
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};

use mirrord_session_dir::{self as session_dir, FileSystem, HostRecord, Verdict};
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
    look_at(id.clone(), path, &mut found).map_err(|error| unreadable(directory, &error))?;
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

fn unreadable(directory: &Path, error: &io::Error) -> Error {
    Error::SessionsDirectory {
        path: directory.to_owned(),
        reason: format!("cannot be read: {error}"),
    }
}

/// Reads the directory. One that is missing has no sessions; one that may not be read has none either, and the reason.
///
/// # Errors
/// As [`check_directory`], or the directory cannot be read.
pub(crate) fn scan(directory: &Path) -> Result<Found, Error> {
    check_directory(directory)?;
    let entries = match fs::read_dir(directory) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Found::default()),
        Err(error) => return Err(unreadable(directory, &error)),
    };
    let mut found = Found::default();
    for entry in entries {
        let path = entry.map_err(|error| unreadable(directory, &error))?.path();
        if let Some(id) = session_id(&path) {
            look_at(id, path, &mut found).map_err(|error| unreadable(directory, &error))?;
        }
    }
    let sockets: HashSet<_> = found.sockets.iter().map(|socket| &socket.id).collect();
    session_dir::sweep(directory, |id| sockets.contains(id));
    Ok(found)
}

fn session_id(path: &Path) -> Option<SessionId> {
    if path.extension()? != EXTENSION {
        return None;
    }
    SessionId::new(path.file_stem()?.to_str()?).ok()
}

fn look_at(id: SessionId, path: PathBuf, found: &mut Found) -> io::Result<()> {
    let metadata = match fs::symlink_metadata(&path) {
        Ok(metadata) => metadata,
        // An entry that has gone meanwhile is no entry.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
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
    Ok(())
}

/// Outcome of a refused connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Refused {
    /// The socket was dead, and is gone.
    Removed,
    /// It is left for now: it is too young, another one by now, or cannot be removed.
    Left,
    /// Another kernel may serve it, or this one through another mount. Holds the reason, for people.
    Foreign(String),
}

impl Socket {
    /// Removes the socket after it refused a connection, where that makes it dead. A young one stays: its host may have
    /// bound it and not listen yet. One that is not the same file any more stays, too: it is another session's.
    /// `was_served` says that it has accepted a connection of this process before: then this kernel made it.
    pub(crate) fn remove_if_stale(&self, was_served: bool) -> Refused {
        let file_system = self.path.parent().map_or(FileSystem::Shared, FileSystem::of);
        self.remove_if_stale_on(file_system, was_served)
    }

    fn remove_if_stale_on(&self, file_system: FileSystem, was_served: bool) -> Refused {
        let Ok(metadata) = fs::symlink_metadata(&self.path) else {
            return Refused::Removed;
        };
        let age = metadata.modified().ok().and_then(|time| time.elapsed().ok());
        let old_enough = age.is_some_and(|age| age >= limits::STALE_AGE);
        let same = Identity::of(&metadata) == self.identity;
        if !same || !old_enough || !metadata.file_type().is_socket() || metadata.uid() != own_uid() {
            return Refused::Left;
        }
        let record = self.record(&metadata);
        if !was_served && let Verdict::Foreign(reason) = session_dir::judge(file_system, record.as_ref()) {
            return Refused::Foreign(reason);
        }
        match fs::remove_file(&self.path) {
            Ok(()) => {
                tracing::debug!(session = %self.id, "removed a stale socket: connecting was refused");
                if let (Some(_), Some(directory)) = (record, self.path.parent()) {
                    session_dir::remove_traces(directory, &self.id);
                }
                Refused::Removed
            }
            Err(error) => {
                tracing::debug!(session = %self.id, %error, "a stale socket could not be removed");
                Refused::Left
            }
        }
    }

    /// Record of the process that made the socket.
    fn record(&self, metadata: &Metadata) -> Option<HostRecord> {
        session_dir::read_record(self.path.parent()?, &self.id).filter(|record| record.is_of(metadata))
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::net::UnixListener;
    use std::time::{Duration, SystemTime};

    use super::*;

    /// A socket that nothing serves, made a minute ago, as it stood at a scan.
    fn dead_socket(sessions: &Path, id: &str) -> Socket {
        let path = sessions.join(format!("{id}.sock"));
        drop(UnixListener::bind(&path).unwrap());
        let past = SystemTime::now() - Duration::from_secs(60);
        let times = rustix::fs::Timestamps {
            last_access: timespec(past),
            last_modification: timespec(past),
        };
        rustix::fs::utimensat(rustix::fs::CWD, &path, &times, rustix::fs::AtFlags::SYMLINK_NOFOLLOW).unwrap();
        let found = scan(sessions).unwrap();
        found
            .sockets
            .into_iter()
            .find(|socket| socket.id.as_str() == id)
            .unwrap()
    }

    fn timespec(time: SystemTime) -> rustix::fs::Timespec {
        let since = time.duration_since(SystemTime::UNIX_EPOCH).unwrap();
        rustix::fs::Timespec {
            tv_sec: since.as_secs().cast_signed(),
            tv_nsec: 0,
        }
    }

    fn record(socket: &Socket, change: impl FnOnce(&mut HostRecord)) {
        let metadata = fs::symlink_metadata(&socket.path).unwrap();
        let mut record = HostRecord::of_this_process(FileSystem::Shared, &metadata);
        change(&mut record);
        session_dir::write_record(socket.path.parent().unwrap(), &socket.id, &record).unwrap();
    }

    #[test]
    fn a_refused_socket_without_a_record_is_removed_from_a_local_file_system_alone() {
        let sessions = tempfile::tempdir().unwrap();
        let socket = dead_socket(sessions.path(), "one");
        let shared = socket.remove_if_stale_on(FileSystem::Shared, false);
        assert!(
            matches!(&shared, Refused::Foreign(reason) if reason.contains("another machine")),
            "{shared:?}"
        );
        assert!(socket.path.exists());
        assert_eq!(socket.remove_if_stale_on(FileSystem::Local, false), Refused::Removed);
        assert!(!socket.path.exists());
    }

    #[test]
    fn a_refused_socket_that_this_process_was_connected_to_is_dead_on_any_file_system() {
        let sessions = tempfile::tempdir().unwrap();
        let socket = dead_socket(sessions.path(), "one");
        assert_eq!(socket.remove_if_stale_on(FileSystem::Shared, true), Refused::Removed);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn on_a_shared_file_system_what_is_ours_and_dead_goes_with_its_record_and_nothing_else_does() {
        let sessions = tempfile::tempdir().unwrap();
        let ours = dead_socket(sessions.path(), "ours");
        record(&ours, |record| record.start_time = Some(1));
        let elsewhere = dead_socket(sessions.path(), "elsewhere");
        record(&elsewhere, |record| record.boot_id = Some("other".to_owned()));
        let older = dead_socket(sessions.path(), "older");
        record(&older, |record| (record.start_time, record.socket_made) = (Some(1), 7));
        assert_eq!(ours.remove_if_stale_on(FileSystem::Shared, false), Refused::Removed);
        for left in [&elsewhere, &older] {
            let refused = left.remove_if_stale_on(FileSystem::Shared, false);
            assert!(matches!(refused, Refused::Foreign(_)), "{refused:?}");
            assert!(left.path.exists());
        }
        assert!(session_dir::read_record(sessions.path(), &ours.id).is_none());
        // One of another boot, made through a shared mount, is not this machine's to remove on its local disk either.
        assert!(matches!(
            elsewhere.remove_if_stale_on(FileSystem::Local, false),
            Refused::Foreign(_)
        ));
    }
}
