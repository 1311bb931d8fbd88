//! The desktop's list of sessions, for mirrors to follow: one way, the newest only.
//!
//! It is kept as the message that readers are sent, made once for all of them. Nothing of it outlives the server.

use std::sync::{Mutex, MutexGuard, PoisonError};

use mirrord_wire::{SessionId, WsMessage, mirror::Sidebar};
use tokio_tungstenite::tungstenite::Utf8Bytes;

use super::redact;
use crate::store::Audience;

/// Sessions in the order or among the pins; more than are ever followed at one time.
const MAX_NAMES: usize = 4_096;

/// The newest.
#[derive(Debug, Default)]
pub(crate) struct KeptSidebar(Mutex<Newest>);

#[derive(Debug, Default)]
struct Newest {
    sidebar: Sidebar,
    message: Utf8Bytes,
    /// Message for devices.
    redacted: (Sidebar, Utf8Bytes),
}

fn message(sidebar: &Sidebar) -> Utf8Bytes {
    let message = WsMessage::SidebarUpdated(Box::new(sidebar.clone()));
    serde_json::to_string(&message).unwrap_or_default().into()
}

impl KeptSidebar {
    fn lock(&self) -> MutexGuard<'_, Newest> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The newest; version 0 before the first.
    pub(crate) fn get(&self, audience: Audience) -> Sidebar {
        let newest = self.lock();
        match audience {
            Audience::Desktop => newest.sidebar.clone(),
            Audience::Device => newest.redacted.0.clone(),
        }
    }

    /// Takes another in its place, with the next version; gives what is kept.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(crate) fn put(&self, mut sidebar: Sidebar) -> Result<Sidebar, &'static str> {
        if sidebar.order.len() > MAX_NAMES || sidebar.pinned.len() > MAX_NAMES {
            return Err("more sessions than there can be");
        }
        let mut names = sidebar.order.iter().chain(&sidebar.pinned).chain(&sidebar.selected);
        if !names.all(|name| SessionId::new(name.as_str()).is_ok()) {
            return Err("`order`, `pinned` and `selected` have session ids alone");
        }
        let mut newest = self.lock();
        sidebar.version = newest.sidebar.version + 1;
        newest.message = message(&sidebar);
        newest.sidebar = sidebar.clone();
        let mut redacted = sidebar.clone();
        redact::sidebar(&mut redacted);
        newest.redacted = (redacted.clone(), message(&redacted));
        Ok(sidebar)
    }

    /// The message for a reader that has seen version `seen`, where there is a newer one.
    pub(crate) fn after(&self, seen: u64, audience: Audience) -> Option<(u64, Utf8Bytes)> {
        let newest = self.lock();
        let message = match audience {
            Audience::Desktop => &newest.message,
            Audience::Device => &newest.redacted.1,
        };
        (newest.sidebar.version > seen).then(|| (newest.sidebar.version, message.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ordered(order: &[&str]) -> Sidebar {
        let order = order.iter().map(|name| (*name).to_owned()).collect();
        Sidebar {
            order,
            version: 99,
            ..Sidebar::default()
        }
    }

    #[test]
    fn who_comes_late_or_slept_gets_the_newest_alone() {
        let kept = KeptSidebar::default();
        assert_eq!(
            (kept.get(Audience::Desktop).version, kept.after(0, Audience::Desktop)),
            (0, None)
        );
        for order in [&["a", "b"][..], &["b", "a"], &["c"]] {
            kept.put(ordered(order)).unwrap();
        }
        let (version, message) = kept.after(0, Audience::Desktop).unwrap();
        assert_eq!((version, kept.get(Audience::Desktop).order), (3, vec!["c".to_owned()]));
        assert_eq!(
            message.as_str(),
            r#"{"type":"mirror.sidebar.updated","data":{"version":3,"order":["c"],"pinned":[]}}"#
        );
        assert!(kept.after(1, Audience::Desktop).is_some() && kept.after(3, Audience::Desktop).is_none());
    }

    #[test]
    fn what_no_session_can_be_called_is_refused_and_changes_nothing() {
        let kept = KeptSidebar::default();
        kept.put(ordered(&["a"])).unwrap();
        for wrong in [
            ordered(&["../x"]),
            ordered(&[""]),
            ordered(&["<b>"]),
            ordered(&vec!["a"; MAX_NAMES + 1]),
        ] {
            assert!(kept.put(wrong).is_err());
        }
        assert_eq!(kept.get(Audience::Desktop).version, 1);
    }
}
