//! Event lines as the operations that a config decides.

use std::net::{IpAddr, SocketAddr};

use mirrord_config::{Operation, OperationFields};
use serde::Deserialize;

/// Fields of an event line that a decision needs. Others are ignored.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Line {
    pub(crate) seq: u64,
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) routing: Option<String>,
    pub(crate) rule: Option<String>,
    pub(crate) depends_on: Vec<String>,
    pub(crate) unhooked: Option<String>,
    path: Option<String>,
    passed: Option<String>,
    write: bool,
    operation: String,
    host: String,
    port: Option<u16>,
    address: String,
    protocol: Option<String>,
    vars: Vec<(String, Option<String>)>,
}

/// Operation of an event, with its name in the page's filters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Named {
    pub(crate) kind: &'static str,
    pub(crate) name: String,
    pub(crate) operation: String,
    pub(crate) decided: Operation,
}

impl Line {
    /// Reads a line; `None` for what is no event.
    pub(crate) fn read(text: &[u8]) -> Option<Self> {
        serde_json::from_slice(text).ok()
    }

    /// Returns the operations of the event; none where no config decides it.
    pub(crate) fn operations(&self) -> Vec<Named> {
        match self.kind.as_str() {
            "EnvVar" => {
                let names = self.vars.iter().map(|(name, _)| name);
                names
                    .filter_map(|name| named("EnvVar", name, "", &self.env(name)))
                    .collect()
            }
            _ => self.operation().into_iter().collect(),
        }
    }

    fn operation(&self) -> Option<Named> {
        match self.kind.as_str() {
            "FileOp" => {
                let path = self.path.as_deref()?;
                let fields = OperationFields {
                    kind: self.file_kind()?.to_owned(),
                    path: Some(self.passed.as_deref().unwrap_or(path).to_owned()),
                    ..OperationFields::default()
                };
                named("FileOp", path, &self.operation, &fields)
            }
            "DnsQuery" => {
                let fields = OperationFields {
                    kind: "dns".to_owned(),
                    name: Some(self.host.clone()),
                    port: self.port,
                    ..OperationFields::default()
                };
                named("DnsQuery", &self.host, "", &fields)
            }
            "OutgoingConnection" => self.connection(),
            "PortSubscription" => {
                let port = self.port?;
                let address: IpAddr = self.address.parse().unwrap_or(IpAddr::from([0, 0, 0, 0]));
                let fields = OperationFields {
                    kind: "listen".to_owned(),
                    address: Some(SocketAddr::new(address, port).to_string()),
                    ..OperationFields::default()
                };
                named("PortSubscription", &port.to_string(), "", &fields)
            }
            _ => None,
        }
    }

    fn env(&self, name: &str) -> OperationFields {
        OperationFields {
            kind: "env".to_owned(),
            name: Some(name.to_owned()),
            ..OperationFields::default()
        }
    }

    fn connection(&self) -> Option<Named> {
        if let Some(path) = self.address.strip_prefix("<UNIX-PATH> ") {
            let fields = OperationFields {
                kind: "connect_unix".to_owned(),
                unix: Some(path.to_owned()),
                ..OperationFields::default()
            };
            return named("OutgoingConnection", path, "unix", &fields);
        }
        // A released mirrord puts the port behind the address as well.
        let address = self.address.parse::<SocketAddr>().ok().or_else(|| {
            let own: IpAddr = self.address.parse().ok()?;
            Some(SocketAddr::new(own, self.port?))
        })?;
        let protocol = self.protocol.as_deref().unwrap_or("tcp");
        let fields = OperationFields {
            kind: if protocol == "udp" {
                "connect_udp"
            } else {
                "connect_tcp"
            }
            .to_owned(),
            address: Some(address.to_string()),
            ..OperationFields::default()
        };
        named("OutgoingConnection", &address.to_string(), protocol, &fields)
    }

    /// Kind of a file operation in the form of the case files.
    fn file_kind(&self) -> Option<&'static str> {
        Some(match self.operation.as_str() {
            "open" | "create" | "read" | "write" if self.write => "file_write",
            "create" | "write" => "file_write",
            "open" | "read" => "file_read",
            "stat" => "stat",
            "access" if self.write => "access_write",
            "access" => "access_read",
            "readlink" => "readlink",
            "opendir" | "readdir" => "opendir",
            "mkdir" => "mkdir",
            "rmdir" => "rmdir",
            "unlink" => "unlink",
            _ => return None,
        })
    }
}

fn named(kind: &'static str, name: &str, operation: &str, fields: &OperationFields) -> Option<Named> {
    Some(Named {
        kind,
        name: name.to_owned(),
        operation: operation.to_owned(),
        decided: fields.operation().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(json: &str) -> Option<Named> {
        Line::read(json.as_bytes())?.operations().into_iter().next()
    }

    #[test]
    fn each_type_that_a_config_decides_has_an_operation() {
        for (json, name) in [
            (
                r#"{"seq":1,"type":"FileOp","path":"/a/b","passed":"b","operation":"open"}"#,
                "/a/b",
            ),
            (r#"{"seq":1,"type":"DnsQuery","host":"db"}"#, "db"),
            (
                r#"{"seq":1,"type":"OutgoingConnection","address":"10.0.0.1","port":80}"#,
                "10.0.0.1:80",
            ),
            (
                r#"{"seq":1,"type":"OutgoingConnection","address":"10.0.0.1:80","port":80}"#,
                "10.0.0.1:80",
            ),
            (
                r#"{"seq":1,"type":"OutgoingConnection","address":"<UNIX-PATH> /run/a","port":0}"#,
                "/run/a",
            ),
            (
                r#"{"seq":1,"type":"PortSubscription","port":8080,"mode":"listen","address":"*"}"#,
                "8080",
            ),
            (r#"{"seq":1,"type":"EnvVar","vars":[["HOME",null]]}"#, "HOME"),
        ] {
            assert_eq!(one(json).map(|own| own.name).as_deref(), Some(name), "{json}");
        }
        for json in [
            "",
            "{}",
            r#"{"type":"LayerConnected","pid":1}"#,
            r#"{"type":"FileOp","path":null,"operation":"open"}"#,
        ] {
            assert_eq!(one(json), None, "{json}");
        }
    }
}
