//! Local address of a socket, and which connections arrive there.

use std::net::{IpAddr, SocketAddr};

/// Address of a socket that is bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Bound {
    pub(crate) inode: u64,
    pub(crate) address: SocketAddr,
    /// It takes no IPv4.
    pub(crate) only_v6: bool,
}

impl Bound {
    /// The address as in `ss(8)`: `*` for every IPv4 and IPv6 address.
    pub(crate) fn text(&self) -> String {
        match self.address.ip() {
            IpAddr::V6(address) if address.is_unspecified() && !self.only_v6 => "*".to_owned(),
            address => address.to_canonical().to_string(),
        }
    }

    pub(crate) fn note(&self) -> Option<&'static str> {
        let any = self.address.ip().is_unspecified() && self.address.is_ipv6();
        (any && self.only_v6).then_some("ipv6_only")
    }

    /// Returns whether a connection to this address arrives at it.
    pub(crate) fn takes(&self, local: SocketAddr) -> bool {
        local.port() == self.address.port()
            && match self.address.ip() {
                IpAddr::V6(own) if own.is_unspecified() => !self.only_v6 || local.is_ipv6(),
                IpAddr::V4(own) if own.is_unspecified() => local.is_ipv4(),
                own => own.to_canonical() == local.ip(),
            }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bound(address: &str, only_v6: bool) -> Bound {
        Bound {
            inode: 1,
            address: address.parse().unwrap(),
            only_v6,
        }
    }

    #[test]
    fn an_address_takes_what_arrives_at_it_and_says_so() {
        let four: SocketAddr = "10.0.0.1:80".parse().unwrap();
        let six: SocketAddr = "[2001:db8::1]:80".parse().unwrap();
        for (own, only_v6, text, takes) in [
            ("0.0.0.0:80", false, "0.0.0.0", [true, false]),
            ("[::]:80", false, "*", [true, true]),
            ("[::]:80", true, "::", [false, true]),
            ("[::ffff:10.0.0.1]:80", false, "10.0.0.1", [true, false]),
            ("127.0.0.1:80", false, "127.0.0.1", [false, false]),
            ("[::]:81", false, "*", [false, false]),
        ] {
            let bound = bound(own, only_v6);
            assert_eq!(
                (bound.text().as_str(), [bound.takes(four), bound.takes(six)]),
                (text, takes),
                "{own}"
            );
        }
    }
}
