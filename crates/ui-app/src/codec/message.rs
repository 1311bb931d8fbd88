//! A message of the WebSocket. Events stay in its text, and are parsed one by one as they are taken; any other message
//! is read with serde.

use std::borrow::Cow;

use mirrord_wire::WsMessage;

use super::json::Json;
use super::line::{Line, StreamLine};

/// One message.
#[derive(Debug, Clone)]
pub enum Message<'a> {
    /// Events of a session.
    Events(Cow<'a, str>, Lines<'a>),
    /// Any other message.
    Other(WsMessage),
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
    /// Parses a message; `None` if it is not one.
    #[must_use]
    pub fn read(text: &'a str) -> Option<Self> {
        if let Some((session_id, lines)) = events(text) {
            return Some(Self::Events(session_id, lines));
        }
        WsMessage::read_without_events(text).ok().map(Self::Other)
    }
}

/// The session and the events of a text, if it is a message of events. A message of another type is left at its `type`.
fn events(text: &str) -> Option<(Cow<'_, str>, Lines<'_>)> {
    let mut json = Json::new(text);
    let (mut many, mut session, mut data) = (None, None, None);
    let mut at_data = None;
    let read = json.object(&mut |name, json| {
        match (name, many, &session) {
            ("type", ..) => {
                many = Some(match json.string()?.as_ref() {
                    "events" => true,
                    "event" => false,
                    _ => return None,
                });
            }
            ("session_id", ..) => session = Some(json.string()?),
            ("data", Some(many), Some(_)) => {
                // Where events end, the message does: they are not skipped first, to be read again.
                at_data = Some(Lines {
                    json: json.clone(),
                    many,
                });
                return None;
            }
            ("data", ..) => data = Some(json.skip()?),
            _ => drop(json.skip()?),
        }
        Some(())
    });
    if let Some(lines) = at_data {
        return Some((session?, lines));
    }
    read.filter(|()| json.is_at_end())?;
    let (many, json) = (many?, data?.json());
    Some((session?, Lines { json, many }))
}

#[cfg(test)]
mod tests {
    use mirrord_wire::EventLine;

    use super::*;

    /// Both readings of a message in one form.
    fn ours(text: &str) -> Option<String> {
        let message = Message::read(text)?;
        Some(match message {
            Message::Other(message) => serde_json::to_string(&message).unwrap(),
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

    fn theirs(text: &str) -> Option<String> {
        let write = |line: &EventLine| serde_json::to_string(line).unwrap();
        Some(match serde_json::from_str(text).ok()? {
            WsMessage::Event { session_id, data } => format!("events {session_id}{}", write(&data)),
            WsMessage::Events { session_id, data } => {
                format!("events {session_id}{}", data.iter().map(write).collect::<String>())
            }
            other => serde_json::to_string(&other).unwrap(),
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
