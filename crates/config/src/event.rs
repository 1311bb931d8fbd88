//! Event lines as the operations that a config decides: the one conversion, for live runs and "what if".
//!
//! No operation here: `chmod`, `symlink`, `exec` and others that a released mirrord does not hook.

use std::net::{IpAddr, SocketAddr};

use serde::Deserialize;

use crate::operation::{FileOperation, Operation, Transport};

/// Prefix of a Unix socket's path in an address.
const UNIX: &str = "<UNIX-PATH> ";
/// The fact that a path depends on which is relative to a descriptor.
const DESCRIPTOR: &str = "dirfd";

/// Fields of an event line that a decision needs; others are ignored.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct EventFields {
    /// `type`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Path of a file, absolute.
    pub path: Option<String>,
    /// Path as the program passed it, where it differs.
    pub passed: Option<String>,
    /// Decided as a write.
    pub write: bool,
    /// Operation on a file.
    pub operation: String,
    /// Name of a look-up.
    pub host: String,
    /// Port of a connection, of a listener, or of the service of a look-up.
    pub port: Option<u16>,
    /// Address of a connection or of a listener.
    pub address: String,
    /// `tcp`, `udp` or `unix`.
    pub protocol: Option<String>,
    /// A datagram on a socket that is not connected.
    pub sendto: bool,
    /// Facts that the decision depended on.
    pub depends_on: Vec<String>,
}

impl EventFields {
    /// Returns the operation of the event; `None` where no config decides it. Variables are decided one by one, as
    /// [`Operation::Env`], and a rename is two events: [`Operation::Rename`] needs both.
    #[must_use]
    pub fn operation(&self) -> Option<Operation> {
        match self.kind.as_str() {
            "FileOp" => self.file(),
            "DnsQuery" => Some(Operation::Lookup {
                name: Some(self.host.clone()).filter(|name| !name.is_empty()),
                port: self.port.unwrap_or(0),
                numeric_host: false,
            }),
            "OutgoingConnection" => self.connection(),
            "PortSubscription" => {
                let any = IpAddr::from([0, 0, 0, 0]);
                let address = SocketAddr::new(self.address.parse().unwrap_or(any), self.port?);
                Some(Operation::Listen { address })
            }
            _ => None,
        }
    }

    /// Returns the path as the program passed it.
    #[must_use]
    pub fn passed_path(&self) -> Option<&str> {
        self.passed.as_deref().or(self.path.as_deref())
    }

    fn file(&self) -> Option<Operation> {
        let is_write = match self.operation.as_str() {
            "open" | "read" | "stat" | "access" | "readlink" | "opendir" | "readdir" => self.write,
            "create" | "write" | "mkdir" | "rmdir" | "unlink" => true,
            _ => return None,
        };
        Some(Operation::File(FileOperation {
            path: self.passed_path()?.to_owned(),
            is_write,
            has_dirfd: self.depends_on.iter().any(|fact| fact == DESCRIPTOR),
        }))
    }

    fn connection(&self) -> Option<Operation> {
        if let Some(path) = self.address.strip_prefix(UNIX) {
            let name = path.strip_prefix('@').unwrap_or(path).to_owned();
            return Some(Operation::ConnectUnix { name });
        }
        // A released mirrord puts the port behind the address as well.
        let address = self.address.parse::<SocketAddr>().ok().or_else(|| {
            let ip: IpAddr = self.address.parse().ok()?;
            Some(SocketAddr::new(ip, self.port?))
        })?;
        if self.sendto {
            return Some(Operation::SendTo { address });
        }
        let transport = match self.protocol.as_deref() {
            Some("udp") => Transport::Udp,
            _ => Transport::Tcp,
        };
        Some(Operation::Connect { transport, address })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(json: &str) -> Option<Operation> {
        serde_json::from_str::<EventFields>(json).unwrap().operation()
    }

    #[test]
    fn a_file_is_decided_by_the_path_that_was_passed() {
        let file = |path: &str, is_write, has_dirfd| {
            Some(Operation::File(FileOperation {
                path: path.to_owned(),
                is_write,
                has_dirfd,
            }))
        };
        let open = r#"{"type":"FileOp","path":"/a/b","passed":"b","operation":"open"}"#;
        assert_eq!(of(open), file("b", false, false));
        let write = r#"{"type":"FileOp","path":"/a/b","operation":"write"}"#;
        assert_eq!(of(write), file("/a/b", true, false));
        let access = r#"{"type":"FileOp","path":"/a/b","operation":"access","write":true}"#;
        assert_eq!(of(access), file("/a/b", true, false));
        let dirfd = r#"{"type":"FileOp","path":"/a/b","passed":"b","operation":"stat","depends_on":["dirfd"]}"#;
        assert_eq!(of(dirfd), file("b", false, true));
    }

    #[test]
    fn what_no_config_decides_is_no_operation() {
        for json in [
            "{}",
            r#"{"type":"FileOp","path":null,"operation":"open"}"#,
            r#"{"type":"FileOp","path":"/a","operation":"chmod"}"#,
            r#"{"type":"LayerConnected","pid":1}"#,
            r#"{"type":"OutgoingConnection","address":"nowhere","port":1}"#,
        ] {
            assert_eq!(of(json), None, "{json}");
        }
    }

    #[test]
    fn connections_and_listeners_have_their_address() {
        let address = SocketAddr::from(([10, 0, 0, 1], 80));
        let transport = Transport::Tcp;
        for json in [
            r#"{"type":"OutgoingConnection","address":"10.0.0.1","port":80}"#,
            r#"{"type":"OutgoingConnection","address":"10.0.0.1:80","port":80}"#,
        ] {
            assert_eq!(of(json), Some(Operation::Connect { transport, address }));
        }
        let sent = r#"{"type":"OutgoingConnection","address":"10.0.0.1","port":80,"protocol":"udp","sendto":true}"#;
        assert_eq!(of(sent), Some(Operation::SendTo { address }));
        let unix = r#"{"type":"OutgoingConnection","address":"<UNIX-PATH> /run/a","port":0}"#;
        assert!(matches!(of(unix), Some(Operation::ConnectUnix { name }) if name == "/run/a"));
        let listen = r#"{"type":"PortSubscription","port":8080,"mode":"listen","address":"*"}"#;
        assert!(matches!(of(listen), Some(Operation::Listen { address }) if address.port() == 8080));
    }
}
