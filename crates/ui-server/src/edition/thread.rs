//! Thread for each request: a kubeconfig on a file system that hangs, or a slow look-up of a name, holds up nothing.
//!
//! Invariant: there is at most one such thread; while one hangs, no other request is made. With the answer, the time-out or the
//! shutdown everything that the request started is ended.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::verdict::Verdict;
use super::{cluster, plugin};
use crate::limits;

/// Time by which a request times out before its caller: by then all that it started has been ended.
const HEAD_START: Duration = Duration::from_millis(100);

/// Thread for requests.
pub(super) struct Thread {
    shutdown: CancellationToken,
    plugins: Arc<plugin::FailedPlugin>,
    /// A copy is with the thread that asks.
    alone: Arc<()>,
}

impl Thread {
    pub(super) fn new(shutdown: CancellationToken) -> Self {
        Self {
            shutdown,
            plugins: Arc::default(),
            alone: Arc::new(()),
        }
    }

    /// Asks, and answers when there is an answer; the caller limits the time.
    pub(super) async fn ask(&self) -> Verdict {
        if Arc::strong_count(&self.alone) > 1 {
            return Verdict::Unknown("the kubeconfig still cannot be read".to_owned());
        }
        let (alone, plugins) = (Arc::clone(&self.alone), Arc::clone(&self.plugins));
        let shutdown = self.shutdown.clone();
        let (tell, told) = oneshot::channel();
        let body = move || {
            let _alone = alone;
            // Whoever waited has gone: then nobody needs the answer.
            tell.send(answer(&plugins, &shutdown)).ok();
        };
        let spawned = std::thread::Builder::new()
            .name("mirrord-cluster".to_owned())
            .spawn(body);
        match spawned {
            Ok(_) => told
                .await
                .unwrap_or_else(|_| failed("the question ended without an answer")),
            Err(_) => failed("there is no thread to ask on"),
        }
    }
}

fn failed(reason: &str) -> Verdict {
    Verdict::Unknown(reason.to_owned())
}

fn answer(plugins: &plugin::FailedPlugin, shutdown: &CancellationToken) -> Verdict {
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else {
        return failed("there is no runtime to ask on");
    };
    let verdict = runtime.block_on(async {
        tokio::select! {
            answered = timeout(limits::OPERATOR_TIMEOUT - HEAD_START, cluster::ask(plugins)) => {
                answered.unwrap_or_else(|_| Verdict::too_late())
            }
            () = shutdown.cancelled() => failed("this is shutting down"),
        }
    });
    // A look-up of a name that hangs would be waited for otherwise.
    runtime.shutdown_background();
    verdict
}
