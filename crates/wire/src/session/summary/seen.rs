//! Borrowed view of an event, from which a summary counts: the page's scanner and the wire's own lines both give one.

use crate::session::event::{ConnectionUpdate, EventLine, Exit, MonitorEvent, Outcome};

/// An event with the fields that a summary reads.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Seen<'a> {
    /// Number of the event.
    pub seq: u64,
    /// Microseconds since the Unix epoch.
    pub ts: u64,
    /// The process that it is about; 0 where that is not known.
    pub pid: u32,
    /// Result of the operation, where it is known.
    pub outcome: Option<Outcome>,
    /// The event's own fields.
    pub event: SeenEvent<'a>,
}

/// The fields of an event's type.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum SeenEvent<'a> {
    /// A file operation on a path.
    File {
        /// The path.
        path: &'a str,
        /// `open`, `stat`, …
        operation: &'a str,
    },
    /// A name look-up.
    Dns {
        /// The name.
        host: &'a str,
    },
    /// An outgoing connection.
    Connect {
        /// An address without its port, or a Unix socket's.
        address: &'a str,
        /// The port; 0 for a Unix socket.
        port: u16,
    },
    /// News of a connection.
    Update(&'a ConnectionUpdate),
    /// A port that is listened on, or could not be.
    Port {
        /// The port.
        port: u16,
    },
    /// Numbers of a socket that listens.
    Listener {
        /// The port.
        port: u16,
        /// Connections that arrived, where that is known.
        arrivals: Option<u64>,
        /// Time of the last arrival, where there was one.
        last_ts: Option<u64>,
    },
    /// A process started, or another program in it.
    Started {
        /// Its name.
        name: &'a str,
        /// Its command line; empty where it is not known.
        cmdline: &'a [String],
    },
    /// A process ended.
    Ended(&'a Exit),
    /// A request that arrived.
    Request {
        /// The host that was asked for, perhaps with a port.
        host: &'a str,
    },
    /// Anything else.
    Other,
}

impl<'a> From<&'a EventLine> for Seen<'a> {
    fn from(line: &'a EventLine) -> Self {
        let event = match line.event() {
            MonitorEvent::FileOp {
                path: Some(path),
                operation,
            } => SeenEvent::File { path, operation },
            MonitorEvent::DnsQuery { host } => SeenEvent::Dns { host },
            MonitorEvent::OutgoingConnection { address, port, .. } => SeenEvent::Connect { address, port: *port },
            MonitorEvent::ConnectionUpdate(update) => SeenEvent::Update(update),
            MonitorEvent::PortSubscription { port, .. } => SeenEvent::Port { port: *port },
            MonitorEvent::ListenerUpdate(update) => SeenEvent::Listener {
                port: update.port,
                arrivals: update.arrivals,
                last_ts: update.last_ts,
            },
            MonitorEvent::LayerConnected {
                process_name, cmdline, ..
            } => SeenEvent::Started {
                name: process_name.as_deref().unwrap_or_default(),
                cmdline,
            },
            MonitorEvent::LayerDisconnected { exit, .. } => SeenEvent::Ended(exit),
            MonitorEvent::IncomingRequest { host, .. } => SeenEvent::Request { host },
            MonitorEvent::FileOp { path: None, .. } | MonitorEvent::EnvVar { .. } | MonitorEvent::Unknown { .. } => {
                SeenEvent::Other
            }
        };
        Self {
            seq: line.seq,
            ts: line.ts,
            pid: line.pid().unwrap_or_default(),
            outcome: line.observation.outcome,
            event,
        }
    }
}
