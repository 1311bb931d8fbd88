//! Lines of `/events`: an event or a control line, read in any order of fields.

use std::borrow::Cow;

use serde::de::{Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::connections::ListenerUpdate;
use super::counters::Counters;
use super::decision::DecisionDetail;
use super::event::{ConnectionUpdate, EventLine, Exit, MonitorEvent, Observation};
use super::json::Fields;

/// A line of `/events` that is not an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum Control {
    /// Events are missing to this reader, here.
    Lagged {
        /// Number of missing events, whatever the reason.
        missed: u64,
        /// Counters of those that the session suppressed on purpose (its policy): nothing is lost then. Written as `withheld`,
        /// the only name that earlier readers know.
        /// The total says how many of `missed` it speaks of, and is always known; the kinds are where they still are.
        #[serde(
            rename = "withheld",
            alias = "suppressed",
            default,
            skip_serializing_if = "Option::is_none"
        )]
        suppressed: Option<Counters>,
    },
    /// Nothing has happened for 15 s.
    Heartbeat {
        /// The number of the newest event.
        seq: u64,
    },
}

/// Any line of `/events`.
#[derive(Debug, Clone, PartialEq)]
pub enum StreamLine {
    /// An event.
    Event(EventLine),
    /// A control line.
    Control(Control),
}

impl Serialize for StreamLine {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Event(line) => line.serialize(serializer),
            Self::Control(control) => control.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for EventLine {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match StreamLine::deserialize(deserializer)? {
            StreamLine::Event(line) => Ok(line),
            StreamLine::Control(_) => Err(D::Error::custom("a control line stands where an event was expected")),
        }
    }
}

impl<'de> Deserialize<'de> for StreamLine {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(LineVisitor)
    }
}

struct LineVisitor;

impl<'de> Visitor<'de> for LineVisitor {
    type Value = StreamLine;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("an event line")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<StreamLine, A::Error> {
        let mut kind: Option<String> = None;
        let (mut seq, mut ts) = (0, 0);
        let mut fields = Vec::with_capacity(4);
        while let Some(name) = map.next_key::<Cow<'de, str>>()? {
            match name.as_ref() {
                "type" => kind = Some(map.next_value()?),
                "seq" => seq = map.next_value()?,
                "ts" => ts = map.next_value()?,
                _ => fields.push((name.into_owned(), map.next_value()?)),
            }
        }
        let kind = kind.ok_or_else(|| A::Error::missing_field("type"))?;
        let fields = Fields::new(fields);
        let control = match kind.as_str() {
            "Lagged" => fields.number("missed").map(|missed| Control::Lagged {
                missed,
                suppressed: fields.parse("suppressed").or_else(|| fields.parse("withheld")),
            }),
            "Heartbeat" => Some(Control::Heartbeat { seq }),
            _ => None,
        };
        Ok(match control {
            Some(control) => StreamLine::Control(control),
            None => StreamLine::Event(EventLine {
                seq,
                ts,
                observation: observation(kind, fields),
            }),
        })
    }
}

/// Builds the observation from a line's fields; what does not fit stays as it came.
pub(crate) fn observation(kind: String, fields: Fields) -> Observation {
    let Some(event) = known(&kind, &fields) else {
        let pid = fields.number("pid");
        return Observation {
            pid,
            ..MonitorEvent::Unknown {
                kind,
                fields: fields.into_inner(),
            }
            .into()
        };
    };
    let detail = detail(&event, &fields);
    Observation {
        event,
        detail,
        pid: fields.number("pid"),
        outcome: fields.parse("outcome"),
        routing: fields.parse("routing"),
        rule: fields.text("rule").map(Cow::Owned),
        root: fields.text("root").map(Cow::Owned),
    }
}

fn detail(event: &MonitorEvent, fields: &Fields) -> Option<Box<DecisionDetail>> {
    let is_file = matches!(event, MonitorEvent::FileOp { .. });
    let is_dns = matches!(event, MonitorEvent::DnsQuery { .. });
    let is_connection = matches!(event, MonitorEvent::OutgoingConnection { .. });
    let detail = DecisionDetail {
        passed: fields.text("passed").filter(|_| is_file),
        write: is_file && fields.parse("write").unwrap_or_default(),
        port: fields.number("port").filter(|_| is_dns),
        sendto: is_connection && fields.parse("sendto").unwrap_or_default(),
        depends_on: fields.parse("depends_on").unwrap_or_default(),
        unhooked: fields.parse("unhooked"),
        by_loader: false,
    };
    (detail != DecisionDetail::default()).then(|| Box::new(detail))
}

fn connection_update(fields: &Fields) -> Option<ConnectionUpdate> {
    Some(ConnectionUpdate {
        protocol: Cow::Owned(fields.text("protocol")?),
        direction: fields.parse("direction")?,
        local: fields.text("local")?,
        remote: fields.text("remote")?,
        state: Cow::Owned(fields.text("state")?),
        bytes_in: fields.parse("bytes_in"),
        bytes_out: fields.parse("bytes_out"),
        rtt_us: fields.parse("rtt_us"),
        duration_us: fields.parse("duration_us"),
    })
}

/// The event of a known type, or `None` where the type is unknown or a field is missing or of another shape.
fn known(kind: &str, fields: &Fields) -> Option<MonitorEvent> {
    Some(match kind {
        "FileOp" => MonitorEvent::FileOp {
            path: if fields.is_absent("path") {
                None
            } else {
                Some(fields.text("path")?)
            },
            operation: Cow::Owned(fields.text("operation")?),
        },
        "DnsQuery" => MonitorEvent::DnsQuery {
            host: fields.text("host")?,
        },
        "OutgoingConnection" => MonitorEvent::OutgoingConnection {
            address: fields.text("address")?,
            port: if fields.is_absent("port") {
                0
            } else {
                fields.number("port")?
            },
            protocol: fields.text("protocol").map(Cow::Owned),
        },
        "PortSubscription" => MonitorEvent::PortSubscription {
            port: fields.number("port")?,
            mode: Cow::Owned(fields.text("mode")?),
            filter: fields.text("filter"),
            address: fields.text("address"),
        },
        "EnvVar" => MonitorEvent::EnvVar {
            vars: fields.pairs("vars")?,
        },
        "LayerConnected" => MonitorEvent::LayerConnected {
            pid: fields.number("pid")?,
            parent_pid: fields.number("parent_pid"),
            process_name: fields.text("process_name"),
            cmdline: fields.parse("cmdline").unwrap_or_default(),
            cwd: fields.text("cwd"),
        },
        "ConnectionUpdate" => MonitorEvent::ConnectionUpdate(Box::new(connection_update(fields)?)),
        "ListenerUpdate" => MonitorEvent::ListenerUpdate(Box::new(ListenerUpdate::read(fields)?)),
        "LayerDisconnected" => MonitorEvent::LayerDisconnected {
            pid: fields.number("pid")?,
            exit: Exit {
                code: fields.parse("exit_code"),
                signal: fields.text("signal").map(Cow::Owned),
            },
        },
        "IncomingRequest" => MonitorEvent::IncomingRequest {
            method: fields.text("method")?,
            path: fields.text("path")?,
            host: fields.text("host")?,
        },
        _ => return None,
    })
}
