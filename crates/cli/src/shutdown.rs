//! Signals that end `mirrord ui` and `mirrord proxy` in order: Ctrl-C, a plain `kill`, a terminal that closes.
//!
//! One that was ignored at the start stays ignored: `nohup mirrord ui` outlives its terminal.

use anyhow::{Context as _, Result};
use tokio_util::sync::CancellationToken;

/// Cancels one token after the other, one with each signal.
pub(crate) fn cancel_on_signals(tokens: Vec<CancellationToken>) -> Result<()> {
    let mut signals = EndSignals::listen()?;
    tokio::spawn(async move {
        for token in tokens {
            signals.next().await;
            token.cancel();
        }
    });
    Ok(())
}

#[cfg(unix)]
struct EndSignals(Vec<tokio::signal::unix::Signal>);

#[cfg(unix)]
impl EndSignals {
    fn listen() -> Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let kinds = [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()];
        let wanted = kinds
            .into_iter()
            .filter(|kind| !mirrord_observe::is_ignored(kind.as_raw_value()));
        let signals = wanted.map(signal).collect::<Result<_, _>>();
        signals.map(Self).context("signals cannot be listened for")
    }

    async fn next(&mut self) {
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

#[cfg(not(unix))]
struct EndSignals;

#[cfg(not(unix))]
impl EndSignals {
    fn listen() -> Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending().await
        }
    }
}
