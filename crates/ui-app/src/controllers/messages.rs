//! Controller of everything that the API reports: WebSocket messages, the state of the connection, and answers.

use leptos::prelude::*;
use mirrord_wire::WsMessage;

use super::history;
use crate::api::socket::{Api, ApiEvent, ApiHandle};
use crate::browser::now_ms;
use crate::codec::message::{Lines, Message};
use crate::state::route::Route;
use crate::store::model::Model;

/// Applies an event of the API.
pub(crate) fn on_event(model: Model, api: ApiHandle, event: ApiEvent<'_>) {
    match event {
        ApiEvent::Connection(connection) => model.connection.set(connection),
        ApiEvent::Obstacle(obstacle) => model.obstacle.set(obstacle),
        ApiEvent::Version(version) => {
            if model.version.with_untracked(|before| *before != version) {
                model.version.set(version);
            }
        }
        ApiEvent::Me(answer) => model.mirror.told_who(answer),
        ApiEvent::Unreadable => model.unreadable.update(|count| *count += 1),
        ApiEvent::Message(message) => handle_message(model, message),
        ApiEvent::Synced => {
            // A device's permissions may have changed between the first answer and the subscription to changes.
            if !model.mirror.is_desktop() {
                api.with_value(Api::ask_me);
            }
            history::fetch(model, api);
        }
    }
}

fn handle_message(model: Model, message: Message<'_>) {
    let message = match message {
        Message::Events(id, lines) => return handle_events(model, &id, lines),
        Message::Other(message) => message,
    };
    match &message {
        WsMessage::SidebarUpdated(sidebar) => model.overview.follow(sidebar),
        WsMessage::MirrorUpdated | WsMessage::MeUpdated => model.mirror.news.update(|news| *news += 1),
        WsMessage::Lagged {
            session_id,
            missed,
            before,
            ..
        } => model.with_log_of(session_id, |log| {
            log.into_iter()
                .for_each(|(source, log)| log.lagged(source, *missed, *before));
        }),
        _ => {}
    }
    let is_list = matches!(message, WsMessage::Sessions(_));
    if is_list {
        let open = model.route.with_untracked(Route::sessions);
        let _ = model.sessions.try_update_untracked(|sessions| sessions.hold(open));
    }
    let changed = model
        .sessions
        .try_update_untracked(|sessions| sessions.apply(message, now_ms() * 1_000));
    if changed == Some(true) {
        model.sessions.notify();
    }
    if is_list {
        model.listed.set(true);
    }
}

/// Adds events, each once, to the session's counts and to the open log.
fn handle_events(model: Model, id: &str, lines: Lines<'_>) {
    let mut is_read = true;
    let _ = model.sessions.try_update_untracked(|sessions| {
        let mut session = sessions.find(id);
        model.with_log_of(id, |mut log| {
            is_read = lines.each(&mut |line| {
                session.iter_mut().for_each(|session| session.count(line));
                log.iter_mut().for_each(|(source, log)| log.arrived(*source, line));
            });
        });
    });
    if !is_read {
        model.unreadable.update(|count| *count += 1);
    }
}
