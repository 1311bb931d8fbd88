//! Endpoint of a scripted session: a Unix socket.

use std::io;
use std::path::Path;

use tokio::net::{UnixListener, UnixStream};

/// Connection of a client.
pub(crate) type Stream = UnixStream;

/// A socket. Its file stays.
pub(crate) struct Endpoint {
    listener: UnixListener,
}

impl Endpoint {
    /// Listens as the session of an id.
    pub(crate) fn bind(sessions: &Path, id: &str) -> Self {
        let listener = UnixListener::bind(sessions.join(format!("{id}.sock"))).unwrap();
        Self { listener }
    }

    /// Waits for a client.
    pub(crate) async fn accept(&mut self) -> io::Result<Stream> {
        Ok(self.listener.accept().await?.0)
    }
}
