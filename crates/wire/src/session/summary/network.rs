//! Destinations with their outcomes, and the names that were looked up before them.
//!
//! An answer of a name server is not known, so a connection belongs to the name that its process looked up last, at most
//! [`FOLLOW_WINDOW`] before, unless it went to the same address before without any. Names of one search list (`db`, `db.svc`, `db.svc.cluster.local`) are followed together.

use serde::{Deserialize, Serialize};

use super::folding;
use super::moment::Moment;
use crate::lenient::is_zero;
use crate::session::event::{ConnectionUpdate, Direction, Outcome};
use crate::session::names::{NameLimits, NameTable};
use crate::session::state::destination;

/// The most destinations, and the most names, that are kept; more are counted as omitted.
pub const MAX_DESTINATIONS: usize = 512;
/// Time from a look-up to the connection that follows it, microseconds.
pub const FOLLOW_WINDOW: u64 = 5_000_000;
/// Connections to it are the resolver's.
const DNS_PORT: u16 = 53;
/// The most look-ups that a connection is matched against.
const MAX_RECENT: usize = 16;

const LIMITS: NameLimits = NameLimits {
    names: MAX_DESTINATIONS,
    bytes: 64 * 1024,
    name_bytes: 512,
};

/// A destination.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct Destination {
    /// `address:port`, `[address]:port` or a Unix socket's address.
    pub name: String,
    /// The name that was looked up before it, where one was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// Number of connections.
    pub attempts: u64,
    /// Number of connections that were accepted.
    #[serde(skip_serializing_if = "is_zero")]
    pub connected: u64,
    /// Number of connections that failed.
    #[serde(skip_serializing_if = "is_zero")]
    pub failed: u64,
    /// Number of connections without an answer yet.
    #[serde(skip_serializing_if = "is_zero")]
    pub pending: u64,
    /// Outcome of the last one, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// First and last connection, microseconds since the Unix epoch.
    pub first_ts: u64,
    /// See `first_ts`.
    pub last_ts: u64,
    /// The last success, microseconds since the Unix epoch; 0 where there was none.
    #[serde(skip_serializing_if = "is_zero")]
    pub connected_ts: u64,
    /// The process that connected last.
    pub pid: u32,
}

/// A name that was looked up.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct Host {
    /// The name.
    pub name: String,
    /// Number of look-ups.
    pub asked: u64,
    /// Number of connections that followed.
    #[serde(skip_serializing_if = "is_zero")]
    pub followed: u64,
    /// Distinct seconds in which it was looked up.
    pub seconds: u64,
    /// First and last look-up, microseconds since the Unix epoch.
    pub first_ts: u64,
    /// See `first_ts`.
    pub last_ts: u64,
    /// The process that looked it up last.
    pub pid: u32,
    /// It is on a command line.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub given: bool,
}

/// Destinations and names.
#[derive(Debug, Clone)]
pub(super) struct Network {
    destinations: NameTable<Destination>,
    hosts: NameTable<Host>,
    /// Connections that found no room, from a summary that was read.
    before: u64,
}

impl Default for Network {
    fn default() -> Self {
        Self {
            destinations: NameTable::new(LIMITS),
            hosts: NameTable::new(LIMITS),
            before: 0,
        }
    }
}

impl Network {
    pub(super) fn asked(&mut self, host: &str, pid: u32, ts: u64, is_given: impl FnOnce(&str) -> bool) {
        if let Some((_, own)) = self.hosts.entry(host) {
            if own.asked == 0 {
                own.first_ts = ts;
                own.given = is_given(host);
            }
            own.asked += 1;
            own.seconds += u64::from(own.last_ts / 1_000_000 != ts / 1_000_000);
            (own.last_ts, own.pid) = (ts, pid);
        }
    }

    pub(super) fn connected(&mut self, address: &str, port: u16, pid: u32, ts: u64, outcome: Option<Outcome>) {
        if port == DNS_PORT || folding::is_system_service(address) {
            return;
        }
        let name = destination(address, port);
        let is_without_name = address.starts_with(crate::session::UNIX_ADDRESS) || self.is_known_by_address(&name);
        let host = if is_without_name { None } else { self.follow(pid, ts) };
        let Some((_, own)) = self.destinations.entry(&name) else {
            return;
        };
        if own.attempts == 0 {
            own.first_ts = ts;
        }
        own.attempts += 1;
        (own.last_ts, own.pid) = (ts, pid);
        own.host = host.or_else(|| own.host.take());
        if let Some(outcome) = outcome {
            own.count(outcome, ts);
        }
    }

    /// Counts the end of a connection that had no answer when it was seen.
    pub(super) fn updated(&mut self, update: &ConnectionUpdate, ts: u64, outcome: Option<Outcome>) {
        let Some(outcome @ (Outcome::Connected | Outcome::Failed)) = outcome else {
            return;
        };
        if update.direction == Direction::Out
            && let Some(number) = self.destinations.find(&update.remote)
            && let Some(own) = self.destinations.get_mut(number)
            && own.pending > 0
        {
            own.pending -= 1;
            own.count(outcome, ts);
        }
    }

    /// Reports a destination that was reached for before any name led to it: the program has its address. A look-up that
    /// comes before the next connection by chance is not its name.
    fn is_known_by_address(&self, name: &str) -> bool {
        let own = self
            .destinations
            .find(name)
            .and_then(|number| self.destinations.get(number));
        own.is_some_and(|own| own.attempts > 0 && own.host.is_none())
    }

    /// Marks the names that a process has just looked up as followed, and returns the last.
    fn follow(&mut self, pid: u32, ts: u64) -> Option<String> {
        let is_recent = |own: &&Host| own.pid == pid && ts.saturating_sub(own.last_ts) <= FOLLOW_WINDOW;
        let numbers: Vec<(u32, u64)> = (0..)
            .zip(self.hosts.values())
            .filter(|(_, own)| is_recent(own))
            .map(|(number, own)| (number, own.last_ts))
            .take(MAX_RECENT)
            .collect();
        let (last, _) = *numbers.iter().max_by_key(|(_, last_ts)| *last_ts)?;
        let name = self.hosts.name(last).to_owned();
        for (number, _) in numbers {
            let is_same = is_same_search(self.hosts.name(number), &name);
            if let Some(own) = self.hosts.get_mut(number).filter(|_| is_same) {
                own.followed += 1;
            }
        }
        Some(name)
    }

    /// Number of connections and look-ups that found no room.
    pub(super) fn omitted(&self) -> u64 {
        self.before + self.destinations.refused() + self.hosts.refused()
    }

    pub(super) fn destinations(&self) -> Vec<Destination> {
        let named = self.destinations.iter().map(|(name, own)| Destination {
            name: name.to_owned(),
            ..own.clone()
        });
        named.collect()
    }

    pub(super) fn hosts(&self) -> Vec<Host> {
        let named = self.hosts.iter().map(|(name, own)| Host {
            name: name.to_owned(),
            ..own.clone()
        });
        named.collect()
    }

    pub(super) fn restore(&mut self, destinations: Vec<Destination>, hosts: Vec<Host>, omitted: u64) {
        *self = Self {
            before: omitted,
            ..Self::default()
        };
        for mut read in destinations {
            let name = std::mem::take(&mut read.name);
            if let Some((_, own)) = self.destinations.entry(&name) {
                *own = read;
            }
        }
        for mut read in hosts {
            let name = std::mem::take(&mut read.name);
            if let Some((_, own)) = self.hosts.entry(&name) {
                *own = read;
            }
        }
    }
}

impl Destination {
    fn count(&mut self, outcome: Outcome, ts: u64) {
        let count = match outcome {
            Outcome::Connected => {
                self.connected_ts = ts;
                &mut self.connected
            }
            Outcome::Pending => &mut self.pending,
            _ => &mut self.failed,
        };
        *count += 1;
        self.outcome = Some(outcome);
    }

    /// Returns the port; 0 for a Unix socket.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.address().1
    }

    /// Returns the address without its port and brackets, and the port.
    pub(super) fn address(&self) -> (&str, u16) {
        if self.name.starts_with(crate::session::UNIX_ADDRESS) {
            return (&self.name, 0);
        }
        let (address, port) = self.name.rsplit_once(':').unwrap_or((&self.name, "0"));
        let bare = address.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        (bare.unwrap_or(address), port.parse().unwrap_or_default())
    }

    /// Reports a destination whose last connection failed. Another one of the same name and port that was reached since
    /// is what the program went on with: the other family of `localhost`, another address of a service.
    #[must_use]
    pub fn is_failed(&self, all: &[Self]) -> bool {
        let is_same = |other: &&Self| {
            let is_local = |address: &str| matches!(address, "::1" | "localhost") || address.starts_with("127.");
            let are_local = || is_local(self.address().0) && is_local(other.address().0);
            other.port() == self.port() && ((self.host.is_some() && other.host == self.host) || are_local())
        };
        let is_reached = |other: &Self| other.connected_ts > 0 && other.connected_ts + FOLLOW_WINDOW >= self.last_ts;
        self.outcome == Some(Outcome::Failed) && !all.iter().filter(is_same).any(is_reached)
    }
}

impl Host {
    /// Reports a name that a program wanted to reach, and did not. Asking once is no such wish, unless a person named it.
    #[must_use]
    pub fn is_failed(&self, now: Moment) -> bool {
        let is_wanted = self.given || self.seconds > 1;
        let is_reverse = self.name.ends_with(".in-addr.arpa") || self.name.ends_with(".ip6.arpa");
        let is_over = now.since(self.last_ts) > FOLLOW_WINDOW || self.seconds > 2;
        self.followed == 0 && is_wanted && is_over && !is_reverse && self.name != "localhost"
    }
}

/// Reports names of one search list: one is the other with a domain behind it, or both are one label in a domain and in a
/// parent of that domain.
fn is_same_search(one: &str, other: &str) -> bool {
    let is_parent = |long: &str, short: &str| match (long.split_once('.'), short.split_once('.')) {
        (Some((label, domain)), Some((same, parent))) => label == same && domain.ends_with(parent),
        _ => false,
    };
    let extends = |long: &str, short: &str| long.strip_prefix(short).is_some_and(|rest| rest.starts_with('.'));
    let is_of = |long: &str, short: &str| extends(long, short) || is_parent(long, short);
    is_of(one, other) || is_of(other, one) || one == other
}
