//! Follows one session to its end: reaches it, asks who it is, reads its events, comes back.
//!
//! One task a session, so that none can hold up another. An open stream decides that a session lives, whatever becomes of
//! its file. Only a refused connection to a socket that is old enough, and that no other machine may serve, makes it stale;
//! every other failure shows the session as unresponsive, with the reason, and is tried again. This file never decides that
//! a socket exists: discovery does, and says through `presence` that it does not any more.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::BodyExt as _;
use mirrord_wire::{SessionEnd, SessionState};
use tokio::sync::watch;
use tokio::time::{Instant, sleep, sleep_until};
use tokio_util::sync::CancellationToken;

use crate::discovery::{Refused, Socket};
use crate::limits;
use crate::store::{Key, Store};

mod attach;
pub(crate) mod backoff;
mod lines;
pub(crate) mod request;
mod stream;

use self::attach::{AttachError, Open, info, state};
use self::backoff::Backoff;
use self::request::RequestError;
use self::stream::{Dialect, Told};

/// State of a session's socket in the sessions directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Presence {
    /// It is there.
    There,
    /// It is not there any more. A connection that was accepted is good all the same.
    Vanished,
    /// Another one has its name: the session is over.
    Replaced,
}

/// One session that is followed.
#[derive(Debug)]
pub(crate) struct Peer {
    pub(crate) socket: Socket,
    pub(crate) store: Arc<Store>,
    pub(crate) presence: watch::Receiver<Presence>,
    /// The server shuts down.
    pub(crate) shutdown: CancellationToken,
}

/// Why a stream is not read any more.
enum Ended {
    /// It broke off: the session is tried again, or is over.
    Eof,
    /// It is not an event stream.
    Rubbish,
    /// Another session took the name.
    Replaced,
    Shutdown,
}

/// A question beside the stream, so that waiting for its answer holds up no event.
type Aside = Pin<Box<dyn Future<Output = Answered> + Send>>;

enum Answered {
    Info(Result<(), AttachError>),
    State(Option<Box<SessionState>>),
}

impl Peer {
    /// Follows the session to its end.
    pub(crate) async fn run(mut self) {
        let mut backoff = Backoff::new();
        let mut was_served = false;
        loop {
            if *self.presence.borrow() == Presence::Replaced {
                // What has the name now is not this session.
                return self.end();
            }
            let attached = tokio::select! {
                biased;
                () = self.shutdown.cancelled() => return,
                () = replaced_for(self.presence.clone(), limits::DRAIN_TIMEOUT) => return self.end(),
                attached = self.attach() => attached,
            };
            let failure = match attached {
                Ok(open) => {
                    was_served = true;
                    let since = Instant::now();
                    let ended = self.follow(open).await;
                    if since.elapsed() >= limits::STREAM_SUCCESS {
                        backoff.reset();
                    }
                    match ended {
                        Ended::Shutdown => return,
                        Ended::Replaced => return self.end(),
                        Ended::Rubbish => Some(AttachError::Rubbish),
                        Ended::Eof => None,
                    }
                }
                Err(failure) => Some(failure),
            };
            if *self.presence.borrow() != Presence::There {
                return self.end();
            }
            match failure {
                Some(AttachError::Request(RequestError::Gone)) => return self.end(),
                Some(AttachError::Request(RequestError::Refused)) => match self.socket.remove_if_stale(was_served) {
                    Refused::Removed => return self.store.end(&self.socket.id, SessionEnd::Broken),
                    Refused::Left => self.store.end(&self.socket.id, SessionEnd::Broken),
                    Refused::Foreign(reason) => self.store.unresponsive(&self.socket.id, &reason),
                },
                Some(failure) => self.store.unresponsive(&self.socket.id, &failure.to_string()),
                None => {}
            }
            tokio::select! {
                () = self.shutdown.cancelled() => return,
                () = became(&mut self.presence, |now| now != Presence::There) => return self.end(),
                () = sleep(backoff.delay()) => {}
            }
        }
    }

    fn end(&self) {
        self.store.end(&self.socket.id, SessionEnd::Closed);
    }

    /// Reads the stream to its end. Silence is looked into: a heartbeat is due, and a host can hang. Where another session
    /// has taken the name, what is on the way is read, for a bounded time.
    async fn follow(&self, open: Open) -> Ended {
        let Open {
            mut stream,
            mut body,
            dialect,
            key,
        } = open;
        let mut quiet_until = Instant::now() + limits::QUIET_BEFORE_PROBE;
        let mut refresh_at: Option<Instant> = None;
        let mut drained_at: Option<Instant> = None;
        let mut drain_until = Instant::now();
        let mut aside: Option<Aside> = None;
        let mut presence = self.presence.clone();
        loop {
            tokio::select! {
                biased;
                () = self.shutdown.cancelled() => return Ended::Shutdown,
                () = became(&mut presence, |now| now == Presence::Replaced), if drained_at.is_none() => {
                    drained_at = Some(Instant::now() + limits::DRAIN_QUIET);
                    drain_until = Instant::now() + limits::DRAIN_TIMEOUT;
                }
                () = at(drained_at) => return Ended::Replaced,
                frame = body.frame() => {
                    let Some(Ok(frame)) = frame else {
                        return if drained_at.is_some() { Ended::Replaced } else { Ended::Eof };
                    };
                    let told = stream.take(frame.data_ref().unwrap_or(&Bytes::new()), &self.store);
                    if told.rubbish {
                        return Ended::Rubbish;
                    }
                    refresh_at = sooner(refresh_at, refresh_delay(&told).filter(|_| dialect == Dialect::Ours));
                    self.store.responsive(key);
                    quiet_until = Instant::now() + limits::QUIET_BEFORE_PROBE;
                    drained_at = drained_at.map(|_| drain_until.min(Instant::now() + limits::DRAIN_QUIET));
                }
                answered = ask_aside(&mut aside) => {
                    aside = None;
                    self.answered(key, dialect, answered);
                }
                () = at(refresh_at), if aside.is_none() => {
                    refresh_at = None;
                    let path = self.socket.path.clone();
                    aside = Some(Box::pin(async move { Answered::State(state(&path).await.map(Box::new)) }));
                }
                () = sleep_until(quiet_until), if aside.is_none() => {
                    quiet_until = Instant::now() + limits::PROBE_INTERVAL;
                    let path = self.socket.path.clone();
                    aside = Some(Box::pin(async move { Answered::Info(info(&path).await.map(drop)) }));
                }
            }
        }
    }

    fn answered(&self, key: Key, dialect: Dialect, answered: Answered) {
        match answered {
            Answered::State(Some(state)) => self.store.count_from(key, *state),
            Answered::State(None) => {}
            Answered::Info(Ok(())) => self.store.responsive(key),
            Answered::Info(Err(AttachError::Request(error))) if error.is_our_own() => {}
            // Without its file it cannot be asked. A released mirrord is silent where nothing happens; ours is not.
            Answered::Info(Err(AttachError::Request(RequestError::Gone))) if dialect == Dialect::Released => {}
            Answered::Info(Err(failure)) => self.store.unresponsive(&self.socket.id, &failure.to_string()),
        }
    }
}

/// Resolves once another session has had the name for so long.
async fn replaced_for(mut presence: watch::Receiver<Presence>, time: Duration) {
    became(&mut presence, |now| now == Presence::Replaced).await;
    sleep(time).await;
}

/// Resolves once the presence is one that is looked for; never, where nobody can say so any more.
async fn became(presence: &mut watch::Receiver<Presence>, is_met: impl Fn(Presence) -> bool) {
    if presence.wait_for(|now| is_met(*now)).await.is_err() {
        std::future::pending().await
    }
}

/// How long to wait before the session is asked for its counters, where it told of what they know better.
fn refresh_delay(told: &Told) -> Option<Duration> {
    match told {
        Told { lagged: true, .. } => Some(limits::STATE_REFRESH_DELAY),
        Told { withheld: true, .. } => Some(limits::NAMES_REFRESH_DELAY),
        _ => None,
    }
}

fn sooner(planned: Option<Instant>, delay: Option<Duration>) -> Option<Instant> {
    let asked = delay.map(|delay| Instant::now() + delay);
    planned.into_iter().chain(asked).min()
}

/// Ready at a time, or never where there is none.
async fn at(instant: Option<Instant>) {
    match instant {
        Some(instant) => sleep_until(instant).await,
        None => std::future::pending().await,
    }
}

async fn ask_aside(aside: &mut Option<Aside>) -> Answered {
    match aside {
        Some(aside) => aside.await,
        None => std::future::pending().await,
    }
}
