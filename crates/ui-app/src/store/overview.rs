//! Signals of the arranged sessions: the arrangement, kept in this browser; the ranks of an order by rate; permissions;
//! and the arrangement that a mirror follows. No requests and no views.

use leptos::prelude::*;
use mirrord_wire::mirror::{Me, Sidebar};

use crate::browser::{store, stored};
use crate::i18n::{Key, with_two};
use crate::state::groups::{Group, Ranks, arrange, range};
use crate::state::order::{self, Arrangement};
use crate::state::permissions::Permissions;
use crate::state::selection::Selection;
use crate::state::sessions::Sessions;
use crate::state::sync_role::{Followed, SyncRole};

/// Arrangement of the list, selection, and permissions.
#[derive(Clone, Copy)]
pub(crate) struct OverviewStore {
    pub(crate) arrangement: RwSignal<Arrangement>,
    pub(crate) selection: RwSignal<Selection>,
    pub(crate) typed: RwSignal<String>,
    pub(crate) rights: Memo<Permissions>,
    /// The session that is open on the desktop which this mirror follows.
    pub(crate) led: RwSignal<Option<String>>,
    /// Groups on display, in order.
    pub(crate) groups: Memo<Vec<Group>>,
    /// The session whose menu is open, or that is to be ended.
    pub(crate) meant: RwSignal<Option<String>>,
    /// Announcement of the last action, for screen readers.
    pub(crate) said: RwSignal<String>,
    pub(crate) ranks: RwSignal<Ranks>,
    role: StoredValue<SyncRole>,
}

impl OverviewStore {
    pub(crate) fn new(sessions: RwSignal<Sessions>, me: RwSignal<Option<Me>>) -> Self {
        let arrangement = RwSignal::new(load_arrangement());
        let typed = RwSignal::new(String::new());
        let rank = RwSignal::new(Ranks::new());
        let groups =
            Memo::new(move |_| sessions.with(|all| arrange(all, &arrangement.read(), &rank.read(), &typed.read())));
        Self {
            arrangement,
            selection: RwSignal::new(Selection::default()),
            typed,
            rights: Memo::new(move |_| me.read().as_ref().map(Permissions::of).unwrap_or_default()),
            led: RwSignal::new(None),
            groups,
            meant: RwSignal::new(None),
            said: RwSignal::new(String::new()),
            ranks: rank,
            role: StoredValue::new(SyncRole::default()),
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

    /// Moves a session by one place within its group: for the arrow keys and for the menu.
    pub(crate) fn move_by_one(&self, id: &str, down: bool, name: &str) {
        let range = range(&self.groups.read_untracked(), id);
        if let Some((_, at)) = range {
            self.move_to(id, if down { at + 1 } else { at.saturating_sub(1) }, name);
        }
    }

    /// Moves a session to a place within its group, and announces the place to screen readers.
    pub(crate) fn move_to(&self, id: &str, place: usize, name: &str) {
        let Some((within, _)) = range(&self.groups.read_untracked(), id) else {
            return;
        };
        let place = place.clamp(within.start, within.end.saturating_sub(1));
        let shown = self.shown();
        self.change(|own| {
            own.put(&shown, id, place);
        });
        let number = (place - within.start + 1).to_string();
        self.said.set(with_two(Key::MovedTo, name, &number));
    }

    pub(crate) fn is_led(&self) -> bool {
        self.role.with_value(|role| *role == SyncRole::Device)
    }

    /// Takes in what the desktop shows.
    pub(crate) fn apply_sidebar(&self, sidebar: &Sidebar) {
        if let Some((arrangement, selected)) = Arrangement::followed(sidebar) {
            let followed = Followed { arrangement, selected };
            self.show(self.role.try_update_value(|role| role.receive(followed)).flatten());
        }
    }

    /// Takes in whether this is the desktop.
    pub(crate) fn set_role(&self, me: &Me) {
        let arranges = Permissions::of(me).arrange;
        self.show(
            self.role
                .try_update_value(|role| role.set_permission(arranges))
                .flatten(),
        );
    }

    fn show(&self, followed: Option<Followed>) {
        if let Some(followed) = followed {
            self.arrangement.set(followed.arrangement);
            self.led.set(followed.selected);
        }
    }
}

/// Ids of all groups, in order.
pub(crate) fn ids(groups: &[Group]) -> Vec<String> {
    groups.iter().flat_map(|group| group.ids.iter().cloned()).collect()
}

/// Arrangement that this browser keeps.
pub(crate) fn load_arrangement() -> Arrangement {
    stored(order::KEY)
        .map(|stored| Arrangement::read(&stored))
        .unwrap_or_default()
}
