//! The sessions as the overview shows them: found, put into groups, the pinned ones first, each group in its order.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use mirrord_wire::SessionStatus;

use super::order::{Arrangement, Grouping, Sorting};
use super::sessions::{Session, Sessions};
use super::sorting::sort_by_key;
use crate::i18n::{Key, t};

/// Title of a group.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Title {
    /// A word of ours, by its place: live, not answering, ended.
    Status(u8),
    /// A target, a namespace or a key.
    Named(String),
    /// Of those that have none, or where there are no groups.
    Other,
}

impl Title {
    /// Key of a list's row.
    #[must_use]
    pub fn to_key(&self) -> String {
        match self {
            Self::Status(place) => ["s", &place.to_string()].concat(),
            Self::Named(name) => ["n", name].concat(),
            Self::Other => String::new(),
        }
    }

    /// Title with the key.
    #[must_use]
    pub fn of_key(key: &str) -> Self {
        let status = || key.strip_prefix('s')?.parse().ok().map(Self::Status);
        let named = || key.strip_prefix('n').map(|name| Self::Named(name.to_owned()));
        status().or_else(named).unwrap_or(Self::Other)
    }
}

/// Some sessions under a title.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Title of the group.
    pub title: Title,
    /// Its sessions, in order.
    pub ids: Vec<String>,
    /// Number of pinned sessions, which come first.
    pub pinned: usize,
}

/// Rates and numbers of events as they were a moment ago: an order that followed each event would never stand still.
pub type Ranks = BTreeMap<String, (u64, u64)>;

/// The ranks as they are now: the rate, in steps that are not noise, and the number of events.
#[must_use]
pub fn ranks(sessions: &Sessions) -> Ranks {
    let rank = |session: &Session| {
        let rate = session.summary.rate.max(0.0) as u64;
        (
            session.id().to_owned(),
            (
                rate.checked_ilog2().map_or(0, |log| u64::from(log) + 1),
                session.counts().total(),
            ),
        )
    };
    sessions.all().map(rank).collect()
}

/// The key of a session: the reader's, or its own.
#[must_use]
pub fn key<'a>(session: &'a Session, own: &'a Arrangement) -> Option<&'a str> {
    let told = || session.summary.info.key.as_deref().filter(|key| !key.is_empty());
    own.key(session.id()).or_else(told)
}

fn title(session: &Session, own: &Arrangement) -> Title {
    let info = &session.summary.info;
    let named = match own.grouping {
        Grouping::Status => return Title::Status(session.summary.status as u8),
        Grouping::Target => Some(info.target.as_str()).filter(|target| *target != "targetless"),
        Grouping::Namespace => info.namespace.as_deref(),
        Grouping::Key => key(session, own),
        Grouping::None => None,
    };
    named
        .filter(|name| !name.is_empty())
        .map_or(Title::Other, |name| Title::Named(name.to_owned()))
}

/// Puts the sessions in which the typed text is found into groups.
#[must_use]
pub fn arrange(sessions: &Sessions, own: &Arrangement, ranks: &Ranks, typed: &str) -> Vec<Group> {
    let needle = typed.trim().to_ascii_lowercase();
    let mut groups: BTreeMap<Title, Vec<&Session>> = BTreeMap::new();
    for session in sessions
        .all()
        .filter(|session| session.matches(&needle, own.key(session.id())))
    {
        groups.entry(title(session, own)).or_default().push(session);
    }
    let mut places = BTreeMap::new();
    places.extend(own.order.iter().map(String::as_str).zip(1..));
    groups
        .into_iter()
        .map(|(title, mut members)| {
            sort(&mut members, own, ranks, &places);
            let pinned = members.iter().take_while(|session| own.is_pinned(session.id())).count();
            let ids = members.into_iter().map(|session| session.id().to_owned()).collect();
            Group { title, ids, pinned }
        })
        .collect()
}

/// Sorts a group: pinned sessions first, then by the chosen criterion, then the newest first.
fn sort(members: &mut Vec<&Session>, own: &Arrangement, ranks: &Ranks, places: &BTreeMap<&str, u64>) {
    let newest = |session: &Session| {
        let ended = session.summary.status == SessionStatus::Ended;
        let when = if ended { session.ended() } else { None }.or(session.started());
        Reverse((when, session.id().to_owned()))
    };
    // One key for every criterion.
    sort_by_key(members, |session| {
        let (rate, events) = ranks.get(session.id()).copied().unwrap_or_default();
        let (number, name) = match own.sorting {
            Sorting::Newest => (0, String::new()),
            Sorting::Name => (0, session.title().to_lowercase()),
            Sorting::Rate => (u64::MAX - rate, String::new()),
            Sorting::Events => (u64::MAX - events, String::new()),
            Sorting::Own => (places.get(session.id()).copied().unwrap_or(0), String::new()),
        };
        (!own.is_pinned(session.id()), number, name, newest(session))
    });
}

/// Places that a session may move to, those of its group that are pinned alike, and its own place among them.
#[must_use]
pub fn range(groups: &[Group], id: &str) -> Option<(std::ops::Range<usize>, usize)> {
    let mut start = 0;
    for group in groups {
        if let Some(at) = group.ids.iter().position(|own| own == id) {
            let within = if at < group.pinned {
                0..group.pinned
            } else {
                group.pinned..group.ids.len()
            };
            return Some((start + within.start..start + within.end, start + at));
        }
        start += group.ids.len();
    }
    None
}

/// The title in words.
#[must_use]
pub fn words(title: &Title, grouping: Grouping) -> String {
    match (title, grouping) {
        (Title::Named(name), _) => crate::format::text::shown(name, 80),
        (Title::Status(0), _) => t(Key::GroupLive).to_owned(),
        (Title::Status(1), _) => t(Key::GroupUnresponsive).to_owned(),
        (Title::Status(_), _) => t(Key::GroupEnded).to_owned(),
        (Title::Other, Grouping::Target) => t(Key::Targetless).to_owned(),
        (Title::Other, Grouping::Namespace) => t(Key::NoNamespace).to_owned(),
        (Title::Other, Grouping::Key) => t(Key::NoKey).to_owned(),
        (Title::Other, _) => t(Key::Sessions).to_owned(),
    }
}

#[cfg(test)]
#[path = "groups_tests.rs"]
mod tests;
