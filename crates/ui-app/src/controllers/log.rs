//! Controller of the open log: follows the address, and fetches from the server. None of it runs while no session is open.

use leptos::prelude::*;

use super::history;
use crate::api::socket::ApiHandle;
use crate::browser::{every, now_ms, pattern};
use crate::state::before::Before;
use crate::state::connection::Connection;
use crate::state::filter::{LogFilter, Query, contains};
use crate::state::log::session_log::Search;
use crate::state::log::{Load, SessionLog};
use crate::state::route::Route;
use crate::state::sessions::Sessions;
use crate::store::model::Model;

/// The longest text that a pattern is run on, bytes: a path of the system has at most 4,096.
const MAX_PATTERN_BYTES: usize = 4_096;

/// How often a session is asked what it counted, while events go on missing here.
const BEGINNING_MS: u64 = 10_000;

/// How often a session is asked what it could not observe.
const INCOMPLETE_MS: i32 = 60_000;

/// Keeps the log on the sessions and the filter of the route, for as long as the page is open.
pub(crate) fn follow(model: Model, api: ApiHandle) {
    let shown = Memo::new(move |_| model.route.with(Route::sessions));
    let filter = Memo::new(move |_| model.route.with(|route| route.filter.clone()));
    let mut open: Vec<String> = Vec::new();
    Effect::new(move |_| {
        let (ids, filter) = (shown.get(), filter.get());
        let is_another = open != ids;
        if !(ids.is_empty() && open.is_empty()) {
            open_log(model, api, filter, is_another);
        }
        open = ids;
    });
    let is_known = Memo::new(move |_| {
        let ids = shown.read();
        model
            .sessions
            .with(|sessions| ids.iter().any(|id| sessions.get(id).is_some_and(|own| !own.is_held)))
    });
    Effect::new(move |_| {
        if is_known.get() {
            come(model, api);
        }
    });
    Effect::new(move |_| {
        model.sessions.track();
        if !shown.read().is_empty() {
            know(model, &shown.read());
        }
    });
    let mut asked = Asked::default();
    Effect::new(move |_| {
        model.frame.track();
        model.opened.track();
        if model.route.with_untracked(|route| route.session().is_some()) {
            begin(model, api, &mut asked);
        }
    });
    follow_incomplete(model, api);
}

/// What a session could not observe is asked for as it is opened, as it ends, and now and again.
fn follow_incomplete(model: Model, api: ApiHandle) {
    let open = Memo::new(move |_| {
        let id = model.route.read().session().map(str::to_owned)?;
        let status = |sessions: &Sessions| sessions.get(&id).map(|own| own.summary.status);
        let status = model.sessions.with(status);
        Some((id, status, model.connection.get() == Connection::Live))
    });
    let look = move || {
        if open.with_untracked(|open| matches!(open, Some((_, Some(_), true)))) {
            look(model, api);
        }
    };
    Effect::new(move |_| {
        open.track();
        look();
    });
    every(INCOMPLETE_MS, look);
}

/// Opens the log of other sessions, or none, or shows other rows of the one that is open.
fn open_log(model: Model, api: ApiHandle, filter: LogFilter, is_another: bool) {
    if is_another {
        model.reset_log();
    }
    show_filtered(model, filter);
    if is_another && model.connection.get_untracked() == Connection::Live {
        history::fetch(model, api);
    }
}

/// A link to a session that was not there yet: now it is.
fn come(model: Model, api: ApiHandle) {
    if model.log.with_value(|log| log.load() == Load::Gone) {
        history::fetch(model, api);
    }
}

/// Takes in what the sessions' summaries say.
fn know(model: Model, ids: &[String]) {
    model.sessions.with_untracked(|sessions| {
        for session in ids.iter().filter_map(|id| sessions.get(id)) {
            model.log.update_value(|log| log.known(&session.summary.info));
        }
    });
}

/// When a session was asked what it counted: for which opening, and when.
#[derive(Default)]
struct Asked {
    opened: u64,
    at_ms: u64,
}

/// Where events did not come to this page, the first ones or others, the session is asked what it counted itself.
fn begin(model: Model, api: ApiHandle, asked: &mut Asked) {
    let (opened, now) = (model.opened.get_untracked(), now_ms());
    let is_due = |log: &SessionLog| log.load() == Load::Ready && log.facts().missing() > 0;
    let id = model.route.with_untracked(|route| route.session().map(str::to_owned));
    let is_early = asked.opened == opened && now < asked.at_ms + BEGINNING_MS;
    let Some(id) = id.filter(|_| !is_early && model.log.with_value(is_due)) else {
        return;
    };
    *asked = Asked { opened, at_ms: now };
    model.log.update_value(SessionLog::hold);
    let learn = move |text: Option<String>| {
        if model.opened.get_untracked() == opened {
            let before = text.and_then(|text| Before::read(&text));
            model.change_log(|log| log.began(before));
            model.sessions.notify();
        }
    };
    api.with_value(|api| api.session(id, learn));
}

/// Asks the open session what it could not observe: that may come to be at any time, as a program sets up `io_uring`.
fn look(model: Model, api: ApiHandle) {
    let Some(id) = model.route.with_untracked(|route| route.session().map(str::to_owned)) else {
        return;
    };
    let asked = id.clone();
    let learn = move |text: Option<String>| {
        let incomplete = text
            .and_then(|text| Before::read(&text))
            .map(|before| before.incomplete);
        let is_open = model.route.with_untracked(|route| route.session() == Some(&asked));
        if let Some(incomplete) = incomplete.filter(|_| is_open)
            && model.incomplete.with_untracked(|before| *before != incomplete)
        {
            model.incomplete.set(incomplete);
        }
    };
    api.with_value(|api| api.session(id, learn));
}

fn show_filtered(model: Model, filter: LogFilter) {
    let query = Query::parse(&filter.typed);
    let search: Option<Search> = match query {
        Query::All => None,
        Query::Text(needle) => Some(Box::new(move |text| contains(text, &needle))),
        Query::Pattern { source, flags } => match pattern(&source, &flags) {
            // A pattern that is not valid yet, since it is being typed, hides nothing.
            None => None,
            Some(pattern) => Some(Box::new(move |text| {
                pattern.test(&text[..text.floor_char_boundary(MAX_PATTERN_BYTES)])
            })),
        },
    };
    model.change_log(|log| log.filter(filter, search));
}
