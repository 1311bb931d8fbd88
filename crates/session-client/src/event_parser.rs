//! Parser of a session's event stream, in either dialect, without I/O.
//!
//! A line of our own protocol is checked and kept to the letter: unknown types and unknown fields pass as they came. A
//! released mirrord numbers nothing and stamps nothing, so its events are numbered and stamped here, and written once.

use std::time::{SystemTime, UNIX_EPOCH};

use mirrord_wire::session::MAX_SEQ;
use mirrord_wire::{Control, Counters, StreamLine, released};

use crate::batch::EventBatch;
use crate::error::ClientError;
use crate::limits::MAX_BAD_LINES;
use crate::line_splitter::{LineSplitter, StreamFormat};

/// Dialect of the session protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// Ours: NDJSON, numbered.
    Ours,
    /// A released mirrord's: Server-Sent Events, not numbered.
    Released,
}

impl Dialect {
    /// Returns the dialect of a session by the `protocol_version` in its `/info`; a released mirrord sends none (0).
    #[must_use]
    pub fn of(protocol_version: u32) -> Self {
        if protocol_version == 0 {
            Self::Released
        } else {
            Self::Ours
        }
    }
}

/// Parser of one stream.
#[derive(Debug)]
pub struct EventParser {
    dialect: Dialect,
    lines: LineSplitter,
    /// Number of the newest event. A released mirrord's events are numbered from here on.
    position: u64,
    /// Unreadable lines in a row.
    bad_lines: u32,
    /// Lines of the piece that was parsed last.
    batch: EventBatch,
}

impl EventParser {
    /// Creates a parser of a stream that begins after event number `since`.
    #[must_use]
    pub fn new(dialect: Dialect, since: u64) -> Self {
        let format = match dialect {
            Dialect::Ours => StreamFormat::Ndjson,
            Dialect::Released => StreamFormat::ServerSentEvents,
        };
        Self {
            dialect,
            lines: LineSplitter::new(format),
            position: since,
            bad_lines: 0,
            batch: EventBatch::default(),
        }
    }

    /// Returns the dialect of the stream.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Parses a piece of the stream, however it was divided, and returns the lines that are complete with it.
    ///
    /// # Errors
    /// More than [`MAX_BAD_LINES`] lines in a row are no events.
    pub fn push(&mut self, piece: &[u8]) -> Result<&mut EventBatch, ClientError> {
        let Self {
            dialect,
            lines,
            position,
            bad_lines,
            batch,
        } = self;
        batch.clear();
        lines.push(piece, |payload| {
            let parsed = match dialect {
                Dialect::Ours => parse_ours(payload, position, batch),
                Dialect::Released => parse_released(payload, position, batch),
            };
            match parsed {
                Ok(()) => *bad_lines = 0,
                Err(Unreadable) => {
                    *bad_lines = bad_lines.saturating_add(1);
                    batch.news.unreadable += 1;
                }
            }
        });
        batch.news.unreadable += lines.take_too_long();
        if *bad_lines > MAX_BAD_LINES {
            return Err(ClientError::NotAStream);
        }
        Ok(batch)
    }
}

/// Returns whether counters have every kind, and not the total alone.
fn is_complete(counters: &Counters) -> bool {
    let sum = counters
        .by_type
        .values()
        .fold(0_u64, |sum, count| sum.saturating_add(*count));
    sum == counters.total
}

/// Returns whether counters can be of so many events; implausible ones are not added to anything.
#[must_use]
pub fn is_plausible(counters: &Counters, missed: u64) -> bool {
    let by_name = counters.by_type.values().chain(counters.by_operation.values());
    let all = by_name.chain(counters.by_routing.values());
    counters.total <= missed && all.into_iter().all(|count| *count <= counters.total)
}

/// Payload that is no line of a stream.
struct Unreadable;

fn parse_ours(payload: &[u8], position: &mut u64, batch: &mut EventBatch) -> Result<(), Unreadable> {
    let text = std::str::from_utf8(payload).map_err(|_| Unreadable)?;
    match serde_json::from_str(text).map_err(|_| Unreadable)? {
        StreamLine::Event(line) if !(1..=MAX_SEQ).contains(&line.seq) => return Err(Unreadable),
        StreamLine::Event(line) => {
            *position = line.seq;
            batch.push(line, text.trim_ascii());
        }
        StreamLine::Control(Control::Lagged { missed, suppressed }) => {
            let suppressed = suppressed.filter(|counters| is_plausible(counters, missed));
            let is_counted = suppressed.as_ref().is_some_and(is_complete);
            batch.news.lagged |= !is_counted;
            batch.news.suppressed |= is_counted;
            *position = position.saturating_add(missed).min(MAX_SEQ);
            batch.push_lagged(*position, suppressed);
        }
        StreamLine::Control(_) => {}
    }
    Ok(())
}

fn parse_released(payload: &[u8], position: &mut u64, batch: &mut EventBatch) -> Result<(), Unreadable> {
    let text = std::str::from_utf8(payload).map_err(|_| Unreadable)?;
    let event = released::read(text).map_err(|_| Unreadable)?;
    let (line, text) = event.line(*position + 1, now_micros()).map_err(|_| Unreadable)?;
    batch.push(line, &text);
    *position += 1;
    Ok(())
}

/// Returns the time in microseconds since the Unix epoch; 0 where the clock is before it.
fn now_micros() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| u64::try_from(since.as_micros()).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use mirrord_wire::EventLine;

    use super::*;
    use crate::batch::{StreamItem, StreamNews};

    /// Texts of the events that a piece completes.
    fn texts(parser: &mut EventParser, piece: impl AsRef<[u8]>) -> Vec<String> {
        let text = |item| match item {
            StreamItem::Event(_, text) => Some(text.to_owned()),
            StreamItem::Lagged { .. } => None,
        };
        parser.push(piece.as_ref()).unwrap().iter().filter_map(text).collect()
    }

    #[test]
    fn our_lines_are_kept_to_the_letter() {
        let mut parser = EventParser::new(Dialect::Ours, 0);
        let lines = [
            r#"{"seq":1,"ts":5,"type":"DnsQuery","host":"db","new_field":{"b":1.50,"a":[]}}"#,
            r#"{ "ts": 6, "seq": 2, "type": "Teleported", "to": "\u0041" }"#,
        ];
        assert_eq!(texts(&mut parser, format!("{}\r\n{}\n", lines[0], lines[1])), lines);
        assert_eq!(parser.batch.news(), StreamNews::default());
    }

    #[test]
    fn a_stream_of_other_lines_is_an_error() {
        let mut parser = EventParser::new(Dialect::Ours, 0);
        for _ in 0..MAX_BAD_LINES {
            assert_eq!(parser.push(b"[1,2]\n").unwrap().news().unreadable, 1);
        }
        assert!(matches!(parser.push(b"\xff\xfe\n"), Err(ClientError::NotAStream)));
    }

    #[test]
    fn a_released_mirrord_is_numbered_and_stamped() {
        let mut parser = EventParser::new(Dialect::Released, 7);
        let mut lines = texts(
            &mut parser,
            "data: {\"type\":\"dns_query\",\"host\":\"db\"}\n\ndata: rubbish\n\n",
        );
        assert_eq!(parser.batch.news().unreadable, 1);
        let next = "data: {\"type\":\"file_op\",\"path\":null,\"operation\":\"read\"}\n\n";
        lines.extend(texts(&mut parser, next));
        let lines: Vec<EventLine> = serde_json::from_str(&format!("[{}]", lines.join(","))).unwrap();
        assert_eq!(lines.iter().map(|line| line.seq).collect::<Vec<_>>(), [8, 9]);
        assert!(lines.iter().all(|line| line.ts > 1_600_000_000_000_000));
        assert_eq!(lines[1].event().kind(), "FileOp");
    }
}
