//! Descriptions of a session: its entry in the list, and the session with its whole state. Before redaction.

use mirrord_wire::api::Connections;
use mirrord_wire::{Exit, ProcessInfo, SessionDetail, SessionInfo, SessionState, SessionStatus, SessionSummary};

use super::{Audience, Session};
use crate::clock;
use crate::mirror::redact;

/// The bytes of names and command lines in the summary of an ended session, beside its first process: a snapshot may have
/// two hundred of them.
const MAX_ENDED_PROCESSES_BYTES: usize = 8 * 1024;

impl Session {
    /// Connections and listeners, for an audience.
    pub(crate) fn connections_for(&self, audience: Audience) -> Connections {
        let mut answer = Connections::of(&self.state);
        if audience == Audience::Device {
            redact::sockets(&mut answer.connections, &mut answer.listeners);
        }
        answer
    }

    /// Returns its mirrord key, where it has one.
    pub(crate) fn mirrord_key(&self) -> Option<&str> {
        self.info.key.as_deref().filter(|name| !name.is_empty())
    }

    /// Version of a released mirrord, where it is one, for messages.
    pub(crate) fn released_version(&self) -> Option<&str> {
        (self.known && self.info.protocol_version == 0).then_some(self.info.mirrord_version.as_str())
    }

    /// The processes that run now.
    pub(crate) fn running_pids(&self) -> Vec<u32> {
        self.state.running().map(|process| process.pid).collect()
    }

    /// The session in a list.
    pub(super) fn summary(&self) -> SessionSummary {
        let mut info = self.info.clone();
        let ended = self.status == SessionStatus::Ended;
        info.processes = if ended {
            self.ended_processes()
        } else {
            self.state.running().cloned().collect()
        };
        info.port_subscriptions.clone_from(&self.state.port_subscriptions);
        info.name = self.name().map(str::to_owned);
        info.exit = self.end_of_program();
        SessionSummary {
            info,
            status: self.status,
            reason: self.reason.clone(),
            ended_at: self.ended_ts.map(clock::rfc3339),
            counts: self.state.counters.by_type.clone(),
            routing: self.state.counters.by_routing.clone(),
            socket: self.socket.as_deref().map(str::to_owned),
            rate: self.rate_at(clock::now_micros()),
            recent: if ended {
                Vec::new()
            } else {
                self.recent.rates(clock::now_micros())
            },
            traffic: self.traffic(),
            seq: self.ring.end().seq,
            oldest_seq: self.ring.oldest(),
            missed: self.released_version().is_none().then_some(self.missed),
            before: self.before,
            suppressed: self.suppressed,
            process_count: self
                .state
                .processes_omitted
                .saturating_add(self.state.processes.len() as u64),
            end: self.end.filter(|_| ended),
            notes: self.notes.clone(),
            record: self.record.as_ref().map(|record| record.progress().info.clone()),
            recording: self.recording.clone(),
            extra: self.extra.clone(),
        }
    }

    /// Its own description, as it is now.
    pub(crate) fn description(&self) -> SessionInfo {
        self.summary().info
    }

    /// Returns whether the start of a process is among the kept events: they go back to the first one, and its time is known.
    pub(crate) fn is_introduced(&self, pid: u32) -> bool {
        let is_whole = self.ring.oldest() == 1;
        let mut processes = self.state.processes.iter();
        is_whole && processes.any(|process| process.info.pid == pid && process.started_ts > 0)
    }

    /// End of the session's program, where it is known.
    pub(crate) fn end_of_program(&self) -> Option<Exit> {
        self.info.exit.clone().or_else(|| self.exit().cloned())
    }

    /// The processes that an ended session had, the first one for certain, the others within a bound in bytes.
    fn ended_processes(&self) -> Vec<ProcessInfo> {
        let mut room = MAX_ENDED_PROCESSES_BYTES;
        let size = |info: &ProcessInfo| info.process_name.len() + info.cmdline.iter().map(String::len).sum::<usize>();
        let all = self.state.processes.iter().map(|process| &process.info);
        let fitting = all.enumerate().take_while(|(index, info)| {
            let left = if *index == 0 {
                Some(room)
            } else {
                room.checked_sub(size(info))
            };
            room = left.unwrap_or(0);
            left.is_some()
        });
        fitting
            .map(|(_, info)| info.clone())
            .take(SessionSummary::MAX_ENDED_PROCESSES)
            .collect()
    }

    /// The session with everything that is known of it.
    pub(super) fn detail(&self) -> SessionDetail {
        SessionDetail {
            summary: self.summary(),
            state: self.state_now(),
        }
    }

    /// Its state, with the numbers that are kept here.
    pub(crate) fn state_now(&self) -> SessionState {
        let mut state = self.state.clone();
        state.oldest_seq = self.ring.oldest();
        state
    }

    /// Number of its events.
    pub(crate) fn counted(&self) -> u64 {
        self.state.counters.total
    }

    /// Its events a second; none once it has ended.
    pub(crate) fn rate_at(&self, now: u64) -> f64 {
        match self.status {
            SessionStatus::Ended => 0.0,
            _ => self.rate.per_second(now),
        }
    }

    /// End of the session's first process, where its event says how: `/info` is not read again at the end.
    fn exit(&self) -> Option<&Exit> {
        let first = self
            .state
            .processes
            .first()
            .filter(|first| Some(first.info.pid) == self.root)?;
        Some(&first.exit).filter(|exit| first.ended_ts.is_some() && !exit.is_unknown())
    }
}
