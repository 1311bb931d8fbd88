//! The log that is open, of one session or of several in one order: every event goes through here, once. Not a signal:
//! the page looks at it once a frame. Pausing, clearing and filtering change what is shown and never what is counted.

mod following;
mod reading;

use std::collections::BTreeMap;

use mirrord_filter::Scope;
use mirrord_wire::{SessionDetail, SessionInfo};

use super::entry::Missed;
use super::followed::Followed;
use super::reorder_buffer::{Item, ReorderBuffer, Waiting};
use super::ring::Ring;
use super::snapshot_merge::{SnapshotMerge, Step};
use super::view::View;
use crate::codec::line::{Event, Line};
use crate::state::aggregates::Aggregates;
use crate::state::failure::is_failure;
use crate::state::filter::{Filter, Known, LogFilter, Query};
use crate::state::histogram::Histogram;
use crate::state::kind::Kind;
use crate::state::time_range::TimeRange;

/// The most processes whose names are kept; a process beyond is shown by its number.
pub const MAX_NAMES: usize = 4_096;
/// The rows that are looked at to tell a log that shows events from one that shows only what is missing.
const MAX_MISSED_ROWS: usize = 64;
/// The longest process name that is kept, characters: what a row has room for, and some more.
const NAME_CHARS: usize = 64;

/// State of the log's history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Load {
    /// It is being fetched.
    Fetching,
    /// It is here.
    Ready,
    /// It could not be fetched; what happens from now on is shown all the same.
    Failed,
    /// The server keeps nothing under this id.
    Gone,
}

/// One session of the log, and how far it has come.
#[derive(Default)]
struct Source {
    merge: SnapshotMerge,
    seen: u64,
}

impl Source {
    /// Live events wait before the first load.
    fn waiting() -> Self {
        let mut own = Self::default();
        own.merge.fetch_begins();
        own
    }
}

/// The log.
pub struct SessionLog {
    ring: Ring,
    view: View,
    sources: Vec<Source>,
    /// Puts several sessions into one order.
    reorder: Option<ReorderBuffer>,
    /// Names of several sessions, and the number of their changes.
    labels: (Vec<String>, u32),
    hidden: u8,
    histogram: Histogram,
    /// The histogram of everything, while that shows only what came since rows were cleared.
    uncleared: Option<Histogram>,
    paused: bool,
    reading: bool,
    /// Marks rows that were cleared while a reader read.
    cleared_reading: bool,
    /// Marks that the next gap is from before the server attached.
    is_history: bool,
    aggregates: Aggregates,
    /// Aggregates of the process tree that the filter chooses.
    followed: Option<Box<Followed>>,
    names: BTreeMap<u32, String>,
    chosen: LogFilter,
    query: Option<Query>,
    load: Load,
    newest_ts: u64,
    /// Counts of the session up to an event that has not arrived, and the events missing since the last one.
    baseline: Option<Box<SessionDetail>>,
    gap: u64,
}

impl Default for SessionLog {
    /// A log that waits for its first fetch: what arrives before it is kept back.
    fn default() -> Self {
        Self {
            ring: Ring::default(),
            view: View::all(),
            sources: vec![Source::waiting()],
            reorder: None,
            labels: Default::default(),
            hidden: 0,
            histogram: Histogram::default(),
            uncleared: None,
            paused: false,
            reading: false,
            cleared_reading: false,
            is_history: false,
            aggregates: Aggregates::default(),
            followed: None,
            names: BTreeMap::new(),
            chosen: LogFilter::default(),
            query: None,
            load: Load::Fetching,
            newest_ts: 0,
            baseline: None,
            gap: 0,
        }
    }
}

impl SessionLog {
    /// A log of so many sessions in one order.
    #[must_use]
    pub fn merged(sessions: usize) -> Self {
        Self {
            sources: (0..sessions).map(|_| Source::waiting()).collect(),
            reorder: Some(ReorderBuffer::default()),
            ..Self::default()
        }
    }

    /// The number of a session's newest event: what to fetch from after a break.
    #[must_use]
    pub fn last_seq(&self, source: u8) -> u64 {
        self.sources.get(usize::from(source)).map_or(0, |own| own.merge.last())
    }

    /// Takes in that a session's numbers begin again where the server's newest is behind ours.
    pub fn renumber(&mut self, source: u8, newest: u64) {
        let own = self.sources.get_mut(usize::from(source));
        if let Some(own) = own.filter(|own| newest < own.merge.last()) {
            own.merge.renumber();
        }
    }

    /// A fetch begins: what arrives meanwhile waits for it.
    pub fn fetch_begins(&mut self) {
        self.load = Load::Fetching;
        self.sources.iter_mut().for_each(|own| own.merge.fetch_begins());
    }

    /// An event of the fetch. What a control line counts, the next event's number shows.
    pub fn fetched(&mut self, source: u8, line: &Line<'_>) {
        self.step(source, |merge, put| merge.fetched(line, put));
    }

    /// The fetch is over.
    pub fn fetch_ends(&mut self, how: Load) {
        for source in (0_u8..).take(self.sources.len()) {
            self.step(source, |merge, put| merge.fetch_ends(put));
        }
        self.load = how;
        let all = self.reorder.as_mut().map(ReorderBuffer::all).unwrap_or_default();
        self.add_all(all);
    }

    /// An event arrived.
    pub fn arrived(&mut self, source: u8, line: &Line<'_>) {
        self.step(source, |merge, put| merge.arrived(line, put));
    }

    /// The server says that events are missing here.
    pub fn lagged(&mut self, source: u8, missed: u64, before: u64) {
        let before = before.min(missed);
        for (missed, is_history) in [(before, true), (missed - before, false)] {
            if missed > 0 {
                self.is_history = is_history;
                self.step(source, |merge, put| merge.lagged(missed, put));
            }
        }
        self.is_history = false;
    }

    fn step(&mut self, source: u8, run: impl FnOnce(&mut SnapshotMerge, &mut dyn FnMut(Step<'_>))) {
        let Some(own) = self.sources.get_mut(usize::from(source)) else {
            return;
        };
        let mut merge = std::mem::take(&mut own.merge);
        run(&mut merge, &mut |step| self.put(source, step));
        if let Some(own) = self.sources.get_mut(usize::from(source)) {
            own.merge = merge;
        }
        self.follow();
    }

    fn follow(&mut self) {
        self.view.align(&self.histogram);
        let (view, filter) = self.parts();
        view.0.follow(view.1, filter);
    }

    fn put(&mut self, source: u8, step: Step<'_>) {
        let Some(own) = self.sources.get_mut(usize::from(source)) else {
            return;
        };
        match step {
            Step::Event(line) => {
                own.seen += 1;
                match &mut self.reorder {
                    Some(reorder) => reorder.event(source, line),
                    None => {
                        self.settle(line.seq.saturating_sub(1));
                        self.aggregates.apply(line);
                        self.gap = 0;
                        self.settle(line.seq);
                        self.add(source, line);
                    }
                }
            }
            Step::Missing(missed) => {
                let is_first = own.seen == 0 && self.load == Load::Fetching;
                let why = if is_first || self.is_history {
                    Missed::Older
                } else {
                    Missed::Lost
                };
                self.aggregates.stats.missed(missed, why == Missed::Older);
                self.gap += missed;
                match &mut self.reorder {
                    Some(reorder) => reorder.missing(source, missed, why),
                    None => self.ring.push_missed(missed, why, self.newest_ts),
                }
            }
        }
    }

    /// Has what arrives wait until it is known what the session counted itself: [`SessionLog::began`] ends that.
    pub fn hold(&mut self) {
        self.sources.iter_mut().for_each(|own| own.merge.hold());
    }

    /// Learns what the session counted itself, where it could be had. It is taken in between the events that it has and
    /// those that it has not, so that each is counted once.
    pub fn began(&mut self, detail: Option<SessionDetail>) {
        self.baseline = detail.map(Box::new);
        self.settle(self.last_seq(0));
        if self.load != Load::Fetching {
            self.step(0, |merge, put| merge.fetch_ends(put));
        }
    }

    /// Takes in what the session counted, where the events have come so far.
    fn settle(&mut self, seq: u64) {
        if let Some(baseline) = self.baseline.take_if(|baseline| baseline.state.seq <= seq) {
            // Of what is missing just before this event, that much came after it.
            self.aggregates
                .take_baseline(&baseline, self.gap.min(seq - baseline.state.seq));
        }
    }

    fn add(&mut self, source: u8, line: &Line<'_>) {
        self.newest_ts = line.ts;
        self.name(line);
        let kind = Kind::of_type(&line.kind);
        let failed = is_failure(line);
        self.histogram.add(line.ts, kind, failed);
        self.uncleared.iter_mut().for_each(|all| all.add(line.ts, kind, failed));
        self.ring.push_of(source, line);
    }

    fn add_all(&mut self, all: Vec<Waiting>) {
        for Waiting { source, what, .. } in &all {
            match what {
                Item::Line(text) => {
                    if let Some(line) = Line::read(text) {
                        self.add(*source, &line);
                    }
                }
                Item::Missing(missed, why) => self.ring.push_missed_of(*source, *missed, *why, self.newest_ts),
            }
        }
        if !all.is_empty() {
            self.follow();
        }
    }

    /// Of several sessions: takes in what has waited long enough for its neighbours. Whether more waits for its time.
    pub fn ripen(&mut self, now_ms: u64) -> bool {
        let is_fetching = self.load == Load::Fetching;
        let Some(reorder) = self.reorder.as_mut().filter(|_| !is_fetching) else {
            return false;
        };
        let ripe = reorder.ripe(now_ms);
        let waits = !reorder.is_empty();
        self.add_all(ripe);
        waits
    }

    /// Says what the sessions are called, and which of them are hidden, a bit each.
    pub fn label(&mut self, labels: Vec<String>, hidden: u8) {
        if self.labels.0 != labels {
            self.labels = (labels, self.labels.1 + 1);
        }
        if self.hidden != hidden {
            self.hidden = hidden;
            self.restart(true);
        }
    }

    /// Name of a session, in a log of several.
    #[must_use]
    pub fn label_of(&self, source: u8) -> Option<&str> {
        self.labels.0.get(usize::from(source)).map(String::as_str)
    }

    /// Number of changes of the sessions' names.
    #[must_use]
    pub fn labelled(&self) -> u32 {
        self.labels.1
    }

    /// Events that were received and are kept no more.
    #[must_use]
    pub fn given_up(&self) -> u64 {
        self.ring.dropped() + self.reorder.as_ref().map_or(0, ReorderBuffer::given_up)
    }

    fn name(&mut self, line: &Line<'_>) {
        if let Event::Started {
            pid,
            process_name: Some(name),
            ..
        } = &line.event
        {
            self.set_name(*pid, name);
        }
    }

    fn set_name(&mut self, pid: u32, name: &str) {
        if self.names.len() < MAX_NAMES || self.names.contains_key(&pid) {
            self.names.insert(pid, name.chars().take(NAME_CHARS).collect());
        }
    }

    /// Adds processes and ports from before the oldest kept event. Of several sessions only the processes' names: their
    /// aggregates are not separated.
    pub fn known(&mut self, info: &SessionInfo) {
        let before = self.names.len();
        for process in &info.processes {
            if !self.names.contains_key(&process.pid) {
                self.set_name(process.pid, &process.process_name);
            }
        }
        if self.reorder.is_none() {
            self.aggregates.known(&info.processes, &info.port_subscriptions);
        }
        // A search may have asked for a name that was not known yet.
        if self.names.len() != before && self.query.is_some() {
            let ((view, ring), filter) = self.parts();
            view.restart(ring, filter.is_open());
        }
    }

    /// A process's name.
    #[must_use]
    pub fn process_name(&self, pid: u32) -> Option<&str> {
        self.names.get(&pid).map(String::as_str)
    }

    fn parts(&mut self) -> ((&mut View, &Ring), Filter<'_>) {
        let filter = Filter {
            kinds: self.chosen.kinds,
            pid: self.chosen.pid,
            tree: self.chosen.tree,
            routing: self.chosen.routing,
            query: self.query.as_ref(),
            known: Known {
                names: Some(&self.names),
                processes: Some(&self.aggregates.processes),
            },
            hidden: self.hidden,
        };
        ((&mut self.view, &self.ring), filter)
    }

    /// Shows what was chosen; times of the search are read in `scope`. The rows are found by [`SessionLog::scan`]. Words
    /// that are wrong or not finished are left out.
    pub fn filter(&mut self, chosen: LogFilter, scope: Scope) {
        if chosen == self.chosen {
            return;
        }
        let query = Query::parse(&chosen.typed, scope);
        let is_within = |now: &Query| self.query.as_ref().is_none_or(|before| now.narrows(before));
        let narrows = chosen.is_but_for_text(&self.chosen) && query.as_ref().is_some_and(is_within);
        self.chosen = chosen;
        self.query = query;
        self.narrow_aggregates();
        let ((view, ring), filter) = self.parts();
        if !(narrows && view.narrow(ring, filter)) {
            self.restart(true);
        }
    }

    /// The search; `None` where every row matches.
    #[must_use]
    pub fn query(&self) -> Option<&Query> {
        self.query.as_ref()
    }

    /// Searches the rows from the newest on; `recount` where others pass the filter than before, and not only other times.
    fn restart(&mut self, recount: bool) {
        let ((view, ring), filter) = self.parts();
        view.restart(ring, filter.is_open());
        if recount {
            self.view.recount(&self.histogram);
        }
    }

    /// Shows the rows of these times alone, or of all.
    pub fn show_range(&mut self, range: Option<TimeRange>) {
        if self.view.range() != range {
            self.view.set_range(range);
            self.restart(false);
        }
    }

    /// Shows a run of repeats as one row, or each of them.
    pub fn fold(&mut self, folding: bool) {
        if self.view.is_folding() != folding {
            self.view.set_folding(folding);
            self.restart(false);
        }
    }

    /// Shows each row of the folded run that begins at a position. Returns false where none does.
    pub fn expand(&mut self, position: u64) -> bool {
        let ((view, ring), filter) = self.parts();
        view.expand(ring, filter, position)
    }

    /// Searches up to `budget` more rows. Whether the search is done.
    pub fn scan(&mut self, budget: u64) -> bool {
        let ((view, ring), filter) = self.parts();
        view.scan(ring, filter, budget)
    }

    /// The rows that are kept.
    #[must_use]
    pub fn ring(&self) -> &Ring {
        &self.ring
    }

    /// The rows that are shown.
    #[must_use]
    pub fn view(&self) -> &View {
        &self.view
    }

    /// Reports a shown event, besides rows about missing ones. Looks at a few rows at most: among more, some are events
    /// for certain enough.
    #[must_use]
    pub fn shows_events(&self) -> bool {
        let view = &self.view;
        let mut rows = (view.first()..view.end()).filter_map(|ordinal| self.ring.get(view.position(ordinal)?));
        rows.by_ref()
            .take(MAX_MISSED_ROWS)
            .any(|entry| entry.missed().is_none())
            || rows.next().is_some()
    }

    /// Events that pass the filter over time: those of every row that is kept, and without a filter of all that came.
    #[must_use]
    pub fn histogram(&self) -> &Histogram {
        if self.chosen.is_open() && self.hidden == 0 {
            &self.histogram
        } else {
            self.view.tally()
        }
    }

    /// State of the log's history.
    #[must_use]
    pub fn load(&self) -> Load {
        self.load
    }

    /// When the newest event happened, microseconds since the Unix epoch; 0 where there is none.
    #[must_use]
    pub fn newest_ts(&self) -> u64 {
        self.newest_ts
    }
}

#[cfg(test)]
#[path = "session_log_tests.rs"]
mod tests;
