//! Subject of an explanation: a path, a destination or a host, and the events that are about it.

use std::net::IpAddr;

use mirrord_wire::session::{UNIX_ADDRESS, destination};
use mirrord_wire::{EventLine, MonitorEvent};
use serde_json::json;

/// Longest subject, bytes.
const MAX_BYTES: usize = 4_096;

/// Subject of an explanation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Subject {
    /// A path; without a slash in front, the end of one.
    Path(String),
    /// A host or an address with a port.
    Destination { host: String, port: u16 },
    /// A host or an address.
    Host(String),
}

/// Family of events that are counted together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Family {
    Files,
    Lookups,
    Connections,
}

impl Family {
    /// Returns its word in an answer.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Files => "files",
            Self::Lookups => "lookups",
            Self::Connections => "connections",
        }
    }
}

/// Relation of an event to a subject. The text is the name that the event is counted by.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Relation {
    /// The event is about it.
    About(Family, String),
    /// A connection that is about it where it followed a look-up of its host.
    Perhaps(String),
    /// A path beneath it.
    Beneath,
    /// A name that is like it.
    Near(String),
    /// None.
    Other,
}

impl Subject {
    /// Reads a subject; the error is a reason.
    pub(super) fn parse(text: &str) -> Result<Self, &'static str> {
        let text = text.trim();
        if text.is_empty() {
            return Err("the subject is empty: name a path, a destination `host:port` or a host");
        }
        if text.len() > MAX_BYTES {
            return Err("the subject has more than 4096 bytes");
        }
        if text.contains('/') {
            let trimmed = text.trim_end_matches('/');
            return Ok(Self::Path(if trimmed.is_empty() { "/" } else { trimmed }.to_owned()));
        }
        // The colons of a bare IPv6 address are no port's.
        let parts = text
            .rsplit_once(':')
            .filter(|(host, _)| !host.contains(':') || host.ends_with(']'));
        Ok(match parts.map(|(host, port)| (host, port.parse())) {
            Some((host, Ok(port))) if !host.is_empty() => Self::Destination {
                host: plain_host(host),
                port,
            },
            Some(_) => return Err("what is behind the colon is no port: a destination is `host:port`"),
            None => Self::Host(plain_host(text)),
        })
    }

    /// Returns it as a text has it.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Path(path) => path.clone(),
            Self::Destination { host, port } => destination(host, *port),
            Self::Host(host) => host.clone(),
        }
    }

    /// Returns its kind in an answer.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Path(_) => "path",
            Self::Destination { .. } => "destination",
            Self::Host(_) => "host",
        }
    }

    /// Returns its host.
    pub(super) fn host(&self) -> Option<&str> {
        match self {
            Self::Path(_) => None,
            Self::Destination { host, .. } | Self::Host(host) => Some(host),
        }
    }

    /// Returns the filter that finds its events, as far as a filter can.
    pub(super) fn filter(&self) -> String {
        match self {
            Self::Path(path) if path.starts_with('/') => format!("path:={}", json!(path)),
            Self::Path(path) => format!("path:{}", json!(path)),
            Self::Destination { host, port } if host.parse::<IpAddr>().is_ok() => {
                format!("address:={}", json!(destination(host, *port)))
            }
            Self::Destination { host, .. } | Self::Host(host) => format!("host:={}", json!(host)),
        }
    }

    /// Judges an event.
    pub(super) fn relation(&self, line: &EventLine) -> Relation {
        match (self, line.event()) {
            (Self::Path(path), MonitorEvent::FileOp { path: Some(own), .. }) => {
                let detail = line.observation.detail.as_deref();
                let passed = detail.and_then(|detail| detail.passed.as_deref());
                file(path, own, passed)
            }
            (Self::Path(path), MonitorEvent::OutgoingConnection { address, .. }) => {
                let socket = address.strip_prefix(UNIX_ADDRESS).and_then(|rest| rest.split_once(' '));
                match socket {
                    Some((_, own)) if own == path => Relation::About(Family::Connections, address.clone()),
                    _ => Relation::Other,
                }
            }
            (Self::Destination { host, .. } | Self::Host(host), MonitorEvent::DnsQuery { host: own }) => {
                lookup(host, own)
            }
            (Self::Destination { host, port }, MonitorEvent::OutgoingConnection { address, port: own, .. }) => {
                connection(host, Some(*port), address, *own)
            }
            (Self::Host(host), MonitorEvent::OutgoingConnection { address, port: own, .. }) => {
                connection(host, None, address, *own)
            }
            _ => Relation::Other,
        }
    }
}

/// Host without brackets, without the root's dot.
fn plain_host(host: &str) -> String {
    let inner = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    inner.unwrap_or(host).trim_end_matches('.').to_owned()
}

fn file(path: &str, own: &str, passed: Option<&str>) -> Relation {
    let is_end = |own: &str| !path.starts_with('/') && own.strip_suffix(path).is_some_and(|rest| rest.ends_with('/'));
    if own == path || passed == Some(path) || is_end(own) {
        return Relation::About(Family::Files, own.to_owned());
    }
    if path.starts_with('/') && own.strip_prefix(path).is_some_and(|rest| rest.starts_with('/')) {
        return Relation::Beneath;
    }
    let name = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
    if name(own) == name(path) {
        return Relation::Near(own.to_owned());
    }
    Relation::Other
}

fn lookup(host: &str, own: &str) -> Relation {
    if own.eq_ignore_ascii_case(host) {
        Relation::About(Family::Lookups, own.to_owned())
    } else if own.to_ascii_lowercase().contains(&host.to_ascii_lowercase()) {
        Relation::Near(own.to_owned())
    } else {
        Relation::Other
    }
}

fn connection(host: &str, port: Option<u16>, address: &str, own: u16) -> Relation {
    if address.starts_with(UNIX_ADDRESS) {
        return Relation::Other;
    }
    let is_port = port.is_none_or(|port| port == own);
    let name = || destination(address, own);
    match (address == host, is_port) {
        (true, true) => Relation::About(Family::Connections, name()),
        (true, false) => Relation::Near(name()),
        // Which name an address belongs to is known by the look-up before it alone.
        (false, true) if host.parse::<IpAddr>().is_err() => Relation::Perhaps(name()),
        (false, true) if port.is_some() => Relation::Near(name()),
        _ => Relation::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(text: &str) -> EventLine {
        serde_json::from_str(&format!(r#"{{"seq":1,"ts":1,{text}}}"#)).unwrap()
    }

    fn relation(subject: &str, text: &str) -> Relation {
        Subject::parse(subject).unwrap().relation(&event(text))
    }

    #[test]
    fn a_subject_is_a_path_a_destination_or_a_host() {
        let parsed = |text: &str| Subject::parse(text).map(|subject| (subject.kind(), subject.filter()));
        for (text, kind, filter) in [
            ("/etc/hosts", "path", r#"path:="/etc/hosts""#),
            ("conf/app.yaml", "path", r#"path:"conf/app.yaml""#),
            ("/etc/", "path", r#"path:="/etc""#),
            ("10.0.0.1:80", "destination", r#"address:="10.0.0.1:80""#),
            ("[::1]:80", "destination", r#"address:="[::1]:80""#),
            ("db.svc.:5432", "destination", r#"host:="db.svc""#),
            ("::1", "host", r#"host:="::1""#),
            ("db", "host", r#"host:="db""#),
        ] {
            assert_eq!(parsed(text), Ok((kind, filter.to_owned())), "{text}");
            assert!(mirrord_filter::parse(filter).is_ok(), "{filter}");
        }
        for wrong in ["", "  ", "db:http", ":80", &"x".repeat(5_000)] {
            assert!(Subject::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn files_are_about_a_path_by_their_path_as_passed_or_by_its_end() {
        let file = |path: &str| format!(r#""type":"FileOp","path":"{path}","operation":"open""#);
        let about = |path: &str| Relation::About(Family::Files, path.to_owned());
        assert_eq!(relation("/a/b", &file("/a/b")), about("/a/b"));
        assert_eq!(relation("a/b", &file("/x/a/b")), about("/x/a/b"));
        assert_eq!(relation("a/b", &file("/xa/b")), Relation::Near("/xa/b".to_owned()));
        assert_eq!(relation("/a", &file("/a/b")), Relation::Beneath);
        assert_eq!(relation("/a", &file("/ab")), Relation::Other);
        let passed = r#""type":"FileOp","path":"/private/a","passed":"/a","operation":"open""#;
        assert_eq!(relation("/a", passed), about("/private/a"));
        let socket = r#""type":"OutgoingConnection","address":"<UNIX-PATH> /run/x","port":0"#;
        assert!(matches!(
            relation("/run/x", socket),
            Relation::About(Family::Connections, _)
        ));
    }

    #[test]
    fn connections_are_about_an_address_and_perhaps_about_a_name() {
        let connect = r#""type":"OutgoingConnection","address":"10.0.0.1","port":80"#;
        let name = || "10.0.0.1:80".to_owned();
        let about = || Relation::About(Family::Connections, name());
        assert_eq!(relation("10.0.0.1:80", connect), about());
        assert_eq!(relation("10.0.0.1", connect), about());
        assert_eq!(relation("10.0.0.1:81", connect), Relation::Near(name()));
        assert_eq!(relation("10.0.0.2:80", connect), Relation::Near(name()));
        assert_eq!(relation("10.0.0.2", connect), Relation::Other);
        assert_eq!(relation("db", connect), Relation::Perhaps(name()));
        assert_eq!(relation("db:80", connect), Relation::Perhaps(name()));
        assert_eq!(relation("db:81", connect), Relation::Other);
        let lookup = r#""type":"DnsQuery","host":"DB""#;
        assert_eq!(
            relation("db:81", lookup),
            Relation::About(Family::Lookups, "DB".to_owned())
        );
    }
}
