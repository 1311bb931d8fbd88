//! History: sessions that are kept as records, where a person wants that.
//!
//! Each session is recorded from the moment it is found, so that a server that is killed loses at most a second. A session of a
//! record is never kept again. A session that goes on under the next server has its record continued. The folder is bounded in
//! bytes, days and number: the oldest records go first, at the start and after each write.

use std::collections::{HashMap, HashSet};
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use mirrord_private_files::PrivateFolder;
use mirrord_wire::api::{History, HistoryRecord};
use tokio::sync::{Notify, watch};
use tokio::task::spawn_blocking;
use tokio::time::{sleep, timeout};

use self::catalogue::{Bounds, Catalogue};
use self::setting::Setting;
use super::session_record::{self, End, Progress, Recorded};
use super::workers::Workers;
use crate::clock;
use crate::store::Key;

mod catalogue;
mod record_files;
mod setting;
#[cfg(test)]
mod tests;

/// Time between two looks for sessions that are new.
const LOOK_INTERVAL: Duration = Duration::from_millis(200);
/// Time for which an answer waits until the records that are there were read.
const LOAD_TIMEOUT: Duration = Duration::from_secs(5);

/// Keeper of the history.
#[derive(Debug)]
pub(crate) struct HistoryKeeper {
    folder: PrivateFolder,
    setting: Setting,
    workers: Workers,
    state: Mutex<State>,
    /// The setting was changed.
    changed: Notify,
    loaded: watch::Sender<bool>,
}

#[derive(Debug)]
struct State {
    is_enabled: bool,
    catalogue: Catalogue,
    /// Sessions that are no news.
    seen: HashMap<Key, Seen>,
    /// Newest reason why something was not kept.
    error: Option<String>,
}

/// Next step for a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Seen {
    /// It is recorded.
    Recorded,
    /// It has ended, here or before the history was turned on. One that comes back has its record continued.
    Ended,
    /// It cannot be recorded; it is tried again once the history is turned on again.
    GivenUp,
}

impl HistoryKeeper {
    pub(super) fn new(folder: PrivateFolder, settings: PrivateFolder, is_on: bool, workers: Workers) -> Self {
        Self::bounded(folder, settings, is_on, workers, Bounds::default())
    }

    fn bounded(folder: PrivateFolder, settings: PrivateFolder, is_on: bool, workers: Workers, bounds: Bounds) -> Self {
        let setting = Setting::new(settings);
        let (is_enabled, error) = match setting.load() {
            Ok(saved) => (saved || is_on, None),
            Err(reason) => (is_on, Some(reason)),
        };
        if let Some(reason) = &error {
            tracing::warn!("{reason}");
        }
        let state = State {
            is_enabled,
            catalogue: Catalogue::new(bounds),
            seen: HashMap::new(),
            error,
        };
        Self {
            folder,
            setting,
            workers,
            state: Mutex::new(state),
            changed: Notify::new(),
            loaded: watch::Sender::new(false),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads what is there, and keeps sessions until the shutdown.
    pub(crate) async fn run(self: Arc<Self>) {
        let keeper = Arc::clone(&self);
        let load = move || {
            match record_files::load(&keeper.folder) {
                Ok(records) => keeper.lock().catalogue.load(records),
                Err(reason) => keeper.failed(&reason),
            }
            keeper.evict();
        };
        // A panic there leaves an empty history.
        spawn_blocking(load).await.ok();
        self.loaded.send_replace(true);
        let mut changes = self.workers.store.subscribe();
        loop {
            changes.mark_unchanged();
            self.keep_new_sessions();
            let quiet = async {
                sleep(LOOK_INTERVAL).await;
                tokio::select! {
                    changed = changes.changed() => changed.is_ok(),
                    () = self.changed.notified() => true,
                }
            };
            tokio::select! {
                () = self.workers.shutdown.cancelled() => return,
                is_open = quiet => if !is_open { return },
            }
        }
    }

    /// Answers what is kept, as far as it matches every word of a query.
    pub(crate) async fn answer(&self, query: &str) -> History {
        let mut loaded = self.loaded.subscribe();
        // What is known by then has to do.
        timeout(LOAD_TIMEOUT, loaded.wait_for(|loaded| *loaded)).await.ok();
        let state = self.lock();
        let mut answer = state.catalogue.answer(query);
        answer.enabled = state.is_enabled;
        answer.error.clone_from(&state.error);
        answer
    }

    /// Turns the history on or off. Turned off, what was recorded of sessions that have yet to end is removed.
    ///
    /// # Errors
    /// The setting cannot be written down; it holds for as long as the server runs.
    pub(crate) async fn enable(self: &Arc<Self>, is_enabled: bool) -> Result<(), String> {
        {
            let ended: Vec<_> = {
                let sessions = self.workers.store.lock();
                let ended = sessions.iter().filter(|(_, session)| session.ended_ts.is_some());
                ended.map(|(key, _)| key).collect()
            };
            let mut state = self.lock();
            if is_enabled && !state.is_enabled {
                // What is over by now was not to be kept.
                state.seen.extend(ended.into_iter().map(|key| (key, Seen::Ended)));
                state.error = None;
            }
            if !is_enabled {
                state.catalogue.stop_all();
                state.seen.clear();
            }
            state.is_enabled = is_enabled;
        }
        self.changed.notify_one();
        let keeper = Arc::clone(self);
        let saved = spawn_blocking(move || keeper.setting.save(is_enabled)).await;
        saved.unwrap_or_else(|error| Err(error.to_string()))
    }

    /// Returns the path of a record that is kept.
    pub(crate) fn path(&self, file: &str) -> Option<PathBuf> {
        self.lock().catalogue.has(file).then(|| self.folder.path(file))
    }

    /// Deletes a record; returns whether there was one.
    ///
    /// # Errors
    /// The file cannot be removed.
    pub(crate) async fn delete(self: &Arc<Self>, file: &str) -> Result<bool, String> {
        if !self.lock().catalogue.has(file) {
            return Ok(false);
        }
        let (keeper, name) = (Arc::clone(self), file.to_owned());
        let removed = spawn_blocking(move || record_files::remove(&keeper.folder, &name)).await;
        removed.map_err(|error| error.to_string())??;
        Ok(self.lock().catalogue.remove(file).is_some())
    }

    /// Begins to record sessions that are new.
    fn keep_new_sessions(self: &Arc<Self>) {
        let known: Vec<_> = {
            let sessions = self.workers.store.lock();
            let known = sessions
                .iter()
                .filter(|(_, session)| session.known && !session.is_replay);
            known.map(|(key, session)| (key, session.ended_ts.is_some())).collect()
        };
        let mut state = self.lock();
        if !state.is_enabled {
            return state.seen.clear();
        }
        let there: HashSet<_> = known.iter().map(|(key, _)| *key).collect();
        state.seen.retain(|key, _| there.contains(key));
        for (key, has_ended) in known {
            let is_new = match state.seen.get(&key) {
                None => true,
                Some(Seen::Ended) => !has_ended,
                Some(Seen::Recorded | Seen::GivenUp) => false,
            };
            if is_new && state.catalogue.begin(key, self.workers.shutdown.child_token()) {
                state.seen.insert(key, Seen::Recorded);
                self.workers.tracker.spawn(Arc::clone(self).keep(key));
            }
        }
    }

    /// Takes in that a session is recorded no further.
    fn saw(&self, key: Key, seen: Seen) {
        if let Some(own) = self.lock().seen.get_mut(&key) {
            *own = seen;
        }
    }

    /// Forgets a record that could not be made.
    fn give_up(&self, key: Key) {
        self.saw(key, Seen::GivenUp);
        self.lock().catalogue.give_up(key);
    }

    /// Records a session to its end, and takes the record into the history.
    async fn keep(self: Arc<Self>, key: Key) {
        let Some(stop) = self.lock().catalogue.stop_token(key) else {
            return;
        };
        let store = &self.workers.store;
        let (Some(info), Some(first)) = (store.record_info(key), store.record_header_info(key)) else {
            return self.give_up(key);
        };
        let earlier = self.lock().catalogue.earlier(&info);
        let (keeper, token) = (Arc::clone(&self), stop.clone());
        let begun = spawn_blocking(move || record_files::begin(&keeper.folder, &info, first, earlier, &token)).await;
        let begun = begun.unwrap_or_else(|error| Err(error.to_string()));
        let begun = match begun {
            Ok(begun) => begun,
            Err(reason) => {
                self.failed(&reason);
                return self.give_up(key);
            }
        };
        let mut kept = begun.kept;
        if let Some(earlier) = begun.replaces {
            self.lock().catalogue.remove(&earlier);
        }
        self.lock().catalogue.name(key, &kept.file);
        let report = |progress| self.report(key, progress);
        let recorded = session_record::record(&self.workers.store, key, begun.record, &stop, report).await;
        self.describe(key, &mut kept);
        self.take_in(key, kept, recorded).await;
    }

    /// Takes in how large a record is by now; breaks where the history is full and has nothing older to give up.
    fn report(self: &Arc<Self>, key: Key, progress: Progress) -> ControlFlow<()> {
        let is_over = {
            let mut state = self.lock();
            state.catalogue.grow(key, progress.bytes);
            state.catalogue.is_over()
        };
        if is_over {
            let keeper = Arc::clone(self);
            spawn_blocking(move || keeper.evict());
        }
        if self.lock().catalogue.is_full_of_unfinished() {
            self.failed("the history is full of sessions that have yet to end: one of them is recorded no further");
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    }

    /// Takes the name and the first command from the session, which may have come since its record began.
    fn describe(&self, key: Key, kept: &mut HistoryRecord) {
        if let Some(info) = self.workers.store.record_info(key) {
            record_files::describe(kept, &info);
        }
    }

    async fn take_in(self: &Arc<Self>, key: Key, mut kept: HistoryRecord, recorded: Recorded) {
        let Progress { events, missed, bytes } = recorded.progress;
        (kept.events, kept.missed, kept.bytes) = (events, missed, bytes);
        let mut ended_ts = clock::now_micros();
        let seen = match recorded.end {
            End::Session { ended_ts: ended, exit } => {
                (ended_ts, kept.exit) = (ended, exit);
                Seen::Ended
            }
            End::Failed(reason) => {
                self.failed(&reason);
                Seen::GivenUp
            }
            End::Stopped | End::Cut => Seen::GivenUp,
        };
        kept.ended_at = clock::rfc3339(ended_ts);
        let keeper = Arc::clone(self);
        let taken = spawn_blocking(move || {
            let is_discarded = keeper.lock().catalogue.is_discarded(key);
            let written = match is_discarded {
                true => record_files::remove(&keeper.folder, &kept.file),
                false => record_files::write_entry(&keeper.folder, &kept),
            };
            if let Err(reason) = written {
                keeper.failed(&reason);
            }
            keeper.lock().catalogue.end(key, (!is_discarded).then_some(kept));
            keeper.saw(key, seen);
            // It may be recorded again: it came back, or the history was turned off and on.
            keeper.changed.notify_one();
            keeper.evict();
        });
        taken.await.ok();
    }

    /// Removes the oldest records beyond the bounds. Blocks.
    fn evict(&self) {
        let evicted = self.lock().catalogue.evict(clock::now_micros());
        for file in evicted {
            tracing::info!(file, "a record of the history is old, and goes");
            if let Err(reason) = record_files::remove(&self.folder, &file) {
                self.failed(&reason);
            }
        }
    }

    fn failed(&self, reason: &str) {
        tracing::warn!("history: {reason}");
        self.lock().error = Some(reason.to_owned());
    }
}
