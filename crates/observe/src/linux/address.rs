//! Socket addresses as a program gives them to the kernel.
//!
//! Pure: bytes in, an address out. Every length is the program's word, and is checked.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::paths::escape;

/// `sizeof(struct sockaddr_un)`, the longest address that is read.
pub(crate) const MAX_ADDRESS_BYTES: usize = 110;

/// An address of a family that is watched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Address {
    /// Internet address. An IPv4-mapped IPv6 address is converted to IPv4.
    Internet { ip: IpAddr, port: u16 },
    /// A Unix socket in the file system: its path, which may be relative.
    Path(Vec<u8>),
    /// A Unix socket without a file: its name.
    Abstract(Vec<u8>),
}

/// The address in `bytes`; `None` for another family, and for what the kernel would refuse.
pub(crate) fn parse(bytes: &[u8]) -> Option<Address> {
    let (family, rest) = bytes.split_first_chunk::<2>()?;
    match i32::from(u16::from_ne_bytes(*family)) {
        libc::AF_INET => {
            let port = u16::from_be_bytes(*rest.first_chunk()?);
            let ip = Ipv4Addr::from(*rest.get(2..)?.first_chunk::<4>()?);
            Some(Address::Internet { ip: ip.into(), port })
        }
        libc::AF_INET6 => {
            let port = u16::from_be_bytes(*rest.first_chunk()?);
            let ip = Ipv6Addr::from(*rest.get(6..)?.first_chunk::<16>()?);
            let ip = ip.to_canonical();
            Some(Address::Internet { ip, port })
        }
        libc::AF_UNIX => match rest {
            [] => None,
            [0] => None,
            [0, name @ ..] => Some(Address::Abstract(name.to_vec())),
            path => {
                let end = path.iter().position(|byte| *byte == 0).unwrap_or(path.len());
                Some(Address::Path(path[..end].to_vec()))
            }
        },
        _ => None,
    }
}

/// Formats an address without a file: `@name`, as `ss` and `/proc/net/unix` do.
pub(crate) fn abstract_name(name: &[u8]) -> String {
    let end = name.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    format!("@{}", escape(&name[..end]).replace('\0', "@"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn with_family(family: i32, rest: &[u8]) -> Vec<u8> {
        let mut bytes = (family as u16).to_ne_bytes().to_vec();
        bytes.extend_from_slice(rest);
        bytes
    }

    #[test]
    fn internet_addresses_are_read() {
        let bytes = with_family(libc::AF_INET, &[0, 80, 10, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
        let expected = Address::Internet {
            ip: Ipv4Addr::new(10, 0, 0, 1).into(),
            port: 80,
        };
        assert_eq!(parse(&bytes), Some(expected.clone()));
        let mut mapped = with_family(libc::AF_INET6, &[0, 80, 0, 0, 0, 0]);
        mapped.extend(Ipv4Addr::new(10, 0, 0, 1).to_ipv6_mapped().octets());
        mapped.extend([0; 4]);
        assert_eq!(parse(&mapped), Some(expected));
        let mut six = with_family(libc::AF_INET6, &[1, 187, 0, 0, 0, 0]);
        six.extend(Ipv6Addr::LOCALHOST.octets());
        assert_eq!(
            parse(&six),
            Some(Address::Internet {
                ip: Ipv6Addr::LOCALHOST.into(),
                port: 443
            })
        );
    }

    #[test]
    fn unix_addresses_end_at_their_zero_or_at_their_length() {
        assert_eq!(
            parse(&with_family(libc::AF_UNIX, b"/run/x\0rest")),
            Some(Address::Path(b"/run/x".to_vec()))
        );
        assert_eq!(
            parse(&with_family(libc::AF_UNIX, b"/run/x")),
            Some(Address::Path(b"/run/x".to_vec()))
        );
        assert_eq!(
            parse(&with_family(libc::AF_UNIX, b"\0bus\0a")),
            Some(Address::Abstract(b"bus\0a".to_vec()))
        );
        assert_eq!(parse(&with_family(libc::AF_UNIX, b"")), None);
        assert_eq!(abstract_name(b"bus\0a\0\0"), "@bus@a");
    }

    #[test]
    fn other_families_are_not_addresses() {
        assert_eq!(parse(&with_family(libc::AF_UNSPEC, &[0; 14])), None);
        assert_eq!(parse(&with_family(libc::AF_NETLINK, &[0; 14])), None);
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..MAX_ADDRESS_BYTES)) {
            let _ = parse(&bytes);
            let _ = parse(&with_family(libc::AF_INET6, &bytes));
            let _ = parse(&with_family(libc::AF_UNIX, &bytes));
        }
    }
}
