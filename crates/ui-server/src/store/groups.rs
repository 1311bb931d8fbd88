//! Sessions that share a mirrord key, as one group. For the desktop alone: no device is shown a key.

use std::collections::HashMap;

use mirrord_wire::api::KeyGroup;
use mirrord_wire::{SessionState, SessionStatus};

use super::{Key, Session, Store};
use crate::clock;

/// Session of a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Member {
    pub(crate) key: Key,
    pub(crate) id: String,
    pub(crate) has_ended: bool,
    /// Number of its newest event.
    pub(crate) newest: u64,
}

impl Store {
    /// Returns the groups, in the order in which the first session of each appeared.
    pub(crate) fn key_groups(&self) -> Vec<KeyGroup> {
        let now = clock::now_micros();
        let mut groups: Vec<KeyGroup> = Vec::new();
        let mut places: HashMap<String, usize> = HashMap::new();
        for session in self.lock().by_key.values() {
            let Some(name) = session.mirrord_key() else { continue };
            let place = *places.entry(name.to_owned()).or_insert(groups.len());
            if place == groups.len() {
                groups.push(KeyGroup {
                    key: name.to_owned(),
                    ..KeyGroup::default()
                });
            }
            if let Some(group) = groups.get_mut(place) {
                count_into(group, session, now);
            }
        }
        groups
    }

    /// Returns the sessions of a key, in the order in which they appeared.
    pub(crate) fn members(&self, name: &str) -> Vec<Member> {
        let sessions = self.lock();
        let members = sessions
            .iter()
            .filter(|(_, session)| session.mirrord_key() == Some(name));
        let member = |(key, session): (Key, &Session)| Member {
            key,
            id: session.id.to_string(),
            has_ended: session.ended_ts.is_some(),
            newest: session.ring.end().seq,
        };
        members.map(member).collect()
    }

    /// Copies the state of a session.
    pub(crate) fn state_of(&self, key: Key) -> Option<SessionState> {
        self.lock().get(key).map(Session::state_now)
    }
}

fn count_into(group: &mut KeyGroup, session: &Session, now: u64) {
    group.sessions.push(session.id.to_string());
    group.live += u64::from(session.status == SessionStatus::Live);
    group.events = group.events.saturating_add(session.counted());
    group.rate += session.rate_at(now);
}
