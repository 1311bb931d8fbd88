//! Events that the sessions of a key keep, up to the newest ones of the moment at which they were asked for, merged exactly.

use std::collections::BTreeMap;

use futures_util::future::join_all;

use super::super::directory::KnownSession;
use super::super::error::SessionError;
use super::super::stream::SessionEvents;
use super::item::{GroupItem, in_order};
use super::source::{QueryPlan, Source};

/// Session with what is read of it.
pub(super) struct Member {
    pub(super) source: Source,
    pub(super) events: SessionEvents,
    /// Number of the newest event that is to be read.
    until: u64,
    /// Its stream has ended or failed.
    pub(super) is_over: bool,
}

/// Merged stream of what is kept.
pub(crate) struct KeptGroup {
    pub(super) members: Vec<Member>,
    pub(super) plan: QueryPlan,
    /// Failures of single sessions; the others go on.
    pub(super) failures: Vec<SessionError>,
    /// Later events are read behind it.
    is_followed: bool,
}

impl KeptGroup {
    /// Prepares the sessions. One that keeps nothing, as a released mirrord's, is a failure unless what is to come `is_followed`.
    ///
    /// # Errors
    /// The text of the query is no filter.
    pub(crate) async fn open(
        sessions: &[KnownSession],
        plan: QueryPlan,
        is_followed: bool,
    ) -> Result<Self, SessionError> {
        plan.check()?;
        let opened = join_all(sessions.iter().map(|session| Source::open(session, &plan))).await;
        let (mut members, mut failures) = (Vec::new(), Vec::new());
        for opened in opened {
            match opened {
                Ok((source, events, until)) => {
                    let until = until.unwrap_or_else(|error| {
                        if !is_followed {
                            failures.push(error);
                        }
                        0
                    });
                    members.push(Member {
                        source,
                        events,
                        until,
                        is_over: false,
                    });
                }
                Err(error) => failures.push(error),
            }
        }
        Ok(Self {
            members,
            plan,
            failures,
            is_followed,
        })
    }

    /// Waits for the next piece; `None` once all were read. Cancel-safe.
    pub(crate) async fn next(&mut self) -> Option<GroupItem> {
        for member in &mut self.members {
            if let Err(error) = member.fill().await {
                member.is_over = true;
                // Of one that is followed the end is no failure.
                if !(self.is_followed && error.is_end()) {
                    self.failures.push(error);
                }
            }
        }
        let front = |(index, member): (usize, &Member)| Some(((member.source.ready.front()?.at, index), index));
        let fronts = self.members.iter().enumerate().filter_map(front);
        let (_, index) = fronts.min_by(|one, other| in_order(one.0, other.0))?;
        self.members.get_mut(index)?.source.ready.pop_front()
    }

    /// Gives the piece back that was taken last.
    pub(crate) fn put_back(&mut self, item: GroupItem) {
        let mut members = self.members.iter_mut();
        if let Some(member) = members.find(|member| member.source.id() == item.session_id) {
            member.source.ready.push_front(item);
        }
    }

    /// Returns whether everything was taken.
    pub(crate) fn is_done(&self) -> bool {
        let is_done = |member: &Member| member.source.ready.is_empty() && member.is_read();
        self.members.iter().all(is_done)
    }

    /// Returns the number up to which the events of each session were taken.
    pub(crate) fn taken(&self) -> BTreeMap<String, u64> {
        let taken = self.members.iter().map(|member| &member.source);
        taken.map(|source| (source.id().to_owned(), source.taken())).collect()
    }

    /// Takes the failures of single sessions so far.
    pub(crate) fn take_failures(&mut self) -> Vec<SessionError> {
        std::mem::take(&mut self.failures)
    }

    /// Number of lines that could not be read.
    pub(crate) fn unreadable(&self) -> u64 {
        self.members.iter().map(|member| member.source.unreadable).sum()
    }
}

impl Member {
    /// Returns whether everything was read that is to be, or can be.
    fn is_read(&self) -> bool {
        self.is_over || self.source.position() >= self.until
    }

    /// Reads until a piece is ready, or everything was read.
    async fn fill(&mut self) -> Result<(), SessionError> {
        while self.source.ready.is_empty() && !self.is_read() {
            match self.events.next().await? {
                Some(batch) => self.source.take_in(&batch),
                None => {
                    return Err(SessionError::Ended {
                        id: self.source.id().to_owned(),
                        what: " before all of its events were read",
                    });
                }
            }
        }
        Ok(())
    }
}
