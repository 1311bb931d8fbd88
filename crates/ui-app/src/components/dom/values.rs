//! What may stand as an attribute or as a child. Each way to write a value comes down to one.

use std::borrow::Cow;

use leptos::prelude::{Get, Memo, Signal};
use wasm_bindgen::JsCast;
use web_sys::Text;

use super::super::dynamic::Dynamic;
use super::parts::Part;
use super::{AnyView, fragment, react, text};

/// A value of an attribute; `None` where it is not there.
type Held = Option<Cow<'static, str>>;

/// What an attribute is set to, once or again and again.
pub(crate) enum Value {
    Fixed(Held),
    Live(Box<dyn FnMut() -> Held>),
}

/// What is a text by itself.
pub(crate) trait Plain: Sized + 'static {
    fn plain(self) -> Held;
}

impl Plain for String {
    fn plain(self) -> Held {
        Some(self.into())
    }
}

impl Plain for &'static str {
    fn plain(self) -> Held {
        Some(self.into())
    }
}

impl Plain for bool {
    fn plain(self) -> Held {
        self.then_some(Cow::Borrowed(""))
    }
}

impl<T: Plain> Plain for Option<T> {
    fn plain(self) -> Held {
        self.and_then(T::plain)
    }
}

/// What an attribute may be set to.
pub(crate) trait Attribute {
    fn value(self) -> Value;
}

impl<T: Plain> Attribute for T {
    fn value(self) -> Value {
        Value::Fixed(self.plain())
    }
}

impl<T: Plain> Attribute for Dynamic<T> {
    fn value(mut self) -> Value {
        Value::Live(Box::new(move || self().plain()))
    }
}

impl<T: Plain + Clone + Send + Sync> Attribute for Signal<T> {
    fn value(self) -> Value {
        Value::Live(Box::new(move || self.get().plain()))
    }
}

impl<T: Plain + Clone + Send + Sync> Attribute for Memo<T> {
    fn value(self) -> Value {
        Value::Live(Box::new(move || self.get().plain()))
    }
}

/// What may stand in an element.
pub(crate) trait Child: Sized {
    fn put(self, parent: &AnyView);

    /// As something of its own.
    fn alone(self) -> AnyView {
        let own = fragment();
        self.put(&own);
        own
    }
}

impl Child for &str {
    fn put(self, parent: &AnyView) {
        parent.append(&text(self));
    }
}

impl Child for String {
    fn put(self, parent: &AnyView) {
        self.as_str().put(parent);
    }
}

impl Child for () {
    fn put(self, _: &AnyView) {}
}

impl Child for AnyView {
    fn put(self, parent: &AnyView) {
        parent.append(&self.0);
    }

    fn alone(self) -> AnyView {
        self
    }
}

impl<T: Child> Child for Option<T> {
    fn put(self, parent: &AnyView) {
        if let Some(child) = self {
            child.put(parent);
        }
    }
}

impl<T: Child> Child for Vec<T> {
    fn put(self, parent: &AnyView) {
        self.into_iter().for_each(|child| child.put(parent));
    }
}

impl<T: Child, const N: usize> Child for [T; N] {
    fn put(self, parent: &AnyView) {
        self.into_iter().for_each(|child| child.put(parent));
    }
}

impl<T: Plain> Child for Dynamic<T> {
    fn put(mut self, parent: &AnyView) {
        live_text(parent, Box::new(move || self().plain()));
    }
}

impl Child for Dynamic<AnyView> {
    fn put(mut self, parent: &AnyView) {
        let part = Part::new(parent);
        react(Box::new(move || part.show(&self())));
    }
}

impl Child for Dynamic<Option<AnyView>> {
    fn put(mut self, parent: &AnyView) {
        let own: Dynamic<AnyView> = Box::new(move || self().into_any());
        own.put(parent);
    }
}

fn live_text(parent: &AnyView, mut says: Box<dyn FnMut() -> Held>) {
    let node = text("");
    parent.append(&node);
    let node: Text = node.unchecked_into();
    let mut before = Held::default();
    react(Box::new(move || {
        let now = says();
        if now != before {
            node.set_data(now.as_deref().unwrap_or_default());
            before = now;
        }
    }));
}

/// Makes one view of what may be a child.
pub(crate) trait IntoAny {
    fn into_any(self) -> AnyView;
}

impl<T: Child> IntoAny for T {
    fn into_any(self) -> AnyView {
        self.alone()
    }
}

/// Makes one view of many.
pub(crate) trait CollectView {
    fn collect_view(self) -> AnyView;
}

impl<T: Child, I: IntoIterator<Item = T>> CollectView for I {
    fn collect_view(self) -> AnyView {
        let own = fragment();
        self.into_iter().for_each(|child| child.put(&own));
        own
    }
}
