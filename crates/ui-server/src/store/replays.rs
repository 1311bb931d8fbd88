//! Sessions of records in the store: each has a name that no other session has, and gives it up to one that runs.

use std::sync::Arc;

use mirrord_wire::{Exit, SessionDetail, SessionEnd, SessionId};

use super::lines::{NextLines, PreviousLines};
use super::ring::Place;
use super::{Audience, Checkpoint, Introduction, Key, Session, Sessions, Store};
use crate::limits;
use crate::mirror::redact;
use crate::records::file::RecordFile;
use crate::scrub::RecordSource;

impl Store {
    /// Takes in the session of a record, under a name that no other session has; returns that name.
    pub(crate) fn replay(
        &self,
        id: &SessionId,
        introduction: Introduction,
        record: &Arc<RecordSource>,
        file: Arc<RecordFile>,
    ) -> SessionId {
        let id = self.lock().replay(id, introduction, record, file);
        self.notify();
        id
    }

    /// Returns the record of a session; `None` of one that comes from none.
    pub(crate) fn record(&self, key: Key) -> Option<Arc<RecordSource>> {
        self.lock().get(key)?.record.clone()
    }

    /// Makes a checkpoint of a session after so many events, where one is due.
    pub(crate) fn make_checkpoint(&self, key: Key, events: u64) {
        let made = {
            let sessions = self.lock();
            let session = sessions.get(key).filter(|session| session.checkpoints.is_due(events));
            session.map(Session::checkpoint)
        };
        let Some(checkpoint) = made else { return };
        let bytes = checkpoint.bytes();
        if let Some(session) = self.lock().get_mut(key) {
            session.checkpoints.push(events, checkpoint, bytes);
        }
    }

    /// Creates the session of the newest checkpoint up to an event; the second value is whether it was computed for that very
    /// event.
    pub(crate) fn past(&self, key: Key, at: u64) -> Option<(Session, bool)> {
        let sessions = self.lock();
        let session = sessions.get(key)?;
        let (checkpoint, is_it) = session.checkpoints.before(at)?;
        Some((session.past(&checkpoint), is_it))
    }

    /// Keeps the checkpoint that was computed for an event, for the next request.
    pub(crate) fn remember_past(&self, key: Key, at: u64, checkpoint: Checkpoint) {
        if let Some(session) = self.lock().get_mut(key) {
            session.checkpoints.remember(at, checkpoint);
        }
    }

    /// Describes a session of the past for an audience.
    pub(crate) fn past_detail(&self, key: Key, past: &Session, audience: Audience) -> Option<SessionDetail> {
        let mut detail = past.past_detail(self.lock().get(key)?);
        if audience == Audience::Device {
            redact::detail(&mut detail, past.disclosure);
        }
        Some(detail)
    }

    /// Copies the next kept lines of a session after a number, as an audience may see them; of a record says where they are in
    /// its file. A device is shown what is kept alone.
    pub(crate) fn next_lines(&self, key: Key, after: u64, audience: Audience) -> NextLines {
        let mut sessions = self.lock();
        let in_file = sessions.get(key).and_then(|session| session.in_file(after, audience));
        if let Some((record, last)) = in_file {
            return NextLines::InFile(record, last);
        }
        let place = Place {
            seq: after,
            suppressed: 0,
        };
        match sessions.run(key, place, limits::MAX_BATCH_BYTES, audience) {
            Some(run) => NextLines::Kept(run.lines().map(|(seq, line)| (seq, line.to_owned())).collect()),
            None => NextLines::End,
        }
    }

    /// Copies the kept lines of a session that come last before a number, a segment at most, as an audience may see them; of a
    /// record says that they are in its file, before which number.
    pub(crate) fn previous_lines(&self, key: Key, before: u64, audience: Audience) -> PreviousLines {
        let mut sessions = self.lock();
        let mut lines = Vec::new();
        let Some(session) = sessions.get(key) else {
            return PreviousLines::End;
        };
        let Some(mut place) = session.ring.segment_before(before) else {
            return match session.in_file(0, audience) {
                Some((record, last)) => PreviousLines::InFile(record, before.min(last.saturating_add(1))),
                None => PreviousLines::End,
            };
        };
        // Up to that number, in runs: a device is shown some lines in another form.
        while let Some(run) = sessions.run(key, place, limits::MAX_BATCH_BYTES, audience) {
            if run.first >= before {
                break;
            }
            let older = run.lines().take_while(|(seq, _)| *seq < before);
            lines.extend(older.map(|(seq, line)| (seq, line.to_owned())));
            place = run.last;
        }
        PreviousLines::Kept(lines)
    }

    /// Notes, once, that the file of a session's record cannot be read any more.
    pub(crate) fn record_failed(&self, record: &RecordSource) {
        if record.fails_first()
            && let Some(session) = self.lock().get_mut(record.key())
        {
            session.record_failed();
        }
        self.notify();
    }

    /// Returns the number of sessions that come from records.
    pub(crate) fn replays(&self) -> usize {
        self.lock().iter().filter(|(_, session)| session.is_replay).count()
    }

    /// Ends the session of a record, at the time of its last event.
    pub(crate) fn end_replay(&self, key: Key, how: SessionEnd, ended_ts: u64, exit: Option<Exit>, notes: Vec<String>) {
        if let Some(session) = self.lock().by_key.get_mut(&key) {
            session.end_replay(how, ended_ts, exit, notes);
        }
        self.notify();
    }
}

impl Sessions {
    /// Takes in the session of a record.
    fn replay(
        &mut self,
        id: &SessionId,
        introduction: Introduction,
        record: &Arc<RecordSource>,
        file: Arc<RecordFile>,
    ) -> SessionId {
        let id = if self.by_id.contains_key(id) {
            self.free_suffixed(id)
        } else {
            id.clone()
        };
        let key = self.key_or_new(&id);
        record.set_key(key);
        if let Some(session) = self.by_key.get_mut(&key) {
            session.replayed(introduction, Arc::clone(record), file);
        }
        id
    }

    /// Returns a name with a suffix that no session has.
    fn free_suffixed(&self, id: &SessionId) -> SessionId {
        let mut names = (2..).map_while(|number| suffixed(id, number));
        names
            .find(|name| !self.by_id.contains_key(name))
            .unwrap_or_else(|| id.clone())
    }

    /// Gives a name that a record has to a session of that name: the record's session comes again under another one.
    pub(super) fn take_from_replay(&mut self, id: &SessionId) {
        let Some(key) = self.by_id.get(id).copied() else { return };
        if !self.by_key.get(&key).is_some_and(|session| session.is_replay) {
            return;
        }
        self.by_id.remove(id);
        if let Some(mut session) = self.by_key.remove(&key) {
            let name = self.free_suffixed(id);
            session.rename(name.clone());
            let key = self.next_key;
            self.next_key += 1;
            // It may be read still.
            session.record.iter().for_each(|record| record.set_key(key));
            self.by_id.insert(name, key);
            self.by_key.insert(key, session);
        }
    }
}

/// Bytes of a session id.
const MAX_ID_BYTES: usize = 64;

/// Returns the name of a session with a suffix, cut to the longest that a name may have.
fn suffixed(id: &SessionId, number: u32) -> Option<SessionId> {
    let suffix = format!("-replay{number}");
    let kept = MAX_ID_BYTES.saturating_sub(suffix.len()).min(id.as_str().len());
    SessionId::new([&id.as_str()[..kept], &suffix].concat()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_suffix_fits_into_the_longest_name() {
        let long = SessionId::new("x".repeat(64)).unwrap();
        let other = suffixed(&long, 12).unwrap();
        assert!(
            other.as_str().ends_with("x-replay12") && other.as_str().len() == 64,
            "{other}"
        );
        assert_eq!(
            suffixed(&SessionId::new("a").unwrap(), 2).unwrap().as_str(),
            "a-replay2"
        );
    }
}
