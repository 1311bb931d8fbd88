//! Signals of Unix. One that was ignored at the start stays ignored.

use std::io;

use tokio::signal::unix::{Signal, SignalKind, signal};

use super::EndSignal;

/// Signals that end a command.
pub(super) struct EndSignals(Vec<(EndSignal, Signal)>);

impl EndSignals {
    pub(super) fn listen() -> io::Result<Self> {
        let kinds = [
            (EndSignal::Asked, SignalKind::interrupt()),
            (EndSignal::Asked, SignalKind::terminate()),
            (EndSignal::Hangup, SignalKind::hangup()),
        ];
        let wanted = kinds
            .into_iter()
            .filter(|(_, kind)| !mirrord_observe::is_ignored(kind.as_raw_value()));
        let signals = wanted.map(|(what, kind)| Ok((what, signal(kind)?)));
        signals.collect::<io::Result<_>>().map(Self)
    }

    /// Waits for the next one.
    pub(super) async fn next(&mut self) -> EndSignal {
        std::future::poll_fn(|context| {
            let mut signals = self.0.iter_mut();
            let arrived = signals.find_map(|(what, signal)| signal.poll_recv(context).is_ready().then_some(*what));
            arrived.map_or(std::task::Poll::Pending, std::task::Poll::Ready)
        })
        .await
    }
}
