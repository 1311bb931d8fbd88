//! One session of a merged stream: its matching events, as they come.

use std::collections::{BTreeMap, VecDeque};

use mirrord_session_client::{EventBatch, StreamItem};

use super::super::directory::KnownSession;
use super::super::error::SessionError;
use super::super::query::EventQuery;
use super::super::state;
use super::super::stream::{SessionEvents, newest};
use super::item::{Content, GroupItem};

/// Query of every session of a stream.
#[derive(Debug, Clone, Default)]
pub(crate) struct QueryPlan {
    pub(crate) filter: String,
    pub(crate) with_values: bool,
    /// Number of the event after which a session is read, by its id; those that are not here are read from the beginning.
    pub(crate) since: BTreeMap<String, u64>,
}

impl QueryPlan {
    /// Checks the filter.
    ///
    /// # Errors
    /// The text is no filter.
    pub(crate) fn check(&self) -> Result<(), SessionError> {
        self.query(0).map(|_| ())
    }

    fn query(&self, since: u64) -> Result<EventQuery, SessionError> {
        EventQuery::new(&self.filter, self.with_values, since)
    }
}

/// Session of a merged stream.
pub(super) struct Source {
    id: String,
    label: String,
    query: EventQuery,
    /// Time of the latest event.
    latest: u64,
    /// Number of the newest event that was looked at, or is missing.
    position: u64,
    /// Lines that could not be read.
    pub(super) unreadable: u64,
    pub(super) ready: VecDeque<GroupItem>,
}

impl Source {
    /// Prepares a session, with a reader of its events and the number of the newest one that it keeps; the error says why that
    /// number is not known.
    ///
    /// # Errors
    /// The session is not connected to, or the text is no filter.
    pub(super) async fn open(
        session: &KnownSession,
        plan: &QueryPlan,
    ) -> Result<(Self, SessionEvents, Result<u64, SessionError>), SessionError> {
        let client = session.client()?;
        let since = plan.since.get(&session.id).copied().unwrap_or(0);
        let mut query = plan.query(since)?;
        let state = state::read(session).await;
        query.learn(session.info(), state.as_ref().ok());
        let (id, info) = (session.id.clone(), session.info());
        let source = Self {
            label: info.name.clone().unwrap_or_else(|| id.clone()),
            id: id.clone(),
            query,
            latest: 0,
            position: since,
            unreadable: 0,
            ready: VecDeque::new(),
        };
        Ok((
            source,
            SessionEvents::new(client, id, since),
            state.map(|state| state.seq),
        ))
    }

    pub(super) fn id(&self) -> &str {
        &self.id
    }

    pub(super) fn position(&self) -> u64 {
        self.position
    }

    /// Number after which there is nothing that was taken from here.
    pub(super) fn taken(&self) -> u64 {
        self.ready.front().map_or(self.position, |item| item.after)
    }

    /// Number of events that were looked at.
    pub(super) fn looked_at(&self) -> u64 {
        self.query.looked_at()
    }

    /// Takes in a piece of the session's stream: its matching events become ready.
    pub(super) fn take_in(&mut self, batch: &EventBatch) {
        self.unreadable += batch.news().unreadable;
        for item in batch.iter() {
            let (after, content) = match item {
                StreamItem::Event(line, text) => {
                    self.latest = self.latest.max(line.ts);
                    let shown = self.query.look_at(line, text).map(|shown| shown.into_owned());
                    let content = shown.map(|shown| {
                        let process = line.observation.pid.and_then(|pid| self.query.process_name(pid));
                        Content::Event(Box::new(shown), process.map(str::to_owned))
                    });
                    (line.seq.saturating_sub(1), content)
                }
                StreamItem::Lagged { to, .. } => {
                    let missed = self.query.skip_to(to);
                    (to.saturating_sub(missed), (missed > 0).then_some(Content::Gap(missed)))
                }
            };
            self.ready.extend(content.map(|content| GroupItem {
                at: self.latest,
                after,
                session_id: self.id.clone(),
                label: self.label.clone(),
                content,
            }));
        }
        self.position = newest(batch).unwrap_or(0).max(self.position);
    }
}
