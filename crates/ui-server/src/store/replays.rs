//! Sessions of records in the store: each has a name that no other session has, and gives it up to one that runs.

use mirrord_wire::{Exit, SessionEnd, SessionId};

use super::{Introduction, Key, Sessions, Store};

impl Store {
    /// Takes in the session of a record, under a name that no other session has; returns that name.
    pub(crate) fn replay(&self, id: &SessionId, introduction: Introduction) -> (SessionId, Key) {
        let taken = self.lock().replay(id, introduction);
        self.notify();
        taken
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
    fn replay(&mut self, id: &SessionId, introduction: Introduction) -> (SessionId, Key) {
        let id = if self.by_id.contains_key(id) {
            self.free_suffixed(id)
        } else {
            id.clone()
        };
        let key = self.key_or_new(&id);
        if let Some(session) = self.by_key.get_mut(&key) {
            session.replayed(introduction);
        }
        (id, key)
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
