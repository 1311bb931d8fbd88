//! Sessions on Windows: marker files that name pipes.
//!
//! A pipe goes with its last handle, so that a marker whose pipe is missing is stale. Only a pipe of this
//! machine is ever opened: a marker that names another one's would send the user's credentials there.

use std::fs::{self, File, Metadata};
use std::io::{self, Read as _};
use std::os::windows::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use mirrord_wire::SessionId;
use tokio::net::windows::named_pipe::{ClientOptions, NamedPipeClient};
use tokio::time::sleep;

use crate::directory::{FileIdentity, LocatedSocket, SessionSocket, StaleOutcome};
use crate::error::ClientError;
use crate::limits;

/// File name extension of a pipe's marker.
pub(crate) const EXTENSION: &str = "pipe";

/// Connection to a session.
pub(crate) type Stream = NamedPipeClient;

/// Name of every pipe of this machine.
const PIPES: &str = r"\\.\pipe\";
/// Bytes of a marker that are read: a pipe's name has 256 characters at most.
const MAX_MARKER_BYTES: u64 = 1024;
/// Every instance of the pipe is taken: the host makes the next one.
const PIPE_BUSY: i32 = 231;
/// Time between two tries to open a busy pipe.
const BUSY_INTERVAL: Duration = Duration::from_millis(10);
/// Tries of a busy pipe. Each request has a time-out of its own as well.
const MAX_BUSY_TRIES: u32 = 500;
/// `ERROR_TOO_MANY_OPEN_FILES`, `ERROR_NOT_ENOUGH_MEMORY`, `ERROR_OUTOFMEMORY`, `ERROR_NO_SYSTEM_RESOURCES`,
/// `ERROR_COMMITMENT_LIMIT`.
const EXHAUSTED: [i32; 5] = [4, 8, 14, 1450, 1455];
/// Attribute of links, junctions and mount points.
const REPARSE_POINT: u32 = 0x0000_0400;

/// Connects to a session through the pipe that its marker names.
pub(crate) async fn connect(marker: &Path) -> Result<Stream, ClientError> {
    let names = pipes(marker).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => ClientError::Gone,
        _ => ClientError::Connect(error),
    })?;
    let mut failure = ClientError::Refused;
    for name in names {
        match open(&name).await {
            Ok(pipe) => return Ok(pipe),
            Err(ClientError::Refused) => {}
            Err(other) => failure = other,
        }
    }
    Err(failure)
}

async fn open(name: &str) -> Result<NamedPipeClient, ClientError> {
    let mut tries = 1;
    loop {
        match ClientOptions::new().open(name) {
            Err(error) if error.raw_os_error() == Some(PIPE_BUSY) && tries < MAX_BUSY_TRIES => tries += 1,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(ClientError::Refused),
            opened => return opened.map_err(ClientError::Connect),
        }
        sleep(BUSY_INTERVAL).await;
    }
}

/// Returns the pipes that a marker may mean: the one that it names, or, of an empty one, which a released mirrord leaves,
/// those of its session's id.
fn pipes(marker: &Path) -> io::Result<Vec<String>> {
    let mut text = String::new();
    File::open(marker)?.take(MAX_MARKER_BYTES).read_to_string(&mut text)?;
    let named = text.trim();
    if named.is_empty() {
        let id = marker.file_stem().unwrap_or_default().to_string_lossy();
        return Ok(vec![
            format!("{PIPES}mirrord-session-{id}"),
            format!("{PIPES}mirrord-{id}"),
        ]);
    }
    let is_local = |name: &str| !name.is_empty() && !name.contains(['\\', '/']) && !name.contains(char::is_control);
    match named.strip_prefix(PIPES) {
        Some(name) if is_local(name) => Ok(vec![named.to_owned()]),
        _ => Err(io::Error::new(
            io::ErrorKind::InvalidData,
            "its marker names no pipe of this machine",
        )),
    }
}

/// Returns whether an error is that of a process or a system without handles or memory.
pub(crate) fn is_resource_exhaustion(error: &io::Error) -> bool {
    error.raw_os_error().is_some_and(|number| EXHAUSTED.contains(&number))
}

/// Time of a directory's creation: a path can come to mean another one.
pub(crate) fn directory_identity(metadata: &Metadata) -> (u64, u64) {
    (0, metadata.creation_time())
}

fn identity(metadata: &Metadata) -> FileIdentity {
    FileIdentity {
        device: 0,
        inode: metadata.creation_time(),
        made: (metadata.last_write_time().cast_signed(), 0),
    }
}

/// Does nothing: a host leaves no record here.
pub(crate) fn sweep(_directory: &Path, _sockets: &[SessionSocket]) {}

/// Looks at an entry by a session's name.
pub(crate) fn examine(id: &SessionId, path: PathBuf) -> io::Result<LocatedSocket> {
    let metadata = match fs::symlink_metadata(&path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(LocatedSocket::Missing),
        Err(error) => return Err(error),
    };
    Ok(
        if metadata.is_symlink() || metadata.file_attributes() & REPARSE_POINT != 0 {
            LocatedSocket::Foreign("its marker is a link, which is not followed".to_owned())
        } else if metadata.is_file() {
            LocatedSocket::Socket(SessionSocket {
                id: id.clone(),
                path,
                identity: identity(&metadata),
            })
        } else {
            tracing::debug!(path = %path.display(), "not a marker, left alone");
            LocatedSocket::Missing
        },
    )
}

/// Implements [`SessionSocket::remove_if_stale`].
pub(crate) fn remove_if_stale(socket: &SessionSocket, _was_served: bool) -> StaleOutcome {
    let Ok(metadata) = fs::symlink_metadata(&socket.path) else {
        return StaleOutcome::Removed;
    };
    let age = metadata.modified().ok().and_then(|time| time.elapsed().ok());
    let old_enough = age.is_some_and(|age| age >= limits::STALE_AGE);
    if !old_enough || !metadata.is_file() || identity(&metadata) != socket.identity {
        return StaleOutcome::Kept;
    }
    match fs::remove_file(&socket.path) {
        Ok(()) => {
            tracing::debug!(session = %socket.id, "removed a stale marker: its pipe is gone");
            StaleOutcome::Removed
        }
        Err(error) => {
            tracing::debug!(session = %socket.id, %error, "a stale marker could not be removed");
            StaleOutcome::Kept
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use super::*;
    use crate::directory::scan;

    #[test]
    fn a_marker_names_a_pipe_of_this_machine_or_is_empty() {
        let sessions = tempfile::tempdir().unwrap();
        let marker = sessions.path().join("one.pipe");
        let read = |text: &str| {
            fs::write(&marker, text).unwrap();
            pipes(&marker).ok()
        };
        assert_eq!(read(r"\\.\pipe\mirrord-one").unwrap(), [r"\\.\pipe\mirrord-one"]);
        assert_eq!(
            read("").unwrap(),
            [r"\\.\pipe\mirrord-session-one", r"\\.\pipe\mirrord-one"]
        );
        for wrong in [r"\\evil\pipe\mirrord-one", r"\\.\pipe\..\x", r"C:\x", r"\\.\pipe\"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    #[tokio::test]
    async fn a_marker_without_its_pipe_is_stale_once_it_is_old() {
        let sessions = tempfile::tempdir().unwrap();
        let marker = sessions.path().join("one.pipe");
        fs::write(&marker, format!("{PIPES}mirrord-nothing-{}", std::process::id())).unwrap();
        let found = |sessions: &Path| scan(sessions).unwrap().sockets.pop().unwrap();
        let young = found(sessions.path());
        assert!(matches!(connect(&marker).await, Err(ClientError::Refused)));
        assert_eq!(young.remove_if_stale(false), StaleOutcome::Kept);
        let past = SystemTime::now() - Duration::from_secs(60);
        File::options()
            .write(true)
            .open(&marker)
            .unwrap()
            .set_modified(past)
            .unwrap();
        assert_eq!(young.remove_if_stale(false), StaleOutcome::Kept, "another file by now");
        assert_eq!(found(sessions.path()).remove_if_stale(false), StaleOutcome::Removed);
        assert!(matches!(connect(&marker).await, Err(ClientError::Gone)));
    }
}
