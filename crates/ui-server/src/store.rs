//! Every session that is known, live and ended, under one lock.
//!
//! The lock is a std `Mutex` that nothing awaits under: writers are the followers, a batch at a time, readers take a portion
//! of text and go. The store knows neither sockets nor routes. Its bounds: each ring, all rings, the ended sessions.

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use mirrord_session_client::{EventBatch, StreamItem};
use mirrord_wire::api::Connections;
use mirrord_wire::session::summary::{Moment, Summary};
use mirrord_wire::{SessionDetail, SessionEnd, SessionId, SessionState, SessionStatus, SessionSummary};
use tokio::sync::watch;

use crate::mirror::redact::Disclosure;
use crate::{clock, limits};

mod groups;
mod lines;
pub(crate) mod names;
mod rate;
pub(crate) mod recording;
mod replays;
pub(crate) mod ring;
mod session;

pub(crate) use self::groups::Member;
pub(crate) use self::lines::{Lines, NextLines, PreviousLines};
use self::names::Names;
use self::ring::{Place, Run};
pub(crate) use session::{Audience, Checkpoint, Configured, Introduction, Session};

/// One session among all that there ever were: a name can come a second time, this number cannot.
pub(crate) type Key = u64;

/// The sessions.
#[derive(Debug)]
pub(crate) struct Store {
    sessions: Mutex<Sessions>,
    changed: watch::Sender<u64>,
    bounds: Bounds,
}

/// Bounds of the store.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bounds {
    pub(crate) session_bytes: usize,
    pub(crate) all_bytes: usize,
    pub(crate) ended: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            session_bytes: limits::SESSION_RING_BYTES,
            all_bytes: limits::ALL_RINGS_BYTES,
            ended: limits::MAX_ENDED_SESSIONS,
        }
    }
}

/// Content of the store, behind its lock.
#[derive(Debug, Default)]
pub(crate) struct Sessions {
    by_key: BTreeMap<Key, Session>,
    by_id: HashMap<SessionId, Key>,
    /// Directory of the sockets.
    directory: Option<PathBuf>,
    next_key: Key,
    next_stamp: u64,
    bytes: usize,
    /// Fields that devices may see of every session.
    disclosure: Disclosure,
    /// Names that a person gave.
    pub(crate) names: Names,
}

/// Position in a session's stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Attached {
    pub(crate) key: Key,
    /// The number of the newest line that is here.
    pub(crate) since: u64,
}

/// Reason why a session was not dismissed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum NotDismissed {
    Unknown,
    StillThere,
}

/// Reason why a session was not named.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum NotNamed {
    Unknown,
    /// It has not answered yet, so that its start is not known.
    NotIntroduced,
    /// There are as many names as are kept.
    Full,
}

/// Result of [`Store::kill_target`].
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum KillTarget {
    Unknown,
    Ended,
    /// A released mirrord, whose `/kill` ends its own API alone: its version and the program's processes.
    Released(String, Vec<u32>),
    Forward,
}

impl Store {
    pub(crate) fn new(bounds: Bounds) -> Self {
        Self {
            sessions: Mutex::default(),
            changed: watch::Sender::new(0),
            bounds,
        }
    }

    /// Creates the store of a directory's sessions, whose sockets can be named.
    pub(crate) fn of_directory(bounds: Bounds, directory: PathBuf) -> Self {
        let store = Self::new(bounds);
        store.lock().directory = Some(directory);
        store
    }

    /// Locks the sessions. A panic elsewhere leaves them usable, since each change is complete.
    pub(crate) fn lock(&self) -> MutexGuard<'_, Sessions> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Turns at every change.
    pub(crate) fn subscribe(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    /// Has every reader look again.
    pub(crate) fn notify(&self) {
        self.changed.send_modify(|turns| *turns = turns.wrapping_add(1));
    }

    /// Changes what devices may see of the sessions; what they were sent before stays with them.
    pub(crate) fn disclose(&self, disclosure: Disclosure) {
        {
            let mut sessions = self.lock();
            if sessions.disclosure == disclosure {
                return;
            }
            sessions.disclosure = disclosure;
            let Sessions { by_key, bytes, .. } = &mut *sessions;
            for session in by_key.values_mut() {
                let before = session.ring.bytes();
                session.disclose(disclosure);
                *bytes -= before - session.ring.bytes();
            }
        }
        self.notify();
    }

    /// A session answered. One that has the same name and another start is another session: the one before it goes.
    pub(crate) fn introduce(&self, id: &SessionId, introduction: Introduction) -> Attached {
        let attached = self.lock().introduce(id, introduction);
        self.notify();
        attached
    }

    /// The number of the newest line that is here of the session that has a name now; 0 where there is none.
    pub(crate) fn newest(&self, id: &SessionId) -> u64 {
        let sessions = self.lock();
        let session = sessions.by_id.get(id).and_then(|key| sessions.by_key.get(key));
        let followed = session.filter(|session| !session.is_replay);
        followed.map_or(0, |session| session.ring.end().seq)
    }

    /// A session's socket is there and it does not answer as it should.
    pub(crate) fn unresponsive(&self, id: &SessionId, reason: &str) {
        let news = {
            let mut sessions = self.lock();
            sessions.take_from_replay(id);
            let key = sessions.key_or_new(id);
            sessions.by_key.get_mut(&key).is_some_and(|session| {
                session.revive();
                session.set_status(SessionStatus::Unresponsive, Some(reason.to_owned()))
            })
        };
        if news {
            tracing::info!(session = %id, reason, "a session does not answer");
            self.notify();
        }
    }

    /// A session that was quiet answers again.
    pub(crate) fn responsive(&self, key: Key) {
        let news = self.lock().by_key.get_mut(&key).is_some_and(|session| {
            session.status == SessionStatus::Unresponsive && session.set_status(SessionStatus::Live, None)
        });
        if news {
            self.notify();
        }
    }

    /// Takes lines of a session, in their order.
    pub(crate) fn append(&self, key: Key, lines: &EventBatch) {
        self.lock().append(key, lines, self.bounds);
        self.notify();
    }

    /// Appends lines of an event stream that begins after event number `since`.
    #[cfg(test)]
    pub(crate) fn append_ndjson(&self, key: Key, since: u64, lines: &str) {
        use mirrord_session_client::{Dialect, EventParser};
        let mut parser = EventParser::new(Dialect::Ours, since);
        self.append(key, parser.push(lines.as_bytes()).expect("lines of a stream"));
    }

    /// Counts events that arrived and could not be read.
    pub(crate) fn count_missed(&self, key: Key, events: u64) {
        if let Some(session) = self.lock().by_key.get_mut(&key) {
            session.count_missed(events);
        }
    }

    /// Replaces a session's counters by those of a newer `/state`.
    pub(crate) fn count_from(&self, key: Key, state: SessionState) {
        if let Some(session) = self.lock().by_key.get_mut(&key) {
            session.count_from(state);
        }
    }

    /// A session is over. One that never said who it is goes at once: there is nothing to read of it.
    pub(crate) fn end(&self, id: &SessionId, how: SessionEnd) {
        if self.lock().end(id, how, self.bounds) {
            tracing::info!(session = %id, "a session ended");
            self.notify();
        }
    }

    /// Lets an ended session go.
    pub(crate) fn dismiss(&self, id: &str) -> Result<(), NotDismissed> {
        {
            let mut sessions = self.lock();
            let key = sessions.key(id).ok_or(NotDismissed::Unknown)?;
            if sessions
                .by_key
                .get(&key)
                .is_some_and(|session| session.ended_ts.is_none())
            {
                return Err(NotDismissed::StillThere);
            }
            sessions.remove(key);
        }
        self.notify();
        Ok(())
    }

    /// Gives a session a checked name; an empty one takes it back.
    pub(crate) fn rename(&self, id: &str, name: &str) -> Result<(), NotNamed> {
        self.lock().rename(id, name)?;
        self.notify();
        Ok(())
    }

    /// Publishes counts and rates that have changed.
    pub(crate) fn tick(&self) {
        let now = clock::now_micros();
        let mut news = false;
        for session in self.lock().by_key.values_mut() {
            news |= session.ended_ts.is_none() && session.tick(now);
        }
        if news {
            self.notify();
        }
    }

    /// The sessions in the order in which they appeared, the ended ones only where they are asked for.
    pub(crate) fn summaries(&self, ended: bool, audience: Audience) -> Vec<SessionSummary> {
        self.summaries_where(|session| ended || session.ended_ts.is_none(), audience)
    }

    /// The sessions for which a condition holds, in the order in which they appeared.
    pub(crate) fn summaries_where(&self, wanted: impl Fn(&Session) -> bool, audience: Audience) -> Vec<SessionSummary> {
        let sessions = self.lock();
        let shown = sessions.by_key.values().filter(|session| wanted(session));
        shown.map(|session| session.summary_for(audience)).collect()
    }

    /// One session with everything that is known of it.
    pub(crate) fn detail(&self, id: &str, audience: Audience) -> Option<SessionDetail> {
        let sessions = self.lock();
        let session = sessions.by_key.get(&sessions.key(id)?)?;
        Some(session.detail_for(audience))
    }

    /// Copy of the answers of one session; its reader computes what follows from them without the lock.
    pub(crate) fn answers(&self, id: &str) -> Option<(Summary, Moment)> {
        let sessions = self.lock();
        let session = sessions.by_key.get(&sessions.key(id)?)?;
        Some(session.answers())
    }

    /// Copy of the config of one session.
    pub(crate) fn configured(&self, id: &str) -> Option<(Key, Configured)> {
        let sessions = self.lock();
        let key = sessions.key(id)?;
        Some((key, sessions.by_key.get(&key)?.configured()))
    }

    /// Connections and listeners of one session.
    pub(crate) fn connections(&self, id: &str, audience: Audience) -> Option<Connections> {
        let sessions = self.lock();
        let session = sessions.by_key.get(&sessions.key(id)?)?;
        Some(session.connections_for(audience))
    }

    /// Returns whether and how a session's program can be ended.
    pub(crate) fn kill_target(&self, id: &str) -> KillTarget {
        let sessions = self.lock();
        let Some(session) = sessions.key(id).and_then(|key| sessions.by_key.get(&key)) else {
            return KillTarget::Unknown;
        };
        match session.released_version() {
            _ if session.ended_ts.is_some() => KillTarget::Ended,
            Some(version) => KillTarget::Released(version.to_owned(), session.running_pids()),
            None => KillTarget::Forward,
        }
    }
}

impl Sessions {
    /// The session that has a name now.
    pub(crate) fn key(&self, id: &str) -> Option<Key> {
        // Asked with a text from a client: one that is no session id is no session's.
        self.by_id.get(&SessionId::new(id).ok()?).copied()
    }

    pub(crate) fn get(&self, key: Key) -> Option<&Session> {
        self.by_key.get(&key)
    }

    /// Returns the next lines of a session after a place. Lines for devices are redacted for the first one that reads them.
    pub(crate) fn run(&mut self, key: Key, after: Place, max_bytes: usize, audience: Audience) -> Option<Run<'_>> {
        let session = self.by_key.get_mut(&key)?;
        match audience {
            Audience::Desktop => session.ring.after(after, max_bytes),
            Audience::Device => {
                let before = session.ring.bytes();
                session.ring.redact(after, session.disclosure);
                self.bytes += session.ring.bytes() - before;
                session.ring.redacted_after(after, max_bytes)
            }
        }
    }

    pub(crate) fn get_mut(&mut self, key: Key) -> Option<&mut Session> {
        self.by_key.get_mut(&key)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (Key, &Session)> {
        self.by_key.iter().map(|(key, session)| (*key, session))
    }

    /// The sessions that came to be known with `key` or later.
    pub(crate) fn from(&self, key: Key) -> impl Iterator<Item = (Key, &Session)> {
        self.by_key.range(key..).map(|(key, session)| (*key, session))
    }

    fn key_or_new(&mut self, id: &SessionId) -> Key {
        if let Some(key) = self.by_id.get(id) {
            return *key;
        }
        let key = self.next_key;
        self.next_key += 1;
        let socket = self.directory.as_deref().map(|directory| {
            let name = if cfg!(windows) { "pipe" } else { "sock" };
            directory.join([id.as_str(), ".", name].concat())
        });
        let socket = socket.and_then(|socket| socket.to_str().map(Box::from));
        let mut session = Session::unknown(id.clone(), socket);
        session.disclosure = self.disclosure;
        self.by_key.insert(key, session);
        self.by_id.insert(id.clone(), key);
        key
    }

    fn introduce(&mut self, id: &SessionId, introduction: Introduction) -> Attached {
        self.take_from_replay(id);
        if let Some(key) = self.by_id.get(id).copied()
            && self.by_key.get(&key).is_some_and(|session| !session.is(&introduction))
        {
            self.remove(key);
        }
        let key = self.key_or_new(id);
        let since = self.by_key.get_mut(&key).map_or(0, |session| {
            session.introduced(introduction);
            session.set_name(self.names.get(id.as_str(), session.started_at()));
            session.ring.end().seq
        });
        Attached { key, since }
    }

    fn rename(&mut self, id: &str, name: &str) -> Result<(), NotNamed> {
        let key = self.key(id).ok_or(NotNamed::Unknown)?;
        let Self {
            by_key, by_id, names, ..
        } = self;
        let started_at = match by_key.get(&key) {
            Some(session) if session.known => session.started_at().to_owned(),
            _ => return Err(NotNamed::NotIntroduced),
        };
        let is_known =
            |own: &names::GivenName| SessionId::new(own.session_id.as_str()).is_ok_and(|id| by_id.contains_key(&id));
        if !names.set(id, &started_at, name, is_known) {
            return Err(NotNamed::Full);
        }
        let session = by_key.get_mut(&key).ok_or(NotNamed::Unknown)?;
        session.set_name(Some(name).filter(|name| !name.is_empty()));
        Ok(())
    }

    fn append(&mut self, key: Key, lines: &EventBatch, bounds: Bounds) {
        let Some(session) = self.by_key.get_mut(&key) else {
            return;
        };
        let before = session.ring.bytes();
        for item in lines.iter() {
            match item {
                StreamItem::Event(line, text) => session.append(line, text, self.next_stamp),
                StreamItem::Lagged { to, suppressed } => session.lagged(to, suppressed),
            }
            self.next_stamp += 1;
        }
        while session.ring.bytes() > bounds.session_bytes && session.ring.drop_oldest().is_some() {}
        self.bytes = self.bytes + session.ring.bytes() - before;
        while self.bytes > bounds.all_bytes && self.drop_oldest() {}
    }

    /// Drops the oldest segment of all; an ended session of which nothing is left goes with it.
    fn drop_oldest(&mut self) -> bool {
        let age = |(key, session): (&Key, &Session)| session.ring.oldest_stamp().map(|stamp| (stamp, *key));
        let Some((_, key)) = self.by_key.iter().filter_map(age).min() else {
            return false;
        };
        if let Some(session) = self.by_key.get_mut(&key) {
            let before = session.ring.bytes();
            session.ring.drop_oldest();
            self.bytes -= before - session.ring.bytes();
            // Of a record everything can be read from its file.
            if session.ended_ts.is_some() && session.ring.oldest() == 0 && session.record.is_none() {
                self.remove(key);
            }
        }
        true
    }

    fn end(&mut self, id: &SessionId, how: SessionEnd, bounds: Bounds) -> bool {
        let Some(key) = self.by_id.get(id).copied() else {
            return false;
        };
        match self.by_key.get_mut(&key) {
            Some(session) if session.ended_ts.is_some() || session.is_replay => return false,
            Some(session) if session.known => session.end(how),
            _ => self.remove(key),
        }
        let ended = |(key, session): (&Key, &Session)| session.ended_ts.map(|ts| (ts, *key));
        let mut ended: Vec<_> = self.by_key.iter().filter_map(ended).collect();
        ended.sort_unstable();
        let too_many = ended.len().saturating_sub(bounds.ended);
        ended.iter().take(too_many).for_each(|(_, key)| self.remove(*key));
        true
    }

    fn remove(&mut self, key: Key) {
        if let Some(session) = self.by_key.remove(&key) {
            self.bytes -= session.ring.bytes();
            self.names.set(session.id.as_str(), session.started_at(), "", |_| true);
            if self.by_id.get(&session.id) == Some(&key) {
                self.by_id.remove(&session.id);
            }
        }
    }
}
