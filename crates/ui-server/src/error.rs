//! Why a server could not start or had to stop. What a client or a session does wrong is never one of these.

use std::io;
use std::path::PathBuf;

/// Why a server could not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The sessions directory is not one that may be read.
    #[error("the sessions directory {} {reason}", path.display())]
    SessionsDirectory {
        /// Which.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The listener has no usable address.
    #[error("the listener's address cannot be used: {reason}")]
    Listener {
        /// What is wrong with it.
        reason: String,
    },
    /// The system gave no random bytes for the token.
    #[error("no random bytes for the token")]
    Token(#[source] getrandom::Error),
    /// A text that was given as the origin of a frame is not an origin.
    #[error("not the origin of a page that may frame us: {0}")]
    Frame(String),
    /// A listener stopped working.
    #[error("the listener failed")]
    Accept(#[source] io::Error),
}
