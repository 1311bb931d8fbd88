//! Puts the page together: what is known, the connection, the keyboard, and the root of what is shown. Contexts are
//! provided here and nowhere else.

use crate::components::dom::{mount, prelude::*};
use crate::components::dynamic::{dynamic, effect, memo};
use wasm_bindgen_futures::spawn_local;

use crate::api::socket::Api;
use crate::browser::{How, document, every, fragment, listen, now_ms, pattern, put_fragment, stored, wipe_fragment};
use crate::components::keys;
use crate::languages;
use crate::model::Model;
use crate::overview;
use crate::pages::shell::Shell;
use crate::state::before::Before;
use crate::state::connection::Connection;
use crate::state::filter::{LogFilter, Query, contains};
use crate::state::log::session_log::Search;
use crate::state::log::{Load, SessionLog};
use crate::state::preferences::{self, Preferences};
use crate::state::route::{Route, token};

/// The longest text that a pattern is run on, bytes: a path of the system has at most 4,096.
const MAX_PATTERN_BYTES: usize = 4_096;

/// How often a session is asked what it counted, while events go on missing here.
const BEGINNING_MS: u64 = 10_000;
/// How often the edition is asked for, while it is not known yet and once it is.
const EDITION_PENDING_MS: i32 = 3_000;
const EDITION_MS: i32 = 300_000;

/// The connection, for whoever may ask it something.
pub(crate) type ApiHandle = StoredValue<Api, LocalStorage>;

/// Starts the page in `body`.
pub fn start() {
    let token = token(&fragment()).map(str::to_owned);
    if token.is_some() {
        wipe_fragment();
    }
    spawn_local(async move {
        let own = own_preferences();
        languages::first(&own).await;
        show(own, token);
    });
}

fn show(own: Preferences, token: Option<String>) {
    if let Some(boot) = document().and_then(|document| document.get_element_by_id("boot")) {
        boot.remove();
    }
    mount(move || {
        let model = Model::new(Route::parse(&fragment()), own);
        let api: ApiHandle = StoredValue::new_local(Api::start(model, token));
        provide_context(model);
        provide_context(api);
        follow_address(model, api);
        follow_preferences(model);
        every(1_000, move || model.tick());
        follow_edition(model, api);
        crate::mirror::follow(model, api);
        keys::listen(model);
        languages::follow(model);
        overview::follow(model, api);
        // Another language is another page: everything that is shown is made anew, and what is known stays.
        dynamic(move || {
            model.language.track();
            Shell()
        })
        .into_any()
    });
}

/// The address is the truth about where the reader is: links change it, and the page follows.
fn follow_address(model: Model, api: ApiHandle) {
    listen("hashchange", move |_: web_sys::Event| {
        let fragment = fragment();
        if let Some(token) = token(&fragment) {
            api.with_value(|api| api.sign_in(token));
            return put_fragment(How::Replace, &model.route.read_untracked().fragment());
        }
        model.arrive(Route::parse(&fragment));
    });
    let shown = memo(move || model.route.with(Route::sessions));
    let filter = memo(move || model.route.with(|route| route.filter.clone()));
    let mut open = None;
    effect(move || {
        let (ids, filter) = (shown.get(), filter.get());
        let is_another = open.as_ref() != Some(&ids);
        if is_another {
            model.reset_log();
        }
        show_filtered(model, filter);
        if is_another && !ids.is_empty() && model.connection.get_untracked() == Connection::Live {
            api.with_value(Api::fetch);
        }
        open = Some(ids);
    });
    let is_known = memo(move || {
        let ids = shown.read();
        model
            .sessions
            .with(|sessions| ids.iter().any(|id| sessions.get(id).is_some()))
    });
    effect(move || {
        // A link to a session that was not there yet: now it is.
        if is_known.get() && model.log.with_value(|log| log.load() == Load::Gone) {
            api.with_value(Api::fetch);
        }
    });
    effect(move || {
        let ids = shown.read();
        model.sessions.with(|sessions| {
            for session in ids.iter().filter_map(|id| sessions.get(id)) {
                model.log.update_value(|log| log.known(&session.summary.info));
            }
        });
    });
    follow_beginning(model, api);
}

/// Where events did not come to this page, the first ones or others, the session is asked what it counted itself.
fn follow_beginning(model: Model, api: ApiHandle) {
    let mut asked = (0, 0);
    effect(move || {
        model.frame.track();
        let (opened, now) = (model.opened.get(), now_ms());
        let is_due = |log: &SessionLog| log.load() == Load::Ready && log.facts().missing() > 0;
        let id = model.route.with_untracked(|route| route.session().map(str::to_owned));
        let is_early = asked.0 == opened && now < asked.1 + BEGINNING_MS;
        let Some(id) = id.filter(|_| !is_early && model.log.with_value(is_due)) else {
            return;
        };
        asked = (opened, now);
        model.log.update_value(SessionLog::hold);
        let learn = move |text: Option<String>| {
            if model.opened.get_untracked() == opened {
                let before = text.and_then(|text| Before::read(&text));
                model.change_log(|log| log.began(before));
                model.sessions.notify();
            }
        };
        api.with_value(|api| api.session(id, learn));
    });
}

fn own_preferences() -> Preferences {
    stored(preferences::KEY)
        .map(|stored| Preferences::read(&stored))
        .unwrap_or_default()
}

/// While the server is still finding the edition out, it is asked again soon; then now and again.
fn follow_edition(model: Model, api: ApiHandle) {
    let mut waited = 0;
    every(EDITION_PENDING_MS, move || {
        waited += EDITION_PENDING_MS;
        let is_due = waited >= EDITION_MS || model.version.with_untracked(|version| version.pending);
        if is_due && model.connection.get_untracked() == Connection::Live {
            waited = 0;
            api.with_value(Api::ask_version);
        }
    });
}

/// What another window of this browser chooses holds here as well.
fn follow_preferences(model: Model) {
    model.adopt(model.preferences.get_untracked());
    listen("storage", move |_: web_sys::Event| model.adopt(own_preferences()));
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
