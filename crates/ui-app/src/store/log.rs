//! Signals of the open log, and the log itself outside them.
//!
//! Events do not notify: they change plain structs, and once a frame `frame` is bumped, four times a second the
//! sessions are notified. The cost of a burst depends on the frames that are drawn, not on the number of events.

use std::rc::Rc;

use leptos::prelude::*;
use wasm_bindgen::prelude::*;

use super::SessionsStore;
use crate::browser::{now_ms, on_frame};
use crate::state::log::SessionLog;
use crate::state::render_scheduler::RenderScheduler;
use crate::state::route::{Place, Route};

/// Interval at which shown numbers of events are updated.
const COUNTS_MS: u64 = 250;
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
    /// Generation of the log: bumped by each load of history and by each change of sessions.
    pub(crate) opened: RwSignal<u64>,
    /// Position of the row whose details are shown.
    pub(crate) selected: RwSignal<Option<u64>>,
    pub(crate) following: RwSignal<bool>,
    pub(crate) paused: RwSignal<bool>,
    /// Names of the protocol for what the open session could not observe.
    pub(crate) incomplete: RwSignal<Vec<String>>,
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
}

impl LogStore {
    pub(crate) fn new(route: RwSignal<Route>, sessions: SessionsStore) -> Self {
        let store = Self {
            entries: StoredValue::new_local(SessionLog::default()),
            frame: RwSignal::new(0),
            opened: RwSignal::new(0),
            selected: RwSignal::new(None),
            following: RwSignal::new(true),
            paused: RwSignal::new(false),
            incomplete: RwSignal::new(Vec::new()),
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

    /// Reports an open log.
    fn has_log(&self) -> bool {
        self.route
            .with_untracked(|route| !matches!(route.place, Place::Sessions | Place::Settings))
    }

    /// Continues the log's work for a part of a frame, and draws where the pace allows.
    fn draw_log(&self, now: u64) {
        let (mut draws, mut goes_on) = (false, false);
        self.frames.update_value(|Frames { pace, .. }| {
            self.entries.update_value(|log| {
                goes_on = log.ripen(now);
                if !log.view().is_scanned() {
                    let found = |log: &SessionLog| log.view().end() - log.view().first();
                    while !log.scan(SCAN_ROWS) && now_ms() < now + SCAN_MS && !pace.is_answered(found(log)) {}
                    let is_over = log.view().is_scanned();
                    pace.searched(now, found(log), is_over);
                    goes_on |= !is_over;
                }
                draws = pace.frame(now, log.ring().end());
                goes_on |= pace.goes_on();
            });
        });
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
