//! Line below the search box: what was understood or what is wrong, the place among what was found, and the ways to the next
//! and the previous.

use leptos::prelude::*;

use crate::erased::handler;
use crate::format::filter_words::{explained, problem};
use crate::format::number::grouped;
use crate::i18n::{Key, t, with_two};
use crate::store::app_state::use_store;
use crate::store::log::LogStore;
use crate::store::route::RouteStore;

/// What the line says, and whether it is an error.
fn said(typed: &str) -> (String, bool) {
    match mirrord_filter::parse(typed) {
        Ok(filter) => (filter.explain().as_ref().map(explained).unwrap_or_default(), false),
        Err(error) => (problem(&error, typed), !error.is_unfinished()),
    }
}

/// Meaning of what was typed, or its error.
pub(crate) fn meaning(id: &'static str) -> AnyView {
    let route: RouteStore = use_store();
    let says = Memo::new(move |_| said(&route.current.read().filter.typed));
    view! {
        <bdi id=id data-testid=id role="status" class:bad=move || says.read().1>{move || says.read().0.clone()}</bdi>
    }
    .into_any()
}

/// The line; nothing where nothing was typed.
pub(crate) fn search_line() -> AnyView {
    let route: RouteStore = use_store();
    let log: LogStore = use_store();
    let is_typed = Memo::new(move |_| !route.current.read().filter.typed.trim().is_empty());
    let place = Memo::new(move |_| {
        log.frame.track();
        let selected = log.selected.get();
        log.with(|log| {
            let view = log.view();
            let own = selected.filter(|position| view.position(view.ordinal(*position)) == Some(*position));
            let place = own.map(|position| view.ordinal(position) - view.first() + 1);
            (place, view.end() - view.first())
        })
    });
    let says = move || {
        let (place, total) = place.get();
        with_two(
            Key::MatchPlace,
            &place.map_or_else(|| "–".to_owned(), grouped),
            &grouped(total),
        )
    };
    let is_none = move || place.get().1 == 0;
    view! {
        <div class="search-line" data-testid="search-line" hidden=move || !is_typed.get()>
            {meaning("search-says")}
            <span class="spring"></span>
            <span class="tabular quiet" data-testid="match-place">{move || says()}</span>
            <button type="button" class="icon" data-testid="match-previous" disabled=move || is_none() aria-label=t(Key::MatchPrevious) title=[t(Key::MatchPrevious), " (N)"].concat()
                on:click=handler(move |_| { log.select_match(-1); })>
                <svg viewBox="0 0 16 16" aria-hidden="true"><path class="cross" d="M4 10l4-4 4 4"></path></svg>
            </button>
            <button type="button" class="icon" data-testid="match-next" disabled=move || is_none() aria-label=t(Key::MatchNext) title=[t(Key::MatchNext), " (n)"].concat()
                on:click=handler(move |_| { log.select_match(1); })>
                <svg viewBox="0 0 16 16" aria-hidden="true"><path class="cross" d="M4 6l4 4 4-4"></path></svg>
            </button>
        </div>
    }
    .into_any()
}
