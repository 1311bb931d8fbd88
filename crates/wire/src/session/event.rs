//! The event line: an event of a session, one JSON object a line.
//!
//! Written flat and in a fixed order (`seq`, `ts`, `type`, the event's own fields, then `pid`, `outcome`, `routing`, `rule`,
//! `depends_on`, `unhooked`, `root`), read in any order. An event whose type is unknown, or whose fields are not of the known shape, is never refused: it is
//! carried as [`MonitorEvent::Unknown`] and written again as it came.

use std::borrow::Cow;

use serde::ser::SerializeMap;
use serde::{Deserialize, Serialize, Serializer};

use super::connections::ListenerUpdate;
use super::decision::DecisionDetail;
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
    /// News of a connection of the program, out or in: what became of it, how much went over it.
    ConnectionUpdate(Box<ConnectionUpdate>),
    /// News of a socket that listens: who came, how much went over it.
    ListenerUpdate(Box<ListenerUpdate>),
    /// The program listens on a port, and the session serves it; with the outcome `failed`, it could not have the port.
    PortSubscription {
        /// The port.
        port: u16,
        /// `steal`, `mirror`, or `listen` where no cluster is involved.
        mode: Cow<'static, str>,
        /// The HTTP filter, where one is configured.
        filter: Option<String>,
        /// The local address, where it is known: an IP address, or `*` for every IPv4 and IPv6 address.
        address: Option<String>,
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
        /// Its working directory, where it is known.
        cwd: Option<String>,
    },
    /// A process of the session ended.
    LayerDisconnected {
        /// The process.
        pid: u32,
        /// Its exit code or signal, where it is known.
        exit: Exit,
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

/// State of a connection, as the kernel has it now.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ConnectionUpdate {
    /// `tcp` or `udp`.
    pub protocol: Cow<'static, str>,
    /// Side that opened it.
    pub direction: Direction,
    /// The program's end, `IP:PORT`.
    pub local: String,
    /// The other end, `IP:PORT`.
    pub remote: String,
    /// `established`, `closed`, `syn_sent`, …: the kernel's word for it.
    pub state: Cow<'static, str>,
    /// Bytes that the program received, where they are known: at least so many.
    pub bytes_in: Option<u64>,
    /// Bytes that the program sent and the other end acknowledged, where they are known: at least so many.
    pub bytes_out: Option<u64>,
    /// Smoothed round-trip time, microseconds, where it is known.
    pub rtt_us: Option<u64>,
    /// Time from the first sight of it until now, microseconds, where it is known.
    pub duration_us: Option<u64>,
}

/// Side that opened a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// The program connected.
    #[default]
    Out,
    /// Another one connected to the program.
    In,
}

/// End of a process; empty where it is not known.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct Exit {
    /// Its exit code, where it ended by itself.
    #[serde(rename = "exit_code", skip_serializing_if = "Option::is_none")]
    pub code: Option<i32>,
    /// The name of the signal that ended it, such as `SIGABRT`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signal: Option<Cow<'static, str>>,
}

impl Direction {
    /// Returns its word on the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Out => "out",
            Self::In => "in",
        }
    }
}

impl Exit {
    /// Reports that nothing is known.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        self.code.is_none() && self.signal.is_none()
    }
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

    /// An event of type `OutcomesUnavailable`: from now on these operations (`connections`) have no outcome, because the
    /// system refuses the observer a look. A reader that does not know it carries it as any unknown one.
    #[must_use]
    pub fn outcomes_unavailable(of: &str, pid: u32) -> Self {
        let field = |name: &str, value: serde_json::Value| Some((name.to_owned(), RawJson::new(&value)?));
        Self::Unknown {
            kind: "OutcomesUnavailable".to_owned(),
            fields: [field("of", of.into()), field("pid", pid.into())]
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
            Self::ConnectionUpdate(_) => "ConnectionUpdate",
            Self::ListenerUpdate(_) => "ListenerUpdate",
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
            Self::ConnectionUpdate(update) => update.write(map),
            Self::ListenerUpdate(update) => update.write(map),
            Self::PortSubscription {
                port,
                mode,
                filter,
                address,
            } => {
                map.serialize_entry("port", port)?;
                map.serialize_entry("mode", mode)?;
                optional(map, "filter", filter.as_ref())?;
                optional(map, "address", address.as_ref())
            }
            Self::EnvVar { vars } => map.serialize_entry("vars", vars),
            Self::LayerConnected {
                pid,
                parent_pid,
                process_name,
                cmdline,
                cwd,
            } => {
                map.serialize_entry("pid", pid)?;
                optional(map, "parent_pid", parent_pid.as_ref())?;
                optional(map, "process_name", process_name.as_ref())?;
                optional(map, "cmdline", (!cmdline.is_empty()).then_some(cmdline))?;
                optional(map, "cwd", cwd.as_ref())
            }
            Self::LayerDisconnected { pid, exit } => {
                map.serialize_entry("pid", pid)?;
                optional(map, "exit_code", exit.code)?;
                optional(map, "signal", exit.signal.as_ref())
            }
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

impl ConnectionUpdate {
    fn write<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        map.serialize_entry("protocol", &self.protocol)?;
        map.serialize_entry("direction", &self.direction)?;
        map.serialize_entry("local", &self.local)?;
        map.serialize_entry("remote", &self.remote)?;
        map.serialize_entry("state", &self.state)?;
        optional(map, "bytes_in", self.bytes_in)?;
        optional(map, "bytes_out", self.bytes_out)?;
        optional(map, "rtt_us", self.rtt_us)?;
        optional(map, "duration_us", self.duration_us)
    }
}

impl DecisionDetail {
    /// Writes the fields that belong to the event's own, each for its type alone.
    fn write_inputs<M: SerializeMap>(&self, event: &MonitorEvent, map: &mut M) -> Result<(), M::Error> {
        match event {
            MonitorEvent::FileOp { .. } => {
                optional(map, "passed", self.passed.as_ref())?;
                optional(map, "write", self.write.then_some(true))
            }
            MonitorEvent::DnsQuery { .. } => optional(map, "port", self.port),
            MonitorEvent::OutgoingConnection { .. } => optional(map, "sendto", self.sendto.then_some(true)),
            _ => Ok(()),
        }
    }
}

pub(super) fn optional<M: SerializeMap, T: Serialize>(
    map: &mut M,
    name: &str,
    value: Option<T>,
) -> Result<(), M::Error> {
    value.map_or(Ok(()), |value| map.serialize_entry(name, &value))
}

/// Destination of an operation: the cluster or this machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Routing {
    /// To the cluster.
    Remote,
    /// It stayed on this machine.
    Local,
    /// Answered as "no such file" by a rule.
    NotFound,
    /// Answered with success by the layer itself: nothing is connected.
    Mock,
    /// Answered with an error by a rule.
    Error,
}

impl Routing {
    /// All of them, in the order of their declaration.
    pub const ALL: [Self; 5] = [Self::Remote, Self::Local, Self::NotFound, Self::Mock, Self::Error];

    /// Returns its word on the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Remote => "remote",
            Self::Local => "local",
            Self::NotFound => "not_found",
            Self::Mock => "mock",
            Self::Error => "error",
        }
    }
}

/// Result of an operation, as far as it is known: of a look-up of a path the first three, of a connection the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It is there, and the caller may use it so.
    Ok,
    /// Nothing is there.
    NotFound,
    /// It is there, and the caller may not use it so; or the way to it is barred.
    Denied,
    /// The other end accepted.
    Connected,
    /// The other end refused, or could not be reached.
    Failed,
    /// No answer yet.
    Pending,
}

impl Outcome {
    /// All of them, in the order of their declaration.
    pub const ALL: [Self; 6] = [
        Self::Ok,
        Self::NotFound,
        Self::Denied,
        Self::Connected,
        Self::Failed,
        Self::Pending,
    ];

    /// Returns its word on the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::NotFound => "not_found",
            Self::Denied => "denied",
            Self::Connected => "connected",
            Self::Failed => "failed",
            Self::Pending => "pending",
        }
    }
}

/// An event, with what its observer knows of it: what an emitter gives, before it has a number and a time.
#[derive(Debug, Clone, PartialEq)]
pub struct Observation {
    /// The event.
    pub event: MonitorEvent,
    /// The process that did it. Not used for the two layer events, which name their process themselves.
    pub pid: Option<u32>,
    /// Result of the operation, where it is known.
    pub outcome: Option<Outcome>,
    /// Destination of the operation.
    pub routing: Option<Routing>,
    /// The config rule that decided the routing.
    pub rule: Option<Cow<'static, str>>,
    /// Inputs and limits of that decision. In a box, since most events have none.
    pub detail: Option<Box<DecisionDetail>>,
    /// The root directory of the program, where it is not that of who observes: the event's path starts there. Its path
    /// as the observer sees it; `mnt:[number]` before it where the program has a mount namespace of its own.
    pub root: Option<Cow<'static, str>>,
}

impl From<MonitorEvent> for Observation {
    fn from(event: MonitorEvent) -> Self {
        Self {
            event,
            pid: None,
            outcome: None,
            routing: None,
            rule: None,
            detail: None,
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
            MonitorEvent::LayerConnected { pid, .. } | MonitorEvent::LayerDisconnected { pid, .. } => Some(*pid),
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
        let detail = self.observation.detail.as_deref();
        if let Some(detail) = detail {
            detail.write_inputs(&self.observation.event, &mut map)?;
        }
        let names_itself = matches!(
            self.observation.event,
            MonitorEvent::LayerConnected { .. } | MonitorEvent::LayerDisconnected { .. } | MonitorEvent::Unknown { .. }
        );
        optional(&mut map, "pid", self.observation.pid.filter(|_| !names_itself))?;
        if !matches!(self.observation.event, MonitorEvent::Unknown { .. }) {
            optional(&mut map, "outcome", self.observation.outcome)?;
            optional(&mut map, "routing", self.observation.routing)?;
            optional(&mut map, "rule", self.observation.rule.as_ref())?;
            if let Some(detail) = detail {
                optional(
                    &mut map,
                    "depends_on",
                    Some(&detail.depends_on).filter(|on| !on.is_empty()),
                )?;
                optional(&mut map, "unhooked", detail.unhooked)?;
            }
            optional(&mut map, "root", self.observation.root.as_ref())?;
        }
        map.end()
    }
}
