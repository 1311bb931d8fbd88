//! Signal of the route, which mirrors the address: the page on display, and the filter of its log.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::browser::{How, put_fragment, sleep};
use crate::state::filter::LogFilter;
use crate::state::route::Route;
use crate::state::time_range::TimeRange;

/// Time after which the address follows a change that is no step of the history, milliseconds: writing it takes a part of the
/// frame that answers a key, and browsers limit how often it may be done.
const FOLLOWS_MS: u32 = 100;

/// The current route.
#[derive(Clone, Copy)]
pub(crate) struct RouteStore {
    pub(crate) current: RwSignal<Route>,
    /// The address is yet to follow.
    is_behind: StoredValue<bool>,
}

impl RouteStore {
    pub(crate) fn new(route: Route) -> Self {
        Self {
            current: RwSignal::new(route),
            is_behind: StoredValue::new(false),
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

    /// Changes the route, and the address with it: at once where that is a step of the history.
    pub(crate) fn update(&self, how: How, change: impl FnOnce(&mut Route)) {
        let mut route = self.current.get_untracked();
        change(&mut route);
        if self.current.with_untracked(|before| *before != route) {
            let fragment = route.fragment();
            match how {
                How::Push => {
                    // The step before is left as it was.
                    self.write();
                    put_fragment(how, &fragment);
                }
                How::Replace => self.write_later(),
            }
            self.current.set(route);
        }
    }

    /// Has the address follow in a while.
    fn write_later(self) {
        if !self.is_behind.get_value() {
            self.is_behind.set_value(true);
            spawn_local(async move {
                sleep(FOLLOWS_MS, drop).await;
                self.write();
            });
        }
    }

    /// Writes the address where it is behind.
    fn write(self) {
        if self.is_behind.get_value() {
            self.is_behind.set_value(false);
            put_fragment(How::Replace, &self.current.read_untracked().fragment());
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
