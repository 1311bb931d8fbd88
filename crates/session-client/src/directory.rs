//! Scan of a sessions directory, and removal of its stale sockets.
//!
//! Nothing in there is trusted: only a socket of this user with a session's name is ever connected to, and only such a
//! socket, old enough, refusing, and not one that another machine may serve, is ever removed. A link, a file or a directory
//! by such a name is left alone; a link, which may lead to a session, is shown with the reason.

use std::collections::HashSet;
use std::fs::{self, Metadata};
use std::io;
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};

use mirrord_private_files::{FileError, PrivateDirectory};
use mirrord_session_dir::{self as session_dir, FileSystem, HostRecord, Verdict};
use mirrord_wire::SessionId;

use crate::error::DirectoryError;
use crate::limits;

/// File name extension of a session's socket.
const EXTENSION: &str = "sock";

/// Socket of a session, as it was at a scan. Only [`scan`] and [`locate`] make one, so that nothing is connected to
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
    device: u64,
    inode: u64,
    /// Time of its creation, in seconds and nanoseconds: inode numbers are used again at once. A socket's content does not
    /// change, so this is its modification time; the time of change would move with a `chmod` after `bind`.
    made: (i64, i64),
}

impl FileIdentity {
    fn of(metadata: &Metadata) -> Self {
        Self {
            device: metadata.dev(),
            inode: metadata.ino(),
            made: (metadata.mtime(), metadata.mtime_nsec()),
        }
    }
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
pub enum Located {
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
pub fn locate(directory: &Path, id: &SessionId) -> Result<Located, DirectoryError> {
    check_directory(directory)?;
    let path = directory.join(format!("{id}.{EXTENSION}"));
    examine(id, path).map_err(|error| unreadable(directory, &error))
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

fn own_uid() -> u32 {
    rustix::process::geteuid().as_raw()
}

fn unreadable(directory: &Path, error: &io::Error) -> DirectoryError {
    DirectoryError {
        path: directory.to_owned(),
        reason: format!("cannot be read: {error}"),
    }
}

/// Scans a sessions directory; a missing one has no sessions. Removes records of hosts that have ended without a socket
/// ([`mirrord_session_dir::sweep`]). Blocks.
///
/// # Errors
/// As [`check_directory`], or the directory cannot be read.
pub fn scan(directory: &Path) -> Result<Scan, DirectoryError> {
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
        match examine(&id, path).map_err(|error| unreadable(directory, &error))? {
            Located::Socket(socket) => found.sockets.push(socket),
            Located::Foreign(reason) => found.foreign.push((id, reason)),
            Located::Missing => {}
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

fn examine(id: &SessionId, path: PathBuf) -> io::Result<Located> {
    let metadata = match fs::symlink_metadata(&path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Located::Missing),
        Err(error) => return Err(error),
    };
    Ok(if metadata.is_symlink() {
        Located::Foreign("its socket is a symbolic link, which is not followed".to_owned())
    } else if !metadata.file_type().is_socket() {
        tracing::debug!(path = %path.display(), "not a socket, left alone");
        Located::Missing
    } else if metadata.uid() != own_uid() {
        let reason = format!("its socket belongs to another user (uid {})", metadata.uid());
        Located::Foreign(reason)
    } else {
        Located::Socket(SessionSocket {
            id: id.clone(),
            path,
            identity: FileIdentity::of(&metadata),
        })
    })
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
        let file_system = self.path.parent().map_or(FileSystem::Shared, FileSystem::of);
        self.remove_if_stale_on(file_system, was_served)
    }

    fn remove_if_stale_on(&self, file_system: FileSystem, was_served: bool) -> StaleOutcome {
        let Ok(metadata) = fs::symlink_metadata(&self.path) else {
            return StaleOutcome::Removed;
        };
        let age = metadata.modified().ok().and_then(|time| time.elapsed().ok());
        let old_enough = age.is_some_and(|age| age >= limits::STALE_AGE);
        let same = FileIdentity::of(&metadata) == self.identity;
        if !same || !old_enough || !metadata.file_type().is_socket() || metadata.uid() != own_uid() {
            return StaleOutcome::Kept;
        }
        let record = self.record(&metadata);
        if !was_served && let Verdict::Foreign(reason) = session_dir::judge(file_system, record.as_ref()) {
            return StaleOutcome::Foreign(reason);
        }
        match fs::remove_file(&self.path) {
            Ok(()) => {
                tracing::debug!(session = %self.id, "removed a stale socket: connecting was refused");
                if let (Some(_), Some(directory)) = (record, self.path.parent()) {
                    session_dir::remove_traces(directory, &self.id);
                }
                StaleOutcome::Removed
            }
            Err(error) => {
                tracing::debug!(session = %self.id, %error, "a stale socket could not be removed");
                StaleOutcome::Kept
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
    fn dead_socket(sessions: &Path, id: &str) -> SessionSocket {
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

    fn record(socket: &SessionSocket, change: impl FnOnce(&mut HostRecord)) {
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
            matches!(&shared, StaleOutcome::Foreign(reason) if reason.contains("another machine")),
            "{shared:?}"
        );
        assert!(socket.path.exists());
        assert_eq!(
            socket.remove_if_stale_on(FileSystem::Local, false),
            StaleOutcome::Removed
        );
        assert!(!socket.path.exists());
    }

    #[test]
    fn a_refused_socket_that_this_process_was_connected_to_is_dead_on_any_file_system() {
        let sessions = tempfile::tempdir().unwrap();
        let socket = dead_socket(sessions.path(), "one");
        assert_eq!(
            socket.remove_if_stale_on(FileSystem::Shared, true),
            StaleOutcome::Removed
        );
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
        assert_eq!(
            ours.remove_if_stale_on(FileSystem::Shared, false),
            StaleOutcome::Removed
        );
        for left in [&elsewhere, &older] {
            let refused = left.remove_if_stale_on(FileSystem::Shared, false);
            assert!(matches!(refused, StaleOutcome::Foreign(_)), "{refused:?}");
            assert!(left.path.exists());
        }
        assert!(session_dir::read_record(sessions.path(), &ours.id).is_none());
        // One of another boot, made through a shared mount, is not this machine's to remove on its local disk either.
        assert!(matches!(
            elsewhere.remove_if_stale_on(FileSystem::Local, false),
            StaleOutcome::Foreign(_)
        ));
    }
}
