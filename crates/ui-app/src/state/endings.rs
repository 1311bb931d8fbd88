//! Sessions that have ended since the list was looked at before. Pure.

use std::collections::BTreeSet;

use mirrord_wire::SessionStatus;

use super::sessions::{Session, Sessions};

/// Ids of the sessions that had not ended; as many as the list has.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Endings {
    running: Option<BTreeSet<String>>,
}

impl Endings {
    /// Returns the ids of the sessions that ended since the call before; none at the first call. A session that the server
    /// does not list any more, as after its restart, has not ended as far as is known.
    pub fn update(&mut self, sessions: &Sessions) -> Vec<String> {
        let is_running = |session: &&Session| session.summary.status != SessionStatus::Ended && !session.is_held;
        let running: BTreeSet<String> = sessions
            .all()
            .filter(is_running)
            .map(|own| own.id().to_owned())
            .collect();
        let before = self.running.replace(running).unwrap_or_default();
        let has_ended = |id: &String| {
            let session = sessions.get(id);
            session.is_some_and(|own| own.summary.status == SessionStatus::Ended && !own.is_held)
        };
        before.into_iter().filter(has_ended).collect()
    }

    /// Forgets what was looked at: the next call is a first one.
    pub fn clear(&mut self) {
        self.running = None;
    }
}

#[cfg(test)]
mod tests {
    use mirrord_wire::{SessionInfo, SessionSummary, WsMessage};

    use super::*;

    fn summary(id: &str, status: SessionStatus) -> SessionSummary {
        let info = SessionInfo {
            session_id: id.to_owned(),
            ..SessionInfo::default()
        };
        SessionSummary {
            info,
            status,
            ..SessionSummary::default()
        }
    }

    #[test]
    fn what_ended_is_told_once_and_what_had_ended_before_is_not() {
        use SessionStatus::{Ended, Live, Unresponsive};
        let (mut endings, mut sessions) = (Endings::default(), Sessions::default());
        let all = [("a", Live), ("b", Unresponsive), ("c", Ended)].map(|(id, status)| summary(id, status));
        sessions.apply(WsMessage::Sessions(all.to_vec()), 1);
        assert!(endings.update(&sessions).is_empty());
        sessions.apply(WsMessage::SessionAdded(Box::new(summary("d", Live))), 2);
        assert!(endings.update(&sessions).is_empty());
        sessions.apply(WsMessage::SessionUpdated(Box::new(summary("a", Ended))), 3);
        sessions.apply(
            WsMessage::SessionRemoved {
                session_id: "d".to_owned(),
            },
            3,
        );
        assert_eq!(endings.update(&sessions), ["a", "d"]);
        assert!(endings.update(&sessions).is_empty());
        // A server that was started anew does not know what became of it.
        sessions.hold(vec!["b".to_owned()]);
        sessions.apply(WsMessage::Sessions(Vec::new()), 4);
        assert!(endings.update(&sessions).is_empty());
        endings.clear();
        assert_eq!(endings, Endings::default());
    }
}
