//! Filters of addresses: `[tcp://|udp://|any://][name|ip|[ipv6]][/prefix][:port]`, as a released mirrord's
//! `config/src/feature/network/filter.rs` reads them.

use std::net::IpAddr;

use ipnet::IpNet;

use crate::rule::Rule;

/// Transport of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Protocol {
    Tcp,
    Udp,
}

/// Side that a match goes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Local,
    Remote,
}

/// Filter of one side: a match goes there, the rest to the other.
#[derive(Debug, Clone)]
pub(crate) struct AddressFilter {
    pub(crate) side: Side,
    pub(crate) entries: Vec<Entry>,
}

/// Entry of a filter.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    /// `None` for both.
    pub(crate) protocol: Option<Protocol>,
    pub(crate) address: EntryAddress,
    /// 0 for every port.
    pub(crate) port: u16,
    /// Place of the entry in the config.
    pub(crate) rule: Rule,
}

/// Address of an [`Entry`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum EntryAddress {
    /// The port alone decides.
    Any,
    Ip(IpAddr),
    Net(IpNet),
    Name(String),
}

impl Entry {
    /// Parses an entry of `feature.network.outgoing.filter`.
    pub(crate) fn outgoing(text: &str, rule: Rule) -> Result<Self, String> {
        let (protocol, rest) = match text.split_once("://") {
            Some((protocol, rest)) => (protocol_of(protocol)?, rest),
            None => (None, text),
        };
        let (address, port) = match rest {
            "" => (EntryAddress::Any, 0),
            rest => address_and_port(rest)?,
        };
        Ok(Self {
            protocol,
            address,
            port,
            rule,
        })
    }

    /// Parses an entry of `feature.network.dns.filter`: one without a protocol.
    pub(crate) fn dns(text: &str, rule: Rule) -> Result<Self, String> {
        let (address, port) = address_and_port(text)?;
        Ok(Self {
            protocol: None,
            address,
            port,
            rule,
        })
    }

    /// Name of the entry as a look-up's filter has it: `name` or `name:port`.
    pub(crate) fn as_dns_text(&self) -> Option<String> {
        match (&self.address, self.port) {
            (EntryAddress::Name(name), 0) => Some(name.clone()),
            (EntryAddress::Name(name), port) => Some(format!("{name}:{port}")),
            _ => None,
        }
    }
}

fn protocol_of(text: &str) -> Result<Option<Protocol>, String> {
    match text.to_lowercase().as_str() {
        "any" => Ok(None),
        "tcp" => Ok(Some(Protocol::Tcp)),
        "udp" => Ok(Some(Protocol::Udp)),
        _ => Err(format!("unknown protocol `{text}`; allowed: tcp, udp, any")),
    }
}

fn address_and_port(text: &str) -> Result<(EntryAddress, u16), String> {
    let (address, rest) = split_address(text);
    let (prefix, rest) = split_number(rest, '/');
    let (port, rest) = split_number(rest, ':');
    if !rest.is_empty() {
        return Err(trailing(text, rest));
    }
    let number = match port {
        None => 0,
        Some(port) => port
            .parse::<u16>()
            .map_err(|_| format!("the port `{port}` is above 65535"))?,
    };
    let address = match (address, prefix) {
        (None, None) if port.is_some() => EntryAddress::Any,
        (None, None) => return Err("empty".to_owned()),
        (None, Some(_)) => return Err("a subnet without an address".to_owned()),
        (Some(address), Some(prefix)) => EntryAddress::Net(subnet(address, prefix)?),
        (Some(address), None) => match address.parse() {
            Ok(ip) => EntryAddress::Ip(ip),
            Err(_) => EntryAddress::Name(address.to_owned()),
        },
    };
    Ok((address, number))
}

fn subnet(address: &str, prefix: &str) -> Result<IpNet, String> {
    let ip: IpAddr = address
        .parse()
        .map_err(|_| format!("`{address}` is a name, and a subnet needs an address, as `10.0.0.0/8`"))?;
    let length = prefix.parse().ok();
    length
        .and_then(|length| IpNet::new(ip, length).ok())
        .ok_or_else(|| format!("`/{prefix}` is no length of a prefix of {ip}"))
}

fn trailing(text: &str, rest: &str) -> String {
    if text.contains('*') {
        format!("`{rest}` is left over: names are equal or not, there are no wildcards")
    } else if rest.starts_with("://") {
        "a protocol; look-ups have none".to_owned()
    } else if text.matches(':').count() > 1 && !text.contains('[') {
        format!("`{rest}` is left over: an IPv6 address needs brackets, as `[2001:db8::1]:443`")
    } else {
        format!("`{rest}` is left over")
    }
}

/// Splits off a name, an IPv4 address or an IPv6 address in brackets.
fn split_address(text: &str) -> (Option<&str>, &str) {
    let is_host = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
    let end = text.find(|letter| !is_host(letter)).unwrap_or(text.len());
    if end > 0 {
        let (address, rest) = text.split_at(end);
        return (Some(address), rest);
    }
    let inside = text.strip_prefix('[').and_then(|text| text.split_once(']'));
    match inside {
        Some((address, rest))
            if !address.is_empty()
                && address
                    .chars()
                    .all(|letter| letter.is_ascii_alphanumeric() || letter == ':') =>
        {
            (Some(address), rest)
        }
        _ => (None, text),
    }
}

/// Splits off a mark and the digits after it.
fn split_number(text: &str, mark: char) -> (Option<&str>, &str) {
    let Some(after) = text.strip_prefix(mark) else {
        return (None, text);
    };
    let end = after
        .find(|letter: char| !letter.is_ascii_digit())
        .unwrap_or(after.len());
    match after.split_at(end) {
        ("", _) => (None, text),
        (digits, rest) => (Some(digits), rest),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outgoing(text: &str) -> Result<(Option<Protocol>, EntryAddress, u16), String> {
        let entry = Entry::outgoing(text, Rule::Fixed("x"))?;
        Ok((entry.protocol, entry.address, entry.port))
    }

    #[test]
    fn each_form_of_an_entry_is_read() {
        let ip = |text: &str| EntryAddress::Ip(text.parse().unwrap());
        let net = |text: &str| EntryAddress::Net(text.parse().unwrap());
        let name = |text: &str| EntryAddress::Name(text.to_owned());
        assert_eq!(
            outgoing("TCP://1.2.3.0/24:7777"),
            Ok((Some(Protocol::Tcp), net("1.2.3.0/24"), 7777))
        );
        assert_eq!(outgoing("[2001:db8::1]:443"), Ok((None, ip("2001:db8::1"), 443)));
        assert_eq!(outgoing("[2001:db8::]/32"), Ok((None, net("2001:db8::/32"), 0)));
        assert_eq!(outgoing("udp://"), Ok((Some(Protocol::Udp), EntryAddress::Any, 0)));
        assert_eq!(outgoing(":53"), Ok((None, EntryAddress::Any, 53)));
        assert_eq!(outgoing("google.com:80"), Ok((None, name("google.com"), 80)));
        assert_eq!(outgoing("my_db-1"), Ok((None, name("my_db-1"), 0)));
    }

    #[test]
    fn what_a_released_mirrord_refuses_is_refused() {
        for text in [
            "google.com/24",
            "2001:db8::1",
            "*.example.com",
            "host:99999",
            "meow://x",
            "10.0.0.0/33",
            "/8",
            "host:",
            "a b",
            "[::1",
        ] {
            assert!(outgoing(text).is_err(), "{text}");
        }
        for text in ["", "tcp://x", "*.x"] {
            assert!(Entry::dns(text, Rule::Fixed("x")).is_err(), "{text}");
        }
    }
}
