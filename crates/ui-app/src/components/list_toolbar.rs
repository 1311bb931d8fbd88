//! Toolbar of the list of sessions: grouping, sorting, and actions on the selected sessions.

use leptos::prelude::*;
use mirrord_wire::SessionStatus;

use super::records::RecordChoices;
use crate::api::socket::ApiHandle;
use crate::browser::go;
use crate::controllers::overview::dismiss;
use crate::erased::handler;
use crate::format::number::grouped;
use crate::i18n::{Key, count, t, with};
use crate::state::order::{Grouping, Sorting};
use crate::state::route::MAX_MERGED;
use crate::state::selection::comparison;
use crate::store::SessionsStore;
use crate::store::app_state::use_store;
use crate::store::overview::OverviewStore;

const GROUPINGS: [Key; 5] = [
    Key::ByStatus,
    Key::ByTarget,
    Key::ByNamespace,
    Key::ByKey,
    Key::ByNothing,
];
const SORTINGS: [Key; 5] = [
    Key::SortNewest,
    Key::SortName,
    Key::SortRate,
    Key::SortEvents,
    Key::SortOwn,
];

fn choice(
    own: OverviewStore,
    label: Key,
    testid: &'static str,
    words: Vec<(&'static str, Key)>,
    holds: impl Fn() -> &'static str + Send + Sync + 'static,
    choose: impl Fn(&str) + 'static,
) -> AnyView {
    let holds = Memo::new(move |_| holds());
    let option = move |(word, key): (&'static str, Key)| {
        view! { <option value=word selected=untrack(move || holds.get()) == word>{t(key)}</option> }
    };
    view! {
        <label class="choice" hidden=move || !own.rights.get().arrange>
            <span>{t(label)}</span>
            // The value alone would be set before there is an option to choose.
            <select data-testid=testid prop:value=move || holds.get() on:change=handler(move |event| choose(&event_target_value(&event)))>
                {words.into_iter().map(option).collect_view()}
            </select>
        </label>
    }
    .into_any()
}

/// Grouping, sorting, and the ended ones dismissed.
#[component]
pub(crate) fn ListToolbar() -> impl IntoView {
    let sessions: SessionsStore = use_store();
    let api: ApiHandle = expect_context();
    let own: OverviewStore = use_store();
    let groupings = Grouping::ALL.iter().map(|one| one.word()).zip(GROUPINGS).collect();
    let sortings = Sorting::ALL.iter().map(|one| one.word()).zip(SORTINGS).collect();
    let ended = Memo::new(move |_| {
        let sessions = sessions.read();
        sessions
            .all()
            .filter(|one| one.summary.status == SessionStatus::Ended)
            .count() as u64
    });
    let dismiss_all = move |_| {
        let ids: Vec<String> = sessions.with_untracked(|sessions| {
            let ended = sessions.all().filter(|one| one.summary.status == SessionStatus::Ended);
            ended.map(|one| one.id().to_owned()).collect()
        });
        ids.iter().for_each(|id| dismiss(api, own, id));
    };
    view! {
        <div class="arrange">
            {choice(own, Key::GroupBy, "group-by", groupings, move || own.arrangement.read().grouping.word(),
                move |word| own.change(|own| own.grouping = Grouping::of_word(word)))}
            {choice(own, Key::SortBy, "sort-by", sortings, move || own.arrangement.read().sorting.word(),
                move |word| own.change(|own| own.sorting = Sorting::of_word(word)))}
            <RecordChoices/>
            <button
                type="button" class="button" data-testid="dismiss-all"
                hidden=move || !(ended.get() > 0 && own.rights.get().dismiss) on:click=handler(dismiss_all)
            >{move || count(Key::DismissAll, ended.get())}</button>
            <p class="off-screen" role="status" data-testid="said">{move || own.said.get()}</p>
        </div>
    }
}

/// Bar of actions on the selected sessions.
#[component]
pub(crate) fn SelectionBar(own: OverviewStore) -> impl IntoView {
    let chosen = Memo::new(move |_| own.selection.read().ids().len() as u64);
    let is_full = Memo::new(move |_| own.selection.read().is_full());
    let compare = move |_| {
        if let [one, other] = own.selection.read_untracked().ids() {
            go(&comparison(one, other));
        }
    };
    view! {
        <div class="chosen-bar" data-testid="chosen" hidden=move || chosen.get() == 0>
            <span class="tabular" role="status">{move || count(Key::ChosenCount, chosen.get())}</span>
            <span class="quiet" hidden=move || !is_full.get()>{with(Key::AtMostTogether, &grouped(MAX_MERGED as u64))}</span>
            <span class="spring"></span>
            <button type="button" class="link" data-testid="choose-none" on:click=handler(move |_| own.selection.update(|own| own.clear()))>{t(Key::ClearChosen)}</button>
            <button type="button" class="button" data-testid="compare" hidden=move || chosen.get() != 2 on:click=handler(compare)>{t(Key::Compare)}</button>
            <button type="button" class="button primary" data-testid="show-together" on:click=handler(move |_| go(&own.selection.read_untracked().fragment()))>{t(Key::ShowTogether)}</button>
        </div>
    }
}
