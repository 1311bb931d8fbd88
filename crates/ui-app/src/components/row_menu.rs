//! Actions on the chosen row: a menu at the pointer, and the same buttons in the row's details.

use leptos::prelude::*;
use mirrord_filter::Term;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::copy::CopyButton;
use super::follow_bar;
use crate::browser::{How, document, style, window};
use crate::erased::handler;
use crate::format::text::shown;
use crate::i18n::{Key, t, with};
use crate::state::cell_filter::term;
use crate::state::copies::Form;
use crate::state::filter_edit::added;
use crate::state::time_range::AROUND_MICROS;
use crate::store::app_state::use_store;
use crate::store::log::LogStore;
use crate::store::route::RouteStore;

const MENU: &str = "row-menu";
/// The size that the menu is taken to have, pixels: it stays in the window.
const MENU_SIZE: (i32, i32) = (300, 430);

fn element() -> Option<HtmlElement> {
    document()?.get_element_by_id(MENU)?.dyn_into().ok()
}

/// Closes the menu, where it is open: what it was opened for is done.
fn close() {
    if let Some(menu) = element() {
        drop(menu.hide_popover());
    }
}

/// Opens the menu at a place in the window.
pub(crate) fn open(x: i32, y: i32) {
    let Some(menu) = element() else { return };
    let size = |value: Result<wasm_bindgen::JsValue, _>| {
        let size = value.ok().and_then(|value| value.as_f64());
        size.unwrap_or(0.0) as i32
    };
    let (width, height) = (size(window().inner_width()), size(window().inner_height()));
    let place = |at: i32, most: i32| [&at.min(most - 8).max(8).to_string(), "px"].concat();
    style(&menu, "left", &place(x, width - MENU_SIZE.0));
    style(&menu, "top", &place(y, height - MENU_SIZE.1));
    drop(menu.show_popover());
}

/// The menu.
pub(crate) fn menu() -> AnyView {
    view! {
        <div id=MENU popover="auto" class="session-menu" role="group" aria-label=t(Key::Detail) data-testid=MENU>
            {buttons(true)}
            {filters()}
        </div>
    }
    .into_any()
}

/// Cells that the chosen row can be filtered by, by their styles.
const CELLS: [&str; 6] = ["kind", "process", "main", "tail", "routing", "rule"];
/// The most characters of a filter in the menu.
const FILTER_CHARS: usize = 60;

/// Filters by what the chosen row has in its cells, added to the search.
fn filters() -> AnyView {
    let route: RouteStore = use_store();
    let log: LogStore = use_store();
    let button = move |term: Term| {
        let label = with(Key::ApplyFilter, &shown(&term.to_string(), FILTER_CHARS));
        let apply = move |_| {
            close();
            route.update_filter(How::Push, |filter| {
                filter.typed = added(&filter.typed, term.clone(), false)
            });
        };
        view! { <button type="button" class="button" data-testid="filter-by" on:click=handler(apply)><bdi>{label}</bdi></button> }
            .into_any()
    };
    let terms = move || -> Vec<Term> {
        let Some(position) = log.selected.get() else {
            return Vec::new();
        };
        log.with(|log| {
            let row = log.ring().get(position).map(|entry| entry.subject());
            CELLS.into_iter().filter_map(|cell| term(row.as_ref()?, cell)).collect()
        })
    };
    view! { {move || terms().into_iter().map(button).collect_view()} }.into_any()
}

/// Actions on the chosen row. The details copy the JSON themselves, with what they show of it.
pub(crate) fn buttons(with_json: bool) -> AnyView {
    let route: RouteStore = use_store();
    let log: LogStore = use_store();
    let has = move |form: Form| {
        log.selected.track();
        log.copied(form).is_some()
    };
    let copies = [
        (Form::Subject, "copy-path", Key::CopyPath),
        (Form::Row, "copy-row", Key::CopyRow),
        (Form::Command, "copy-command", Key::CopyCommand),
        (Form::Json, "copy-json", Key::CopyJson),
    ];
    let button = move |(form, testid, label): (Form, &'static str, Key)| {
        view! {
            <div class="one" hidden=move || !has(form) data-testid=testid>
                <CopyButton label text=move || log.copied(form).unwrap_or_default()/>
            </div>
        }
        .into_any()
    };
    let around = move |_| {
        close();
        if let Some(range) = log.around(AROUND_MICROS) {
            route.set_range(How::Push, Some(range));
        }
    };
    let process = move || {
        let position = log.selected.get()?;
        let is_one = route.current.with_untracked(|route| route.session().is_some());
        log.with(|log| log.ring().get(position)?.pid()).filter(|_| is_one)
    };
    let follows = move || process().map(|pid| with(Key::FollowProcess, &log.with(|log| follow_bar::process(log, pid))));
    let follow = move |_| {
        close();
        if let Some(pid) = process() {
            route.update_filter(How::Push, |filter| filter.tree = Some(pid));
        }
    };
    view! {
        {copies.into_iter().filter(|(form, ..)| with_json || *form != Form::Json).map(button).collect_view()}
        <button type="button" class="button" data-testid="around" on:click=handler(around)>{t(Key::Around)}</button>
        <button type="button" class="button" data-testid="follow" hidden=move || process().is_none() on:click=handler(follow)><bdi>{move || follows()}</bdi></button>
    }
    .into_any()
}
