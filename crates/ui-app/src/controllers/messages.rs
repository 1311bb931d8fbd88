//! Controller of everything that the API reports: WebSocket messages, the state of the connection, and answers.

use leptos::prelude::*;
use mirrord_wire::WsMessage;

use super::backlog;
use crate::api::socket::{Api, ApiEvent, ApiHandle};
use crate::browser::now_ms;
use crate::codec::message::{Lines, Message};
use crate::state::route::Route;
use crate::store::app_state::AppState;

/// Applies an event of the API.
pub(crate) fn on_event(state: AppState, api: ApiHandle, event: ApiEvent<'_>) {
    match event {
        ApiEvent::Connection(connection) => state.connection.state.set(connection),
        ApiEvent::Obstacle(obstacle) => state.connection.obstacle.set(obstacle),
        ApiEvent::Version(version) => {
            if state.connection.version.with_untracked(|before| *before != version) {
                state.connection.version.set(version);
            }
        }
        ApiEvent::Me(answer) => state.mirror.set_me(answer),
        ApiEvent::Unreadable => state.connection.count_unreadable(),
        ApiEvent::Message(message) => handle_message(state, message),
        ApiEvent::Synced => {
            // A device's permissions may have changed between the first answer and the subscription to changes.
            if !state.mirror.is_desktop() {
                api.with_value(Api::ask_me);
            }
            backlog::fetch(state, api);
        }
    }
}

fn handle_message(state: AppState, message: Message<'_>) {
    let message = match message {
        Message::Events(id, lines) => return handle_events(state, &id, lines),
        Message::Other(message) => message,
    };
    match &message {
        WsMessage::SidebarUpdated(sidebar) => state.overview.apply_sidebar(sidebar),
        WsMessage::MirrorUpdated | WsMessage::MeUpdated => state.mirror.news.update(|news| *news += 1),
        WsMessage::Lagged {
            session_id,
            missed,
            before,
            ..
        } => state.log.with_session(session_id, |log| {
            log.into_iter()
                .for_each(|(source, log)| log.lagged(source, *missed, *before));
        }),
        _ => {}
    }
    let is_list = matches!(message, WsMessage::Sessions(_));
    if is_list {
        let open = state.route.current.with_untracked(Route::sessions);
        let _ = state.sessions.try_update_untracked(|sessions| sessions.hold(open));
    }
    let changed = state
        .sessions
        .try_update_untracked(|sessions| sessions.apply(message, now_ms() * 1_000));
    if changed == Some(true) {
        state.sessions.notify();
    }
    if is_list {
        state.connection.listed.set(true);
    }
}

/// Adds events, each once, to the session's counts and to the open log.
fn handle_events(state: AppState, id: &str, lines: Lines<'_>) {
    let mut is_read = true;
    let _ = state.sessions.try_update_untracked(|sessions| {
        let mut session = sessions.find(id);
        state.log.with_session(id, |mut log| {
            is_read = lines.each(&mut |line| {
                session.iter_mut().for_each(|session| session.count(line));
                log.iter_mut().for_each(|(source, log)| log.arrived(*source, line));
            });
        });
    });
    if !is_read {
        state.connection.count_unreadable();
    }
}
