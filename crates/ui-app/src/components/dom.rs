//! The page's elements: what `view!` of `mirrord-ui-macro` compiles to. One type for all that is shown, one effect for all
//! that changes, one listener for all events; leptos's own views are a type for each element with all that it holds, and
//! were a third of the page. Signals, memos, effects and owners are leptos's.
//!
//! How to use it: `use crate::components::dom::prelude::*;` in place of `leptos::prelude::*`. What differs from leptos:
//! what changes is boxed, `dynamic(move || …)`; a component's attributes are its arguments, in its order; what stands as
//! an attribute or a child is what implements [`Attribute`] or [`Child`].
//!
//! Invariant: an effect of an element ends with the owner that it was made under. The part of a page that is made anew, and
//! a row of a list, are owners.

mod parts;
mod values;

use leptos::prelude::{IsDisposed, LocalStorage, Owner, RenderEffect, RwSignal, Set, StoredValue};
use wasm_bindgen::{JsCast, JsValue, UnwrapThrowExt, prelude::Closure};
use web_sys::{Document, Element, Event, HtmlElement, Node};

pub(crate) use parts::rows;
use values::Value;
pub(crate) use values::{Attribute, Child, CollectView, IntoAny};

use crate::browser::window;

/// What a file with views needs.
pub(crate) mod prelude {
    pub(crate) use super::{AnyView, CollectView, IntoAny, NodeRef};
    pub(crate) use leptos::prelude::*;
    pub(crate) use mirrord_ui_macro::{component, view};
}

const SVG: &str = "http://www.w3.org/2000/svg";

/// Something to show: an element, a text, or a fragment of some.
#[derive(Clone)]
pub(crate) struct AnyView(Node);

/// Which of an element's sides a value is for.
#[derive(Clone, Copy)]
enum Side {
    Attribute,
    Class,
    Property,
}

fn document() -> Document {
    window().document().unwrap_throw()
}

/// An element with its fixed attributes. The names are the page's own, so that a browser takes them.
pub(crate) fn element(tag: &str, in_svg: bool, fixed: &[(&str, &str)]) -> AnyView {
    let document = document();
    let made = if in_svg {
        document.create_element_ns(Some(SVG), tag)
    } else {
        document.create_element(tag)
    };
    let made = made.unwrap_throw();
    for (name, value) in fixed {
        drop(made.set_attribute(name, value));
    }
    AnyView(made.into())
}

/// Some elements beside each other.
pub(crate) fn fragment() -> AnyView {
    AnyView(document().create_document_fragment().into())
}

fn text(says: &str) -> Node {
    document().create_text_node(says).into()
}

/// Runs `run` now, and again when what it reads changes, as long as the owner lives.
fn react(mut run: Box<dyn FnMut()>) {
    StoredValue::new_local(RenderEffect::new(move |_: Option<()>| run()));
}

impl AnyView {
    /// Puts a child behind those that are there.
    pub(crate) fn add(&self, child: impl Child) {
        child.put(self);
    }

    fn append(&self, node: &Node) {
        drop(self.0.append_child(node));
    }

    /// An attribute that is not fixed.
    pub(crate) fn set(&self, name: &'static str, value: impl Attribute) {
        self.apply(Side::Attribute, name, value.value());
    }

    /// A class that comes and goes.
    pub(crate) fn class(&self, name: &'static str, value: impl Attribute) {
        self.apply(Side::Class, name, value.value());
    }

    /// What a field holds, which is not its attribute.
    pub(crate) fn property(&self, name: &'static str, value: impl Attribute) {
        self.apply(Side::Property, name, value.value());
    }

    fn apply(&self, side: Side, name: &'static str, value: Value) {
        let element: Element = self.0.clone().unchecked_into();
        match value {
            Value::Fixed(value) => apply(&element, side, name, value.as_deref()),
            Value::Live(mut value) => {
                let mut before = None;
                react(Box::new(move || {
                    let now = Some(value());
                    if now != before {
                        apply(&element, side, name, now.as_ref().and_then(Option::as_deref));
                        before = now;
                    }
                }));
            }
        }
    }

    /// Has `run` called at each event of a name.
    pub(crate) fn on<E: JsCast>(&self, name: &'static str, mut run: impl FnMut(E) + 'static) {
        self.listen(name, Box::new(move |event| run(event.unchecked_into())));
    }

    fn listen(&self, name: &'static str, mut run: Box<dyn FnMut(Event)>) {
        // A browser may tell of an element once more after it has gone: a menu that was open then says that it is closed.
        let owned = StoredValue::new(());
        let run: Box<dyn FnMut(Event)> = Box::new(move |event| {
            if !owned.is_disposed() {
                run(event);
            }
        });
        // The browser has it from here on, and drops it with the element.
        let run = Closure::wrap(run).into_js_value();
        drop(self.0.add_event_listener_with_callback(name, run.unchecked_ref()));
    }

    /// Lets `holder` find the element.
    pub(crate) fn held_by(&self, holder: NodeRef) {
        holder.0.set(Some(self.0.clone().unchecked_into()));
    }
}

/// `None` takes away what is there.
fn apply(element: &Element, side: Side, name: &str, value: Option<&str>) {
    match (side, value) {
        (Side::Attribute, Some(value)) => drop(element.set_attribute(name, value)),
        (Side::Attribute, None) => drop(element.remove_attribute(name)),
        (Side::Class, Some(_)) => drop(element.class_list().add_1(name)),
        (Side::Class, None) => drop(element.class_list().remove_1(name)),
        (Side::Property, value) => {
            // A box is checked or not; all else that a field holds is a text.
            let value = if name == "checked" {
                JsValue::from_bool(value.is_some())
            } else {
                JsValue::from_str(value.unwrap_or_default())
            };
            drop(js_sys::Reflect::set(element, &JsValue::from_str(name), &value));
        }
    }
}

/// Where an element is found once it is made.
#[derive(Clone, Copy)]
pub(crate) struct NodeRef(RwSignal<Option<HtmlElement>, LocalStorage>);

impl NodeRef {
    pub(crate) fn new() -> Self {
        Self(RwSignal::new_local(None))
    }

    /// The element; asked again once it is there.
    pub(crate) fn get(&self) -> Option<HtmlElement> {
        leptos::prelude::Get::get(&self.0)
    }

    pub(crate) fn get_untracked(&self) -> Option<HtmlElement> {
        leptos::prelude::GetUntracked::get_untracked(&self.0)
    }
}

/// Shows the page, for as long as it lives.
pub(crate) fn mount(page: impl FnOnce() -> AnyView) {
    // Says no where it is done already, which is as good.
    let _ = any_spawner::Executor::init_wasm_bindgen();
    let owner = Owner::new();
    let view = owner.with(page);
    if let Some(body) = document().body() {
        drop(body.append_child(&view.0));
    }
    std::mem::forget(owner);
}
