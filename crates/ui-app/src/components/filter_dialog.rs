//! A log's filters: a line above the log where there is room, and on a phone a sheet behind one button, which says how
//! many there are. The filters are the same and there once; only where they stand differs.

use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

use super::dialog::{close_button, dialog};
use super::filter_terms::choosers;
use super::keyed::keyed;
use super::log_view::observe_size;
use super::saved_filters::SavedFiltersMenu;
use super::search_box::SearchBox;
use super::search_line::meaning;
use super::toolbar::KindFilters;
use crate::browser::{modal, window};
use crate::erased::{effect, handler};
use crate::format::number::grouped;
use crate::i18n::{Key, t, with_two};
use crate::ids;
use crate::state::kind::Counts;
use crate::store::app_state::use_store;
use crate::store::log::LogStore;
use crate::store::route::RouteStore;
use leptos::html::Div;
use leptos::prelude::*;

/// The narrowest window, pixels, that has room for the line; the styles change at the same width.
const ROOM_FROM: f64 = 768.0;

fn has_room() -> bool {
    let width = window().inner_width().ok().and_then(|width| width.as_f64());
    width.is_none_or(|width| width >= ROOM_FROM)
}

/// Filters of the log: in the toolbar `bar` itself, or in a dialog where the window is narrow.
pub(crate) fn filters(counts: Memo<Counts>, bar: NodeRef<Div>) -> AnyView {
    let is_wide = RwSignal::new(has_room());
    effect(move || {
        if let Some(bar) = bar.get() {
            observe_size(&bar, move || {
                let now = has_room();
                if is_wide.get_untracked() != now {
                    is_wide.set(now);
                }
            });
        }
    });
    keyed(
        move || is_wide.get(),
        move |is_wide| {
            if is_wide { line(counts) } else { sheet(counts) }
        },
    )
}

/// Escape closes the sheet from a search, too, where a browser would empty the search first; Enter goes on to what it
/// found.
fn leave(event: web_sys::KeyboardEvent) {
    let field = event
        .target()
        .and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
    if field.is_some() && !event.is_composing() && matches!(event.key().as_str(), "Escape" | "Enter") {
        event.prevent_default();
        // The page's own keys would lead on from here to the log.
        event.stop_propagation();
        modal::close(ids::FILTERS);
    }
}

fn line(counts: Memo<Counts>) -> AnyView {
    view! {
        <KindFilters counts/>
        <SearchBox/>
        <SavedFiltersMenu/>
        {choosers()}
    }
    .into_any()
}

fn sheet(counts: Memo<Counts>) -> AnyView {
    let route: RouteStore = use_store();
    let log: LogStore = use_store();
    let active = Memo::new(move |_| route.current.read().filter.active());
    let shown = Memo::new(move |_| {
        log.frame.track();
        log.with(|log| {
            let (view, ring) = (log.view(), log.ring());
            (view.end() - view.first(), ring.end() - ring.first())
        })
    });
    let says = move || {
        let (shown, kept) = shown.get();
        with_two(Key::Shown, &grouped(shown), &grouped(kept))
    };
    let inside = view! {
        <header><h2>{t(Key::FieldFilter)}</h2>{close_button(ids::FILTERS)}</header>
        <div class="sheet" on:keydown=handler(leave)>
            {line(counts)}
            <p class="search-line">{meaning("sheet-says")}</p>
            <div class="sheet-foot">
                <span class="quiet tabular" role="status">{move || says()}</span>
                <button type="button" class="button" data-testid="filters-clear" on:click=handler(move |_| route.clear_filter())>{t(Key::ClearFilter)}</button>
            </div>
        </div>
    };
    view! {
        <button
            type="button" class="button filters" data-testid="filters-button" aria-haspopup="dialog" on:click=handler(|_| { modal::open(ids::FILTERS); })
        >
            <span>{t(Key::FieldFilter)}</span>
            <span class="number tabular" hidden=move || active.get() == 0>{move || active.get().to_string()}</span>
        </button>
        {dialog(ids::FILTERS, t(Key::FieldFilter), Callback::new(|()| ()), inside.into_any())}
    }
    .into_any()
}
