//! The keyboard: `/` searches, `j` `k` and the arrows move, Enter shows details, Escape closes them, `p` pauses, End follows.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};

use super::log_view::step;
use crate::browser::{document, focus, listen as listen_to};
use crate::model::Model;

/// Rows that a page key moves by.
const PAGE: i64 = 20;

/// Listens as long as the page lives.
pub(crate) fn listen(model: Model) {
    listen_to("keydown", move |event: KeyboardEvent| {
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let done = if is_typing(&event) {
            leave(&event)
        } else {
            press(model, &event)
        };
        if done {
            event.prevent_default();
        }
    });
}

fn target(event: &KeyboardEvent) -> Option<Element> {
    event.target()?.dyn_into().ok()
}

fn is_typing(event: &KeyboardEvent) -> bool {
    target(event).is_some_and(|target| matches!(target.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT"))
}

/// In a field only Escape and Enter are ours: they lead on to the log.
fn leave(event: &KeyboardEvent) -> bool {
    let is_search = target(event).is_some_and(|target| target.id() == "search");
    matches!(event.key().as_str(), "Enter" | "Escape") && is_search && focus("log")
}

fn press(model: Model, event: &KeyboardEvent) -> bool {
    let in_session = model.route.with_untracked(|route| route.session().is_some());
    let on_control = target(event).is_some_and(|target| matches!(target.tag_name().as_str(), "BUTTON" | "A"));
    match event.key().as_str() {
        "/" => focus(if in_session { "search" } else { "filter-sessions" }),
        "Escape" => {
            model.selected.with_untracked(Option::is_some) && {
                model.selected.set(None);
                focus("log")
            }
        }
        _ if !in_session => false,
        "j" | "ArrowDown" => select(model, 1),
        "k" | "ArrowUp" => select(model, -1),
        "PageDown" => select(model, PAGE),
        "PageUp" => select(model, -PAGE),
        "Home" => select(model, i64::MIN),
        "End" => {
            model.follow();
            true
        }
        "p" => {
            model.toggle_pause();
            true
        }
        "Enter" if !on_control => select(model, 0) && show_detail(),
        _ => false,
    }
}

fn select(model: Model, by: i64) -> bool {
    let before = model.selected.get_untracked();
    let next = model.log.with_value(|log| step(log, before, by));
    if next.is_some() {
        model.following.set(false);
        model.selected.set(next);
    }
    next.is_some()
}

fn show_detail() -> bool {
    // The panel is in the page with the selection; focus goes to it so that its buttons are the next stop.
    document().is_some() && focus("detail")
}
