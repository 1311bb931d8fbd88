//! Keyed parts of the page. Leptos patches the elements of a view of the same shape; scroll positions and rows made by
//! hand (`log_view`, `table`) would survive a change of session, view or language.
//!
//! Every list goes through [`rows`]: an instantiation of `For` is some 8 KB of wasm, and this is the only one.

use std::sync::{Arc, Mutex, PoisonError};

use leptos::prelude::*;

/// Shows a row for each key, and keeps the elements of the keys that stay.
pub(crate) fn rows(
    keys: impl Fn() -> Vec<String> + Send + Sync + 'static,
    row: impl Fn(String) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    list(Box::new(keys), Arc::new(row))
}

/// Shows `view` of the current key, and rebuilds it from scratch when that changes. `view` runs once for each key: what
/// else it depends on has closures of its own.
pub(crate) fn keyed<K: Clone + PartialEq + Send + 'static>(
    key: impl Fn() -> K + Send + Sync + 'static,
    view: impl Fn(K) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    // The current key, and the number of changes so far. Untracked: what is around it is not rebuilt with it.
    let current = Arc::new(Mutex::new((0_u32, untrack(&key))));
    let shown = Arc::clone(&current);
    let generation = move || {
        let next = key();
        let mut current = current.lock().unwrap_or_else(PoisonError::into_inner);
        if current.1 != next {
            *current = (current.0 + 1, next);
        }
        vec![current.0.to_string()]
    };
    rows(generation, move |_| {
        let key = shown.lock().unwrap_or_else(PoisonError::into_inner).1.clone();
        view(key)
    })
}

type Keys = Box<dyn Fn() -> Vec<String> + Send + Sync>;
type Row = Arc<dyn Fn(String) -> AnyView + Send + Sync>;

fn list(keys: Keys, row: Row) -> AnyView {
    view! { <For each=keys key=Clone::clone children=move |key| row(key)/> }.into_any()
}
