//! Errors of a proxy that cannot start.

use std::net::SocketAddr;

/// Reason why a proxy cannot start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProxyError {
    /// The upstream server is not given as HOST:PORT.
    #[error("`{given}` is not a server as HOST:PORT: {reason}")]
    Upstream {
        /// Argument.
        given: String,
        /// Fault.
        reason: &'static str,
    },
    /// It would connect to itself, for ever.
    #[error("{upstream} is where the proxy itself would listen ({listen}): it would connect to itself for ever")]
    Loop {
        /// Upstream server.
        upstream: String,
        /// Address of the proxy's listener.
        listen: SocketAddr,
    },
    /// The listener cannot be bound.
    #[error("cannot listen on {address}: {reason}")]
    Listen {
        /// Address of the listener.
        address: SocketAddr,
        /// Reason.
        reason: String,
    },
}
