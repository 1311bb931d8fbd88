//! The page's state as signals, and the one way in which what arrives gets into it.
//!
//! Events do not notify: they go into plain structs, and once a frame `frame` is bumped, four times a second `sessions`.
//! So what a burst costs depends on the frames that are drawn, not on the events. Nothing here shows anything.

use std::rc::Rc;

use leptos::prelude::*;
use mirrord_wire::VersionInfo;
use wasm_bindgen::prelude::*;

use crate::browser::{How, now_ms, on_frame, put_fragment, set_root, store};
use crate::i18n::{self, language::Language};
use crate::state::connection::{Connection, Obstacle};
use crate::state::filter::LogFilter;
use crate::state::log::SessionLog;
use crate::state::pace::Pace;
use crate::state::preferences::{self, Preferences, Theme};
use crate::state::route::{Place, Route};
use crate::state::sessions::Sessions;
use crate::store::mirror::Mirror;
use crate::store::overview::Overview;

/// How often numbers of events are shown anew.
const COUNTS_MS: u64 = 250;
/// How long a frame searches; the next goes on.
const SCAN_MS: u64 = 4;
/// The rows searched between two looks at the clock: a pattern runs in the browser, and is slow.
const SCAN_ROWS: u64 = 2_000;

/// The log of the session that is open, outside the signals.
pub(crate) type Log = StoredValue<SessionLog, LocalStorage>;

/// What the page knows.
#[derive(Clone, Copy)]
pub(crate) struct Model {
    pub(crate) connection: RwSignal<Connection>,
    pub(crate) sessions: RwSignal<Sessions>,
    /// Whether the list has come at least once.
    pub(crate) listed: RwSignal<bool>,
    pub(crate) version: RwSignal<VersionInfo>,
    /// Where the reader is, and the filter that they chose: the same as the address.
    pub(crate) route: RwSignal<Route>,
    /// Microseconds since the Unix epoch, moved on each second while what is shown is up to date.
    pub(crate) now: RwSignal<u64>,
    /// The same, moved on always: for what the page itself is about to do.
    pub(crate) wall: RwSignal<u64>,
    /// Why the WebSocket alone does not open.
    pub(crate) obstacle: RwSignal<Option<Obstacle>>,
    /// What the reader chose for this browser.
    pub(crate) preferences: RwSignal<Preferences>,
    /// The language that is shown.
    pub(crate) language: RwSignal<Language>,
    pub(crate) log: Log,
    /// Bumped once a frame when the log has changed.
    pub(crate) frame: RwSignal<u64>,
    /// Counts fetches and openings of sessions: a fetch that was begun before the newest is told from it.
    pub(crate) opened: RwSignal<u64>,
    /// The position of the row whose details are shown.
    pub(crate) selected: RwSignal<Option<u64>>,
    pub(crate) following: RwSignal<bool>,
    pub(crate) paused: RwSignal<bool>,
    /// What the open session could not observe, as words of the protocol.
    pub(crate) incomplete: RwSignal<Vec<String>>,
    /// Which sessions of a merged log are hidden, a bit each.
    pub(crate) hidden: RwSignal<u8>,
    /// How the sessions are arranged, which are chosen, and what may be done to them.
    pub(crate) overview: Overview,
    /// Messages that could not be read.
    pub(crate) unreadable: RwSignal<u64>,
    /// Who this is, and, on the desktop, the mirror.
    pub(crate) mirror: Mirror,
    frames: StoredValue<Frames, LocalStorage>,
}

/// The frame that is asked for, and what it has to do.
#[derive(Default)]
struct Frames {
    callback: Option<Rc<Closure<dyn FnMut()>>>,
    asked: bool,
    counted_ms: u64,
    counts_changed: bool,
    pace: Pace,
}

impl Model {
    pub(crate) fn new(route: Route, own: Preferences) -> Self {
        let sessions = RwSignal::new(Sessions::default());
        let mirror = Mirror::new();
        let model = Self {
            connection: RwSignal::new(Connection::Connecting),
            sessions,
            listed: RwSignal::new(false),
            version: RwSignal::new(VersionInfo::default()),
            route: RwSignal::new(route),
            now: RwSignal::new(now_ms() * 1_000),
            wall: RwSignal::new(now_ms() * 1_000),
            obstacle: RwSignal::new(None),
            preferences: RwSignal::new(own),
            language: RwSignal::new(i18n::language()),
            log: StoredValue::new_local(SessionLog::default()),
            frame: RwSignal::new(0),
            opened: RwSignal::new(0),
            selected: RwSignal::new(None),
            following: RwSignal::new(true),
            paused: RwSignal::new(false),
            incomplete: RwSignal::new(Vec::new()),
            hidden: RwSignal::new(0),
            overview: Overview::new(sessions, mirror.me),
            unreadable: RwSignal::new(0),
            mirror,
            frames: StoredValue::new_local(Frames::default()),
        };
        let callback = Closure::new(move || model.on_frame());
        model
            .frames
            .update_value(|frames| frames.callback = Some(Rc::new(callback)));
        model
    }

    /// Does something with the log of a session, where that is open.
    pub(crate) fn with_log_of(&self, id: &str, change: impl FnOnce(Option<(u8, &mut SessionLog)>)) {
        self.frames.update_value(|frames| frames.counts_changed = true);
        let source = self.route.with_untracked(|route| route.source(id));
        self.log.update_value(|log| change(source.map(|source| (source, log))));
        self.ask_frame();
    }

    /// Changes the log, and has it drawn.
    pub(crate) fn change_log(&self, change: impl FnOnce(&mut SessionLog)) {
        self.log.update_value(change);
        self.frames.update_value(|frames| frames.pace.ask());
        self.ask_frame();
    }

    /// Has the log drawn in the next frame. However often it is asked for, it is drawn once.
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

    /// Whether a log is open.
    pub(crate) fn has_log(&self) -> bool {
        self.route
            .with_untracked(|route| !matches!(route.place, Place::Sessions | Place::Settings))
    }

    /// Goes on with what the log has to do, for a part of a frame, and has it drawn where it is time to.
    fn draw_log(&self, now: u64) {
        let (mut draws, mut goes_on) = (false, false);
        self.frames.update_value(|Frames { pace, .. }| {
            self.log.update_value(|log| {
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

    /// Whether what is shown is from before: the connection is gone, and nothing of it is known to hold still.
    pub(crate) fn is_stale(&self) -> bool {
        self.listed.get() && self.connection.get() != Connection::Live
    }

    /// A second has passed. While the connection is gone, nobody knows whether anything went on: the clocks stand still.
    pub(crate) fn on_tick(&self) {
        let now = now_ms() * 1_000;
        self.wall.set(now);
        if untrack(|| self.is_stale()) {
            return;
        }
        self.now.set(now);
        self.frames.update_value(|frames| frames.counts_changed = false);
        self.sessions.update(Sessions::tick);
    }

    /// Forgets the log and what was chosen for it: another session is opened.
    pub(crate) fn reset_log(&self) {
        let of_several = self.route.with_untracked(|route| match &route.place {
            Place::Merged(ids) => Some(ids.len()),
            _ => None,
        });
        self.log
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

    /// Pauses, or goes on.
    pub(crate) fn toggle_pause(&self) {
        let paused = !self.paused.get_untracked();
        self.paused.set(paused);
        self.change_log(|log| if paused { log.pause() } else { log.resume() });
    }

    /// Changes the filter, and the address with it: what was chosen can be taken back with the back button, what is typed
    /// is one step whatever its length.
    pub(crate) fn update_filter(&self, how: How, change: impl FnOnce(&mut LogFilter)) {
        let mut route = self.route.get_untracked();
        change(&mut route.filter);
        if self.route.with_untracked(|before| *before != route) {
            put_fragment(how, &route.fragment());
            self.route.set(route);
        }
    }

    /// Changes what the reader chose for this browser, and keeps it.
    pub(crate) fn prefer(&self, change: impl FnOnce(&mut Preferences)) {
        let mut own = self.preferences.get_untracked();
        change(&mut own);
        store(preferences::KEY, &own.written());
        self.adopt(own);
    }

    /// Takes in what was chosen, here or in another window. The styles look at the root element, and what measures itself
    /// anew finds them as they are from now on.
    pub(crate) fn adopt(&self, own: Preferences) {
        set_root("data-theme", own.theme.word());
        set_root("data-density", own.density.word());
        if self.preferences.get_untracked() != own {
            self.preferences.set(own);
        }
    }

    /// Whether values of variables are shown from the start.
    pub(crate) fn shows_values(&self) -> bool {
        let own = self.preferences.read().env_values;
        own.unwrap_or_else(|| self.version.read().show_env_values)
    }

    /// Takes in that the address has changed.
    pub(crate) fn set_route(&self, route: Route) {
        if self.route.with_untracked(|before| *before != route) {
            self.route.set(route);
        }
    }

    /// Shows every row again.
    pub(crate) fn clear_filter(&self) {
        self.update_filter(How::Push, |filter| *filter = LogFilter::default());
    }

    /// Goes to the newest row and stays there. What waited for a pause is shown.
    pub(crate) fn follow(&self) {
        if self.paused.get_untracked() {
            self.toggle_pause();
        }
        self.set_following(true);
    }

    /// Follows the newest row, or stays where the reader is: then what they look at is kept, and what comes waits.
    pub(crate) fn set_following(&self, following: bool) {
        self.change_log(|log| log.read(!following));
        if self.following.get_untracked() != following {
            self.following.set(following);
        }
    }

    /// Shows the rows that were cleared.
    pub(crate) fn undo_clear(&self) {
        self.change_log(SessionLog::undo_clear);
    }

    /// Hides the rows that are there. Whoever was reading them follows what comes, unless it is paused.
    pub(crate) fn clear_log(&self) {
        self.selected.set(None);
        self.change_log(SessionLog::clear);
        if !self.paused.get_untracked() {
            self.following.set(true);
        }
    }

    /// Moves the selection by `by` rows, or to the newest row without one; returns false if there is no row.
    pub(crate) fn select_by(&self, by: i64) -> bool {
        let before = self.selected.get_untracked();
        let go = |log: &SessionLog| step(log, before, by);
        let mut next = self.log.with_value(go);
        let waits = |log: &SessionLog| log.view().waiting() > 0;
        if by > 0 && next == before && !self.paused.get_untracked() && self.log.with_value(waits) {
            // Rows that arrived while the reader was scrolled up.
            self.change_log(SessionLog::read_on);
            next = self.log.with_value(go);
        }
        if next.is_some() {
            self.set_following(false);
            self.selected.set(next);
        }
        next.is_some()
    }

    /// Chooses the next theme.
    pub(crate) fn next_theme(&self) {
        self.prefer(|own| own.theme = Theme::at(own.theme as usize + 1));
    }
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
