//! Forms of a merged state's items, for the description of the REST API: those of a session, with the session's id.
#![expect(dead_code, reason = "forms of the description alone")]

use utoipa::ToSchema;

use super::super::connections::{Connection, Listener};
use super::super::info::PortSubscription;
use super::super::processes::Process;
use super::state::IncompleteReason;

macro_rules! of_session {
    ($($(#[doc = $doc:literal])* $name:ident, $item:ty;)*) => {
        $(
            $(#[doc = $doc])*
            #[derive(ToSchema)]
            pub(super) struct $name {
                /// The session.
                session_id: String,
                #[serde(flatten)]
                item: $item,
            }
        )*
    };
}

of_session! {
    /// Process of one of the sessions.
    SessionProcess, Process;
    /// Port that one of the sessions is subscribed to.
    SessionPort, PortSubscription;
    /// Reason for which one of the sessions is incomplete.
    SessionReason, IncompleteReason;
    /// Connection of one of the sessions.
    SessionConnection, Connection;
    /// Listener of one of the sessions.
    SessionListener, Listener;
}

/// Connections with a bound, and the number of those that did not fit.
#[derive(ToSchema)]
pub(super) struct SessionConnections {
    /// The items, oldest first.
    items: Vec<SessionConnection>,
    /// Number of items that are not kept.
    more: u64,
}

/// Listeners with a bound, and the number of those that did not fit.
#[derive(ToSchema)]
pub(super) struct SessionListeners {
    /// The items, session by session.
    items: Vec<SessionListener>,
    /// Number of items that are not kept.
    more: u64,
}
