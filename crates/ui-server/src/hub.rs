//! Makes the messages of the WebSocket out of the store: a snapshot, and from there on what each reader has yet to see.
//!
//! A reader is a set of cursors into the rings and holds no events. Snapshot and cursors are taken under one lock, so
//! nothing falls between them and nothing comes twice; a reader that falls behind finds a gap in a ring and is told. An
//! event's JSON is copied, never made again. This file does not know how a message is sent.

use std::collections::BTreeMap;

use mirrord_wire::{SessionStatus, WsMessage};
use tokio_tungstenite::tungstenite::Utf8Bytes;

use crate::limits;
use crate::store::ring::Run;
use crate::store::{Key, Session, Sessions, Store};

/// What a reader asked for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Subscription {
    /// One session alone.
    pub(crate) session_id: Option<String>,
    /// Events gathered, not one a message.
    pub(crate) batch: bool,
    /// The snapshot has the ended sessions as well.
    pub(crate) ended: bool,
}

/// What one reader has been told.
#[derive(Debug)]
pub(crate) struct Reader {
    subscription: Subscription,
    cursors: BTreeMap<Key, Cursor>,
    /// The first session that this reader has not looked at: it looks for new ones from here on.
    next_new: Key,
    /// Where to begin the next portion, so that a busy session starves no other.
    turn: Key,
}

#[derive(Debug)]
struct Cursor {
    id: String,
    /// The newest line that was sent.
    seq: u64,
    /// The version of the summary that was sent.
    version: u64,
    /// Whether the reader has been told of its end.
    removed: bool,
}

impl Reader {
    /// The reader and its first message.
    pub(crate) fn attach(store: &Store, subscription: Subscription) -> (Self, Utf8Bytes) {
        let sessions = store.lock();
        let mut reader = Self {
            subscription,
            cursors: BTreeMap::new(),
            next_new: 0,
            turn: 0,
        };
        let mut summaries = Vec::new();
        for (key, session) in sessions.iter() {
            reader.next_new = key + 1;
            if reader.wants(session) && (reader.subscription.ended || session.ended_ts.is_none()) {
                summaries.push(session.summary());
                reader.cursors.insert(key, Cursor::at(session, session.ring.newest()));
            }
        }
        (reader, text(&WsMessage::Sessions(summaries)))
    }

    fn wants(&self, session: &Session) -> bool {
        let wanted = self.subscription.session_id.as_deref();
        wanted.is_none_or(|id| id == session.id.as_str())
    }

    /// Adds the next messages to `out`, at most [`limits::MAX_PULL_BYTES`] of events; says whether there are more.
    pub(crate) fn pull(&mut self, store: &Store, out: &mut Vec<Utf8Bytes>) -> bool {
        let mut sessions = store.lock();
        self.forget(&sessions, out);
        self.discover(&sessions, out);
        let more = self.events(&sessions, out);
        self.updates(&mut sessions, out);
        more
    }

    fn forget(&mut self, sessions: &Sessions, out: &mut Vec<Utf8Bytes>) {
        self.cursors.retain(|key, cursor| {
            let there = sessions.get(*key).is_some();
            if !there {
                let session_id = cursor.id.clone();
                out.push(text(&WsMessage::SessionDismissed { session_id }));
            }
            there
        });
    }

    /// A new session is told from its beginning: what is kept of it follows as events.
    fn discover(&mut self, sessions: &Sessions, out: &mut Vec<Utf8Bytes>) {
        for (key, session) in sessions.from(self.next_new) {
            self.next_new = key + 1;
            if self.wants(session) {
                let cursor = Cursor::at(session, 0);
                out.push(cursor.added(session));
                self.cursors.insert(key, cursor);
            }
        }
    }

    fn events(&mut self, sessions: &Sessions, out: &mut Vec<Utf8Bytes>) -> bool {
        let mut left = limits::MAX_PULL_BYTES;
        let batch = self.subscription.batch;
        let turn = self.turn;
        let (before, from) = {
            let mut cursors: Vec<_> = self.cursors.iter_mut().collect();
            let place = cursors.partition_point(|(key, _)| **key < turn);
            let from = cursors.split_off(place);
            (cursors, from)
        };
        for (key, cursor) in from.into_iter().chain(before) {
            let Some(session) = sessions.get(*key) else { continue };
            while let Some(run) = session.ring.after(cursor.seq, limits::MAX_BATCH_BYTES) {
                if left == 0 {
                    self.turn = *key;
                    return true;
                }
                left = left.saturating_sub(run.text.len());
                cursor.take(&run, batch, out);
            }
        }
        false
    }

    fn updates(&mut self, sessions: &mut Sessions, out: &mut Vec<Utf8Bytes>) {
        for (key, cursor) in &mut self.cursors {
            let Some(session) = sessions.get_mut(*key) else {
                continue;
            };
            if session.version == cursor.version {
                continue;
            }
            let ended = session.status == SessionStatus::Ended;
            if ended && cursor.seq < session.ring.newest() {
                // Its last events first: its end is told when they have been sent.
                continue;
            }
            cursor.version = session.version;
            match (ended, cursor.removed) {
                (true, false) => {
                    out.push(session.update());
                    let session_id = cursor.id.clone();
                    out.push(text(&WsMessage::SessionRemoved { session_id }));
                }
                (false, true) => out.push(cursor.added(session)),
                _ => out.push(session.update()),
            }
            cursor.removed = ended;
        }
    }
}

impl Cursor {
    fn at(session: &Session, seq: u64) -> Self {
        Self {
            id: session.id.to_string(),
            seq,
            version: session.version,
            removed: session.status == SessionStatus::Ended,
        }
    }

    /// The message that a session is there; `seq` in it is this reader's, so that `seq + 1` is its next event.
    fn added(&self, session: &Session) -> Utf8Bytes {
        let mut summary = session.summary();
        summary.seq = self.seq;
        text(&WsMessage::SessionAdded(Box::new(summary)))
    }

    fn take(&mut self, run: &Run<'_>, batch: bool, out: &mut Vec<Utf8Bytes>) {
        if run.missed > 0 {
            let (session_id, missed) = (self.id.clone(), run.missed);
            out.push(text(&WsMessage::Lagged { session_id, missed }));
        }
        if batch {
            out.push(wrap("events", &self.id, ["[", run.text, "]"]));
        } else {
            out.extend(run.lines().map(|(_, line)| wrap("event", &self.id, ["", line, ""])));
        }
        self.seq = run.last;
    }
}

/// A message around event text. A session id has no character that JSON escapes.
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
