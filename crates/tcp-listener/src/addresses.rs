//! Addresses of the machine, and those under which a listener is reached.

use std::net::{IpAddr, SocketAddr};

/// Address under which a listener is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReachableAddress {
    /// Address and port.
    pub address: SocketAddr,
    /// Name of the network interface; none of a loopback address that no interface lists, such as 127.0.0.2.
    pub interface: Option<String>,
}

/// Returns the machine's addresses that can be listened on, each with its interface, those of networks first. A link-local
/// IPv6 address is left out: it cannot be opened without its zone.
#[must_use]
pub fn interfaces() -> Vec<(String, IpAddr)> {
    let found = if_addrs::get_if_addrs().unwrap_or_else(|error| {
        tracing::warn!(%error, "the machine's addresses cannot be read");
        Vec::new()
    });
    let mut addresses: Vec<_> = found.into_iter().map(|own| (own.name.clone(), own.ip())).collect();
    addresses.retain(|(_, address)| !is_link_local(*address));
    addresses.sort_by_key(|(name, address)| (address.is_loopback(), address.is_ipv6(), name.clone(), *address));
    addresses.dedup();
    addresses
}

fn is_link_local(address: IpAddr) -> bool {
    matches!(address, IpAddr::V6(address) if address.is_unicast_link_local())
}

/// Returns the addresses under which a listener on `bound` is reached, in the order of `interfaces`.
#[must_use]
pub fn reachable_addresses(bound: SocketAddr, interfaces: &[(String, IpAddr)]) -> Vec<ReachableAddress> {
    let is_listening = |address: &IpAddr| match bound.ip() {
        any if any.is_unspecified() => any.is_ipv6() || address.is_ipv4(),
        own => own == *address,
    };
    let reachable = |address, interface| ReachableAddress {
        address: SocketAddr::new(address, bound.port()),
        interface,
    };
    let listening = interfaces.iter().filter(|(_, address)| is_listening(address));
    let mut addresses: Vec<_> = listening
        .map(|(name, address)| reachable(*address, Some(name.clone())))
        .collect();
    if addresses.is_empty() && !bound.ip().is_unspecified() {
        // 127.0.0.2 and its like: no interface lists them, and they can be listened on.
        addresses.push(reachable(bound.ip(), None));
    }
    addresses
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_has_a_loopback_address() {
        let own = interfaces();
        assert!(own.iter().any(|(_, address)| address.is_loopback()), "{own:?}");
        assert!(own.iter().all(|(_, address)| !is_link_local(*address)));
    }

    #[test]
    fn a_listener_is_reached_under_the_addresses_of_its_family() {
        let own =
            ["192.168.1.5", "2001:db8::5", "127.0.0.1"].map(|address| ("eth0".to_owned(), address.parse().unwrap()));
        let reached = |bound: &str| -> Vec<String> {
            let reached = reachable_addresses(bound.parse().unwrap(), &own);
            reached.iter().map(|own| own.address.to_string()).collect()
        };
        assert_eq!(reached("0.0.0.0:4096"), ["192.168.1.5:4096", "127.0.0.1:4096"]);
        assert_eq!(reached("[::]:1").len(), 3);
        assert_eq!(reached("127.0.0.1:4096"), ["127.0.0.1:4096"]);
        assert_eq!(reached("127.0.0.2:4096"), ["127.0.0.2:4096"], "listed by no interface");
    }
}
