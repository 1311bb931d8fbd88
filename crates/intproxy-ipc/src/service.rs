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

use crate::connection;
use crate::http;
use crate::limits::{
    ACCEPT_BACKOFF, ACCEPT_BACKOFF_MAX, IDLE_POLL_TIMEOUT, IDLE_TRIM_DELAY, MAX_CONNECTIONS, MAX_OTHER_CONNECTIONS,
    MAX_REFUSALS, RESTORE_INTERVAL,
};
use crate::session_core::{DrainOutcome, SessionCore};
use crate::transport::{Acceptor, Connection, SocketFile};

/// State that the tasks of a session share.
pub(crate) struct Service {
    pub(crate) core: SessionCore,
    pub(crate) tasks: TaskTracker,
    /// No new connections; streams end once they have sent everything.
    pub(crate) closing: CancellationToken,
    /// Every task ends at its next await.
    ended: CancellationToken,
    file: Option<Arc<SocketFile>>,
    runtime: Handle,
    slots: Arc<Semaphore>,
    refusals: Arc<Semaphore>,
}

impl Service {
    pub(crate) fn new(core: SessionCore, file: Option<SocketFile>, runtime: Handle) -> Arc<Self> {
        Arc::new(Self {
            core,
            file: file.map(Arc::new),
            runtime,
            tasks: TaskTracker::new(),
            closing: CancellationToken::new(),
            ended: CancellationToken::new(),
            slots: Arc::new(Semaphore::new(MAX_CONNECTIONS + MAX_OTHER_CONNECTIONS)),
            refusals: Arc::new(Semaphore::new(MAX_REFUSALS)),
        })
    }

    /// Starts to take events in.
    pub(crate) fn start_drain(self: &Arc<Self>) {
        self.spawn_own(Arc::clone(self).drain());
    }

    /// Starts to accept.
    pub(crate) fn start_accept(self: &Arc<Self>, acceptor: Arc<Acceptor>) {
        self.spawn_own(Arc::clone(self).accept(acceptor));
    }

    /// Starts to publish the socket again whenever it vanishes.
    pub(crate) fn start_restore(self: &Arc<Self>) {
        if let Some(file) = &self.file {
            self.spawn(Arc::clone(self).restore(Arc::clone(file)));
        }
    }

    /// Serves one client, or turns it away where there are too many.
    pub(crate) fn serve(self: &Arc<Self>, connection: impl Connection) {
        if let Ok(slot) = Arc::clone(&self.slots).try_acquire_owned() {
            let service = Arc::clone(self);
            self.spawn(async move {
                let answered = connection::serve(connection, &service.core, &service.closing).await;
                let lingering = Arc::clone(&service.refusals).try_acquire_owned();
                drop(slot);
                if let (Some(mut connection), Ok(_lingering)) = (answered, lingering) {
                    http::close(&mut connection).await;
                }
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
        self.core.queue.close();
        self.closing.cancel();
        self.ended.cancel();
        self.tasks.close();
        self.core.queue.clear();
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
    async fn drain(self: Arc<Self>) {
        let mut rested = false;
        let mut newest = Instant::now();
        while !self.closing.is_cancelled() {
            match self.core.drain() {
                DrainOutcome::Some => tokio::task::yield_now().await,
                DrainOutcome::All => {
                    rested = false;
                    newest = Instant::now();
                    self.pause(self.core.batch()).await;
                }
                DrainOutcome::Nothing if newest.elapsed() < IDLE_POLL_TIMEOUT || self.core.is_suppressing() => {
                    self.pause(self.core.batch()).await;
                }
                DrainOutcome::Nothing if self.core.park() => rested = self.silence(rested).await,
                DrainOutcome::Nothing => {}
            }
        }
    }

    /// Waits for an event, and gives memory back, once, when there is none for long. Says whether it has done so.
    async fn silence(&self, rested: bool) -> bool {
        tokio::select! {
            () = self.core.queue.woken() => rested,
            () = self.closing.cancelled() => rested,
            () = sleep(IDLE_TRIM_DELAY), if !rested => {
                self.core.rest();
                true
            }
        }
    }

    /// Lets events gather, unless there are many already.
    async fn pause(&self, batch: Duration) {
        tokio::select! {
            () = sleep(batch) => {}
            () = self.core.queue.woken() => {}
            () = self.closing.cancelled() => {}
        }
    }

    /// Looks for the socket's name at an interval, off the runtime: a file system that hangs holds up nothing else.
    async fn restore(self: Arc<Self>, file: Arc<SocketFile>) {
        loop {
            tokio::select! {
                () = sleep(RESTORE_INTERVAL) => {}
                () = self.closing.cancelled() => return,
            }
            let file = Arc::clone(&file);
            if self.runtime.spawn_blocking(move || file.restore()).await.is_err() {
                return;
            }
        }
    }

    async fn accept(self: Arc<Self>, acceptor: Arc<Acceptor>) {
        let mut backoff = ACCEPT_BACKOFF;
        loop {
            let accepted = tokio::select! {
                // First, so that who has connected is served when the session ends.
                biased;
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

#[cfg(all(test, unix))]
mod tests {
    use std::time::Duration;

    use mirrord_wire::{MonitorEvent, SessionId, SessionInfo};
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::UnixStream;
    use tokio::time::timeout;

    use super::*;
    use crate::monitor::MonitorTx;
    use crate::ring::RingLimits;
    use crate::transport::SessionListener;

    fn core() -> SessionCore {
        SessionCore::new(SessionInfo::default(), RingLimits::default(), None, None)
    }

    /// In the midst of a step, with the session's lock in its hands.
    #[tokio::test]
    async fn a_task_of_the_sessions_own_that_panics_ends_the_session_and_not_the_host() {
        let sessions = tempfile::tempdir().unwrap();
        let listener = SessionListener::bind(sessions.path(), &SessionId::new("one").unwrap()).unwrap();
        let socket = listener.path().to_owned();
        let (acceptor, file) = listener.into_parts().unwrap();
        let service = Service::new(core(), Some(file), Handle::current());
        let acceptor = Arc::new(acceptor);
        service.start_accept(Arc::clone(&acceptor));
        service.start_drain();
        let tx = MonitorTx::new(Arc::clone(&service.core.queue));
        let emit = || tx.emit(MonitorEvent::DnsQuery { host: "db".to_owned() });
        emit();
        let mut reader = UnixStream::connect(&socket).await.unwrap();
        reader.write_all(b"GET /events?since=0\n").await.unwrap();
        let mut first = [0; 8];
        reader.read_exact(&mut first).await.unwrap();

        let own = Arc::clone(&service);
        service.spawn_own(async move { own.core.update(|_| panic!("the session's mistake")) });
        let mut rest = Vec::new();
        let end = timeout(Duration::from_secs(60), reader.read_to_end(&mut rest));
        end.await.expect("the reader is not let go").unwrap();
        timeout(Duration::from_secs(60), service.tasks.wait())
            .await
            .expect("a task goes on");
        let refused = UnixStream::connect(&socket).await.unwrap_err();
        assert_eq!(refused.kind(), std::io::ErrorKind::NotFound);
        (0..100_000).for_each(|_| emit());
        assert!(!tx.is_enabled());
        assert_eq!(
            service.core.queue.emitted(),
            1,
            "after the end nothing is even numbered"
        );
    }
}
