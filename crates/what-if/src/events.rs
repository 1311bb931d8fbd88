//! Event lines as the operations that a config decides.

use mirrord_config::{EventFields, Operation};
use serde::Deserialize;

/// Fields of an event line that a decision or a suggestion needs. Others are ignored.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Line {
    /// Number of the event.
    pub seq: u64,
    /// Time, microseconds since the Unix epoch.
    pub ts: u64,
    /// Process.
    pub pid: Option<u32>,
    /// `type`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Recorded routing.
    pub routing: Option<String>,
    /// Recorded rule.
    pub rule: Option<String>,
    /// Missing facts of the recorded decision.
    pub depends_on: Vec<String>,
    /// Reason for which a released mirrord never sees the operation.
    pub unhooked: Option<String>,
    /// Outcome that was seen.
    pub outcome: Option<String>,
    /// Path of a file.
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
    /// Variables of the environment with their values, where those are known.
    pub vars: Vec<(String, Option<String>)>,
    /// Connections that arrived at a listener.
    pub arrivals: Option<u64>,
    /// `in` or `out`, of a connection.
    pub direction: Option<String>,
    /// The program's end of a connection.
    pub local: Option<String>,
    /// Remark on a listener: nothing is known of its arrivals.
    pub note: Option<String>,
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
        if self.kind != "EnvVar" {
            return self.operation().into_iter().collect();
        }
        let variable = |name: &String| Named {
            kind: "EnvVar",
            name: name.clone(),
            operation: String::new(),
            decided: Operation::Env { name: name.clone() },
        };
        self.vars.iter().map(|(name, _)| variable(name)).collect()
    }

    /// Reports one of the two paths of a rename.
    pub(crate) fn is_rename(&self) -> bool {
        self.is_file() && self.operation == "rename"
    }

    /// Returns the operation of a rename, of whose two events this is the second.
    pub(crate) fn renamed(&self, from: &Self) -> Option<Named> {
        let (old, new) = (from.fields(), self.fields());
        Some(Named {
            kind: "FileOp",
            name: self.path.clone()?,
            operation: self.operation.clone(),
            decided: Operation::Rename {
                from: old.passed_path()?.to_owned(),
                to: new.passed_path()?.to_owned(),
            },
        })
    }

    /// Reports an operation on a named file.
    pub(crate) fn is_file(&self) -> bool {
        self.kind == "FileOp" && self.path.is_some()
    }

    fn operation(&self) -> Option<Named> {
        let decided = self.fields().operation()?;
        let own = |text: &Option<String>| text.clone().unwrap_or_default();
        let (kind, name, operation) = match &decided {
            Operation::File(_) => ("FileOp", own(&self.path), self.operation.clone()),
            Operation::Lookup { .. } => ("DnsQuery", self.host.clone(), String::new()),
            Operation::ConnectUnix { name } => ("OutgoingConnection", name.clone(), "unix".to_owned()),
            Operation::Connect { address, .. } | Operation::SendTo { address } => {
                let protocol = self.protocol.clone().unwrap_or_else(|| "tcp".to_owned());
                ("OutgoingConnection", address.to_string(), protocol)
            }
            Operation::Listen { address } => ("PortSubscription", address.port().to_string(), String::new()),
            _ => return None,
        };
        Some(Named {
            kind,
            name,
            operation,
            decided,
        })
    }

    fn fields(&self) -> EventFields {
        EventFields {
            kind: self.kind.clone(),
            path: self.path.clone(),
            passed: self.passed.clone(),
            write: self.write,
            operation: self.operation.clone(),
            host: self.host.clone(),
            port: self.port,
            address: self.address.clone(),
            protocol: self.protocol.clone(),
            sendto: self.sendto,
            depends_on: self.depends_on.clone(),
        }
    }
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
            r#"{"type":"FileOp","path":"/a","operation":"chmod"}"#,
        ] {
            assert_eq!(one(json), None, "{json}");
        }
    }
}
