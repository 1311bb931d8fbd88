//! Recorder: a record that is written as its session goes, with the number up to which it accounts for events.
//!
//! It knows no socket and no store: the reader of the session hands it events and gaps, has it flushed once in
//! [`FLUSH_INTERVAL`](crate::limits::FLUSH_INTERVAL), and finishes it.

use std::borrow::Cow;
use std::fs::File;
use std::io::Write;

use mirrord_wire::record::{EndReason, RecordEnd};
use mirrord_wire::{Counters, EventLine, Exit};

use crate::error::RecordError;
use crate::writer::RecordWriter;

/// Record of a session that goes on.
pub struct SessionRecorder<W: Write = File> {
    writer: RecordWriter<W>,
    position: u64,
    unreadable: u64,
    is_flushed: bool,
}

impl<W: Write> SessionRecorder<W> {
    /// Creates the recorder of a record that has its header.
    #[must_use]
    pub fn new(writer: RecordWriter<W>) -> Self {
        Self {
            writer,
            position: 0,
            unreadable: 0,
            is_flushed: true,
        }
    }

    /// Returns the number up to which events are in the record, or are known to be missing.
    #[must_use]
    pub fn position(&self) -> u64 {
        self.position
    }

    /// Returns the number of events so far.
    #[must_use]
    pub fn events(&self) -> u64 {
        self.writer.events()
    }

    /// Returns the number of events that are missing so far.
    #[must_use]
    pub fn missed(&self) -> u64 {
        self.writer.missed()
    }

    /// Writes an event's line, as it came.
    ///
    /// # Errors
    /// The file cannot be written to.
    pub fn event(&mut self, seq: u64, line: &str) -> Result<(), RecordError> {
        self.writer.event(line)?;
        (self.position, self.is_flushed) = (seq, false);
        Ok(())
    }

    /// Writes that the events up to a number are missing; `suppressed` counts those that the session suppressed on purpose.
    ///
    /// # Errors
    /// The file cannot be written to.
    pub fn gap(&mut self, to: u64, suppressed: Option<Counters>) -> Result<(), RecordError> {
        let missed = to.saturating_sub(self.position);
        if missed > 0 {
            self.writer.lagged(missed, suppressed)?;
            (self.position, self.is_flushed) = (to, false);
        }
        Ok(())
    }

    /// Counts lines of the session that could not be read.
    pub fn unreadable(&mut self, lines: u64) {
        self.unreadable = self.unreadable.saturating_add(lines);
    }

    /// Hands everything to the file, where anything was written since.
    ///
    /// # Errors
    /// The file cannot be written to.
    pub fn flush(&mut self) -> Result<(), RecordError> {
        if !std::mem::replace(&mut self.is_flushed, true) {
            self.writer.flush()?;
        }
        Ok(())
    }

    /// Writes the closing line.
    ///
    /// # Errors
    /// The file cannot be written to.
    pub fn finish(self, reason: EndReason, ended_at: String, exit: Option<Exit>) -> Result<RecordEnd, RecordError> {
        let mut end = RecordEnd::new(reason);
        (end.unreadable, end.ended_at, end.exit) = (self.unreadable, ended_at, exit);
        self.writer.finish(end)
    }
}

/// Removes the values of environment variables from an event's line; `None` of a line that may have some and is no event.
#[must_use]
pub fn line_without_values(text: &str) -> Option<Cow<'_, str>> {
    // The type may be written with escapes. Any other line has no values, and is not parsed.
    if !text.contains("EnvVar") && !text.contains("\\u") {
        return Some(Cow::Borrowed(text));
    }
    let line: EventLine = serde_json::from_str(text).ok()?;
    if !line.has_values() {
        return Some(Cow::Borrowed(text));
    }
    serde_json::to_string(&line.without_values()).ok().map(Cow::Owned)
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use mirrord_wire::SessionInfo;
    use mirrord_wire::record::RecordHeader;

    use super::*;

    #[test]
    fn values_go_however_their_type_is_written_and_everything_else_stays_to_the_letter() {
        for kind in ["EnvVar", "\\u0045nvVar"] {
            let line = format!(r#"{{"seq":1,"ts":1,"type":"{kind}","vars":[["KEY","s3cret"]]}}"#);
            let shown = line_without_values(&line).unwrap();
            assert!(!shown.contains("s3cret") && shown.contains("KEY"), "{shown}");
        }
        for line in [
            r#"{"seq":1,"ts":1,"type":"DnsQuery","host":"EnvVar","x":1.50}"#,
            r#"{"seq":1,"ts":1,"type":"DnsQuery","host":"a\u0020b"}"#,
            "no event",
        ] {
            assert_eq!(line_without_values(line).as_deref(), Some(line));
        }
        assert_eq!(line_without_values("EnvVar s3cret"), None);
    }

    #[test]
    fn what_is_missing_is_counted_once() {
        let header = RecordHeader::new(SessionInfo::default());
        let mut file = Vec::new();
        let writer = RecordWriter::new(&mut file, false, PathBuf::from("test"), &header).unwrap();
        let mut recorder = SessionRecorder::new(writer);
        recorder.gap(3, None).unwrap();
        recorder.gap(3, None).unwrap();
        recorder
            .event(4, r#"{"seq":4,"ts":1,"type":"DnsQuery","host":"db"}"#)
            .unwrap();
        assert_eq!((recorder.position(), recorder.events(), recorder.missed()), (4, 1, 3));
        recorder.unreadable(2);
        let end = recorder.finish(EndReason::Ended, String::new(), None).unwrap();
        assert_eq!((end.events, end.missed, end.unreadable), (1, 3, 2));
    }
}
