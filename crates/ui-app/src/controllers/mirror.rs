//! Controller of the mirror: requests that change it, and those that read it when the server reports a change.

use leptos::prelude::*;
use mirrord_wire::mirror::{Pairing, Permission};
use mirrord_wire::{ApiError, from_json};
use serde::de::DeserializeOwned;

use crate::api::socket::{Answer, Api, ApiHandle};
use crate::browser::every;
use crate::erased::effect;
use crate::i18n::{Key, t};
use crate::state::connection::Connection;
use crate::state::mirror::{Body, Field};
use crate::state::route::Place;
use crate::store::app_state::AppState;
use crate::store::mirror::MirrorStore;

/// Sets a signal to the parsed value where that differs.
fn set_parsed<T: DeserializeOwned + PartialEq + Send + Sync + 'static>(text: &str, into: RwSignal<T>) {
    if let Ok(value) = from_json::<T>(text)
        && into.with_untracked(|before| *before != value)
    {
        into.set(value);
    }
}

fn get<T: DeserializeOwned + PartialEq + Send + Sync + 'static>(api: ApiHandle, path: &str, into: RwSignal<T>) {
    let done = move |answer: Answer| {
        if let Some((200, text)) = answer {
            set_parsed(&text, into);
        }
    };
    api.with_value(|api| api.ask("GET", path.to_owned(), None, done));
}

/// Asks how the mirror does; for who looks at its settings, for its devices and its log as well.
fn refresh(mirror: MirrorStore, api: ApiHandle, all: bool) {
    get(api, "/api/mirror", mirror.status);
    if all {
        get(api, "/api/mirror/devices", mirror.devices);
        get(api, "/api/mirror/audit", mirror.audit);
    }
}

/// Asks for a change. What is wrong with it is said beside its field.
fn change(
    mirror: MirrorStore,
    api: ApiHandle,
    field: Field,
    method: &'static str,
    path: String,
    body: Option<String>,
    done: impl FnOnce(&str) + 'static,
) {
    let answered = move |answer: Answer| {
        let reason = match answer {
            Some((200..=299, text)) => {
                mirror.faults.update(|faults| faults.set(field, None));
                return done(&text);
            }
            Some((_, text)) => from_json::<ApiError>(&text).map_or(text, |answer| answer.error),
            None => t(Key::MirrorNoAnswer).to_owned(),
        };
        mirror.faults.update(|faults| faults.set(field, Some(reason)));
    };
    api.with_value(|api| api.ask(method, path, body, answered));
}

/// Changes a setting; it is applied at once.
pub(crate) fn update_setting(mirror: MirrorStore, api: ApiHandle, field: Field, body: Body) {
    let path = "/api/mirror/settings".to_owned();
    change(mirror, api, field, "PUT", path, Some(body.end()), move |text| {
        set_parsed(text, mirror.status);
        refresh(mirror, api, true);
    });
}

/// Has a ticket made.
pub(crate) fn create_ticket(mirror: MirrorStore, api: ApiHandle) {
    change(
        mirror,
        api,
        Field::Pair,
        "POST",
        "/api/mirror/pair".to_owned(),
        None,
        move |text| mirror.ticket.set(from_json::<Pairing>(text).ok()),
    );
}

/// Changes a device; without a body, it is revoked, and without an id all are.
pub(crate) fn update_device(mirror: MirrorStore, api: ApiHandle, id: &str, body: Option<Body>) {
    let slash = if id.is_empty() { "" } else { "/" };
    let path = ["/api/mirror/devices", slash, id].concat();
    let method = if body.is_some() { "PATCH" } else { "DELETE" };
    let done = move |_: &str| refresh(mirror, api, true);
    change(mirror, api, Field::Devices, method, path, body.map(Body::end), done);
}

/// Requests the mirror's state on the desktop, and the permissions on a device, whenever the server reports a change.
pub(crate) fn follow(state: AppState, api: ApiHandle) {
    let mirror = state.mirror;
    let is_live = Memo::new(move |_| state.connection.state.get() == Connection::Live);
    let is_settings = Memo::new(move |_| state.route.current.with(|route| route.place == Place::Settings));
    let manages = Memo::new(move |_| mirror.may(Permission::ManageMirror));
    effect(move || {
        mirror.news.track();
        if is_live.get() && manages.get() {
            refresh(mirror, api, is_settings.get());
        }
    });
    effect(move || {
        // Where it is not on, and why, stands beside the field that it is about.
        if let Some(status) = mirror.status.read().as_ref() {
            mirror.faults.update(|faults| faults.take(status));
        }
    });
    let mut asked = 0;
    effect(move || {
        let news = mirror.news.get();
        if std::mem::replace(&mut asked, news) != news && untrack(|| mirror.is_device()) {
            api.with_value(Api::ask_me);
        }
    });
    // The first answer may have been lost; without one, nothing is offered.
    every(WHO_MS, move || {
        if mirror.me.with_untracked(Option::is_none) && untrack(|| is_live.get()) {
            api.with_value(Api::ask_me);
        }
    });
}

/// Interval of requests for `/api/me`, until one is answered.
const WHO_MS: i32 = 5_000;
