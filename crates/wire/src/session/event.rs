//! The event line: an event of a session, one JSON object a line.
//!
//! Written flat and in a fixed order (`seq`, `ts`, `type`, the event's own fields, then `pid`, `routing`, `rule`, `root`), read
//! in any order. An event whose type is unknown, or whose fields are not of the known shape, is never refused: it is
//! carried as [`MonitorEvent::Unknown`] and written again as it came.

use std::borrow::Cow;

use serde::ser::SerializeMap;
use serde::{Deserialize, Serialize, Serializer};

use super::json::RawJson;

/// The largest number of an event: the largest integer that JavaScript has exactly.
pub const MAX_SEQ: u64 = (1 << 53) - 1;

/// One thing that a session's program did, or that happened to the session.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum MonitorEvent {
    /// A file operation.
    FileOp {
        /// The absolute path; `None` where the operation named an open file (a released mirrord's `read`, `close`, …).
        path: Option<String>,
        /// `open`, `read`, `write`, `stat`, `access`, `unlink`, `mkdir`, `rmdir`, `rename`, `readlink`, `opendir`, …
        operation: Cow<'static, str>,
    },
    /// A name look-up.
    DnsQuery {
        /// The name that was asked for, without the root's dot.
        host: String,
    },
    /// An outgoing connection.
    OutgoingConnection {
        /// An address literal without its port, or `<UNIX-PATH> /path` for a Unix socket.
        address: String,
        /// The port; 0 for a Unix socket.
        port: u16,
        /// `tcp`, `udp` or `unix`, where it is known.
        protocol: Option<Cow<'static, str>>,
    },
    /// The program listens on a port, and the session serves it.
    PortSubscription {
        /// The port.
        port: u16,
        /// `steal`, `mirror`, or `listen` where no cluster is involved.
        mode: Cow<'static, str>,
        /// The HTTP filter, where one is configured.
        filter: Option<String>,
    },
    /// Environment variables that the session fetched.
    EnvVar {
        /// Names and values; the value is `None` where only the name is known.
        vars: Vec<(String, Option<String>)>,
    },
    /// A process of the session started.
    LayerConnected {
        /// The process.
        pid: u32,
        /// Its parent, where it is known.
        parent_pid: Option<u32>,
        /// Its name, where it is known.
        process_name: Option<String>,
        /// Its command line; empty where it is not known.
        cmdline: Vec<String>,
    },
    /// A process of the session ended.
    LayerDisconnected {
        /// The process.
        pid: u32,
    },
    /// A request that arrived for the program.
    IncomingRequest {
        /// The HTTP method.
        method: String,
        /// The path with its query.
        path: String,
        /// The host that was asked for.
        host: String,
    },
    /// An event of a type, or of a shape, that this version does not know.
    Unknown {
        /// The `type` as it came.
        kind: String,
        /// Every other field but `seq` and `ts`, in the order in which they came.
        fields: Vec<(String, RawJson)>,
    },
}

/// The `type` of an event after which a session is incomplete; see [`MonitorEvent::incomplete`].
pub(crate) const INCOMPLETE: &str = "Incomplete";

impl MonitorEvent {
    /// An event of type `Incomplete`: from now on the program can do what its observer does not see, for this reason
    /// (`io_uring`). A reader that does not know it carries it as any unknown one.
    #[must_use]
    pub fn incomplete(reason: &str, pid: u32) -> Self {
        let field = |name: &str, value: serde_json::Value| Some((name.to_owned(), RawJson::new(&value)?));
        Self::Unknown {
            kind: INCOMPLETE.to_owned(),
            fields: [field("reason", reason.into()), field("pid", pid.into())]
                .into_iter()
                .flatten()
                .collect(),
        }
    }

    /// The `type` of the event on the wire.
    #[must_use]
    pub fn kind(&self) -> &str {
        match self {
            Self::FileOp { .. } => "FileOp",
            Self::DnsQuery { .. } => "DnsQuery",
            Self::OutgoingConnection { .. } => "OutgoingConnection",
            Self::PortSubscription { .. } => "PortSubscription",
            Self::EnvVar { .. } => "EnvVar",
            Self::LayerConnected { .. } => "LayerConnected",
            Self::LayerDisconnected { .. } => "LayerDisconnected",
            Self::IncomingRequest { .. } => "IncomingRequest",
            Self::Unknown { kind, .. } => kind,
        }
    }

    fn write<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        map.serialize_entry("type", self.kind())?;
        match self {
            Self::FileOp { path, operation } => {
                map.serialize_entry("path", path)?;
                map.serialize_entry("operation", operation)
            }
            Self::DnsQuery { host } => map.serialize_entry("host", host),
            Self::OutgoingConnection {
                address,
                port,
                protocol,
            } => {
                map.serialize_entry("address", address)?;
                map.serialize_entry("port", port)?;
                optional(map, "protocol", protocol.as_ref())
            }
            Self::PortSubscription { port, mode, filter } => {
                map.serialize_entry("port", port)?;
                map.serialize_entry("mode", mode)?;
                optional(map, "filter", filter.as_ref())
            }
            Self::EnvVar { vars } => map.serialize_entry("vars", vars),
            Self::LayerConnected {
                pid,
                parent_pid,
                process_name,
                cmdline,
            } => {
                map.serialize_entry("pid", pid)?;
                optional(map, "parent_pid", parent_pid.as_ref())?;
                optional(map, "process_name", process_name.as_ref())?;
                optional(map, "cmdline", (!cmdline.is_empty()).then_some(cmdline))
            }
            Self::LayerDisconnected { pid } => map.serialize_entry("pid", pid),
            Self::IncomingRequest { method, path, host } => {
                map.serialize_entry("method", method)?;
                map.serialize_entry("path", path)?;
                map.serialize_entry("host", host)
            }
            Self::Unknown { fields, .. } => fields
                .iter()
                .try_for_each(|(name, value)| map.serialize_entry(name, value)),
        }
    }
}

fn optional<M: SerializeMap, T: Serialize>(map: &mut M, name: &str, value: Option<T>) -> Result<(), M::Error> {
    value.map_or(Ok(()), |value| map.serialize_entry(name, &value))
}

/// Destination of an operation: the cluster or this machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Routing {
    /// To the cluster.
    Remote,
    /// It stayed on this machine.
    Local,
    /// Answered as "no such file" by a rule.
    NotFound,
}

/// An event, with what its observer knows of it: what an emitter gives, before it has a number and a time.
#[derive(Debug, Clone, PartialEq)]
pub struct Observation {
    /// The event.
    pub event: MonitorEvent,
    /// The process that did it. Not used for the two layer events, which name their process themselves.
    pub pid: Option<u32>,
    /// Destination of the operation.
    pub routing: Option<Routing>,
    /// The config rule that decided the routing.
    pub rule: Option<Cow<'static, str>>,
    /// The root directory of the program, where it is not that of who observes: the event's path starts there. Its path
    /// as the observer sees it; `mnt:[number]` before it where the program has a mount namespace of its own.
    pub root: Option<Cow<'static, str>>,
}

impl From<MonitorEvent> for Observation {
    fn from(event: MonitorEvent) -> Self {
        Self {
            event,
            pid: None,
            routing: None,
            rule: None,
            root: None,
        }
    }
}

/// One line of `/events`: an observation with its number and its time.
#[derive(Debug, Clone, PartialEq)]
pub struct EventLine {
    /// Counts every event emitted in the session, from 1.
    pub seq: u64,
    /// Microseconds since the Unix epoch.
    pub ts: u64,
    /// The event.
    pub observation: Observation,
}

impl EventLine {
    /// The event without what surrounds it.
    #[must_use]
    pub fn event(&self) -> &MonitorEvent {
        &self.observation.event
    }

    /// Returns the process that the event is about, whichever field has it.
    #[must_use]
    pub fn pid(&self) -> Option<u32> {
        match self.event() {
            MonitorEvent::LayerConnected { pid, .. } | MonitorEvent::LayerDisconnected { pid } => Some(*pid),
            _ => self.observation.pid,
        }
    }
}

impl Serialize for EventLine {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("seq", &self.seq)?;
        map.serialize_entry("ts", &self.ts)?;
        self.observation.event.write(&mut map)?;
        let names_itself = matches!(
            self.observation.event,
            MonitorEvent::LayerConnected { .. } | MonitorEvent::LayerDisconnected { .. } | MonitorEvent::Unknown { .. }
        );
        optional(&mut map, "pid", self.observation.pid.filter(|_| !names_itself))?;
        if !matches!(self.observation.event, MonitorEvent::Unknown { .. }) {
            optional(&mut map, "routing", self.observation.routing)?;
            optional(&mut map, "rule", self.observation.rule.as_ref())?;
            optional(&mut map, "root", self.observation.root.as_ref())?;
        }
        map.end()
    }
}
