//! Merged state of the sessions of one key: its types, their bounds and their JSON.

use serde::{Deserialize, Serialize};

use super::super::bounded;
use super::super::connections::{Bytes, Connection, Listener, Sockets};
use super::super::counters::Counters;
use super::super::info::PortSubscription;
use super::super::ports::MAX_PORTS;
use super::super::processes::{MAX_PROCESSES, Process};
use super::super::top::Top;
#[cfg(feature = "openapi")]
use super::state_schema::{SessionConnections, SessionListeners, SessionPort, SessionProcess, SessionReason};

/// The most sessions that a merged state lists; the numbers of the others are in it all the same.
pub const MAX_GROUP_SESSIONS: usize = 1_000;

/// The most reasons of a merged state for which sessions are incomplete.
pub const MAX_GROUP_REASONS: usize = 100;

/// Item of a merged list: that of a session, with the session's id beside its fields.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct OfSession<T> {
    /// The session.
    pub session_id: String,
    /// Its item.
    #[serde(flatten)]
    pub item: T,
}

/// Session whose state is part of a merged one.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct GroupSession {
    /// The session.
    pub session_id: String,
    /// The number of its newest event.
    pub seq: u64,
    /// The oldest number that it keeps; 0 where nothing is kept.
    pub oldest_seq: u64,
    /// Its events.
    pub events: u64,
    /// Its events that were lost before they could be kept or sent.
    pub dropped: u64,
}

/// Session of the group whose state could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct UnreadSession {
    /// The session.
    pub session_id: String,
    /// The reason, a sentence.
    pub reason: String,
}

/// Reason for which a session may have done what is not in its state, such as `io_uring`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct IncompleteReason {
    /// The word.
    pub reason: String,
}

/// Merged state of the sessions of one key.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct GroupState {
    /// The key that they share.
    pub key: String,
    /// The sessions, by id; at most 1,000.
    #[serde(deserialize_with = "bounded::list::<MAX_GROUP_SESSIONS, _, _>")]
    pub sessions: Vec<GroupSession>,
    /// Number of sessions that are not listed.
    #[serde(rename = "sessions_more")]
    pub sessions_omitted: u64,
    /// Sessions that are not in the numbers; absent where all are.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[serde(deserialize_with = "bounded::list::<MAX_GROUP_SESSIONS, _, _>")]
    pub unread: Vec<UnreadSession>,
    /// Sums of their counters.
    pub counters: Counters,
    /// Their processes, in the order in which they started; at most 1,000: of more the longest ended go first.
    #[serde(deserialize_with = "bounded::list::<MAX_PROCESSES, _, _>")]
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<SessionProcess>))]
    pub processes: Vec<OfSession<Process>>,
    /// Number of processes that are not listed.
    #[serde(rename = "processes_more")]
    pub processes_omitted: u64,
    /// The ports that they are subscribed to; at most 1,000.
    #[serde(deserialize_with = "bounded::list::<MAX_PORTS, _, _>")]
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<SessionPort>))]
    pub port_subscriptions: Vec<OfSession<PortSubscription>>,
    /// Number of ports that are not listed.
    #[serde(rename = "port_subscriptions_more")]
    pub ports_omitted: u64,
    /// Outgoing destinations. Here and in the lists below `more` is at most so many names: one that two sessions left out is
    /// counted twice.
    pub outgoing: Top,
    /// Names that were looked up.
    pub hosts: Top,
    /// Paths that were touched.
    pub paths: Top,
    /// Environment variables that were fetched, by name.
    pub env_names: Top,
    /// Events that were emitted and lost before they could be kept or sent to anybody.
    pub dropped: u64,
    /// Reasons for which programs may have done what is not in here; at most 100.
    #[serde(
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "bounded::list::<MAX_GROUP_REASONS, _, _>"
    )]
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<SessionReason>))]
    pub incomplete: Vec<OfSession<IncompleteReason>>,
    /// Connections, in the order in which they were opened.
    #[serde(skip_serializing_if = "Sockets::is_empty")]
    #[cfg_attr(feature = "openapi", schema(value_type = SessionConnections))]
    pub connections: Sockets<OfSession<Connection>>,
    /// Listeners, session by session.
    #[serde(skip_serializing_if = "Sockets::is_empty")]
    #[cfg_attr(feature = "openapi", schema(value_type = SessionListeners))]
    pub listeners: Sockets<OfSession<Listener>>,
    /// Bytes over all of them; absent while nothing is known of any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub traffic: Option<Bytes>,
}
