//! Signals of Unix. One that was ignored at the start stays ignored.

use std::io;

use tokio::signal::unix::{Signal, SignalKind, signal};

/// Signals that end a command.
pub(super) struct EndSignals(Vec<Signal>);

impl EndSignals {
    pub(super) fn listen() -> io::Result<Self> {
        let kinds = [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()];
        let wanted = kinds
            .into_iter()
            .filter(|kind| !mirrord_observe::is_ignored(kind.as_raw_value()));
        wanted.map(signal).collect::<io::Result<_>>().map(Self)
    }

    /// Waits for the next one.
    pub(super) async fn next(&mut self) {
        std::future::poll_fn(|context| {
            let arrived = self.0.iter_mut().any(|signal| signal.poll_recv(context).is_ready());
            if arrived {
                std::task::Poll::Ready(())
            } else {
                std::task::Poll::Pending
            }
        })
        .await;
    }
}
