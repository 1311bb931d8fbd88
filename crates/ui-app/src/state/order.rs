//! Arrangement of the sessions by the reader: grouping, sorting, an own order, pins, keys. Kept in the browser in the
//! form of `storage_format`.
//!
//! Mirrors follow the same struct: [`Arrangement::sidebar`] writes it as the document, [`Arrangement::followed`] reads
//! it. It holds ids only; `groups` reads the sessions themselves.

use std::collections::BTreeMap;

use mirrord_wire::SessionId;
use mirrord_wire::mirror::Sidebar;
use serde::{Deserialize, Serialize};

use super::percent::{decoded, push_encoded};
use super::storage_format::{choice, parts};

/// The key in the browser's storage.
pub const KEY: &str = "mirrord.sessions";
/// The format's version.
const VERSION: &str = "1";
/// The longest text that is read; what is longer is not ours.
pub const MAX_BYTES: usize = 64 * 1024;
/// The most ids in the order, and among the pins: beyond, those that were arranged longest ago are forgotten.
pub const MAX_IDS: usize = 256;
/// The most keys; beyond, the one that was given first is forgotten.
pub const MAX_KEYS: usize = 64;
/// The longest key, characters.
pub const MAX_KEY_CHARS: usize = 32;

choice! {
    /// Criterion of the groups.
    Grouping {
        /// Status of the sessions.
        #[default]
        Status = "status",
        /// Target of the sessions.
        Target = "target",
        /// The namespace of that.
        Namespace = "namespace",
        /// The key that they were given.
        Key = "key",
        /// Nothing: all together.
        None = "none",
    }
}

choice! {
    /// Criterion of the order.
    Sorting {
        /// Latest start or end first.
        #[default]
        Newest = "newest",
        /// By command.
        Name = "name",
        /// The most events a second.
        Rate = "rate",
        /// The most events.
        Events = "events",
        /// As the reader put them.
        Own = "own",
    }
}

/// Arrangement of the sessions.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Arrangement {
    /// Criterion of the groups.
    pub grouping: Grouping,
    /// Criterion of the order.
    pub sorting: Sorting,
    /// The reader's own order. Sessions that are not in it come first: they are new.
    pub order: Vec<String>,
    /// Pinned sessions, first in their groups.
    pub pinned: Vec<String>,
    /// The keys that the reader gave: id and key.
    keys: Vec<(String, String)>,
}

/// Part of the sidebar that pages alone read.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct View {
    group: String,
    sort: String,
    keys: BTreeMap<String, String>,
}

impl Arrangement {
    /// Reads what was stored.
    #[must_use]
    pub fn read(stored: &str) -> Self {
        let mut own = Self::default();
        for (name, value) in parts(stored, VERSION, MAX_BYTES) {
            match name {
                "group" => own.grouping = Grouping::of_word(value),
                "sort" => own.sorting = Sorting::of_word(value),
                "order" => own.order = ids(value.split(',')),
                "pinned" => own.pinned = ids(value.split(',')),
                "key" => {
                    if let Some((id, key)) = value.split_once(':') {
                        own.name(id, &decoded(key));
                    }
                }
                _ => {}
            }
        }
        own
    }

    /// Writes what [`Arrangement::read`] reads.
    #[must_use]
    pub fn written(&self) -> String {
        let mut out = [
            VERSION,
            ";group=",
            self.grouping.word(),
            ";sort=",
            self.sorting.word(),
            ";order=",
            &self.order.join(","),
            ";pinned=",
            &self.pinned.join(","),
        ]
        .concat();
        for (id, key) in &self.keys {
            out.push_str(";key=");
            out.push_str(id);
            out.push(':');
            push_encoded(&mut out, key);
        }
        out
    }

    /// The key that the reader gave a session.
    #[must_use]
    pub fn key(&self, id: &str) -> Option<&str> {
        let found = self.keys.iter().find(|(own, _)| own == id);
        found.map(|(_, key)| key.as_str())
    }

    /// Gives a session a key, or takes it away with an empty one.
    pub fn name(&mut self, id: &str, key: &str) {
        self.keys.retain(|(own, _)| own != id);
        let key = key.trim().chars().filter(|one| !one.is_control());
        let key: String = key.take(MAX_KEY_CHARS).collect();
        let key = key.trim();
        if key.is_empty() || SessionId::new(id).is_err() {
            return;
        }
        if self.keys.len() >= MAX_KEYS {
            self.keys.remove(0);
        }
        self.keys.push((id.to_owned(), key.to_owned()));
    }

    /// Reports a pinned session.
    #[must_use]
    pub fn is_pinned(&self, id: &str) -> bool {
        self.pinned.iter().any(|own| own == id)
    }

    /// Pins a session, or takes the pin away.
    pub fn toggle_pin(&mut self, id: &str) {
        let before = self.pinned.len();
        self.pinned.retain(|own| own != id);
        if self.pinned.len() == before {
            self.pinned.insert(0, id.to_owned());
            self.pinned.truncate(MAX_IDS);
        }
    }

    /// Puts a session at another place: `shown` is everything in the order in which it is shown, and becomes the
    /// reader's own order. `place` is the place in `shown` that the session will have. Whether anything moved.
    pub fn put(&mut self, shown: &[String], id: &str, place: usize) -> bool {
        let Some(from) = shown.iter().position(|own| own == id) else {
            return false;
        };
        let place = place.min(shown.len() - 1);
        let mut order = shown.to_vec();
        let moved = order.remove(from);
        order.insert(place, moved);
        order.truncate(MAX_IDS);
        self.sorting = Sorting::Own;
        self.order = order;
        from != place
    }

    /// The document that mirrors follow, as JSON. `shown` is the order that is seen, whatever made it.
    #[must_use]
    pub fn sidebar(&self, shown: &[String], selected: Option<&str>) -> String {
        let keys = self.keys.iter().cloned().collect();
        let view = View {
            group: self.grouping.word().to_owned(),
            sort: self.sorting.word().to_owned(),
            keys,
        };
        let sidebar = Sidebar {
            order: shown.iter().take(MAX_IDS).cloned().collect(),
            pinned: self.pinned.clone(),
            selected: selected.map(str::to_owned),
            view: Some(view),
            version: 0,
        };
        // Strings and maps of strings: nothing in it can fail to be written.
        serde_json::to_string(&sidebar).unwrap_or_default()
    }

    /// Reads what the desktop shows, and the session that is open there; `None` if the document cannot be read.
    #[must_use]
    pub fn followed(sidebar: &Sidebar) -> Option<(Self, Option<String>)> {
        let mut next = Self {
            order: ids(sidebar.order.iter().map(String::as_str)),
            pinned: ids(sidebar.pinned.iter().map(String::as_str)),
            ..Self::default()
        };
        if let Some(view) = &sidebar.view {
            let view: View = mirrord_wire::from_value(view.clone()).ok()?;
            next.grouping = Grouping::of_word(&view.group);
            next.sorting = Sorting::of_word(&view.sort);
            view.keys.iter().for_each(|(id, key)| next.name(id, key));
        }
        // Whatever the desktop sorts by: what it shows is what is followed.
        if !next.order.is_empty() {
            next.sorting = Sorting::Own;
        }
        Some((next, sidebar.selected.clone()))
    }
}

/// Ids that are some, each once, and not too many.
fn ids<'a>(all: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for id in all.filter(|id| SessionId::new(*id).is_ok()) {
        if out.len() < MAX_IDS && !out.iter().any(|own| own == id) {
            out.push(id.to_owned());
        }
    }
    out
}

#[cfg(test)]
#[path = "order_tests.rs"]
mod tests;
