//! Follower of one session: attaches, reads its events into the store, and comes back until the session is over.
//!
//! One task a session, so that none can hold up another. A session is live while its stream is open, whatever becomes of
//! its file. Only a refused connection to a socket that is old enough, and that no other machine may serve, makes it stale;
//! every other failure shows the session as unresponsive, with the reason, and is tried again. This file never decides that
//! a socket exists: the scan does, and reports through [`Presence`] that it does not any more.

use std::ops::ControlFlow;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use mirrord_session_client::{
    Backoff, Batch, ClientError, Dialect, EventStream, SessionClient, SessionSocket, StaleOutcome, StreamNews,
};
use mirrord_wire::{InfoAnswer, SessionEnd, SessionState};
use tokio::sync::watch;
use tokio::time::{Instant, sleep, sleep_until};
use tokio_util::sync::CancellationToken;

use crate::limits;
use crate::store::{Introduction, Key, Store};

/// State of a session's socket in the sessions directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Presence {
    /// It is there.
    There,
    /// It is not there any more. A connection that was accepted is good all the same.
    Vanished,
    /// Another one has its name: the session is over.
    Replaced,
}

/// Follower of one session.
#[derive(Debug)]
pub(super) struct Follower {
    socket: SessionSocket,
    client: SessionClient,
    store: Arc<Store>,
    presence: watch::Receiver<Presence>,
    /// Shutdown of the server.
    shutdown: CancellationToken,
}

/// Stream that is open, and the session in the store that its events belong to.
struct Open {
    events: EventStream,
    key: Key,
}

/// Reason for the end of a stream.
enum Ended {
    /// It broke off: the session is tried again, or is over.
    Eof,
    /// It is not an event stream.
    Failed(ClientError),
    /// Another session took the name.
    Replaced,
    Shutdown,
}

/// Request beside the stream, so that waiting for its answer holds up no event.
type SideRequest = Pin<Box<dyn Future<Output = SideAnswer> + Send>>;

enum SideAnswer {
    Info(Result<(), ClientError>),
    State(Option<Box<SessionState>>),
}

impl Follower {
    pub(super) fn new(
        socket: SessionSocket,
        store: Arc<Store>,
        presence: watch::Receiver<Presence>,
        shutdown: CancellationToken,
    ) -> Self {
        Self {
            client: SessionClient::new(&socket),
            socket,
            store,
            presence,
            shutdown,
        }
    }

    /// Follows the session to its end.
    pub(super) async fn run(mut self) {
        let mut backoff = Backoff::default();
        let mut was_served = false;
        while self.attempt(&mut backoff, &mut was_served).await.is_continue() {}
    }

    /// Attaches once and reads the stream to its end; breaks once the session is over, or the server shuts down.
    async fn attempt(&mut self, backoff: &mut Backoff, was_served: &mut bool) -> ControlFlow<()> {
        if *self.presence.borrow() == Presence::Replaced {
            // Another session has the name.
            return self.end();
        }
        let attached = tokio::select! {
            biased;
            () = self.shutdown.cancelled() => return ControlFlow::Break(()),
            () = replaced_for(self.presence.clone(), limits::DRAIN_TIMEOUT) => return self.end(),
            attached = self.attach() => attached,
        };
        let failure = match attached {
            Ok(open) => {
                *was_served = true;
                let since = Instant::now();
                let ended = self.follow(open).await;
                if since.elapsed() >= limits::STREAM_SUCCESS {
                    backoff.reset();
                }
                match ended {
                    Ended::Shutdown => return ControlFlow::Break(()),
                    Ended::Replaced => return self.end(),
                    Ended::Failed(failure) => Some(failure),
                    Ended::Eof => None,
                }
            }
            Err(failure) => Some(failure),
        };
        if *self.presence.borrow() != Presence::There {
            return self.end();
        }
        if let Some(failure) = failure {
            self.report(&failure, *was_served)?;
        }
        tokio::select! {
            () = self.shutdown.cancelled() => ControlFlow::Break(()),
            () = became(&mut self.presence, |now| now != Presence::There) => self.end(),
            () = sleep(backoff.delay()) => ControlFlow::Continue(()),
        }
    }

    /// Shows a failure; breaks where it means that the session is over.
    fn report(&self, failure: &ClientError, was_served: bool) -> ControlFlow<()> {
        let id = &self.socket.id;
        match failure {
            ClientError::Gone => return self.end(),
            ClientError::Refused => match self.socket.remove_if_stale(was_served) {
                StaleOutcome::Removed => {
                    self.store.end(id, SessionEnd::Broken);
                    return ControlFlow::Break(());
                }
                StaleOutcome::Kept => self.store.end(id, SessionEnd::Broken),
                StaleOutcome::Foreign(reason) => self.store.unresponsive(id, &reason),
            },
            failure => self.store.unresponsive(id, &failure.to_string()),
        }
        ControlFlow::Continue(())
    }

    fn end(&self) -> ControlFlow<()> {
        self.store.end(&self.socket.id, SessionEnd::Closed);
        ControlFlow::Break(())
    }

    /// Requests who the session is and what it has counted, and opens its stream after the newest event in the store.
    async fn attach(&self) -> Result<Open, ClientError> {
        let mut attachment = self.client.attach(self.store.newest(&self.socket.id)).await?;
        let InfoAnswer { info, extra, notes } = std::mem::take(&mut attachment.answer);
        let introduction = Introduction {
            info,
            extra,
            notes,
            state: attachment.state.take(),
        };
        let attached = self.store.introduce(&self.socket.id, introduction);
        Ok(Open {
            events: attachment.events(attached.since).await?,
            key: attached.key,
        })
    }

    /// Reads the stream to its end. Silence is followed by a request: a heartbeat is due, and a host can hang. Where
    /// another session has taken the name, what is on the way is read, for a bounded time.
    async fn follow(&self, open: Open) -> Ended {
        let Open { mut events, key } = open;
        let dialect = events.dialect();
        let mut side = SideRequests::new();
        let mut drain = Drain::default();
        let mut presence = self.presence.clone();
        loop {
            tokio::select! {
                biased;
                () = self.shutdown.cancelled() => return Ended::Shutdown,
                () = became(&mut presence, |now| now == Presence::Replaced), if !drain.is_begun() => drain.begin(),
                () = at(drain.quiet_until) => return Ended::Replaced,
                batch = events.next_batch() => {
                    let batch = match batch {
                        Ok(Some(batch)) => batch,
                        Ok(None) if drain.is_begun() => return Ended::Replaced,
                        Ok(None) => return Ended::Eof,
                        Err(failure) => return Ended::Failed(failure),
                    };
                    side.heard(append(&self.store, key, dialect, batch), dialect);
                    drain.heard();
                }
                answer = side.next(&self.client) => self.answered(key, dialect, answer),
            }
        }
    }

    fn answered(&self, key: Key, dialect: Dialect, answer: SideAnswer) {
        match answer {
            SideAnswer::State(Some(state)) => self.store.count_from(key, *state),
            SideAnswer::State(None) => {}
            SideAnswer::Info(Ok(())) => self.store.responsive(key),
            SideAnswer::Info(Err(error)) if error.is_resource_exhaustion() => {}
            // Without its file it cannot be asked. A released mirrord is silent where nothing happens; ours is not.
            SideAnswer::Info(Err(ClientError::Gone)) if dialect == Dialect::Released => {}
            SideAnswer::Info(Err(failure)) => self.store.unresponsive(&self.socket.id, &failure.to_string()),
        }
    }
}

/// Adds lines to the store. Unreadable lines of ours are a gap in the numbers, which is counted when the next line
/// comes; a released mirrord's are counted here.
fn append(store: &Store, key: Key, dialect: Dialect, batch: &mut Batch) -> StreamNews {
    let news = batch.news();
    if !batch.is_empty() {
        store.append(key, batch);
    }
    batch.clear();
    if news.unreadable > 0 {
        tracing::debug!(lines = news.unreadable, "lines of a session's stream could not be read");
        if dialect == Dialect::Released {
            store.count_missed(key, news.unreadable);
        }
    }
    store.responsive(key);
    news
}

/// Requests beside a stream: `/info` after a silence, `/state` after a gap. One at a time.
struct SideRequests {
    pending: Option<SideRequest>,
    probe_at: Instant,
    refresh_at: Option<Instant>,
}

impl SideRequests {
    fn new() -> Self {
        Self {
            pending: None,
            probe_at: Instant::now() + limits::QUIET_BEFORE_PROBE,
            refresh_at: None,
        }
    }

    /// Postpones the probe, and schedules a refresh where the session's counts are ahead of the stream's.
    fn heard(&mut self, news: StreamNews, dialect: Dialect) {
        self.probe_at = Instant::now() + limits::QUIET_BEFORE_PROBE;
        let delay = match news {
            _ if dialect == Dialect::Released => None,
            StreamNews { lagged: true, .. } => Some(limits::STATE_REFRESH_DELAY),
            StreamNews { withheld: true, .. } => Some(limits::NAMES_REFRESH_DELAY),
            _ => None,
        };
        let refresh_at = delay.map(|delay| Instant::now() + delay);
        self.refresh_at = self.refresh_at.into_iter().chain(refresh_at).min();
    }

    /// Sends what is due, and waits for an answer. Cancel-safe: a request that was sent stays pending.
    async fn next(&mut self, client: &SessionClient) -> SideAnswer {
        let pending = match &mut self.pending {
            Some(pending) => pending,
            empty => {
                tokio::select! {
                    () = at(self.refresh_at) => {
                        self.refresh_at = None;
                        empty.insert(state_request(client.clone()))
                    }
                    () = sleep_until(self.probe_at) => {
                        self.probe_at = Instant::now() + limits::PROBE_INTERVAL;
                        empty.insert(info_request(client.clone()))
                    }
                }
            }
        };
        let answer = pending.await;
        self.pending = None;
        answer
    }
}

fn state_request(client: SessionClient) -> SideRequest {
    Box::pin(async move { SideAnswer::State(client.state().await.ok().map(Box::new)) })
}

fn info_request(client: SessionClient) -> SideRequest {
    Box::pin(async move { SideAnswer::Info(client.info().await.map(drop)) })
}

/// Bounds of reading on after another session has taken the name: until a silence, or for a time at most.
#[derive(Default)]
struct Drain {
    quiet_until: Option<Instant>,
    deadline: Option<Instant>,
}

impl Drain {
    fn is_begun(&self) -> bool {
        self.deadline.is_some()
    }

    fn begin(&mut self) {
        self.deadline = Some(Instant::now() + limits::DRAIN_TIMEOUT);
        self.heard();
    }

    /// Extends the silence that ends it, where it has begun.
    fn heard(&mut self) {
        let quiet_until = Instant::now() + limits::DRAIN_QUIET;
        self.quiet_until = self.deadline.map(|deadline| deadline.min(quiet_until));
    }
}

/// Resolves once another session has had the name for so long.
async fn replaced_for(mut presence: watch::Receiver<Presence>, time: Duration) {
    became(&mut presence, |now| now == Presence::Replaced).await;
    sleep(time).await;
}

/// Resolves once the presence meets a condition; never, where its sender is gone.
async fn became(presence: &mut watch::Receiver<Presence>, is_met: impl Fn(Presence) -> bool) {
    if presence.wait_for(|now| is_met(*now)).await.is_err() {
        std::future::pending().await
    }
}

/// Resolves at a time, or never where there is none.
async fn at(instant: Option<Instant>) {
    match instant {
        Some(instant) => sleep_until(instant).await,
        None => std::future::pending().await,
    }
}

#[cfg(test)]
mod tests;
