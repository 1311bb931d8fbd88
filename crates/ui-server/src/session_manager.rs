//! Manager of the followed sessions: one follower task for each socket in the sessions directory, and the store's clock.
//!
//! The directory decides which sessions are followed. A scan that failed says nothing about any session. An open stream
//! outlives its file: its follower decides when the session is over.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::Arc;

use mirrord_session_client::{DirectoryError, DirectoryWatcher, FileIdentity, Scan, SessionSocket};
use mirrord_wire::{SessionEnd, SessionId};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::limits;
use crate::store::Store;

mod follower;

use self::follower::{Follower, Presence};

/// Discovers and follows sessions.
#[derive(Debug)]
pub(crate) struct SessionManager {
    pub(crate) directory: PathBuf,
    pub(crate) store: Arc<Store>,
    pub(crate) tracker: TaskTracker,
    pub(crate) shutdown: CancellationToken,
}

#[derive(Debug)]
struct Followed {
    identity: FileIdentity,
    presence: watch::Sender<Presence>,
    task: JoinHandle<()>,
}

#[derive(Debug, Default)]
struct Sessions {
    followed: HashMap<SessionId, Followed>,
    foreign: HashSet<SessionId>,
    /// Newest fault of the directory: logged once, not at every scan.
    fault: Option<String>,
    too_many: bool,
}

impl Sessions {
    fn report(&mut self, error: &DirectoryError) {
        let fault = error.to_string();
        if self.fault.as_ref() != Some(&fault) {
            tracing::warn!("{fault}; what is followed is followed on");
        }
        self.fault = Some(fault);
    }

    /// Removes and returns what is over: sessions whose name another socket has, and followers that have ended. One that
    /// has ended while its socket is there is begun again: the socket may have been away.
    fn take_over(&mut self, sockets: &[SessionSocket]) -> HashMap<SessionId, Followed> {
        let there: HashMap<_, _> = sockets.iter().map(|socket| (&socket.id, socket.identity)).collect();
        let is_over = |id: &SessionId, followed: &mut Followed| {
            let presence = match there.get(id) {
                Some(identity) if *identity == followed.identity => Presence::There,
                Some(_) => Presence::Replaced,
                None => Presence::Vanished,
            };
            followed
                .presence
                .send_if_modified(|before| std::mem::replace(before, presence) != presence);
            presence == Presence::Replaced || followed.task.is_finished()
        };
        self.followed.extract_if(|id, followed| is_over(id, followed)).collect()
    }

    /// Returns whether no more sessions can be followed, with a warning the first time.
    fn is_full(&mut self) -> bool {
        let is_full = self.followed.len() >= limits::MAX_FOLLOWED_SESSIONS;
        if is_full && !std::mem::replace(&mut self.too_many, true) {
            let followed = limits::MAX_FOLLOWED_SESSIONS;
            tracing::warn!(followed, "more sessions than can be followed; the rest waits");
        }
        is_full
    }
}

impl SessionManager {
    /// Runs until the shutdown.
    pub(crate) async fn run(self) {
        let shutdown = self.shutdown.clone();
        tokio::select! {
            () = shutdown.cancelled() => {}
            () = self.discover() => {}
            () = self.tick() => {}
        }
    }

    async fn tick(&self) {
        let mut ticks = interval(limits::UPDATE_INTERVAL);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            self.store.tick();
        }
    }

    async fn discover(&self) {
        let mut watcher = DirectoryWatcher::new(self.directory.clone());
        let mut known = Sessions::default();
        loop {
            match watcher.next_scan().await {
                Ok(scan) => {
                    known.fault = None;
                    self.update(scan, &mut known);
                }
                Err(error) => known.report(&error),
            }
        }
    }

    /// Follows new sockets and drops the followers of those that are gone.
    fn update(&self, scan: Scan, known: &mut Sessions) {
        let mut over = known.take_over(&scan.sockets);
        for socket in scan.sockets {
            if known.followed.contains_key(&socket.id) {
                continue;
            }
            if known.is_full() {
                break;
            }
            let before = over.remove(&socket.id).map(|followed| followed.task);
            known.followed.insert(socket.id.clone(), self.begin(socket, before));
        }
        self.show_foreign(scan.foreign, known);
    }

    /// Follows a socket once the follower of the one that had its name before has ended: both write to one store entry.
    fn begin(&self, socket: SessionSocket, before: Option<JoinHandle<()>>) -> Followed {
        tracing::debug!(session = %socket.id, "found a socket");
        let identity = socket.identity;
        let (presence, receiver) = watch::channel(Presence::There);
        let follower = Follower::new(socket, Arc::clone(&self.store), receiver, self.shutdown.clone());
        let task = self.tracker.spawn(async move {
            if let Some(before) = before {
                // However it ended, it has.
                before.await.ok();
            }
            follower.run().await;
        });
        Followed {
            identity,
            presence,
            task,
        }
    }

    /// Shows entries that are not connected to, such as another user's socket, with the reason.
    fn show_foreign(&self, foreign: Vec<(SessionId, String)>, known: &mut Sessions) {
        let now: HashSet<_> = foreign.iter().map(|(id, _)| id.clone()).collect();
        known
            .foreign
            .difference(&now)
            .for_each(|id| self.store.end(id, SessionEnd::Closed));
        for (id, reason) in foreign {
            self.store.unresponsive(&id, &reason);
        }
        known.foreign = now;
    }
}
