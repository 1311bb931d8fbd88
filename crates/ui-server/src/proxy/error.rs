//! Why a proxy cannot be: what was given as the server behind it, and where it was to listen.

use std::net::SocketAddr;

/// Why a proxy could not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProxyError {
    /// What was given as the server behind it is none.
    #[error("`{given}` is not a server as HOST:PORT: {reason}")]
    Upstream {
        /// What was given.
        given: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// It would connect to itself, for ever.
    #[error("{upstream} is where the mirror itself would listen ({listen}): it would connect to itself for ever")]
    Loop {
        /// The server, as it was given.
        upstream: String,
        /// The mirror's own address.
        listen: SocketAddr,
    },
    /// It could not listen.
    #[error("cannot listen on {address}: {reason}")]
    Listen {
        /// Where.
        address: SocketAddr,
        /// Why not, in words that help.
        reason: String,
    },
}
