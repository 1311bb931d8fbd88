//! Signal of the route, which mirrors the address: the page on display, and the filter of its log.

use leptos::prelude::*;

use crate::browser::{How, put_fragment};
use crate::state::filter::LogFilter;
use crate::state::route::Route;

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
        let mut route = self.current.get_untracked();
        change(&mut route.filter);
        if self.current.with_untracked(|before| *before != route) {
            put_fragment(how, &route.fragment());
            self.current.set(route);
        }
    }

    /// Resets the filter.
    pub(crate) fn clear_filter(&self) {
        self.update_filter(How::Push, |filter| *filter = LogFilter::default());
    }

    /// Id of the session on display, if it is one.
    pub(crate) fn session(&self) -> Option<String> {
        self.current.with_untracked(|route| route.session().map(str::to_owned))
    }
}
