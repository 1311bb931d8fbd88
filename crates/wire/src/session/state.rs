//! State of a session, bounded: the answer to `GET /state`, and its growth with each event.
//!
//! The host and the server count with [`SessionState::apply`]. The page keeps more of each event, and reads it without a copy
//! of its texts, so that it has a loop of its own over the same tables: [`ProcessTable`], [`subscribe`], `SocketTable`,
//! `NameTable`, `count_kind`. Every list in here has a bound, and each has the number of items that did not fit.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use super::bounded;
use super::connections::{Bytes, Connection, Listener, SocketState, Sockets};
#[cfg(feature = "openapi")]
use super::connections::{ConnectionList, ListenerList};
use super::counters::Counters;
use super::event::{EventLine, INCOMPLETE, MonitorEvent, Outcome};
use super::info::{PortSubscription, ProcessInfo};
use super::json::RawJson;
use super::ports::{MAX_PORTS, subscribe};
use super::processes::{Process, ProcessTable};
use super::top::Top;

/// The most reasons kept for which a session is incomplete; more are not listed.
pub const MAX_REASONS: usize = 16;

/// A longer reason is not listed.
const MAX_REASON_BYTES: usize = 64;

/// Policy of which events a session sends one by one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Policy {
    /// Each one.
    #[default]
    All,
    /// The first access to a path by an operation, and everything that is not a file operation; the rest as counters.
    #[serde(rename = "interesting", alias = "deduplicated")]
    Deduplicated,
}

/// Answer to `GET /state`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct SessionState {
    /// The number of the newest event.
    pub seq: u64,
    /// The oldest number that `since` can still reach; 0 where nothing is kept.
    pub oldest_seq: u64,
    /// Policy of which events are sent one by one.
    pub policy: Policy,
    /// Exact numbers.
    pub counters: Counters,
    /// The processes, oldest first.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<Process>))]
    pub processes: ProcessTable<Process>,
    /// Number of ended processes that did not fit.
    #[serde(rename = "processes_more", alias = "processes_omitted")]
    pub processes_omitted: u64,
    /// The ports that are subscribed to.
    #[serde(deserialize_with = "bounded::list::<MAX_PORTS, _, _>")]
    pub port_subscriptions: Vec<PortSubscription>,
    /// Outgoing destinations: `address:port`, `[address]:port`, or a Unix socket's path.
    pub outgoing: Top,
    /// Names that were looked up.
    pub hosts: Top,
    /// Paths that were touched.
    pub paths: Top,
    /// Environment variables that were fetched, by name.
    pub env_names: Top,
    /// Events that were emitted and lost before they could be kept or sent to anybody.
    pub dropped: u64,
    /// Reasons for which the program may have done what is not in here, such as `io_uring`; at most 16.
    #[serde(
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "bounded::list::<MAX_REASONS, _, _>"
    )]
    pub incomplete: Vec<String>,
    /// Connections, in the order in which they were first seen.
    #[serde(skip_serializing_if = "Sockets::is_empty")]
    #[cfg_attr(feature = "openapi", schema(value_type = ConnectionList))]
    pub connections: Sockets<Connection>,
    /// Listeners, in the order in which they were first seen.
    #[serde(skip_serializing_if = "Sockets::is_empty")]
    #[cfg_attr(feature = "openapi", schema(value_type = ListenerList))]
    pub listeners: Sockets<Listener>,
    /// Bytes over all of them; absent while nothing is known of any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub traffic: Option<Bytes>,
}

impl SessionState {
    /// Counts one event in. Events come in the order of `seq`.
    pub fn apply(&mut self, line: &EventLine) {
        self.seq = self.seq.max(line.seq);
        self.counters.count(&line.observation, 1);
        let Self {
            connections,
            listeners,
            traffic,
            ..
        } = self;
        SocketState {
            connections,
            listeners,
            traffic,
        }
        .apply(line);
        match line.event() {
            MonitorEvent::FileOp { path: Some(path), .. } => self.paths.add(path),
            MonitorEvent::DnsQuery { host } => self.hosts.add(host),
            MonitorEvent::OutgoingConnection { address, port, .. } => self.outgoing.add(&destination(address, *port)),
            // A port that could not be had is among the listeners.
            MonitorEvent::PortSubscription { .. } if line.observation.outcome == Some(Outcome::Failed) => {}
            MonitorEvent::PortSubscription {
                port,
                mode,
                filter,
                address,
            } => subscribe(
                &mut self.port_subscriptions,
                PortSubscription {
                    port: *port,
                    mode: mode.to_string(),
                    filter: filter.clone(),
                    address: address.clone(),
                },
            ),
            MonitorEvent::EnvVar { vars } => vars.iter().for_each(|(name, _)| self.env_names.add(name)),
            MonitorEvent::LayerConnected {
                pid,
                parent_pid,
                process_name,
                cmdline,
                cwd,
            } => self.connected(
                ProcessInfo {
                    pid: *pid,
                    process_name: process_name.clone().unwrap_or_default(),
                    parent_pid: *parent_pid,
                    cmdline: cmdline.clone(),
                    cwd: cwd.clone(),
                },
                line.ts,
            ),
            MonitorEvent::LayerDisconnected { pid, exit } => self.processes.end(*pid, line.ts, exit),
            MonitorEvent::Unknown { kind, fields } if kind == INCOMPLETE => self.becomes_incomplete(fields),
            MonitorEvent::FileOp { path: None, .. }
            | MonitorEvent::ConnectionUpdate(_)
            | MonitorEvent::ListenerUpdate(_)
            | MonitorEvent::IncomingRequest { .. }
            | MonitorEvent::Unknown { .. } => {}
        }
    }

    /// The processes that run now, in the form of `GET /info`.
    pub fn running(&self) -> impl Iterator<Item = &ProcessInfo> {
        self.processes
            .iter()
            .filter(|process| process.ended_ts.is_none())
            .map(|process| &process.info)
    }

    /// Replaces the running processes and the ports by a host's own lists, within the bounds of those that events add.
    pub fn replace_running(&mut self, processes: Vec<ProcessInfo>, mut ports: Vec<PortSubscription>) {
        let is_listed = |pid: u32| processes.iter().any(|process| process.pid == pid);
        self.processes
            .retain(|own| own.ended_ts.is_some() || is_listed(own.info.pid));
        // When one has started is not in the list.
        processes.into_iter().for_each(|process| self.connected(process, 0));
        ports.truncate(MAX_PORTS);
        self.port_subscriptions = ports;
    }

    fn becomes_incomplete(&mut self, fields: &[(String, RawJson)]) {
        let reason = fields.iter().find(|(name, _)| name == "reason");
        let reason = reason.and_then(|(_, value)| serde_json::from_str::<String>(value.get()).ok());
        if let Some(reason) = reason
            && reason.len() <= MAX_REASON_BYTES
            && self.incomplete.len() < MAX_REASONS
            && !self.incomplete.contains(&reason)
        {
            self.incomplete.push(reason);
        }
    }

    fn connected(&mut self, info: ProcessInfo, started_ts: u64) {
        let process = Process {
            info,
            started_ts,
            ..Process::default()
        };
        if !self.processes.start(process) {
            self.processes_omitted = self.processes_omitted.saturating_add(1);
        }
    }
}

/// Prefix of an address that is a Unix socket's and no host's: `<UNIX-PATH> /p`, `<UNIX-ABSTRACT> n`, `<UNIX-UNNAMED>`.
pub const UNIX_ADDRESS: &str = "<UNIX-";

/// A destination as one text: `10.0.0.1:80`, `[::1]:80`, or a Unix socket's address as it came.
#[must_use]
pub fn destination(address: &str, port: u16) -> String {
    let mut destination = String::new();
    write_destination(&mut destination, address, port);
    destination
}

/// Appends a [`destination`] to a text.
pub fn write_destination(out: &mut String, address: &str, port: u16) {
    // Writing into a string cannot fail.
    let _ = if address.starts_with(UNIX_ADDRESS) {
        out.write_str(address)
    } else if address.contains(':') {
        write!(out, "[{address}]:{port}")
    } else {
        write!(out, "{address}:{port}")
    };
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::session::{Exit, MAX_KINDS, MAX_PROCESSES, Routing};

    fn line(seq: u64, event: MonitorEvent) -> EventLine {
        EventLine {
            seq,
            ts: seq * 10,
            observation: event.into(),
        }
    }

    fn started(pid: u32, name: &str) -> MonitorEvent {
        let process_name = Some(name.to_owned());
        MonitorEvent::LayerConnected {
            pid,
            parent_pid: None,
            process_name,
            cmdline: vec![],
            cwd: None,
        }
    }

    #[test]
    fn a_second_program_in_a_process_keeps_its_place_and_its_start() {
        let mut state = SessionState::default();
        state.apply(&line(1, started(7, "sh")));
        state.apply(&line(2, started(7, "node")));
        assert_eq!(state.processes.len(), 1);
        assert_eq!(
            (
                state.processes[0].info.process_name.as_str(),
                state.processes[0].started_ts
            ),
            ("node", 10)
        );
        state.apply(&line(
            3,
            MonitorEvent::LayerDisconnected {
                pid: 7,
                exit: Exit::default(),
            },
        ));
        assert_eq!(state.running().count(), 0);
    }

    #[test]
    fn a_process_is_read_with_all_its_flattened_parts_and_null_is_absent() {
        let text =
            r#"{"processes":[{"pid":7,"process_name":"sh","cwd":null,"started_ts":10,"ended_ts":20,"exit_code":3}]}"#;
        let state: SessionState = crate::from_json(text).unwrap();
        let [process] = &state.processes[..] else {
            panic!("{state:?}")
        };
        assert_eq!((process.info.pid, process.info.process_name.as_str()), (7, "sh"));
        assert_eq!(
            (process.started_ts, process.ended_ts, process.exit.code),
            (10, Some(20), Some(3))
        );
    }

    #[test]
    fn the_process_list_gives_up_the_longest_ended_and_says_so() {
        let mut state = SessionState::default();
        for pid in 1..=MAX_PROCESSES as u32 {
            state.apply(&line(u64::from(pid), started(pid, "sh")));
        }
        state.apply(&line(
            5_000,
            MonitorEvent::LayerDisconnected {
                pid: 3,
                exit: Exit::default(),
            },
        ));
        state.apply(&line(5_001, started(9_999, "new")));
        assert_eq!((state.processes.len(), state.processes_omitted), (MAX_PROCESSES, 1));
        assert!(state.processes.iter().all(|process| process.info.pid != 3));
        assert!(state.processes.iter().any(|process| process.info.pid == 1));
    }

    #[test]
    fn a_state_beyond_every_bound_is_read_and_kept_within_them() {
        let many: Vec<_> = (0..5_000).map(|pid| json!({"pid": pid, "process_name": "p"})).collect();
        let ports: Vec<_> = (0..5_000).map(|port| json!({"port": port, "mode": "steal"})).collect();
        let mut kinds: serde_json::Map<_, _> = (0..5_000).map(|kind| (format!("kind{kind}"), json!(1))).collect();
        kinds.insert("k".repeat(100_000), json!(1));
        let state: SessionState = serde_json::from_value(json!({
            "seq": 9, "processes": many, "port_subscriptions": ports,
            "counters": {"total": 5_001, "by_type": kinds},
        }))
        .unwrap();
        assert_eq!(
            (state.processes.len(), state.port_subscriptions.len()),
            (MAX_PROCESSES, MAX_PORTS)
        );
        let by_type = &state.counters.by_type;
        assert!(by_type.len() <= MAX_KINDS + 1, "{}", by_type.len());
        assert_eq!(by_type.values().sum::<u64>(), 5_001);
        assert!(by_type.keys().all(|name| name.len() <= 256));
    }

    #[test]
    fn unknown_types_cannot_grow_the_counters_without_bound() {
        let mut state = SessionState::default();
        for number in 0..1_000 {
            state.apply(&line(
                number,
                MonitorEvent::Unknown {
                    kind: format!("kind{number}"),
                    fields: vec![],
                },
            ));
        }
        assert!(state.counters.by_type.len() <= MAX_KINDS + 1);
        assert_eq!(state.counters.by_type.values().sum::<u64>(), 1_000);
    }

    #[test]
    fn counters_stay_at_the_largest_number_and_never_go_round() {
        let mut counters = Counters::default();
        let full: Counters = serde_json::from_value(json!({
            "total": u64::MAX, "by_type": {"FileOp": u64::MAX}, "by_operation": {"open": u64::MAX},
            "by_routing": {"local": u64::MAX},
        }))
        .unwrap();
        for _ in 0..2 {
            counters.add(&full);
            counters.count_type("FileOp", u64::MAX);
            counters.count_operation("open", 1);
            counters.count_routing(Routing::Local, 1);
        }
        assert_eq!(counters, full);
        let mut state: SessionState = serde_json::from_value(json!({
            "seq": 1, "counters": full, "processes_more": u64::MAX,
            "hosts": {"items": [{"name": "h", "count": u64::MAX}], "more": u64::MAX},
        }))
        .unwrap();
        state.apply(&line(2, MonitorEvent::DnsQuery { host: "h".to_owned() }));
        assert_eq!((state.counters.total, state.hosts.distinct()), (u64::MAX, u64::MAX));
    }

    #[test]
    fn a_reason_to_be_incomplete_is_listed_once() {
        let mut state = SessionState::default();
        for number in 1..4 {
            state.apply(&line(number, MonitorEvent::incomplete("io_uring", 7)));
        }
        assert_eq!(state.incomplete, ["io_uring"]);
        assert_eq!(state.counters.by_type["Incomplete"], 3);
    }

    #[test]
    fn destinations_tell_the_address_from_the_port() {
        assert_eq!(destination("10.0.0.1", 80), "10.0.0.1:80");
        assert_eq!(destination("::1", 80), "[::1]:80");
        for unix in ["<UNIX-PATH> /run/x", "<UNIX-ABSTRACT> bus:0", "<UNIX-UNNAMED>"] {
            assert_eq!(destination(unix, 0), unix);
        }
    }
}
