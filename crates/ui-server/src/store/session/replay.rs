//! Session that comes from a record: it has no socket, has ended, and gives its name up to a session that runs.

use std::sync::Arc;

use mirrord_wire::{Exit, SessionEnd, SessionId};

use super::{Audience, Introduction, Session};
use crate::records::file::RecordFile;
use crate::scrub::RecordSource;

impl Session {
    /// Becomes the session of a record, which is yet to be read.
    pub(crate) fn replayed(&mut self, introduction: Introduction, record: Arc<RecordSource>, file: Arc<RecordFile>) {
        self.is_replay = true;
        self.record = Some(record);
        self.record_file = Some(file);
        self.socket = None;
        self.introduced(introduction);
    }

    /// Takes another name.
    pub(crate) fn rename(&mut self, id: SessionId) {
        self.info.session_id = id.to_string();
        self.id = id;
        self.publish();
    }

    /// The record was read: the session is over since its last event.
    pub(crate) fn end_replay(&mut self, how: SessionEnd, ended_ts: u64, exit: Option<Exit>, notes: Vec<String>) {
        self.info.exit = exit;
        self.notes = notes;
        self.end_at(how, ended_ts);
    }

    /// Returns its record and the number up to which lines after `after` are in its file alone; `None` where there are none.
    pub(crate) fn in_file(&self, after: u64, audience: Audience) -> Option<(Arc<RecordSource>, u64)> {
        let record = self.record.as_ref().filter(|_| audience == Audience::Desktop)?;
        let progress = record.progress();
        let first = progress.info.first_seq;
        let last = match self.ring.oldest() {
            0 => progress.info.last_seq,
            oldest => oldest - 1,
        };
        let is_there = first > 0 && after.saturating_add(1).max(first) <= last;
        is_there.then(|| (Arc::clone(record), last))
    }

    /// Notes that the file of its record is gone or has changed: events that are not kept here cannot be read any more.
    pub(crate) fn record_failed(&mut self) {
        let kept = match self.ring.oldest() {
            0 => "no event is kept".to_owned(),
            oldest => format!("events are kept from {oldest} on"),
        };
        self.notes.push(format!(
            "the record's file is gone or has changed since it was read: {kept}"
        ));
        self.publish();
    }
}
