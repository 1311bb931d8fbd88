//! Controller of the open log: follows the address, and fetches from the server. None of it runs while no session is open.

use leptos::prelude::*;
use mirrord_wire::{SessionDetail, from_json};

use crate::api::socket::Api;
use crate::app::ApiHandle;
use crate::browser::{now_ms, pattern};
use crate::model::Model;
use crate::state::connection::Connection;
use crate::state::filter::{LogFilter, Query, contains};
use crate::state::log::session_log::Search;
use crate::state::log::{Load, SessionLog};

/// The longest text that a pattern is run on, bytes: a path of the system has at most 4,096.
const MAX_PATTERN_BYTES: usize = 4_096;

/// How often a session is asked what it counted, while events go on missing here.
const BEGINNING_MS: u64 = 10_000;

/// Opens the log of other sessions, or none, or shows other rows of the one that is open.
pub(crate) fn open(model: Model, api: ApiHandle, filter: LogFilter, is_another: bool) {
    if is_another {
        model.reset_log();
    }
    show_filtered(model, filter);
    if is_another && model.connection.get_untracked() == Connection::Live {
        api.with_value(Api::fetch);
    }
}

/// A link to a session that was not there yet: now it is.
pub(crate) fn come(model: Model, api: ApiHandle) {
    if model.log.with_value(|log| log.load() == Load::Gone) {
        api.with_value(Api::fetch);
    }
}

/// Takes in what the sessions' summaries say.
pub(crate) fn know(model: Model, ids: &[String]) {
    model.sessions.with_untracked(|sessions| {
        for session in ids.iter().filter_map(|id| sessions.get(id)) {
            model.log.update_value(|log| log.known(&session.summary.info));
        }
    });
}

/// When a session was asked what it counted: for which opening, and when.
#[derive(Default)]
pub(crate) struct Asked {
    opened: u64,
    at_ms: u64,
}

/// Where events did not come to this page, the first ones or others, the session is asked what it counted itself.
pub(crate) fn begin(model: Model, api: ApiHandle, asked: &mut Asked) {
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
            let detail = text.and_then(|text| from_json(&text).ok());
            model.change_log(|log| log.began(detail));
            model.sessions.notify();
        }
    };
    api.with_value(|api| api.session(id, learn));
}

/// Asks the open session what it could not observe: that may come to be at any time, as a program sets up `io_uring`.
pub(crate) fn look(model: Model, api: ApiHandle) {
    let Some(id) = model.route.with_untracked(|route| route.session().map(str::to_owned)) else {
        return;
    };
    let asked = id.clone();
    let learn = move |text: Option<String>| {
        let incomplete = text
            .and_then(|text| from_json::<SessionDetail>(&text).ok())
            .map(|detail| detail.state.incomplete);
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
