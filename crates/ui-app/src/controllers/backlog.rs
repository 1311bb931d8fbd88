//! Controller that loads the backlog of the open sessions, their events so far, into the log: after the snapshot, and when a
//! session is opened. Events that arrive meanwhile wait in the log's reorder buffer.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::moment;
use crate::api::rest::{EventQuery, Refused};
use crate::api::socket::ApiHandle;
use crate::codec::line::StreamLine;
use crate::state::log::{Load, SessionLog, ring};
use crate::state::route::Route;
use crate::store::app_state::AppState;

/// One session's part of a load: its place in the log, the last sequence number that the log has, its id.
type Wanted = (u8, u64, String);

/// Loads what the log lacks of each open session. A load that is still under way is given up.
pub(crate) fn fetch(state: AppState, api: ApiHandle) {
    let ids = state.route.current.with_untracked(Route::sessions);
    if ids.is_empty() {
        return;
    }
    if let Some(at) = state.route.current.with_untracked(|route| route.at) {
        return moment::show(state, api, at);
    }
    state.log.opened.update(|opened| *opened += 1);
    let opened = state.log.opened.get_untracked();
    state.log.entries.update_value(SessionLog::fetch_begins);
    // No more than the log keeps.
    let most = ring::MAX_ROWS / ids.len() as u64;
    let wanted: Vec<Wanted> = (0_u8..)
        .zip(ids)
        .map(|(place, id)| (place, since(state, place, &id, most), id))
        .collect();
    spawn_local(load(state, api, opened, wanted));
}

/// Sequence number after which a session's events are requested.
fn since(state: AppState, place: u8, id: &str, most: u64) -> u64 {
    let (newest, is_numbered_here) = state.sessions.with_untracked(|sessions| {
        let session = sessions.get(id).map(|session| &session.summary);
        session.map_or((0, false), |summary| (summary.seq, summary.info.protocol_version == 0))
    });
    if is_numbered_here {
        state.log.entries.update_value(|log| log.renumber(place, newest));
    }
    let last = state.log.with(|log| log.last_seq(place));
    last.max(newest.saturating_sub(most))
}

async fn load(state: AppState, handle: ApiHandle, opened: u64, wanted: Vec<Wanted>) {
    let api = handle.get_value();
    let is_listed = |id: &str| state.sessions.with_untracked(|sessions| sessions.is_listed(id));
    let is_open = || state.log.opened.get_untracked() == opened;
    let go_on = || {
        state.log.ask_frame();
        is_open()
    };
    let (mut gone, mut failed) = (0, false);
    // Sessions that were not listed when they were requested, and were not found.
    let mut missing = Vec::new();
    let count = wanted.len();
    for (place, since, id) in wanted {
        let mut take = |text: Option<&str>| match text.and_then(StreamLine::read) {
            None => state.connection.count_unreadable(),
            Some(StreamLine::Event(line)) if is_open() => {
                state.log.entries.update_value(|log| log.fetched(place, &line));
            }
            Some(_) => {}
        };
        let was_listed = is_listed(&id);
        let query = EventQuery {
            since,
            until: None,
            limit: ring::MAX_ROWS,
        };
        match api.history(&id, query, &mut take, &go_on).await {
            Ok(()) => {}
            Err(Refused::NotFound) => {
                gone += 1;
                missing.extend((!was_listed).then_some(id));
            }
            Err(Refused::Failed | Refused::SignedOut) => failed = true,
        }
    }
    if is_open() {
        let how = match failed {
            true => Load::Failed,
            false if gone == count => Load::Gone,
            false => Load::Ready,
        };
        state.log.update(|log| log.fetch_ends(how));
        // The numbers include what was loaded at once.
        state.sessions.notify();
        // One was listed during the request, as after a restart of the server.
        if missing.iter().any(|id| is_listed(id)) {
            fetch(state, handle);
        }
    }
}
