//! Controller that polls the version and the edition: often while the server is still determining it, then rarely.

use leptos::prelude::*;

use crate::api::socket::{Api, ApiHandle};
use crate::browser::every;
use crate::state::connection::Connection;
use crate::store::connection::ConnectionStore;

/// Polling intervals while the edition is pending, and afterwards.
const EDITION_PENDING_MS: i32 = 3_000;
const EDITION_MS: i32 = 300_000;

/// Polls for as long as the page is open.
pub(crate) fn follow(connection: ConnectionStore, api: ApiHandle) {
    let mut waited = 0;
    every(EDITION_PENDING_MS, move || {
        waited += EDITION_PENDING_MS;
        let is_due = waited >= EDITION_MS || connection.version.with_untracked(|version| version.pending);
        if is_due && connection.state.get_untracked() == Connection::Live {
            waited = 0;
            api.with_value(Api::ask_version);
        }
    });
}
