//! Parts that every table shares: the sorted column, the search, and the statistics of a row.

use mirrord_wire::Outcome;
use mirrord_wire::session::{NameLimits, NameTable};

use crate::state::filter::contains;
use crate::state::routing::Routing;
use crate::state::sorting::sort_places;

/// The longest name that is kept whole, bytes; both ends are kept of a longer one.
const MAX_NAME_BYTES: usize = 4_096;

/// Table of at most `names` names, which have `bytes` together.
#[must_use]
pub fn name_table<T: Default>(names: usize, bytes: usize) -> NameTable<T> {
    NameTable::new(NameLimits {
        names,
        bytes,
        name_bytes: MAX_NAME_BYTES,
    })
}

/// Counts of a name, and what else is known of it.
#[derive(Debug, Clone, Default)]
pub struct Tally<T> {
    /// Its counts.
    pub seen: Seen,
    /// Anything else.
    pub detail: T,
}

/// Counts of a row; none for a row that there is not.
#[must_use]
pub fn seen_of<T>(table: &NameTable<Tally<T>>, number: u32) -> Seen {
    table.get(number).map(|own| own.seen).unwrap_or_default()
}

/// Raises a name's count to that since the session began.
pub fn raise_total<T: Default>(table: &mut NameTable<Tally<T>>, name: &str, count: u64) {
    if let Some((_, own)) = table.entry(name) {
        own.seen.total(count);
    }
}

/// Names with the highest counts, at most `most`; the earlier of two that are alike.
#[must_use]
pub fn top<T>(table: &NameTable<Tally<T>>, most: usize) -> Vec<(&str, u64)> {
    let mut best: Vec<(&str, u64)> = Vec::with_capacity(most + 1);
    for (name, own) in table.iter() {
        let count = own.seen.count;
        let place = best.partition_point(|(_, own)| *own >= count);
        if place < most {
            best.insert(place, (name, count));
            best.truncate(most);
        }
    }
    best
}

/// Sorts rows by the columns of their counts: events, routing, first, last.
pub fn sort_seen(rows: &mut [u32], column: usize, seen: &dyn Fn(u32) -> Seen, descending: bool) {
    let number: &dyn Fn(u32) -> u64 = match column {
        1 => &|row| seen(row).routing_key(),
        2 => &|row| seen(row).first,
        3 => &|row| seen(row).last,
        _ => &|row| seen(row).count,
    };
    sort(rows, &By::Number(number), descending);
}

/// By which column a table is sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sort {
    /// The column's place.
    pub column: usize,
    /// Largest, or latest, first.
    pub descending: bool,
}

impl Sort {
    /// The smallest, or the first, first.
    #[must_use]
    pub const fn up(column: usize) -> Self {
        Self {
            column,
            descending: false,
        }
    }

    /// The largest, or the latest, first.
    #[must_use]
    pub const fn down(column: usize) -> Self {
        Self {
            column,
            descending: true,
        }
    }

    /// Sorting after a click on a column's heading: another column starts at its natural end, the current one is
    /// reversed.
    #[must_use]
    pub fn clicked(self, column: usize, numeric: bool) -> Self {
        if self.column == column {
            Self {
                descending: !self.descending,
                ..self
            }
        } else {
            Self {
                column,
                descending: numeric,
            }
        }
    }
}

/// Sort key of rows.
pub enum By<'a> {
    /// A number.
    Number(&'a dyn Fn(u32) -> u64),
    /// A text.
    Text(&'a dyn Fn(u32) -> &'a str),
}

/// Sorts rows. A stable sort over what was in order already: rows that were added are put in their places, and rows
/// that are alike stay where they are.
pub fn sort(rows: &mut [u32], by: &By<'_>, descending: bool) {
    sort_places(rows, &|one, other| {
        let (one, other) = if descending { (other, one) } else { (one, other) };
        match by {
            By::Number(number) => number(one).cmp(&number(other)),
            By::Text(text) => text(one).cmp(text(other)),
        }
    });
}

/// The rows whose name has what is searched for, in lower case.
#[must_use]
pub fn found<'a>(count: usize, needle: &str, name: impl Fn(u32) -> &'a str) -> Vec<u32> {
    let count = u32::try_from(count).unwrap_or(u32::MAX);
    (0..count)
        .filter(|row| needle.is_empty() || contains(name(*row), needle))
        .collect()
}

/// Context of an event of any kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Mark {
    /// Microseconds since the Unix epoch.
    pub ts: u64,
    /// The process.
    pub pid: Option<u32>,
    /// Routing.
    pub routing: Option<Routing>,
    /// The number of the rule that decided.
    pub rule: Option<u16>,
    /// Outcome.
    pub outcome: Option<Outcome>,
}

/// Count, times and routing of anything that has a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Seen {
    /// Number of events.
    pub count: u64,
    /// When first, microseconds since the Unix epoch; 0 where that is not known.
    pub first: u64,
    /// When last.
    pub last: u64,
    routings: u8,
    rule: u16,
    pid: u32,
    outcome: Option<Outcome>,
}

impl Seen {
    /// Counts one event.
    pub fn add(&mut self, mark: Mark) {
        if self.count == 0 {
            self.first = mark.ts;
        }
        self.count += 1;
        self.first = self.first.min(mark.ts);
        self.last = self.last.max(mark.ts);
        if let Some(routing) = mark.routing {
            self.routings |= routing.bit();
        }
        if let Some(rule) = mark.rule {
            self.rule = rule.saturating_add(1);
        }
        if let Some(pid) = mark.pid {
            self.pid = pid;
        }
        self.settle(mark.outcome);
    }

    /// Learns the outcome of the last event, where it is known.
    pub fn settle(&mut self, outcome: Option<Outcome>) {
        self.outcome = outcome.or(self.outcome);
    }

    /// The last outcome that is known.
    #[must_use]
    pub fn outcome(&self) -> Option<Outcome> {
        self.outcome
    }

    /// A number to sort outcomes by: failures are the largest.
    #[must_use]
    pub fn outcome_key(&self) -> u64 {
        match self.outcome {
            Some(Outcome::Failed | Outcome::Denied) => 4,
            Some(Outcome::NotFound) => 3,
            Some(Outcome::Pending) => 2,
            Some(_) => 1,
            None => 0,
        }
    }

    /// Learns how often it was since the session began: what came before the first event that was seen has no time
    /// here.
    pub fn total(&mut self, count: u64) {
        if count > self.count {
            self.count = count;
            self.first = 0;
        }
    }

    /// Adds what another has been through.
    pub fn join(&mut self, other: &Self) {
        if self.count == 0 {
            *self = *other;
            return;
        }
        self.count += other.count;
        self.first = self.first.min(other.first);
        self.last = self.last.max(other.last);
        self.routings |= other.routings;
        if self.rule != other.rule {
            self.rule = 0;
        }
    }

    /// Every way that was gone.
    pub fn routings(&self) -> impl Iterator<Item = Routing> {
        let routings = self.routings;
        Routing::ALL
            .into_iter()
            .filter(move |routing| routings & routing.bit() != 0)
    }

    /// Reports at least one answer "not found".
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.routings & Routing::NotFound.bit() != 0
    }

    /// Reports what was not found, or may not be opened, the last time or by its routing.
    #[must_use]
    pub fn is_missing(&self) -> bool {
        self.is_not_found() || matches!(self.outcome, Some(Outcome::NotFound | Outcome::Denied))
    }

    /// A number to sort routings by.
    #[must_use]
    pub fn routing_key(&self) -> u64 {
        self.routings.into()
    }

    /// The number of the rule that decided last.
    #[must_use]
    pub fn rule(&self) -> Option<u16> {
        self.rule.checked_sub(1)
    }

    /// The process that did it last.
    #[must_use]
    pub fn pid(&self) -> Option<u32> {
        (self.pid > 0).then_some(self.pid)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heading_sorts_and_a_second_click_turns() {
        let by_name = Sort {
            column: 0,
            descending: false,
        };
        assert_eq!(
            by_name.clicked(2, true),
            Sort {
                column: 2,
                descending: true
            }
        );
        assert!(by_name.clicked(0, false).descending);
        assert!(!by_name.clicked(1, false).descending);
    }

    #[test]
    fn rows_that_are_alike_keep_their_order_either_way() {
        let counts = [3_u64, 1, 3, 2];
        let names = ["d", "a", "c", "b"];
        let mut rows = vec![0, 1, 2, 3];
        sort(&mut rows, &By::Number(&|row| counts[row as usize]), true);
        assert_eq!(rows, [0, 2, 3, 1]);
        sort(&mut rows, &By::Text(&|row| names[row as usize]), false);
        assert_eq!(rows, [1, 3, 2, 0]);
    }

    #[test]
    fn a_search_leaves_what_has_the_text() {
        let names = ["/etc/Hosts", "/usr"];
        assert_eq!(found(2, "hosts", |row| names[row as usize]), [0]);
        assert_eq!(found(2, "", |row| names[row as usize]), [0, 1]);
    }

    #[test]
    fn what_was_seen_has_its_ends_and_its_ways() {
        let mut seen = Seen::default();
        for (ts, routing) in [(9, Some(Routing::Local)), (4, None), (12, Some(Routing::NotFound))] {
            seen.add(Mark {
                ts,
                routing,
                pid: Some(7),
                rule: Some(2),
                outcome: None,
            });
        }
        assert_eq!((seen.count, seen.first, seen.last), (3, 4, 12));
        assert_eq!(seen.routings().collect::<Vec<_>>(), [Routing::Local, Routing::NotFound]);
        assert!(seen.is_not_found());
        assert_eq!((seen.rule(), seen.pid()), (Some(2), Some(7)));
        let mut all = Seen::default();
        all.join(&seen);
        all.join(&seen);
        assert_eq!((all.count, all.first, all.rule()), (6, 4, Some(2)));
    }

    #[test]
    fn a_total_adds_what_was_not_seen_and_takes_nothing_back() {
        let mut seen = Seen::default();
        let at = |ts| Mark { ts, ..Mark::default() };
        seen.add(at(9));
        seen.total(1);
        assert_eq!((seen.count, seen.first), (1, 9), "all of it was seen");
        seen.total(5);
        seen.total(3);
        seen.add(at(12));
        assert_eq!((seen.count, seen.first, seen.last), (6, 0, 12));
    }
}
