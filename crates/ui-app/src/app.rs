//! Puts the page together: what is known, the connection, the keyboard, and the root of what is shown. Contexts are
//! provided here and nowhere else.

use leptos::{mount::mount_to_body, prelude::*};
use wasm_bindgen_futures::spawn_local;

use crate::api::socket::{Api, Entry};
use crate::browser::{
    How, document, every, fragment, is_hidden, listen, listen_to_document, put_fragment, query, stored, wipe_fragment,
    wipe_query,
};
use crate::components::keyed::keyed;
use crate::components::keys;
use crate::components::stopped::set_panic_hook;
use crate::languages;
use crate::log;
use crate::model::Model;
use crate::overview;
use crate::pages::shell::Shell;
use crate::state::connection::Connection;
use crate::state::preferences::{self, Preferences};
use crate::state::route::{Route, code, token};
use crate::state::sessions::Sessions;

/// How often the edition is asked for, while it is not known yet and once it is.
const EDITION_PENDING_MS: i32 = 3_000;
const EDITION_MS: i32 = 300_000;
/// How often a session is asked what it could not observe: the answer is everything that it counted.
const INCOMPLETE_MS: i32 = 60_000;

/// The connection, for whoever may ask it something.
pub(crate) type ApiHandle = StoredValue<Api, LocalStorage>;

/// Starts the page in `body`.
pub fn start() {
    set_panic_hook();
    let entry = entry();
    spawn_local(async move {
        let own = own_preferences();
        languages::first(&own).await;
        show(own, entry, Route::parse(&fragment()));
    });
}

/// Takes what the page is to sign in with out of its address.
fn entry() -> Entry {
    let token = token(&fragment()).map(str::to_owned);
    if token.is_some() {
        wipe_fragment();
    }
    let code = code(&query()).map(str::to_owned);
    if code.is_some() {
        wipe_query();
    }
    Entry { token, code }
}

fn show(own: Preferences, entry: Entry, route: Route) {
    if let Some(boot) = document().and_then(|document| document.get_element_by_id("boot")) {
        boot.remove();
    }
    mount_to_body(move || {
        let model = Model::new(route.clone(), own);
        let api: ApiHandle = StoredValue::new_local(Api::start(model, entry));
        provide_context(model);
        provide_context(api);
        follow_address(model, api);
        follow_preferences(model);
        listen("storage", move |_: web_sys::Event| api.with_value(Api::storage_changed));
        listen_to_document("visibilitychange", move || {
            if !is_hidden() {
                api.with_value(Api::shown);
            }
        });
        every(1_000, move || model.tick());
        follow_edition(model, api);
        follow_incomplete(model, api);
        crate::mirror::follow(model, api);
        keys::listen(model);
        languages::follow(model);
        overview::follow(model, api);
        // Another language is another page: everything that is shown is made anew, and what is known stays.
        keyed(move || model.language.get(), |_| view! { <Shell/> }.into_any())
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
    let shown = Memo::new(move |_| model.route.with(Route::sessions));
    let filter = Memo::new(move |_| model.route.with(|route| route.filter.clone()));
    let mut open: Vec<String> = Vec::new();
    Effect::new(move |_| {
        let (ids, filter) = (shown.get(), filter.get());
        let is_another = open != ids;
        if !(ids.is_empty() && open.is_empty()) {
            log::open(model, api, filter, is_another);
        }
        open = ids;
    });
    let is_known = Memo::new(move |_| {
        let ids = shown.read();
        model
            .sessions
            .with(|sessions| ids.iter().any(|id| sessions.is_listed(id)))
    });
    Effect::new(move |_| {
        if is_known.get() {
            log::come(model, api);
        }
    });
    Effect::new(move |_| {
        model.sessions.track();
        if !shown.read().is_empty() {
            log::know(model, &shown.read());
        }
    });
    let mut asked = log::Asked::default();
    Effect::new(move |_| {
        model.frame.track();
        model.opened.track();
        if model.route.with_untracked(|route| route.session().is_some()) {
            log::begin(model, api, &mut asked);
        }
    });
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
            log::look(model, api);
        }
    };
    Effect::new(move |_| {
        open.track();
        look();
    });
    every(INCOMPLETE_MS, look);
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
