//! All stores together, for the controllers: a message or a tick changes several of them.

use leptos::prelude::*;

use super::{
    SessionsStore, connection::ConnectionStore, log::LogStore, mirror::MirrorStore, moment::MomentStore,
    overview::OverviewStore, preferences::PreferencesStore, records::RecordsStore, route::RouteStore,
};
use crate::state::judgement::Judgement;
use crate::state::preferences::Preferences;
use crate::state::route::Route;
use crate::state::sessions::Sessions;

/// The stores. Components take the ones they need by context.
#[derive(Clone, Copy)]
pub(crate) struct AppState {
    pub(crate) connection: ConnectionStore,
    pub(crate) sessions: SessionsStore,
    pub(crate) route: RouteStore,
    pub(crate) log: LogStore,
    pub(crate) preferences: PreferencesStore,
    pub(crate) overview: OverviewStore,
    pub(crate) mirror: MirrorStore,
    pub(crate) moment: MomentStore,
    pub(crate) records: RecordsStore,
    /// Judgement of the open session.
    pub(crate) judgement: RwSignal<Judgement>,
}

impl AppState {
    pub(crate) fn new(route: Route, own: Preferences) -> Self {
        let sessions = RwSignal::new(Sessions::default());
        let connection = ConnectionStore::new();
        let route = RouteStore::new(route);
        let mirror = MirrorStore::new();
        Self {
            connection,
            sessions,
            route,
            log: LogStore::new(route.current, sessions),
            preferences: PreferencesStore::new(own, connection.version),
            overview: OverviewStore::new(sessions, mirror.me),
            mirror,
            moment: MomentStore::new(route.current),
            records: RecordsStore::new(),
            judgement: RwSignal::new(Judgement::default()),
        }
    }

    /// Stores of the page, from the context.
    pub(crate) fn current() -> Self {
        expect_context()
    }

    /// Advances the clocks and the rates, once a second.
    pub(crate) fn on_tick(&self) {
        if self.connection.on_tick() {
            self.log.skip_counts();
            self.sessions.update(Sessions::tick);
        }
    }
}

/// Store of the page by its type, for a component. A context for each store would cost an instantiation of
/// `expect_context` each.
pub(crate) fn use_store<S: From<AppState>>() -> S {
    AppState::current().into()
}

macro_rules! stores {
    ($($field:ident: $store:ty),* $(,)?) => {$(
        impl From<AppState> for $store {
            fn from(state: AppState) -> Self {
                state.$field
            }
        }
    )*};
}

stores! {
    connection: ConnectionStore,
    sessions: SessionsStore,
    route: RouteStore,
    log: LogStore,
    preferences: PreferencesStore,
    overview: OverviewStore,
    mirror: MirrorStore,
    moment: MomentStore,
    records: RecordsStore,
}
