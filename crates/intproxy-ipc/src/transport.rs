//! Transport of clients: a Unix socket, or a named pipe.
//!
//! Both give the same three things, and nothing outside this module knows which it is: [`SessionListener`], made before
//! the session starts; an [`Acceptor`] that gives connections of our own user (and of root); and a [`SocketFile`], which
//! publishes what the listener put into the sessions directory again where it vanishes, and removes it, and only that.

use tokio::io::{AsyncRead, AsyncWrite};

#[cfg(unix)]
mod unix;
#[cfg(unix)]
pub use unix::SessionListener;
#[cfg(unix)]
pub(crate) use unix::{Acceptor, SocketFile};

#[cfg(windows)]
mod windows;
#[cfg(windows)]
pub use windows::SessionListener;
#[cfg(windows)]
pub(crate) use windows::{Acceptor, SocketFile};

/// Anything that a client can be served on.
pub(crate) trait Connection: AsyncRead + AsyncWrite + Unpin + Send + 'static {}

impl<C: AsyncRead + AsyncWrite + Unpin + Send + 'static> Connection for C {}
