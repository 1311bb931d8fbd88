//! Aggregates for the views beside the log: every event is counted once, in the order of its number, and stays counted
//! after its row is evicted. A look-up and a few sums an event; nothing is allocated for known names.
//!
//! The tables are those of `mirrord-wire` that a session's state is made of, with more in each entry (times, routing, rule,
//! outcome). Names alone are bounded otherwise: a state sends the most frequent (`Top`) and gives up the others, while a row
//! of a view is found again by its number, so that here a name stays and a new one is refused.

use mirrord_wire::session::{NameTable, SocketTable};
use mirrord_wire::{EventLine, MonitorEvent, Observation, Outcome, PortSubscription, ProcessInfo, SessionDetail};

use super::environment::Environment;
use super::failure::is_failure;
use super::files::Files;
use super::kind::Kind;
use super::network::Network;
use super::ports::Ports;
use super::processes::Processes;
use super::stats::Stats;
use super::table::{Mark, Seen, Tally, name_table};
use crate::codec::line::{Event, Line, variables, words};

/// Most distinct rules; events of others are counted without theirs.
const MAX_RULES: usize = 512;

/// Aggregates of a session's events.
#[derive(Debug, Clone)]
pub struct Aggregates {
    /// The paths.
    pub files: Files,
    /// The destinations and names.
    pub network: Network,
    /// The ports and requests.
    pub ports: Ports,
    /// The environment.
    pub environment: Environment,
    /// The processes.
    pub processes: Processes,
    /// Numbers over time.
    pub stats: Stats,
    /// Connections and sockets that listen.
    pub sockets: SocketTable,
    rules: NameTable<Tally<()>>,
    tells_routing: bool,
    tells_outcome: bool,
    /// The missing events that are in the counts all the same, and of which tables that holds.
    made_up: u64,
    whole: [bool; 4],
}

/// Tables with counts since the session began, whichever events this page was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    /// Uses of a path.
    Paths,
    /// Connections to a destination.
    Destinations,
    /// Look-ups of a name.
    Hosts,
    /// Reads of a variable.
    Variables,
    /// Anything else: the session does not say it.
    Else,
}

impl Default for Aggregates {
    fn default() -> Self {
        Self {
            files: Files::default(),
            network: Network::default(),
            ports: Ports::default(),
            environment: Environment::default(),
            processes: Processes::default(),
            stats: Stats::default(),
            sockets: SocketTable::default(),
            rules: name_table(MAX_RULES, 256 * 1024),
            tells_routing: false,
            tells_outcome: false,
            made_up: 0,
            whole: [false; 4],
        }
    }
}

impl Aggregates {
    /// Empty aggregates for the events of a process and its descendants, with these processes, and with what is known of the
    /// session as a whole.
    #[must_use]
    pub fn of_tree(&self, root: u32) -> Self {
        Self {
            processes: self.processes.of_tree(root),
            tells_routing: self.tells_routing,
            tells_outcome: self.tells_outcome,
            ..Self::default()
        }
    }

    /// Counts an event in.
    pub fn apply(&mut self, line: &Line<'_>) {
        self.stats.add(line.ts, Kind::of_type(&line.kind), is_failure(line));
        self.follow_sockets(line);
        let mark = self.mark(line);
        match &line.event {
            Event::File { path, operation } => {
                if let Some(path) = path {
                    self.files.apply(path, operation, mark);
                }
            }
            Event::Dns { host } => self.network.asked(host, mark),
            Event::Connect {
                address,
                port,
                protocol,
            } => self.network.connected(address, *port, protocol.as_deref(), mark),
            // Another process has the port.
            Event::Port { .. } if line.outcome == Some(Outcome::Failed) => {}
            Event::Port { port, mode, filter, .. } => self.ports.subscribed(*port, mode, filter.as_deref(), line.ts),
            Event::Request { method, path, host } => self.ports.request(method, host, path, mark),
            Event::Env { vars } => {
                // What is no list of variables names none.
                let _ = variables(*vars, &mut |name, value| {
                    self.environment.fetched(&name, value.as_deref(), mark);
                });
            }
            Event::Started {
                pid,
                parent_pid,
                process_name,
                cmdline,
                cwd,
            } => {
                let mut arguments = Vec::new();
                let _ = cmdline.and_then(|cmdline| words(cmdline, &mut |word| arguments.push(word.into_owned())));
                self.processes
                    .started(*pid, *parent_pid, process_name.as_deref(), &arguments, line.ts);
                self.processes.moved(*pid, cwd.as_deref());
            }
            Event::Ended { pid, exit } => self.processes.ended(*pid, line.ts, exit),
            Event::Update(update) => self.network.settle(&update.remote, line.outcome),
            Event::Listener(_) | Event::Unknown => {}
        }
        if let Some(pid) = mark.pid {
            self.processes.acted(pid);
        }
    }

    fn follow_sockets(&mut self, line: &Line<'_>) {
        if let Some(event) = socket_event(line) {
            let observation = Observation {
                pid: line.pid,
                outcome: line.outcome,
                ..event.into()
            };
            let (seq, ts) = (line.seq, line.ts);
            self.sockets.apply(&EventLine { seq, ts, observation });
        }
    }

    fn mark(&mut self, line: &Line<'_>) -> Mark {
        let mut mark = Mark {
            ts: line.ts,
            pid: line.pid,
            routing: line.routing,
            rule: None,
            outcome: line.outcome,
        };
        self.tells_outcome |= line.outcome.is_some();
        self.tells_routing |= line.routing.is_some();
        if let Some((number, rule)) = line.rule.as_deref().and_then(|rule| self.rules.entry(rule)) {
            mark.rule = u16::try_from(number).ok();
            rule.seen.add(mark);
        }
        mark
    }

    /// Learns what the session says of itself, and its events no longer do.
    pub fn known(&mut self, processes: &[ProcessInfo], ports: &[PortSubscription]) {
        self.processes.known(processes);
        self.ports.known(ports);
    }

    /// Events that this page was not sent, and that no count has.
    #[must_use]
    pub fn missing(&self) -> u64 {
        (self.stats.older() + self.stats.lost()).saturating_sub(self.made_up)
    }

    /// Reports exact counts of every event since the session began; others are lower bounds.
    #[must_use]
    pub fn is_whole(&self, counted: Counted) -> bool {
        let is_made_up = || self.missing() == 0 && self.whole.get(counted as usize) == Some(&true);
        self.stats.older() + self.stats.lost() == 0 || is_made_up()
    }

    /// Takes over the session's own counts, up to the newest event that was counted here. `behind` of the events that
    /// are missing here came after that.
    pub fn take_baseline(&mut self, detail: &SessionDetail, behind: u64) {
        self.made_up = (self.stats.older() + self.stats.lost()).saturating_sub(behind);
        let state = &detail.state;
        let [paths, destinations, hosts, variables] = [&state.paths, &state.outgoing, &state.hosts, &state.env_names];
        let is_whole = detail.names_every_event();
        self.whole = [paths, destinations, hosts, variables].map(|top| is_whole && top.omitted() == 0);
        for (path, count) in paths.most_frequent() {
            self.files.total(path, count);
        }
        for (destination, count) in destinations.most_frequent() {
            self.network.total_destination(destination, count);
        }
        for (host, count) in hosts.most_frequent() {
            self.network.total_host(host, count);
        }
        for (name, count) in variables.most_frequent() {
            self.environment.total(name, count);
        }
        (self.sockets.connections, self.sockets.listeners) = (state.connections.clone(), state.listeners.clone());
        self.sockets.traffic = state.traffic;
        for process in state.processes.iter() {
            self.processes
                .known_from(&process.info, process.started_ts, process.ended_ts, &process.exit);
        }
        self.ports.known(&state.port_subscriptions);
    }

    /// Reports a session that exposes routing, and with it what was not found.
    #[must_use]
    pub fn tells_routing(&self) -> bool {
        self.tells_routing
    }

    /// Reports a session that exposes outcomes.
    #[must_use]
    pub fn tells_outcome(&self) -> bool {
        self.tells_outcome
    }

    /// A rule by its number.
    #[must_use]
    pub fn rule(&self, number: u16) -> &str {
        self.rules.name(number.into())
    }

    /// The rules that decided something, and what.
    pub fn rules(&self) -> impl Iterator<Item = (&str, Seen)> {
        self.rules.iter().map(|(name, rule)| (name, rule.seen))
    }
}

/// An event of a socket, as the wire's own.
fn socket_event(line: &Line<'_>) -> Option<MonitorEvent> {
    Some(match &line.event {
        Event::Update(update) => MonitorEvent::ConnectionUpdate(update.clone()),
        Event::Listener(update) => MonitorEvent::ListenerUpdate(update.clone()),
        Event::Port { port, address, .. } if line.outcome == Some(Outcome::Failed) => MonitorEvent::PortSubscription {
            port: *port,
            mode: "".into(),
            filter: None,
            address: address.as_deref().map(str::to_owned),
        },
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use mirrord_wire::{EventLine, Exit, MonitorEvent, Observation, Routing};

    use super::*;
    use crate::codec::line::sent;

    fn line(seq: u64, event: MonitorEvent, rule: Option<&'static str>) -> EventLine {
        let observation = Observation {
            event,
            pid: Some(7),
            routing: Some(Routing::Remote),
            rule: rule.map(Into::into),
            detail: None,
            root: None,
            outcome: None,
        };
        EventLine {
            seq,
            ts: seq,
            observation,
        }
    }

    #[test]
    fn every_kind_of_event_is_in_its_view() {
        let mut aggregates = Aggregates::default();
        let events = [
            MonitorEvent::LayerConnected {
                pid: 7,
                parent_pid: None,
                process_name: Some("node".into()),
                cmdline: vec![],
                cwd: None,
            },
            MonitorEvent::FileOp {
                path: Some("/a".into()),
                operation: "open".into(),
            },
            MonitorEvent::FileOp {
                path: None,
                operation: "read".into(),
            },
            MonitorEvent::DnsQuery { host: "db".into() },
            MonitorEvent::OutgoingConnection {
                address: "10.0.0.1".into(),
                port: 1,
                protocol: None,
            },
            MonitorEvent::PortSubscription {
                port: 80,
                mode: "steal".into(),
                filter: None,
                address: None,
            },
            MonitorEvent::IncomingRequest {
                method: "GET".into(),
                path: "/".into(),
                host: "h".into(),
            },
            MonitorEvent::EnvVar {
                vars: vec![("A".into(), None), ("B".into(), Some("1".into()))],
            },
            MonitorEvent::Unknown {
                kind: "New".into(),
                fields: vec![],
            },
            MonitorEvent::LayerDisconnected {
                pid: 7,
                exit: Exit::default(),
            },
        ];
        for (seq, event) in (1..).zip(events) {
            let line = line(seq, event, (seq < 4).then_some("fs.read"));
            sent(&line, |line| aggregates.apply(line));
        }
        assert_eq!(
            (
                aggregates.files.len(),
                aggregates.network.hosts(),
                aggregates.network.destinations()
            ),
            (1, 1, 1)
        );
        assert_eq!(
            (
                aggregates.ports.ports().len(),
                aggregates.ports.requests(),
                aggregates.environment.len()
            ),
            (1, 1, 2)
        );
        let process = aggregates.processes.of(7).unwrap();
        assert_eq!(
            (process.events, process.ended),
            (9, Some(10)),
            "an unknown event has the fields that it came with"
        );
        assert_eq!(aggregates.stats.seen(), 10);
        let rules: Vec<_> = aggregates.rules().map(|(rule, seen)| (rule, seen.count)).collect();
        assert_eq!(rules, [("fs.read", 3)]);
        assert_eq!(
            aggregates.files.seen(0).rule().map(|rule| aggregates.rule(rule)),
            Some("fs.read")
        );
    }

    #[test]
    fn a_flood_of_rules_is_bounded() {
        let mut aggregates = Aggregates::default();
        for seq in 0..2_000_u64 {
            let mut line = line(seq, MonitorEvent::DnsQuery { host: "db".into() }, None);
            line.observation.rule = Some(format!("rule{seq}").into());
            sent(&line, |line| aggregates.apply(line));
        }
        assert_eq!(aggregates.rules().count(), MAX_RULES);
    }
}
