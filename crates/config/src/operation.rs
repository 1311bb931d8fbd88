//! Operations of a program, in the form of the case files and of the command line.

use std::net::SocketAddr;

use serde::{Deserialize, Serialize};

/// Operation as JSON has it: `{"kind":"connect_tcp","address":"10.0.0.5:5432"}`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperationFields {
    /// Kind of the operation; see [`kinds`].
    pub kind: String,
    /// Path of a file, as the program passed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// New path of `rename`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// Address and port.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Path of a Unix socket.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unix: Option<String>,
    /// Abstract name of a Unix socket.
    #[serde(default, rename = "abstract", skip_serializing_if = "Option::is_none")]
    pub abstract_name: Option<String>,
    /// Name that is looked up, or of a variable.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Service of a look-up as a number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub port: Option<u16>,
    /// Service of a look-up as text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// `AI_NUMERICHOST` of `getaddrinfo(3)`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub numeric_host: bool,
}

/// Operation that is decided.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Operation {
    /// Operation on a path.
    File(FileOperation),
    /// `rename(2)`: both paths.
    Rename {
        /// Old path.
        from: String,
        /// New path.
        to: String,
    },
    /// `connect(2)` to an IP address.
    Connect {
        /// Transport.
        transport: Transport,
        /// Peer.
        address: SocketAddr,
    },
    /// `connect(2)` to a Unix socket, stream or seqpacket.
    ConnectUnix {
        /// Path or abstract name.
        name: String,
    },
    /// `sendto(2)` on a UDP socket that is not connected.
    SendTo {
        /// Peer.
        address: SocketAddr,
    },
    /// `getaddrinfo(3)` or `gethostbyname(3)`.
    Lookup {
        /// Node; `None` where there is none.
        name: Option<String>,
        /// The service, where it is a number.
        port: u16,
        /// `AI_NUMERICHOST`.
        numeric_host: bool,
    },
    /// `bind(2)` and `listen(2)` on TCP.
    Listen {
        /// Local address.
        address: SocketAddr,
    },
    /// `bind(2)` on UDP.
    BindUdp {
        /// Local address.
        address: SocketAddr,
    },
    /// Variable of the environment, as the program sees it.
    Env {
        /// Name.
        name: String,
    },
    /// The process itself.
    Process,
}

/// Transport of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// TCP.
    Tcp,
    /// UDP.
    Udp,
}

/// Operation on a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileOperation {
    /// Path, as the program passed it.
    pub path: String,
    /// Decided as a write: for writing, creating, removing, or with a quirk of the released mirrord.
    pub is_write: bool,
    /// The path is relative to a descriptor, and not to the working directory.
    pub has_dirfd: bool,
}

/// Kinds of operations on a path; `true` for those that are decided as writes.
const FILE_KINDS: [(&str, bool); 22] = [
    ("file_read", false),
    ("file_write", true),
    ("file_read_write", true),
    ("file_create", true),
    ("file_append", true),
    ("file_read_create", true),
    ("stat", false),
    ("lstat", false),
    ("statx", false),
    ("fstatat_cwd", false),
    // A quirk of the released one: decided as a write.
    ("fstatat_dirfd", true),
    ("access_read", false),
    ("access_exists", false),
    ("access_write", true),
    ("readlink", false),
    ("realpath", false),
    ("statfs", false),
    ("opendir", false),
    ("mkdir", true),
    ("rmdir", true),
    ("unlink", true),
    ("unlinkat", true),
];

/// Kinds of the other operations, each with its arguments on the command line.
const OTHER_KINDS: [(&str, &str); 11] = [
    ("rename", "OLD NEW"),
    ("connect_tcp", "ADDRESS:PORT"),
    ("connect_udp", "ADDRESS:PORT"),
    ("connect_unix", "PATH or @NAME"),
    ("connect_seqpacket", "PATH or @NAME"),
    ("sendto_udp", "ADDRESS:PORT"),
    ("dns", "NAME [PORT]"),
    ("listen", "PORT or ADDRESS:PORT"),
    ("bind_udp", "PORT or ADDRESS:PORT"),
    ("env", "NAME"),
    ("process", "[PATH]"),
];

/// Lists the kinds with their arguments on the command line.
pub fn kinds() -> impl Iterator<Item = (&'static str, &'static str)> {
    let files = FILE_KINDS.iter().map(|(kind, ..)| (*kind, "PATH"));
    files.chain(OTHER_KINDS)
}

/// Reason why an operation is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OperationError {
    /// No such kind.
    #[error("unknown kind of operation `{0}`")]
    UnknownKind(String),
    /// Something is missing or of another form.
    #[error("{kind}: {reason}")]
    Argument {
        /// The kind.
        kind: String,
        /// The reason.
        reason: String,
    },
}

impl OperationFields {
    /// Reads the words of a command line: a kind and its arguments.
    ///
    /// # Errors
    /// The kind is unknown, or an argument is missing or too much.
    pub fn from_words(kind: &str, words: &[String]) -> Result<Self, OperationError> {
        let mut fields = Self {
            kind: kind.to_owned(),
            ..Self::default()
        };
        let Some((_, usage)) = kinds().find(|(known, _)| *known == kind) else {
            return Err(OperationError::UnknownKind(kind.to_owned()));
        };
        let mut words = words.iter().cloned();
        let first = words.next();
        match kind {
            "connect_unix" | "connect_seqpacket" => match first.as_deref().and_then(|name| name.strip_prefix('@')) {
                Some(name) => fields.abstract_name = Some(name.to_owned()),
                None => fields.unix = first,
            },
            "listen" | "bind_udp" => {
                fields.address = first.map(|text| match text.parse::<u16>() {
                    Ok(port) => format!("0.0.0.0:{port}"),
                    Err(_) => text,
                });
            }
            "connect_tcp" | "connect_udp" | "sendto_udp" => fields.address = first,
            "dns" => {
                fields.name = first;
                fields.service = words.next();
            }
            "env" | "process" => fields.name = first,
            "rename" => {
                fields.path = first;
                fields.to = words.next();
            }
            _ => fields.path = first,
        }
        match words.next() {
            Some(_) => Err(fields.wrong(&format!("its arguments are {usage}"))),
            None => Ok(fields),
        }
    }

    fn wrong(&self, reason: &str) -> OperationError {
        OperationError::Argument {
            kind: self.kind.clone(),
            reason: reason.to_owned(),
        }
    }

    fn need(&self, value: Option<&String>, name: &str) -> Result<String, OperationError> {
        value.cloned().ok_or_else(|| self.wrong(&format!("needs {name}")))
    }

    fn socket_address(&self) -> Result<SocketAddr, OperationError> {
        let text = self.need(self.address.as_ref(), "an address")?;
        let reason = || {
            format!(
                "`{text}` is no address: give it as `10.0.0.5:5432` or `[2001:db8::1]:443`; a name is looked up first, \
                 by `dns`"
            )
        };
        let port = text.rsplit(':').next().and_then(|port| port.parse::<u64>().ok());
        if port.is_some_and(|port| port > u64::from(u16::MAX)) {
            return Err(self.wrong(&format!("`{text}` has no port: the highest is {}", u16::MAX)));
        }
        text.parse().map_err(|_| self.wrong(&reason()))
    }

    /// Converts the fields into an operation.
    ///
    /// # Errors
    /// The kind is unknown, or a field that it needs is missing or wrong.
    pub fn operation(&self) -> Result<Operation, OperationError> {
        if let Some((_, is_write)) = FILE_KINDS.iter().find(|(kind, ..)| *kind == self.kind) {
            return Ok(Operation::File(FileOperation {
                path: self.need(self.path.as_ref(), "a path")?,
                is_write: *is_write,
                has_dirfd: self.kind == "fstatat_dirfd",
            }));
        }
        Ok(match self.kind.as_str() {
            "rename" => Operation::Rename {
                from: self.need(self.path.as_ref(), "a path")?,
                to: self.need(self.to.as_ref(), "a second path")?,
            },
            "connect_tcp" | "connect_udp" => Operation::Connect {
                transport: if self.kind == "connect_tcp" {
                    Transport::Tcp
                } else {
                    Transport::Udp
                },
                address: self.socket_address()?,
            },
            "connect_unix" | "connect_seqpacket" => Operation::ConnectUnix {
                name: self.need(self.unix.as_ref().or(self.abstract_name.as_ref()), "a path")?,
            },
            "sendto_udp" => Operation::SendTo {
                address: self.socket_address()?,
            },
            "dns" => Operation::Lookup {
                name: self.name.clone().filter(|name| !name.is_empty()),
                port: self.port.or_else(|| self.service.as_ref()?.parse().ok()).unwrap_or(0),
                numeric_host: self.numeric_host,
            },
            "listen" => Operation::Listen {
                address: self.socket_address()?,
            },
            "bind_udp" => Operation::BindUdp {
                address: self.socket_address()?,
            },
            "env" => Operation::Env {
                name: self.need(self.name.as_ref(), "a name")?,
            },
            "process" => Operation::Process,
            _ => return Err(OperationError::UnknownKind(self.kind.clone())),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Result<Operation, OperationError> {
        let mut words = line.split(' ').map(str::to_owned);
        let kind = words.next().unwrap();
        OperationFields::from_words(&kind, &words.collect::<Vec<_>>())?.operation()
    }

    #[test]
    fn each_kind_takes_its_arguments() {
        assert!(matches!(words("file_read /a"), Ok(Operation::File(_))));
        assert!(matches!(words("rename /a /b"), Ok(Operation::Rename { .. })));
        assert!(matches!(words("dns db 5432"), Ok(Operation::Lookup { port: 5432, .. })));
        assert!(matches!(words("listen 8080"), Ok(Operation::Listen { address }) if address.port() == 8080));
        assert_eq!(
            words("connect_unix @dbus"),
            Ok(Operation::ConnectUnix {
                name: "dbus".to_owned()
            })
        );
        assert!(matches!(words("process"), Ok(Operation::Process)));
        for (kind, _) in kinds() {
            assert!(!matches!(words(kind), Err(OperationError::UnknownKind(_))), "{kind}");
        }
    }

    #[test]
    fn a_wrong_argument_is_named() {
        let error = words("connect_tcp db:5432").unwrap_err().to_string();
        assert!(error.contains("`db:5432`") && error.contains("dns"), "{error}");
        assert!(words("file_read").is_err() && words("file_read /a /b").is_err());
        assert!(matches!(words("file_raed /a"), Err(OperationError::UnknownKind(_))));
    }
}
