//! Reorder buffer of a log of several sessions: events wait a moment, so that a later arrival of another session is
//! still sorted by time. While history is loading everything waits; then it is released at once.
//!
//! Within one session the order is that of its numbers, whatever its clock did.

use super::entry::Missed;
use crate::codec::line::Line;
use crate::state::sorting::sort_by_key;

/// Time that an event waits for those of other sessions, milliseconds: twice the server's batching and the way here.
pub const HOLD_MS: u64 = 120;
/// The most that waits; at the bound the older half by time is given up and counted: the log would not keep it either.
pub const MAX_WAITING: usize = 200_000;
/// The most bytes of text that wait.
pub const MAX_WAITING_BYTES: usize = 32 * 1024 * 1024;

/// Waiting item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Item {
    /// An event line, as it came.
    Line(Box<str>),
    /// So many events are missing here.
    Missing(u64, Missed),
}

/// Waiting item of a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Its place in time, microseconds since the Unix epoch.
    pub ts: u64,
    /// Place of its session in the log.
    pub source: u8,
    /// The item.
    pub what: Item,
    /// When it was first looked at, milliseconds.
    seen_ms: Option<u64>,
}

/// Reorder buffer.
#[derive(Debug, Default)]
pub struct ReorderBuffer {
    waiting: Vec<Waiting>,
    bytes: usize,
    given_up: u64,
    /// The newest time of each source: an event is never before the one with the number below.
    newest: Vec<u64>,
}

impl ReorderBuffer {
    /// An event of a session.
    pub fn event(&mut self, source: u8, line: &Line<'_>) {
        let ts = self.after(source, line.ts);
        self.push(source, ts, Item::Line(line.text.into()));
    }

    /// Events of a session that are missing, behind the last one that came of it.
    pub fn missing(&mut self, source: u8, missed: u64, why: Missed) {
        let ts = self.after(source, 0);
        self.push(source, ts, Item::Missing(missed, why));
    }

    fn after(&mut self, source: u8, ts: u64) -> u64 {
        let at = usize::from(source);
        if self.newest.len() <= at {
            self.newest.resize(at + 1, 0);
        }
        match self.newest.get_mut(at) {
            Some(newest) => {
                *newest = (*newest).max(ts);
                *newest
            }
            None => ts,
        }
    }

    fn push(&mut self, source: u8, ts: u64, what: Item) {
        if self.waiting.len() >= MAX_WAITING || self.bytes > MAX_WAITING_BYTES {
            self.give_up();
        }
        self.bytes += length(&what);
        self.waiting.push(Waiting {
            ts,
            source,
            what,
            seen_ms: None,
        });
    }

    fn give_up(&mut self) {
        self.sort();
        for gone in self.waiting.drain(..self.waiting.len() / 2) {
            self.bytes -= length(&gone.what);
            self.given_up += u64::from(matches!(gone.what, Item::Line(_)));
        }
    }

    /// Stable: what is of one time stays in the order in which it came.
    fn sort(&mut self) {
        if !self.waiting.is_sorted_by_key(|own| own.ts) {
            sort_by_key(&mut self.waiting, |own| own.ts);
        }
    }

    /// Everything that waits, by time.
    #[must_use]
    pub fn all(&mut self) -> Vec<Waiting> {
        self.sort();
        self.bytes = 0;
        std::mem::take(&mut self.waiting)
    }

    /// Removes the items that have waited long enough, and those before them in time.
    #[must_use]
    pub fn ripe(&mut self, now_ms: u64) -> Vec<Waiting> {
        let mut limit = None;
        for own in &mut self.waiting {
            let seen = *own.seen_ms.get_or_insert(now_ms);
            if now_ms.saturating_sub(seen) >= HOLD_MS {
                limit = limit.max(Some(own.ts));
            }
        }
        let Some(limit) = limit else { return Vec::new() };
        self.sort();
        let end = self.waiting.partition_point(|own| own.ts <= limit);
        let ripe: Vec<Waiting> = self.waiting.drain(..end).collect();
        self.bytes -= ripe.iter().map(|own| length(&own.what)).sum::<usize>();
        ripe
    }

    /// Reports an empty buffer.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Events that were given up before they were shown.
    #[must_use]
    pub fn given_up(&self) -> u64 {
        self.given_up
    }
}

fn length(what: &Item) -> usize {
    match what {
        Item::Line(text) => text.len(),
        Item::Missing(..) => 0,
    }
}

#[cfg(test)]
mod tests {
    use mirrord_wire::{EventLine, MonitorEvent};

    use super::*;
    use crate::codec::line::sent;

    fn event(reorder: &mut ReorderBuffer, source: u8, ts: u64) {
        let observation = MonitorEvent::DnsQuery { host: String::new() }.into();
        let line = EventLine {
            seq: 1,
            ts,
            observation,
        };
        sent(&line, |line| reorder.event(source, line));
    }

    fn brief(ripe: Vec<Waiting>) -> Vec<(u8, u64)> {
        ripe.into_iter().map(|own| (own.source, own.ts)).collect()
    }

    #[test]
    fn what_comes_late_gets_to_its_place_while_its_neighbours_wait() {
        let mut reorder = ReorderBuffer::default();
        event(&mut reorder, 0, 10);
        event(&mut reorder, 0, 30);
        assert!(reorder.ripe(1_000).is_empty(), "the clock starts when it is looked at");
        event(&mut reorder, 1, 20);
        event(&mut reorder, 1, 40);
        assert!(reorder.ripe(1_000 + HOLD_MS - 1).is_empty());
        assert_eq!(brief(reorder.ripe(1_000 + HOLD_MS)), [(0, 10), (1, 20), (0, 30)]);
        assert_eq!(brief(reorder.all()), [(1, 40)]);
        assert!(reorder.is_empty() && reorder.bytes == 0);
    }

    #[test]
    fn a_session_s_own_order_holds_whatever_its_clock_does() {
        let mut reorder = ReorderBuffer::default();
        event(&mut reorder, 0, 50);
        event(&mut reorder, 0, 20);
        reorder.missing(0, 7, Missed::Lost);
        event(&mut reorder, 1, 30);
        assert_eq!(brief(reorder.all()), [(1, 30), (0, 50), (0, 50), (0, 50)]);
    }

    #[test]
    fn the_bound_gives_up_the_oldest_and_counts_them() {
        let mut reorder = ReorderBuffer::default();
        (0..=MAX_WAITING as u64).for_each(|ts| event(&mut reorder, 0, ts));
        assert_eq!(reorder.given_up(), MAX_WAITING as u64 / 2);
        assert_eq!(brief(reorder.all()).first(), Some(&(0, MAX_WAITING as u64 / 2)));
    }
}
