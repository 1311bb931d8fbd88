//! Every type that crosses a socket of the session monitor, one module a socket, and the lines of a record besides.
//!
//! This crate is the ground: it depends on serde alone (with the feature `openapi` on utoipa, too), holds no I/O and builds for wasm, so that the host, the server
//! and the page read and write the same bytes. Readers ignore what they do not know and default what is missing.

pub mod api;
pub mod mirror;
pub mod record;
pub mod session;

mod http;
mod lenient;
mod openapi;

pub use api::{
    Edition, License, SessionDetail, SessionEnd, SessionStatus, SessionSummary, SignedIn, Ticket, VersionInfo,
    WsMessage,
};
pub use http::{ApiError, Health};
pub use lenient::{Unreadable, from_json, from_value};
pub use session::{
    ConnectionUpdate, Control, Count, Counters, DecisionDetail, Direction, EventLine, Exit, InfoAnswer, ListenerUpdate,
    MonitorEvent, Observation, Outcome, PortSubscription, Process, ProcessInfo, Routing, SessionId, SessionIdError,
    SessionInfo, SessionState, StreamLine, Top, Unhooked, released,
};

/// The version of the session protocol that this crate speaks; a released mirrord sends none.
pub const PROTOCOL_VERSION: u32 = 1;
