//! REST and WebSocket API of `mirrord ui`.

mod sessions;
mod ws;

pub use sessions::{
    ApiError, Edition, Health, KillStatus, Killed, License, LockedPort, OperatorSession, OperatorSessions,
    SessionDetail, SessionEnd, SessionStatus, SessionSummary, SignedIn, Ticket, VersionInfo,
};
pub use ws::WsMessage;
