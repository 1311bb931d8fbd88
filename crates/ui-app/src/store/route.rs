//! Signal of the route, which mirrors the address: the page on display, and the filter of its log.
//!
//! Invariant: an address that a link or the browser's buttons have changed since a key is not overwritten by what was typed:
//! [`Behind`] knows what was there.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::browser::{How, fragment, put_fragment, sleep};
use crate::state::filter::LogFilter;
use crate::state::route::Route;
use crate::state::time_range::TimeRange;

/// Time between a key and its address, which takes 3 ms to write: behind the frame that has the answer, and before anybody
/// can follow a link.
const SETTLED_MS: u32 = 50;

/// The current route.
#[derive(Clone, Copy)]
pub(crate) struct RouteStore {
    pub(crate) current: RwSignal<Route>,
    behind: StoredValue<Option<Behind>>,
}

/// An address that is behind the route.
struct Behind {
    /// Fragment that the address had.
    fragment: String,
    /// Number of the last change since.
    change: u64,
}

impl RouteStore {
    pub(crate) fn new(route: Route) -> Self {
        Self {
            current: RwSignal::new(route),
            behind: StoredValue::new(None),
        }
    }

    /// Applies a change of the address.
    pub(crate) fn set_route(&self, route: Route) {
        self.behind.set_value(None);
        if self.current.with_untracked(|before| *before != route) {
            self.current.set(route);
        }
    }

    /// Changes the filter, and the address with it, as a history step of its own or as a part of the last one.
    pub(crate) fn update_filter(&self, how: How, change: impl FnOnce(&mut LogFilter)) {
        self.update(how, |route| change(&mut route.filter));
    }

    /// Changes the filter as it is typed. The address follows once that has settled.
    pub(crate) fn type_filter(&self, change: impl FnOnce(&mut LogFilter)) {
        let mut route = self.current.get_untracked();
        change(&mut route.filter);
        if self.current.with_untracked(|before| *before == route) {
            return;
        }
        let mut number = 0;
        self.behind.update_value(|behind| {
            let behind = behind.get_or_insert_with(|| Behind {
                fragment: fragment(),
                change: 0,
            });
            behind.change += 1;
            number = behind.change;
        });
        self.current.set(route);
        let own = *self;
        spawn_local(async move {
            sleep(SETTLED_MS, drop).await;
            let is_last = |behind: &Option<Behind>| behind.as_ref().is_some_and(|behind| behind.change == number);
            if own.behind.with_value(is_last) {
                own.catch_up();
            }
        });
    }

    /// Writes the route into an address that is behind it, unless that was changed since.
    fn catch_up(&self) {
        let mut behind = None;
        self.behind.update_value(|own| behind = own.take());
        if behind.is_some_and(|behind| behind.fragment == fragment()) {
            self.write();
        }
    }

    /// Writes the route into the address, as a part of its last history step.
    pub(crate) fn write(&self) {
        self.behind.set_value(None);
        put_fragment(How::Replace, &self.current.read_untracked().fragment());
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
            self.catch_up();
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
