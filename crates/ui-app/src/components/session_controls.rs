//! Controls of a session's row: check box, drag handle and menu button.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent, MouseEvent, PointerEvent};

use super::session_menu;
use super::session_row::Row;
use crate::browser::{document, sleep};
use crate::erased::handler;
use crate::i18n::{Key, with};
use crate::store::overview::OverviewStore;

/// Chooses a session, to show it together with others.
#[component]
pub(crate) fn Check(#[prop(into)] id: String, data: Memo<Row>, own: OverviewStore) -> impl IntoView {
    let id = StoredValue::new(id);
    let is_chosen = move || id.with_value(|id| own.selection.read().has(id));
    let is_shut = move || own.selection.read().is_full() && !is_chosen();
    view! {
        <label class="check-box">
            <input
                type="checkbox" data-testid="choose" data-choose=id.get_value() prop:checked=move || is_chosen() disabled=move || is_shut()
                aria-label=move || with(Key::ChooseSession, &data.read().command)
                on:change=handler(move |_| own.selection.update(|own| id.with_value(|id| own.toggle(id))))
            />
        </label>
    }
}

/// Opens the menu of a session.
#[component]
pub(crate) fn MenuButton(#[prop(into)] id: String, data: Memo<Row>, own: OverviewStore) -> impl IntoView {
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
            aria-label=move || with(Key::MenuOf, &data.read().command) on:click=handler(open)
        >
            <svg viewBox="0 0 16 16" aria-hidden="true"><circle cx="3" cy="8" r="1.4"></circle><circle cx="8" cy="8" r="1.4"></circle><circle cx="13" cy="8" r="1.4"></circle></svg>
        </button>
    }
}

/// Moves a session: with the arrow keys a place at a time, with a pointer to the row where it is let go.
#[component]
pub(crate) fn DragHandle(#[prop(into)] id: String, data: Memo<Row>, own: OverviewStore) -> impl IntoView {
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
            own.move_by_one(id, down, &data.read_untracked().command);
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
            aria-label=move || name() title=move || name() on:keydown=handler(on_key) on:pointerdown=handler(move |event: PointerEvent| on_down(event.into()))
        >
            <svg viewBox="0 0 8 14" aria-hidden="true"><path d="M2 2h.01M6 2h.01M2 7h.01M6 7h.01M2 12h.01M6 12h.01"></path></svg>
        </button>
    }
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
fn drag(own: OverviewStore, id: String, data: Memo<Row>) {
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
            own.move_to(&id, place, &data.read_untracked().command);
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
