//! Controller of the overview: keeps its signals up to date, and publishes the arrangement to mirrors.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::rest::Lasting;
use crate::api::socket::{Api, ApiHandle};
use crate::browser::{document, listen, sleep};
use crate::erased::effect;
use crate::i18n::{Key, t};
use crate::state::connection::Connection;
use crate::state::groups::{arrange, ranks};
use crate::store::app_state::AppState;
use crate::store::overview::{OverviewStore, ids, load_arrangement};

/// Interval at which an order by rate or by events is updated, in ticks of a second.
const RANK_TICKS: u64 = 3;
/// Debounce time of the arrangement before it is published to mirrors.
const PUBLISH_DEBOUNCE_MS: u32 = 300;

/// Keeps the overview up to date for as long as the page is open.
pub(crate) fn follow(state: AppState, api: ApiHandle) {
    let own_state = state.overview;
    listen("storage", move |_: web_sys::Event| {
        let kept = load_arrangement();
        // It may be another value that has changed; and a device keeps none.
        if !own_state.is_led() && own_state.arrangement.with_untracked(|before| *before != kept) {
            own_state.arrangement.set(kept);
        }
    });
    effect(move || {
        if let Some(me) = state.mirror.me.read().as_ref() {
            own_state.set_role(me);
        }
    });
    let mut ticks = 0_u64;
    effect(move || {
        state.connection.now.track();
        ticks += 1;
        if ticks % RANK_TICKS == 1 && !is_held() {
            own_state.ranks.set(state.sessions.with_untracked(ranks));
        }
    });
    effect(move || {
        let is_there = |id: &str| state.sessions.with(|sessions| sessions.get(id).is_some());
        if own_state
            .selection
            .with_untracked(|own| !own.ids().iter().all(|id| is_there(id)))
        {
            own_state.selection.update(|own| own.retain(is_there));
        }
    });
    publish(state, api);
}

/// Nothing moves under a hand.
fn is_held() -> bool {
    document().is_some_and(|document| matches!(document.query_selector(".overview tbody:hover"), Ok(Some(_))))
}

/// Publishes the arrangement to mirrors, debounced, and at the latest when the page goes away. A page that was just
/// loaded publishes what it kept: that may be newer than what the server has.
fn publish(state: AppState, api: ApiHandle) {
    let own = state.overview;
    let document = Memo::new(move |_| {
        if !own.rights.get().arrange || state.connection.state.get() != Connection::Live {
            return None;
        }
        let arrangement = own.arrangement.read();
        let shown: Vec<String> = if own.typed.read().is_empty() {
            ids(&own.groups.read())
        } else {
            // What is only searched for is no arrangement.
            ids(&state
                .sessions
                .with(|all| arrange(all, &arrangement, &own.ranks.read(), "")))
        };
        let open = state.route.current.with(|route| route.session().map(str::to_owned));
        (!shown.is_empty()).then(|| arrangement.sidebar(&shown, open.as_deref()))
    });
    let unsent = StoredValue::new_local(None::<String>);
    let send = move |how: Lasting| {
        if let Some(body) = unsent.try_update_value(Option::take).flatten() {
            api.with_value(|api| api.tell("/mirror/sidebar", body, how));
        }
    };
    let turn = StoredValue::new_local(0_u64);
    effect(move || {
        let Some(body) = document.get() else { return };
        unsent.set_value(Some(body));
        turn.update_value(|turn| *turn += 1);
        let own_turn = turn.get_value();
        spawn_local(async move {
            sleep(PUBLISH_DEBOUNCE_MS, drop).await;
            if turn.get_value() == own_turn {
                send(Lasting::Page);
            }
        });
    });
    listen("pagehide", move |_: web_sys::Event| send(Lasting::Beyond));
}

/// Dismisses an ended session; the server informs all pages.
pub(crate) fn dismiss(api: ApiHandle, own: OverviewStore, id: &str) {
    let path = ["/api/sessions/", id].concat();
    api.with_value(|api: &Api| {
        api.ask("DELETE", path, None, move |answer| {
            if !matches!(answer, Some((204 | 404, _))) {
                own.said.set(t(Key::DismissFailed).to_owned());
            }
        });
    });
}
