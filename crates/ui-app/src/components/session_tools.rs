//! What stands at each session: the box that chooses it, the grip that moves it, the button of its menu.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent, MouseEvent};

use super::session_menu;
use super::session_row::Row;
use crate::browser::{document, sleep};
use crate::i18n::{Key, t, with, with_two};
use crate::overview::Overview;
use crate::state::groups::range;

/// Chooses a session, to show it together with others.
#[component]
pub(crate) fn Check(#[prop(into)] id: String, data: Memo<Row>, own: Overview) -> impl IntoView {
    let id = StoredValue::new(id);
    let is_chosen = move || id.with_value(|id| own.selection.read().has(id));
    let is_shut = move || own.selection.read().is_full() && !is_chosen();
    view! {
        <label class="check-box">
            <input
                type="checkbox" data-testid="choose" data-choose=id.get_value() prop:checked=is_chosen disabled=is_shut
                aria-label=move || with(Key::ChooseSession, &data.read().command)
                on:change=move |_| own.selection.update(|own| id.with_value(|id| own.toggle(id)))
            />
        </label>
    }
}

/// Opens the menu of a session.
#[component]
pub(crate) fn MenuButton(#[prop(into)] id: String, data: Memo<Row>, own: Overview) -> impl IntoView {
    let open = move |event: MouseEvent| {
        own.meant.set(Some(id.clone()));
        let button = event
            .current_target()
            .and_then(|target| target.dyn_into::<Element>().ok());
        if let Some(button) = button {
            session_menu::open_under(&button);
        }
    };
    view! {
        <button
            type="button" class="icon" data-testid="session-menu-button" aria-haspopup="dialog"
            aria-label=move || with(Key::MenuOf, &data.read().command) on:click=open
        >
            <svg viewBox="0 0 16 16" aria-hidden="true"><circle cx="3" cy="8" r="1.4"></circle><circle cx="8" cy="8" r="1.4"></circle><circle cx="13" cy="8" r="1.4"></circle></svg>
        </button>
    }
}

/// Moves a session: with the arrow keys a place at a time, with a pointer to the row where it is let go.
#[component]
pub(crate) fn Grip(#[prop(into)] id: String, data: Memo<Row>, own: Overview) -> impl IntoView {
    let id = StoredValue::new(id);
    let name = move || with(Key::MoveSession, &data.read().command);
    let on_key = move |event: KeyboardEvent| {
        let down = match event.key().as_str() {
            "ArrowDown" => true,
            "ArrowUp" => false,
            _ => return,
        };
        event.prevent_default();
        event.stop_propagation();
        id.with_value(|id| {
            shift(own, id, down, &data.read_untracked().command);
            hold(id);
        });
    };
    let on_down = move |event: MouseEvent| {
        event.prevent_default();
        drag(own, id.get_value(), data);
    };
    view! {
        <button
            type="button" class="grip" data-testid="grip" data-grip=id.get_value() hidden=move || !own.rights.get().arrange
            aria-label=name title=name on:keydown=on_key on:pointerdown=move |event| on_down(event.unchecked_into())
        >
            <svg viewBox="0 0 8 14" aria-hidden="true"><path d="M2 2h.01M6 2h.01M2 7h.01M6 7h.01M2 12h.01M6 12h.01"></path></svg>
        </button>
    }
}

/// Moves a session by one place: for the arrow keys, and for the menu, since not everybody can drag.
pub(crate) fn shift(own: Overview, id: &str, down: bool, name: &str) {
    let Some((_, at)) = range(&own.groups.read_untracked(), id) else {
        return;
    };
    put(own, id, if down { at + 1 } else { at.saturating_sub(1) }, name);
}

/// Puts a session at a place, as far as its group goes, and says where it is.
fn put(own: Overview, id: &str, place: usize, name: &str) {
    let Some((within, _)) = range(&own.groups.read_untracked(), id) else {
        return;
    };
    let place = place.clamp(within.start, within.end.saturating_sub(1));
    let shown = own.shown();
    own.change(|own| {
        own.put(&shown, id, place);
    });
    own.said
        .set(with_two(Key::MovedTo, name, &(place - within.start + 1).to_string()));
}

/// Keeps the focus on a session's grip.
fn hold(id: &str) {
    let grip = ["[data-grip=\"", id, "\"]"].concat();
    leptos::task::spawn_local(async move {
        // The row is put elsewhere after this, and loses the focus.
        sleep(0, drop).await;
        if let Some(grip) = found(&grip).and_then(|grip| grip.dyn_into::<HtmlElement>().ok()) {
            drop(grip.focus());
        }
    });
}

fn found(selector: &str) -> Option<Element> {
    document()?.query_selector(selector).ok()?
}

/// The session of the row at a point.
fn row_at(event: &MouseEvent) -> Option<Element> {
    let (x, y) = (event.client_x() as f32, event.client_y() as f32);
    document()?.element_from_point(x, y)?.closest("tr[data-row]").ok()?
}

fn mark(row: Option<&Element>) {
    if let Some(before) = found("tr.target-row") {
        drop(before.class_list().remove_1("target-row"));
    }
    if let Some(row) = row {
        drop(row.class_list().add_1("target-row"));
    }
}

/// Follows the pointer until it is let go. The row stays where it is meanwhile: only where it would go is marked.
fn drag(own: Overview, id: String, data: Memo<Row>) {
    use wasm_bindgen::prelude::Closure;
    let Some(document) = document() else { return };
    let on_move =
        Closure::<dyn FnMut(MouseEvent)>::new(|event: MouseEvent| mark(row_at(&event).as_ref())).into_js_value();
    let (moves, page) = (on_move.clone(), document.clone());
    // Once: it goes with the event that it waits for.
    let on_up = Closure::once_into_js(move |event: MouseEvent| {
        drop(page.remove_event_listener_with_callback("pointermove", moves.unchecked_ref()));
        mark(None);
        let target = row_at(&event).and_then(|row| row.get_attribute("data-row"));
        let place = target
            .filter(|target| *target != id)
            .and_then(|target| own.shown().iter().position(|one| *one == target));
        if let Some(place) = place {
            put(own, &id, place, &data.read_untracked().command);
            hold(&id);
        }
    });
    drop(document.add_event_listener_with_callback("pointermove", on_move.unchecked_ref()));
    let once = js_sys::Object::new();
    drop(js_sys::Reflect::set(&once, &"once".into(), &true.into()));
    let add = js_sys::Reflect::get(&document, &"addEventListener".into());
    if let Ok(add) = add.and_then(|add| add.dyn_into::<js_sys::Function>()) {
        drop(add.call3(&document, &"pointerup".into(), &on_up, &once));
    }
}

/// Chooses the session whose row has the focus; the first key of the overview. Whether there was one.
pub(crate) fn choose_focused(own: Overview) -> bool {
    let focused = document().and_then(|document| document.active_element());
    let row = focused.and_then(|focused| focused.closest("tr[data-row], li").ok().flatten());
    let link = row.and_then(|row| row.query_selector("[data-choose], [data-session-id]").ok().flatten());
    let id = link.and_then(|link| {
        link.get_attribute("data-choose")
            .or(link.get_attribute("data-session-id"))
    });
    let Some(id) = id else {
        return false;
    };
    own.selection.update(|own| own.toggle(&id));
    true
}

/// What a button without a word is called.
pub(crate) fn close_button(id: &'static str) -> AnyView {
    view! {
        <button type="button" class="icon" aria-label=t(Key::Close) title=t(Key::Close) on:click=move |_| super::dialog::close(id)>
            <svg viewBox="0 0 16 16" aria-hidden="true"><path class="cross" d="M4 4l8 8M12 4l-8 8"></path></svg>
        </button>
    }
    .into_any()
}
