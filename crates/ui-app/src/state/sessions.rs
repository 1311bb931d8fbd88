//! The sessions, live and ended: what the server said of them, brought forward by what arrived since.
//!
//! Numbers by kind are the server's, which are exact, plus the events that arrived with a higher number than the server
//! had counted. A smaller number of the server's never takes back what was already shown.

use std::collections::VecDeque;

use mirrord_wire::session::count_kind;
use mirrord_wire::{SessionStatus, SessionSummary, WsMessage};

use crate::codec::line::Line;
use crate::format::text::{brief_command, command};
use crate::format::time::rfc3339;
use crate::state::filter::contains;
use crate::state::kind::Counts;

/// The most sessions that are listed; how many more there are is said.
pub const MAX_SESSIONS: usize = 1_000;
/// Seconds of rates kept for a session's little chart.
pub const RATES: usize = 40;

/// Continuation of the numbers by kind from the server's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Counting {
    /// Each event that arrives is added.
    #[default]
    Exact,
    /// Each event that arrives is added, and some were lost: the server's next numbers are taken whatever they are.
    Lossy,
    /// The server's numbers hold events that are still to arrive: none is added until it says how far it has counted.
    Ahead,
}

/// One session.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Session {
    /// Summary by the server, with the events that arrived since in its counts; without the config, which its view requests.
    pub summary: SessionSummary,
    /// Marks a session that the server, as it is now, does not list: this page holds what it saw.
    pub is_held: bool,
    /// Events a second, one a second, oldest first.
    pub rates: VecDeque<f32>,
    /// Events that this page missed, of those that the server had.
    pub lagged: u64,
    /// When the page saw it end, microseconds since the Unix epoch, where the server does not say.
    seen_end: Option<u64>,
    counting: Counting,
}

impl Session {
    fn new(mut summary: SessionSummary) -> Self {
        let skipped = summary.recent.len().saturating_sub(RATES);
        let rates = summary.recent.iter().skip(skipped).map(|rate| *rate as f32).collect();
        drop_unshown(&mut summary);
        Self {
            summary,
            rates,
            ..Self::default()
        }
    }

    /// The session's id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.summary.info.session_id
    }

    /// The command that the session was started with; where none is known, nothing.
    #[must_use]
    pub fn command(&self) -> String {
        self.written(command)
    }

    /// Brief command, for a title.
    #[must_use]
    pub fn brief_command(&self) -> String {
        self.written(brief_command)
    }

    /// Title: the name that a person or the command gave, otherwise the brief command.
    #[must_use]
    pub fn title(&self) -> String {
        let name = self.summary.info.name.as_deref().filter(|name| !name.is_empty());
        name.map_or_else(|| self.brief_command(), str::to_owned)
    }

    /// Reports a name that a person or the command gave.
    #[must_use]
    pub fn has_name(&self) -> bool {
        self.summary.info.name.as_ref().is_some_and(|name| !name.is_empty())
    }

    /// The working directory; empty where it is not known.
    #[must_use]
    pub fn folder(&self) -> &str {
        self.summary.info.cwd.as_deref().unwrap_or_default()
    }

    /// The command is that of the process which no other process of the session started.
    fn written(&self, write: impl FnOnce(&[String]) -> String) -> String {
        let processes = &self.summary.info.processes;
        let is_known = |pid: u32| processes.iter().any(|process| process.pid == pid);
        let root = processes
            .iter()
            .find(|process| !process.parent_pid.is_some_and(is_known))
            .or(processes.first());
        match root {
            Some(root) if !root.cmdline.is_empty() => write(&root.cmdline),
            Some(root) => root.process_name.clone(),
            None => String::new(),
        }
    }

    /// When it started, microseconds since the Unix epoch.
    #[must_use]
    pub fn started(&self) -> Option<u64> {
        rfc3339(&self.summary.info.started_at)
    }

    /// When it ended.
    #[must_use]
    pub fn ended(&self) -> Option<u64> {
        self.summary.ended_at.as_deref().and_then(rfc3339).or(self.seen_end)
    }

    /// Number of processes, at present or, once it has ended, in all.
    #[must_use]
    pub fn processes(&self) -> u64 {
        let listed = self.summary.info.processes.len() as u64;
        match self.summary.status {
            SessionStatus::Ended => listed.max(self.summary.process_count),
            SessionStatus::Live | SessionStatus::Unresponsive => listed,
        }
    }

    /// Reports a session that numbers its events: a released mirrord does not, and loses silently.
    #[must_use]
    pub fn counts_losses(&self) -> bool {
        self.summary.missed.is_some()
    }

    /// Events lost between the session and this page, on whichever part of the way.
    #[must_use]
    pub fn missed(&self) -> u64 {
        self.summary.missed.unwrap_or_default() + self.lagged
    }

    fn update(&mut self, mut summary: SessionSummary) {
        drop_unshown(&mut summary);
        self.is_held = false;
        // A process that ended takes its command line along; the heading keeps what it said.
        if summary.info.processes.is_empty() {
            summary.info.processes = std::mem::take(&mut self.summary.info.processes);
        }
        let is_newer = summary.seq >= self.summary.seq;
        if self.counting == Counting::Exact && !is_newer {
            summary.counts = std::mem::take(&mut self.summary.counts);
        }
        if is_newer {
            self.counting = Counting::Exact;
        }
        summary.seq = summary.seq.max(self.summary.seq);
        self.summary = summary;
    }

    fn end(&mut self, now: u64) {
        self.summary.status = SessionStatus::Ended;
        self.summary.rate = 0.0;
        self.seen_end.get_or_insert(now);
    }

    /// Events by kind.
    #[must_use]
    pub fn counts(&self) -> Counts {
        Counts::of_types(&self.summary.counts)
    }

    /// Counts an event that arrived.
    pub fn count(&mut self, line: &Line<'_>) {
        if line.seq > self.summary.seq {
            self.summary.seq = line.seq;
            if self.counting != Counting::Ahead {
                count_kind(&mut self.summary.counts, &line.kind, 1);
            }
        }
    }

    /// Reports a text, in lower case, in the session's names; `key` is the reader's own.
    #[must_use]
    pub fn matches(&self, needle: &str, key: Option<&str>) -> bool {
        let info = &self.summary.info;
        let named = |text: &Option<String>| text.as_deref().is_some_and(|text| contains(text, needle));
        needle.is_empty()
            || contains(self.id(), needle)
            || contains(&info.target, needle)
            || contains(&self.command(), needle)
            || named(&info.name)
            || named(&info.cwd)
            || key.is_some_and(|key| contains(key, needle))
            || named(&info.namespace)
            || named(&info.key)
    }
}

/// Drops fields that no list shows, which the page would keep for each session: the config, and those of other
/// versions.
fn drop_unshown(summary: &mut SessionSummary) {
    summary.info.config = None;
    summary.extra.clear();
    summary.recent = Vec::new();
}

/// All sessions.
#[derive(Debug, Clone, Default)]
pub struct Sessions {
    list: Vec<Session>,
    more: usize,
    held: Vec<String>,
}

impl Sessions {
    /// Takes in a message. Whether the list changed. Events are not taken: [`Session::count`] counts them.
    pub fn apply(&mut self, message: WsMessage, now: u64) -> bool {
        match message {
            WsMessage::Sessions(all) => self.replace(all, now),
            WsMessage::SessionUpdated(one) => self.put(*one),
            WsMessage::SessionAdded(one) => {
                let id = one.info.session_id.clone();
                self.put(*one);
                // Its events follow from the first one kept, and are in its numbers already.
                if let Some(session) = self.find(&id) {
                    session.counting = Counting::Ahead;
                }
            }
            WsMessage::SessionRemoved { session_id } => self.end(&session_id, now),
            WsMessage::SessionDismissed { session_id } => self.list.retain(|own| own.id() != session_id),
            WsMessage::Lagged {
                session_id,
                missed,
                suppressed,
                before,
            } => {
                if let Some(session) = self.find(&session_id) {
                    session.lagged += missed.saturating_sub(suppressed.saturating_add(before));
                    if session.counting == Counting::Exact {
                        session.counting = Counting::Lossy;
                    }
                }
            }
            _ => return false,
        }
        true
    }

    /// Names the sessions that stay when the server no longer knows them: those that are open.
    pub fn hold(&mut self, ids: Vec<String>) {
        self.held = ids;
    }

    /// The list is the server's; what this page alone knows of a session stays. So does an open session that is not in
    /// it, as after a restart of the server.
    fn replace(&mut self, all: Vec<SessionSummary>, now: u64) {
        let before = std::mem::take(&mut self.list);
        self.more = 0;
        let is_there = |id: &str| all.iter().any(|one| one.info.session_id == id);
        for mut own in before {
            if is_there(own.id()) {
                self.list.push(own);
            } else if self.held.iter().any(|id| id == own.id()) {
                own.is_held = true;
                own.end(now);
                self.list.push(own);
            }
        }
        for summary in all {
            let (id, seq) = (summary.info.session_id.clone(), summary.seq);
            // The socket is new: the server's numbers are the beginning.
            if let Some(session) = self.find(&id) {
                session.counting = Counting::Lossy;
            }
            self.put(summary);
            if let Some(session) = self.find(&id) {
                session.summary.seq = seq;
                session.counting = Counting::Exact;
            }
        }
    }

    fn put(&mut self, summary: SessionSummary) {
        if let Some(session) = self.find(&summary.info.session_id) {
            session.update(summary);
        } else if self.list.len() < MAX_SESSIONS {
            self.list.push(Session::new(summary));
        } else {
            self.more += 1;
        }
    }

    fn end(&mut self, id: &str, now: u64) {
        if let Some(session) = self.find(id) {
            session.end(now);
        }
    }

    /// One session, to count its events.
    pub fn find(&mut self, id: &str) -> Option<&mut Session> {
        self.list.iter_mut().find(|session| session.id() == id)
    }

    /// Every session that is listed, in no order.
    pub fn all(&self) -> impl Iterator<Item = &Session> {
        self.list.iter()
    }

    /// One session.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Session> {
        self.list.iter().find(|session| session.id() == id)
    }

    /// Reports a session that the server lists, as far as this page has heard.
    #[must_use]
    pub fn is_listed(&self, id: &str) -> bool {
        self.get(id).is_some_and(|session| !session.is_held)
    }

    /// A second has passed: each session's little chart moves on.
    pub fn tick(&mut self) {
        for session in &mut self.list {
            if session.rates.len() >= RATES {
                session.rates.pop_front();
            }
            let live = session.summary.status == SessionStatus::Live;
            session
                .rates
                .push_back(if live { session.summary.rate as f32 } else { 0.0 });
        }
    }

    /// Number of sessions that have not ended, and their events a second.
    #[must_use]
    pub fn totals(&self) -> (usize, f64) {
        let running = || {
            self.list
                .iter()
                .filter(|session| session.summary.status != SessionStatus::Ended)
        };
        (
            running().count(),
            running().map(|session| session.summary.rate.max(0.0)).sum(),
        )
    }

    /// Events missed in all sessions.
    #[must_use]
    pub fn missed(&self) -> u64 {
        self.list.iter().map(Session::missed).sum()
    }

    /// Number of sessions, unlisted ones included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.list.len() + self.more
    }

    /// Reports an empty list.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Number of sessions beyond the limit of the list.
    #[must_use]
    pub fn more(&self) -> usize {
        self.more
    }
}

#[cfg(test)]
#[path = "sessions_tests.rs"]
mod tests;
