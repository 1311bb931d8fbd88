//! Composition root of the page: stores, API, controllers and the root component. Contexts are provided here and
//! nowhere else.

use leptos::{mount::mount_to_body, prelude::*};
use wasm_bindgen_futures::spawn_local;

use crate::api::socket::{Api, ApiHandle, Entry};
use crate::browser::{
    document, every, fragment, is_hidden, listen, listen_to_document, query, wipe_fragment, wipe_query,
};
use crate::components::keyed::keyed;
use crate::components::stopped::set_panic_hook;
use crate::controllers::{
    keyboard, languages, log, messages, mirror, moment, notifications, otlp, overview, preferences, records, routing,
    rows, summary, version,
};
use crate::pages::shell::Shell;
use crate::state::preferences::Preferences;
use crate::state::route::{Route, code, token};
use crate::store::app_state::AppState;

/// Starts the page in `body`.
pub fn start() {
    set_panic_hook();
    let entry = entry();
    spawn_local(async move {
        let own = preferences::load();
        languages::first(&own).await;
        show(own, entry, Route::parse(&fragment()));
    });
}

/// Removes the credentials from the page's address, and returns them.
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
        let state = AppState::new(route.clone(), own);
        // The API reports to the controllers, and they send their requests through it.
        let sink: StoredValue<Option<ApiHandle>> = StoredValue::new(None);
        let own = Api::new(entry.token, move |event| {
            if let Some(api) = sink.get_value() {
                messages::on_event(state, api, event);
            }
        });
        own.start(entry.code);
        let api: ApiHandle = StoredValue::new_local(own);
        sink.set_value(Some(api));
        provide_context(state);
        provide_context(api);
        follow(state, api);
        // Another language is another page: everything that is shown is made anew, and what is known stays.
        keyed(
            move || state.preferences.language.get(),
            |_| view! { <Shell/> }.into_any(),
        )
    });
}

/// Starts the controllers.
fn follow(state: AppState, api: ApiHandle) {
    routing::follow(state.route, api);
    log::follow(state, api);
    rows::follow(state);
    summary::follow(state, api);
    moment::follow(state, api);
    records::follow(state, api);
    preferences::follow(state.preferences);
    listen("storage", move |_: web_sys::Event| api.with_value(Api::storage_changed));
    listen_to_document("visibilitychange", move || {
        if !is_hidden() {
            api.with_value(Api::shown);
        }
    });
    every(1_000, move || state.on_tick());
    version::follow(state.connection, api);
    mirror::follow(state, api);
    keyboard::follow(state);
    languages::follow(state.preferences);
    overview::follow(state, api);
    notifications::follow(state);
    otlp::follow(state, api);
}
