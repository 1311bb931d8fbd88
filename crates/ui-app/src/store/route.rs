//! Signal of the route, which mirrors the address: the page on display, and the filter of its log.

use leptos::prelude::*;

use crate::browser::{How, put_fragment};
use crate::state::filter::LogFilter;
use crate::state::route::Route;
use crate::state::time_range::TimeRange;

/// The current route.
#[derive(Clone, Copy)]
pub(crate) struct RouteStore {
    pub(crate) current: RwSignal<Route>,
}

impl RouteStore {
    pub(crate) fn new(route: Route) -> Self {
        Self {
            current: RwSignal::new(route),
        }
    }

    /// Applies a change of the address.
    pub(crate) fn set_route(&self, route: Route) {
        if self.current.with_untracked(|before| *before != route) {
            self.current.set(route);
        }
    }

    /// Changes the filter, and the address with it, as a history step of its own or as a part of the last one.
    pub(crate) fn update_filter(&self, how: How, change: impl FnOnce(&mut LogFilter)) {
        self.update(how, |route| change(&mut route.filter));
    }

    /// Shows the rows of these times alone, or of all.
    pub(crate) fn set_range(&self, how: How, range: Option<TimeRange>) {
        self.update(how, |route| route.range = range);
    }

    /// Changes the route, and the address with it.
    pub(crate) fn update(&self, how: How, change: impl FnOnce(&mut Route)) {
        let mut route = self.current.get_untracked();
        change(&mut route);
        if self.current.with_untracked(|before| *before != route) {
            put_fragment(how, &route.fragment());
            self.current.set(route);
        }
    }

    /// Shows the session as of another moment. The address follows once that has settled.
    pub(crate) fn set_at(&self, at: Option<u64>) {
        if self.current.with_untracked(|route| route.at != at) {
            self.current.update(|route| route.at = at);
        }
    }

    /// Resets the filter and the range of time.
    pub(crate) fn clear_filter(&self) {
        self.update(How::Push, |route| {
            route.filter = LogFilter::default();
            route.range = None;
        });
    }

    /// Id of the session on display, if it is one.
    pub(crate) fn session(&self) -> Option<String> {
        self.current.with_untracked(|route| route.session().map(str::to_owned))
    }
}
