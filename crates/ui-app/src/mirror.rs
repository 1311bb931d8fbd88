//! Who this page is to the server, and, on the desktop, how the mirror does: as signals, with the requests that change it.
//!
//! What may be done is the server's to decide; what is hidden here is hidden so that nobody is offered what would be refused.
//! Until the server has said, nothing is offered.

use leptos::prelude::*;
use mirrord_wire::mirror::{AuditEntry, Device, ListenerKind, Me, MirrorStatus, Pairing, Right};
use mirrord_wire::{ApiError, from_json};

use serde::de::DeserializeOwned;

use crate::api::socket::Api;
use crate::app::ApiHandle;
use crate::browser::{every, host};
use crate::format::text::shown;
use crate::i18n::{Key, t};
use crate::model::Model;
use crate::state::connection::Connection;
use crate::state::mirror::{Body, Faults, Field, machine};
use crate::state::route::Place;

/// The characters of a machine's name that are shown: as many as a label of a host name has.
const NAME_CHARS: usize = 63;

/// What the page knows of the mirror.
#[derive(Clone, Copy)]
pub(crate) struct Mirror {
    /// Who this is; nothing while the server has not said.
    pub(crate) me: RwSignal<Option<Me>>,
    /// Counts how often it was told that there is something new to ask for.
    pub(crate) news: RwSignal<u64>,
    /// How the mirror does; nothing while it has not been told.
    pub(crate) status: RwSignal<Option<MirrorStatus>>,
    pub(crate) devices: RwSignal<Vec<Device>>,
    pub(crate) audit: RwSignal<Vec<AuditEntry>>,
    pub(crate) faults: RwSignal<Faults>,
    pub(crate) ticket: RwSignal<Option<Pairing>>,
}

impl Mirror {
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

    /// Whether something may be done here.
    pub(crate) fn may(&self, right: Right) -> bool {
        self.me
            .read()
            .as_ref()
            .is_some_and(|me| me.permissions.contains(&right))
    }

    /// Whether this page is a device's.
    pub(crate) fn is_device(&self) -> bool {
        self.is_of(ListenerKind::Mirror)
    }

    /// Whether this page is the desktop's.
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

    /// Takes in the answer of `/api/me`. The one that refuses a device says where it may sign in, which the desktop's does not.
    pub(crate) fn told_who(&self, answer: Option<(u16, String)>) {
        let me = match answer {
            Some((200, text)) => from_json::<Me>(&text).ok(),
            Some((401, text)) if text.contains("/mirror/sign-in") => Some(Me::default()),
            _ => None,
        };
        if me.is_some() && self.me.with_untracked(|before| *before != me) {
            self.me.set(me);
        }
    }

    fn told<T: DeserializeOwned + PartialEq + Send + Sync + 'static>(text: &str, into: RwSignal<T>) {
        if let Ok(value) = from_json::<T>(text)
            && into.with_untracked(|before| *before != value)
        {
            into.set(value);
        }
    }

    fn get<T: DeserializeOwned + PartialEq + Send + Sync + 'static>(api: ApiHandle, path: &str, into: RwSignal<T>) {
        let done = move |answer: Option<(u16, String)>| {
            if let Some((200, text)) = answer {
                Self::told(&text, into);
            }
        };
        api.with_value(|api| api.ask("GET", path.to_owned(), None, done));
    }

    /// Asks how the mirror does; for who looks at its settings, for its devices and its log as well.
    fn refresh(self, api: ApiHandle, all: bool) {
        Self::get(api, "/api/mirror", self.status);
        if all {
            Self::get(api, "/api/mirror/devices", self.devices);
            Self::get(api, "/api/mirror/audit", self.audit);
        }
    }

    /// Asks for a change. What is wrong with it is said beside its field.
    fn change(
        self,
        api: ApiHandle,
        field: Field,
        method: &'static str,
        path: String,
        body: Option<String>,
        done: impl FnOnce(&str) + 'static,
    ) {
        let answered = move |answer: Option<(u16, String)>| {
            let reason = match answer {
                Some((200..=299, text)) => {
                    self.faults.update(|faults| faults.set(field, None));
                    return done(&text);
                }
                Some((_, text)) => from_json::<ApiError>(&text).map_or(text, |answer| answer.error),
                None => t(Key::MirrorNoAnswer).to_owned(),
            };
            self.faults.update(|faults| faults.set(field, Some(reason)));
        };
        api.with_value(|api| api.ask(method, path, body, answered));
    }

    /// Changes a setting; it is applied at once.
    pub(crate) fn set(self, api: ApiHandle, field: Field, body: Body) {
        let path = "/api/mirror/settings".to_owned();
        self.change(api, field, "PUT", path, Some(body.end()), move |text| {
            Self::told(text, self.status);
            self.refresh(api, true);
        });
    }

    /// Has a ticket made.
    pub(crate) fn pair(self, api: ApiHandle) {
        self.change(
            api,
            Field::Pair,
            "POST",
            "/api/mirror/pair".to_owned(),
            None,
            move |text| self.ticket.set(from_json::<Pairing>(text).ok()),
        );
    }

    /// Changes a device; without a body, it is revoked, and without an id all are.
    pub(crate) fn device(self, api: ApiHandle, id: &str, body: Option<Body>) {
        let slash = if id.is_empty() { "" } else { "/" };
        let path = ["/api/mirror/devices", slash, id].concat();
        let method = if body.is_some() { "PATCH" } else { "DELETE" };
        let done = move |_: &str| self.refresh(api, true);
        self.change(api, Field::Devices, method, path, body.map(Body::end), done);
    }
}

/// Asks when there is something new to be told: on the desktop how the mirror does, on a device what it may do, which is
/// granted while its page is open.
pub(crate) fn follow(model: Model, api: ApiHandle) {
    let mirror = model.mirror;
    let is_live = Memo::new(move |_| model.connection.get() == Connection::Live);
    let is_settings = Memo::new(move |_| model.route.with(|route| route.place == Place::Settings));
    let manages = Memo::new(move |_| mirror.may(Right::ManageMirror));
    Effect::new(move |_| {
        mirror.news.track();
        if is_live.get() && manages.get() {
            mirror.refresh(api, is_settings.get());
        }
    });
    Effect::new(move |_| {
        // Where it is not on, and why, stands beside the field that it is about.
        if let Some(status) = mirror.status.read().as_ref() {
            mirror.faults.update(|faults| faults.take(status));
        }
    });
    let mut asked = 0;
    Effect::new(move |_| {
        let news = mirror.news.get();
        if std::mem::replace(&mut asked, news) != news && untrack(|| mirror.is_device()) {
            api.with_value(Api::ask_me);
        }
    });
    // The first answer may have been lost; without one, nothing is offered.
    every(WHO_MS, move || {
        if mirror.me.with_untracked(Option::is_none) && untrack(|| is_live.get()) {
            api.with_value(Api::ask_me);
        }
    });
}

/// How often it is asked who this is, for as long as that is not known.
const WHO_MS: i32 = 5_000;
