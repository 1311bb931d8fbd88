//! Controller of the preferences: reads them from this browser's storage, and follows changes in its other windows.

use crate::browser::{listen, stored};
use crate::state::preferences::{self, Preferences};
use crate::store::model::Model;

/// Preferences that this browser keeps.
pub(crate) fn load() -> Preferences {
    stored(preferences::KEY)
        .map(|stored| Preferences::read(&stored))
        .unwrap_or_default()
}

/// Applies the preferences, now and whenever another window changes them.
pub(crate) fn follow(model: Model) {
    model.adopt(leptos::prelude::GetUntracked::get_untracked(&model.preferences));
    listen("storage", move |_: web_sys::Event| model.adopt(load()));
}
