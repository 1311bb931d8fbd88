//! Representations of a line of `/events`: NDJSON, Server-Sent Events, or the Server-Sent Events of a released mirrord.
//!
//! An event's JSON is made elsewhere; this only wraps it. Nothing is parsed and nothing can fail here.

use std::io::Write;

use mirrord_wire::{EventLine, MonitorEvent, Outcome, released};

use crate::event_json;
use crate::record::Stamped;

/// The representation that a reader asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ResponseFormat {
    /// One JSON object a line.
    Ndjson,
    /// Server-Sent Events: the number is the id, so that a browser resumes by itself.
    ServerSent,
    /// Server-Sent Events as a released mirrord sends them: its dialect, and no ids. Everything else is a comment, since
    /// its page takes each message for an event of a type that it knows.
    Released,
}

impl ResponseFormat {
    pub(crate) fn content_type(self) -> &'static str {
        match self {
            Self::Ndjson => "application/x-ndjson",
            Self::ServerSent | Self::Released => "text/event-stream",
        }
    }

    /// An event.
    pub(crate) fn event(self, out: &mut Vec<u8>, stamped: Stamped<'_>) {
        if self == Self::Released {
            return released_event(out, stamped);
        }
        if self == Self::ServerSent {
            append(out, format_args!("id: {}\ndata: ", stamped.seq));
        }
        event_json::write(out, stamped);
        if self == Self::ServerSent {
            out.push(b'\n');
        }
    }

    /// `missed` events up to the number `last` are lost to this reader. The id lets a browser resume behind the gap.
    pub(crate) fn lagged(self, out: &mut Vec<u8>, missed: u64, last: u64) {
        match self {
            Self::Ndjson => append(out, format_args!("{{\"type\":\"Lagged\",\"missed\":{missed}}}\n")),
            Self::ServerSent => append(
                out,
                format_args!("id: {last}\nevent: lagged\ndata: {{\"type\":\"Lagged\",\"missed\":{missed}}}\n\n"),
            ),
            Self::Released => append(out, format_args!(": {missed} missed\n\n")),
        }
    }

    /// A line that accounts for suppressed events up to the number `last`; it ends in a newline.
    pub(crate) fn suppressed(self, out: &mut Vec<u8>, last: u64, line: &[u8]) {
        if self == Self::Released {
            return out.extend_from_slice(b": some suppressed\n\n");
        }
        if self == Self::ServerSent {
            append(out, format_args!("id: {last}\nevent: lagged\ndata: "));
        }
        out.extend_from_slice(line);
        if self == Self::ServerSent {
            out.push(b'\n');
        }
    }

    /// The newest event is `seq`, and the reader has it.
    pub(crate) fn heartbeat(self, out: &mut Vec<u8>, seq: u64) {
        match self {
            Self::Ndjson => append(out, format_args!("{{\"type\":\"Heartbeat\",\"seq\":{seq}}}\n")),
            Self::ServerSent | Self::Released => append(out, format_args!(": heartbeat {seq}\n\n")),
        }
    }
}

/// Writes nothing for an event that a released mirrord has no type for.
fn released_event(out: &mut Vec<u8>, stamped: Stamped<'_>) {
    // A released page takes every port for one that is subscribed to.
    let is_shown = |line: &EventLine| {
        !matches!(line.event(), MonitorEvent::PortSubscription { .. })
            || line.observation.outcome != Some(Outcome::Failed)
    };
    let event = stamped.event().filter(is_shown);
    if let Some(json) = event.and_then(|line| released::to_json(line.event())) {
        append(out, format_args!("data: {json}\n\n"));
    }
}

fn append(out: &mut Vec<u8>, text: std::fmt::Arguments<'_>) {
    // Writing to memory cannot fail.
    let _ = out.write_fmt(text);
}

#[cfg(test)]
mod tests {
    use mirrord_wire::{Control, StreamLine};

    use super::*;
    use crate::record::{self, Record};

    fn written(write: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        write(&mut out);
        String::from_utf8(out).unwrap()
    }

    /// Writes a look-up with the number 41.
    fn dns_query(format: ResponseFormat, out: &mut Vec<u8>) {
        let bytes = record::written(&MonitorEvent::DnsQuery { host: "db".to_owned() }.into());
        let (record, _) = Record::split(&bytes).unwrap();
        format.event(out, record.stamped(41, 7));
    }

    #[test]
    fn control_lines_are_the_wires_own() {
        let lagged = written(|out| ResponseFormat::Ndjson.lagged(out, 7, 9));
        let parsed: StreamLine = serde_json::from_str(&lagged).unwrap();
        assert_eq!(
            parsed,
            StreamLine::Control(Control::Lagged {
                missed: 7,
                suppressed: None
            })
        );
        let heartbeat = written(|out| ResponseFormat::Ndjson.heartbeat(out, 41));
        let parsed: StreamLine = serde_json::from_str(&heartbeat).unwrap();
        assert_eq!(parsed, StreamLine::Control(Control::Heartbeat { seq: 41 }));
    }

    #[test]
    fn server_sent_events_carry_the_number_as_their_id() {
        let event = written(|out| dns_query(ResponseFormat::ServerSent, out));
        assert_eq!(
            event,
            "id: 41\ndata: {\"seq\":41,\"ts\":7,\"type\":\"DnsQuery\",\"host\":\"db\"}\n\n"
        );
        let lagged = written(|out| ResponseFormat::ServerSent.lagged(out, 7, 9));
        assert_eq!(
            lagged,
            "id: 9\nevent: lagged\ndata: {\"type\":\"Lagged\",\"missed\":7}\n\n"
        );
        assert_eq!(
            written(|out| ResponseFormat::ServerSent.heartbeat(out, 9)),
            ": heartbeat 9\n\n"
        );
    }

    #[test]
    fn a_released_reader_gets_its_own_dialect_and_comments_for_the_rest() {
        assert_eq!(
            written(|out| dns_query(ResponseFormat::Released, out)),
            "data: {\"type\":\"dns_query\",\"host\":\"db\"}\n\n"
        );
        let others = [
            written(|out| ResponseFormat::Released.lagged(out, 7, 9)),
            written(|out| ResponseFormat::Released.suppressed(out, 9, b"{}\n")),
            written(|out| ResponseFormat::Released.heartbeat(out, 9)),
        ];
        for other in others {
            assert!(other.starts_with(": ") && other.ends_with("\n\n"), "{other:?}");
        }
    }
}
