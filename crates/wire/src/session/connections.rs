//! Connections and listeners of a session, bounded: what `ConnectionUpdate`, `ListenerUpdate` and `PortSubscription`
//! add up to.
//!
//! An update has the numbers of its socket so far, not the change, so that a lost one is made good by the next. A number
//! that is not known is absent, never 0.

use std::borrow::Cow;

use serde::ser::SerializeMap;
use serde::{Deserialize, Serialize};

use super::bounded;
use super::event::{ConnectionUpdate, Direction, EventLine, MonitorEvent, Outcome, optional};
use super::json::Fields;

/// The most connections kept, and the most listeners; of connections the longest closed goes first.
pub const MAX_SOCKETS: usize = 1_000;

/// Longest text of a socket that is kept, bytes; an update with a longer one is not listed.
const MAX_TEXT_BYTES: usize = 256;

/// `state` of a connection that is over.
pub const CLOSED: &str = "closed";

/// `note` of a port that could not be had: it is another socket's.
pub const BIND_FAILED: &str = "bind_failed";

/// State of a socket that listens, or of a bound UDP socket.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ListenerUpdate {
    /// `tcp`, `udp` or `unix`.
    pub protocol: Cow<'static, str>,
    /// An IP address, `*` for every IPv4 and IPv6 address, or `<UNIX-PATH> /path`.
    pub address: String,
    /// The port; 0 for a Unix socket.
    pub port: u16,
    /// Connections that arrived, where that is known: at least so many.
    pub arrivals: Option<u64>,
    /// Connections that are open now, where that is known.
    pub open: Option<u64>,
    /// Time of the last arrival, microseconds since the Unix epoch, where there was one.
    pub last_ts: Option<u64>,
    /// Bytes that came over its connections, where they are known: at least so many.
    pub bytes_in: Option<u64>,
    /// Bytes that went over its connections, where they are known: at least so many.
    pub bytes_out: Option<u64>,
    /// `ipv6_only`, `other_network`, `not_permitted`; see PROTOCOL.md.
    pub note: Option<Cow<'static, str>>,
    /// Set once it listens no more.
    pub closed: bool,
    /// Name of the process that has the port where this one could not have it, as far as it is known.
    pub holder: Option<String>,
    /// Number of that process.
    pub holder_pid: Option<u32>,
}

impl ListenerUpdate {
    pub(super) fn write<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        map.serialize_entry("protocol", &self.protocol)?;
        map.serialize_entry("address", &self.address)?;
        map.serialize_entry("port", &self.port)?;
        optional(map, "arrivals", self.arrivals)?;
        optional(map, "open", self.open)?;
        optional(map, "last_ts", self.last_ts)?;
        optional(map, "bytes_in", self.bytes_in)?;
        optional(map, "bytes_out", self.bytes_out)?;
        optional(map, "note", self.note.as_ref())?;
        optional(map, "closed", self.closed.then_some(true))?;
        optional(map, "holder", self.holder.as_ref())?;
        optional(map, "holder_pid", self.holder_pid)
    }

    pub(super) fn read(fields: &Fields) -> Option<Self> {
        Some(Self {
            protocol: Cow::Owned(fields.text("protocol")?),
            address: fields.text("address")?,
            port: fields.number("port")?,
            arrivals: fields.number("arrivals"),
            open: fields.number("open"),
            last_ts: fields.number("last_ts"),
            bytes_in: fields.number("bytes_in"),
            bytes_out: fields.number("bytes_out"),
            note: fields.text("note").map(Cow::Owned),
            closed: fields.parse("closed").unwrap_or_default(),
            holder: fields.text("holder"),
            holder_pid: fields.number("holder_pid"),
        })
    }
}

/// A TCP connection of the session, open or closed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct Connection {
    /// The process that has it, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pid: Option<u32>,
    /// `tcp` or `udp`.
    pub protocol: String,
    /// Side that opened it.
    pub direction: Direction,
    /// The program's end, `IP:PORT`.
    pub local: String,
    /// The other end, `IP:PORT`.
    pub remote: String,
    /// The kernel's word for it: `established`, `closed`, `syn_sent`, …
    pub state: String,
    /// `connected`, `failed` or `pending`, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// Bytes that the program received, where they are known: at least so many.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bytes_in: Option<u64>,
    /// Bytes that the program sent and the other end acknowledged, where they are known: at least so many.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bytes_out: Option<u64>,
    /// Smoothed round-trip time, microseconds, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rtt_us: Option<u64>,
    /// First sight of it, microseconds since the Unix epoch, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub opened_ts: Option<u64>,
    /// Its end, microseconds since the Unix epoch; absent while it is open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed_ts: Option<u64>,
}

impl Connection {
    /// Two connections with the same ends are one where the second began before the first was over.
    fn is_same(&self, line: &EventLine, update: &ConnectionUpdate) -> bool {
        let opened = line.ts.saturating_sub(update.duration_us.unwrap_or(0));
        self.closed_ts
            .is_none_or(|closed| closed >= opened && update.state == CLOSED)
            && self.pid == line.observation.pid
            && self.local == update.local
            && self.remote == update.remote
            && self.protocol == update.protocol
    }

    /// Takes the numbers of an update, and returns by how many bytes they grew.
    fn take(&mut self, line: &EventLine, update: &ConnectionUpdate) -> (u64, u64) {
        let grown = (
            grow(&mut self.bytes_in, update.bytes_in),
            grow(&mut self.bytes_out, update.bytes_out),
        );
        self.state = update.state.to_string();
        self.direction = update.direction;
        self.outcome = line.observation.outcome.or(self.outcome);
        self.rtt_us = update.rtt_us.or(self.rtt_us);
        let opened = update.duration_us.map(|lasted| line.ts.saturating_sub(lasted));
        self.opened_ts = self.opened_ts.or(opened);
        self.closed_ts = (update.state == CLOSED).then_some(line.ts);
        grown
    }
}

/// Takes a newer number where there is one, and returns by how much it grew.
fn grow(own: &mut Option<u64>, newer: Option<u64>) -> u64 {
    let Some(newer) = newer else {
        return 0;
    };
    let before = own.unwrap_or(0);
    *own = Some(newer.max(before));
    newer.saturating_sub(before)
}

/// A socket of the session that listens, a bound UDP socket, or a port that could not be had.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct Listener {
    /// The process that has it, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pid: Option<u32>,
    /// `tcp`, `udp` or `unix`.
    pub protocol: String,
    /// An IP address, `*` for every IPv4 and IPv6 address, or `<UNIX-PATH> /path`; empty where it is not known.
    pub address: String,
    /// The port; 0 for a Unix socket.
    pub port: u16,
    /// Connections that arrived, where that is known: at least so many.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub arrivals: Option<u64>,
    /// Connections that are open now, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub open: Option<u64>,
    /// Time of the last arrival, microseconds since the Unix epoch, where there was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_ts: Option<u64>,
    /// Bytes that came over its connections, where they are known: at least so many.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bytes_in: Option<u64>,
    /// Bytes that went over its connections, where they are known: at least so many.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bytes_out: Option<u64>,
    /// Remark on it: `bind_failed`, `ipv6_only`, `other_network`, `not_permitted`; see PROTOCOL.md.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Time from which it listens no more, microseconds since the Unix epoch; absent while it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed_ts: Option<u64>,
    /// Name of the process that has the port where this one could not have it, as far as it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub holder: Option<String>,
    /// Number of that process.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub holder_pid: Option<u32>,
}

impl Listener {
    /// Takes the numbers of an update, and returns by how many bytes they grew.
    fn take(&mut self, ts: u64, update: &ListenerUpdate) -> (u64, u64) {
        let grown = (
            grow(&mut self.bytes_in, update.bytes_in),
            grow(&mut self.bytes_out, update.bytes_out),
        );
        grow(&mut self.arrivals, update.arrivals);
        self.open = update.open.or(self.open.map(|_| 0).filter(|_| update.closed));
        self.last_ts = update.last_ts.or(self.last_ts);
        self.note = update.note.as_deref().map(str::to_owned);
        self.closed_ts = update.closed.then_some(ts);
        self.holder = update.holder.clone().or(self.holder.take());
        self.holder_pid = update.holder_pid.or(self.holder_pid);
        grown
    }
}

/// Items with a bound, and the number of those that did not fit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, bound(deserialize = "T: Deserialize<'de>"))]
pub struct Sockets<T> {
    /// The items, oldest first.
    #[serde(deserialize_with = "bounded::list::<MAX_SOCKETS, _, _>")]
    pub items: Vec<T>,
    /// Number of items that are not kept.
    #[serde(rename = "more", alias = "omitted")]
    pub omitted: u64,
}

/// Connections with a bound, and the number of those that did not fit.
#[cfg(feature = "openapi")]
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "a form of the description alone")]
pub(super) struct ConnectionList {
    /// The items, oldest first.
    items: Vec<Connection>,
    /// Number of items that are not kept.
    more: u64,
}

/// Listeners with a bound, and the number of those that did not fit.
#[cfg(feature = "openapi")]
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "a form of the description alone")]
pub(super) struct ListenerList {
    /// The items, oldest first.
    items: Vec<Listener>,
    /// Number of items that are not kept.
    more: u64,
}

impl<T> Default for Sockets<T> {
    fn default() -> Self {
        Self {
            items: Vec::new(),
            omitted: 0,
        }
    }
}

impl<T> Sockets<T> {
    /// Reports that there never was one.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.items.is_empty() && self.omitted == 0
    }

    /// Adds an item; at the bound the oldest one that is over goes, and where none is, the oldest.
    fn push(&mut self, item: T, is_over: impl Fn(&T) -> bool) {
        if self.items.len() >= MAX_SOCKETS {
            let oldest = self.items.iter().position(is_over).unwrap_or(0);
            self.items.remove(oldest);
            self.omitted = self.omitted.saturating_add(1);
        }
        self.items.push(item);
    }
}

/// Bytes of all connections and listeners of a session, at least; absent numbers are counted as none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct Bytes {
    /// Bytes that the session's programs received.
    pub bytes_in: u64,
    /// Bytes that they sent and the other ends acknowledged.
    pub bytes_out: u64,
}

impl Bytes {
    fn add(&mut self, (bytes_in, bytes_out): (u64, u64)) {
        self.bytes_in = self.bytes_in.saturating_add(bytes_in);
        self.bytes_out = self.bytes_out.saturating_add(bytes_out);
    }
}

/// Connections and listeners of a session, for a reader that counts events in by itself.
#[derive(Debug, Clone, Default)]
pub struct SocketTable {
    /// Connections.
    pub connections: Sockets<Connection>,
    /// Sockets that listen.
    pub listeners: Sockets<Listener>,
    /// Bytes of all of them; absent where none are known.
    pub traffic: Option<Bytes>,
}

impl SocketTable {
    /// Counts one event in.
    pub fn apply(&mut self, line: &EventLine) {
        let Self {
            connections,
            listeners,
            traffic,
        } = self;
        SocketState {
            connections,
            listeners,
            traffic,
        }
        .apply(line);
    }
}

/// The parts of a session's state that `ConnectionUpdate` and `ListenerUpdate` change.
pub(super) struct SocketState<'a> {
    pub(super) connections: &'a mut Sockets<Connection>,
    pub(super) listeners: &'a mut Sockets<Listener>,
    pub(super) traffic: &'a mut Option<Bytes>,
}

impl SocketState<'_> {
    /// Counts one event in.
    pub(super) fn apply(&mut self, line: &EventLine) {
        match line.event() {
            MonitorEvent::ConnectionUpdate(update) => self.connection(line, update),
            MonitorEvent::ListenerUpdate(update) => self.listener(line.observation.pid, line.ts, update),
            MonitorEvent::PortSubscription { port, address, .. }
                if line.observation.outcome == Some(Outcome::Failed) =>
            {
                self.bind_failed(line, *port, address.as_deref().unwrap_or_default());
            }
            _ => {}
        }
    }

    fn connection(&mut self, line: &EventLine, update: &ConnectionUpdate) {
        let texts = [&*update.protocol, &*update.local, &*update.remote, &*update.state];
        if texts.iter().any(|text| text.len() > MAX_TEXT_BYTES) {
            self.connections.omitted = self.connections.omitted.saturating_add(1);
            return;
        }
        let pid = line.observation.pid;
        let known = self.connections.items.iter().rposition(|own| own.is_same(line, update));
        let at = known.unwrap_or_else(|| {
            let new = Connection {
                pid,
                protocol: update.protocol.to_string(),
                local: update.local.clone(),
                remote: update.remote.clone(),
                ..Connection::default()
            };
            self.connections.push(new, |own| own.closed_ts.is_some());
            self.connections.items.len() - 1
        });
        let grown = self.connections.items[at].take(line, update);
        // What arrives at a listener is in the listener's own numbers.
        if update.direction == Direction::Out && (update.bytes_in.is_some() || update.bytes_out.is_some()) {
            self.traffic.get_or_insert_default().add(grown);
        }
    }

    fn listener(&mut self, pid: Option<u32>, ts: u64, update: &ListenerUpdate) {
        let note = update.note.as_deref().unwrap_or_default();
        let holder = update.holder.as_deref().unwrap_or_default();
        if [&*update.protocol, &*update.address, note, holder]
            .iter()
            .any(|text| text.len() > MAX_TEXT_BYTES)
        {
            self.listeners.omitted = self.listeners.omitted.saturating_add(1);
            return;
        }
        let known = self.listeners.items.iter().rposition(|own| {
            // One that could not have the port is listed once, however often that is said.
            (own.closed_ts.is_none() || (note == BIND_FAILED && own.note.as_deref() == Some(BIND_FAILED)))
                && own.pid == pid
                && own.port == update.port
                && own.protocol == update.protocol
                && own.address == update.address
        });
        let at = known.unwrap_or_else(|| {
            let new = Listener {
                pid,
                protocol: update.protocol.to_string(),
                address: update.address.clone(),
                port: update.port,
                ..Listener::default()
            };
            self.listeners.push(new, |own| own.closed_ts.is_some());
            self.listeners.items.len() - 1
        });
        let grown = self.listeners.items[at].take(ts, update);
        if update.bytes_in.is_some() || update.bytes_out.is_some() {
            self.traffic.get_or_insert_default().add(grown);
        }
    }

    /// Lists a port that could not be had, once for each process, address and port.
    fn bind_failed(&mut self, line: &EventLine, port: u16, address: &str) {
        let failed = Listener {
            pid: line.observation.pid,
            protocol: "tcp".to_owned(),
            address: address.chars().take(MAX_TEXT_BYTES / 4).collect(),
            port,
            note: Some(BIND_FAILED.to_owned()),
            closed_ts: Some(line.ts),
            ..Listener::default()
        };
        let is_same = |own: &Listener| {
            (own.pid, own.port, &own.address, &own.note) == (failed.pid, port, &failed.address, &failed.note)
        };
        match self.listeners.items.iter().rposition(is_same) {
            Some(at) => self.listeners.items[at].closed_ts = failed.closed_ts,
            None => self.listeners.push(failed, |own| own.closed_ts.is_some()),
        }
    }
}

#[cfg(test)]
mod tests;
