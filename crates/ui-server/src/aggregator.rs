//! Keeps one peer task for each socket in the sessions directory, and the store's clock.
//!
//! The directory decides what is followed: whatever the watch says or fails to say, it is read anew at least every five
//! seconds. A look that failed says nothing about any session. An open stream outlives its file: its peer decides when it
//! is over. Reading happens off the runtime, so that a slow file system holds up nothing else.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::Arc;

use mirrord_wire::{SessionEnd, SessionId};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::discovery::watch::Watch;
use crate::discovery::{self, Found, Identity, Socket};
use crate::limits;
use crate::peer::{Peer, Presence};
use crate::store::Store;

/// Discovers and follows.
#[derive(Debug)]
pub(crate) struct Aggregator {
    pub(crate) directory: PathBuf,
    pub(crate) store: Arc<Store>,
    pub(crate) tracker: TaskTracker,
    pub(crate) shutdown: CancellationToken,
}

#[derive(Debug)]
struct Followed {
    identity: Identity,
    presence: watch::Sender<Presence>,
    task: JoinHandle<()>,
}

#[derive(Debug, Default)]
struct Known {
    followed: HashMap<SessionId, Followed>,
    foreign: HashSet<SessionId>,
    /// What was last wrong with the directory: said once, not at every look.
    trouble: Option<String>,
    too_many: bool,
}

impl Aggregator {
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
        let mut watch = Watch::new(self.directory.clone());
        let mut known = Known::default();
        let mut hints = watch.hints();
        loop {
            let looked_at = Instant::now();
            let directory = self.directory.clone();
            let looked = tokio::task::spawn_blocking(move || {
                let moved = watch.aim();
                (moved, discovery::scan(&directory), watch)
            });
            let Ok((moved, found, aimed)) = looked.await else {
                // Only a panic in there, or the runtime's end, leads here.
                tracing::error!("looking into the sessions directory failed; looked into again");
                watch = Watch::new(self.directory.clone());
                hints = watch.hints();
                sleep_until(looked_at + limits::RESCAN_INTERVAL).await;
                continue;
            };
            watch = aimed;
            match found {
                Ok(found) => {
                    known.trouble = None;
                    self.follow(found, &mut known);
                }
                Err(error) => {
                    let trouble = error.to_string();
                    if known.trouble.as_ref() != Some(&trouble) {
                        tracing::warn!("{trouble}; what is followed is followed on");
                    }
                    known.trouble = Some(trouble);
                }
            }
            if moved {
                continue;
            }
            let rest = if watch.works() {
                limits::RESCAN_INTERVAL
            } else {
                limits::POLL_INTERVAL
            };
            let next = Instant::now() + rest;
            tokio::select! {
                () = sleep_until(next) => {}
                // A session that lasts milliseconds is looked for at once; a rush of hints is gathered.
                () = hints.notified() => sleep_until(looked_at + limits::HINT_DEBOUNCE).await,
            }
        }
    }

    /// Begins to follow what is new and lets go of what is not there any more.
    fn follow(&self, found: Found, known: &mut Known) {
        let there: HashMap<_, _> = found
            .sockets
            .iter()
            .map(|socket| (&socket.id, socket.identity))
            .collect();
        let is_over = |id: &SessionId, followed: &mut Followed| {
            let presence = match there.get(id) {
                Some(identity) if *identity == followed.identity => Presence::There,
                Some(_) => Presence::Replaced,
                None => Presence::Vanished,
            };
            followed
                .presence
                .send_if_modified(|before| std::mem::replace(before, presence) != presence);
            // A task that has ended while its socket is there is begun anew: the socket may have been away.
            presence == Presence::Replaced || followed.task.is_finished()
        };
        let mut over: HashMap<_, _> = known
            .followed
            .extract_if(|id, followed| is_over(id, followed))
            .collect();
        for socket in found.sockets {
            if known.followed.contains_key(&socket.id) {
                continue;
            }
            if known.followed.len() >= limits::MAX_FOLLOWED_SESSIONS {
                if !std::mem::replace(&mut known.too_many, true) {
                    let followed = limits::MAX_FOLLOWED_SESSIONS;
                    tracing::warn!(followed, "more sessions than can be followed; the rest waits");
                }
                break;
            }
            let before = over.remove(&socket.id).map(|followed| followed.task);
            known.followed.insert(socket.id.clone(), self.begin(socket, before));
        }
        self.show_foreign(found.foreign, known);
    }

    /// Follows a socket once the one that had its name before has been let go of: the two must not both speak for it.
    fn begin(&self, socket: Socket, before: Option<JoinHandle<()>>) -> Followed {
        tracing::debug!(session = %socket.id, "found a socket");
        let identity = socket.identity;
        let (presence, receiver) = watch::channel(Presence::There);
        let peer = Peer {
            socket,
            store: Arc::clone(&self.store),
            presence: receiver,
            shutdown: self.shutdown.clone(),
        };
        let task = self.tracker.spawn(async move {
            if let Some(before) = before {
                // However it ended, it has.
                before.await.ok();
            }
            peer.run().await;
        });
        Followed {
            identity,
            presence,
            task,
        }
    }

    /// What is not connected to, such as another user's socket, is shown with the reason.
    fn show_foreign(&self, foreign: Vec<(SessionId, String)>, known: &mut Known) {
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
