//! Toolbar of the log: the kinds with their exact numbers, pause and clear.

use leptos::prelude::*;

use super::kind_labels::many;
use crate::browser::How;
use crate::erased::handler;
use crate::format::number::{grouped, short};
use crate::i18n::{Key, t, with};
use crate::state::kind::{Counts, Kind};
use crate::store::app_state::use_store;
use crate::store::route::RouteStore;

/// Smallest number on a filter that is shortened; its title has it in full.
const SHORTENED_FROM: u64 = 10_000;

/// One filter a kind.
#[component]
pub(crate) fn KindFilters(counts: Memo<Counts>) -> impl IntoView {
    view! {
        <div class="chips" role="group" aria-label=t(Key::FilterKinds)>
            {Kind::ALL.map(|kind| view! { <KindFilter kind counts/> })}
        </div>
    }
}

#[component]
fn KindFilter(kind: Kind, counts: Memo<Counts>) -> impl IntoView {
    let route: RouteStore = use_store();
    let own = Memo::new(move |_| counts.read().of(kind));
    let number = move || match own.get() {
        number if number < SHORTENED_FROM => grouped(number),
        number => short(number),
    };
    let is_on = Memo::new(move |_| route.current.read().filter.kinds.has(kind));
    let title = move || [grouped(own.get()).as_str(), " · ", t(Key::ChipHint)].concat();
    let click = move |event: web_sys::MouseEvent| {
        let only = event.alt_key();
        route.update_filter(How::Push, |filter| {
            filter.kinds = if only {
                filter.kinds.only(kind)
            } else {
                filter.kinds.toggled(kind)
            }
        });
    };
    let mut testid = String::from("type-filter-");
    testid.push_str(kind.slug());
    view! {
        <button
            type="button" class=["chip k-", kind.slug()].concat() data-testid=testid
            // What this version does not know is filtered once there is some.
            hidden=move || kind == Kind::Other && own.get() == 0
            aria-pressed=move || if is_on.get() { "true" } else { "false" } title=move || title() on:click=handler(click)
        >
            <span class="square" aria-hidden="true"></span>
            {many(kind)}
            <span class="number tabular" hidden=move || own.get() == 0>{move || number()}</span>
        </button>
    }
}

/// Pause, which loses nothing and says how many rows wait; and clear.
#[component]
pub(crate) fn PauseAndClear(
    #[prop(into)] paused: Signal<bool>,
    #[prop(into)] waiting: Signal<u64>,
    #[prop(into)] toggle: Callback<()>,
    #[prop(into)] clear: Callback<()>,
) -> impl IntoView {
    let label = move || t(if paused.get() { Key::Resume } else { Key::Pause });
    view! {
        <button
            type="button" class="button" data-testid="pause" title=move || label() aria-pressed=move || if paused.get() { "true" } else { "false" }
            on:click=handler(move |_| toggle.run(()))
        >
            <span class="glyph" class:go=move || paused.get() aria-hidden="true"></span>
            <span class="word">{move || label()}</span>
            <span hidden=move || waiting.get() == 0 class="number tabular" data-testid="waiting">{move || with(Key::PlusWaiting, &grouped(waiting.get()))}</span>
        </button>
        <button type="button" class="button" data-testid="clear" title=t(Key::ClearHint) on:click=handler(move |_| clear.run(()))>
            {t(Key::Clear)}
        </button>
    }
}
