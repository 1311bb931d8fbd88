//! Controller of the preferences: reads them from this browser's storage, and follows changes in its other windows.

use leptos::prelude::GetUntracked;

use crate::browser::{listen, stored};
use crate::state::preferences::{self, Preferences};
use crate::store::preferences::PreferencesStore;

/// Preferences that this browser keeps.
pub(crate) fn load() -> Preferences {
    stored(preferences::KEY)
        .map(|stored| Preferences::read(&stored))
        .unwrap_or_default()
}

/// Applies the preferences, now and whenever another window changes them.
pub(crate) fn follow(own: PreferencesStore) {
    own.apply(own.current.get_untracked());
    listen("storage", move |_: web_sys::Event| own.apply(load()));
}
