//! The list of sessions beside what is open, arranged as in the overview. Where there is no room for both, it is the
//! overview: each row has its check box and its menu.

use leptos::prelude::*;
use mirrord_wire::SessionStatus;

use super::group_actions::group_actions;
use super::keyed::rows;
use super::list_toolbar::{ListToolbar, SelectionBar};
use super::rename;
use super::session_controls::{Check, MenuButton};
use super::session_row::{Row, dot, row, word};
use super::sparkline::Sparkline;
use crate::erased::handler;
use crate::i18n::{Key, count, t};
use crate::state::groups::{Title, words};
use crate::store::SessionsStore;
use crate::store::app_state::use_store;
use crate::store::connection::ConnectionStore;
use crate::store::overview::OverviewStore;
use crate::store::route::RouteStore;

/// The rows that are made at first, and with each click for more: each is kept up to date, seen or not.
pub(crate) const FIRST_ROWS: usize = 150;

/// View model of a session's row, updated each second and with each change.
pub(crate) fn row_of(id: &str) -> Memo<Row> {
    let connection: ConnectionStore = use_store();
    let sessions: SessionsStore = use_store();
    let overview: OverviewStore = use_store();
    let id = id.to_owned();
    Memo::new(move |_| {
        let now = connection.now.get();
        let own = overview.arrangement.read();
        sessions.with(|sessions| {
            sessions
                .get(&id)
                .map(|session| row(session, &own, now))
                .unwrap_or_default()
        })
    })
}

/// The groups that are shown: each one's title, as many of its ids as there is room for, and how many it has.
pub(crate) type Limited = Vec<(Title, Vec<String>, usize)>;

/// Keys of the groups' titles, for the list of them.
pub(crate) fn titles(groups: Memo<Limited>) -> Memo<Vec<String>> {
    Memo::new(move |_| groups.read().iter().map(|(title, ..)| title.to_key()).collect())
}

/// The ids of a group that are shown, and how many it has.
pub(crate) fn members(groups: Memo<Limited>, title: Title) -> Memo<(Vec<String>, usize)> {
    Memo::new(move |_| {
        let groups = groups.read();
        let found = groups.iter().find(|(own, ..)| *own == title);
        found.map(|(_, ids, all)| (ids.clone(), *all)).unwrap_or_default()
    })
}

/// Places in the groups that are shown: each group's title and as many of its ids as there is room for.
pub(crate) fn limited(own: OverviewStore, limit: RwSignal<usize>) -> Memo<Limited> {
    Memo::new(move |_| {
        let mut room = limit.get();
        let groups = own.groups.read();
        let cut = |group: &crate::state::groups::Group| {
            let ids: Vec<String> = group.ids.iter().take(room).cloned().collect();
            room -= ids.len();
            (group.title.clone(), ids, group.ids.len())
        };
        groups.iter().map(cut).filter(|(_, ids, _)| !ids.is_empty()).collect()
    })
}

/// The search field of the sessions.
pub(crate) fn search(own: OverviewStore) -> AnyView {
    view! {
        <label class="field">
            <span class="off-screen">{t(Key::FilterSessions)}</span>
            <input
                id="filter-sessions" type="search" data-testid="filter-sessions" autocomplete="off" spellcheck="false" dir="auto" maxlength="200"
                placeholder=t(Key::FilterSessions) prop:value=move || own.typed.get()
                on:input=handler(move |event| own.typed.set(event_target_value(&event)))
            />
        </label>
    }
    .into_any()
}

/// EmptyState for an empty search, and a button for sessions beyond the limit.
pub(crate) fn rest(limit: RwSignal<usize>) -> AnyView {
    let sessions: SessionsStore = use_store();
    let own: OverviewStore = use_store();
    let none = move || !sessions.read().is_empty() && own.groups.read().is_empty();
    let more = Memo::new(move |_| sessions.read().more() as u64);
    let cut = Memo::new(move |_| {
        let all: usize = own.groups.read().iter().map(|group| group.ids.len()).sum();
        all.saturating_sub(limit.get()) as u64
    });
    view! {
        <p hidden=move || !none() class="quiet">{t(Key::NoneMatches)}</p>
        <button
            type="button" class="button more" hidden=move || cut.get() == 0
            on:click=handler(move |_| limit.update(|limit| *limit += FIRST_ROWS))
        >{move || count(Key::ShowMore, cut.get())}</button>
        <p hidden=move || more.get() == 0 class="quiet">{move || count(Key::MoreSessions, more.get())}</p>
    }
    .into_any()
}

/// The list.
#[component]
pub(crate) fn SessionList(narrow: Memo<bool>) -> impl IntoView {
    let own: OverviewStore = use_store();
    let limit = RwSignal::new(FIRST_ROWS);
    let groups = limited(own, limit);
    let titles = titles(groups);
    view! {
        <nav class="sessions" aria-label=t(Key::Sessions)>
            {search(own)}
            {move || narrow.get().then(|| view! { <ListToolbar/> })}
            <div class="groups" data-testid="session-list">
                {rows(move || titles.get(), move |key| view! { <GroupView title=Title::of_key(&key) groups narrow/> }.into_any())}
                {rest(limit)}
            </div>
            {move || narrow.get().then(|| view! { <SelectionBar own/> })}
        </nav>
    }
}

#[component]
fn GroupView(title: Title, groups: Memo<Limited>, narrow: Memo<bool>) -> impl IntoView {
    let overview: OverviewStore = use_store();
    let here = members(groups, title.clone());
    let actions = narrow.get_untracked().then(|| group_actions(&title));
    let says = move || words(&title, overview.arrangement.read().grouping);
    view! {
        <section class="group">
            <h2><bdi>{move || says()}</bdi><span class="tabular">{move || here.read().1.to_string()}</span></h2>{actions}
            <ul>
                {rows(move || here.get().0, move |id| view! { <SessionRow id narrow/> }.into_any())}
            </ul>
        </section>
    }
}

#[component]
fn SessionRow(#[prop(into)] id: String, narrow: Memo<bool>) -> impl IntoView {
    let route: RouteStore = use_store();
    let overview: OverviewStore = use_store();
    let own = StoredValue::new(id.clone());
    let data = row_of(&id);
    let is_open = Memo::new(move |_| own.with_value(|id| route.current.read().sessions().iter().any(|one| one == id)));
    let is_led = Memo::new(move |_| own.with_value(|id| overview.led.read().as_ref() == Some(id)));
    let status = Memo::new(move |_| data.read().status);
    let has_target = move || !data.read().target.is_empty();
    let second = move || {
        if has_target() {
            data.read().target.clone()
        } else {
            data.read().aggregates()
        }
    };
    view! {
        <li>
            {move || narrow.get().then(|| view! { <Check id=own.get_value() data own=overview/> })}
            <a
                on:dblclick=handler(move |event| own.with_value(|id| rename::on_double_click(overview, id, &event)))
                on:keydown=handler(move |event| own.with_value(|id| rename::on_key(overview, id, &event)))
                class="session-row" href=["#/s/", &id].concat() data-testid="session-row" data-session-id=id
                aria-current=move || is_open.get().then_some("page") title=move || data.read().title.clone()
            >
                <span class=move || dot(status.get()) aria-hidden="true"></span>
                <span class="off-screen">{move || t(word(status.get()))}</span>
                <span class="line">
                    <span class="command-line" class:named=move || data.read().is_named><bdi>{move || data.read().command.clone()}</bdi></span>
                    <span class="pin" hidden=move || !data.read().pinned title=t(Key::PinnedWord)>"◆"<span class="off-screen">{t(Key::PinnedWord)}</span></span>
                </span>
                <span class="line">
                    <span class="target tabular"><bdi>{move || second()}</bdi></span>
                    <span class="state tabular" class:warned=move || { status.get() == Some(SessionStatus::Unresponsive) } class:lost=move || data.read().is_failure>
                        {move || data.read().state.clone()}
                    </span>
                </span>
                <span class="line facts-line tabular" hidden=move || !has_target() && !is_led.get()>
                    <span>{move || if has_target() { data.read().aggregates() } else { String::new() }}</span>
                    <span class="led" hidden=move || !is_led.get()>{t(Key::OpenOnDesktop)}</span>
                    <Sparkline path=Signal::derive(move || data.read().spark.clone())/>
                </span>
            </a>
            {move || narrow.get().then(|| view! { <MenuButton id=own.get_value() data own=overview/> })}
        </li>
    }
}
