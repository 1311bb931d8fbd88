//! Sessions on Unix: sockets in the sessions directory, their owners, and the judgement of one that refuses.

use std::collections::HashSet;
use std::fs::{self, Metadata};
use std::io;
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};

use mirrord_session_dir::{self as session_dir, FileSystem, HostRecord, Verdict};
use mirrord_wire::SessionId;
use rustix::io::Errno;
use tokio::net::UnixStream;

use crate::directory::{FileIdentity, LocatedSocket, SessionSocket, StaleOutcome};
use crate::error::ClientError;
use crate::limits;

/// File name extension of a session's socket.
pub(crate) const EXTENSION: &str = "sock";

/// Connection to a session.
pub(crate) type Stream = UnixStream;

/// Connects to a session. The connection stays good when the socket's file goes.
pub(crate) async fn connect(socket: &Path) -> Result<Stream, ClientError> {
    UnixStream::connect(socket).await.map_err(|error| match error.kind() {
        io::ErrorKind::ConnectionRefused => ClientError::Refused,
        io::ErrorKind::NotFound => ClientError::Gone,
        _ => ClientError::Connect(error),
    })
}

/// Returns whether an error is that of a process or a system without file descriptors or memory.
pub(crate) fn is_resource_exhaustion(error: &io::Error) -> bool {
    let exhausted = [Errno::MFILE, Errno::NFILE, Errno::NOBUFS, Errno::NOMEM];
    let is = |errno: &Errno| error.raw_os_error() == Some(errno.raw_os_error());
    exhausted.iter().any(is)
}

/// Device and inode of a directory: a path can come to mean another one.
pub(crate) fn directory_identity(metadata: &Metadata) -> (u64, u64) {
    (metadata.dev(), metadata.ino())
}

fn own_uid() -> u32 {
    rustix::process::geteuid().as_raw()
}

fn identity(metadata: &Metadata) -> FileIdentity {
    FileIdentity {
        device: metadata.dev(),
        inode: metadata.ino(),
        made: (metadata.mtime(), metadata.mtime_nsec()),
    }
}

/// Removes records of hosts that have ended and have no socket.
pub(crate) fn sweep(directory: &Path, sockets: &[SessionSocket]) {
    let sockets: HashSet<_> = sockets.iter().map(|socket| &socket.id).collect();
    session_dir::sweep(directory, |id| sockets.contains(id));
}

/// Looks at an entry by a session's name.
pub(crate) fn examine(id: &SessionId, path: PathBuf) -> io::Result<LocatedSocket> {
    let metadata = match fs::symlink_metadata(&path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(LocatedSocket::Missing),
        Err(error) => return Err(error),
    };
    Ok(if metadata.is_symlink() {
        LocatedSocket::Foreign("its socket is a symbolic link, which is not followed".to_owned())
    } else if !metadata.file_type().is_socket() {
        tracing::debug!(path = %path.display(), "not a socket, left alone");
        LocatedSocket::Missing
    } else if metadata.uid() != own_uid() {
        let reason = format!("its socket belongs to another user (uid {})", metadata.uid());
        LocatedSocket::Foreign(reason)
    } else {
        LocatedSocket::Socket(SessionSocket {
            id: id.clone(),
            path,
            identity: identity(&metadata),
        })
    })
}

/// Implements [`SessionSocket::remove_if_stale`].
pub(crate) fn remove_if_stale(socket: &SessionSocket, was_served: bool) -> StaleOutcome {
    let file_system = socket.path.parent().map_or(FileSystem::Shared, FileSystem::of);
    remove_if_stale_on(socket, file_system, was_served)
}

fn remove_if_stale_on(socket: &SessionSocket, file_system: FileSystem, was_served: bool) -> StaleOutcome {
    let Ok(metadata) = fs::symlink_metadata(&socket.path) else {
        return StaleOutcome::Removed;
    };
    let age = metadata.modified().ok().and_then(|time| time.elapsed().ok());
    let old_enough = age.is_some_and(|age| age >= limits::STALE_AGE);
    let same = identity(&metadata) == socket.identity;
    if !same || !old_enough || !metadata.file_type().is_socket() || metadata.uid() != own_uid() {
        return StaleOutcome::Kept;
    }
    let record = record_of(socket, &metadata);
    if !was_served && let Verdict::Foreign(reason) = session_dir::judge(file_system, record.as_ref()) {
        return StaleOutcome::Foreign(reason);
    }
    match fs::remove_file(&socket.path) {
        Ok(()) => {
            tracing::debug!(session = %socket.id, "removed a stale socket: connecting was refused");
            if let (Some(_), Some(directory)) = (record, socket.path.parent()) {
                session_dir::remove_traces(directory, &socket.id);
            }
            StaleOutcome::Removed
        }
        Err(error) => {
            tracing::debug!(session = %socket.id, %error, "a stale socket could not be removed");
            StaleOutcome::Kept
        }
    }
}

/// Record of the process that made the socket.
fn record_of(socket: &SessionSocket, metadata: &Metadata) -> Option<HostRecord> {
    session_dir::read_record(socket.path.parent()?, &socket.id).filter(|record| record.is_of(metadata))
}

#[cfg(test)]
mod tests {
    use std::os::unix::net::UnixListener;
    use std::time::{Duration, SystemTime};

    use super::*;
    use crate::directory::scan;

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

    #[cfg(target_os = "linux")]
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
        let shared = remove_if_stale_on(&socket, FileSystem::Shared, false);
        assert!(
            matches!(&shared, StaleOutcome::Foreign(reason) if reason.contains("another machine")),
            "{shared:?}"
        );
        assert!(socket.path.exists());
        assert_eq!(
            remove_if_stale_on(&socket, FileSystem::Local, false),
            StaleOutcome::Removed
        );
        assert!(!socket.path.exists());
    }

    #[test]
    fn a_refused_socket_that_this_process_was_connected_to_is_dead_on_any_file_system() {
        let sessions = tempfile::tempdir().unwrap();
        let socket = dead_socket(sessions.path(), "one");
        assert_eq!(
            remove_if_stale_on(&socket, FileSystem::Shared, true),
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
            remove_if_stale_on(&ours, FileSystem::Shared, false),
            StaleOutcome::Removed
        );
        for left in [&elsewhere, &older] {
            let refused = remove_if_stale_on(left, FileSystem::Shared, false);
            assert!(matches!(refused, StaleOutcome::Foreign(_)), "{refused:?}");
            assert!(left.path.exists());
        }
        assert!(session_dir::read_record(sessions.path(), &ours.id).is_none());
        // One of another boot, made through a shared mount, is not this machine's to remove on its local disk either.
        assert!(matches!(
            remove_if_stale_on(&elsewhere, FileSystem::Local, false),
            StaleOutcome::Foreign(_)
        ));
    }
}
