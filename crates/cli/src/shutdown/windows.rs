//! Events of a Windows console: Ctrl-C, Ctrl-Break, its close, the user's logoff, the end of the system.
//!
//! The system ends a process whose console was closed after some 5 s, whatever it does; tokio holds its handler up until
//! then.

use std::io;
use std::task::Poll;

use tokio::signal::windows::{
    CtrlBreak, CtrlC, CtrlClose, CtrlLogoff, CtrlShutdown, ctrl_break, ctrl_c, ctrl_close, ctrl_logoff, ctrl_shutdown,
};

use super::EndSignal;

/// Events that end a command.
pub(super) struct EndSignals {
    interrupt: CtrlC,
    interrupt_break: CtrlBreak,
    close: CtrlClose,
    logoff: CtrlLogoff,
    shutdown: CtrlShutdown,
}

impl EndSignals {
    pub(super) fn listen() -> io::Result<Self> {
        Ok(Self {
            interrupt: ctrl_c()?,
            interrupt_break: ctrl_break()?,
            close: ctrl_close()?,
            logoff: ctrl_logoff()?,
            shutdown: ctrl_shutdown()?,
        })
    }

    /// Waits for the next one.
    pub(super) async fn next(&mut self) -> EndSignal {
        std::future::poll_fn(|context| {
            let asked = [
                self.interrupt.poll_recv(context),
                self.interrupt_break.poll_recv(context),
            ];
            let ends = [
                self.close.poll_recv(context),
                self.logoff.poll_recv(context),
                self.shutdown.poll_recv(context),
            ];
            if asked.iter().any(Poll::is_ready) {
                Poll::Ready(EndSignal::Asked)
            } else if ends.iter().any(Poll::is_ready) {
                Poll::Ready(EndSignal::Hangup)
            } else {
                Poll::Pending
            }
        })
        .await
    }
}
