//! View of the ring through a filter: rows by ordinal, found newest first in slices, so that a search over the whole
//! log never delays a key press. An ordinal keeps its row while the filter stays; an older match that is found later
//! gets a lower one. After a change of the filter ordinals are invalid: keep positions.

use std::collections::VecDeque;

use super::entry::Entry;
use super::fold::{Fold, Folds};
use super::ring::Ring;
use crate::state::filter::Filter;
use crate::state::histogram::Histogram;
use crate::state::time_range::TimeRange;

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
    /// The only times that are shown.
    range: Option<TimeRange>,
    /// Runs of repeats that are one row each, where they are folded.
    folds: Option<Folds>,
    /// Rows that pass the filter, in the range or not, over time.
    tally: Histogram,
    /// Marks a search that counts what it finds in the tally: after another filter, and not after another range.
    is_counting: bool,
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
        self.is_counting &= !self.is_scanned();
        if self.is_counting {
            self.tally.clear();
        }
        *self = Self {
            open: open && self.range.is_none() && self.folds.is_none(),
            base: BASE,
            scanned_from: ring.end(),
            scanned_to: ring.end(),
            held: self.held,
            floor: self.floor,
            ring: (ring.first(), ring.end()),
            hole: ring.hole(),
            range: self.range,
            folds: self.folds.as_ref().map(|_| Folds::default()),
            tally: std::mem::take(&mut self.tally),
            is_counting: self.is_counting,
            ..Self::default()
        };
    }

    /// Counts rows over time as the search finds them, in the buckets of this histogram. [`View::restart`] has to
    /// come before.
    pub fn recount(&mut self, like: &Histogram) {
        self.tally.restart_like(like);
        self.is_counting = true;
    }

    /// Takes over the buckets of the histogram of all rows.
    pub fn align(&mut self, like: &Histogram) {
        if !self.open {
            self.tally.align(like);
        }
    }

    /// Rows that pass the filter over time, whatever range is shown.
    #[must_use]
    pub fn tally(&self) -> &Histogram {
        &self.tally
    }

    /// Shows these times alone. [`View::restart`] has to follow.
    pub fn set_range(&mut self, range: Option<TimeRange>) {
        self.range = range;
    }

    /// The only times that are shown.
    #[must_use]
    pub fn range(&self) -> Option<TimeRange> {
        self.range
    }

    /// Folds repeats, or shows each. [`View::restart`] has to follow.
    pub fn set_folding(&mut self, folding: bool) {
        self.folds = folding.then(Folds::default);
    }

    /// Reports folded repeats.
    #[must_use]
    pub fn is_folding(&self) -> bool {
        self.folds.is_some()
    }

    /// The run that a row begins, where it is folded.
    #[must_use]
    pub fn fold(&self, position: u64) -> Option<&Fold> {
        self.folds.as_ref()?.get(position)
    }

    /// Shows each row of a folded run. Returns false where there is none.
    pub fn expand(&mut self, ring: &Ring, filter: Filter<'_>, position: u64) -> bool {
        let Some(fold) = self.folds.as_mut().and_then(|folds| folds.remove(position)) else {
            return false;
        };
        let at = self.matches.partition_point(|own| *own <= position);
        let behind = self.matches.split_off(at);
        let inside = ring
            .from(position + 1)
            .take_while(|(own, _)| *own <= fold.last)
            .filter(|(_, entry)| self.is_in_range(entry) && filter.lets(entry.subject()));
        let inside: Vec<u64> = inside.map(|(own, _)| own).collect();
        self.matches.extend(inside);
        self.matches.extend(behind);
        true
    }

    fn is_in_range(&self, entry: &Entry<'_>) -> bool {
        self.range.is_none_or(|range| range.contains(entry.ts()))
    }

    /// Tests a row, and counts it in the tally.
    fn take(&mut self, entry: Entry<'_>, filter: Filter<'_>, counts: bool) -> bool {
        if !filter.lets(entry.subject()) {
            return false;
        }
        if let Some(kind) = entry.kind().filter(|_| counts) {
            self.tally.add(entry.ts(), kind, entry.is_failed());
        }
        self.is_in_range(&entry)
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
        let is_small = !self.open && self.matches.len() <= NARROW_ROWS && self.range.is_none() && self.folds.is_none();
        if is_small {
            let is_let = |position| ring.get(position).is_some_and(|entry| filter.lets(entry.subject()));
            self.matches.retain(|position| is_let(*position));
            self.tally.clear();
            let entries = self.matches.iter().filter_map(|position| ring.get(*position));
            for (entry, kind) in entries.filter_map(|entry| Some((entry, entry.kind()?))) {
                self.tally.add(entry.ts(), kind, entry.is_failed());
            }
            self.is_counting = true;
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
        self.evict(ring, filter);
        for (position, entry) in ring.from(self.scanned_to.max(self.floor)) {
            if !self.take(entry, filter, true) {
                continue;
            }
            let last = self.matches.back().copied();
            let is_repeat = |folds: &mut Folds| folds.append(ring, last, position, &entry);
            if !self.folds.as_mut().is_some_and(is_repeat) {
                self.matches.push_back(position);
            }
        }
        self.scanned_to = ring.end();
        self.scanned_from = self.scanned_from.max(ring.first());
        let before = |limit: u64| self.matches.partition_point(|own| *own < limit);
        let evicted = before(self.hole.0)..before(self.hole.1.max(self.hole.0));
        if !evicted.is_empty() {
            let evicted = self.matches.drain(evicted);
            match &mut self.folds {
                Some(folds) => evicted.for_each(|position| _ = folds.remove(position)),
                None => drop(evicted),
            }
        }
    }

    /// Removes what the ring has evicted from its front. Of a run of repeats the rest stays.
    fn evict(&mut self, ring: &Ring, filter: Filter<'_>) {
        while let Some(front) = self.matches.front().copied().filter(|front| *front < ring.first()) {
            self.matches.pop_front();
            let fold = self.folds.as_mut().and_then(|folds| folds.remove(front));
            let rest = fold.filter(|fold| fold.last >= ring.first()).and_then(|fold| {
                let is_shown = |entry: &Entry<'_>| self.is_in_range(entry) && filter.lets(entry.subject());
                let next = ring.from(0).find(|(_, entry)| is_shown(entry));
                next.filter(|(position, _)| *position <= fold.last)
                    .map(|(position, _)| (position, fold))
            });
            match (rest, &mut self.folds) {
                (Some((position, fold)), Some(folds)) => {
                    folds.insert(position, fold);
                    self.matches.push_front(position);
                }
                _ => self.base += 1,
            }
        }
    }

    /// Looks at up to `budget` more rows, newest first. Whether all have been looked at.
    pub fn scan(&mut self, ring: &Ring, filter: Filter<'_>, budget: u64) -> bool {
        if self.open {
            return true;
        }
        let until = self.scanned_from;
        let from = until.saturating_sub(budget).max(self.bottom());
        let found: Vec<(u64, Entry<'_>)> = ring
            .from(from)
            .take_while(|(position, _)| *position < until)
            .filter(|(_, entry)| self.take(*entry, filter, self.is_counting))
            .collect();
        for (position, entry) in found.into_iter().rev() {
            let first = self.matches.front_mut();
            let is_repeat = |folds: &mut Folds| folds.prepend(ring, first, position, &entry);
            if !self.folds.as_mut().is_some_and(is_repeat) {
                self.base -= 1;
                self.matches.push_front(position);
            }
        }
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
            self.ordinal_behind(held).min(self.full_end()).max(self.first())
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
        let folds = self.folds.as_ref().filter(|_| !self.open);
        let before = |ordinal: u64| self.position(ordinal.checked_sub(1)?);
        let ordinal = self.ordinal_behind(position);
        let is_inside = before(ordinal).is_some_and(|first| {
            let fold = folds.and_then(|folds| folds.get(first));
            fold.is_some_and(|fold| fold.last >= position)
        });
        ordinal - u64::from(is_inside)
    }

    /// The ordinal of the first row at a position or behind it.
    fn ordinal_behind(&self, position: u64) -> u64 {
        if self.open {
            return BASE + position.clamp(self.bottom(), self.ring.1);
        }
        self.base + self.matches.partition_point(|own| *own < position) as u64
    }
}

#[cfg(test)]
#[path = "view_tests.rs"]
mod tests;
