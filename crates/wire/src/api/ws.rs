//! The messages of the WebSocket of `mirrord ui`: one JSON text each.
//!
//! Written with `type` first, then `session_id`, then `data`. Read in any order; in this one without a detour, because
//! the page reads tens of thousands of events a second.

use std::borrow::Cow;

use serde::de::{DeserializeOwned, Error as _, IgnoredAny, MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use super::sessions::SessionSummary;
use crate::lenient::{self, Unreadable};
use crate::mirror::Sidebar;
use crate::session::EventLine;

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
        /// Number of missing events, whatever the reason.
        missed: u64,
        /// Those that the session suppressed on purpose, and has in its counters: not lost. Absent, none.
        suppressed: u64,
        /// Those from before the server attached, which were no longer kept: not lost. Absent, none.
        before: u64,
    },
    /// The desktop's list of sessions has another order, other pins or another selection.
    SidebarUpdated(Box<Sidebar>),
    /// The mirror's status, its devices or its log changed: `GET /api/mirror` has it. Sent to the desktop alone.
    MirrorUpdated,
    /// A device's permissions or its name changed: `GET /api/me` has them. Sent to devices alone, to all of them.
    MeUpdated,
    /// A message of a type that this version does not know; to be ignored.
    Other {
        /// The `type` as it came.
        kind: String,
    },
}

impl WsMessage {
    /// Parses a message that is not of events: those are an error. For the page, which parses events by itself and is
    /// smaller without this crate's parser of them.
    ///
    /// # Errors
    /// [`Unreadable`], for a text that is no such message.
    pub fn read_without_events(text: &str) -> Result<Self, Unreadable> {
        lenient::from_json::<Fields>(text)?.message()
    }

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
                suppressed,
                before,
            } => {
                map.serialize_entry("session_id", session_id)?;
                map.serialize_entry("missed", missed)?;
                if *suppressed > 0 {
                    map.serialize_entry("suppressed", suppressed)?;
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

/// The fields of a message.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Fields {
    #[serde(rename = "type")]
    kind: Option<String>,
    session_id: Option<String>,
    missed: Option<u64>,
    #[serde(alias = "withheld")]
    suppressed: u64,
    before: u64,
    data: Option<Value>,
}

fn missing<T, E: serde::de::Error>(field: Option<T>, name: &'static str) -> Result<T, E> {
    field.ok_or_else(|| E::missing_field(name))
}

impl Fields {
    /// The message, unless it is of events.
    fn message(self) -> Result<WsMessage, Unreadable> {
        let session_id = missing(self.session_id, "session_id");
        let data = missing(self.data, "data");
        let kind: String = missing(self.kind, "type")?;
        Ok(match kind.as_str() {
            "sessions" => WsMessage::Sessions(lenient::from_value(data?)?),
            "session_added" => WsMessage::SessionAdded(lenient::from_value(data?)?),
            "session_updated" => WsMessage::SessionUpdated(lenient::from_value(data?)?),
            "session_removed" => WsMessage::SessionRemoved {
                session_id: session_id?,
            },
            "session_dismissed" => WsMessage::SessionDismissed {
                session_id: session_id?,
            },
            "lagged" => WsMessage::Lagged {
                session_id: session_id?,
                missed: missing(self.missed, "missed")?,
                suppressed: self.suppressed,
                before: self.before,
            },
            "mirror.sidebar.updated" => WsMessage::SidebarUpdated(lenient::from_value(data?)?),
            "mirror_updated" => WsMessage::MirrorUpdated,
            "me_updated" => WsMessage::MeUpdated,
            "event" | "events" => return Err(Unreadable),
            _ => WsMessage::Other { kind },
        })
    }
}

/// `data` of a message of events.
enum Events {
    One(Box<EventLine>),
    Many(Vec<EventLine>),
}

struct MessageVisitor;

impl<'de> Visitor<'de> for MessageVisitor {
    type Value = WsMessage;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("a message of the WebSocket")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<WsMessage, A::Error> {
        let mut fields = Fields::default();
        let mut events: Option<Events> = None;
        while let Some(name) = map.next_key::<Cow<'de, str>>()? {
            match (name.as_ref(), fields.kind.as_deref()) {
                ("type", _) => fields.kind = Some(map.next_value()?),
                ("session_id", _) => fields.session_id = Some(map.next_value()?),
                ("missed", _) => fields.missed = Some(map.next_value()?),
                ("suppressed" | "withheld", _) => fields.suppressed = map.next_value()?,
                ("before", _) => fields.before = map.next_value()?,
                ("data", Some("events")) => events = Some(Events::Many(map.next_value()?)),
                ("data", Some("event")) => events = Some(Events::One(map.next_value()?)),
                ("data", _) => fields.data = Some(map.next_value()?),
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        let (one, many) = match events {
            Some(Events::One(line)) => (Some(line), None),
            Some(Events::Many(lines)) => (None, Some(lines)),
            None => (None, None),
        };
        match fields.kind.as_deref() {
            Some("event") => Ok(WsMessage::Event {
                session_id: missing(fields.session_id, "session_id")?,
                data: typed_or_read(one, fields.data)?,
            }),
            Some("events") => Ok(WsMessage::Events {
                session_id: missing(fields.session_id, "session_id")?,
                data: typed_or_read(many, fields.data)?,
            }),
            _ => fields.message().map_err(A::Error::custom),
        }
    }
}

/// `data` as it was read, or from where it came before `type`.
fn typed_or_read<T: DeserializeOwned, E: serde::de::Error>(typed: Option<T>, data: Option<Value>) -> Result<T, E> {
    match typed {
        Some(data) => Ok(data),
        None => serde_json::from_value(missing(data, "data")?).map_err(E::custom),
    }
}
