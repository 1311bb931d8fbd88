//! What changes in a view, boxed. Each closure in a view is otherwise compiled with the whole machinery around it once
//! more: boxed, there is one copy a type of value, which halves what the page weighs.

use crate::components::dom::prelude::*;

/// A value that is computed again when what it reads changes.
pub(crate) type Dynamic<T> = Box<dyn FnMut() -> T + Send>;

/// What a memo runs.
type Computed<T> = Box<dyn Fn(Option<&T>) -> T + Send + Sync>;

/// Boxes what a view shows: a text, an attribute, a part.
pub(crate) fn dynamic<T>(value: impl FnMut() -> T + Send + 'static) -> Dynamic<T> {
    Box::new(value)
}

/// A value that is passed on only when it differs.
pub(crate) fn memo<T: PartialEq + Send + Sync + 'static>(value: impl Fn() -> T + Send + Sync + 'static) -> Memo<T> {
    Memo::new(Box::new(move |_: Option<&T>| value()) as Computed<T>)
}

/// For the `hidden` of a part that is there while a condition holds. Cheaper than to make the part and to take it away.
pub(crate) fn unless(condition: impl Fn() -> bool + Send + 'static) -> Dynamic<bool> {
    dynamic(move || !condition())
}

/// Runs again when what it reads changes.
pub(crate) fn effect(run: impl FnMut() + 'static) {
    let mut boxed: Box<dyn FnMut()> = Box::new(run);
    Effect::new(move |_: Option<()>| boxed());
}
