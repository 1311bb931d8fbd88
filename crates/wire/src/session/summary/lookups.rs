//! Files by the name that was looked for: the places of each search, in the order in which they were tried.
//!
//! A search is the attempts of one process for one name, or for alternatives of it, at most [`SEARCH_WINDOW`] apart; an
//! attempt at a place that a search has tried before belongs to that search. `folding` has the rules for what is kept.

use serde::{Deserialize, Serialize};

use super::folding::{self, Class, is_config, search_name, split};
use super::probes::{Probes, is_other_second};
use crate::lenient::is_zero;
use crate::session::bounded;
use crate::session::event::Outcome;
use crate::session::names::{NameLimits, NameTable};

/// The most searches that are kept and sent; between prunings twice as many are held.
pub const MAX_SEARCHES: usize = 256;
/// The most places of a search; more are counted in `more`.
pub const MAX_PLACES: usize = 16;
/// The most searches of one name; places of more count in the last.
const MAX_SAME_NAME: usize = 8;
/// A longer path is counted as omitted.
const MAX_PATH_BYTES: usize = 1_024;
/// The most bytes of paths that are kept; between prunings twice as many are held.
const MAX_BYTES: usize = 256 * 1024;
/// Time between two attempts of one search, microseconds.
pub const SEARCH_WINDOW: u64 = 1_000_000;
/// Places of an upward search: a folder, its parent, and the parent's parent.
const UPWARD_PLACES: usize = 3;

const LIMITS: NameLimits = NameLimits {
    names: 2 * MAX_SEARCHES,
    bytes: 2 * MAX_BYTES,
    name_bytes: MAX_PATH_BYTES,
};

/// A place in which a name was looked for.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct Place {
    /// The path.
    pub path: String,
    /// Number of attempts that found it.
    #[serde(skip_serializing_if = "is_zero")]
    pub found: u64,
    /// Number of attempts that did not.
    #[serde(skip_serializing_if = "is_zero")]
    pub not_found: u64,
    /// Number of attempts that were not permitted.
    #[serde(skip_serializing_if = "is_zero")]
    pub denied: u64,
    /// Number of times that it was written, made or renamed; whether that succeeded is not known.
    #[serde(skip_serializing_if = "is_zero")]
    pub written: u64,
    /// Outcome of the last attempt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// First and last attempt, microseconds since the Unix epoch.
    pub first_ts: u64,
    /// See `first_ts`.
    pub last_ts: u64,
    /// Distinct seconds in which it was not found.
    #[serde(skip_serializing_if = "is_zero")]
    pub seconds: u64,
    /// A place that the program can do without: see the table of rules in `docs/PROTOCOL.md`.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub optional: bool,
    /// It was opened, or opening it was tried; otherwise the program asked for it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub opened: bool,
}

/// Judgement of a search.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It found something, or wrote it.
    #[default]
    Found,
    /// It found nothing where something is missed.
    Failed,
    /// It found nothing, and the program can do without; or it found a file that is the system's or another program's.
    Folded,
}

/// A search: places in the order in which they were first tried.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct Search {
    /// The name: of alternatives the first.
    pub name: String,
    /// The process that looked last.
    pub pid: u32,
    /// The name is on a command line.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub given: bool,
    /// Judgement at the time of the snapshot: counting goes on.
    pub verdict: Verdict,
    /// The places.
    #[serde(deserialize_with = "bounded::list::<MAX_PLACES, _, _>")]
    pub places: Vec<Place>,
    /// Attempts at places that did not fit.
    #[serde(rename = "more", skip_serializing_if = "is_zero")]
    pub omitted: u64,
    /// Last attempt, microseconds since the Unix epoch.
    pub last_ts: u64,
}

/// An attempt at a path.
#[derive(Debug, Clone, Copy)]
pub(super) struct Attempt<'a> {
    pub(super) ts: u64,
    pub(super) pid: u32,
    pub(super) path: &'a str,
    pub(super) operation: &'a str,
    pub(super) outcome: Option<Outcome>,
}

/// The searches.
#[derive(Debug, Clone)]
pub(super) struct Lookups {
    /// An outcome was seen; without one nothing is known.
    pub(super) known: bool,
    /// Attempts in vain that the rules fold away.
    pub(super) folded: u64,
    /// Attempts that found no room.
    pub(super) omitted: u64,
    names: NameTable<Vec<Search>>,
    pub(super) probes: Probes,
    searches: usize,
    bytes: usize,
}

impl Default for Lookups {
    fn default() -> Self {
        Self {
            known: false,
            folded: 0,
            omitted: 0,
            names: NameTable::new(LIMITS),
            probes: Probes::default(),
            searches: 0,
            bytes: 0,
        }
    }
}

impl Lookups {
    /// Counts an attempt in. `is_given` reports a name on a command line.
    pub(super) fn attempt(&mut self, attempt: &Attempt<'_>, is_given: impl FnOnce(&str) -> bool) {
        self.known |= attempt.outcome.is_some();
        if attempt.outcome.is_none() && !is_change(attempt.operation) {
            return;
        }
        let class = folding::class(attempt.path, attempt.operation);
        let is_vain = matches!(attempt.outcome, Some(Outcome::NotFound | Outcome::Denied));
        match class {
            Class::Code => self.folded += u64::from(is_vain),
            Class::Probe => {
                self.folded += u64::from(is_vain);
                self.probes.count(attempt.path, attempt.ts, is_vain);
            }
            Class::Installed if self.searches == 0 => self.folded += u64::from(is_vain),
            Class::Installed | Class::Optional | Class::Own => self.search(attempt, class, is_vain, is_given),
        }
    }

    fn search(&mut self, attempt: &Attempt<'_>, class: Class, is_vain: bool, is_given: impl FnOnce(&str) -> bool) {
        let (_, name) = split(attempt.path);
        let key = search_name(name);
        let number = self.names.find(key);
        if let Some(searches) = number.and_then(|number| self.names.get_mut(number))
            && let Some(search) = continued(searches, attempt, name)
        {
            let before = search.places.len();
            search.count(attempt, class);
            self.bytes += if search.places.len() > before {
                attempt.path.len()
            } else {
                0
            };
            return;
        }
        let is_worth = is_vain || !folding::is_question(attempt.operation);
        if class == Class::Installed || !is_worth {
            self.folded += u64::from(is_vain);
        } else if attempt.path.len() > MAX_PATH_BYTES {
            self.omitted += 1;
        } else {
            self.begin(attempt, class, is_given(name));
        }
    }

    fn begin(&mut self, attempt: &Attempt<'_>, class: Class, given: bool) {
        if self.searches >= 2 * MAX_SEARCHES || self.bytes + attempt.path.len() > 2 * MAX_BYTES {
            self.prune();
        }
        let (_, name) = split(attempt.path);
        let Some((_, searches)) = self.names.entry(search_name(name)) else {
            self.omitted += 1;
            return;
        };
        if searches.len() >= MAX_SAME_NAME
            && let Some(last) = searches.last_mut()
        {
            last.omitted += 1;
            return;
        }
        let mut search = Search {
            name: name.to_owned(),
            given,
            ..Search::default()
        };
        search.count(attempt, class);
        searches.push(search);
        self.searches += 1;
        self.bytes += attempt.path.len();
    }

    /// Searches, those that fail first, then those that looked in vain in some place, each by their number of attempts.
    pub(super) fn ranked(&self) -> Vec<&Search> {
        let mut all: Vec<(u8, &Search)> = (self.names.values().iter().flatten())
            .map(|search| (self.rank(search), search))
            .collect();
        all.sort_by_key(|(rank, search)| (*rank, !search.given, std::cmp::Reverse(search.attempts())));
        let mut room = MAX_BYTES;
        let fits = |search: &&Search| {
            let size: usize = search.places.iter().map(|place| place.path.len()).sum();
            let left = room.checked_sub(size);
            room = left.unwrap_or(room);
            left.is_some()
        };
        let kept = all.into_iter().map(|(_, search)| search).filter(fits);
        kept.take(MAX_SEARCHES).collect()
    }

    fn rank(&self, search: &Search) -> u8 {
        let is_vain = search.places.iter().any(|place| place.not_found + place.denied > 0);
        let is_own = search.places.iter().any(|place| !place.optional);
        match self.verdict(search) {
            Verdict::Failed => 0,
            Verdict::Found if is_vain => 1,
            Verdict::Found if is_own => 2,
            Verdict::Found => 3,
            Verdict::Folded => 4,
        }
    }

    /// Judges a search.
    pub(super) fn verdict(&self, search: &Search) -> Verdict {
        if search.is_found() && search.is_own() {
            Verdict::Found
        } else if self.is_failed(search) {
            Verdict::Failed
        } else {
            Verdict::Folded
        }
    }

    fn prune(&mut self) {
        let kept: Vec<Search> = self.ranked().into_iter().cloned().collect();
        self.omitted += (self.searches - kept.len()) as u64;
        self.restore(kept);
    }

    /// Takes searches in place of its own.
    pub(super) fn restore(&mut self, searches: Vec<Search>) {
        self.names = NameTable::new(LIMITS);
        (self.searches, self.bytes) = (0, 0);
        for search in searches {
            let bytes: usize = search.places.iter().map(|place| place.path.len()).sum();
            match self.names.entry(search_name(&search.name)) {
                Some((_, own)) if own.len() < MAX_SAME_NAME && self.bytes + bytes <= MAX_BYTES => {
                    own.push(search);
                    self.searches += 1;
                    self.bytes += bytes;
                }
                _ => self.omitted += 1,
            }
        }
    }

    /// Reports a search that found nothing where something is missed. A name that its process found in another search
    /// is not.
    pub(super) fn is_failed(&self, search: &Search) -> bool {
        search.found_nothing() && !self.is_found_elsewhere(search)
    }

    fn is_found_elsewhere(&self, search: &Search) -> bool {
        let same = self.names.find(search_name(&search.name));
        let same = same.and_then(|number| self.names.get(number));
        same.is_some_and(|all| all.iter().any(|own| own.pid == search.pid && own.is_found()))
    }

    /// Number of names that were found nowhere: each counts once.
    pub(super) fn failed(&self) -> u64 {
        let is_failed = |all: &&Vec<Search>| all.iter().any(|search| self.is_failed(search));
        self.names.values().iter().filter(is_failed).count() as u64
    }
}

impl Search {
    /// Reports an attempt at another place that continues the search.
    fn takes(&self, attempt: &Attempt<'_>, name: &str) -> bool {
        let is_next = self.pid == attempt.pid && attempt.ts.saturating_sub(self.last_ts) <= SEARCH_WINDOW;
        // An alternative is looked for because the one before was not there.
        let last = || self.places.iter().max_by_key(|place| place.last_ts);
        is_next && (self.name == name || last().is_some_and(|place| place.outcome != Some(Outcome::Ok)))
    }

    fn count(&mut self, attempt: &Attempt<'_>, class: Class) {
        (self.pid, self.last_ts) = (attempt.pid, attempt.ts);
        let place = self.places.iter().position(|place| place.path == attempt.path);
        let fits = self.places.len() < MAX_PLACES && attempt.path.len() <= MAX_PATH_BYTES;
        if place.is_none() && fits {
            self.places.push(Place {
                path: attempt.path.to_owned(),
                first_ts: attempt.ts,
                optional: class != Class::Own,
                ..Place::default()
            });
        }
        let last = if fits { self.places.len().checked_sub(1) } else { None };
        match place.or(last).and_then(|place| self.places.get_mut(place)) {
            Some(place) => place.count(attempt),
            None => self.omitted += 1,
        }
    }

    /// Number of attempts.
    #[must_use]
    pub fn attempts(&self) -> u64 {
        self.places.iter().map(Place::attempts).sum::<u64>() + self.omitted
    }

    /// Reports a search that found or wrote something.
    #[must_use]
    pub fn is_found(&self) -> bool {
        self.places.iter().any(|place| place.found > 0 || place.written > 0)
    }

    /// Reports a search in a place of the program's own, such as its config file in a hidden folder.
    fn is_own(&self) -> bool {
        let is_own = |place: &Place| !place.optional || folding::is_own_config(&place.path);
        self.places.iter().any(is_own)
    }

    /// Returns the place of the first success, counted from 1, and its path.
    #[must_use]
    pub fn found_in(&self) -> Option<(usize, &str)> {
        let mut places = (1..).zip(&self.places);
        let found = places.find(|(_, place)| place.found > 0);
        found.map(|(number, place)| (number, place.path.as_str()))
    }

    /// Reports a search that found nothing, and misses it.
    pub(super) fn found_nothing(&self) -> bool {
        if self.is_found() || self.omitted > 0 || self.is_upward() {
            return false;
        }
        let is_missed = |place: &Place| !place.optional && (place.opened || self.places.len() > 1);
        self.places.iter().any(|place| is_missed(place) || place.is_denied())
    }

    /// Reports a search of a folder and the folders above it: what it looks for is a project's, which need not be there.
    fn is_upward(&self) -> bool {
        let is_above = |pair: &[Place]| match pair {
            [below, above] => {
                let ((below, name), (above, same)) = (split(&below.path), split(&above.path));
                name == same && split(below).0 == above
            }
            _ => false,
        };
        self.places.len() >= UPWARD_PLACES && self.places.windows(2).all(is_above)
    }

    /// Reports a search for a file that configures the program.
    pub(super) fn is_config(&self) -> bool {
        is_config(&self.name)
    }
}

impl Place {
    fn count(&mut self, attempt: &Attempt<'_>) {
        match attempt.outcome {
            Some(Outcome::NotFound) => {
                self.not_found += 1;
                self.seconds += is_other_second(if self.not_found == 1 { 0 } else { self.last_ts }, attempt.ts);
            }
            Some(Outcome::Denied) => self.denied += 1,
            Some(Outcome::Ok) => self.found += 1,
            _ => self.written += 1,
        }
        self.outcome = attempt.outcome.or(self.outcome);
        self.last_ts = attempt.ts;
        self.opened |= !folding::is_question(attempt.operation);
    }

    /// Number of attempts at it.
    #[must_use]
    pub fn attempts(&self) -> u64 {
        self.found + self.not_found + self.denied + self.written
    }

    /// Reports a file that is there, and was refused to be opened.
    pub(super) fn is_denied(&self) -> bool {
        self.opened && self.denied > 0 && self.outcome == Some(Outcome::Denied)
    }
}

/// Returns the search that an attempt belongs to: the one that has its place, or else the latest that it continues.
fn continued<'a>(searches: &'a mut [Search], attempt: &Attempt<'_>, name: &str) -> Option<&'a mut Search> {
    let has_place = |search: &Search| search.places.iter().any(|place| place.path == attempt.path);
    let latest = || {
        let next = searches
            .iter()
            .enumerate()
            .filter(|(_, search)| search.takes(attempt, name));
        next.max_by_key(|(_, search)| search.last_ts).map(|(number, _)| number)
    };
    let number = searches.iter().position(has_place).or_else(latest)?;
    searches.get_mut(number)
}

/// Reports an operation that writes, makes or renames what it is about.
#[must_use]
pub fn is_change(operation: &str) -> bool {
    matches!(operation, "write" | "create" | "rename" | "mkdir" | "symlink" | "link")
}
