//! Names that were looked for, as rows of a table: a row for each search, and beneath an open one a row for each of its places.
//! Groups of attempts, and what is no search, are the server's judgement; nothing is judged here.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::filter::contains;
use super::judgement::{Judgement, list, number, text};
use super::table::{By, Sort, sort};

/// The most keys whose row numbers are kept; at the bound all are numbered again, and a held order is lost once.
const MAX_KEYS: usize = 20_000;
/// The searches that are shown until all are asked for.
pub const FEW: usize = 12;

/// Query of the searches.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ask {
    /// In lower case; empty for all.
    pub needle: String,
    /// Only what failed, and what may not be opened.
    pub failed: bool,
    /// The most searches; the rest is not shown.
    pub most: usize,
}

/// Outcome of a search, or of an attempt at one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Came {
    /// Nothing that is known.
    #[default]
    Unknown,
    /// It was found there: the place, counted from 1.
    Found(usize),
    /// It was written.
    Written,
    /// It is not there.
    NotFound,
    /// It may not be opened.
    Denied,
}

/// A row.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SearchRow {
    /// The name that was looked for; of a place its path.
    pub name: String,
    /// The path that a click leads to: of a place, and of a search the one where it was found, or its only one.
    pub path: String,
    /// Paths of its places, in the order in which they were tried; of a place its own.
    pub places: Vec<String>,
    /// Of a search in several places: whether they are shown.
    pub open: Option<bool>,
    /// Marks a place of the search above it.
    pub is_place: bool,
    /// Marks what is missed.
    pub is_failed: bool,
    /// Its outcome.
    pub came: Came,
    /// Number of attempts.
    pub times: u64,
    /// The process that looked last; 0 for none.
    pub pid: u32,
    /// First attempt, microseconds since the Unix epoch.
    pub first: u64,
    /// Last attempt.
    pub last: u64,
}

/// Rows of the searches, by numbers that stay while the judgement changes.
#[derive(Debug, Default)]
pub struct Searches {
    numbers: BTreeMap<String, u32>,
    rows: BTreeMap<u32, SearchRow>,
    opened: BTreeSet<u32>,
}

/// The searches that are shown: what the judgement folds away is none.
fn shown(judgement: &Judgement) -> impl Iterator<Item = &Value> {
    let searches = judgement.list("searches").iter();
    searches.filter(|search| text(search, "verdict") != "folded")
}

/// Number of searches that are shown.
#[must_use]
pub fn count(judgement: &Judgement) -> usize {
    shown(judgement).count()
}

/// The places in which a path was looked for together with others, and the name that was looked for.
#[must_use]
pub fn search_of(judgement: &Judgement, path: &str) -> Option<(String, Vec<SearchRow>)> {
    let has = |search: &&Value| list(search, "places").iter().any(|place| text(place, "path") == path);
    let search = shown(judgement).find(has)?;
    let places = list(search, "places");
    let rows = places.iter().map(|place| place_row(search, place)).collect();
    (places.len() > 1).then(|| (text(search, "name").to_owned(), rows))
}

impl Searches {
    /// Puts the rows in order: outcome is the judgement's own order, the gravest first.
    pub fn order(&mut self, judgement: &Judgement, ask: &Ask, by: Sort) -> Vec<u32> {
        if self.numbers.len() > MAX_KEYS {
            *self = Self::default();
        }
        self.rows.clear();
        let mut made: Vec<(u32, Vec<u32>)> = Vec::new();
        for search in shown(judgement).filter(|search| is_asked(search, ask)) {
            let places = list(search, "places");
            let first = places.first().map_or("", |place| text(place, "path"));
            let own = self.number(&["\n", first].concat());
            let is_open = self.opened.contains(&own);
            let row = search_row(search, (places.len() > 1).then_some(is_open));
            let is_open = row.open == Some(true);
            self.rows.insert(own, row);
            let mut beneath = Vec::new();
            for place in places.iter().filter(|_| is_open) {
                let number = self.number(&[first, "\n", text(place, "path")].concat());
                self.rows.insert(number, place_row(search, place));
                beneath.push(number);
            }
            made.push((own, beneath));
        }
        let mut order: Vec<u32> = made.iter().map(|(own, _)| *own).collect();
        self.sort(&mut order, by);
        order.truncate(ask.most);
        let beneath: BTreeMap<u32, Vec<u32>> = made.into_iter().collect();
        let with_places = |own: u32| {
            [own]
                .into_iter()
                .chain(beneath.get(&own).into_iter().flatten().copied())
        };
        order.into_iter().flat_map(with_places).collect()
    }

    fn sort(&self, order: &mut [u32], by: Sort) {
        let row = |number: u32| self.rows.get(&number);
        let number: &dyn Fn(u32) -> u64 = match by.column {
            0 => {
                let name = |number: u32| row(number).map_or("", |row| row.name.as_str());
                return sort(order, &By::Text(&name), by.descending);
            }
            1 if by.descending => return,
            1 => return order.reverse(),
            3 => &|number| row(number).map_or(0, |row| row.pid.into()),
            4 => &|number| row(number).map_or(0, |row| row.first),
            5 => &|number| row(number).map_or(0, |row| row.last),
            _ => &|number| row(number).map_or(0, |row| row.times),
        };
        sort(order, &By::Number(number), by.descending);
    }

    fn number(&mut self, key: &str) -> u32 {
        let next = u32::try_from(self.numbers.len()).unwrap_or(u32::MAX);
        *self.numbers.entry(key.to_owned()).or_insert(next)
    }

    /// A row.
    #[must_use]
    pub fn row(&self, number: u32) -> SearchRow {
        self.rows.get(&number).cloned().unwrap_or_default()
    }

    /// Shows the places of a search, or hides them.
    pub fn toggle(&mut self, number: u32) {
        if !self.opened.remove(&number) {
            self.opened.insert(number);
        }
    }
}

fn is_asked(search: &Value, ask: &Ask) -> bool {
    let mut places = list(search, "places").iter();
    let is_denied = || {
        list(search, "places")
            .iter()
            .any(|place| text(place, "outcome") == "denied")
    };
    let is_failed = !ask.failed || text(search, "verdict") == "failed" || is_denied();
    let has = |text: &str| ask.needle.is_empty() || contains(text, &ask.needle);
    is_failed && (has(text(search, "name")) || places.any(|place| has(text(place, "path"))))
}

/// Number of attempts at a place.
fn times(place: &Value) -> u64 {
    ["found", "not_found", "denied", "written"]
        .map(|name| number(place, name))
        .iter()
        .sum()
}

fn search_row(search: &Value, open: Option<bool>) -> SearchRow {
    let places = list(search, "places");
    let place_of = |name: &str| places.iter().position(|place| number(place, name) > 0);
    let (at, came) = match (place_of("found"), place_of("written"), place_of("denied")) {
        (Some(at), _, _) => (at, Came::Found(at + 1)),
        (_, Some(at), _) => (at, Came::Written),
        (_, _, Some(at)) => (at, Came::Denied),
        _ if places.iter().any(|place| number(place, "not_found") > 0) => (0, Came::NotFound),
        _ => (0, Came::Unknown),
    };
    let path_at = |at: usize| places.get(at).map_or("", |place| text(place, "path"));
    let path = if places.len() == 1 || came != Came::NotFound {
        path_at(at)
    } else {
        ""
    };
    let all_firsts = places.iter().map(|place| number(place, "first_ts"));
    SearchRow {
        name: text(search, "name").to_owned(),
        path: path.to_owned(),
        places: places.iter().map(|place| text(place, "path").to_owned()).collect(),
        open,
        is_place: false,
        is_failed: text(search, "verdict") == "failed" || came == Came::Denied,
        came,
        times: places.iter().map(times).sum::<u64>() + number(search, "more"),
        pid: number(search, "pid") as u32,
        first: all_firsts.min().unwrap_or_default(),
        last: number(search, "last_ts"),
    }
}

fn place_row(search: &Value, place: &Value) -> SearchRow {
    let came = match text(place, "outcome") {
        "denied" => Came::Denied,
        _ if number(place, "written") > 0 => Came::Written,
        "ok" => Came::Found(1),
        "not_found" => Came::NotFound,
        _ => Came::Unknown,
    };
    let path = text(place, "path");
    SearchRow {
        name: path.to_owned(),
        path: path.to_owned(),
        places: vec![path.to_owned()],
        open: None,
        is_place: true,
        is_failed: came == Came::Denied || (came == Came::NotFound && text(search, "verdict") == "failed"),
        came,
        times: times(place),
        pid: number(search, "pid") as u32,
        first: number(place, "first_ts"),
        last: number(place, "last_ts"),
    }
}

#[cfg(test)]
#[path = "searches_tests.rs"]
mod tests;
