//! Surroundings of recordings: the sessions, and where their tasks run.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::store::Store;

/// Sessions, tracker and shutdown of a server.
#[derive(Debug, Clone)]
pub(crate) struct Workers {
    pub(crate) store: Arc<Store>,
    pub(crate) tracker: TaskTracker,
    pub(crate) shutdown: CancellationToken,
}

impl Workers {
    /// Creates handles of a server's.
    pub(crate) fn new(store: &Arc<Store>, tracker: &TaskTracker, shutdown: &CancellationToken) -> Self {
        Self {
            store: Arc::clone(store),
            tracker: tracker.clone(),
            shutdown: shutdown.clone(),
        }
    }
}
