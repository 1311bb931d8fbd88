//! Controller that keeps what is known of the sending to an OpenTelemetry endpoint current, where the server sends to one.

use leptos::prelude::*;
use mirrord_wire::api::OtlpInfo;
use mirrord_wire::from_json;
use mirrord_wire::mirror::Permission;

use crate::api::socket::{Answer, ApiHandle};
use crate::browser::every;
use crate::erased::effect;
use crate::state::connection::Connection;
use crate::store::app_state::AppState;

/// Interval of requests, while something is sent.
const INTERVAL_MS: i32 = 5_000;

/// Follows for as long as the page is open. A device may not ask.
pub(crate) fn follow(state: AppState, api: ApiHandle) {
    let may = Memo::new(move |_| {
        state.connection.state.get() == Connection::Live && state.mirror.may(Permission::ManageMirror)
    });
    effect(move || {
        if may.get() {
            request(state, api);
        }
    });
    every(INTERVAL_MS, move || {
        if may.get_untracked() && state.connection.otlp.with_untracked(|own| own.enabled) {
            request(state, api);
        }
    });
}

fn request(state: AppState, api: ApiHandle) {
    let learn = move |answer: Answer| {
        let info = match answer {
            Some((200, text)) => from_json::<OtlpInfo>(&text).ok(),
            _ => None,
        };
        if let Some(info) = info.filter(|info| state.connection.otlp.with_untracked(|before| before != info)) {
            state.connection.otlp.set(info);
        }
    };
    api.with_value(|api| api.ask("GET", "/api/otlp".to_owned(), None, learn));
}
