//! A message of the WebSocket. Events stay in its text, and are read one by one by who takes them.

use std::borrow::Cow;

use super::json::{Json, Raw};
use super::line::{Line, StreamLine};
use super::types::{Read, Told};

/// One message.
#[derive(Debug, Clone)]
pub enum Message<'a> {
    /// Every session, sent first.
    Sessions(Vec<Told>),
    /// A session appeared.
    Added(Box<Told>),
    /// A session changed.
    Updated(Box<Told>),
    /// A session ended.
    Removed(Cow<'a, str>),
    /// Nothing is kept of a session any more.
    Dismissed(Cow<'a, str>),
    /// Events of a session.
    Events(Cow<'a, str>, Lines<'a>),
    /// Events of a session are missing here.
    Lagged {
        /// Whose.
        session_id: Cow<'a, str>,
        /// How many.
        missed: u64,
        /// How many of them the session withheld on purpose.
        withheld: u64,
        /// How many of them are from before the server attached, and were kept no more: history.
        before: u64,
    },
    /// A message of another type, and its `data`.
    Other(Cow<'a, str>, Option<Raw<'a>>),
}

/// Event lines that are still to be read.
#[derive(Debug, Clone)]
pub struct Lines<'a> {
    json: Json<'a>,
    /// An array, and not a single line.
    many: bool,
}

impl<'a> Lines<'a> {
    /// Gives every event. Whether all could be read: behind one that could not, nothing can.
    #[must_use]
    pub fn each(mut self, take: &mut dyn FnMut(&Line<'a>)) -> bool {
        let one = &mut |json: &mut Json<'a>| {
            if let StreamLine::Event(line) = StreamLine::take(json)? {
                take(&line);
            }
            Some(())
        };
        let read = if self.many {
            self.json.array(one)
        } else {
            one(&mut self.json)
        };
        read.is_some()
    }
}

impl<'a> Message<'a> {
    /// Reads a message; `None` where it is none.
    #[must_use]
    pub fn read(text: &'a str) -> Option<Self> {
        let mut json = Json::new(text);
        let (mut kind, mut session, mut data) = (None, None, None);
        let (mut missed, mut withheld, mut before) = (None, 0, 0);
        // Where events end, the message does: it is not passed over first, to be read again.
        let mut events = None;
        let read = json.object(&mut |name, json| {
            match name {
                "type" => kind = Some(json.string()?),
                "session_id" => session = Some(json.string()?),
                "missed" => missed = Some(json.number()?),
                "withheld" => withheld = json.number()?,
                "before" => before = json.number()?,
                "data" => {
                    let many = kind.as_deref() == Some("events");
                    if session.is_some() && (many || kind.as_deref() == Some("event")) {
                        events = Some(Lines {
                            json: json.clone(),
                            many,
                        });
                        return None;
                    }
                    data = Some(json.skip()?);
                }
                _ => drop(json.skip()?),
            }
            Some(())
        });
        if let (Some(session), Some(lines)) = (session.clone(), events) {
            return Some(Self::Events(session, lines));
        }
        read.filter(|()| json.is_at_end())?;
        let kind = kind?;
        Some(match kind.as_ref() {
            "sessions" => Self::Sessions(whole(data)?),
            "session_added" => Self::Added(whole(data)?),
            "session_updated" => Self::Updated(whole(data)?),
            "session_removed" => Self::Removed(session?),
            "session_dismissed" => Self::Dismissed(session?),
            "lagged" => Self::Lagged {
                session_id: session?,
                missed: missed?,
                withheld,
                before,
            },
            "event" | "events" => {
                let lines = Lines {
                    json: data?.json(),
                    many: kind == "events",
                };
                Self::Events(session?, lines)
            }
            _ => Self::Other(kind, data),
        })
    }
}

fn whole<T: Read + Default>(data: Option<Raw<'_>>) -> Option<T> {
    let mut value = T::default();
    value.read(&mut data?.json())?;
    Some(value)
}

impl<T: Read> Read for Box<T> {
    fn read(&mut self, json: &mut Json<'_>) -> Option<()> {
        (**self).read(json)
    }
}

#[cfg(test)]
mod tests {
    use mirrord_wire::{EventLine, SessionSummary, WsMessage};

    use super::*;

    /// Both readings of a message in one form.
    fn ours(text: &str) -> Option<String> {
        let message = Message::read(text)?;
        Some(match message {
            Message::Sessions(all) => {
                let all: Vec<_> = all.iter().map(|one| &one.summary).collect();
                format!("sessions {}", serde_json::to_string(&all).unwrap())
            }
            Message::Added(one) => format!("added {}", serde_json::to_string(&one.summary).unwrap()),
            Message::Updated(one) => format!("updated {}", serde_json::to_string(&one.summary).unwrap()),
            Message::Removed(id) => format!("removed {id}"),
            Message::Dismissed(id) => format!("dismissed {id}"),
            Message::Lagged {
                session_id,
                missed,
                withheld,
                before,
            } => format!("lagged {session_id} {missed} {withheld} {before}"),
            Message::Other(kind, _) => format!("other {kind}"),
            Message::Events(id, lines) => {
                let mut out = format!("events {id}");
                let all = lines.each(&mut |line| {
                    let same: EventLine = serde_json::from_str(line.text).unwrap();
                    out.push_str(&serde_json::to_string(&same).unwrap());
                });
                all.then_some(out)?
            }
        })
    }

    /// A summary without the fields that this version does not know, which the page has no use for.
    fn without_extra(mut summary: SessionSummary) -> SessionSummary {
        summary.extra.clear();
        summary
    }

    fn theirs(text: &str) -> Option<String> {
        let write = |line: &EventLine| serde_json::to_string(line).unwrap();
        Some(match serde_json::from_str(text).ok()? {
            WsMessage::Sessions(all) => {
                let all: Vec<_> = all.into_iter().map(without_extra).collect();
                format!("sessions {}", serde_json::to_string(&all).unwrap())
            }
            WsMessage::SessionAdded(one) => format!("added {}", serde_json::to_string(&without_extra(*one)).unwrap()),
            WsMessage::SessionUpdated(one) => {
                format!("updated {}", serde_json::to_string(&without_extra(*one)).unwrap())
            }
            WsMessage::SessionRemoved { session_id } => format!("removed {session_id}"),
            WsMessage::SessionDismissed { session_id } => format!("dismissed {session_id}"),
            WsMessage::Lagged {
                session_id,
                missed,
                withheld,
                before,
            } => format!("lagged {session_id} {missed} {withheld} {before}"),
            WsMessage::Event { session_id, data } => format!("events {session_id}{}", write(&data)),
            WsMessage::Events { session_id, data } => {
                format!("events {session_id}{}", data.iter().map(write).collect::<String>())
            }
            other => format!("other {}", other.kind()),
        })
    }

    #[test]
    fn every_message_is_read_as_the_wire_reads_it() {
        let goldens = include_str!("../../../wire/tests/golden/ws.ndjson");
        for text in goldens.lines() {
            assert_eq!(ours(text), theirs(text), "{text}");
        }
        assert!(goldens.lines().count() > 8);
    }

    #[test]
    fn fields_in_another_order_make_the_same_message() {
        let text = r#" {"data":[{"type":"DnsQuery","seq":3,"host":"a\n"},{"seq":4,"ts":5,"type":"X"}],"new":{"a":[]},"session_id":"b","type":"events"} "#;
        assert_eq!(ours(text), theirs(text));
        assert!(ours(text).is_some());
    }

    #[test]
    fn what_is_no_message_is_refused() {
        let texts = [
            "",
            "{}",
            "[]",
            "{\"type\":1}",
            "{\"type\":\"events\"}",
            "{\"type\":\"event\",\"session_id\":\"a\",\"data\":{\"seq\":1}}",
            "{\"type\":\"lagged\",\"session_id\":\"a\"}",
            "{\"type\":\"lagged\",\"session_id\":\"a\",\"missed\":-1}",
            "{\"type\":\"sessions\",\"data\":{}}",
            "{\"type\":\"sessions\"}",
            "{\"type\":\"session_removed\"}",
            "{\"type\":\"events\",\"session_id\":\"a\",\"data\":[{\"seq\":1,\"type\":\"X\"},",
            "{\"type\":\"x\"} x",
        ];
        for text in texts {
            assert_eq!((ours(text), theirs(text)), (None, None), "{text}");
        }
    }
}
