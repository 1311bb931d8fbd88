//! End of a session: a running `mirrord ui` that has yet to read it gets a moment to do so, since a program can be over
//! before its socket is found.

use std::path::Path;
use std::time::Duration;

use mirrord_intproxy_ipc::Session;
use mirrord_ui_server::instance;

/// Longest wait for an instance to have read the session; who waits is the shell that runs the next command.
const UNREAD_TIMEOUT: Duration = Duration::from_millis(200);

/// Shuts a session down, and waits before for [`UNREAD_TIMEOUT`] where an instance runs that has not read it.
pub(super) async fn shutdown(session: Session, sessions_dir: &Path) {
    if instance::is_held(sessions_dir) {
        session.wait_until_read(UNREAD_TIMEOUT).await;
    }
    session.shutdown().await;
}
