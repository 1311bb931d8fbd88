//! The sessions as they are arranged, as signals: what the reader chose, kept in this browser; the ranks that an order by
//! rate goes by; what may be done; and the document that mirrors follow, told or taken over. Nothing here shows anything.

use leptos::prelude::*;
use leptos::task::spawn_local;
use mirrord_wire::mirror::{Me, Sidebar};

use crate::api::rest::Lasting;
use crate::app::ApiHandle;
use crate::browser::{document, listen, sleep, store, stored};
use crate::model::Model;
use crate::state::connection::Connection;
use crate::state::groups::{Group, Ranks, arrange, ranks};
use crate::state::lead::{Followed, Lead};
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
    pub(crate) rights: Memo<Rights>,
    /// The session that is open on the desktop which this mirror follows.
    pub(crate) led: RwSignal<Option<String>>,
    /// What is shown, in order.
    pub(crate) groups: Memo<Vec<Group>>,
    /// The session whose menu is open, or that is to be ended.
    pub(crate) meant: RwSignal<Option<String>>,
    /// What was done, for who does not see it.
    pub(crate) said: RwSignal<String>,
    ranks: RwSignal<Ranks>,
    lead: StoredValue<Lead>,
}

impl Overview {
    pub(crate) fn new(sessions: RwSignal<Sessions>, me: RwSignal<Option<Me>>) -> Self {
        let arrangement = RwSignal::new(own());
        let typed = RwSignal::new(String::new());
        let rank = RwSignal::new(Ranks::new());
        let groups =
            Memo::new(move |_| sessions.with(|all| arrange(all, &arrangement.read(), &rank.read(), &typed.read())));
        Self {
            arrangement,
            selection: RwSignal::new(Selection::default()),
            typed,
            rights: Memo::new(move |_| me.read().as_ref().map(Rights::of).unwrap_or_default()),
            led: RwSignal::new(None),
            groups,
            meant: RwSignal::new(None),
            said: RwSignal::new(String::new()),
            ranks: rank,
            lead: StoredValue::new(Lead::default()),
        }
    }

    /// Changes the arrangement, and keeps it. On a device the desktop's is shown, and not changed.
    pub(crate) fn change(&self, change: impl FnOnce(&mut Arrangement)) {
        if self.is_led() {
            return;
        }
        let mut own = self.arrangement.get_untracked();
        change(&mut own);
        store(order::KEY, &own.written());
        self.arrangement.set(own);
    }

    /// Everything that is shown, in order.
    pub(crate) fn shown(&self) -> Vec<String> {
        ids(&self.groups.read_untracked())
    }

    fn is_led(&self) -> bool {
        self.lead.with_value(|lead| *lead == Lead::Device)
    }

    /// Takes in what the desktop shows.
    pub(crate) fn follow(&self, sidebar: &Sidebar) {
        if let Some((arrangement, selected)) = Arrangement::followed(sidebar) {
            let followed = Followed { arrangement, selected };
            self.show(self.lead.try_update_value(|lead| lead.told(followed)).flatten());
        }
    }

    /// Takes in whether this is the desktop.
    fn known(&self, me: &Me) {
        let arranges = Rights::of(me).arrange;
        self.show(self.lead.try_update_value(|lead| lead.known(arranges)).flatten());
    }

    fn show(&self, followed: Option<Followed>) {
        if let Some(followed) = followed {
            self.arrangement.set(followed.arrangement);
            self.led.set(followed.selected);
        }
    }
}

fn ids(groups: &[Group]) -> Vec<String> {
    groups.iter().flat_map(|group| group.ids.iter().cloned()).collect()
}

fn own() -> Arrangement {
    stored(order::KEY)
        .map(|stored| Arrangement::read(&stored))
        .unwrap_or_default()
}

/// Keeps all of it as it has to be, for as long as the page lives.
pub(crate) fn follow(model: Model, api: ApiHandle) {
    let own_state = model.overview;
    listen("storage", move |_: web_sys::Event| {
        let kept = own();
        // It may be another value that has changed; and a device keeps none.
        if !own_state.is_led() && own_state.arrangement.with_untracked(|before| *before != kept) {
            own_state.arrangement.set(kept);
        }
    });
    Effect::new(move |_| {
        if let Some(me) = model.mirror.me.read().as_ref() {
            own_state.known(me);
        }
    });
    let mut ticks = 0_u64;
    Effect::new(move |_| {
        model.now.track();
        ticks += 1;
        if ticks % RANK_TICKS == 1 && !is_held() {
            own_state.ranks.set(model.sessions.with_untracked(ranks));
        }
    });
    Effect::new(move |_| {
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

/// Tells mirrors what is shown here, once it has not changed for a moment, and at the latest when the page goes away. A page
/// that was just loaded tells what it kept: that may be newer than what the server has.
fn tell(model: Model, api: ApiHandle) {
    let own = model.overview;
    let document = Memo::new(move |_| {
        if !own.rights.get().arrange || model.connection.get() != Connection::Live {
            return None;
        }
        let arrangement = own.arrangement.read();
        let shown: Vec<String> = if own.typed.read().is_empty() {
            ids(&own.groups.read())
        } else {
            // What is only searched for is no arrangement.
            ids(&model
                .sessions
                .with(|all| arrange(all, &arrangement, &own.ranks.read(), "")))
        };
        let open = model.route.with(|route| route.session().map(str::to_owned));
        (!shown.is_empty()).then(|| arrangement.sidebar(&shown, open.as_deref()))
    });
    let untold = StoredValue::new_local(None::<String>);
    let tell = move |how: Lasting| {
        if let Some(body) = untold.try_update_value(Option::take).flatten() {
            api.with_value(|api| api.tell("/mirror/sidebar", body, how));
        }
    };
    let turn = StoredValue::new_local(0_u64);
    Effect::new(move |_| {
        let Some(body) = document.get() else { return };
        untold.set_value(Some(body));
        turn.update_value(|turn| *turn += 1);
        let own_turn = turn.get_value();
        spawn_local(async move {
            sleep(TELL_MS, drop).await;
            if turn.get_value() == own_turn {
                tell(Lasting::Page);
            }
        });
    });
    listen("pagehide", move |_: web_sys::Event| tell(Lasting::Beyond));
}
