//! A session's Unix socket: `<sessions directory>/<session id>.sock`.
//!
//! Invariants: the socket has mode 0600 at every moment at which it can be reached, it listens before it has its name
//! (so that in the kernel that made it a refused connection always means a dead session), and only the very file that
//! was made here is ever removed.

use std::fs;
use std::io;
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::os::unix::net::{UnixDatagram, UnixListener};
use std::path::{Path, PathBuf};

use mirrord_session_dir::{Verdict, judge_refused, read_record};
use mirrord_wire::SessionId;
use tokio::net::UnixStream;

use crate::error::BindError;

mod directory;
mod publication;

use directory::Directory;
pub(crate) use publication::SocketFile;

/// Size of `sun_path`: the limit of a socket's path, with the zero byte that ends it (`unix(7)`).
const PATH_LIMIT: usize = if cfg!(any(target_os = "linux", target_os = "android")) {
    108
} else {
    104
};

/// A session's socket that listens, and is not served yet. Dropping it removes the socket.
#[derive(Debug)]
pub struct SessionListener {
    id: SessionId,
    listener: UnixListener,
    file: SocketFile,
    owner: u32,
}

impl SessionListener {
    /// Makes the sessions directory where it is missing (mode 0700), and the socket of the session in it (mode 0600). A
    /// socket of the same id that refuses connections is left over from a session that was killed, and is replaced,
    /// unless another machine may have made it.
    ///
    /// # Errors
    /// [`BindError`]: a directory that is a symbolic link, another user's, or something else; a path too long for a
    /// socket; a session of the same id that runs, here or perhaps on another machine; something in the way that is not
    /// a socket. Nothing is left behind.
    pub fn bind(sessions_dir: &Path, id: &SessionId) -> Result<Self, BindError> {
        // Without the slash at the end, behind which a symbolic link would look like what it points to.
        let path = sessions_dir.components().collect::<PathBuf>();
        let socket = Self::check_path(&path, id)?;
        let directory = Directory::open(&path)?;
        let staging = directory.staging()?;
        make_way(&path, &socket, id)?;
        let listener = UnixListener::bind(staging.socket()).map_err(BindError::io("listen at", staging.socket()))?;
        fs::set_permissions(staging.socket(), fs::Permissions::from_mode(0o600))
            .and_then(|()| listener.set_nonblocking(true))
            .map_err(BindError::io("make the socket", &socket))?;
        let file =
            SocketFile::publish(&path, id, staging.socket()).map_err(BindError::io("make the socket", &socket))?;
        Ok(Self {
            id: id.clone(),
            listener,
            file,
            owner: directory.owner(),
        })
    }

    /// Checks that the path of a session's socket is short enough for one, and returns it. Nothing on the disk is looked at.
    ///
    /// # Errors
    /// [`BindError::PathTooLong`].
    pub fn check_path(sessions_dir: &Path, id: &SessionId) -> Result<PathBuf, BindError> {
        let socket = sessions_dir.join(format!("{id}.sock"));
        check_length(&socket)?;
        check_length(
            &sessions_dir
                .join(directory::STAGING_DIR)
                .join(directory::STAGING_SOCKET),
        )?;
        Ok(socket)
    }

    /// The session's id.
    #[must_use]
    pub fn session_id(&self) -> &SessionId {
        &self.id
    }

    /// Path of the socket.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.file.path()
    }

    pub(crate) fn into_parts(self) -> io::Result<(Acceptor, SocketFile)> {
        let acceptor = Acceptor {
            listener: tokio::net::UnixListener::from_std(self.listener)?,
            owner: self.owner,
        };
        Ok((acceptor, self.file))
    }
}

fn check_length(path: &Path) -> Result<(), BindError> {
    let length = path.as_os_str().len();
    if length < PATH_LIMIT {
        return Ok(());
    }
    Err(BindError::PathTooLong {
        path: path.to_owned(),
        length,
        limit: PATH_LIMIT,
    })
}

/// Checks that the socket's name is free or stale; what is stale is replaced by the publication.
fn make_way(sessions_dir: &Path, socket: &Path, id: &SessionId) -> Result<(), BindError> {
    let running = || BindError::AlreadyRunning {
        id: id.clone(),
        path: socket.to_owned(),
    };
    let found = match fs::symlink_metadata(socket) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            // Its session may live and be about to publish it again.
            let record = read_record(sessions_dir, id);
            let is_running = record.is_some_and(|record| record.is_running());
            return if is_running { Err(running()) } else { Ok(()) };
        }
        Err(error) => return Err(BindError::io("look at", socket)(error)),
        Ok(found) if !found.file_type().is_socket() => return Err(BindError::NotASocket(socket.to_owned())),
        Ok(found) => found,
    };
    if !is_stale(socket).map_err(BindError::io("ask", socket))? {
        return Err(running());
    }
    match judge_refused(sessions_dir, id, &found) {
        Verdict::Dead => Ok(()),
        Verdict::Foreign(reason) => Err(BindError::PerhapsRunning {
            path: socket.to_owned(),
            reason,
        }),
    }
}

/// Reports a socket that no process holds. Asked with a datagram, which the system refuses in one way where the socket
/// is dead and in another where it is of another type than a datagram's: a listener's full backlog cannot make it wait,
/// and a session that runs does not notice.
fn is_stale(socket: &Path) -> io::Result<bool> {
    match UnixDatagram::unbound()?.connect(socket) {
        Ok(()) => Ok(false),
        Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => Ok(true),
        Err(error) if error.raw_os_error() == Some(libc::EPROTOTYPE) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Accepts our own user's connections, and root's.
#[derive(Debug)]
pub(crate) struct Acceptor {
    listener: tokio::net::UnixListener,
    owner: u32,
}

impl Acceptor {
    /// The next connection. Another user's is closed without a word: the modes should have kept it out.
    pub(crate) async fn accept(&self) -> io::Result<UnixStream> {
        loop {
            let (connection, _) = self.listener.accept().await?;
            // Where the system cannot say who it is, the modes have to do.
            if connection.peer_cred().map_or(true, |peer| self.admits(peer.uid())) {
                return Ok(connection);
            }
        }
    }

    fn admits(&self, uid: u32) -> bool {
        uid == self.owner || uid == 0
    }
}
