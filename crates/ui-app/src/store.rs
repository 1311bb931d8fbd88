//! Signals around the plain structs of `state`, and the methods that change them. No requests and no views.

pub(crate) mod app_state;
pub(crate) mod connection;
pub(crate) mod log;
pub(crate) mod mirror;
pub(crate) mod moment;
pub(crate) mod overview;
pub(crate) mod preferences;
pub(crate) mod records;
pub(crate) mod route;

/// The sessions, live and ended.
pub(crate) type SessionsStore = leptos::prelude::RwSignal<crate::state::sessions::Sessions>;
