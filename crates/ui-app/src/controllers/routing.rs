//! Controller of the address: its fragment is the route, which links and the browser's buttons change.

use leptos::prelude::*;

use crate::api::socket::ApiHandle;
use crate::browser::{fragment, listen};
use crate::state::route::{Route, token};
use crate::store::route::RouteStore;

/// Follows the address for as long as the page is open. A token in it is taken out, and signs in.
pub(crate) fn follow(route: RouteStore, api: ApiHandle) {
    listen("hashchange", move |_: web_sys::Event| {
        let fragment = fragment();
        if let Some(token) = token(&fragment) {
            api.with_value(|api| api.sign_in(token));
            return route.write();
        }
        route.set_route(Route::parse(&fragment));
    });
}
