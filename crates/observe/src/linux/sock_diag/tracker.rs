//! Connections and listeners of the tree, from one look at the kernel's sockets to the next.
//!
//! Pure: sockets in, updates out. Numbers are "at least so many": what is not seen is not counted, and nothing is
//! counted twice, since the kernel gives each socket a number (its cookie) that no other one ever has.

use std::collections::{HashMap, HashSet};
use std::net::SocketAddr;
use std::time::Instant;

use mirrord_wire::{ConnectionUpdate, Direction, MonitorEvent, Observation, Outcome};

use super::listening::{Listening, now_micros};
use super::netlink::Ports;
use super::socket::{TcpSocket, TcpState, UnixSocket};
use crate::linux::address::abstract_name;
use crate::linux::bound::Bound;
use crate::linux::paths::escape;

/// Connections that are followed at a time; of one beyond it only the end is counted.
const MAX_CONNECTIONS: usize = 16_384;
/// Listeners that are followed at a time; more are not listed.
const MAX_LISTENERS: usize = 1_024;
/// Sockets that are to connect and have not been seen; the oldest gives way.
const MAX_EXPECTED: usize = 4_096;
/// Updates of connections in one interval; beyond it arrivals are in their listener's numbers alone, and of others the
/// session is incomplete.
const MAX_UPDATES: usize = 500;
/// Looks in a row in which a socket is missing before it is taken for closed: a look is no snapshot.
const MISSING_LOOKS: u8 = 2;
/// Looks after which a socket that was to connect is given up.
const EXPECTED_LOOKS: u8 = 20;

/// Reason for which a session is incomplete that has more connections than are reported.
pub(super) const TOO_MANY: &str = "sockets";

/// A socket that a process connects.
struct Expected {
    pid: u32,
    remote: SocketAddr,
    since: Instant,
    looks: u8,
}

/// A connection that was seen.
struct Tracked {
    pid: u32,
    /// The listener at which it arrived.
    listener: Option<u64>,
    socket: TcpSocket,
    since: Option<Instant>,
    established: bool,
    /// The process that has it was searched for.
    has_owner: bool,
    /// Looks in which it waited to be accepted.
    waited: u8,
    missing: u8,
    /// State and bytes as last reported; `None` where it was not yet.
    reported: Option<(TcpState, Option<(u64, u64)>)>,
}

impl Tracked {
    fn wants_owner(&self) -> bool {
        !self.has_owner && self.socket.inode != 0
    }

    /// Returns whether it has yet to be accepted, and to have a process; not for long, since it may never be.
    fn waits(&mut self) -> bool {
        let waits = !self.has_owner && self.socket.inode == 0 && self.waited < MISSING_LOOKS;
        self.waited += u8::from(waits);
        waits
    }
}

/// State of all sockets that are followed.
#[derive(Default)]
pub(super) struct Tracker {
    expected: HashMap<u64, Expected>,
    tracked: HashMap<u64, Tracked>,
    listeners: HashMap<u64, Listening>,
    /// Cookies of this look.
    seen: HashSet<u64>,
    updates_left: usize,
    has_left_out: bool,
}

impl Tracker {
    /// A process connects a socket.
    pub(super) fn expect(&mut self, cookie: u64, pid: u32, remote: SocketAddr, since: Instant) {
        if self.expected.len() >= MAX_EXPECTED
            && let Some(oldest) = self.expected.iter().min_by_key(|(_, expected)| expected.since)
        {
            let oldest = *oldest.0;
            self.expected.remove(&oldest);
        }
        let expected = Expected {
            pid,
            remote,
            since,
            looks: 0,
        };
        self.expected.insert(cookie, expected);
    }

    /// A process listens on a socket, or has bound a UDP socket. Where `bound` is not known, a look at the listening
    /// sockets finds it.
    pub(super) fn listens(&mut self, inode: u64, pid: u32, protocol: &'static str, bound: Option<Bound>) {
        if self.listeners.len() < MAX_LISTENERS {
            let new = || Listening::new(pid, protocol, bound);
            let own = self.listeners.entry(inode).or_insert_with(new);
            own.bound = own.bound.or(bound);
        }
    }

    /// Returns whether there is anything to look for.
    pub(super) fn is_idle(&self) -> bool {
        self.expected.is_empty() && self.tracked.is_empty() && self.listeners.is_empty()
    }

    pub(super) fn has(&self, protocol: &str) -> bool {
        self.listeners.values().any(|own| own.protocol == protocol)
    }

    /// Returns whether a TCP listener's address is yet to be found.
    pub(super) fn has_unknown_port(&self) -> bool {
        self.listeners
            .values()
            .any(|own| own.protocol == "tcp" && own.bound.is_none())
    }

    /// Returns whether a socket of a tree's process listens on a port.
    pub(super) fn is_listener(&self, inode: u64) -> bool {
        self.listeners.contains_key(&inode)
    }

    /// Returns whether a connection may still be open.
    pub(super) fn has_open(&self) -> bool {
        !self.expected.is_empty() || !self.tracked.is_empty()
    }

    /// The ports of TCP sockets that are of interest, each once.
    pub(super) fn tcp_ports(&self) -> Ports {
        let mut local: Vec<u16> = self.ports_of("tcp").collect();
        let arrived = self.tracked.values().filter(|own| own.listener.is_some());
        local.extend(arrived.map(|own| own.socket.local.port()));
        let out = self.tracked.values().filter(|own| own.listener.is_none());
        let mut remote: Vec<u16> = out.map(|own| own.socket.remote.port()).collect();
        remote.extend(self.expected.values().map(|own| own.remote.port()));
        for ports in [&mut local, &mut remote] {
            ports.sort_unstable();
            ports.dedup();
        }
        Ports { local, remote }
    }

    pub(super) fn udp_ports(&self) -> Ports {
        Ports {
            local: self.ports_of("udp").collect(),
            remote: Vec::new(),
        }
    }

    fn ports_of(&self, protocol: &'static str) -> impl Iterator<Item = u16> {
        let listeners = self.listeners.values().filter(move |own| own.protocol == protocol);
        listeners.filter_map(|own| Some(own.bound?.address.port()))
    }

    /// Begins a look, and with it an interval of updates.
    pub(super) fn begin_look(&mut self) {
        self.seen.clear();
        self.updates_left = MAX_UPDATES;
        for own in self.listeners.values_mut() {
            own.seen = false;
        }
    }

    /// Takes a TCP socket of a look.
    pub(super) fn take(&mut self, socket: TcpSocket) {
        if socket.state == TcpState::LISTEN {
            if let Some(own) = self.listeners.get_mut(&socket.inode) {
                own.seen = true;
                own.bound = Some(Bound {
                    inode: socket.inode,
                    address: socket.local,
                    only_v6: socket.only_v6 || !socket.is_v6,
                });
            }
            return;
        }
        if matches!(socket.state, TcpState::SYN_RECV | TcpState::NEW_SYN_RECV) {
            return;
        }
        let cookie = socket.cookie;
        if self.track(&socket) {
            self.seen.insert(cookie);
        }
        if let Some(own) = self.tracked.get_mut(&cookie) {
            own.established |= socket.was_established();
            own.socket = socket;
            own.missing = 0;
        }
    }

    /// Finds out whose a socket is; false where it is not the tree's.
    fn track(&mut self, socket: &TcpSocket) -> bool {
        if self.tracked.contains_key(&socket.cookie) {
            return true;
        }
        if self.tracked.len() >= MAX_CONNECTIONS {
            return false;
        }
        let (pid, listener, since) = match self.expected.remove(&socket.cookie) {
            Some(expected) => (expected.pid, None, Some(expected.since)),
            None => {
                let Some(inode) = self.listener_of(socket.local) else {
                    return false;
                };
                let Some(listener) = self.listeners.get_mut(&inode) else {
                    return false;
                };
                listener.arrived();
                let is_closed = socket.state.word() == "closed";
                (listener.pid, Some(inode), (!is_closed).then(Instant::now))
            }
        };
        let tracked = Tracked {
            pid,
            listener,
            socket: socket.clone(),
            since,
            established: false,
            has_owner: listener.is_none(),
            waited: 0,
            missing: 0,
            reported: None,
        };
        self.tracked.insert(socket.cookie, tracked);
        true
    }

    /// The listener at which a connection to this address arrives: the one with the very address before one for all.
    fn listener_of(&self, local: SocketAddr) -> Option<u64> {
        let takes = |own: &Listening| own.protocol == "tcp" && own.bound.is_some_and(|bound| bound.takes(local));
        let fitting = self.listeners.iter().filter(|(_, own)| takes(own));
        let best = fitting.min_by_key(|(inode, own)| {
            let any = own.bound.is_none_or(|bound| bound.address.ip().is_unspecified());
            let other_family = own.bound.is_none_or(|bound| bound.address.is_ipv4() != local.is_ipv4());
            (any, other_family, **inode)
        })?;
        Some(*best.0)
    }

    /// Takes a TCP socket that was destroyed, and reports its end. Returns one that is not known to be the tree's.
    pub(super) fn destroyed(&mut self, socket: TcpSocket, sink: &mut dyn FnMut(Observation)) -> Option<TcpSocket> {
        if socket.remote.port() == 0 {
            return None;
        }
        if !self.track(&socket) {
            return Some(socket);
        }
        let mut own = self.tracked.remove(&socket.cookie)?;
        own.established |= socket.was_established();
        // A FIN that never came was counted as one byte less.
        let before = own.socket.payload();
        let last = socket
            .payload()
            .map(|now| before.map_or(now, |before| (now.0.max(before.0), now.1.max(before.1))));
        own.socket = socket;
        self.close(own, last, sink);
        None
    }

    /// Reports a connection that is over.
    fn close(&mut self, own: Tracked, bytes: Option<(u64, u64)>, sink: &mut dyn FnMut(Observation)) {
        if let Some(listener) = own.listener.and_then(|inode| self.listeners.get_mut(&inode))
            && let Some((bytes_in, bytes_out)) = bytes
        {
            listener.closed_bytes.0 += bytes_in;
            listener.closed_bytes.1 += bytes_out;
        }
        if self.updates_left == 0 {
            self.has_left_out |= own.listener.is_none();
            return;
        }
        self.updates_left -= 1;
        sink(observation(&own, "closed", bytes));
    }

    /// The sockets that arrived and whose process is yet to be searched for, by inode.
    pub(super) fn unowned(&self) -> HashSet<u64> {
        let unowned = self.tracked.values().filter(|own| own.wants_owner());
        unowned.map(|own| own.socket.inode).collect()
    }

    /// Takes the processes that have these sockets; one without a process is its listener's from then on.
    pub(super) fn own(&mut self, owners: &HashMap<u64, u32>) {
        for own in self.tracked.values_mut().filter(|own| own.wants_owner()) {
            own.has_owner = true;
            own.pid = owners.get(&own.socket.inode).copied().unwrap_or(own.pid);
        }
    }

    /// Takes the UDP sockets of a look.
    pub(super) fn take_udp(&mut self, inode: u64, is_connected: bool) {
        if let Some(own) = self.listeners.get_mut(&inode) {
            own.seen = !is_connected;
        }
    }

    /// Takes the Unix sockets of a look.
    pub(super) fn take_unix(&mut self, sockets: &[UnixSocket]) {
        for (inode, own) in self.listeners.iter_mut().filter(|(_, own)| own.protocol == "unix") {
            let Some(listens) = sockets.iter().find(|socket| socket.listens && socket.inode == *inode) else {
                continue;
            };
            own.seen = true;
            own.path.get_or_insert_with(|| unix_address(&listens.name));
            // What was accepted has the name of its listener.
            let accepted = sockets
                .iter()
                .filter(|socket| !socket.listens && socket.name == listens.name);
            let peers: HashSet<u64> = accepted.map(|socket| socket.inode).collect();
            for _ in peers.difference(&own.peers) {
                own.arrivals += 1;
                own.last_ts = Some(now_micros());
            }
            own.open = peers.len() as u64;
            own.peers = peers;
        }
    }

    /// Ends a look that was complete: reports what has changed, and what is gone.
    pub(super) fn end_look(&mut self, sink: &mut dyn FnMut(Observation)) {
        for own in self.expected.values_mut() {
            own.looks += 1;
        }
        self.expected.retain(|_, own| own.looks < EXPECTED_LOOKS);
        self.end_of_missing(sink);
        self.report_connections(sink);
        self.report_listeners(sink);
    }

    fn end_of_missing(&mut self, sink: &mut dyn FnMut(Observation)) {
        let seen = &self.seen;
        let gone = self.tracked.extract_if(|cookie, own| {
            own.missing += u8::from(!seen.contains(cookie));
            own.missing >= MISSING_LOOKS
        });
        for (_, own) in gone.collect::<Vec<_>>() {
            let bytes = own.socket.payload();
            self.close(own, bytes, sink);
        }
    }

    fn report_connections(&mut self, sink: &mut dyn FnMut(Observation)) {
        for own in self.listeners.values_mut().filter(|own| own.protocol == "tcp") {
            (own.open, own.open_bytes) = (0, (0, 0));
        }
        for own in self.tracked.values_mut() {
            let now = (own.socket.state, own.socket.payload());
            if let Some(listener) = own.listener.and_then(|inode| self.listeners.get_mut(&inode)) {
                listener.open += 1;
                let (bytes_in, bytes_out) = now.1.unwrap_or_default();
                listener.open_bytes.0 += bytes_in;
                listener.open_bytes.1 += bytes_out;
            }
            if own.reported == Some(now) || own.waits() {
                continue;
            }
            // Not reported now, it is in the next interval.
            if self.updates_left > 0 {
                self.updates_left -= 1;
                own.reported = Some(now);
                own.has_owner = true;
                sink(observation(own, now.0.word(), now.1));
            }
        }
    }

    fn report_listeners(&mut self, sink: &mut dyn FnMut(Observation)) {
        let mut closed = Vec::new();
        for (inode, own) in &mut self.listeners {
            own.missing = if own.seen { 0 } else { own.missing + 1 };
            let is_closed = own.missing >= MISSING_LOOKS;
            if is_closed {
                closed.push(*inode);
            }
            // A socket that was never seen is reported no sooner than it is.
            let update = own.update(is_closed).filter(|_| own.seen || own.reported.is_some());
            if let Some(update) = update
                && own.reported.as_ref() != Some(&update)
            {
                own.reported = Some(update.clone());
                sink(with_pid(own.pid, MonitorEvent::ListenerUpdate(Box::new(update))));
            }
        }
        closed.iter().for_each(|inode| drop(self.listeners.remove(inode)));
    }

    /// Returns true once where connections were left out of the events.
    pub(super) fn take_left_out(&mut self) -> bool {
        std::mem::take(&mut self.has_left_out)
    }
}

fn observation(own: &Tracked, state: &'static str, bytes: Option<(u64, u64)>) -> Observation {
    let outcome = if own.established {
        Outcome::Connected
    } else if state == "closed" {
        Outcome::Failed
    } else {
        Outcome::Pending
    };
    let bytes = bytes.filter(|_| own.established);
    let rtt = own
        .socket
        .bytes
        .map(|bytes| u64::from(bytes.rtt_us))
        .filter(|rtt| *rtt > 0);
    let update = ConnectionUpdate {
        protocol: "tcp".into(),
        direction: if own.listener.is_some() {
            Direction::In
        } else {
            Direction::Out
        },
        local: own.socket.local.to_string(),
        remote: own.socket.remote.to_string(),
        state: state.into(),
        bytes_in: bytes.map(|bytes| bytes.0),
        bytes_out: bytes.map(|bytes| bytes.1),
        rtt_us: rtt.filter(|_| own.established),
        duration_us: own
            .since
            .and_then(|since| u64::try_from(since.elapsed().as_micros()).ok()),
    };
    Observation {
        outcome: Some(outcome),
        ..with_pid(own.pid, MonitorEvent::ConnectionUpdate(Box::new(update)))
    }
}

pub(super) fn with_pid(pid: u32, event: MonitorEvent) -> Observation {
    Observation {
        pid: Some(pid),
        ..event.into()
    }
}

fn unix_address((is_path, name): &(bool, Vec<u8>)) -> String {
    if *is_path {
        format!("<UNIX-PATH> {}", escape(name))
    } else {
        format!("<UNIX-PATH> {}", abstract_name(name))
    }
}

#[cfg(test)]
#[path = "tracker_tests.rs"]
mod tests;
