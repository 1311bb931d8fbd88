//! Feed of one WebSocket: a snapshot of the store, then the messages that its client has yet to receive.
//!
//! A feed is a set of cursors into the rings and holds no events. Snapshot and cursors are taken under one lock, so that
//! there is no gap and no overlap; a slow client's cursor finds a gap in a ring, which is reported. An event's JSON is
//! copied, never serialised again. Sending is the caller's.

use std::collections::BTreeMap;

use mirrord_wire::{SessionStatus, WsMessage};
use tokio_tungstenite::tungstenite::Utf8Bytes;

use crate::limits;
use crate::store::ring::{Gap, Place, Run};
use crate::store::{Audience, Key, Session, Sessions, Store};

/// Options of a feed.
#[derive(Debug, Clone, Default)]
pub(crate) struct Subscription {
    /// The one session that the feed is limited to.
    pub(crate) session_id: Option<String>,
    /// Events are sent in batches, not one a message.
    pub(crate) batch: bool,
    /// The snapshot includes ended sessions.
    pub(crate) ended: bool,
    /// Audience of the messages.
    pub(crate) audience: Audience,
}

/// Position of one client in the store.
#[derive(Debug)]
pub(crate) struct FeedCursor {
    subscription: Subscription,
    cursors: BTreeMap<Key, SessionCursor>,
    /// First session that is new to this client.
    next_new: Key,
    /// Session that the next portion begins with, so that a busy one starves no other.
    round_robin_start: Key,
}

#[derive(Debug)]
struct SessionCursor {
    id: String,
    /// End of what was sent.
    place: Place,
    /// Version of the summary that was sent.
    version: u64,
    /// Its end was sent.
    removed: bool,
}

impl FeedCursor {
    /// Creates a cursor, with the first message: the snapshot.
    pub(crate) fn attach(store: &Store, subscription: Subscription) -> (Self, Utf8Bytes) {
        let sessions = store.lock();
        let mut feed = Self {
            subscription,
            cursors: BTreeMap::new(),
            next_new: 0,
            round_robin_start: 0,
        };
        let mut summaries = Vec::new();
        for (key, session) in sessions.iter() {
            feed.next_new = key + 1;
            if feed.wants(session) && (feed.subscription.ended || session.ended_ts.is_none()) {
                summaries.push(session.summary_for(feed.subscription.audience));
                feed.cursors.insert(key, SessionCursor::at(session, session.ring.end()));
            }
        }
        (feed, text(&WsMessage::Sessions(summaries)))
    }

    fn wants(&self, session: &Session) -> bool {
        let wanted = self.subscription.session_id.as_deref();
        wanted.is_none_or(|id| id == session.id.as_str())
    }

    /// Adds the next messages to `out`, at most [`limits::MAX_PULL_BYTES`] of events; returns whether there are more.
    pub(crate) fn next_messages(&mut self, store: &Store, out: &mut Vec<Utf8Bytes>) -> bool {
        let mut sessions = store.lock();
        self.push_dismissed(&sessions, out);
        self.push_added(&sessions, out);
        let more = self.push_events(&mut sessions, out);
        self.push_updates(&mut sessions, out);
        more
    }

    fn push_dismissed(&mut self, sessions: &Sessions, out: &mut Vec<Utf8Bytes>) {
        self.cursors.retain(|key, cursor| {
            let there = sessions.get(*key).is_some();
            if !there {
                let session_id = cursor.id.clone();
                out.push(text(&WsMessage::SessionDismissed { session_id }));
            }
            there
        });
    }

    /// Adds new sessions, each from the first event kept, also where it has ended already; one that came back is added
    /// again, from this client's position.
    fn push_added(&mut self, sessions: &Sessions, out: &mut Vec<Utf8Bytes>) {
        let audience = self.subscription.audience;
        for (key, cursor) in self.cursors.iter_mut().filter(|(_, cursor)| cursor.removed) {
            if let Some(session) = sessions
                .get(*key)
                .filter(|session| session.status != SessionStatus::Ended)
            {
                out.push(cursor.added(session, audience));
                (cursor.removed, cursor.version) = (false, session.version);
            }
        }
        for (key, session) in sessions.from(self.next_new) {
            self.next_new = key + 1;
            if self.wants(session) {
                let mut cursor = SessionCursor::at(session, session.ring.start());
                out.push(cursor.added(session, audience));
                if std::mem::take(&mut cursor.removed) {
                    // Its end is still to be sent.
                    cursor.version = 0;
                }
                self.cursors.insert(key, cursor);
            }
        }
    }

    fn push_events(&mut self, sessions: &mut Sessions, out: &mut Vec<Utf8Bytes>) -> bool {
        let mut left = limits::MAX_PULL_BYTES;
        let (batch, audience) = (self.subscription.batch, self.subscription.audience);
        let start_key = self.round_robin_start;
        let (before, from) = {
            let mut cursors: Vec<_> = self.cursors.iter_mut().collect();
            let place = cursors.partition_point(|(key, _)| **key < start_key);
            let from = cursors.split_off(place);
            (cursors, from)
        };
        for (key, cursor) in from.into_iter().chain(before) {
            let start = sessions.get(*key).map_or(0, |session| session.ring.start().seq);
            while let Some(run) = sessions.run(*key, cursor.place, limits::MAX_BATCH_BYTES, audience) {
                if left == 0 {
                    self.round_robin_start = *key;
                    return true;
                }
                left = left.saturating_sub(run.text.len());
                cursor.push_run(&run, start, batch, out);
            }
            if let Some(session) = sessions.get(*key) {
                cursor.catch_up(session.ring.end(), start, out);
            }
        }
        false
    }

    fn push_updates(&mut self, sessions: &mut Sessions, out: &mut Vec<Utf8Bytes>) {
        for (key, cursor) in &mut self.cursors {
            let Some(session) = sessions.get_mut(*key) else {
                continue;
            };
            if session.version == cursor.version {
                continue;
            }
            let ended = session.status == SessionStatus::Ended;
            if ended && cursor.place != session.ring.end() {
                // Its last events come first.
                continue;
            }
            cursor.version = session.version;
            out.push(session.update(self.subscription.audience));
            if ended && !std::mem::replace(&mut cursor.removed, true) {
                let session_id = cursor.id.clone();
                out.push(text(&WsMessage::SessionRemoved { session_id }));
            }
        }
    }
}

impl SessionCursor {
    fn at(session: &Session, place: Place) -> Self {
        Self {
            id: session.id.to_string(),
            place,
            version: session.version,
            removed: session.status == SessionStatus::Ended,
        }
    }

    /// Message that adds a session; `seq` in it is this client's position, so that `seq + 1` is its next event.
    fn added(&self, session: &Session, audience: Audience) -> Utf8Bytes {
        let mut summary = session.summary_for(audience);
        summary.seq = self.place.seq;
        text(&WsMessage::SessionAdded(Box::new(summary)))
    }

    fn push_run(&mut self, run: &Run<'_>, start: u64, batch: bool, out: &mut Vec<Utf8Bytes>) {
        self.push_gap(run.gap, start, out);
        if batch {
            out.push(wrap("events", &self.id, ["[", run.text, "]"]));
        } else {
            out.extend(run.lines().map(|(_, line)| wrap("event", &self.id, ["", line, ""])));
        }
        self.place = run.last;
    }

    /// Reports the events up to the end that have no line.
    fn catch_up(&mut self, end: Place, start: u64, out: &mut Vec<Utf8Bytes>) {
        self.push_gap(self.place.until(end), start, out);
        self.place = end;
    }

    /// Reports a gap. `start` is where the server began to follow: what is missing before it is history.
    fn push_gap(&self, gap: Gap, start: u64, out: &mut Vec<Utf8Bytes>) {
        if gap.missed > 0 {
            out.push(text(&WsMessage::Lagged {
                session_id: self.id.clone(),
                missed: gap.missed,
                suppressed: gap.withheld,
                before: start.saturating_sub(self.place.seq).min(gap.missed - gap.withheld),
            }));
        }
    }
}

/// Wraps event text in a message. A session id has no character that JSON escapes.
fn wrap(kind: &str, id: &str, data: [&str; 3]) -> Utf8Bytes {
    let parts = [r#"{"type":""#, kind, r#"","session_id":""#, id, r#"","data":"#];
    let mut message = String::with_capacity(64 + kind.len() + id.len() + data[1].len());
    parts.iter().chain(&data).for_each(|part| message.push_str(part));
    message.push('}');
    message.into()
}

fn text(message: &WsMessage) -> Utf8Bytes {
    // Serialising our own types cannot fail: their keys are texts and their numbers finite.
    serde_json::to_string(message).unwrap_or_default().into()
}

#[cfg(test)]
mod tests {
    use mirrord_wire::{Control, EventLine, MonitorEvent, SessionEnd, SessionId, SessionInfo};

    use super::*;
    use crate::store::{Attached, Bounds, Introduction};

    const SMALL: Bounds = Bounds {
        session_bytes: 256 * 1024,
        all_bytes: 600 * 1024,
        ended: 2,
    };

    fn id(name: &str) -> SessionId {
        SessionId::new(name).unwrap()
    }

    fn begin(store: &Store, name: &str) -> Attached {
        let info = SessionInfo::default();
        store.introduce(
            &id(name),
            Introduction {
                info,
                ..Introduction::default()
            },
        )
    }

    fn append(store: &Store, key: Key, seqs: std::ops::RangeInclusive<u64>) {
        let mut lines = String::new();
        for seq in seqs {
            let observation = MonitorEvent::DnsQuery { host: "h".to_owned() }.into();
            let line = EventLine {
                seq,
                ts: 1,
                observation,
            };
            lines += &(serde_json::to_string(&line).unwrap() + "\n");
        }
        store.append_ndjson(key, 0, &lines);
    }

    /// Pulls all messages, in short.
    fn pull(reader: &mut FeedCursor, store: &Store) -> Vec<String> {
        let mut out = Vec::new();
        let mut portions = 0;
        while reader.next_messages(store, &mut out) {
            portions += 1;
            assert!(portions < 1_000, "it comes to an end");
        }
        out.iter().map(|message| short(message)).collect()
    }

    fn short(message: &str) -> String {
        match serde_json::from_str(message).unwrap() {
            WsMessage::Sessions(sessions) => format!("sessions {}", sessions.len()),
            WsMessage::Event { session_id, data } => format!("event {session_id} {}", data.seq),
            WsMessage::Events { session_id, data } => {
                let place = |line: Option<&EventLine>| line.map_or(0, |line| line.seq);
                format!("events {session_id} {}-{}", place(data.first()), place(data.last()))
            }
            WsMessage::SessionAdded(session) => format!("added {} {}", session.info.session_id, session.seq),
            WsMessage::SessionUpdated(session) => format!("updated {}", session.info.session_id),
            WsMessage::SessionRemoved { session_id } => format!("removed {session_id}"),
            WsMessage::SessionDismissed { session_id } => format!("dismissed {session_id}"),
            WsMessage::Lagged {
                session_id,
                missed,
                suppressed,
                before,
            } => match suppressed {
                0 if before > 0 => format!("lagged {session_id} {missed} before {before}"),
                0 => format!("lagged {session_id} {missed}"),
                _ => format!("lagged {session_id} {missed} withheld {suppressed}"),
            },
            other => format!("{other:?}"),
        }
    }

    fn batched() -> Subscription {
        Subscription {
            batch: true,
            ..Subscription::default()
        }
    }

    #[test]
    fn a_reader_that_fell_behind_is_told_exactly_what_it_missed() {
        let store = Store::new(SMALL);
        let session = begin(&store, "a");
        append(&store, session.key, 1..=10);
        let (mut slow, _) = FeedCursor::attach(&store, Subscription::default());
        let (mut quick, _) = FeedCursor::attach(&store, Subscription::default());
        let mut quick_read = 0;
        for from in (11..=20_010).step_by(1_000) {
            append(&store, session.key, from..=from + 999);
            quick_read += pull(&mut quick, &store).len();
        }
        assert_eq!(quick_read, 20_000, "the other one costs it nothing");
        let told = pull(&mut slow, &store);
        let missed: u64 = told[0].strip_prefix("lagged a ").unwrap().parse().unwrap();
        assert_eq!(told[1], format!("event a {}", 10 + missed + 1));
        assert_eq!(told.len() as u64 - 1 + missed, 20_000);
        assert!(store.lock().get(session.key).unwrap().ring.bytes() <= SMALL.session_bytes);
        assert!(pull(&mut slow, &store).is_empty());
    }

    #[test]
    fn what_was_withheld_is_told_as_such_and_at_once() {
        let store = Store::new(Bounds::default());
        let session = begin(&store, "a");
        append(&store, session.key, 1..=2);
        let withhold = |events: u64| {
            let mut counters = mirrord_wire::Counters::default();
            counters.count_type("FileOp", events);
            let newest = store.lock().get(session.key).unwrap().ring.end().seq;
            let line = Control::Lagged {
                missed: events,
                suppressed: Some(counters),
            };
            let line = serde_json::to_string(&line).unwrap() + "\n";
            store.append_ndjson(session.key, newest, &line);
        };
        let (mut early, _) = FeedCursor::attach(&store, batched());
        withhold(10);
        assert_eq!(pull(&mut early, &store), ["lagged a 10 withheld 10"]);
        let (mut late, first) = FeedCursor::attach(&store, batched());
        assert!(
            first.contains(r#""seq":12,"#) && first.contains(r#""suppressed":10"#),
            "{first}"
        );
        withhold(5);
        append(&store, session.key, 20..=21);
        let told = ["lagged a 7 withheld 5", "events a 20-21"];
        assert_eq!(pull(&mut early, &store), told);
        assert_eq!(pull(&mut late, &store), told);
        withhold(3);
        store.end(&id("a"), SessionEnd::Closed);
        let told = pull(&mut late, &store);
        assert_eq!(
            told,
            ["lagged a 3 withheld 3", "updated a", "removed a"],
            "before its end"
        );
    }

    #[test]
    fn history_from_before_the_server_is_told_as_such_and_never_twice() {
        let store = Store::new(Bounds::default());
        let session = begin(&store, "a");
        let (mut early, _) = FeedCursor::attach(&store, batched());
        let (mut late, _) = FeedCursor::attach(&Store::new(Bounds::default()), batched());
        append(&store, session.key, 101..=102);
        assert_eq!(
            pull(&mut early, &store),
            ["lagged a 100 before 100", "events a 101-102"]
        );
        assert_eq!(pull(&mut late, &store), ["added a 100", "events a 101-102"]);
        append(&store, session.key, 105..=105);
        assert_eq!(
            pull(&mut late, &store),
            ["lagged a 2", "events a 105-105"],
            "lost since"
        );
    }

    #[test]
    fn the_end_is_told_after_the_last_event_and_once() {
        let store = Store::new(Bounds::default());
        let (mut reader, first) = FeedCursor::attach(&store, batched());
        assert_eq!(short(&first), "sessions 0");
        let session = begin(&store, "a");
        append(&store, session.key, 1..=3);
        store.end(&id("a"), SessionEnd::Closed);
        let told = pull(&mut reader, &store);
        assert_eq!(told, ["added a 0", "events a 1-3", "updated a", "removed a"]);
        assert!(pull(&mut reader, &store).is_empty());
        store.dismiss("a").unwrap();
        assert_eq!(pull(&mut reader, &store), ["dismissed a"]);
    }

    #[test]
    fn the_end_waits_for_a_reader_that_has_more_than_a_portion_to_read() {
        let store = Store::new(Bounds::default());
        let session = begin(&store, "a");
        let (mut reader, _) = FeedCursor::attach(&store, batched());
        append(&store, session.key, 1..=20_000);
        store.end(&id("a"), SessionEnd::Closed);
        let mut out = Vec::new();
        assert!(reader.next_messages(&store, &mut out));
        assert!(out.iter().all(|message| message.contains("\"events\"")));
        let size: usize = out.iter().map(|message| message.len()).sum();
        assert!(size <= limits::MAX_PULL_BYTES + 2 * limits::MAX_BATCH_BYTES, "{size}");
        assert_eq!(pull(&mut reader, &store).last().unwrap(), "removed a");
    }

    #[test]
    fn a_busy_session_starves_no_other() {
        let store = Store::new(Bounds::default());
        let keys = ["a", "b"].map(|name| begin(&store, name).key);
        let (mut reader, _) = FeedCursor::attach(&store, batched());
        keys.iter().for_each(|key| append(&store, *key, 1..=20_000));
        let mut out = Vec::new();
        reader.next_messages(&store, &mut out);
        append(&store, keys[0], 20_001..=40_000);
        for _ in 0..6 {
            reader.next_messages(&store, &mut out);
        }
        assert!(out.iter().any(|message| short(message).starts_with("events b")));
    }

    #[test]
    fn a_session_that_comes_back_is_told_from_where_its_reader_was() {
        let store = Store::new(Bounds::default());
        let session = begin(&store, "a");
        append(&store, session.key, 1..=3);
        let (mut reader, _) = FeedCursor::attach(&store, batched());
        store.end(&id("a"), SessionEnd::Closed);
        pull(&mut reader, &store);
        let again = begin(&store, "a");
        assert_eq!((again.key, again.since), (session.key, 3));
        append(&store, again.key, 4..=5);
        assert_eq!(pull(&mut reader, &store), ["added a 3", "events a 4-5"]);
    }

    #[test]
    fn everything_that_is_kept_has_a_bound() {
        let store = Store::new(SMALL);
        for name in ["a", "b", "c", "d"] {
            let session = begin(&store, name);
            append(&store, session.key, 1..=10_000);
            store.end(&id(name), SessionEnd::Closed);
        }
        let kept = store.summaries(true, Audience::Desktop);
        assert_eq!(kept.len(), SMALL.ended);
        let bytes: usize = store.lock().iter().map(|(_, session)| session.ring.bytes()).sum();
        assert!(bytes <= SMALL.all_bytes, "{bytes}");
        let live = begin(&store, "live");
        (0..20).for_each(|round| append(&store, live.key, round * 1_000 + 1..=(round + 1) * 1_000));
        assert!(
            store.summaries(false, Audience::Desktop)[0].oldest_seq > 1,
            "its own bound"
        );
    }

    #[test]
    fn the_oldest_text_goes_first_wherever_it_is() {
        let bounds = Bounds {
            all_bytes: 200 * 1024,
            ..SMALL
        };
        let store = Store::new(bounds);
        let old = begin(&store, "old");
        append(&store, old.key, 1..=2_000);
        store.end(&id("old"), SessionEnd::Closed);
        let new = begin(&store, "new");
        (0..3).for_each(|round| append(&store, new.key, round * 1_000 + 1..=(round + 1) * 1_000));
        assert!(
            store.detail("old", Audience::Desktop).is_none(),
            "nothing was left of it"
        );
        assert_eq!(store.detail("new", Audience::Desktop).unwrap().summary.oldest_seq, 1);
    }
}
