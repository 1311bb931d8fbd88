//! Read access of the views to the open session: its summary, its aggregates, and how its times are shown.

use leptos::prelude::*;

use super::log_rows::Clock;
use crate::browser::{How, go};
use crate::state::aggregates::Aggregates;
use crate::state::filter::LogFilter;
use crate::state::judgement::Judgement;
use crate::state::preferences::{Preferences, Times};
use crate::state::route::{Route, View};
use crate::state::sessions::{Session, Sessions};
use crate::store::SessionsStore;
use crate::store::app_state::{AppState, use_store};
use crate::store::connection::ConnectionStore;
use crate::store::log::LogStore;
use crate::store::moment::MomentStore;
use crate::store::preferences::PreferencesStore;
use crate::store::route::RouteStore;

/// The open session.
#[derive(Clone, Copy)]
pub(crate) struct OpenSession {
    pub(crate) log: LogStore,
    /// Microseconds since the Unix epoch.
    pub(crate) now: RwSignal<u64>,
    sessions: SessionsStore,
    moment: MomentStore,
    route: RouteStore,
    preferences: RwSignal<Preferences>,
    pub(crate) judgement: RwSignal<Judgement>,
}

impl OpenSession {
    pub(crate) fn from_context() -> Self {
        Self {
            log: use_store(),
            now: use_store::<ConnectionStore>().now,
            sessions: use_store(),
            moment: use_store(),
            route: use_store::<RouteStore>(),
            preferences: use_store::<PreferencesStore>().current,
            judgement: AppState::current().judgement,
        }
    }

    /// Subscribes to changes of its numbers, at most four a second.
    pub(crate) fn track(&self) {
        self.sessions.track();
    }

    /// Reads the aggregates of its log.
    pub(crate) fn aggregates<T>(&self, read: impl FnOnce(&Aggregates) -> T) -> T {
        self.log.with(|log| read(log.aggregates()))
    }

    /// Reads its summary; `None` if the list does not have it.
    pub(crate) fn summary<T>(&self, read: impl FnOnce(&Session) -> T) -> Option<T> {
        let route = self.route.current.read_untracked();
        let id = route.session()?;
        self.sessions.with_untracked(|sessions| sessions.get(id).map(read))
    }

    /// The end of the session, or now while it runs, or the moment of a record that is shown; microseconds since the Unix
    /// epoch.
    pub(crate) fn until(&self) -> u64 {
        if let Some(moment) = untrack(|| self.moment.ts()) {
            return moment;
        }
        let ended = self.summary(Session::ended).flatten();
        ended.unwrap_or_else(|| self.now.get_untracked())
    }

    /// Reports a session that exposes routing, and with it what was not found. Subscribes to its numbers.
    pub(crate) fn tells_routing(&self) -> bool {
        let route = self.route.current.read();
        let Some(id) = route.session() else { return false };
        let is_counted = |sessions: &Sessions| sessions.get(id).is_some_and(|own| !own.summary.routing.is_empty());
        self.sessions.with(is_counted) || self.aggregates(Aggregates::tells_routing)
    }

    /// Reports a session that exposes outcomes. Subscribes to its numbers.
    pub(crate) fn tells_outcome(&self) -> bool {
        self.track();
        self.aggregates(Aggregates::tells_outcome)
    }

    /// Filter with no more than the process tree that is followed.
    fn followed_alone(&self) -> LogFilter {
        LogFilter {
            tree: self.route.current.read_untracked().filter.tree,
            ..LogFilter::default()
        }
    }

    /// Follows a process and its descendants in every view.
    pub(crate) fn follow(&self, pid: u32) {
        self.route.update_filter(How::Push, |filter| filter.tree = Some(pid));
    }

    /// Opens the log with the filter that `choose` makes of an open one.
    pub(crate) fn show_events(&self, choose: impl FnOnce(&mut LogFilter)) {
        let mut route = Route {
            filter: self.followed_alone(),
            range: None,
            row: None,
            ..self.route.current.get_untracked().with_view(View::Events)
        };
        choose(&mut route.filter);
        go(&route.fragment());
    }

    /// Address of another view of the session.
    pub(crate) fn address(&self, view: View) -> String {
        let route = Route {
            filter: self.followed_alone(),
            ..self.route.current.get_untracked().with_view(view)
        };
        route.fragment()
    }

    /// Path whose story is open. Subscribes to it.
    pub(crate) fn story(&self) -> Option<String> {
        self.route.current.read().story.clone()
    }

    /// Opens the story of a path as a step of the browser's history, or closes the one that is open.
    pub(crate) fn set_story(&self, path: Option<String>) {
        let how = if path.is_some() { How::Push } else { How::Replace };
        self.route.update(how, |route| route.story = path);
    }

    /// Address of the story of a path.
    pub(crate) fn story_address(&self, path: &str) -> String {
        let route = Route {
            story: Some(path.to_owned()),
            ..self.route.current.get_untracked().with_view(View::Files)
        };
        route.fragment()
    }

    /// Address of the rows that a filter shows.
    pub(crate) fn rows_of(&self, query: &str) -> String {
        let filter = LogFilter {
            typed: query.to_owned(),
            ..self.followed_alone()
        };
        let route = Route {
            filter,
            ..self.route.current.get_untracked().with_view(View::Events)
        };
        route.fragment()
    }

    /// Clock that the reader prefers.
    pub(crate) fn clock(&self) -> Clock {
        match self.preferences.get_untracked().times {
            Times::Absolute | Times::SinceBefore => Clock::OfDay,
            Times::SinceStart => {
                let started = self.summary(Session::started).flatten();
                started.map_or(Clock::OfDay, Clock::Since)
            }
            Times::Relative => Clock::Before(self.now.get_untracked()),
        }
    }
}
