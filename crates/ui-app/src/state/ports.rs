//! The ports that the session serves, and the requests that arrived for it. A request does not say at which port.

use mirrord_wire::PortSubscription;
use mirrord_wire::session::{NameTable, PortEntry, subscribe};

use super::table::{By, Mark, Seen, Sort, Tally, found, name_table, seen_of, sort, sort_seen};

/// Most distinct requests by method, host and path; others are counted in `more`.
pub const MAX_REQUESTS: usize = 5_000;
const MAX_BYTES: usize = 2 * 1024 * 1024;
/// The longest mode or filter that is kept, characters.
const MAX_CHARS: usize = 1_000;
/// Parts a request's method, host and path; none of them can hold it, as it would end the line of a request.
const PART: char = '\n';

/// A port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Port {
    /// The port.
    pub port: u16,
    /// `steal`, `mirror`, or `listen` where no cluster is involved.
    pub mode: String,
    /// The HTTP filter.
    pub filter: Option<String>,
    /// Since when, microseconds since the Unix epoch; 0 where it is not known.
    pub since: u64,
}

impl Port {
    /// Marks a port whose requests are reported: the session does not see into what a program listens to by itself.
    #[must_use]
    pub fn is_watched(&self) -> bool {
        self.mode != "listen"
    }
}

impl PortEntry for Port {
    fn port(&self) -> u16 {
        self.port
    }
}

/// Requests for a port, as far as known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrived {
    /// Requests are not reported.
    NotWatched,
    /// Nothing, for so long, microseconds; `None` where it is not known since when.
    Nothing(Option<u64>),
    /// Something.
    Requests {
        /// Number of requests.
        count: u64,
        /// Time since the last one, microseconds; `None` where unknown.
        ago: Option<u64>,
        /// Marks requests for several ports: a request does not name its port.
        together: bool,
    },
}

/// Ports and requests.
#[derive(Debug, Clone)]
pub struct Ports {
    ports: Vec<Port>,
    requests: NameTable<Tally<()>>,
    all: Seen,
    /// A request being written, kept for its room.
    written: String,
}

impl Default for Ports {
    fn default() -> Self {
        Self {
            ports: Vec::new(),
            requests: name_table(MAX_REQUESTS, MAX_BYTES),
            all: Seen::default(),
            written: String::new(),
        }
    }
}

impl Ports {
    /// A port was subscribed to; a second time, with another mode or filter.
    pub fn subscribed(&mut self, port: u16, mode: &str, filter: Option<&str>, ts: u64) {
        let cut = |text: &str| text.chars().take(MAX_CHARS).collect::<String>();
        let port = Port {
            port,
            mode: cut(mode),
            filter: filter.map(cut),
            since: ts,
        };
        subscribe(&mut self.ports, port);
    }

    /// Learns of ports that were subscribed to before the oldest event that is kept.
    pub fn known(&mut self, ports: &[PortSubscription]) {
        for port in ports {
            if !self.ports.iter().any(|own| own.port == port.port) {
                self.subscribed(port.port, &port.mode, port.filter.as_deref(), 0);
            }
        }
    }

    /// Counts a request.
    pub fn request(&mut self, method: &str, host: &str, path: &str, mark: Mark) {
        self.all.add(mark);
        let mut written = std::mem::take(&mut self.written);
        written.clear();
        for (place, part) in [method, host, path].into_iter().enumerate() {
            written.extend((place > 0).then_some(PART));
            written.push_str(part);
        }
        if let Some((_, request)) = self.requests.entry(&written) {
            request.seen.add(mark);
        }
        self.written = written;
    }

    /// The ports, in the order in which they came.
    #[must_use]
    pub fn ports(&self) -> &[Port] {
        &self.ports
    }

    /// All requests together.
    #[must_use]
    pub fn arrived(&self) -> Seen {
        self.all
    }

    /// Requests for a port until `now`. `counted` are the requests since the session began: those that are not kept
    /// have arrived all the same.
    #[must_use]
    pub fn arrived_at(&self, port: &Port, counted: u64, now: u64) -> Arrived {
        if !port.is_watched() {
            return Arrived::NotWatched;
        }
        let count = self.all.count.max(counted);
        if count == 0 {
            return Arrived::Nothing((port.since > 0).then(|| now.saturating_sub(port.since)));
        }
        Arrived::Requests {
            count,
            ago: (self.all.count > 0).then(|| now.saturating_sub(self.all.last)),
            together: self.ports.iter().filter(|port| port.is_watched()).count() > 1,
        }
    }

    /// Reports visible requests: one was seen, or a port is watched.
    #[must_use]
    pub fn sees_requests(&self) -> bool {
        self.all.count > 0 || self.ports.iter().any(Port::is_watched)
    }

    /// Number of distinct requests.
    #[must_use]
    pub fn requests(&self) -> usize {
        self.requests.len()
    }

    /// Requests that are not distinguished, for want of room.
    #[must_use]
    pub fn more(&self) -> u64 {
        self.requests.refused()
    }

    /// A request's method, host and path, and how often it came.
    #[must_use]
    pub fn asked_for(&self, number: u32) -> ([&str; 3], Seen) {
        let mut parts = self.requests.name(number).splitn(3, PART);
        let parts = [(); 3].map(|()| parts.next().unwrap_or(""));
        (parts, seen_of(&self.requests, number))
    }

    /// Ports in order: the port, its mode, its filter, since when.
    #[must_use]
    pub fn sorted_ports(&self, by: Sort) -> Vec<u32> {
        let mut rows = found(self.ports.len(), "", |_| "");
        let port = |row: u32| self.ports.get(row as usize);
        match by.column {
            1 => sort(
                &mut rows,
                &By::Text(&|row| port(row).map_or("", |port| &port.mode)),
                by.descending,
            ),
            2 => sort(
                &mut rows,
                &By::Text(&|row| port(row).and_then(|port| port.filter.as_deref()).unwrap_or("")),
                by.descending,
            ),
            3 => sort(
                &mut rows,
                &By::Number(&|row| port(row).map_or(0, |port| port.since)),
                by.descending,
            ),
            _ => sort(
                &mut rows,
                &By::Number(&|row| port(row).map_or(0, |port| port.port.into())),
                by.descending,
            ),
        }
        rows
    }

    /// Requests in order: method, path, host, events, routing, first, last.
    #[must_use]
    pub fn sorted_requests(&self, needle: &str, by: Sort) -> Vec<u32> {
        let mut rows = found(self.requests.len(), needle, |row| self.requests.name(row));
        let part = |row: u32, part: usize| self.asked_for(row).0[part];
        match by.column {
            0 => sort(&mut rows, &By::Text(&|row| part(row, 0)), by.descending),
            1 => sort(&mut rows, &By::Text(&|row| part(row, 2)), by.descending),
            2 => sort(&mut rows, &By::Text(&|row| part(row, 1)), by.descending),
            column => sort_seen(&mut rows, column - 3, &|row| self.asked_for(row).1, by.descending),
        }
        rows
    }
}

#[cfg(test)]
mod tests {
    use mirrord_wire::session::MAX_PORTS;

    use super::*;

    fn at(ts: u64) -> Mark {
        Mark { ts, ..Mark::default() }
    }

    #[test]
    fn a_port_that_is_subscribed_again_has_its_new_filter() {
        let mut ports = Ports::default();
        ports.subscribed(8080, "steal", None, 5);
        ports.subscribed(8080, "steal", Some("header x: y"), 9);
        ports.known(&[PortSubscription {
            port: 9090,
            mode: "listen".into(),
            filter: None,
            address: None,
        }]);
        assert_eq!(ports.ports().len(), 2);
        assert_eq!(ports.ports()[0].filter.as_deref(), Some("header x: y"));
        assert_eq!((ports.ports()[0].since, ports.ports()[1].since), (9, 0));
        assert!(ports.ports()[0].is_watched() && !ports.ports()[1].is_watched());
        let by = Sort {
            column: 0,
            descending: true,
        };
        assert_eq!(ports.sorted_ports(by), [1, 0]);
    }

    #[test]
    fn a_port_says_for_how_long_nothing_has_arrived() {
        const MINUTE: u64 = 60_000_000;
        let mut ports = Ports::default();
        ports.subscribed(8080, "steal", None, MINUTE);
        let arrived = |ports: &Ports, counted, now| ports.arrived_at(&ports.ports()[0], counted, now);
        assert_eq!(arrived(&ports, 0, 3 * MINUTE), Arrived::Nothing(Some(2 * MINUTE)));
        assert_eq!(
            arrived(&ports, 0, 0),
            Arrived::Nothing(Some(0)),
            "a clock that was put back"
        );
        let requests = |count, ago, together| Arrived::Requests { count, ago, together };
        // The ring has given the request up: the session's own count still has it.
        assert_eq!(arrived(&ports, 1, 3 * MINUTE), requests(1, None, false));
        ports.request("GET", "h", "/", at(2 * MINUTE));
        ports.subscribed(9229, "listen", None, MINUTE);
        assert_eq!(arrived(&ports, 3, 3 * MINUTE), requests(3, Some(MINUTE), false));
        ports.subscribed(8081, "mirror", None, MINUTE);
        assert_eq!(arrived(&ports, 1, 3 * MINUTE), requests(1, Some(MINUTE), true));
        assert_eq!(ports.arrived_at(&ports.ports()[1], 3, 3 * MINUTE), Arrived::NotWatched);
        let known = PortSubscription {
            port: 1,
            mode: "steal".into(),
            filter: None,
            address: None,
        };
        let mut ports = Ports::default();
        ports.known(&[known]);
        assert_eq!(arrived(&ports, 0, 3 * MINUTE), Arrived::Nothing(None));
    }

    #[test]
    fn requests_are_told_apart_by_method_host_and_path() {
        let mut ports = Ports::default();
        for (ts, method, path) in [
            (1, "GET", "/a"),
            (2, "GET", "/a"),
            (3, "POST", "/a"),
            (4, "GET", "/b\nc"),
        ] {
            ports.request(method, "h", path, at(ts));
        }
        assert_eq!(
            (ports.requests(), ports.arrived().count, ports.arrived().last),
            (3, 4, 4)
        );
        assert_eq!(ports.asked_for(0).0, ["GET", "h", "/a"]);
        assert_eq!(ports.asked_for(2).0, ["GET", "h", "/b\nc"]);
        let by = |column, descending| Sort { column, descending };
        assert_eq!(ports.sorted_requests("", by(3, true)), [0, 1, 2]);
        assert_eq!(ports.sorted_requests("", by(1, true)), [2, 0, 1]);
        assert_eq!(ports.sorted_requests("post", by(0, false)), [1]);
    }

    #[test]
    fn ports_and_requests_are_bounded() {
        let mut ports = Ports::default();
        for port in 0..2_000 {
            ports.subscribed(port, &"x".repeat(9_000), None, 1);
        }
        for number in 0..6_000 {
            ports.request("GET", "h", &format!("/{number}"), at(1));
        }
        assert_eq!(ports.ports().len(), MAX_PORTS);
        assert_eq!(ports.ports()[0].mode.len(), MAX_CHARS);
        assert_eq!(
            (ports.requests(), ports.more(), ports.arrived().count),
            (MAX_REQUESTS, 1_000, 6_000)
        );
    }
}
