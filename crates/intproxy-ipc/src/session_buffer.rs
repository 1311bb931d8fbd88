//! A session's description, its counters, and the lines that are kept.
//!
//! Invariant: `state.seq` is the number of the last event that was counted in here, and every event up to it was either
//! applied, in order, or counted in `state.dropped`. Knows no task, no lock and no connection.

use std::sync::Arc;

use mirrord_wire::session::Policy;
use mirrord_wire::{Control, Counters, EventLine, PROTOCOL_VERSION, SessionInfo, SessionState};
use serde_json::{Map, Value};
use tokio::time::Instant;

use crate::batch_cache::BatchCache;
use crate::event_json;
use crate::limits::{BATCH_BYTES, MAX_LINE_BYTES};
use crate::record::Stamped;
use crate::response_format::ResponseFormat;
use crate::ring::{Ring, RingLimits};
use crate::sampling::{Run, SeenCache, Switch};

/// One session's buffer.
pub(crate) struct SessionBuffer {
    info: SessionInfo,
    state: SessionState,
    ring: Ring,
    batches: BatchCache,
    /// Lines that are being made.
    lines: Vec<u8>,
    switch: Switch,
    seen: SeenCache,
    /// Suppressed events that have no `Lagged` line yet.
    run: Option<Run>,
    /// When events were last taken in.
    now: Instant,
}

impl SessionBuffer {
    pub(crate) fn new(info: SessionInfo, limits: RingLimits, policy: Option<Policy>) -> Self {
        let mut buffer = Self {
            info: SessionInfo::default(),
            state: SessionState::default(),
            ring: Ring::new(limits),
            batches: BatchCache::default(),
            lines: Vec::new(),
            switch: Switch::new(policy),
            seen: SeenCache::default(),
            run: None,
            now: Instant::now(),
        };
        buffer.state.policy = buffer.switch.policy();
        buffer.update(|own| *own = info);
        buffer
    }

    /// Takes the next record in. `wanted` is the oldest number that a connected reader has yet to take.
    pub(crate) fn record(&mut self, stamped: Stamped<'_>, wanted: Option<u64>) {
        // A record that cannot be read leaves a gap, and a gap is told.
        let Some(event) = stamped.event() else {
            return;
        };
        self.lost_before(event.seq);
        self.state.apply(&event);
        if self.state.policy == Policy::Deduplicated && !self.seen.is_new(event.event()) {
            return self.suppress(&event, wanted);
        }
        self.flush_suppressed(wanted);
        if event_json::is_within(stamped, MAX_LINE_BYTES) {
            self.ring.push(stamped, wanted);
        } else {
            self.state.dropped += 1;
        }
    }

    /// Looks at the clock: which policy the rate asks for, and whether it is time to tell of what was suppressed. Says
    /// whether there is such a line.
    pub(crate) fn tick(&mut self, wanted: Option<u64>) -> bool {
        self.now = Instant::now();
        self.switch.observe(self.now, self.state.seq);
        if self.state.policy != self.switch.policy() {
            self.state.policy = self.switch.policy();
            self.seen.forget();
        }
        let is_due = self.run.as_ref().is_some_and(|run| run.is_due(self.now));
        if is_due {
            self.flush_suppressed(wanted);
        }
        is_due
    }

    /// Reports suppressed events that have no `Lagged` line yet.
    pub(crate) fn is_suppressing(&self) -> bool {
        self.run.is_some()
    }

    fn suppress(&mut self, event: &EventLine, wanted: Option<u64>) {
        match &mut self.run {
            Some(run) if run.last + 1 == event.seq => run.extend(event),
            _ => {
                self.flush_suppressed(wanted);
                self.run = Some(Run::new(event, self.now));
            }
        }
    }

    /// Keeps the line that accounts for what was suppressed, where there is something.
    pub(crate) fn flush_suppressed(&mut self, wanted: Option<u64>) {
        let Some(run) = self.run.take() else {
            return;
        };
        let missed = run.suppressed.total;
        let told = Control::Lagged {
            missed,
            suppressed: Some(run.suppressed),
        };
        if let Ok(mut line) = serde_json::to_vec(&told) {
            line.push(b'\n');
            let count = u32::try_from(missed).unwrap_or(u32::MAX);
            self.ring.push_suppressed((run.last, run.ts), count, &line, wanted);
        }
    }

    /// Every event up to `seq` was either kept or is lost.
    pub(crate) fn reached(&mut self, seq: u64) {
        self.lost_before(seq + 1);
    }

    /// Counts events by type that were given up before they came here.
    pub(crate) fn count_lost(&mut self, lost: &Counters) {
        if lost.total > 0 {
            self.state.counters.add(lost);
        }
    }

    fn lost_before(&mut self, seq: u64) {
        let missing = seq.saturating_sub(self.state.seq + 1);
        self.state.dropped += missing;
        self.state.seq += missing;
    }

    pub(crate) fn newest(&self) -> u64 {
        self.state.seq
    }

    /// The answer to `/info`: the host's description, with the running processes and the ports of the state.
    pub(crate) fn info(&self) -> SessionInfo {
        SessionInfo {
            processes: self.state.running().cloned().collect(),
            port_subscriptions: self.state.port_subscriptions.clone(),
            ..self.info.clone()
        }
    }

    /// Lets the host change the info; the id and the protocol's version are not its to change, and `config` is always
    /// there.
    pub(crate) fn update(&mut self, change: impl FnOnce(&mut SessionInfo)) {
        let id = self.info.session_id.clone();
        let mut info = self.info();
        change(&mut info);
        let processes = std::mem::take(&mut info.processes);
        let ports = std::mem::take(&mut info.port_subscriptions);
        self.state.replace_running(processes, ports);
        self.info = info;
        if !id.is_empty() {
            self.info.session_id = id;
        }
        self.info.protocol_version = PROTOCOL_VERSION;
        // A released mirrord removes the socket of a session without it.
        self.info.config.get_or_insert_with(|| Value::Object(Map::new()));
    }

    /// The state as it is now.
    pub(crate) fn state(&mut self) -> &SessionState {
        self.state.oldest_seq = self.ring.oldest();
        &self.state
    }

    /// Returns the next lines for a reader at `cursor`, about `most` bytes, and moves the cursor.
    pub(crate) fn next(&mut self, cursor: &mut u64, framing: ResponseFormat, most: usize) -> Arc<[u8]> {
        let from = *cursor;
        // What is being suppressed is not lost: it will have its line.
        let mut until = self.run.as_ref().map_or(self.state.seq, |run| run.first - 1);
        if framing == ResponseFormat::Ndjson {
            if let Some((to, lines)) = self.batches.get(from) {
                *cursor = to;
                return lines;
            }
            until = self.batches.next_from(from).map_or(until, |next| until.min(next - 1));
        }
        self.lines.clear();
        // One long line must not hold its room for good.
        self.lines.shrink_to(2 * BATCH_BYTES);
        self.ring.copy(cursor, until, framing, most, &mut self.lines);
        let lines = Arc::from(self.lines.as_slice());
        if framing == ResponseFormat::Ndjson && *cursor > from {
            self.batches.insert(from, *cursor, &lines);
        }
        lines
    }

    /// Gives back what only readers in a rush need.
    pub(crate) fn rest(&mut self) {
        self.batches.clear();
        self.ring.rest();
        self.lines = Vec::new();
    }
}

#[cfg(test)]
mod tests {
    use mirrord_wire::{Exit, MonitorEvent, ProcessInfo};

    use super::*;
    use crate::record::{Record, written};

    fn ended(pid: u32) -> MonitorEvent {
        MonitorEvent::LayerDisconnected {
            pid,
            exit: Exit::default(),
        }
    }

    fn buffer() -> SessionBuffer {
        let info = SessionInfo {
            session_id: "one".to_owned(),
            ..SessionInfo::default()
        };
        SessionBuffer::new(info, RingLimits::default(), None)
    }

    fn record(buffer: &mut SessionBuffer, seq: u64, event: MonitorEvent) {
        let bytes = written(&event.into());
        let (record, _) = Record::split(&bytes).unwrap();
        buffer.record(record.stamped(seq, 1), None);
    }

    fn connected(pid: u32) -> MonitorEvent {
        MonitorEvent::LayerConnected {
            pid,
            parent_pid: None,
            process_name: Some(format!("p{pid}")),
            cmdline: vec![],
            cwd: None,
        }
    }

    #[test]
    fn processes_that_the_host_lists_itself_stay_until_an_event_ends_them() {
        let listed = |pid| ProcessInfo {
            pid,
            ..ProcessInfo::default()
        };
        let info = SessionInfo {
            processes: vec![listed(7), listed(8)],
            ..SessionInfo::default()
        };
        let mut buffer = SessionBuffer::new(info, RingLimits::default(), None);
        record(&mut buffer, 1, connected(9));
        record(&mut buffer, 2, ended(7));
        buffer.update(|info| info.processes.push(listed(10)));
        let pids: Vec<_> = buffer.info().processes.iter().map(|process| process.pid).collect();
        assert_eq!(pids, [8, 9, 10]);
    }

    #[test]
    fn info_follows_the_processes_and_the_hosts_own_changes() {
        let mut buffer = buffer();
        record(&mut buffer, 1, connected(7));
        record(&mut buffer, 2, connected(8));
        record(&mut buffer, 3, ended(7));
        buffer.update(|info| {
            info.target = "pod/a".to_owned();
            info.session_id = "another".to_owned();
            info.protocol_version = 9;
        });
        let info = buffer.info();
        assert_eq!(
            info.processes.iter().map(|process| process.pid).collect::<Vec<_>>(),
            [8]
        );
        assert_eq!(
            (info.session_id.as_str(), info.target.as_str(), info.protocol_version),
            ("one", "pod/a", PROTOCOL_VERSION)
        );
    }

    #[test]
    fn what_is_missing_between_two_numbers_is_counted_as_dropped() {
        let mut buffer = buffer();
        record(&mut buffer, 3, connected(1));
        record(&mut buffer, 4, connected(2));
        buffer.reached(9);
        let state = buffer.state();
        assert_eq!((state.seq, state.oldest_seq, state.dropped), (9, 3, 7));
        assert_eq!(state.counters.total, 2);
    }

    #[test]
    fn readers_that_are_not_behind_share_one_copy_of_the_lines() {
        let mut buffer = buffer();
        (1..=100).for_each(|seq| record(&mut buffer, seq, connected(1)));
        let mut next = |mut cursor, framing| (buffer.next(&mut cursor, framing, BATCH_BYTES), cursor);
        let (lines, end) = next(1, ResponseFormat::Ndjson);
        let (same, _) = next(1, ResponseFormat::Ndjson);
        assert!(Arc::ptr_eq(&lines, &same) && end == 101);
        let (others, _) = next(2, ResponseFormat::Ndjson);
        assert!(others.len() < lines.len(), "another place, other lines");
        let (framed, _) = next(1, ResponseFormat::ServerSent);
        assert!(framed.starts_with(b"id: 1\n"));
    }

    #[test]
    fn a_line_beyond_the_limit_is_counted_and_dropped_alone() {
        let mut buffer = buffer();
        let host = "\u{1}".repeat(MAX_LINE_BYTES / 4);
        record(&mut buffer, 1, MonitorEvent::DnsQuery { host });
        record(&mut buffer, 2, connected(2));
        let state = buffer.state();
        assert_eq!((state.seq, state.oldest_seq, state.dropped), (2, 2, 1));
    }
}
