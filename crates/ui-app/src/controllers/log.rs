//! Controller of the open log: follows the address, and fetches from the server. None of it runs while no session is
//! open.

use leptos::prelude::*;
use mirrord_wire::{SessionDetail, from_json};

use super::backlog;
use crate::api::socket::ApiHandle;
use crate::browser::{every, now_ms};
use crate::erased::effect;
use crate::state::connection::Connection;
use crate::state::filter::LogFilter;
use crate::state::log::{Load, SessionLog};
use crate::state::preferences::Repeats;
use crate::state::route::Route;
use crate::state::sessions::Sessions;
use crate::store::app_state::AppState;

/// Interval of requests for a session's own counts, while events are missing here.
const BEGINNING_MS: u64 = 10_000;

/// Interval of requests for what a session could not observe.
const INCOMPLETE_MS: i32 = 60_000;

/// Keeps the log on the sessions and the filter of the route, for as long as the page is open.
pub(crate) fn follow(state: AppState, api: ApiHandle) {
    let shown = Memo::new(move |_| state.route.current.with(Route::sessions));
    let filter = Memo::new(move |_| state.route.current.with(|route| route.filter.clone()));
    let at = Memo::new(move |_| state.route.current.read().at);
    let mut open: (Vec<String>, Option<u64>) = Default::default();
    effect(move || {
        let (now, filter) = ((shown.get(), at.get()), filter.get());
        if !(now.0.is_empty() && open.0.is_empty()) {
            let change = match (&open, &now) {
                (before, now) if before == now => Change::Filter,
                // Another moment takes the place of the one that is shown once it is here.
                ((before, _), (ids, Some(_))) if before == ids => Change::Moment,
                _ => Change::Sessions,
            };
            open_log(state, api, filter, change);
        }
        open = now;
    });
    let is_known = Memo::new(move |_| {
        let ids = shown.read();
        state
            .sessions
            .with(|sessions| ids.iter().any(|id| sessions.is_listed(id)))
    });
    effect(move || {
        if is_known.get() {
            refetch_gone(state, api);
        }
    });
    effect(move || {
        state.sessions.track();
        if !shown.read().is_empty() {
            apply_summaries(state, &shown.read());
        }
    });
    let mut asked = BaselineRequest::default();
    effect(move || {
        state.log.frame.track();
        state.log.opened.track();
        if state
            .route
            .current
            .with_untracked(|route| route.session().is_some() && route.at.is_none())
        {
            request_baseline(state, api, &mut asked);
        }
    });
    effect(move || {
        let folding = state.preferences.current.read().repeats == Repeats::Folded;
        if state.log.folding.get_untracked() != folding {
            state.log.folding.set(folding);
        }
    });
    let range = Memo::new(move |_| state.route.current.read().range);
    Effect::new(move |_| {
        // Another log begins with all of its rows.
        state.log.opened.track();
        let (range, folding) = (range.get(), state.log.folding.get());
        state.log.update(|log| {
            log.show_range(range);
            log.fold(folding);
        });
    });
    follow_incomplete(state, api);
}

/// Requests what a session could not observe as it is opened, as it ends, and at an interval.
fn follow_incomplete(state: AppState, api: ApiHandle) {
    let open = Memo::new(move |_| {
        let id = state.route.current.read().session().map(str::to_owned)?;
        let status = |sessions: &Sessions| sessions.get(&id).map(|own| own.summary.status);
        let status = state.sessions.with(status);
        Some((id, status, state.connection.state.get() == Connection::Live))
    });
    let look = move || {
        if open.with_untracked(|open| matches!(open, Some((_, Some(_), true)))) {
            request_incomplete(state, api);
        }
    };
    effect(move || {
        open.track();
        look();
    });
    every(INCOMPLETE_MS, look);
}

/// Difference between the log that is shown and the one that is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Change {
    /// Other rows of it.
    Filter,
    /// Another moment of its record.
    Moment,
    /// Other sessions, or the whole record in place of a moment.
    Sessions,
}

/// Opens the log of other sessions, or none, or shows another moment or other rows of the one that is open.
fn open_log(state: AppState, api: ApiHandle, filter: LogFilter, change: Change) {
    if change == Change::Sessions {
        state.log.reset();
        state.moment.counts.set(None);
    }
    state.log.show_filtered(filter);
    if change != Change::Filter && state.connection.state.get_untracked() == Connection::Live {
        backlog::fetch(state, api);
    }
}

/// A link to a session that was not there yet: now it is.
fn refetch_gone(state: AppState, api: ApiHandle) {
    if state.log.with(|log| log.load() == Load::Gone) {
        backlog::fetch(state, api);
    }
}

/// Takes in what the sessions' summaries say. That is of their present, and not of a moment of a record.
fn apply_summaries(state: AppState, ids: &[String]) {
    if state.route.current.with_untracked(|route| route.at.is_some()) {
        return;
    }
    state.sessions.with_untracked(|sessions| {
        for session in ids.iter().filter_map(|id| sessions.get(id)) {
            state.log.entries.update_value(|log| log.known(&session.summary.info));
        }
    });
}

/// When a session was asked what it counted: for which opening, and when.
#[derive(Default)]
struct BaselineRequest {
    opened: u64,
    at_ms: u64,
}

/// Requests a session's own counts where its first events, or others, did not reach this page.
fn request_baseline(state: AppState, api: ApiHandle, asked: &mut BaselineRequest) {
    let (opened, now) = (state.log.opened.get_untracked(), now_ms());
    let is_due = |log: &SessionLog| log.load() == Load::Ready && log.all_aggregates().missing() > 0;
    let id = state.route.session();
    let is_early = asked.opened == opened && now < asked.at_ms + BEGINNING_MS;
    let Some(id) = id.filter(|_| !is_early && state.log.with(is_due)) else {
        return;
    };
    *asked = BaselineRequest { opened, at_ms: now };
    state.log.entries.update_value(SessionLog::hold);
    let learn = move |text: Option<String>| {
        if state.log.opened.get_untracked() == opened {
            let before = text.and_then(|text| from_json(&text).ok());
            state.log.update(|log| log.began(before));
            state.sessions.notify();
        }
    };
    api.with_value(|api| api.session(id, learn));
}

/// Asks the open session what it could not observe: that may come to be at any time, as a program sets up `io_uring`.
fn request_incomplete(state: AppState, api: ApiHandle) {
    let Some(id) = state.route.session() else {
        return;
    };
    let asked = id.clone();
    let learn = move |text: Option<String>| {
        let incomplete = text
            .and_then(|text| from_json::<SessionDetail>(&text).ok())
            .map(|detail| detail.state.incomplete);
        let is_open = state
            .route
            .current
            .with_untracked(|route| route.session() == Some(&asked));
        if let Some(incomplete) = incomplete.filter(|_| is_open)
            && state.log.incomplete.with_untracked(|before| *before != incomplete)
        {
            state.log.incomplete.set(incomplete);
        }
    };
    api.with_value(|api| api.session(id, learn));
}
