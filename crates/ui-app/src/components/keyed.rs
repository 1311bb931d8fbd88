//! A part of the page that is rebuilt from scratch when its key changes. Leptos patches the elements of a view of the
//! same shape; scroll positions and rows made by hand (`log_view`, `table`) would survive a change of session, view or
//! language.

use std::hash::Hash;

use leptos::prelude::*;

/// Shows `view` of the current key. `view` runs once for each key: what else it depends on has closures of its own.
pub(crate) fn keyed<K: Clone + Eq + Hash + Send + Sync + 'static>(
    key: impl Fn() -> K + Send + Sync + 'static,
    view: impl Fn(K) -> AnyView + Send + Sync + Clone + 'static,
) -> AnyView {
    view! { <For each=move || [key()] key=Clone::clone children=view/> }.into_any()
}
