//! Every type that crosses a socket of the session monitor.
//!
//! This crate is the ground: it stands on serde alone, holds no I/O and builds for wasm, so that the host, the server
//! and the page read and write the same bytes. Readers ignore what they do not know and default what is missing.

pub mod event;
pub mod info;
pub mod mirror;
pub mod released;
pub mod rest;
pub mod session;
pub mod state;
pub mod ws;

mod fields;
mod lenient;

pub use event::{Control, EventLine, MonitorEvent, Observation, Routing, StreamLine};
pub use info::InfoAnswer;
pub use lenient::{from_json, from_value};
pub use rest::{
    ApiError, Edition, Health, License, SessionDetail, SessionEnd, SessionStatus, SessionSummary, SignedIn, Ticket,
    VersionInfo,
};
pub use session::{PortSubscription, ProcessInfo, SessionId, SessionIdError, SessionInfo};
pub use state::{Count, Counters, Process, SessionState, Top};
pub use ws::WsMessage;

/// The version of the session protocol that this crate speaks; a released mirrord sends none.
pub const PROTOCOL_VERSION: u32 = 1;
