//! Destinations that the session connected to, and names that it looked up.
//!
//! The name that led to an address is not on the wire: it is inferred from a look-up by the same process shortly before
//! the connection, with a confidence. Bounded like every table.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::net::IpAddr;

use mirrord_wire::Outcome;
use mirrord_wire::session::{NameTable, write_destination};

use super::table::{self, By, Mark, Seen, Sort, Tally, found, name_table, raise_total, seen_of, sort, sort_seen};
use crate::state::routing::Routing;

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

/// Confidence that a name led to an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sure {
    /// The process had asked for several names, and this was the last.
    Perhaps,
    /// It was the only name that the process had asked for and not connected to yet.
    Likely,
}

#[derive(Debug, Clone, Default)]
struct Destination {
    protocol: Protocol,
    hosts: Links,
}

/// Numbers of what a name led to, or of what led to a destination.
type Links = Vec<(u32, Sure)>;

/// Transport of a connection.
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

/// Prefix of a Unix socket on the wire.
const UNIX: &str = "<UNIX-PATH>";

/// A destination as it is shown: of a Unix socket the path alone.
fn without_prefix(destination: &str) -> &str {
    destination.strip_prefix(UNIX).map_or(destination, str::trim_start)
}

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
    destinations: NameTable<Tally<Destination>>,
    /// Names with the destinations that they led to.
    hosts: NameTable<Tally<Links>>,
    asked: VecDeque<Asked>,
    /// A destination being written, kept for its room.
    written: String,
}

impl Default for Network {
    fn default() -> Self {
        Self {
            destinations: name_table(MAX_NAMES, MAX_BYTES),
            hosts: name_table(MAX_NAMES, MAX_BYTES),
            asked: VecDeque::new(),
            written: String::new(),
        }
    }
}

impl Network {
    /// Counts a look-up.
    pub fn asked(&mut self, host: &str, mark: Mark) {
        let Some((number, host)) = self.hosts.entry(host) else {
            return;
        };
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
        written.clear();
        write_destination(&mut written, address, port);
        let number = self
            .destinations
            .entry(without_prefix(&written))
            .map(|(number, destination)| {
                destination.seen.add(mark);
                destination.detail.protocol = protocol;
                number
            });
        self.written = written;
        let Some(number) = number else { return };
        if protocol != Protocol::Unix && port != DNS_PORT {
            self.link(number, is_loopback(address), mark);
        }
    }

    /// Learns what came of the last connection to a destination.
    pub fn settle(&mut self, destination: &str, outcome: Option<Outcome>) {
        let number = self.destinations.find(destination);
        if let Some(own) = number.and_then(|number| self.destinations.get_mut(number)) {
            own.seen.settle(outcome);
        }
    }

    /// Concludes which name led to a destination.
    fn link(&mut self, number: u32, to_loopback: bool, mark: Mark) {
        let mut only = None;
        let mut newest = None;
        let mut several = false;
        for (at, asked) in self.asked.iter().enumerate().rev() {
            let age = mark.ts.saturating_sub(asked.ts);
            let could_be = !to_loopback || is_local_name(self.hosts.name(asked.host));
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
        if let Some(destination) = self.destinations.get_mut(number) {
            add_link(&mut destination.detail.hosts, asked.host, sure);
        }
        if let Some(host) = self.hosts.get_mut(asked.host) {
            add_link(&mut host.detail, number, sure);
        }
    }

    /// Learns how often a destination, as `mirrord_wire::session::destination` has it, was connected to since the
    /// session began.
    pub fn total_destination(&mut self, name: &str, count: u64) {
        raise_total(&mut self.destinations, without_prefix(name), count);
    }

    /// Learns how often a name was asked for since the session began.
    pub fn total_host(&mut self, name: &str, count: u64) {
        raise_total(&mut self.hosts, name, count);
    }

    /// Number of destinations.
    #[must_use]
    pub fn destinations(&self) -> usize {
        self.destinations.len()
    }

    /// Number of names that were looked up.
    #[must_use]
    pub fn hosts(&self) -> usize {
        self.hosts.len()
    }

    /// Events of what there was no room for.
    #[must_use]
    pub fn more(&self) -> u64 {
        self.destinations.refused() + self.hosts.refused()
    }

    /// A destination.
    #[must_use]
    pub fn destination(&self, number: u32) -> &str {
        self.destinations.name(number)
    }

    /// Statistics of a destination, and its transport.
    #[must_use]
    pub fn connections(&self, number: u32) -> (Seen, Protocol) {
        let own = self.destinations.get(number);
        own.map(|own| (own.seen, own.detail.protocol)).unwrap_or_default()
    }

    /// The names that led to a destination. One that was answered as "not found" led nowhere.
    pub fn names_of(&self, number: u32) -> impl Iterator<Item = (&str, Sure)> {
        let own = self.destinations.get(number);
        own.into_iter()
            .flat_map(|own| &own.detail.hosts)
            .filter(|(host, _)| !self.lookups(*host).is_not_found())
            .map(|(host, sure)| (self.hosts.name(*host), *sure))
    }

    /// A name.
    #[must_use]
    pub fn host(&self, number: u32) -> &str {
        self.hosts.name(number)
    }

    /// Look-ups of a name.
    #[must_use]
    pub fn lookups(&self, number: u32) -> Seen {
        seen_of(&self.hosts, number)
    }

    /// Address that a name led to, with its confidence; none where it was answered as "not found".
    pub fn led_to(&self, number: u32) -> impl Iterator<Item = (&str, Sure)> {
        let own = self.hosts.get(number).filter(|own| !own.seen.is_not_found());
        own.into_iter()
            .flat_map(|own| &own.detail)
            .map(|(destination, sure)| (self.destinations.name(*destination), *sure))
    }

    /// Number of Unix sockets among the destinations.
    #[must_use]
    pub fn unix_sockets(&self) -> usize {
        let all = self.destinations.values().iter();
        all.filter(|own| own.detail.protocol == Protocol::Unix).count()
    }

    /// Name of a destination as `mirrord_wire::session::destination` has it.
    #[must_use]
    pub fn wire_name(&self, number: u32) -> Cow<'_, str> {
        let name = self.destination(number);
        if self.connections(number).1 == Protocol::Unix {
            Cow::Owned([UNIX, " ", name].concat())
        } else {
            Cow::Borrowed(name)
        }
    }

    /// The destinations that have a text, in lower case, in their address or in a name that led there.
    #[must_use]
    pub fn found_destinations(&self, needle: &str) -> Vec<u32> {
        let mut rows = found(self.destinations.len(), "", |row| self.destination(row));
        let has = |text: &str| super::filter::contains(text, needle);
        rows.retain(|row| has(self.destination(*row)) || self.names_of(*row).any(|(name, _)| has(name)));
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
        table::top(&self.hosts, most)
    }
}

/// Several connections so soon after a question are tries of its several addresses, microseconds.
const HAPPY_EYEBALLS: u64 = 1_000_000;

/// Adds a conclusion to at most [`MAX_LINKS`], or raises how sure it is.
fn add_link(links: &mut Links, number: u32, sure: Sure) {
    if let Some((_, own)) = links.iter_mut().find(|(own, _)| *own == number) {
        *own = sure.max(*own);
    } else if links.len() < MAX_LINKS {
        links.push((number, sure));
    }
}

/// Reports an address of this machine, which no name server gives for another one's name.
fn is_loopback(address: &str) -> bool {
    let address = address.trim_start_matches("::ffff:");
    address
        .parse::<IpAddr>()
        .is_ok_and(|address| address.is_loopback() || address.is_unspecified())
}

/// Reports a name of this machine (RFC 6761, section 6.3).
fn is_local_name(host: &str) -> bool {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    host == "localhost" || host.ends_with(".localhost")
}

#[cfg(test)]
#[path = "network_tests.rs"]
mod tests;
