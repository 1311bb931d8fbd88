//! Signals of the connection to the server, and the clocks, which stop while it is lost.

use leptos::prelude::*;
use mirrord_wire::VersionInfo;
use mirrord_wire::api::OtlpInfo;

use crate::browser::now_ms;
use crate::state::connection::{Connection, Obstacle};

/// State of the connection, and what the server reports about itself.
#[derive(Clone, Copy)]
pub(crate) struct ConnectionStore {
    pub(crate) state: RwSignal<Connection>,
    /// Reason why the WebSocket alone does not open.
    pub(crate) obstacle: RwSignal<Option<Obstacle>>,
    /// Marks that a list of sessions has arrived at least once.
    pub(crate) listed: RwSignal<bool>,
    pub(crate) version: RwSignal<VersionInfo>,
    /// State of the sending to an OpenTelemetry endpoint.
    pub(crate) otlp: RwSignal<OtlpInfo>,
    /// Number of messages and event lines that could not be read.
    pub(crate) unreadable: RwSignal<u64>,
    /// Microseconds since the Unix epoch, updated each second while what is shown is up to date.
    pub(crate) now: RwSignal<u64>,
    /// Microseconds since the Unix epoch, updated each second: for countdowns of the page itself.
    pub(crate) wall: RwSignal<u64>,
}

impl ConnectionStore {
    pub(crate) fn new() -> Self {
        let now = now_ms() * 1_000;
        Self {
            state: RwSignal::new(Connection::Connecting),
            obstacle: RwSignal::new(None),
            listed: RwSignal::new(false),
            version: RwSignal::new(VersionInfo::default()),
            otlp: RwSignal::default(),
            unreadable: RwSignal::new(0),
            now: RwSignal::new(now),
            wall: RwSignal::new(now),
        }
    }

    /// Reports sessions on display without a live connection: their state may have changed.
    pub(crate) fn is_stale(&self) -> bool {
        self.listed.get() && self.state.get() != Connection::Live
    }

    /// Advances the clocks; returns false where what is shown is stale, and its clock stopped.
    pub(crate) fn on_tick(&self) -> bool {
        let now = now_ms() * 1_000;
        self.wall.set(now);
        let is_current = !untrack(|| self.is_stale());
        if is_current {
            self.now.set(now);
        }
        is_current
    }

    /// Counts a message or an event line that could not be read.
    pub(crate) fn count_unreadable(&self) {
        self.unreadable.update(|count| *count += 1);
    }
}
