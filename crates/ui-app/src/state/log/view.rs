//! View of the ring through a filter: rows by ordinal, found newest first in slices, so that a search over the whole
//! log never delays a key press. An ordinal keeps its row while the filter stays; an older match that is found later
//! gets a lower one. After a change of the filter ordinals are invalid: keep positions.

use std::collections::VecDeque;

use super::ring::Ring;
use crate::state::filter::Filter;

/// First ordinal: leaves room for older matches that are found later.
const BASE: u64 = 1 << 40;
/// The most matches that are looked at at once.
const NARROW_ROWS: usize = 20_000;

/// The rows that are shown.
#[derive(Debug, Default)]
pub struct View {
    /// Every row is shown: ordinals are positions, and nothing is listed.
    open: bool,
    matches: VecDeque<u64>,
    /// The ordinal of the first match.
    base: u64,
    /// Rows in `scanned_from..scanned_to` have been looked at.
    scanned_from: u64,
    scanned_to: u64,
    /// Rows from this position on wait, for the reader paused, or reads.
    held: Option<u64>,
    /// Rows before this position were cleared away.
    floor: u64,
    /// The bounds of the ring, as last seen.
    ring: (u64, u64),
    /// The positions in it of which nothing is kept.
    hole: (u64, u64),
}

impl View {
    /// A view of everything.
    #[must_use]
    pub fn all() -> Self {
        Self {
            open: true,
            base: BASE,
            ..Self::default()
        }
    }

    /// Starts again, for the filter changed. Nothing is found before [`View::scan`] is called.
    pub fn restart(&mut self, ring: &Ring, open: bool) {
        *self = Self {
            open,
            base: BASE,
            scanned_from: ring.end(),
            scanned_to: ring.end(),
            held: self.held,
            floor: self.floor,
            ring: (ring.first(), ring.end()),
            hole: ring.hole(),
            ..Self::default()
        };
    }

    /// Shows nothing before a position. [`View::restart`] has to follow.
    pub fn set_floor(&mut self, position: u64) {
        self.floor = position;
    }

    /// The position before which nothing is shown.
    #[must_use]
    pub fn floor(&self) -> u64 {
        self.floor
    }

    /// The oldest position that may be shown.
    fn bottom(&self) -> u64 {
        self.ring.0.max(self.floor).min(self.ring.1)
    }

    /// Takes in a filter that lets through no row that the one before did not: only what that one found is looked at.
    /// Does nothing, and says so, where that is too much for a key press.
    pub fn narrow(&mut self, ring: &Ring, filter: Filter<'_>) -> bool {
        let is_small = !self.open && self.matches.len() <= NARROW_ROWS;
        if is_small {
            let is_let = |position| ring.get(position).is_some_and(|entry| filter.lets(entry.subject()));
            self.matches.retain(|position| is_let(*position));
        }
        is_small
    }

    /// Takes in what the ring has gained and lost.
    pub fn follow(&mut self, ring: &Ring, filter: Filter<'_>) {
        self.ring = (ring.first(), ring.end());
        self.hole = ring.hole();
        if self.open {
            return;
        }
        for (position, entry) in ring.from(self.scanned_to.max(self.floor)) {
            if filter.lets(entry.subject()) {
                self.matches.push_back(position);
            }
        }
        self.scanned_to = ring.end();
        self.scanned_from = self.scanned_from.max(ring.first());
        while self.matches.front().is_some_and(|position| *position < ring.first()) {
            self.matches.pop_front();
            self.base += 1;
        }
        let before = |limit: u64| self.matches.partition_point(|own| *own < limit);
        let evicted = before(self.hole.0)..before(self.hole.1.max(self.hole.0));
        if !evicted.is_empty() {
            drop(self.matches.drain(evicted));
        }
    }

    /// Looks at up to `budget` more rows, newest first. Whether all have been looked at.
    pub fn scan(&mut self, ring: &Ring, filter: Filter<'_>, budget: u64) -> bool {
        if self.open {
            return true;
        }
        let until = self.scanned_from;
        let from = until.saturating_sub(budget).max(self.bottom());
        let found: Vec<u64> = ring
            .from(from)
            .take_while(|(position, _)| *position < until)
            .filter(|(_, entry)| filter.lets(entry.subject()))
            .map(|(position, _)| position)
            .collect();
        self.base -= found.len() as u64;
        found
            .into_iter()
            .rev()
            .for_each(|position| self.matches.push_front(position));
        self.scanned_from = self.scanned_from.min(from);
        self.is_scanned()
    }

    /// Reports a finished search.
    #[must_use]
    pub fn is_scanned(&self) -> bool {
        self.open || self.scanned_from <= self.bottom()
    }

    /// Rows that come from now on wait.
    pub fn hold(&mut self) {
        self.held.get_or_insert(self.ring.1);
    }

    /// The position from which on rows wait.
    #[must_use]
    pub fn held(&self) -> Option<u64> {
        self.held
    }

    /// Nothing waits any more.
    pub fn release(&mut self) {
        self.held = None;
    }

    /// The ordinal of the first row.
    #[must_use]
    pub fn first(&self) -> u64 {
        if self.open { BASE + self.bottom() } else { self.base }
    }

    /// The ordinal behind the last row that is shown.
    #[must_use]
    pub fn end(&self) -> u64 {
        self.held.map_or(self.full_end(), |held| {
            self.ordinal(held).min(self.full_end()).max(self.first())
        })
    }

    /// Number of waiting rows, which are kept.
    #[must_use]
    pub fn waiting(&self) -> u64 {
        // Only what waits is ever evicted from the middle.
        let evicted = if self.open {
            self.hole.1.saturating_sub(self.hole.0)
        } else {
            0
        };
        (self.full_end() - self.end()).saturating_sub(evicted)
    }

    fn full_end(&self) -> u64 {
        if self.open {
            BASE + self.ring.1
        } else {
            self.base + self.matches.len() as u64
        }
    }

    /// The position of a row.
    #[must_use]
    pub fn position(&self, ordinal: u64) -> Option<u64> {
        if self.open {
            let position = ordinal.checked_sub(BASE)?;
            return (self.bottom()..self.ring.1).contains(&position).then_some(position);
        }
        let at = usize::try_from(ordinal.checked_sub(self.base)?).ok()?;
        self.matches.get(at).copied()
    }

    /// The ordinal of the row at a position, or of the next one that is shown.
    #[must_use]
    pub fn ordinal(&self, position: u64) -> u64 {
        if self.open {
            return BASE + position.clamp(self.bottom(), self.ring.1);
        }
        self.base + self.matches.partition_point(|own| *own < position) as u64
    }
}

#[cfg(test)]
mod tests {
    use mirrord_filter::Scope;
    use mirrord_wire::{EventLine, MonitorEvent};
    use proptest::prelude::*;

    use super::*;
    use crate::codec::line::sent;
    use crate::state::filter::Query;

    fn push(ring: &mut Ring, seq: u64) {
        let observation = MonitorEvent::DnsQuery {
            host: format!("host{seq}"),
        }
        .into();
        let line = EventLine {
            seq,
            ts: seq,
            observation,
        };
        sent(&line, |line| ring.push(line));
    }

    fn query(typed: &str) -> Query {
        Query::parse(typed, Scope::default()).unwrap().unwrap()
    }

    fn shown(view: &View) -> Vec<u64> {
        (view.first()..view.end())
            .filter_map(|ordinal| view.position(ordinal))
            .collect()
    }

    #[test]
    fn rows_that_come_while_paused_wait_and_none_is_lost() {
        let mut ring = Ring::default();
        let mut view = View::all();
        let open = Filter::OPEN;
        (0..5).for_each(|seq| push(&mut ring, seq));
        view.follow(&ring, open);
        view.hold();
        (5..9).for_each(|seq| push(&mut ring, seq));
        view.follow(&ring, open);
        assert_eq!((shown(&view).len(), view.waiting()), (5, 4));
        view.release();
        assert_eq!((shown(&view).len(), view.waiting()), (9, 0));
    }

    #[test]
    fn a_row_keeps_its_ordinal_while_older_matches_are_found_and_newer_ones_come() {
        let even = query("/[02468]$/");
        let filter = Filter {
            query: Some(&even),
            ..Filter::OPEN
        };
        let mut ring = Ring::default();
        (0..100).for_each(|seq| push(&mut ring, seq));
        let mut view = View::all();
        view.restart(&ring, false);
        view.scan(&ring, filter, 10);
        let ordinal = view.ordinal(96);
        assert_eq!(view.position(ordinal), Some(96));
        push(&mut ring, 100);
        view.follow(&ring, filter);
        assert!(view.scan(&ring, filter, 1_000));
        assert_eq!(view.position(ordinal), Some(96));
        assert_eq!(shown(&view).len(), 51);
    }

    #[test]
    fn a_row_keeps_its_ordinal_while_the_ring_gives_up_older_ones() {
        let every_tenth = query("host:*0");
        let filter = Filter {
            query: Some(&every_tenth),
            ..Filter::OPEN
        };
        let mut ring = Ring::default();
        let mut view = View::all();
        view.restart(&ring, false);
        (0..50_000).for_each(|seq| push(&mut ring, seq));
        view.follow(&ring, filter);
        let ordinal = view.ordinal(49_990);
        (50_000..120_000).for_each(|seq| push(&mut ring, seq));
        view.follow(&ring, filter);
        assert!(ring.first() > 0, "rows were given up");
        assert_eq!(view.position(ordinal), Some(49_990));
        assert!(view.position(view.first()) >= Some(ring.first()));
    }

    #[test]
    fn too_many_matches_are_not_looked_at_at_once() {
        let all = query("host");
        let filter = Filter {
            query: Some(&all),
            ..Filter::OPEN
        };
        let mut ring = Ring::default();
        let mut view = View::all();
        assert!(!view.narrow(&ring, filter), "a view of everything has listed nothing");
        view.restart(&ring, false);
        (0..NARROW_ROWS as u64).for_each(|seq| push(&mut ring, seq));
        view.follow(&ring, filter);
        assert!(view.narrow(&ring, filter));
        push(&mut ring, NARROW_ROWS as u64);
        view.follow(&ring, filter);
        assert!(!view.narrow(&ring, filter));
        assert_eq!(shown(&view).len(), NARROW_ROWS + 1);
    }

    proptest! {
        #[test]
        fn what_is_narrowed_at_any_moment_is_what_the_new_filter_finds(
            before in 0_u64..200, after in 0_u64..200, budget in 1_u64..80, digit in 0_u32..10, pause in any::<bool>(),
        ) {
            let digit = char::from_digit(digit, 10).unwrap();
            let (wide, narrow) = (query(&digit.to_string()), query(&format!("{digit} /[135]$/")));
            let [wide, narrow] = [&wide, &narrow].map(|query| Filter { query: Some(query), ..Filter::OPEN });
            let mut ring = Ring::default();
            (0..before).for_each(|seq| push(&mut ring, seq));
            let mut view = View::all();
            view.restart(&ring, false);
            if pause { view.hold(); }
            view.scan(&ring, wide, budget);
            prop_assert!(view.narrow(&ring, narrow));
            (before..before + after).for_each(|seq| push(&mut ring, seq));
            view.follow(&ring, narrow);
            while !view.scan(&ring, narrow, budget) {}
            let limit = if pause { before } else { before + after };
            let is_wanted = |seq: &u64| { let text = format!("host{seq}"); text.contains(digit) && text.ends_with(['1', '3', '5']) };
            prop_assert_eq!(shown(&view), (0..limit).filter(is_wanted).collect::<Vec<_>>());
        }

        #[test]
        fn however_it_is_sliced_the_view_is_the_filter(
            before in 0_u64..300, after in 0_u64..300, budget in 1_u64..80, digit in 0_u32..10, pause in any::<bool>(),
        ) {
            let wanted = query(&format!("host:*{digit}"));
            let filter = Filter { query: Some(&wanted), ..Filter::OPEN };
            let mut ring = Ring::default();
            (0..before).for_each(|seq| push(&mut ring, seq));
            let mut view = View::all();
            view.follow(&ring, filter);
            if pause { view.hold(); }
            view.restart(&ring, false);
            for seq in before..before + after {
                push(&mut ring, seq);
                view.scan(&ring, filter, budget);
                view.follow(&ring, filter);
            }
            while !view.scan(&ring, filter, budget) {}
            let limit = if pause { before } else { before + after };
            let expected: Vec<u64> = (0..limit).filter(|seq| seq % 10 == u64::from(digit)).collect();
            prop_assert_eq!(shown(&view), expected);
        }
    }
}
