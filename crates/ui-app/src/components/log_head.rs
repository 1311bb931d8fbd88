//! Heads of the log's columns: they are widened by dragging an edge, or by the arrow keys on it; a menu chooses them. The
//! head of the times goes on to the next format.

use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent, PointerEvent};

use crate::erased::handler;
use crate::i18n::{Key, t};
use crate::state::columns::{Column, WIDTHS};
use crate::state::preferences::Times;
use crate::store::app_state::use_store;
use crate::store::preferences::PreferencesStore;

/// Step of an arrow key, pixels.
const STEP: i32 = 8;
const MENU: &str = "columns";

fn word(column: Column) -> Key {
    match column {
        Column::Time => Key::FieldTime,
        Column::Kind => Key::ColumnType,
        Column::Session => Key::ColumnSession,
        Column::Process => Key::FieldProcess,
        Column::Pid => Key::ColumnPid,
        Column::Operation => Key::FieldOperation,
        Column::Outcome => Key::ColumnOutcome,
        Column::Routing => Key::FieldRouting,
    }
}

/// A column that is being widened: where the pointer was, and its width then.
type Drag = Option<(Column, i32, i32)>;

/// The heads and the menu.
#[component]
pub(crate) fn LogHead() -> impl IntoView {
    let drag = RwSignal::new(None);
    let (before, behind): (Vec<_>, Vec<_>) = Column::ALL.into_iter().partition(|column| !column.is_behind_text());
    view! {
        <div class="row log-head" data-testid="log-head">
            {before.into_iter().map(|column| head(column, drag)).collect_view()}
            <span class="text">{t(Key::ColumnWhat)}</span>
            {behind.into_iter().map(|column| head(column, drag)).collect_view()}
            {menu()}
        </div>
    }
}

fn head(column: Column, drag: RwSignal<Drag>) -> AnyView {
    let preferences: PreferencesStore = use_store();
    let cell = NodeRef::<Div>::new();
    let width = move || cell.get_untracked().map_or(0, |cell| cell.offset_width());
    let widen = move |width: i32| {
        let width = u16::try_from(width).unwrap_or(0).clamp(WIDTHS.0, WIDTHS.1);
        preferences.try_out(|own| own.columns = own.columns.with_width(column, width));
    };
    // Which way a column grows: its edge is on the side of what a row says, wherever reading starts.
    let sign = move || {
        let is_rtl = cell
            .get_untracked()
            .is_some_and(|cell| cell.matches(":dir(rtl)") == Ok(true));
        if is_rtl == column.is_behind_text() { 1 } else { -1 }
    };
    let on_down = move |event: PointerEvent| {
        event.prevent_default();
        let edge = event
            .current_target()
            .and_then(|edge| edge.dyn_into::<HtmlElement>().ok());
        if let Some(edge) = edge {
            drop(edge.set_pointer_capture(event.pointer_id()));
            drop(edge.focus());
        }
        drag.set(Some((column, event.client_x(), width())));
    };
    let on_move = move |event: PointerEvent| {
        if let Some((_, x, width)) = drag.get_untracked().filter(|(own, ..)| *own == column) {
            widen(width + sign() * (event.client_x() - x));
        }
    };
    let on_up = move |_: PointerEvent| {
        if drag.try_update(Option::take).flatten().is_some() {
            preferences.update(|_| ());
        }
    };
    let on_key = move |event: KeyboardEvent| {
        let step = match event.key().as_str() {
            "ArrowLeft" => -STEP,
            "ArrowRight" => STEP,
            "Home" => {
                preferences.update(|own| own.columns = own.columns.with_width(column, 0));
                0
            }
            _ => return,
        };
        event.prevent_default();
        event.stop_propagation();
        if step != 0 {
            widen(width() + sign() * step);
            preferences.update(|_| ());
        }
    };
    let now = move || preferences.current.read().columns.width(column).to_string();
    let reset = move |_| preferences.update(|own| own.columns = own.columns.with_width(column, 0));
    let name = if column == Column::Time {
        let next = move |_| preferences.update(|own| own.times = Times::at(own.times as usize + 1));
        view! { <button type="button" class="link" data-testid="next-times" title=t(Key::Times) on:click=handler(next)>{t(word(column))}</button> }.into_any()
    } else {
        view! { <span>{t(word(column))}</span> }.into_any()
    };
    view! {
        <div class=column.slug() class:behind=column.is_behind_text() node_ref=cell>
            {name}
            <div class="edge" role="separator" tabindex="0" aria-orientation="vertical" aria-label=t(word(column))
                aria-valuenow=now aria-valuemin=WIDTHS.0.to_string() aria-valuemax=WIDTHS.1.to_string()
                data-testid=["edge-", column.slug()].concat()
                on:pointerdown=handler(on_down) on:pointermove=handler(on_move) on:pointerup=handler(on_up) on:pointercancel=handler(on_up) on:keydown=handler(on_key) on:dblclick=handler(reset)></div>
        </div>
    }
    .into_any()
}

fn menu() -> AnyView {
    let preferences: PreferencesStore = use_store();
    let check = move |column: Column| {
        let is_shown = move || preferences.current.read().columns.has(column);
        let toggle = move |_| preferences.update(|own| own.columns = own.columns.toggled(column));
        view! {
            <label class="check">
                <input type="checkbox" data-testid=["column-", column.slug()].concat() prop:checked=is_shown on:change=handler(toggle)/>
                {t(word(column))}
            </label>
        }
        .into_any()
    };
    view! {
        <button type="button" class="icon" popovertarget=MENU data-testid="columns-button" aria-label=t(Key::Columns) title=t(Key::Columns)>
            <svg viewBox="0 0 16 16" aria-hidden="true"><path class="cross" d="M2.5 3v10M8 3v10M13.5 3v10"></path></svg>
        </button>
        <div id=MENU popover="auto" class="menu" role="group" aria-label=t(Key::Columns) data-testid="columns">
            {Column::ALL.map(check).into_iter().collect_view()}
        </div>
    }
    .into_any()
}
