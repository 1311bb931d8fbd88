//! Merging of states, one session at a time: no more is held than the merged state and the names to choose from.

use super::super::connections::{Bytes, Connection, Listener, MAX_SOCKETS, Sockets};
use super::super::counters::Counters;
use super::super::info::PortSubscription;
use super::super::ports::MAX_PORTS;
use super::super::processes::{MAX_PROCESSES, Process};
use super::super::state::SessionState;
use super::kept::{KeptItems, Placed};
use super::name_counts::NameCounts;
use super::state::{GroupSession, GroupState, IncompleteReason, MAX_GROUP_REASONS, MAX_GROUP_SESSIONS, UnreadSession};

/// Merger of the states of one key's sessions.
#[derive(Debug, Default)]
pub struct StateMerger {
    sessions: KeptItems<GroupSession, MAX_GROUP_SESSIONS>,
    unread: Vec<UnreadSession>,
    unread_omitted: u64,
    counters: Counters,
    by_type: NameCounts,
    by_operation: NameCounts,
    processes: KeptItems<Process, MAX_PROCESSES>,
    ports: KeptItems<PortSubscription, MAX_PORTS>,
    outgoing: NameCounts,
    hosts: NameCounts,
    paths: NameCounts,
    env_names: NameCounts,
    dropped: u64,
    incomplete: KeptItems<IncompleteReason, MAX_GROUP_REASONS>,
    connections: KeptItems<Connection, MAX_SOCKETS>,
    listeners: KeptItems<Listener, MAX_SOCKETS>,
    traffic: Option<Bytes>,
}

/// Item without a time.
fn timeless<T>(item: T) -> Placed<T> {
    Placed {
        item,
        start: 0,
        end: None,
    }
}

impl StateMerger {
    /// Adds the state of a session. Each session is added once.
    pub fn add(&mut self, session_id: &str, state: SessionState) {
        let own = GroupSession {
            session_id: session_id.to_owned(),
            seq: state.seq,
            oldest_seq: state.oldest_seq,
            events: state.counters.total,
            dropped: state.dropped,
        };
        self.sessions.add(session_id, [timeless(own)], 0);
        self.dropped = self.dropped.saturating_add(state.dropped);
        self.add_counters(&state.counters);
        self.outgoing.add_top(&state.outgoing);
        self.hosts.add_top(&state.hosts);
        self.paths.add_top(&state.paths);
        self.env_names.add_top(&state.env_names);
        let processes = state.processes.into_iter().map(|process| Placed {
            start: process.started_ts,
            end: process.ended_ts,
            item: process,
        });
        self.processes.add(session_id, processes, state.processes_omitted);
        let ports = state.port_subscriptions.into_iter().map(timeless);
        self.ports.add(session_id, ports, 0);
        let reasons = state.incomplete.into_iter();
        let reasons = reasons.map(|reason| timeless(IncompleteReason { reason }));
        self.incomplete.add(session_id, reasons, 0);
        self.add_sockets(session_id, state.connections, state.listeners);
        if let Some(own) = state.traffic {
            let sum = self.traffic.get_or_insert_default();
            sum.bytes_in = sum.bytes_in.saturating_add(own.bytes_in);
            sum.bytes_out = sum.bytes_out.saturating_add(own.bytes_out);
        }
    }

    /// Notes a session whose state could not be read.
    pub fn add_unread(&mut self, session_id: &str, reason: String) {
        if self.unread.len() >= MAX_GROUP_SESSIONS {
            self.unread_omitted += 1;
            return;
        }
        self.unread.push(UnreadSession {
            session_id: session_id.to_owned(),
            reason,
        });
    }

    fn add_counters(&mut self, counters: &Counters) {
        self.counters.total = self.counters.total.saturating_add(counters.total);
        self.by_type.add_kinds(&counters.by_type);
        self.by_operation.add_kinds(&counters.by_operation);
        for (routing, count) in &counters.by_routing {
            self.counters.count_routing(*routing, *count);
        }
        for (outcome, count) in &counters.by_outcome {
            self.counters.count_outcome(*outcome, *count);
        }
    }

    fn add_sockets(&mut self, session_id: &str, connections: Sockets<Connection>, listeners: Sockets<Listener>) {
        let opened = connections.items.into_iter().map(|connection| Placed {
            start: connection.opened_ts.unwrap_or(0),
            end: connection.closed_ts,
            item: connection,
        });
        self.connections.add(session_id, opened, connections.omitted);
        let listening = listeners.items.into_iter().map(|listener| Placed {
            start: 0,
            end: listener.closed_ts,
            item: listener,
        });
        self.listeners.add(session_id, listening, listeners.omitted);
    }

    /// Returns the merged state of a key.
    #[must_use]
    pub fn finish(mut self, key: &str) -> GroupState {
        let (sessions, sessions_omitted) = self.sessions.finish();
        let (processes, processes_omitted) = self.processes.finish();
        let (port_subscriptions, ports_omitted) = self.ports.finish();
        let (connections, connections_omitted) = self.connections.finish();
        let (listeners, listeners_omitted) = self.listeners.finish();
        self.counters.by_type = self.by_type.into_kinds();
        self.counters.by_operation = self.by_operation.into_kinds();
        self.unread.sort_by(|one, other| one.session_id.cmp(&other.session_id));
        GroupState {
            key: key.to_owned(),
            sessions: sessions.into_iter().map(|own| own.item).collect(),
            sessions_omitted: sessions_omitted.saturating_add(self.unread_omitted),
            unread: self.unread,
            counters: self.counters,
            processes,
            processes_omitted,
            port_subscriptions,
            ports_omitted,
            outgoing: self.outgoing.into_top(),
            hosts: self.hosts.into_top(),
            paths: self.paths.into_top(),
            env_names: self.env_names.into_top(),
            dropped: self.dropped,
            incomplete: self.incomplete.finish().0,
            connections: Sockets {
                items: connections,
                omitted: connections_omitted,
            },
            listeners: Sockets {
                items: listeners,
                omitted: listeners_omitted,
            },
            traffic: self.traffic,
        }
    }
}
