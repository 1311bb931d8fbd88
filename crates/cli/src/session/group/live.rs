//! Events of the sessions of a key as they come. A session that starts later joins; the stream ends when none is left.

use std::collections::{HashMap, VecDeque};
use std::path::PathBuf;
use std::time::Duration;

use mirrord_session_client::{DirectoryWatcher, EventBatch};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::{Interval, MissedTickBehavior, interval};

use super::super::directory::{self, KnownSession};
use super::super::error::SessionError;
use super::super::stream::SessionEvents;
use super::item::GroupItem;
use super::kept::{KeptGroup, Member};
use super::source::{QueryPlan, Source};
use super::window::ReorderWindow;

/// Turn of the window in which events are sorted: an event is shown one to two turns after it came.
const REORDER_INTERVAL: Duration = Duration::from_millis(100);
/// Pieces of streams that wait to be sorted; at the bound the sessions are read no further.
const MAX_PIECES: usize = 16;
/// Sessions that were found and wait to join.
const MAX_FOUND: usize = 64;

/// Piece of a session's stream: `None` at its end.
type Piece = (usize, Result<Option<EventBatch>, SessionError>);

/// Merged stream of what comes.
pub(crate) struct LiveGroup {
    key: String,
    directory: PathBuf,
    plan: QueryPlan,
    /// Sessions by their place; none once it has ended.
    sources: Vec<Option<Source>>,
    /// Start of each session that has joined, by id.
    joined: HashMap<String, String>,
    window: ReorderWindow,
    turns: Interval,
    ready: VecDeque<GroupItem>,
    failures: Vec<SessionError>,
    unreadable: u64,
    looked_at: u64,
    pieces: (mpsc::Sender<Piece>, mpsc::Receiver<Piece>),
    found: mpsc::Receiver<KnownSession>,
    /// Readers of the streams and of the directory, which end with it.
    tasks: JoinSet<()>,
}

impl LiveGroup {
    /// Goes on behind what is kept, which has been read. `sessions` are those that it was opened with.
    pub(crate) fn after(kept: KeptGroup, sessions: &[KnownSession], key: &str, directory: PathBuf) -> Self {
        let (found_sender, found) = mpsc::channel(MAX_FOUND);
        let mut turns = interval(REORDER_INTERVAL);
        turns.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut tasks = JoinSet::new();
        tasks.spawn(discover(directory.clone(), key.to_owned(), found_sender));
        let mut group = Self {
            key: key.to_owned(),
            directory,
            plan: kept.plan,
            sources: Vec::new(),
            joined: HashMap::new(),
            window: ReorderWindow::default(),
            turns,
            ready: VecDeque::new(),
            failures: kept.failures,
            unreadable: 0,
            looked_at: 0,
            pieces: mpsc::channel(MAX_PIECES),
            found,
            tasks,
        };
        for session in sessions {
            group.note(session);
        }
        for member in kept.members {
            group.follow(member);
        }
        group
    }

    /// Notes a session; returns whether it is new.
    fn note(&mut self, session: &KnownSession) -> bool {
        let started_at = session.info().started_at.clone();
        let before = self.joined.insert(session.id.clone(), started_at.clone());
        before.is_none_or(|before| before != started_at)
    }

    fn follow(&mut self, member: Member) {
        if member.is_over {
            self.count(&member.source);
            return;
        }
        let place = self.sources.len();
        self.sources.push(Some(member.source));
        self.tasks.spawn(read(place, member.events, self.pieces.0.clone()));
    }

    /// Has a session join that was found.
    async fn join(&mut self, session: &KnownSession) {
        if !self.note(session) {
            return;
        }
        match Source::open(session, &self.plan).await {
            Ok((source, events, _)) => {
                let place = self.sources.len();
                self.sources.push(Some(source));
                self.tasks.spawn(read(place, events, self.pieces.0.clone()));
            }
            Err(error) => self.failures.push(error),
        }
    }

    /// Waits for the next piece; `None` once every session has ended.
    ///
    /// # Errors
    /// The sessions directory cannot be read.
    pub(crate) async fn next(&mut self) -> Result<Option<GroupItem>, SessionError> {
        loop {
            if let Some(item) = self.ready.pop_front() {
                return Ok(Some(item));
            }
            if self.sources.iter().all(Option::is_none) {
                self.ready.extend(self.window.flush());
                if self.ready.is_empty() && !self.join_started().await? {
                    return Ok(None);
                }
                continue;
            }
            tokio::select! {
                Some((place, piece)) = self.pieces.1.recv() => self.take_in(place, piece),
                Some(session) = self.found.recv() => self.join(&session).await,
                _ = self.turns.tick(), if !self.window.is_empty() => self.ready.extend(self.window.turn()),
            }
        }
    }

    /// Has those join that have started before the last one ended; returns whether there are any.
    async fn join_started(&mut self) -> Result<bool, SessionError> {
        for session in directory::read(&self.directory).await?.known {
            if session.info().key.as_ref() == Some(&self.key) && session.client().is_ok() {
                self.join(&session).await;
            }
        }
        Ok(self.sources.iter().any(Option::is_some))
    }

    fn take_in(&mut self, place: usize, piece: Result<Option<EventBatch>, SessionError>) {
        let Some(own) = self.sources.get_mut(place) else {
            return;
        };
        match (piece, own) {
            (Ok(Some(batch)), Some(source)) => {
                source.take_in(&batch);
                while let Some(item) = source.ready.pop_front() {
                    self.ready.extend(self.window.push(item));
                }
            }
            (piece, own) => {
                if let Some(source) = own.take() {
                    self.count(&source);
                }
                self.failures.extend(piece.err().filter(|error| !error.is_end()));
            }
        }
    }

    fn count(&mut self, source: &Source) {
        self.unreadable += source.unreadable;
        self.looked_at += source.looked_at();
    }

    /// Returns whether the next piece has to be waited for.
    pub(crate) fn is_idle(&self) -> bool {
        self.ready.is_empty()
    }

    /// Takes the failures of single sessions so far.
    pub(crate) fn take_failures(&mut self) -> Vec<SessionError> {
        std::mem::take(&mut self.failures)
    }

    /// Number of lines that could not be read.
    pub(crate) fn unreadable(&self) -> u64 {
        let open = self.sources.iter().flatten().map(|source| source.unreadable);
        self.unreadable + open.sum::<u64>()
    }

    /// Number of events that were looked at.
    pub(crate) fn looked_at(&self) -> u64 {
        let open = self.sources.iter().flatten().map(Source::looked_at);
        self.looked_at + open.sum::<u64>()
    }
}

/// Reads the stream of a session to its end.
async fn read(place: usize, mut events: SessionEvents, pieces: mpsc::Sender<Piece>) {
    loop {
        let piece = events.next().await;
        let is_over = !matches!(piece, Ok(Some(_)));
        if pieces.send((place, piece)).await.is_err() || is_over {
            return;
        }
    }
}

/// Looks for sessions of a key, again with each change of the directory. One that cannot be read is looked at again.
async fn discover(directory: PathBuf, key: String, found: mpsc::Sender<KnownSession>) {
    let mut watcher = DirectoryWatcher::new(directory.clone());
    loop {
        // A directory that cannot be read says nothing about its sessions.
        if watcher.next_scan().await.is_err() {
            continue;
        }
        let known = directory::read(&directory).await.map(|sessions| sessions.known);
        for session in known.unwrap_or_default() {
            let is_member = session.info().key.as_ref() == Some(&key) && session.client().is_ok();
            if is_member && found.send(session).await.is_err() {
                return;
            }
        }
    }
}
