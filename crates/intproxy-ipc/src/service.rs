//! The tasks of one session: one that takes events in, one that accepts, and one for each connection.
//!
//! Invariants: every task is tracked, and ends with `ended` at its next await. Should a task of the session's own panic,
//! the session ends, tidily, and the host goes on; should a connection's, that connection ends.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::Semaphore;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::connection::{self, Connection};
use crate::hub::{Hub, Pumped};
use crate::limits::{ACCEPT_BACKOFF, ACCEPT_BACKOFF_MAX, LINGER_AWAKE, MAX_CONNECTIONS, MAX_REFUSALS, REST};
use crate::transport::{Acceptor, SocketFile};

/// What the tasks of a session share.
pub(crate) struct Service {
    pub(crate) hub: Hub,
    pub(crate) tasks: TaskTracker,
    /// No new connections; streams end once they have told everything.
    pub(crate) closing: CancellationToken,
    /// Everything ends where it stands.
    ended: CancellationToken,
    file: Option<SocketFile>,
    runtime: Handle,
    slots: Arc<Semaphore>,
    refusals: Arc<Semaphore>,
}

impl Service {
    pub(crate) fn new(hub: Hub, file: Option<SocketFile>, runtime: Handle) -> Arc<Self> {
        Arc::new(Self {
            hub,
            file,
            runtime,
            tasks: TaskTracker::new(),
            closing: CancellationToken::new(),
            ended: CancellationToken::new(),
            slots: Arc::new(Semaphore::new(MAX_CONNECTIONS)),
            refusals: Arc::new(Semaphore::new(MAX_REFUSALS)),
        })
    }

    /// Starts to take events in.
    pub(crate) fn start_pump(self: &Arc<Self>) {
        self.spawn_own(Arc::clone(self).pump());
    }

    /// Starts to accept.
    pub(crate) fn start_accept(self: &Arc<Self>, acceptor: Arc<Acceptor>) {
        self.spawn_own(Arc::clone(self).accept(acceptor));
    }

    /// Serves one client, or turns it away where there are too many.
    pub(crate) fn serve(self: &Arc<Self>, connection: impl Connection) {
        if self.closing.is_cancelled() {
            return;
        }
        if let Ok(slot) = Arc::clone(&self.slots).try_acquire_owned() {
            let service = Arc::clone(self);
            self.spawn(async move {
                connection::serve(connection, &service.hub, &service.closing).await;
                drop(slot);
            });
        } else if let Ok(slot) = Arc::clone(&self.refusals).try_acquire_owned() {
            self.spawn(async move {
                connection::turn_away(connection).await;
                drop(slot);
            });
        }
    }

    /// Ends everything now. May be called more than once.
    pub(crate) fn end(&self) {
        if let Some(file) = &self.file {
            file.remove();
        }
        self.hub.queue.close();
        self.closing.cancel();
        self.ended.cancel();
        self.tasks.close();
        self.hub.queue.clear();
    }

    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        let ended = self.ended.clone();
        let task = async move {
            ended.run_until_cancelled(task).await;
        };
        self.tasks.spawn_on(task, &self.runtime);
    }

    fn spawn_own(self: &Arc<Self>, task: impl Future<Output = ()> + Send + 'static) {
        let guard = EndOnPanic(Arc::clone(self));
        self.spawn(async move {
            let _guard = guard;
            task.await;
        });
    }

    /// Takes events in as they come: the first after a silence at once, those that follow in batches.
    async fn pump(self: Arc<Self>) {
        let mut rested = false;
        let mut newest = Instant::now();
        while !self.closing.is_cancelled() {
            match self.hub.pump() {
                Pumped::Some => tokio::task::yield_now().await,
                Pumped::All => {
                    rested = false;
                    newest = Instant::now();
                    self.pause(self.hub.batch()).await;
                }
                Pumped::Nothing if newest.elapsed() < LINGER_AWAKE || self.hub.is_withholding() => {
                    self.pause(self.hub.batch()).await;
                }
                Pumped::Nothing if self.hub.park() => rested = self.silence(rested).await,
                Pumped::Nothing => {}
            }
        }
    }

    /// Waits for an event, and gives memory back, once, when there is none for long. Says whether it has done so.
    async fn silence(&self, rested: bool) -> bool {
        tokio::select! {
            () = self.hub.queue.woken() => rested,
            () = self.closing.cancelled() => rested,
            () = sleep(REST), if !rested => {
                self.hub.rest();
                true
            }
        }
    }

    /// Lets events gather, unless there are many already.
    async fn pause(&self, batch: Duration) {
        tokio::select! {
            () = sleep(batch) => {}
            () = self.hub.queue.woken() => {}
            () = self.closing.cancelled() => {}
        }
    }

    async fn accept(self: Arc<Self>, acceptor: Arc<Acceptor>) {
        let mut backoff = ACCEPT_BACKOFF;
        loop {
            let accepted = tokio::select! {
                accepted = acceptor.accept() => accepted,
                () = self.closing.cancelled() => return,
            };
            match accepted {
                Ok(connection) => {
                    backoff = ACCEPT_BACKOFF;
                    self.serve(connection);
                }
                // The system is short of something. The client waits in the backlog, so the only harm is in trying at
                // full speed.
                Err(_) => {
                    sleep(backoff).await;
                    backoff = (backoff * 2).min(ACCEPT_BACKOFF_MAX);
                }
            }
        }
    }
}

struct EndOnPanic(Arc<Service>);

impl Drop for EndOnPanic {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.end();
        }
    }
}
