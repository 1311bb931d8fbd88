//! The sessions as they are arranged, as signals: what the reader chose, kept in this browser; the ranks that an order by
//! rate goes by; what may be done; and the document that mirrors follow, told or taken over. Nothing here shows anything.

use crate::components::dom::prelude::*;
use leptos::task::spawn_local;

use crate::app::ApiHandle;
use crate::browser::{document, listen, sleep, store, stored};
use crate::codec::json::Json;
use crate::components::dynamic::{effect, memo};
use crate::model::Model;
use crate::state::connection::Connection;
use crate::state::groups::{Group, Ranks, arrange, ranks};
use crate::state::order::{self, Arrangement};
use crate::state::rights::Rights;
use crate::state::selection::Selection;
use crate::state::sessions::Sessions;

/// How often an order by rate or by events is made anew, in ticks of a second.
const RANK_TICKS: u64 = 3;
/// How long a change of the arrangement waits for the next one before mirrors are told.
const TELL_MS: u32 = 300;

/// What the reader made of the list.
#[derive(Clone, Copy)]
pub(crate) struct Overview {
    pub(crate) arrangement: RwSignal<Arrangement>,
    pub(crate) selection: RwSignal<Selection>,
    pub(crate) typed: RwSignal<String>,
    pub(crate) rights: RwSignal<Rights>,
    /// The session that is open on the desktop which this mirror follows.
    pub(crate) led: RwSignal<Option<String>>,
    /// What is shown, in order.
    pub(crate) groups: Memo<Vec<Group>>,
    /// The session whose menu is open, or that is to be ended.
    pub(crate) meant: RwSignal<Option<String>>,
    /// What was done, for who does not see it.
    pub(crate) said: RwSignal<String>,
    ranks: RwSignal<Ranks>,
}

impl Overview {
    pub(crate) fn new(sessions: RwSignal<Sessions>) -> Self {
        let arrangement = RwSignal::new(own());
        let typed = RwSignal::new(String::new());
        let rank = RwSignal::new(Ranks::new());
        let groups = memo(move || sessions.with(|all| arrange(all, &arrangement.read(), &rank.read(), &typed.read())));
        Self {
            arrangement,
            selection: RwSignal::new(Selection::default()),
            typed,
            rights: RwSignal::new(Rights::default()),
            led: RwSignal::new(None),
            groups,
            meant: RwSignal::new(None),
            said: RwSignal::new(String::new()),
            ranks: rank,
        }
    }

    /// Changes the arrangement, and keeps it.
    pub(crate) fn change(&self, change: impl FnOnce(&mut Arrangement)) {
        let mut own = self.arrangement.get_untracked();
        change(&mut own);
        store(order::KEY, &own.written());
        self.arrangement.set(own);
    }

    /// Everything that is shown, in order.
    pub(crate) fn shown(&self) -> Vec<String> {
        let groups = self.groups.read_untracked();
        groups.iter().flat_map(|group| group.ids.iter().cloned()).collect()
    }

    /// Takes over what the desktop shows, unless this is the desktop.
    pub(crate) fn follow(&self, json: &mut Json<'_>) {
        if self.rights.get_untracked().arrange {
            return;
        }
        let mut next = self.arrangement.get_untracked();
        if let Some(led) = next.follow(json) {
            self.arrangement.set(next);
            self.led.set(led);
        }
    }
}

fn own() -> Arrangement {
    stored(order::KEY)
        .map(|stored| Arrangement::read(&stored))
        .unwrap_or_default()
}

/// Keeps all of it as it has to be, for as long as the page lives.
pub(crate) fn follow(model: Model, api: ApiHandle) {
    let own_state = model.overview;
    listen("storage", move |_: web_sys::Event| own_state.arrangement.set(own()));
    let mut ticks = 0_u64;
    effect(move || {
        model.now.track();
        ticks += 1;
        if ticks % RANK_TICKS == 1 && !is_held() {
            own_state.ranks.set(model.sessions.with_untracked(ranks));
        }
    });
    effect(move || {
        let is_there = |id: &str| model.sessions.with(|sessions| sessions.get(id).is_some());
        if own_state
            .selection
            .with_untracked(|own| !own.ids().iter().all(|id| is_there(id)))
        {
            own_state.selection.update(|own| own.retain(is_there));
        }
    });
    tell(model, api);
}

/// Nothing moves under a hand.
fn is_held() -> bool {
    document().is_some_and(|document| matches!(document.query_selector(".overview tbody:hover"), Ok(Some(_))))
}

/// Tells mirrors what is shown here, once it has not changed for a moment.
fn tell(model: Model, api: ApiHandle) {
    let own = model.overview;
    let document = memo(move || {
        let may = own.rights.get().arrange && model.connection.get() == Connection::Live;
        let open = model.route.with(|route| route.session().map(str::to_owned));
        let shown: Vec<String> = own
            .groups
            .read()
            .iter()
            .flat_map(|group| group.ids.iter().cloned())
            .collect();
        let is_searched = !own.typed.read().is_empty();
        // What is only searched for is no arrangement.
        (may && !is_searched && !shown.is_empty()).then(|| own.arrangement.read().sidebar(&shown, open.as_deref()))
    });
    let turn = StoredValue::new_local(0_u64);
    effect(move || {
        let Some(body) = document.get() else { return };
        turn.update_value(|turn| *turn += 1);
        let own_turn = turn.get_value();
        spawn_local(async move {
            sleep(TELL_MS, drop).await;
            if turn.get_value() == own_turn {
                api.with_value(|api| api.ask("PUT", "/mirror/sidebar".to_owned(), Some(body), drop));
            }
        });
    });
}
