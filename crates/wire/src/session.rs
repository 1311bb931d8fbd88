//! Protocol of one session's socket: its identity, its events and control lines, and its state.

mod bounded;
mod event;
mod info;
mod info_answer;
mod json;
pub mod released;
mod state;
mod top;

pub use event::{Control, EventLine, MAX_SEQ, MonitorEvent, Observation, Routing, StreamLine};
pub use info::{PortSubscription, ProcessInfo, SessionId, SessionIdError, SessionInfo};
pub use info_answer::{InfoAnswer, MAX_EXTRA_BYTES};
pub use json::RawJson;
pub use state::{
    Counters, MAX_KINDS, MAX_PORTS, MAX_PROCESSES, MAX_REASONS, OTHER, Policy, Process, SessionState, UNIX_ADDRESS,
    destination,
};
pub use top::{Count, Top};
