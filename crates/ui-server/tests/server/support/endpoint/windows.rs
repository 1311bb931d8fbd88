//! Endpoint of a scripted session: on Windows, a named pipe that is marked as a released mirrord marks its own.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use tokio::net::windows::named_pipe::{NamedPipeServer, ServerOptions};

/// Connection of a client.
pub(crate) type Stream = NamedPipeServer;

/// A pipe and its marker. The marker stays.
pub(crate) struct Endpoint {
    marker: PathBuf,
    pipe: String,
    next: NamedPipeServer,
}

impl Endpoint {
    /// Listens as the session of an id. The pipe is named by the directory too: pipes are one name space for all tests.
    pub(crate) fn bind(sessions: &Path, id: &str) -> Self {
        let own: String = sessions
            .to_string_lossy()
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .collect();
        let pipe = format!(r"\\.\pipe\mirrord-test-{own}-{id}");
        let next = ServerOptions::new().create(&pipe).unwrap();
        let marker = sessions.join(format!("{id}.pipe"));
        fs::write(&marker, &pipe).unwrap();
        Self { marker, pipe, next }
    }

    /// Returns the path of the session's file.
    pub(crate) fn path(&self) -> &Path {
        &self.marker
    }

    /// Waits for a client.
    pub(crate) async fn accept(&mut self) -> io::Result<Stream> {
        self.next.connect().await?;
        let next = ServerOptions::new().create(&self.pipe)?;
        Ok(std::mem::replace(&mut self.next, next))
    }
}
