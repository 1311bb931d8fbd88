//! Signals of this client's identity and permissions, and, on the desktop, of the mirror. No requests.
//!
//! The server decides about permissions; the page hides what would be refused, and everything until `/api/me` is
//! answered.

use leptos::prelude::*;
use mirrord_wire::from_json;
use mirrord_wire::mirror::{AuditEntry, Device, ListenerKind, Me, MirrorStatus, Pairing, Permission};

use crate::browser::host;
use crate::format::text::shown;
use crate::state::mirror::{Faults, machine};

/// The characters of a machine's name that are shown: as many as a label of a host name has.
const NAME_CHARS: usize = 63;

/// State of the mirror.
#[derive(Clone, Copy)]
pub(crate) struct MirrorStore {
    /// Identity and permissions of this client; `None` until the server answers.
    pub(crate) me: RwSignal<Option<Me>>,
    /// Counter of reported changes that are still to be requested.
    pub(crate) news: RwSignal<u64>,
    /// Status of the mirror; `None` until it is received.
    pub(crate) status: RwSignal<Option<MirrorStatus>>,
    pub(crate) devices: RwSignal<Vec<Device>>,
    pub(crate) audit: RwSignal<Vec<AuditEntry>>,
    pub(crate) faults: RwSignal<Faults>,
    pub(crate) ticket: RwSignal<Option<Pairing>>,
}

impl MirrorStore {
    pub(crate) fn new() -> Self {
        Self {
            me: RwSignal::new(None),
            news: RwSignal::new(0),
            status: RwSignal::new(None),
            devices: RwSignal::new(Vec::new()),
            audit: RwSignal::new(Vec::new()),
            faults: RwSignal::new(Faults::default()),
            ticket: RwSignal::new(None),
        }
    }

    /// Reports a granted permission.
    pub(crate) fn may(&self, right: Permission) -> bool {
        self.me
            .read()
            .as_ref()
            .is_some_and(|me| me.permissions.contains(&right))
    }

    /// Reports a device's page.
    pub(crate) fn is_device(&self) -> bool {
        self.is_of(ListenerKind::Mirror)
    }

    /// Reports the desktop's page.
    pub(crate) fn is_desktop(&self) -> bool {
        untrack(|| self.is_of(ListenerKind::Desktop))
    }

    fn is_of(&self, listener: ListenerKind) -> bool {
        self.me.read().as_ref().is_some_and(|me| me.listener == listener)
    }

    /// The name of the machine whose sessions these are; where it has none, the one that it was reached by.
    pub(crate) fn machine(&self) -> String {
        let me = self.me.read();
        let name = me.as_ref().and_then(|me| me.host.as_deref());
        name.map_or_else(|| machine(&host()).to_owned(), |name| shown(name, NAME_CHARS))
    }

    /// Applies the answer of `/api/me`. A refusal that names the sign-in page comes from a mirror: this is an unknown
    /// device's page.
    pub(crate) fn set_me(&self, answer: Option<(u16, String)>) {
        let me = match answer {
            Some((200, text)) => from_json::<Me>(&text).ok(),
            Some((401, text)) if text.contains("/mirror/sign-in") => Some(Me::default()),
            _ => None,
        };
        if me.is_some() && self.me.with_untracked(|before| *before != me) {
            self.me.set(me);
        }
    }
}
