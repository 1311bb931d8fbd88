//! Filters of a log beside kinds and search: a process and a routing.

use leptos::prelude::*;

use super::log_rows::{process_word, routing_word};
use super::open_session::OpenSession;
use crate::browser::How;
use crate::erased::handler;
use crate::i18n::{Key, t};
use crate::state::filter::{ROUTINGS, routing_word as slug};
use crate::state::processes::Process;
use crate::store::SessionsStore;
use crate::store::app_state::use_store;
use crate::store::log::LogStore;
use crate::store::route::RouteStore;

/// The processes that are offered; one beyond is found in its view.
const MAX_OFFERED: usize = 200;

/// A process and a way of routing.
pub(crate) fn choosers() -> AnyView {
    let sessions: SessionsStore = use_store();
    let route: RouteStore = use_store();
    let log: LogStore = use_store();
    // As the elements have them: a name and a number behind it, and the words that the address has.
    let processes = Memo::new(move |_| {
        sessions.track();
        log.with(|log| {
            let all = log.aggregates().processes.all();
            let newest = all.iter().rev().take(MAX_OFFERED);
            let label =
                |own: &Process| [&process_word(Some(own.pid), Some(&own.name)), " ", &own.pid.to_string()].concat();
            newest.map(label).collect::<Vec<_>>()
        })
    });
    let pid = Memo::new(move |_| {
        route
            .current
            .read()
            .filter
            .pid
            .map_or_else(String::new, |pid| pid.to_string())
    });
    let way = Memo::new(move |_| route.current.read().filter.routing.map_or("", slug).to_owned());
    let open = OpenSession::from_context();
    // The routing of several sessions is unknown.
    let is_routed = Memo::new(move |_| {
        let is_one = route.current.read().session().is_some();
        !is_one || !way.read().is_empty() || open.tells_routing()
    });
    let options = move || {
        let (mut offered, pid) = (processes.get(), pid.get());
        let number = |label: &str| label.rsplit(' ').next().unwrap_or("").to_owned();
        if !pid.is_empty() && !offered.iter().any(|own| number(own) == pid) {
            offered.push(pid.clone());
        }
        let option = |label: String| {
            let value = number(&label);
            view! { <option value=value.clone() selected=value == pid>{label}</option> }
        };
        offered.into_iter().map(option).collect_view()
    };
    view! {
        <select class="select" data-testid="filter-process" aria-label=t(Key::FilterProcess)
            on:change=handler(move |event| {
                let chosen = event_target_value(&event).parse().ok();
                route.update_filter(How::Push, |filter| filter.pid = chosen);
            })
        >
            <option value="" selected=move || pid.read().is_empty()>{t(Key::AnyProcess)}</option>
            {move || options()}
        </select>
        <select class="select" data-testid="filter-routing" aria-label=t(Key::FilterRouting) hidden=move || !is_routed.get()
            on:change=handler(move |event| {
                let word = event_target_value(&event);
                route.update_filter(How::Push, |filter| filter.routing = ROUTINGS.into_iter().find(|own| slug(*own) == word));
            })
        >
            <option value="" selected=move || way.read().is_empty()>{t(Key::AnyRouting)}</option>
            {ROUTINGS.map(|own| view! { <option value=slug(own) selected=move || *way.read() == slug(own)>{routing_word(own)}</option> })}
        </select>
    }
    .into_any()
}
