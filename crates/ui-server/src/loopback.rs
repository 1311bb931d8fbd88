//! Listeners of the desktop: one port on `127.0.0.1` and, where the system has IPv6, the same one on `[::1]`.
//!
//! Browsers try `[::1]` first for `localhost`, and any user of the machine may listen there: a port is ours only if it is
//! ours on both.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use tokio::net::TcpListener;

use crate::platform::system::is_without_ipv6;

/// Free ports that are tried before one is given up that is free on both addresses.
const MAX_ATTEMPTS: u32 = 32;

/// One port of this machine alone.
#[derive(Debug)]
pub struct LoopbackListeners {
    port: u16,
    listeners: Vec<TcpListener>,
}

impl LoopbackListeners {
    /// Listens on a port, or on any free one for 0.
    ///
    /// # Errors
    /// The port is taken on either address (`AddrInUse`), or may not be listened on.
    pub async fn bind(port: u16) -> io::Result<Self> {
        let mut attempts = 1;
        loop {
            match Self::bind_both(port).await {
                // Taken on the second address alone: another free one may not be.
                Err(error) if is_in_use(&error) && port == 0 && attempts < MAX_ATTEMPTS => attempts += 1,
                bound => return bound,
            }
        }
    }

    async fn bind_both(port: u16) -> io::Result<Self> {
        let first = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let port = first.local_addr()?.port();
        let mut listeners = vec![first];
        match TcpListener::bind((Ipv6Addr::LOCALHOST, port)).await {
            Ok(second) => listeners.push(second),
            Err(error) if is_without_ipv6(&error) => {}
            Err(error) => return Err(error),
        }
        Ok(Self { port, listeners })
    }

    /// The port.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The addresses that are listened on.
    pub fn addresses(&self) -> impl Iterator<Item = SocketAddr> {
        let ips = self.listeners.iter().filter_map(|listener| listener.local_addr().ok());
        ips.map(|address| SocketAddr::new(address.ip(), self.port))
    }

    /// Returns whether `[::1]` is among them.
    #[must_use]
    pub fn has_ipv6(&self) -> bool {
        self.addresses()
            .any(|address| address.ip() == IpAddr::V6(Ipv6Addr::LOCALHOST))
    }

    pub(crate) fn into_listeners(self) -> Vec<TcpListener> {
        self.listeners
    }
}

fn is_in_use(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::AddrInUse
}

#[cfg(test)]
mod tests {
    use super::*;

    fn has_ipv6() -> bool {
        std::net::TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).is_ok()
    }

    #[tokio::test]
    async fn a_port_is_held_on_both_addresses() {
        let own = LoopbackListeners::bind(0).await.unwrap();
        assert_eq!(own.has_ipv6(), has_ipv6());
        for address in own.addresses() {
            let error = std::net::TcpListener::bind(address).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::AddrInUse, "{address}");
        }
        assert!(TcpListener::bind((Ipv4Addr::LOCALHOST, own.port())).await.is_err());
    }

    #[tokio::test]
    async fn a_port_that_somebody_has_on_one_address_is_taken() {
        if !has_ipv6() {
            return;
        }
        let strangers = TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).await.unwrap();
        let port = strangers.local_addr().unwrap().port();
        let error = LoopbackListeners::bind(port).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::AddrInUse);
        // Nothing of it stays taken.
        drop(strangers);
        assert_eq!(LoopbackListeners::bind(port).await.unwrap().port(), port);
    }

    #[test]
    fn a_system_without_ipv6_is_told_from_a_port_that_is_taken() {
        for (kind, is_without) in [
            (io::ErrorKind::AddrNotAvailable, true),
            (io::ErrorKind::AddrInUse, false),
            (io::ErrorKind::PermissionDenied, false),
        ] {
            // An address of documentation is on no machine; the others are made from what the system calls them.
            let error = match kind {
                io::ErrorKind::AddrNotAvailable => std::net::TcpListener::bind("192.0.2.1:0").unwrap_err(),
                kind => kind.into(),
            };
            assert_eq!(is_without_ipv6(&error), is_without, "{error:?}");
        }
    }
}
