//! Notifications of the mirror on a WebSocket: the newest sidebar, and that something changed.

use std::sync::atomic::Ordering;

use mirrord_wire::WsMessage;
use tokio_tungstenite::tungstenite::Utf8Bytes;

use super::Mirror;
use crate::store::Audience;

/// Position of one WebSocket in the mirror's notifications.
#[derive(Debug)]
pub(crate) struct NotificationCursor {
    audience: Audience,
    sidebar: u64,
    news: u64,
    who: u64,
}

impl Mirror {
    /// Creates a cursor at the newest notification.
    pub(crate) fn notifications(&self, audience: Audience) -> NotificationCursor {
        NotificationCursor {
            audience,
            sidebar: 0,
            news: self.news.load(Ordering::Relaxed),
            who: self.who.load(Ordering::Relaxed),
        }
    }
}

impl NotificationCursor {
    /// Adds the messages that are new to this WebSocket.
    pub(crate) fn next_messages(&mut self, mirror: &Mirror, out: &mut Vec<Utf8Bytes>) {
        if let Some((version, message)) = mirror.sidebar.after(self.sidebar, self.audience) {
            self.sidebar = version;
            out.push(message);
        }
        let news = mirror.news.load(Ordering::Relaxed);
        let who = mirror.who.load(Ordering::Relaxed);
        let is_news = std::mem::replace(&mut self.news, news) != news;
        let is_another = std::mem::replace(&mut self.who, who) != who;
        let message = match self.audience {
            Audience::Desktop if is_news => WsMessage::MirrorUpdated,
            Audience::Device if is_another => WsMessage::MeUpdated,
            _ => return,
        };
        out.push(serde_json::to_string(&message).unwrap_or_default().into());
    }
}
