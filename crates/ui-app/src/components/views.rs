//! The views of a session beside its log, one file each. Each takes what it needs from the model; the page of a session
//! asks [`view`] for the one that is open.

use leptos::prelude::*;

use crate::state::route::View;
use crate::store::model::Model;

mod config;
mod environment;
mod files;
mod network;
mod parts;
mod ports;
mod processes;
mod stats;

/// The view, whole. The log is none of these: it has a page part of its own.
pub(crate) fn view(view: View, model: Model) -> AnyView {
    match view {
        View::Events => ().into_any(),
        View::Files => files::view(model),
        View::Network => network::view(model),
        View::Ports => ports::view(model),
        View::Environment => environment::view(model),
        View::Processes => processes::view(model),
        View::Config => config::view(model),
        View::Stats => stats::view(model),
    }
}
