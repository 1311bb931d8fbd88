//! Signals of the open log, and the log itself outside them.
//!
//! Events do not notify: they change plain structs, and once a frame `frame` is bumped, four times a second the
//! sessions are notified. The cost of a burst depends on the frames that are drawn, not on the number of events.

use std::rc::Rc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use mirrord_filter::Scope;
use wasm_bindgen::prelude::*;

use super::SessionsStore;
use crate::browser::{copy, now_ms, on_frame, sleep, zone_minutes};
use crate::i18n::Key;
use crate::state::copies::{Form, copied};
use crate::state::filter::LogFilter;
use crate::state::log::SessionLog;
use crate::state::render_scheduler::RenderScheduler;
use crate::state::route::{Place, Route, RowId};
use crate::state::time_range::TimeRange;

/// Interval at which shown numbers of events are updated.
const COUNTS_MS: u64 = 250;
/// Time that an outcome is shown.
const SAID_MS: u32 = 1_500;
/// Time that a frame may search; the next one continues.
const SCAN_MS: u64 = 4;
/// Number of rows searched between two readings of the clock: patterns run in the browser, and are slow.
const SCAN_ROWS: u64 = 2_000;

/// The open log, and how the reader looks at it.
#[derive(Clone, Copy)]
pub(crate) struct LogStore {
    /// The log, outside the signals.
    pub(crate) entries: StoredValue<SessionLog, LocalStorage>,
    /// Bumped once a frame when the log has changed.
    pub(crate) frame: RwSignal<u64>,
    /// Bumped when a search has come to its end: it counts what it finds over time.
    pub(crate) searched: RwSignal<u64>,
    /// Generation of the log: bumped by each load of history and by each change of sessions.
    pub(crate) opened: RwSignal<u64>,
    /// Position of the row whose details are shown.
    pub(crate) selected: RwSignal<Option<u64>>,
    pub(crate) following: RwSignal<bool>,
    pub(crate) paused: RwSignal<bool>,
    /// Names of the protocol for what the open session could not observe.
    pub(crate) incomplete: RwSignal<Vec<String>>,
    /// Marks repeats that are one row each.
    pub(crate) folding: RwSignal<bool>,
    /// Number of the event that the address asks for, where it is not kept.
    pub(crate) absent: RwSignal<Option<u64>>,
    /// Outcome of what was asked for by a key, for a moment.
    pub(crate) said: RwSignal<Option<Key>>,
    /// Bit set of the hidden sessions of a merged log.
    pub(crate) hidden: RwSignal<u8>,
    frames: StoredValue<Frames, LocalStorage>,
    route: RwSignal<Route>,
    sessions: SessionsStore,
}

/// Requested animation frame, and its pending work.
#[derive(Default)]
struct Frames {
    callback: Option<Rc<Closure<dyn FnMut()>>>,
    asked: bool,
    counted_ms: u64,
    counts_changed: bool,
    pace: RenderScheduler,
    /// A slice of the search ran ahead of the next frame.
    has_searched: bool,
}

impl Frames {
    /// Searches for a part of a frame, and returns whether the search came to its end.
    fn search(&mut self, log: &mut SessionLog, now: u64) -> bool {
        if log.view().is_scanned() {
            return false;
        }
        let found = |log: &SessionLog| log.view().end() - log.view().first();
        while !log.scan(SCAN_ROWS) && now_ms() < now + SCAN_MS && !self.pace.is_answered(found(log)) {}
        let is_over = log.view().is_scanned();
        self.pace.searched(now, found(log), is_over);
        is_over
    }
}

impl LogStore {
    pub(crate) fn new(route: RwSignal<Route>, sessions: SessionsStore) -> Self {
        let store = Self {
            entries: StoredValue::new_local(SessionLog::default()),
            frame: RwSignal::new(0),
            opened: RwSignal::new(0),
            searched: RwSignal::new(0),
            selected: RwSignal::new(None),
            following: RwSignal::new(true),
            paused: RwSignal::new(false),
            incomplete: RwSignal::new(Vec::new()),
            folding: RwSignal::new(false),
            absent: RwSignal::new(None),
            said: RwSignal::new(None),
            hidden: RwSignal::new(0),
            frames: StoredValue::new_local(Frames::default()),
            route,
            sessions,
        };
        let callback = Closure::new(move || store.on_frame());
        store
            .frames
            .update_value(|frames| frames.callback = Some(Rc::new(callback)));
        store
    }

    /// Reads the log.
    pub(crate) fn with<T>(&self, read: impl FnOnce(&SessionLog) -> T) -> T {
        self.entries.with_value(read)
    }

    /// Marks the numbers of events as shown: the sessions were notified elsewhere.
    pub(crate) fn skip_counts(&self) {
        self.frames.update_value(|frames| frames.counts_changed = false);
    }

    /// Changes the log of a session, with its place in it; `change` gets `None` where that session is not open.
    pub(crate) fn with_session(&self, id: &str, change: impl FnOnce(Option<(u8, &mut SessionLog)>)) {
        self.frames.update_value(|frames| frames.counts_changed = true);
        let source = self.route.with_untracked(|route| route.source(id));
        self.entries
            .update_value(|log| change(source.map(|source| (source, log))));
        self.ask_frame();
    }

    /// Changes the log, and has it drawn.
    pub(crate) fn update(&self, change: impl FnOnce(&mut SessionLog)) {
        self.entries.update_value(change);
        self.frames.update_value(|frames| frames.pace.ask());
        self.ask_frame();
    }

    /// Requests one drawing of the log in the next frame.
    pub(crate) fn ask_frame(&self) {
        let callback = self.frames.try_update_value(|frames| {
            let ask = !std::mem::replace(&mut frames.asked, true);
            frames.callback.clone().filter(|_| ask)
        });
        if let Some(callback) = callback.flatten() {
            on_frame(&callback);
        }
    }

    fn on_frame(&self) {
        self.frames.update_value(|frames| frames.asked = false);
        let now = now_ms();
        if self.has_log() {
            self.draw_log(now);
        }
        let show_counts = self.frames.try_update_value(|frames| {
            let due = frames.counts_changed && now >= frames.counted_ms + COUNTS_MS;
            if due {
                frames.counts_changed = false;
                frames.counted_ms = now;
            }
            due
        });
        if show_counts == Some(true) {
            self.sessions.notify();
        }
    }

    /// Shows what a filter lets through. Its times are the browser's, as of now.
    pub(crate) fn show_filtered(&self, filter: LogFilter) {
        let now = now_ms() * 1_000;
        let scope = Scope {
            now,
            zone_minutes: zone_minutes(now),
        };
        self.update(|log| log.filter(filter, scope));
        self.search_ahead();
    }

    /// Searches for a slice at once, in the time before the frame that answers a key: that frame searches no further.
    pub(crate) fn search_ahead(&self) {
        let found_all = self.frames.try_update_value(|frames| {
            frames.has_searched = true;
            let search = |log: &mut SessionLog| frames.search(log, now_ms());
            self.entries.try_update_value(search)
        });
        if found_all.flatten() == Some(true) {
            self.searched.update(|searched| *searched += 1);
        }
    }

    /// Reports an open log.
    fn has_log(&self) -> bool {
        self.route.with_untracked(|route| !route.sessions().is_empty())
    }

    /// Continues the log's work for a part of a frame, and draws where the pace allows.
    fn draw_log(&self, now: u64) {
        let (mut draws, mut goes_on, mut found_all, mut has_followed) = (false, false, false, false);
        self.frames.update_value(|frames| {
            self.entries.update_value(|log| {
                goes_on = log.ripen(now);
                if !std::mem::take(&mut frames.has_searched) {
                    found_all = frames.search(log, now);
                }
                goes_on |= !log.view().is_scanned();
                has_followed = log.read_followed(SCAN_ROWS);
                goes_on |= !log.is_followed_read();
                draws = frames.pace.frame(now, log.ring().end());
                goes_on |= frames.pace.goes_on();
            });
        });
        if found_all {
            self.searched.update(|searched| *searched += 1);
        }
        if has_followed {
            self.sessions.notify();
        }
        if draws {
            self.frame.update(|frame| *frame += 1);
        }
        if goes_on {
            self.ask_frame();
        }
    }

    /// Replaces the log by an empty one for the sessions of the route.
    pub(crate) fn reset(&self) {
        let of_several = self.route.with_untracked(|route| match &route.place {
            Place::Merged(ids) => Some(ids.len()),
            _ => None,
        });
        self.entries
            .set_value(of_several.map_or_else(SessionLog::default, SessionLog::merged));
        self.incomplete.set(Vec::new());
        self.hidden.set(0);
        self.selected.set(None);
        self.absent.set(None);
        self.following.set(true);
        self.paused.set(false);
        self.opened.update(|opened| *opened += 1);
        self.frames.update_value(|frames| frames.pace.ask());
        self.ask_frame();
    }

    /// Pauses or resumes.
    pub(crate) fn toggle_pause(&self) {
        let paused = !self.paused.get_untracked();
        self.paused.set(paused);
        self.update(|log| if paused { log.pause() } else { log.resume() });
    }

    /// Follows the newest row, and resumes where paused.
    pub(crate) fn follow(&self) {
        if self.paused.get_untracked() {
            self.toggle_pause();
        }
        self.set_following(true);
    }

    /// Follows the newest row, or stops: then the rows in sight are kept, and new ones wait.
    pub(crate) fn set_following(&self, following: bool) {
        self.update(|log| log.read(!following));
        if self.following.get_untracked() != following {
            self.following.set(following);
        }
    }

    /// Shows the rows that were cleared; a reader of older rows continues there.
    pub(crate) fn undo_clear(&self) {
        self.update(SessionLog::undo_clear);
        if self.with(SessionLog::is_read) {
            self.following.set(false);
        }
    }

    /// Hides the present rows, and follows new ones unless paused.
    pub(crate) fn clear(&self) {
        self.selected.set(None);
        self.update(SessionLog::clear);
        if !self.paused.get_untracked() {
            self.following.set(true);
        }
    }

    /// The chosen row, as an address has it.
    pub(crate) fn row(&self) -> Option<RowId> {
        let position = self.selected.get_untracked()?;
        self.with(|log| {
            let entry = log.ring().get(position).filter(|entry| entry.kind().is_some())?;
            let (seq, source) = (entry.seq(), entry.source());
            Some(RowId { seq, source })
        })
    }

    /// Chooses the row of an address, or keeps that it is not here.
    pub(crate) fn choose(&self, row: RowId) {
        let found = self.with(|log| log.ring().find(row.source, row.seq));
        self.absent.set(found.is_none().then_some(row.seq));
        if found.is_some() {
            self.set_following(false);
            self.selected.set(found);
        }
    }

    /// Times around the chosen row, `micros` on either side.
    pub(crate) fn around(&self, micros: u64) -> Option<TimeRange> {
        let position = self.selected.get_untracked()?;
        let ts = self.with(|log| log.ring().get(position).map(|entry| entry.ts()))?;
        Some(TimeRange::around(ts, micros))
    }

    /// Shows each row of the folded run that begins at a position.
    pub(crate) fn expand(&self, position: u64) -> bool {
        let expanded = self.entries.try_update_value(|log| log.expand(position));
        self.update(|_| ());
        expanded == Some(true)
    }

    /// The chosen row in one of the forms in which rows are copied.
    pub(crate) fn copied(&self, form: Form) -> Option<String> {
        let position = self.selected.get_untracked()?;
        self.with(|log| copied(log, position, form))
    }

    /// Copies the chosen row, and says whether that worked. Returns false where there is nothing to copy.
    pub(crate) fn copy(&self, form: Form) -> bool {
        let Some(text) = self.copied(form) else { return false };
        let said = self.said;
        spawn_local(async move {
            let done = copy(&text).await;
            said.set(Some(if done { Key::Copied } else { Key::CopyFailed }));
            sleep(SAID_MS, drop).await;
            said.set(None);
        });
        true
    }

    /// Moves the selection by `by` rows, or to the newest row without one; returns false if there is no row.
    pub(crate) fn select_by(&self, by: i64) -> bool {
        let before = self.selected.get_untracked();
        let go = |log: &SessionLog| step(log, before, by);
        let mut next = self.entries.with_value(go);
        let waits = |log: &SessionLog| log.view().waiting() > 0;
        if by > 0 && next == before && !self.paused.get_untracked() && self.entries.with_value(waits) {
            // Rows that arrived while the reader was scrolled up.
            self.update(SessionLog::read_on);
            next = self.entries.with_value(go);
        }
        if next.is_some() {
            self.set_following(false);
            self.selected.set(next);
        }
        next.is_some()
    }

    /// Moves the selection to the next or the previous row that is shown, round and round; returns false if there is none.
    pub(crate) fn select_match(&self, by: i64) -> bool {
        let before = self.selected.get_untracked();
        let next = self.entries.with_value(|log| step_round(log, before, by));
        if next.is_some() {
            self.set_following(false);
            self.selected.set(next);
        }
        next.is_some()
    }
}

/// Position of the row behind the selection or before it, round and round; of the newest row without one.
fn step_round(log: &SessionLog, selected: Option<u64>, by: i64) -> Option<u64> {
    let view = log.view();
    let (first, end) = (view.first(), view.end());
    let own = selected.map(|position| view.ordinal(position));
    let wanted = match own {
        Some(own) if by > 0 && own + 1 >= end => first,
        Some(own) if by < 0 && own <= first => end.saturating_sub(1),
        _ => return step(log, selected, by),
    };
    view.position(wanted)
}

/// Position `by` rows from the selection, or of the newest row without one.
fn step(log: &SessionLog, selected: Option<u64>, by: i64) -> Option<u64> {
    let view = log.view();
    let last = view.end().checked_sub(1).filter(|last| *last >= view.first())?;
    let wanted = match selected {
        Some(position) => view.ordinal(position).saturating_add_signed(by),
        None => last,
    };
    view.position(wanted.clamp(view.first(), last))
}
