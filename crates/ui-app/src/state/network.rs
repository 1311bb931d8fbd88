//! Where the session connected to, and which names it asked for.
//!
//! Which name led to an address is not on the wire: it is concluded from the same process having asked for it shortly
//! before it connected, and how sure that is stands beside it. Bounded like every table.

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::net::IpAddr;

use mirrord_wire::Routing;

use super::names::Names;
use super::table::{By, Mark, Seen, Sort, found, sort};

/// The most destinations, and names, that are kept; events of others are counted in `more`.
pub const MAX_NAMES: usize = 10_000;
const MAX_BYTES: usize = 2 * 1024 * 1024;
/// A connection may come so long after the question for its name, microseconds.
pub const MAX_AGE: u64 = 5_000_000;
/// The questions that are remembered, and the names of one destination or destinations of one name.
const MAX_RECENT: usize = 64;
const MAX_LINKS: usize = 8;
/// Questions go there, and tell nothing of what they ask for.
const DNS_PORT: u16 = 53;

/// How sure it is that a name led to an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sure {
    /// The process had asked for several names, and this was the last.
    Perhaps,
    /// It was the only name that the process had asked for and not connected to yet.
    Likely,
}

#[derive(Debug, Clone, Default)]
struct Destination {
    seen: Seen,
    protocol: Protocol,
    hosts: Vec<(u32, Sure)>,
}

#[derive(Debug, Clone, Default)]
struct Host {
    seen: Seen,
    led_to: Vec<(u32, Sure)>,
}

/// How a destination was connected to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Protocol {
    /// Not known, or another.
    #[default]
    Unknown,
    /// TCP.
    Tcp,
    /// UDP.
    Udp,
    /// A Unix socket.
    Unix,
}

impl Protocol {
    fn of(word: Option<&str>, address: &str) -> Self {
        match word {
            Some("tcp") => Self::Tcp,
            Some("udp") => Self::Udp,
            Some("unix") => Self::Unix,
            _ if address.starts_with(UNIX) => Self::Unix,
            _ => Self::Unknown,
        }
    }

    /// Its name, as on the wire.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Unknown => "",
            Self::Tcp => "tcp",
            Self::Udp => "udp",
            Self::Unix => "unix",
        }
    }
}

/// How a Unix socket is told on the wire.
const UNIX: &str = "<UNIX-PATH>";

#[derive(Debug, Clone, Copy)]
struct Asked {
    pid: Option<u32>,
    host: u32,
    ts: u64,
    used: bool,
}

/// Destinations and names.
#[derive(Debug, Clone)]
pub struct Network {
    names: Names,
    destinations: Vec<Destination>,
    host_names: Names,
    hosts: Vec<Host>,
    asked: VecDeque<Asked>,
    /// A destination being written, kept for its room.
    written: String,
}

impl Default for Network {
    fn default() -> Self {
        Self {
            names: Names::with_room(MAX_NAMES, MAX_BYTES),
            destinations: Vec::new(),
            host_names: Names::with_room(MAX_NAMES, MAX_BYTES),
            hosts: Vec::new(),
            asked: VecDeque::new(),
            written: String::new(),
        }
    }
}

impl Network {
    /// Counts a look-up.
    pub fn asked(&mut self, host: &str, mark: Mark) {
        let Some(number) = self.host_names.number(host) else {
            return;
        };
        let host = slot(&mut self.hosts, number);
        host.seen.add(mark);
        if mark.routing == Some(Routing::NotFound) {
            // What was asked for before, too: the name led nowhere, whichever of its look-ups said so.
            self.asked.retain(|own| own.host != number);
            return;
        }
        if self.asked.len() >= MAX_RECENT {
            self.asked.pop_front();
        }
        self.asked.push_back(Asked {
            pid: mark.pid,
            host: number,
            ts: mark.ts,
            used: false,
        });
    }

    /// Counts a connection.
    pub fn connected(&mut self, address: &str, port: u16, protocol: Option<&str>, mark: Mark) {
        let protocol = Protocol::of(protocol, address);
        let mut written = std::mem::take(&mut self.written);
        write_destination(&mut written, address, port);
        let number = self.names.number(&written);
        self.written = written;
        let Some(number) = number else { return };
        let destination = slot(&mut self.destinations, number);
        destination.seen.add(mark);
        destination.protocol = protocol;
        if protocol != Protocol::Unix && port != DNS_PORT {
            self.link(number, is_loopback(address), mark);
        }
    }

    /// Concludes which name led to a destination.
    fn link(&mut self, number: u32, to_loopback: bool, mark: Mark) {
        let mut only = None;
        let mut newest = None;
        let mut several = false;
        for (at, asked) in self.asked.iter().enumerate().rev() {
            let age = mark.ts.saturating_sub(asked.ts);
            let could_be = !to_loopback || is_local_name(self.host_names.get(asked.host));
            if asked.pid != mark.pid || age > MAX_AGE || asked.used || !could_be {
                continue;
            }
            newest.get_or_insert(at);
            several |= *only.get_or_insert(asked.host) != asked.host;
        }
        let Some(asked) = newest.and_then(|at| self.asked.get(at)).copied() else {
            return;
        };
        // One question for a name can lead to several connections at once; each of them uses it up for others only.
        for own in self
            .asked
            .iter_mut()
            .filter(|own| own.pid == asked.pid && own.host == asked.host)
        {
            own.used = own.ts < asked.ts || mark.ts.saturating_sub(own.ts) > HAPPY_EYEBALLS;
        }
        let sure = if several { Sure::Perhaps } else { Sure::Likely };
        let hosts = &mut slot(&mut self.destinations, number).hosts;
        if let Some((_, own)) = hosts.iter_mut().find(|(own, _)| *own == asked.host) {
            *own = sure.max(*own);
        } else if hosts.len() < MAX_LINKS {
            hosts.push((asked.host, sure));
        }
        let led_to = &mut slot(&mut self.hosts, asked.host).led_to;
        if let Some((_, own)) = led_to.iter_mut().find(|(own, _)| *own == number) {
            *own = sure.max(*own);
        } else if led_to.len() < MAX_LINKS {
            led_to.push((number, sure));
        }
    }

    /// Learns how often a destination, as `mirrord_wire::session::destination` has it, was connected to since the session
    /// began.
    pub fn total_destination(&mut self, name: &str, count: u64) {
        let name = name.strip_prefix(UNIX).map_or(name, str::trim_start);
        if let Some(number) = self.names.number(name) {
            slot(&mut self.destinations, number).seen.total(count);
        }
    }

    /// Learns how often a name was asked for since the session began.
    pub fn total_host(&mut self, name: &str, count: u64) {
        if let Some(number) = self.host_names.number(name) {
            slot(&mut self.hosts, number).seen.total(count);
        }
    }

    /// How many destinations there are.
    #[must_use]
    pub fn destinations(&self) -> usize {
        self.destinations.len()
    }

    /// How many names were asked for.
    #[must_use]
    pub fn hosts(&self) -> usize {
        self.hosts.len()
    }

    /// Events of what there was no room for.
    #[must_use]
    pub fn more(&self) -> u64 {
        self.names.refused() + self.host_names.refused()
    }

    /// A destination.
    #[must_use]
    pub fn destination(&self, number: u32) -> &str {
        self.names.get(number)
    }

    /// What a destination has been through, and how it was connected to.
    #[must_use]
    pub fn connections(&self, number: u32) -> (Seen, Protocol) {
        let own = self.destinations.get(number as usize);
        own.map(|own| (own.seen, own.protocol)).unwrap_or_default()
    }

    /// The names that led to a destination. One that was answered as "not found" led nowhere.
    pub fn names_of(&self, number: u32) -> impl Iterator<Item = (&str, Sure)> {
        let own = self.destinations.get(number as usize);
        own.into_iter()
            .flat_map(|own| &own.hosts)
            .filter(|(host, _)| !self.lookups(*host).is_not_found())
            .map(|(host, sure)| (self.host_names.get(*host), *sure))
    }

    /// A name.
    #[must_use]
    pub fn host(&self, number: u32) -> &str {
        self.host_names.get(number)
    }

    /// How often a name was asked for.
    #[must_use]
    pub fn lookups(&self, number: u32) -> Seen {
        self.hosts
            .get(number as usize)
            .map(|host| host.seen)
            .unwrap_or_default()
    }

    /// Where a name led to, and how sure that is; nowhere where it was answered as "not found".
    pub fn led_to(&self, number: u32) -> impl Iterator<Item = (&str, Sure)> {
        let own = self.hosts.get(number as usize).filter(|own| !own.seen.is_not_found());
        own.into_iter()
            .flat_map(|own| &own.led_to)
            .map(|(destination, sure)| (self.names.get(*destination), *sure))
    }

    /// How many names led nowhere: they were answered as "not found".
    #[must_use]
    pub fn failed(&self) -> usize {
        self.hosts.iter().filter(|host| host.seen.is_not_found()).count()
    }

    /// Destinations in order: the destination, its name, its protocol, events, routing, first, last.
    #[must_use]
    pub fn sorted_destinations(&self, needle: &str, by: Sort) -> Vec<u32> {
        let mut rows = found(self.destinations.len(), "", |row| self.destination(row));
        let has = |text: &str| super::filter::contains(text, needle);
        rows.retain(|row| has(self.destination(*row)) || self.names_of(*row).any(|(name, _)| has(name)));
        let seen = |row: u32| self.connections(row).0;
        let name = |row: u32| self.names_of(row).next().map_or("", |(name, _)| name);
        let protocol = |row: u32| self.connections(row).1 as u64;
        match by.column {
            0 => sort(&mut rows, &By::Text(&|row| self.destination(row)), by.descending),
            1 => sort(&mut rows, &By::Text(&name), by.descending),
            2 => sort(&mut rows, &By::Number(&protocol), by.descending),
            column => sort_seen(&mut rows, column - 3, &seen, by.descending),
        }
        rows
    }

    /// Names in order: the name, where it led to, events, routing, first, last.
    #[must_use]
    pub fn sorted_hosts(&self, needle: &str, by: Sort) -> Vec<u32> {
        let mut rows = found(self.hosts.len(), needle, |row| self.host(row));
        let led_to = |row: u32| self.led_to(row).next().map_or("", |(destination, _)| destination);
        match by.column {
            0 => sort(&mut rows, &By::Text(&|row| self.host(row)), by.descending),
            1 => sort(&mut rows, &By::Text(&led_to), by.descending),
            column => sort_seen(&mut rows, column - 2, &|row| self.lookups(row), by.descending),
        }
        rows
    }

    /// The names that were asked for most.
    #[must_use]
    pub fn top_hosts(&self, most: usize) -> Vec<(&str, u64)> {
        top(self.hosts.iter().map(|host| host.seen.count), most, |host| {
            self.host(host)
        })
    }
}

/// Several connections so soon after a question are tries of its several addresses, microseconds.
const HAPPY_EYEBALLS: u64 = 1_000_000;

/// Sorts rows by what they share: events, routing, first, last.
pub(super) fn sort_seen(rows: &mut [u32], column: usize, seen: &dyn Fn(u32) -> Seen, descending: bool) {
    let number: &dyn Fn(u32) -> u64 = match column {
        1 => &|row| seen(row).routing_key(),
        2 => &|row| seen(row).first,
        3 => &|row| seen(row).last,
        _ => &|row| seen(row).count,
    };
    sort(rows, &By::Number(number), descending);
}

/// The most frequent, most first; the earlier of two that are alike.
pub(super) fn top<'a>(
    counts: impl Iterator<Item = u64>,
    most: usize,
    name: impl Fn(u32) -> &'a str,
) -> Vec<(&'a str, u64)> {
    let mut best: Vec<(u32, u64)> = Vec::with_capacity(most + 1);
    for (number, count) in (0..).zip(counts) {
        let place = best.partition_point(|(_, own)| *own >= count);
        if place < most {
            best.insert(place, (number, count));
            best.truncate(most);
        }
    }
    best.into_iter().map(|(number, count)| (name(number), count)).collect()
}

/// The place of a number, made where it is new.
pub(super) fn slot<T: Default>(slots: &mut Vec<T>, number: u32) -> &mut T {
    let at = number as usize;
    if at >= slots.len() {
        slots.resize_with(at + 1, T::default);
    }
    &mut slots[at]
}

/// Whether an address is this machine's own, which no name server gives for a name of another one.
fn is_loopback(address: &str) -> bool {
    let address = address.trim_start_matches("::ffff:");
    address
        .parse::<IpAddr>()
        .is_ok_and(|address| address.is_loopback() || address.is_unspecified())
}

/// Whether a name is one of this machine's own (RFC 6761, section 6.3).
fn is_local_name(host: &str) -> bool {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    host == "localhost" || host.ends_with(".localhost")
}

/// As `mirrord_wire::session::destination` has it, without an allocation; a Unix socket as its path alone.
fn write_destination(out: &mut String, address: &str, port: u16) {
    out.clear();
    // Writing into a string cannot fail.
    let _ = match address.strip_prefix(UNIX) {
        Some(path) => write!(out, "{}", path.trim_start()),
        None if address.contains(':') => write!(out, "[{address}]:{port}"),
        None => write!(out, "{address}:{port}"),
    };
}

#[cfg(test)]
#[path = "network_tests.rs"]
mod tests;
