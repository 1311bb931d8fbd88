//! Signals that end `mirrord ui` and `mirrord proxy` in order: Ctrl-C, a plain `kill`, a terminal that closes; on
//! Windows Ctrl-Break, the end of the session and of the system as well.
//!
//! One that was ignored at the start stays ignored: `nohup mirrord ui` outlives its terminal.

use anyhow::{Context as _, Result};
use tokio_util::sync::CancellationToken;

#[cfg_attr(unix, path = "shutdown/unix.rs")]
#[cfg_attr(windows, path = "shutdown/windows.rs")]
mod system;

use system::EndSignals;

/// Kind of a signal that ends a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum EndSignal {
    /// A key or a command asks for the end.
    Asked,
    /// The terminal or the system ends; it may come twice, and beside another.
    Hangup,
}

/// Cancels one token after the other, one with each signal; the later ones with those that are asked for.
pub(crate) fn cancel_on_signals(tokens: Vec<CancellationToken>) -> Result<()> {
    let mut signals = EndSignals::listen().context("signals cannot be listened for")?;
    tokio::spawn(async move {
        for (place, token) in tokens.into_iter().enumerate() {
            while signals.next().await == EndSignal::Hangup && place > 0 {}
            token.cancel();
        }
    });
    Ok(())
}
