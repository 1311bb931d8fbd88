//! Sessions as a record reads them: the lines after a place with the gaps between them, and the state of a recording.

use mirrord_wire::api::Recording;
use mirrord_wire::{Exit, SessionInfo};

use super::ring::Place;
use super::{Key, Session, Store};
use crate::limits;

/// Part of a session's events, in their order.
#[derive(Debug, Default)]
pub(crate) struct RecordPart {
    pub(crate) items: Vec<RecordLine>,
    /// Place behind the last of them.
    pub(crate) place: Place,
    /// More is there now.
    pub(crate) has_more: bool,
    /// The session has ended: when, in microseconds since the Unix epoch.
    pub(crate) ended_ts: Option<u64>,
    /// End of the session's program, where it is known.
    pub(crate) exit: Option<Exit>,
}

/// One line of a record.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum RecordLine {
    /// Event: its number and its text.
    Event(u64, String),
    /// Events up to a number are missing, so many of them suppressed on purpose by the session.
    Gap { to: u64, suppressed: u64 },
}

impl Store {
    /// Copies the next lines of a session after a place; `None` where there is no such session any more.
    pub(crate) fn record_part(&self, key: Key, after: Place) -> Option<RecordPart> {
        let sessions = self.lock();
        let session = sessions.get(key)?;
        let mut part = RecordPart {
            place: after,
            ..RecordPart::default()
        };
        let mut room = limits::MAX_PULL_BYTES;
        while let Some(run) = session.ring.after(part.place, room.min(limits::MAX_BATCH_BYTES)) {
            if room == 0 {
                part.has_more = true;
                return Some(part);
            }
            if run.gap.missed > 0 {
                let (to, suppressed) = (run.first - 1, run.gap.suppressed);
                part.items.push(RecordLine::Gap { to, suppressed });
            }
            let lines = run.lines().map(|(seq, line)| RecordLine::Event(seq, line.to_owned()));
            part.items.extend(lines);
            room = room.saturating_sub(run.text.len());
            part.place = run.last;
        }
        let end = session.ring.end();
        let rest = part.place.until(end);
        if rest.missed > 0 {
            let (to, suppressed) = (end.seq, rest.suppressed);
            part.items.push(RecordLine::Gap { to, suppressed });
            part.place = end;
        }
        part.ended_ts = session.ended_ts;
        part.exit = session.ended_ts.and_then(|_| session.end_of_program());
        Some(part)
    }

    /// Describes a session for the header of its record, without the processes that its kept events introduce.
    pub(crate) fn record_header_info(&self, key: Key) -> Option<SessionInfo> {
        let mut info = self.record_info(key)?;
        if let Some(session) = self.lock().get(key) {
            info.processes.retain(|process| !session.is_introduced(process.pid));
        }
        Some(info)
    }

    /// Describes a session; `None` where it has not answered yet or is no more.
    pub(crate) fn record_info(&self, key: Key) -> Option<SessionInfo> {
        let sessions = self.lock();
        let session = sessions.get(key).filter(|session| session.known)?;
        Some(session.description())
    }

    /// Returns what is shown of the recording of a session.
    pub(crate) fn recording(&self, key: Key) -> Option<Recording> {
        self.lock().get(key)?.recording().cloned()
    }

    /// Sets what is shown of the recording of a session.
    pub(crate) fn set_recording(&self, key: Key, recording: Option<Recording>) {
        let session_changed = |session: &mut Session| session.set_recording(recording);
        // A recording waits for changes: one that is none would wake it for ever.
        if self.lock().get_mut(key).is_some_and(session_changed) {
            self.notify();
        }
    }
}

#[cfg(test)]
mod tests {
    use mirrord_wire::{SessionEnd, SessionId};

    use super::*;
    use crate::store::{Bounds, Introduction};

    fn event(seq: u64) -> String {
        format!(r#"{{"seq":{seq},"ts":1,"type":"DnsQuery","host":"h{seq}"}}"#)
    }

    #[test]
    fn lines_and_gaps_come_in_their_order_and_the_end_is_seen() {
        let store = Store::new(Bounds::default());
        let id = SessionId::new("one").unwrap();
        let key = store.introduce(&id, Introduction::default()).key;
        let lines = [
            event(1),
            event(2),
            r#"{"type":"Lagged","missed":3}"#.to_owned(),
            event(6),
        ];
        store.append_ndjson(key, 0, &(lines.join("\n") + "\n"));
        let part = store.record_part(key, Place::default()).unwrap();
        let expected = [
            RecordLine::Event(1, event(1)),
            RecordLine::Event(2, event(2)),
            RecordLine::Gap { to: 5, suppressed: 0 },
            RecordLine::Event(6, event(6)),
        ];
        assert_eq!(part.items, expected);
        assert_eq!((part.has_more, part.ended_ts), (false, None));
        store.end(&id, SessionEnd::Closed);
        let rest = store.record_part(key, part.place).unwrap();
        assert!(rest.items.is_empty() && rest.ended_ts.is_some());
        store.dismiss("one").unwrap();
        assert!(store.record_part(key, Place::default()).is_none());
    }

    #[test]
    fn a_long_session_comes_in_parts() {
        let store = Store::new(Bounds::default());
        let id = SessionId::new("one").unwrap();
        let key = store.introduce(&id, Introduction::default()).key;
        let lines: String = (1..=20_000).map(|seq| event(seq) + "\n").collect();
        store.append_ndjson(key, 0, &lines);
        let (mut place, mut seen, mut parts) = (Place::default(), 0, 0);
        loop {
            let part = store.record_part(key, place).unwrap();
            seen += part.items.len();
            (place, parts) = (part.place, parts + 1);
            if !part.has_more {
                break;
            }
        }
        assert!(seen == 20_000 && parts > 2, "{seen} {parts}");
    }

    #[test]
    fn a_recording_that_has_not_changed_wakes_nobody() {
        let store = Store::new(Bounds::default());
        let id = SessionId::new("one").unwrap();
        let key = store.introduce(&id, Introduction::default()).key;
        let mut changes = store.subscribe();
        let begun = Some(Recording {
            on: true,
            ..Recording::default()
        });
        for is_news in [true, false] {
            changes.mark_unchanged();
            store.set_recording(key, begun.clone());
            assert_eq!(changes.has_changed().unwrap(), is_news);
        }
        assert_eq!(store.recording(key), begun);
    }
}
