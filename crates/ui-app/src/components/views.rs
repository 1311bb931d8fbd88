//! Views of a session beside its log, one file each.

use leptos::prelude::*;

use crate::components::open_session::OpenSession;
use crate::state::route::View;

mod config;
mod environment;
mod files;
mod network;
mod parts;
mod ports;
mod processes;
mod searches;
mod stats;
mod story;
pub(crate) mod summary;

/// Whole view. What has the log in it is rendered by the session's page.
pub(crate) fn view(view: View) -> AnyView {
    let open = OpenSession::from_context();
    match view {
        View::Summary | View::Events => ().into_any(),
        View::Files => files::view(open),
        View::Network => network::view(open),
        View::Ports => ports::view(open),
        View::Environment => environment::view(open),
        View::Processes => processes::view(open),
        View::Config => config::view(open),
        View::Stats => stats::view(open),
    }
}
