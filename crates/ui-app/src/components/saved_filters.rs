//! Menu of saved filters: to take one, to save what was typed under a name, to forget one.

use leptos::html::Input;
use leptos::prelude::*;

use crate::browser::{How, store, stored};
use crate::erased::handler;
use crate::format::text::shown;
use crate::i18n::{Key, t, with};
use crate::ids;
use crate::state::saved_filters::{KEY, MAX_NAME_CHARS, SavedFilters};
use crate::store::app_state::use_store;
use crate::store::route::RouteStore;

/// The most characters of a filter in the menu.
const FILTER_CHARS: usize = 80;

/// The button and the menu.
#[component]
pub(crate) fn SavedFiltersMenu() -> impl IntoView {
    let route: RouteStore = use_store();
    let saved = RwSignal::new(SavedFilters::default());
    let name: NodeRef<Input> = NodeRef::new();
    let load = move || {
        saved.set(
            stored(KEY)
                .map(|stored| SavedFilters::read(&stored))
                .unwrap_or_default(),
        )
    };
    let change = move |change: &dyn Fn(&mut SavedFilters)| {
        // Another window may have saved one meanwhile.
        load();
        saved.update(|saved| change(saved));
        store(KEY, &saved.read_untracked().written());
    };
    let typed = Memo::new(move |_| route.current.read().filter.typed.clone());
    let save = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let Some(input) = name.get_untracked() else { return };
        change(&|saved| saved.save(&input.value(), &typed.read_untracked()));
        input.set_value("");
    };
    let rows = move || {
        let row = |(name, filter): &(String, String)| {
            let (own, taken) = (name.clone(), filter.clone());
            let take = move |_| route.update_filter(How::Push, |filter| filter.typed.clone_from(&taken));
            let remove = move |_| change(&|saved| saved.remove(&own));
            view! {
                <li>
                    <button type="button" class="take" data-testid="saved-filter" on:click=handler(take)>
                        <bdi>{name.clone()}</bdi><bdi class="machine hint">{shown(filter, FILTER_CHARS)}</bdi>
                    </button>
                    <button type="button" class="icon" data-testid="delete-filter" aria-label=with(Key::DeleteFilter, name) on:click=handler(remove)>
                        <svg viewBox="0 0 16 16" aria-hidden="true"><path class="cross" d="M4 4l8 8M12 4l-8 8"></path></svg>
                    </button>
                </li>
            }
        };
        saved.read().all().iter().map(row).collect_view()
    };
    view! {
        <button type="button" class="icon" popovertarget=ids::SAVED_FILTERS data-testid="saved-filters-button" aria-label=t(Key::SavedFilters) title=t(Key::SavedFilters)
            on:click=handler(move |_| load())>
            <svg viewBox="0 0 16 16" aria-hidden="true"><path class="cross" d="M4.5 2.5h7v11L8 10.5 4.5 13.5z"></path></svg>
        </button>
        <div id=ids::SAVED_FILTERS popover="auto" class="menu saved" role="group" aria-label=t(Key::SavedFilters) data-testid="saved-filters">
            <ul hidden=move || saved.read().all().is_empty()>{move || rows()}</ul>
            <form on:submit=handler(save)>
                <label><span>{t(Key::FilterName)}</span><input node_ref=name type="text" maxlength=MAX_NAME_CHARS data-testid="filter-name" autocomplete="off" dir="auto"/></label>
                <button type="submit" class="button" data-testid="save-filter" disabled=move || typed.read().trim().is_empty()>{t(Key::SaveFilter)}</button>
            </form>
        </div>
    }
}
