//! Endpoint of a scripted session: a Unix socket.

use std::io;
use std::path::{Path, PathBuf};

use tokio::net::{UnixListener, UnixStream};

/// Connection of a client.
pub(crate) type Stream = UnixStream;

/// A socket. Its file stays.
pub(crate) struct Endpoint {
    path: PathBuf,
    listener: UnixListener,
}

impl Endpoint {
    /// Listens as the session of an id.
    pub(crate) fn bind(sessions: &Path, id: &str) -> Self {
        let path = sessions.join(format!("{id}.sock"));
        let listener = UnixListener::bind(&path).unwrap();
        Self { path, listener }
    }

    /// Returns the path of the session's file.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Waits for a client.
    pub(crate) async fn accept(&mut self) -> io::Result<Stream> {
        Ok(self.listener.accept().await?.0)
    }
}
