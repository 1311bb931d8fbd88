//! Session that comes from a record: it has no socket, has ended, and gives its name up to a session that runs.

use mirrord_wire::{Exit, SessionEnd, SessionId};

use super::{Introduction, Session};

impl Session {
    /// Becomes the session of a record, which is yet to be read.
    pub(crate) fn replayed(&mut self, introduction: Introduction) {
        self.is_replay = true;
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
        let left_out = self.ring.oldest().saturating_sub(1 + self.before);
        if left_out > 0 {
            let events = "events at the beginning of the record are left out, which are counted alone";
            self.notes.push(format!("{left_out} {events}"));
        }
        self.end_at(how, ended_ts);
    }
}
