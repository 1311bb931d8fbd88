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

/// Cancels one token after the other, one with each signal.
pub(crate) fn cancel_on_signals(tokens: Vec<CancellationToken>) -> Result<()> {
    let mut signals = EndSignals::listen().context("signals cannot be listened for")?;
    tokio::spawn(async move {
        for token in tokens {
            signals.next().await;
            token.cancel();
        }
    });
    Ok(())
}
