//! Protocol of one session's socket: its description, its events and control lines, and its state.

mod bounded;
mod connections;
mod counters;
mod decision;
mod event;
#[cfg(feature = "openapi")]
mod event_schema;
mod group;
mod id;
mod info;
mod info_answer;
mod json;
mod line;
mod names;
mod ports;
mod processes;
pub mod released;
mod state;
pub mod summary;
mod top;
mod values;

pub use connections::{
    BIND_FAILED, Bytes, CLOSED, Connection, Listener, ListenerUpdate, MAX_SOCKETS, SocketTable, Sockets,
};
pub(crate) use counters::routings;
pub use counters::{Counters, MAX_KINDS, OTHER, count_kind};
pub use decision::{DecisionDetail, Unhooked};
pub use event::{ConnectionUpdate, Direction, EventLine, Exit, MAX_SEQ, MonitorEvent, Observation, Outcome, Routing};
pub use group::{
    GroupSession, GroupState, IncompleteReason, MAX_GROUP_REASONS, MAX_GROUP_SESSIONS, OfSession, StateMerger,
    UnreadSession, with_session_id,
};
pub use id::{SessionId, SessionIdError};
pub use info::{ConfigSource, PortSubscription, ProcessInfo, SessionInfo};
pub use info_answer::{InfoAnswer, MAX_EXTRA_BYTES};
pub use json::RawJson;
pub use line::{Control, StreamLine};
pub use names::{Hashed, NameLimits, NameTable};
pub use ports::{MAX_PORTS, PortEntry, subscribe};
pub use processes::{MAX_PROCESSES, Process, ProcessEntry, ProcessTable};
pub use state::{MAX_REASONS, Policy, SessionState, UNIX_ADDRESS, destination, write_destination};
pub use top::{Count, Top};
