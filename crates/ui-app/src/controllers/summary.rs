//! Controller that keeps the server's judgement of the open session current: once a second while events come, less often
//! while none do, since some findings come with time alone. One request at a time.

use leptos::prelude::*;
use mirrord_wire::SessionStatus;

use crate::api::socket::ApiHandle;
use crate::browser::{every, now_ms};
use crate::erased::effect;
use crate::state::judgement::Judgement;
use crate::state::route::Route;
use crate::store::app_state::AppState;

/// Interval of requests while events come.
const INTERVAL_MS: i32 = 1_000;
/// Interval of requests while nothing happens.
const IDLE_MS: u64 = 5_000;

/// Interval of requests about one process tree: the server reads the events that it keeps for each.
const FOLLOWED_MS: u64 = 3_000;

/// The last request: for which session and process tree, at which number of events and status, and when.
#[derive(Default, PartialEq)]
struct Request {
    id: String,
    tree: Option<u32>,
    /// Event up to which a record is shown.
    moment: Option<u64>,
    events: u64,
    status: Option<SessionStatus>,
    at_ms: u64,
    is_under_way: bool,
}

/// Keeps the judgement of the open session, for as long as the page is open.
pub(crate) fn follow(state: AppState, api: ApiHandle) {
    let last = StoredValue::new(Request::default());
    let open = Memo::new(move |_| {
        let route = state.route.current.read();
        let id = route.session().map(str::to_owned)?;
        let is_known = state.sessions.with(|sessions| sessions.get(&id).is_some());
        // Of another moment, the last judgement stays until the next one is here.
        Some((id, route.filter.tree, is_known, route.at))
    });
    let mut before = None;
    effect(move || {
        let shown = open.get().map(|(id, tree, ..)| (id, tree));
        if before != shown {
            before = shown;
            last.set_value(Request::default());
            state.judgement.set(Judgement::default());
        }
        request(state, api, last);
    });
    every(INTERVAL_MS, move || request(state, api, last));
}

fn request(state: AppState, api: ApiHandle, last: StoredValue<Request>) {
    let Some(id) = state.route.session() else { return };
    let (tree, moment) = state
        .route
        .current
        .with_untracked(|route| (route.filter.tree, route.at));
    let now = now_ms();
    let next = state.sessions.with_untracked(|sessions| {
        let session = sessions.get(&id).filter(|own| !own.is_held)?;
        Some(Request {
            id: id.clone(),
            tree,
            moment,
            events: session.counts().total(),
            status: Some(session.summary.status),
            at_ms: now,
            is_under_way: true,
        })
    });
    let is_due = |next: &Request| {
        last.with_value(|last| {
            let is_other = (&last.id, last.tree, last.moment) != (&next.id, next.tree, next.moment);
            let is_news = (last.events, last.status) != (next.events, next.status);
            let is_early = tree.is_some() && now < last.at_ms + FOLLOWED_MS;
            let is_over = next.status == Some(SessionStatus::Ended);
            let is_due = (is_news && !is_early) || (!is_over && now >= last.at_ms + IDLE_MS);
            !last.is_under_way && (is_other || is_due)
        })
    };
    let Some(next) = next.filter(is_due) else { return };
    last.set_value(next);
    let learn = move |text: Option<String>| {
        // Another session was opened meanwhile.
        if !is_shown(state, &id, tree) {
            return;
        }
        last.update_value(|last| last.is_under_way = false);
        // Another moment was asked for meanwhile.
        if state.route.current.with_untracked(|route| route.at != moment) {
            return request(state, api, last);
        }
        if let Some(judgement) = text.as_deref().and_then(Judgement::read) {
            state.judgement.set(judgement);
        }
    };
    let query = match (moment, tree) {
        (None, None) => String::new(),
        (None, Some(root)) => ["?q=tree:", &root.to_string()].concat(),
        (Some(at), None) => ["?at=", &at.to_string()].concat(),
        (Some(at), Some(root)) => ["?at=", &at.to_string(), "&q=tree:", &root.to_string()].concat(),
    };
    let path = [state.route.session().unwrap_or_default().as_str(), "/summary", &query].concat();
    api.with_value(|api| api.session(path, learn));
}

/// Returns whether a session is still open, with a process tree that is followed.
fn is_shown(state: AppState, id: &str, tree: Option<u32>) -> bool {
    let is_it = |route: &Route| route.session() == Some(id) && route.filter.tree == tree;
    state.route.current.with_untracked(is_it)
}
