//! One session as the store holds it: who it is, how it is doing, what it has done, and the lines kept of it.
//!
//! Counters come from the session's own `/state` and grow with each line; a line that a fetched state already counts is
//! kept and not counted again. The process list and the ports shown are the state's, never those of an old `/info`.

mod checkpoint;
mod checkpoints;
mod description;
mod measured;
mod past;
mod replay;

use std::sync::Arc;

use mirrord_wire::api::{Recording, Traffic};
use mirrord_wire::session::summary::{Moment, Summary};
use mirrord_wire::session::{ConfigSource, MAX_SEQ};
use mirrord_wire::{
    Counters, EventLine, Process, SessionDetail, SessionEnd, SessionId, SessionInfo, SessionState, SessionStatus,
    SessionSummary,
};
use serde_json::{Map, Value};
use tokio_tungstenite::tungstenite::Utf8Bytes;

use super::rate::{History, Rate};
use super::ring::{Gap, Place, Ring};
use crate::clock;
use crate::mirror::redact::{self, Disclosure};
use crate::records::file::RecordFile;
use crate::scrub::RecordSource;

pub(crate) use checkpoint::Checkpoint;
use checkpoints::Checkpoints;

/// One session.
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) id: SessionId,
    /// The path of its socket, as far as it is text.
    socket: Option<Box<str>>,
    info: SessionInfo,
    /// Name that a person gave it in the page.
    given_name: Option<Box<str>>,
    /// It has answered `/info`.
    pub(crate) known: bool,
    pub(crate) status: SessionStatus,
    reason: Option<String>,
    /// When it ended, in microseconds since the Unix epoch.
    pub(crate) ended_ts: Option<u64>,
    end: Option<SessionEnd>,
    /// Unknown fields of its `/info`.
    extra: Map<String, Value>,
    notes: Vec<String>,
    state: SessionState,
    /// The session's first process.
    root: Option<u32>,
    /// Answers that its events add up to.
    answers: Summary,
    pub(crate) ring: Ring,
    rate: Rate,
    /// Rates of the last minute.
    recent: History,
    /// Bytes received and sent, a second.
    throughput: [Rate; 2],
    /// The rate as it was last published.
    shown_rate: f64,
    /// The number of events counted when the summary was last published.
    shown_total: u64,
    missed: u64,
    suppressed: u64,
    /// Numbers from before the server followed, which the session did not keep.
    before: u64,
    /// A line was received: a gap before the first one is history as far as the session's own counts reach.
    heard: bool,
    /// The session sent its counts when it was first reached.
    counted: bool,
    /// The newest number when the session was last reached: what comes up to it is history.
    history: u64,
    /// Goes up with every summary that readers should be sent.
    pub(crate) version: u64,
    /// The message for this version, made once for all readers.
    update: Option<Utf8Bytes>,
    /// Message for this version, made once for all devices.
    redacted_update: Option<Utf8Bytes>,
    /// Fields that devices may see.
    pub(crate) disclosure: Disclosure,
    /// It comes from a record, and no socket of its name is its own.
    pub(crate) is_replay: bool,
    /// Record that it comes from.
    pub(crate) record: Option<Arc<RecordSource>>,
    /// Checkpoints of its record.
    pub(crate) checkpoints: Checkpoints,
    /// File of the record that it comes from. One that was sent to the server is removed with it.
    pub(crate) record_file: Option<Arc<RecordFile>>,
    /// Recording of it that was asked for.
    recording: Option<Recording>,
}

/// Audience of an answer: a device on the network gets no secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Audience {
    /// User of this machine.
    Desktop,
    /// Device of the mirror, and every caller that is not known to be the desktop.
    #[default]
    Device,
}

/// Answers of a session when it was attached.
#[derive(Debug, Default)]
pub(crate) struct Introduction {
    pub(crate) info: SessionInfo,
    /// The fields of `/info` that are not known, and what was wrong with it.
    pub(crate) extra: Map<String, Value>,
    pub(crate) notes: Vec<String>,
    /// Its counters; a released mirrord has none.
    pub(crate) state: Option<SessionState>,
}

/// Config of a session, and whether that is over.
#[derive(Debug)]
pub(crate) struct Configured {
    pub(crate) config: Value,
    pub(crate) source: Option<ConfigSource>,
    pub(crate) has_ended: bool,
    /// Number of its newest event.
    pub(crate) newest: u64,
}

impl Session {
    /// A session of which no more is known than that its socket is there.
    pub(crate) fn unknown(id: SessionId, socket: Option<Box<str>>) -> Self {
        let info = SessionInfo {
            session_id: id.to_string(),
            ..SessionInfo::default()
        };
        Self {
            id,
            socket,
            info,
            given_name: None,
            known: false,
            status: SessionStatus::Unresponsive,
            reason: None,
            ended_ts: None,
            end: None,
            extra: Map::new(),
            notes: Vec::new(),
            state: SessionState::default(),
            root: None,
            answers: Summary::default(),
            ring: Ring::default(),
            rate: Rate::default(),
            recent: History::default(),
            throughput: Default::default(),
            shown_rate: 0.0,
            shown_total: 0,
            missed: 0,
            suppressed: 0,
            before: 0,
            heard: false,
            counted: false,
            history: 0,
            version: 1,
            update: None,
            redacted_update: None,
            disclosure: Disclosure::default(),
            is_replay: false,
            record: None,
            checkpoints: Checkpoints::default(),
            record_file: None,
            recording: None,
        }
    }

    /// Changes what devices may see of it.
    pub(crate) fn disclose(&mut self, disclosure: Disclosure) {
        self.disclosure = disclosure;
        self.ring.forget_redacted();
        self.publish();
    }

    /// Returns whether an introduction is this session's, and not that of another one that took its name.
    pub(crate) fn is(&self, introduction: &Introduction) -> bool {
        !self.known || self.info.started_at == introduction.info.started_at
    }

    /// It answers: takes what it says of itself.
    pub(crate) fn introduced(&mut self, introduction: Introduction) {
        let Introduction {
            mut info,
            extra,
            notes,
            state,
        } = introduction;
        // The file's name decides: it is unique, and it is what the socket is found by.
        info.session_id = self.id.to_string();
        if let Some(state) = state {
            self.history = state.seq;
            self.counted = true;
            self.skip_history(&state);
            self.count_from(state);
        }
        if !self.known && self.state.processes.is_empty() {
            self.seed(&mut info);
        }
        // Kept in the state from here on, where the events change them.
        info.processes = Vec::new();
        info.port_subscriptions = Vec::new();
        self.info = info;
        (self.extra, self.notes) = (extra, notes);
        self.known = true;
        self.revive();
        self.set_status(SessionStatus::Live, None);
        self.publish();
    }

    /// It has not ended, or not any more.
    pub(crate) fn revive(&mut self) {
        self.ended_ts = None;
        self.end = None;
    }

    /// Begins where the session's own history does: what it gave up before it was first reached is not missing here.
    fn skip_history(&mut self, state: &SessionState) {
        let oldest = state.oldest_seq.min(state.seq.saturating_add(1)).min(MAX_SEQ);
        if self.heard || self.ring.end() != Place::default() || oldest <= 1 {
            return;
        }
        self.before = oldest - 1;
        self.ring.skip(Gap {
            missed: self.before,
            suppressed: 0,
        });
        self.ring.start_here();
    }

    /// Counts numbers that have no line, up to `to`: as history where nothing has come yet and the session had them before
    /// it was reached, otherwise as missing, less what it suppressed on purpose.
    fn skip_to(&mut self, to: u64, suppressed: u64) -> Gap {
        let from = self.ring.end().seq;
        let missed = to.min(MAX_SEQ).saturating_sub(from);
        self.answers.skip_to(from.saturating_add(missed));
        let suppressed = suppressed.min(missed);
        self.ring.skip(Gap { missed, suppressed });
        let lost = missed - suppressed;
        let history = if self.counted { self.history } else { MAX_SEQ };
        let before = if self.heard {
            0
        } else {
            lost.min(history.saturating_sub(from))
        };
        if before > 0 {
            self.before = self.before.saturating_add(before);
            self.ring.start_here();
        }
        self.missed = self.missed.saturating_add(lost - before);
        self.suppressed = self.suppressed.saturating_add(suppressed);
        Gap { missed, suppressed }
    }

    /// Takes processes and ports from `/info`, for a session without `/state` (a released mirrord).
    fn seed(&mut self, info: &mut SessionInfo) {
        self.state.processes = std::mem::take(&mut info.processes)
            .into_iter()
            .map(|info| Process {
                info,
                ..Process::default()
            })
            .collect();
        self.state.port_subscriptions = std::mem::take(&mut info.port_subscriptions);
        self.state.port_subscriptions.truncate(mirrord_wire::session::MAX_PORTS);
        self.find_root();
    }

    /// Goes on counting from what the session has counted itself, unless we are further already.
    pub(crate) fn count_from(&mut self, state: SessionState) {
        if state.seq >= self.state.seq {
            self.state = state;
            self.find_root();
        }
    }

    /// Takes the first process as the session's own, once there is one. Where processes were left out it may have been one.
    fn find_root(&mut self) {
        if self.root.is_none() && self.state.processes_omitted == 0 {
            self.root = self.state.processes.first().map(|first| first.info.pid);
        }
    }

    /// Appends a line, unless it was here before. `stamp` is its age among all rings.
    pub(crate) fn append(&mut self, line: &EventLine, text: &str, stamp: u64) {
        if self.begin(line.seq) {
            self.ring.push(line.seq, text, stamp);
            self.count(line);
        }
    }

    /// Goes on up to the number before an event's; returns `false` where the event was here before.
    fn begin(&mut self, seq: u64) -> bool {
        let is_new = seq > self.ring.end().seq;
        if is_new {
            self.skip_to(seq - 1, 0);
            self.heard = true;
        }
        is_new
    }

    /// Counts the event that was begun.
    fn count(&mut self, line: &EventLine) {
        self.rate.add(line.ts, 1);
        self.recent.add(line.ts, 1);
        self.answers.apply_line(line);
        if line.seq > self.state.seq {
            self.apply(line);
        }
    }

    fn apply(&mut self, line: &EventLine) {
        let before = self.state.traffic.unwrap_or_default();
        self.state.apply(line);
        self.find_root();
        let now = self.state.traffic.unwrap_or_default();
        if now != before {
            self.throughput[0].add(line.ts, now.bytes_in.saturating_sub(before.bytes_in));
            self.throughput[1].add(line.ts, now.bytes_out.saturating_sub(before.bytes_out));
        }
    }

    /// Throughput, where anything is known of it.
    fn traffic(&self) -> Option<Traffic> {
        let now = clock::now_micros();
        let ended = self.status == SessionStatus::Ended;
        let rate = |rate: &Rate| if ended { 0.0 } else { rate.per_second(now) };
        self.state.traffic.map(|bytes| Traffic {
            bytes_in: bytes.bytes_in,
            bytes_out: bytes.bytes_out,
            rate_in: rate(&self.throughput[0]),
            rate_out: rate(&self.throughput[1]),
        })
    }

    /// Takes that events up to `to` are missing here, with the counters of those that were suppressed on purpose.
    pub(crate) fn lagged(&mut self, to: u64, suppressed: Option<&Counters>) {
        let before = self.ring.end().seq;
        let gap = self.skip_to(to, suppressed.map_or(0, |counters| counters.total));
        // A fetched state that reaches beyond has counted them already; one that ends in their midst is fetched anew.
        if let Some(counters) = suppressed.filter(|_| gap.suppressed > 0 && before >= self.state.seq) {
            self.state.counters.add(counters);
            self.state.seq = before + gap.missed;
        }
        if before + gap.missed > self.history {
            let now = clock::now_micros();
            self.rate.add(now, gap.suppressed);
            self.recent.add(now, gap.suppressed);
        }
    }

    /// When it started, by its own word; empty before it has answered.
    pub(crate) fn started_at(&self) -> &str {
        &self.info.started_at
    }

    /// Name that it is shown by: the one that a person gave in the page, otherwise the one that it started with.
    pub(crate) fn name(&self) -> Option<&str> {
        self.given_name.as_deref().or(self.info.name.as_deref())
    }

    /// Sets the name that a person gave.
    pub(crate) fn set_name(&mut self, name: Option<&str>) {
        if self.given_name.as_deref() != name {
            self.given_name = name.map(Box::from);
            self.publish();
        }
    }

    /// Returns what is shown of its recording.
    pub(crate) fn recording(&self) -> Option<&Recording> {
        self.recording.as_ref()
    }

    /// Sets what is shown of its recording; returns whether that is news.
    pub(crate) fn set_recording(&mut self, recording: Option<Recording>) -> bool {
        let is_news = self.recording != recording;
        if is_news {
            self.recording = recording;
            self.publish();
        }
        is_news
    }

    /// Counts what arrived and could not be read.
    pub(crate) fn count_missed(&mut self, events: u64) {
        self.missed = self.missed.saturating_add(events);
    }

    /// Sets the status; says whether that is news.
    pub(crate) fn set_status(&mut self, status: SessionStatus, reason: Option<String>) -> bool {
        let news = self.status != status || self.reason != reason;
        if news {
            (self.status, self.reason) = (status, reason);
            self.publish();
        }
        news
    }

    /// It is over. What it has counted and did not send is missing.
    pub(crate) fn end(&mut self, how: SessionEnd) {
        self.end_at(how, clock::now_micros());
    }

    fn end_at(&mut self, how: SessionEnd, now: u64) {
        self.heard = true;
        self.skip_to(self.state.seq, 0);
        self.end = Some(how);
        self.ended_ts = Some(now);
        self.state
            .processes
            .iter_mut()
            .filter(|process| process.ended_ts.is_none())
            .for_each(|process| process.ended_ts = Some(now));
        self.set_status(SessionStatus::Ended, None);
    }

    /// Publishes the counts where they have changed; says whether they had.
    pub(crate) fn tick(&mut self, now: u64) -> bool {
        let rate = self.rate.per_second(now);
        let total = self.state.counters.total;
        if total == self.shown_total && (rate - self.shown_rate).abs() < f64::EPSILON {
            return false;
        }
        (self.shown_total, self.shown_rate) = (total, rate);
        self.publish();
        true
    }

    fn publish(&mut self) {
        self.version += 1;
        self.update = None;
        self.redacted_update = None;
    }

    /// The `session_updated` message of this version, made at its first reader of the kind.
    pub(crate) fn update(&mut self, audience: Audience) -> Utf8Bytes {
        let made = match audience {
            Audience::Desktop => &self.update,
            Audience::Device => &self.redacted_update,
        };
        if let Some(update) = made {
            return update.clone();
        }
        let mut summary = self.summary_for(audience);
        // Who is sent it each second has them.
        summary.recent.clear();
        let message = mirrord_wire::WsMessage::SessionUpdated(Box::new(summary));
        let update = Utf8Bytes::from(serde_json::to_string(&message).unwrap_or_default());
        match audience {
            Audience::Desktop => self.update = Some(update.clone()),
            Audience::Device => self.redacted_update = Some(update.clone()),
        }
        update
    }

    /// Summary of the session for an audience.
    pub(crate) fn summary_for(&self, audience: Audience) -> SessionSummary {
        let mut summary = self.summary();
        if audience == Audience::Device {
            redact::summary(&mut summary, self.disclosure);
        }
        summary
    }

    /// Session with its whole state, for an audience.
    pub(crate) fn detail_for(&self, audience: Audience) -> SessionDetail {
        let mut detail = self.detail();
        if audience == Audience::Device {
            redact::detail(&mut detail, self.disclosure);
        }
        detail
    }

    /// Copy of its answers, and the moment at which they hold.
    pub(crate) fn answers(&self) -> (Summary, Moment) {
        let now = self.answers.moment(clock::now_micros(), self.ended_ts.is_some());
        (self.answers.clone(), now)
    }

    /// Copy of its config.
    pub(crate) fn configured(&self) -> Configured {
        Configured {
            config: self.info.config.clone().unwrap_or_default(),
            source: self.info.config_source.clone(),
            has_ended: self.ended_ts.is_some(),
            newest: self.newest(),
        }
    }
}
