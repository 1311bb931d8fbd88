//! Addresses of the mirror: its URLs, the machine's name, and the check of a request's `Host`.
//!
//! A `Host` is an address literal equal to the one that the connection arrived at, `<hostname>.local`, or a name from the
//! settings, each with the mirror's port; never `localhost`. A page of another site whose name was made to point here
//! (DNS rebinding) names itself, and so is refused.

use std::net::{IpAddr, SocketAddr};

use mirrord_tcp_listener::reachable_addresses;
use mirrord_wire::mirror::{Interface, MirrorUrl, Reach};

use crate::access::host_check::split_port;
use crate::platform::system::host_name;

/// Returns `<hostname>.local`, as multicast DNS has it; `None` where the machine has no usable name.
pub(crate) fn local_name() -> Option<String> {
    let name = host_name().to_ascii_lowercase();
    let label = name.split('.').next().unwrap_or_default();
    let usable = !label.is_empty()
        && label != "localhost"
        && label.len() <= 63
        && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    usable.then(|| format!("{label}.local"))
}

/// Converts interfaces for the API of the desktop.
pub(crate) fn to_wire(interfaces: &[(String, IpAddr)]) -> Vec<Interface> {
    let convert = |(name, address): &(String, IpAddr)| Interface {
        name: name.clone(),
        address: address.to_string(),
    };
    interfaces.iter().map(convert).collect()
}

/// Returns the URLs of a listener on `bound`, those for the network first; host names lead to the network's addresses.
pub(crate) fn urls(bound: SocketAddr, tls: bool, interfaces: &[(String, IpAddr)], names: &[String]) -> Vec<MirrorUrl> {
    let scheme = if tls { "https" } else { "http" };
    let addresses = reachable_addresses(bound, interfaces).into_iter();
    let mut urls: Vec<_> = addresses
        .map(|own| MirrorUrl {
            url: format!("{scheme}://{}", own.address),
            reach: if own.address.ip().is_loopback() {
                Reach::Local
            } else {
                Reach::Network
            },
            interface: own.interface,
        })
        .collect();
    if urls.iter().any(|own| own.reach == Reach::Network) {
        urls.extend(names.iter().map(|name| MirrorUrl {
            url: format!("{scheme}://{name}:{}", bound.port()),
            reach: Reach::Network,
            interface: None,
        }));
    }
    urls
}

/// Returns whether a `Host` is one of ours for a connection that arrived at `local`.
pub(crate) fn is_host(authority: &str, local: SocketAddr, tls: bool, names: &[String]) -> bool {
    let lower = authority.to_ascii_lowercase();
    let (name, port) = split_port(&lower);
    let port = port.unwrap_or(if tls { 443 } else { 80 });
    if port != local.port() {
        return false;
    }
    let literal = match name.strip_prefix('[').and_then(|name| name.strip_suffix(']')) {
        Some(inner) => inner.parse().ok().map(IpAddr::V6),
        None => name.parse().ok().map(IpAddr::V4),
    };
    match literal {
        Some(address) => address.to_canonical() == local.ip().to_canonical(),
        None => name != "localhost" && names.iter().any(|own| own == name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> SocketAddr {
        text.parse().unwrap()
    }

    #[test]
    fn a_host_is_where_the_connection_arrived_or_a_name_of_ours() {
        let names = ["box.local".to_owned(), "box.example".to_owned()];
        let v4 = at("192.168.1.5:4096");
        for host in ["192.168.1.5:4096", "box.local:4096", "BOX.example:4096"] {
            assert!(is_host(host, v4, false, &names), "{host}");
        }
        for host in [
            "192.168.1.6:4096",
            "192.168.1.5",
            "192.168.1.5:80",
            "192.168.1.5:04096x",
            "192.168.001.5:4096",
            "localhost:4096",
            "127.0.0.1:4096",
            "[::1]:4096",
            "evil.example:4096",
            "box.local.evil.example:4096",
            "box.local",
            "box.local:",
            "user@box.local:4096",
            "3232235781:4096",
            "0xc0a80105:4096",
            "",
            ":4096",
            "[192.168.1.5]:4096",
        ] {
            assert!(!is_host(host, v4, false, &names), "{host}");
        }
        assert!(is_host("[2001:db8::5]:4096", at("[2001:db8::5]:4096"), false, &[]));
        assert!(!is_host("2001:db8::5:4096", at("[2001:db8::5]:4096"), false, &[]));
        assert!(is_host("192.168.1.5:4096", at("[::ffff:192.168.1.5]:4096"), false, &[]));
        assert!(
            is_host("192.168.1.5", at("192.168.1.5:80"), false, &[])
                && !is_host("192.168.1.5", at("192.168.1.5:80"), true, &[])
        );
        assert!(is_host("192.168.1.5", at("192.168.1.5:443"), true, &[]));
        assert!(
            !is_host("localhost:4096", v4, false, &["localhost".to_owned()]),
            "even where it is listed"
        );
    }

    #[test]
    fn every_address_of_the_machine_is_told_the_networks_first() {
        let own = [
            ("wlan0".to_owned(), "192.168.1.5".parse().unwrap()),
            ("eth0".to_owned(), "2001:db8::5".parse().unwrap()),
            ("lo".to_owned(), "127.0.0.1".parse().unwrap()),
        ];
        let told = |bound: &str, tls| -> Vec<String> {
            urls(at(bound), tls, &own, &["box.local".to_owned()])
                .into_iter()
                .map(|own| own.url)
                .collect()
        };
        assert_eq!(
            told("0.0.0.0:4096", false),
            [
                "http://192.168.1.5:4096",
                "http://127.0.0.1:4096",
                "http://box.local:4096"
            ]
        );
        assert_eq!(told("[::]:1", true).len(), 4);
        assert_eq!(told("[::]:1", true)[1], "https://[2001:db8::5]:1");
        assert_eq!(
            told("127.0.0.1:4096", false),
            ["http://127.0.0.1:4096"],
            "a name leads to the network's addresses"
        );
        assert_eq!(told("127.0.0.2:4096", false), ["http://127.0.0.2:4096"]);
    }

    #[test]
    fn the_machine_s_name_is_one_of_multicast_dns() {
        if let Some(name) = local_name() {
            assert!(name.ends_with(".local") && !name.starts_with("localhost"), "{name}");
        }
    }
}
