//! All sessions in a table: how each is doing, what it is, how much goes where. On a phone the list takes its place.

use leptos::html::Span;
use leptos::prelude::*;
use mirrord_wire::SessionStatus;

use super::group_actions::group_actions;
use super::keyed::rows;
use super::list_toolbar::{ListToolbar, SelectionBar};
use super::rename;
use super::session_controls::{Check, DragHandle, MenuButton};
use super::session_list::{FIRST_ROWS, Limited, limited, members, rest, row_of, titles};
use super::session_row::{ROUTINGS, dot, way, word};
use super::sparkline::Sparkline;
use crate::browser::style;
use crate::erased::{effect, handler};
use crate::format::number::grouped;
use crate::i18n::{Key, t};
use crate::state::groups::{Title, words};
use crate::store::SessionsStore;
use crate::store::app_state::use_store;
use crate::store::overview::OverviewStore;

const COLUMNS: [(Key, &str); 8] = [
    (Key::ColumnSession, "c-session"),
    (Key::ColumnStatus, "c-status"),
    (Key::ColumnProcesses, "c-number"),
    (Key::ColumnPorts, "c-ports"),
    (Key::ColumnRate, "c-rate"),
    (Key::ColumnRouting, "c-routing"),
    (Key::ColumnEvents, "c-number"),
    (Key::ColumnAge, "c-age"),
];

/// The overview.
#[component]
pub(crate) fn OverviewPage() -> impl IntoView {
    let own: OverviewStore = use_store();
    let limit = RwSignal::new(FIRST_ROWS);
    let groups = limited(own, limit);
    let titles = titles(groups);
    let sessions: SessionsStore = use_store();
    let is_routed = Memo::new(move |_| {
        let sessions = sessions.read();
        sessions.all().any(|session| !session.summary.routing.is_empty())
    });
    let column = |(key, class): (Key, &'static str)| view! { <th scope="col" class=class>{t(key)}</th> };
    view! {
        <main class="overview" class:unrouted=move || !is_routed.get() id="main" tabindex="-1" data-testid="overview">
            <header class="heading">
                <h1>{t(Key::Overview)}</h1>
                <ListToolbar/>
            </header>
            <div class="table-frame">
                <table aria-label=t(Key::Overview)>
                    <thead><tr>
                        <th class="c-tools"><span class="off-screen">{t(Key::ChosenCount).split('|').next().unwrap_or("").replace("{} ", "")}</span></th>
                        {COLUMNS.map(column)}
                        <th class="c-menu"><span class="off-screen">{t(Key::Actions)}</span></th>
                    </tr></thead>
                    {rows(move || titles.get(), move |key| view! { <GroupRows title=Title::of_key(&key) groups/> }.into_any())}
                </table>
                {rest(limit)}
            </div>
            <SelectionBar own/>
        </main>
    }
}

#[component]
fn GroupRows(title: Title, groups: Memo<Limited>) -> impl IntoView {
    let overview: OverviewStore = use_store();
    let here = members(groups, title.clone());
    let actions = group_actions(&title);
    let says = move || words(&title, overview.arrangement.read().grouping);
    view! {
        <tbody>
            <tr class="group-row"><th scope="rowgroup" colspan="3"><bdi>{move || says()}</bdi> <span class="tabular">{move || grouped(here.read().1 as u64)}</span>{actions}</th></tr>
            {rows(move || here.get().0, |id| view! { <SessionRow id/> }.into_any())}
        </tbody>
    }
}

#[component]
fn SessionRow(#[prop(into)] id: String) -> impl IntoView {
    let own: OverviewStore = use_store();
    let data = row_of(&id);
    let meant = StoredValue::new(id.clone());
    let status = Memo::new(move |_| data.read().status);
    let chosen = id.clone();
    let is_chosen = move || own.selection.read().has(&chosen);
    let is_unwell = move || status.get() == Some(SessionStatus::Unresponsive);
    // What is wrong stands with the status; the rate has nothing to add.
    let state = move || {
        if is_unwell() {
            String::new()
        } else {
            data.read().state.clone()
        }
    };
    view! {
        <tr on:dblclick=handler(move |event| meant.with_value(|id| rename::on_double_click(own, id, &event)))
            on:keydown=handler(move |event| meant.with_value(|id| rename::on_key(own, id, &event)))
            data-row=id.clone() data-testid="overview-row" class:chosen=move || is_chosen() class:over=move || status.get() == Some(SessionStatus::Ended)>
            <td class="c-tools"><Check id=id.clone() data own/><DragHandle id=id.clone() data own/></td>
            <th scope="row" class="c-session" title=move || data.read().title.clone()>
                <a href=["#/s/", &id].concat() data-overview-id=id.clone()>
                    <span class="pin" hidden=move || !data.read().pinned title=t(Key::PinnedWord)>"◆"<span class="off-screen">{t(Key::PinnedWord)}</span></span>
                    <bdi class="machine" class:named=move || data.read().is_named>{move || data.read().command.clone()}</bdi>
                </a>
                <span class="under"><bdi>{move || data.read().target.clone()}</bdi>
                <span class="tag" hidden=move || data.read().key.is_empty()><bdi>{move || data.read().key.clone()}</bdi></span></span>
            </th>
            <td class="c-status" class:warned=move || is_unwell()>
                <span class="status"><span class=move || dot(status.get()) aria-hidden="true"></span>{move || t(word(status.get()))}</span>
                <span class="under" title=move || data.read().reason.clone()>{move || data.read().reason.clone()}</span>
            </td>
            <td class="c-number tabular">{move || grouped(data.read().processes)}</td>
            <td class="c-ports tabular">{move || data.read().ports.clone()}</td>
            <td class="c-rate tabular"><Sparkline path=Signal::derive(move || data.read().spark.clone())/><span>{move || state()}</span></td>
            <td class="c-routing">{split(Memo::new(move |_| data.read().routing))}</td>
            <td class="c-number tabular">{move || data.read().events.clone()}</td>
            <td class="c-age tabular">{move || data.read().age.clone()}</td>
            <td class="c-menu"><MenuButton id=id.clone() data own/></td>
        </tr>
    }
}

/// A bar in parts, and the same in words: the parts alone would say nothing to who cannot tell their colours.
fn split(shares: Memo<Option<[u8; ROUTINGS.len()]>>) -> AnyView {
    let part = move |place: usize| {
        let share = move || shares.get().and_then(|all| all.get(place).copied()).unwrap_or(0);
        let node = NodeRef::<Span>::new();
        effect(move || {
            if let Some(node) = node.get() {
                style(&node, "flex-grow", &share().to_string());
            }
        });
        const CLASSES: [&str; 5] = ["part remote", "part local", "part not-found", "part", "part not-found"];
        view! { <span class=CLASSES.get(place).copied().unwrap_or("") node_ref=node hidden=move || share() == 0></span> }.into_any()
    };
    let words = move || match shares.get() {
        // A session that does not say where its events went has nothing here.
        None => String::new(),
        Some(all) => {
            let parts = all.iter().zip(ROUTINGS).filter(|(share, _)| **share > 0);
            let parts = parts.map(|(share, routing)| [&share.to_string(), "% ", way(routing)].concat());
            parts.collect::<Vec<_>>().join(" · ")
        }
    };
    view! {
        <span class="split-bar" aria-hidden="true" hidden=move || shares.get().is_none()>{ROUTINGS.into_iter().enumerate().map(|(place, _)| part(place)).collect::<Vec<_>>()}</span>
        <span class="under">{move || words()}</span>
    }
    .into_any()
}
