//! The messages of the WebSocket of `mirrord ui`: one JSON text each.
//!
//! Written with `type` first, then `session_id`, then `data`. Read in any order; in this one without a detour, because
//! the page reads tens of thousands of events a second.

use std::borrow::Cow;

use serde::de::{DeserializeOwned, Error as _, IgnoredAny, MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use crate::event::EventLine;
use crate::mirror::Sidebar;
use crate::rest::SessionSummary;

/// One message of the server.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum WsMessage {
    /// Every session, sent first.
    Sessions(Vec<SessionSummary>),
    /// One event.
    Event {
        /// Whose.
        session_id: String,
        /// The event line.
        data: Box<EventLine>,
    },
    /// Events that were gathered for a few milliseconds (`?batch=1`).
    Events {
        /// Whose.
        session_id: String,
        /// The event lines, in the order of `seq`.
        data: Vec<EventLine>,
    },
    /// A session appeared.
    SessionAdded(Box<SessionSummary>),
    /// A session's info, status, counts or rate changed.
    SessionUpdated(Box<SessionSummary>),
    /// A session ended; what is kept of it can still be read.
    SessionRemoved {
        /// Which.
        session_id: String,
    },
    /// A session that had ended was dismissed: nothing is kept of it any more.
    SessionDismissed {
        /// Which.
        session_id: String,
    },
    /// Events of a session are missing here.
    Lagged {
        /// Whose.
        session_id: String,
        /// How many, whatever the reason.
        missed: u64,
        /// How many of them the session withheld on purpose, and has in its counters: not lost. Absent, none.
        withheld: u64,
        /// How many of them are from before the server attached, and were not kept any more: not lost. Absent, none.
        before: u64,
    },
    /// The desktop's list of sessions has another order, other pins or another selection.
    SidebarUpdated(Box<Sidebar>),
    /// The mirror's status, its devices or its log changed: `GET /api/mirror` has it. Sent to the desktop alone.
    MirrorUpdated,
    /// What a device may do, or what it is called, changed: `GET /api/me` has it. Sent to devices alone, to all of them.
    MeUpdated,
    /// A message of a type that this version does not know; to be ignored.
    Other {
        /// The `type` as it came.
        kind: String,
    },
}

impl WsMessage {
    /// The `type` of the message.
    #[must_use]
    pub fn kind(&self) -> &str {
        match self {
            Self::Sessions(_) => "sessions",
            Self::Event { .. } => "event",
            Self::Events { .. } => "events",
            Self::SessionAdded(_) => "session_added",
            Self::SessionUpdated(_) => "session_updated",
            Self::SessionRemoved { .. } => "session_removed",
            Self::SessionDismissed { .. } => "session_dismissed",
            Self::Lagged { .. } => "lagged",
            Self::SidebarUpdated(_) => "mirror.sidebar.updated",
            Self::MirrorUpdated => "mirror_updated",
            Self::MeUpdated => "me_updated",
            Self::Other { kind } => kind,
        }
    }
}

impl Serialize for WsMessage {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("type", self.kind())?;
        match self {
            Self::Sessions(data) => map.serialize_entry("data", data)?,
            Self::SessionAdded(data) | Self::SessionUpdated(data) => map.serialize_entry("data", data)?,
            Self::Event { session_id, data } => {
                map.serialize_entry("session_id", session_id)?;
                map.serialize_entry("data", data)?;
            }
            Self::Events { session_id, data } => {
                map.serialize_entry("session_id", session_id)?;
                map.serialize_entry("data", data)?;
            }
            Self::SessionRemoved { session_id } | Self::SessionDismissed { session_id } => {
                map.serialize_entry("session_id", session_id)?;
            }
            Self::Lagged {
                session_id,
                missed,
                withheld,
                before,
            } => {
                map.serialize_entry("session_id", session_id)?;
                map.serialize_entry("missed", missed)?;
                if *withheld > 0 {
                    map.serialize_entry("withheld", withheld)?;
                }
                if *before > 0 {
                    map.serialize_entry("before", before)?;
                }
            }
            Self::SidebarUpdated(data) => map.serialize_entry("data", data)?,
            Self::MirrorUpdated | Self::MeUpdated | Self::Other { .. } => {}
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for WsMessage {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MessageVisitor)
    }
}

/// `data`, read as its message's type wants it.
enum Data {
    Sessions(Vec<SessionSummary>),
    Session(Box<SessionSummary>),
    Event(Box<EventLine>),
    Events(Vec<EventLine>),
    /// It came before `type`, or its message takes none.
    Unread(Value),
}

struct MessageVisitor;

impl<'de> Visitor<'de> for MessageVisitor {
    type Value = WsMessage;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("a message of the WebSocket")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<WsMessage, A::Error> {
        let mut kind: Option<Cow<'de, str>> = None;
        let mut session_id: Option<String> = None;
        let mut missed: Option<u64> = None;
        let (mut withheld, mut before): (u64, u64) = (0, 0);
        let mut data: Option<Data> = None;
        while let Some(name) = map.next_key::<Cow<'de, str>>()? {
            match (name.as_ref(), kind.as_deref()) {
                ("type", _) => kind = Some(map.next_value()?),
                ("session_id", _) => session_id = Some(map.next_value()?),
                ("missed", _) => missed = Some(map.next_value()?),
                ("withheld", _) => withheld = map.next_value()?,
                ("before", _) => before = map.next_value()?,
                ("data", Some("events")) => data = Some(Data::Events(map.next_value()?)),
                ("data", Some("event")) => data = Some(Data::Event(map.next_value()?)),
                ("data", Some("sessions")) => data = Some(Data::Sessions(map.next_value()?)),
                ("data", Some("session_added" | "session_updated")) => data = Some(Data::Session(map.next_value()?)),
                ("data", _) => data = Some(Data::Unread(map.next_value()?)),
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        let kind = kind.ok_or_else(|| A::Error::missing_field("type"))?;
        let session_id = || session_id.ok_or_else(|| A::Error::missing_field("session_id"));
        Ok(match kind.as_ref() {
            "sessions" => WsMessage::Sessions(read(data, |data| match data {
                Data::Sessions(sessions) => Ok(sessions),
                other => Err(other),
            })?),
            "session_added" => WsMessage::SessionAdded(read(data, session)?),
            "session_updated" => WsMessage::SessionUpdated(read(data, session)?),
            "event" => WsMessage::Event {
                session_id: session_id()?,
                data: read(data, |data| match data {
                    Data::Event(line) => Ok(line),
                    other => Err(other),
                })?,
            },
            "events" => WsMessage::Events {
                session_id: session_id()?,
                data: read(data, |data| match data {
                    Data::Events(lines) => Ok(lines),
                    other => Err(other),
                })?,
            },
            "session_removed" => WsMessage::SessionRemoved {
                session_id: session_id()?,
            },
            "session_dismissed" => WsMessage::SessionDismissed {
                session_id: session_id()?,
            },
            "lagged" => WsMessage::Lagged {
                session_id: session_id()?,
                missed: missed.ok_or_else(|| A::Error::missing_field("missed"))?,
                withheld,
                before,
            },
            "mirror.sidebar.updated" => WsMessage::SidebarUpdated(read(data, Err)?),
            "mirror_updated" => WsMessage::MirrorUpdated,
            "me_updated" => WsMessage::MeUpdated,
            other => WsMessage::Other { kind: other.to_owned() },
        })
    }
}

fn session(data: Data) -> Result<Box<SessionSummary>, Data> {
    match data {
        Data::Session(session) => Ok(session),
        other => Err(other),
    }
}

fn read<T: DeserializeOwned, E: serde::de::Error>(
    data: Option<Data>,
    typed: impl FnOnce(Data) -> Result<T, Data>,
) -> Result<T, E> {
    match typed(data.ok_or_else(|| E::missing_field("data"))?) {
        Ok(read) => Ok(read),
        Err(Data::Unread(value)) => serde_json::from_value(value).map_err(E::custom),
        Err(_) => Err(E::custom("`data` is not of the shape that `type` calls for")),
    }
}
