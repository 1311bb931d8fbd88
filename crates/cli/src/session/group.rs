//! The sessions of one key as one: their events as one stream, in the order of time.
//!
//! Kept events are merged exactly, with one piece of each session in memory. Live events are held for a moment, within a bound,
//! and sorted ([`window`]): an event that is later than that is shown where it came. The events of a session stay in their order.

mod item;
mod kept;
mod live;
mod source;
mod window;

use super::directory::{KnownSession, SessionList};
use super::error::SessionError;

pub(crate) use self::item::{Content, GroupItem};
pub(crate) use self::kept::KeptGroup;
pub(crate) use self::live::LiveGroup;
pub(crate) use self::source::QueryPlan;

impl SessionList {
    /// Returns the sessions of a key, oldest first.
    ///
    /// # Errors
    /// There is none.
    pub(crate) fn of_key(self, key: &str) -> Result<Vec<KnownSession>, SessionError> {
        if self.known.is_empty() {
            return Err(SessionError::NoSessions(self.directory));
        }
        let is_member = |session: &KnownSession| session.info().key.as_deref() == Some(key);
        if !self.known.iter().any(is_member) {
            let keys = self.known.iter().filter_map(|session| session.info().key.clone());
            let mut keys: Vec<_> = keys.collect();
            keys.sort_unstable();
            keys.dedup();
            let key = key.to_owned();
            return Err(SessionError::NoSuchKey { key, keys });
        }
        Ok(self.known.into_iter().filter(is_member).collect())
    }
}
