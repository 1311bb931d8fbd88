//! Boxed closures for Leptos: what takes a closure by its own type is compiled once for each, and a page has a hundred of
//! them. `view!` boxes those that it sees, `{move || …}` and `name=move || …`; event handlers and effects are boxed here.

use leptos::prelude::Effect;

/// Boxes an event handler, so that there is one type of handler for each type of event.
pub(crate) fn handler<E>(run: impl FnMut(E) + 'static) -> Box<dyn FnMut(E)> {
    Box::new(run)
}

/// Creates an [`Effect`] without a value, from a boxed closure.
pub(crate) fn effect(run: impl FnMut() + 'static) {
    let run: Box<dyn FnMut()> = Box::new(run);
    Effect::new(run);
}
