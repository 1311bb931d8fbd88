//! Several sessions in one log: the same log with the same filters, each row with its session's name. The legend says
//! which is which, and hides and shows them.

use leptos::prelude::*;

use super::session::Events;
use crate::components::session_row::{dot, word};
use crate::erased::{effect, handler};
use crate::i18n::{Key, count, t};
use crate::state::kind::Counts;
use crate::state::selection::short_names;
use crate::store::SessionsStore;
use crate::store::app_state::use_store;
use crate::store::log::LogStore;
use crate::store::route::RouteStore;
use mirrord_wire::SessionStatus;

/// The page.
#[component]
pub(crate) fn MergedPage() -> impl IntoView {
    let sessions: SessionsStore = use_store();
    let route: RouteStore = use_store();
    let log: LogStore = use_store();
    let ids = Memo::new(move |_| route.current.read().sessions());
    let names = Memo::new(move |_| {
        let ids = ids.read();
        let sessions = sessions.read();
        let name = |id: &String| sessions.get(id).map(|one| one.title()).unwrap_or_default();
        let named: Vec<_> = ids.iter().map(|id| (name(id), id.as_str())).collect();
        short_names(&named)
    });
    effect(move || {
        let (names, hidden) = (names.get(), log.hidden.get());
        // Another log begins with no names.
        log.opened.track();
        log.update(|log| log.label(names, hidden));
    });
    let counts = Memo::new(move |_| {
        let sessions = sessions.read();
        let mut sum = Counts::default();
        for session in ids.read().iter().filter_map(|id| sessions.get(id)) {
            sum.add_all(&session.counts());
        }
        sum
    });
    let is_over = Memo::new(move |_| {
        let sessions = sessions.read();
        let over = |id: &String| {
            sessions
                .get(id)
                .is_none_or(|one| one.summary.status == SessionStatus::Ended)
        };
        ids.read().iter().all(over)
    });
    let load = Memo::new(move |_| {
        log.frame.track();
        log.with(|log| log.load())
    });
    view! {
        <main class="session merged" id="main" tabindex="-1" data-testid="merged">
            <header class="heading">
                <a class="back" href="#/" data-testid="back">{t(Key::BackToList)}</a>
                <h1>{move || count(Key::Together, ids.read().len() as u64)}</h1>
                <div class="legend" role="group" aria-label=t(Key::Legend) data-testid="legend">
                    {move || ids.get().into_iter().enumerate().map(|(place, id)| entry(place, id, names)).collect_view()}
                </div>
            </header>
            <Events is_over counts load kept=StoredValue::new(None)/>
        </main>
    }
}

/// A session of the legend: a click hides or shows it.
fn entry(place: usize, id: String, names: Memo<Vec<String>>) -> AnyView {
    let sessions: SessionsStore = use_store();
    let log: LogStore = use_store();
    let bit = 1_u8.checked_shl(u32::try_from(place).unwrap_or(u32::MAX)).unwrap_or(0);
    let is_on = Memo::new(move |_| log.hidden.get() & bit == 0);
    let status = Memo::new(move |_| sessions.with(|sessions| sessions.get(&id).map(|one| one.summary.status)));
    let name = move || names.read().get(place).cloned().unwrap_or_default();
    let state = move || status.get().map_or(t(Key::NotHere), |status| t(word(Some(status))));
    view! {
        <button
            type="button" class=["chip s-", &place.to_string()].concat() data-testid="legend-session"
            aria-pressed=move || if is_on.get() { "true" } else { "false" }
            on:click=handler(move |_| log.hidden.update(|hidden| *hidden ^= bit))
        >
            <span class="square" aria-hidden="true"></span>
            <bdi class="machine">{move || name()}</bdi>
            <span class=move || dot(status.get()) aria-hidden="true"></span>
            <span class="number">{move || state()}</span>
        </button>
    }
    .into_any()
}
