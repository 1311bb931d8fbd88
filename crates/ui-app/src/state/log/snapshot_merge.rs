//! Merge of history and live events into one sequence. An event is taken once; a gap in the numbers becomes a row that
//! says so, whatever the reason.

use std::collections::VecDeque;

use crate::codec::line::Line;

/// The most events that wait for the fetch to end. At the bound the oldest goes; it is missing by its number, and
/// shown.
pub const MAX_WAITING: usize = 100_000;

/// Next step of the log.
#[derive(Debug)]
pub enum Step<'a> {
    /// So many events are missing here.
    Missing(u64),
    /// This event.
    Event(&'a Line<'a>),
}

/// The merge of one session.
#[derive(Debug, Default)]
pub struct SnapshotMerge {
    /// The number of the newest event taken.
    last: u64,
    /// Missing events that were announced, and are already shown.
    announced: u64,
    /// The lines that wait for the fetch to end, as they came.
    waiting: Option<VecDeque<Box<str>>>,
}

impl SnapshotMerge {
    /// The number of the newest event taken: what to fetch from.
    #[must_use]
    pub fn last(&self) -> u64 {
        self.last
    }

    /// Restarts the numbers: a restarted server numbers afresh what a released mirrord leaves unnumbered.
    pub fn renumber(&mut self) {
        self.last = 0;
    }

    /// Reports that arriving events wait for history.
    #[must_use]
    pub fn is_waiting(&self) -> bool {
        self.waiting.is_some()
    }

    /// From now on arriving events wait.
    pub fn fetch_begins(&mut self) {
        self.waiting.get_or_insert_default();
        self.announced = 0;
    }

    /// From now on arriving events wait, though nothing is fetched that could fill a gap.
    pub fn hold(&mut self) {
        self.waiting.get_or_insert_default();
    }

    /// The fetch ended, well or not: what waited goes in.
    pub fn fetch_ends(&mut self, into: &mut dyn FnMut(Step<'_>)) {
        for text in self.waiting.take().unwrap_or_default() {
            if let Some(line) = Line::read(&text) {
                self.take(&line, into);
            }
        }
    }

    /// An event that was fetched.
    pub fn fetched(&mut self, line: &Line<'_>, into: &mut dyn FnMut(Step<'_>)) {
        self.take(line, into);
    }

    /// An event that arrived.
    pub fn arrived(&mut self, line: &Line<'_>, into: &mut dyn FnMut(Step<'_>)) {
        let Some(waiting) = &mut self.waiting else {
            return self.take(line, into);
        };
        if waiting.len() >= MAX_WAITING {
            waiting.pop_front();
        }
        waiting.push_back(line.text.into());
    }

    /// The server says that events are missing here. While a fetch runs the fetch may still bring them.
    pub fn lagged(&mut self, missed: u64, into: &mut dyn FnMut(Step<'_>)) {
        if self.waiting.is_none() {
            self.announced += missed;
            into(Step::Missing(missed));
        }
    }

    fn take(&mut self, line: &Line<'_>, into: &mut dyn FnMut(Step<'_>)) {
        // A line without a number cannot be told from another; it is shown.
        if line.seq != 0 {
            if line.seq <= self.last {
                return;
            }
            let missing = (line.seq - self.last - 1).saturating_sub(std::mem::take(&mut self.announced));
            if missing > 0 {
                into(Step::Missing(missing));
            }
            self.last = line.seq;
        }
        into(Step::Event(line));
    }
}

#[cfg(test)]
mod tests {
    use mirrord_wire::{EventLine, MonitorEvent};
    use proptest::prelude::*;

    use super::*;
    use crate::codec::line::sent;

    fn line(seq: u64) -> EventLine {
        let observation = MonitorEvent::DnsQuery { host: String::new() }.into();
        EventLine {
            seq,
            ts: 0,
            observation,
        }
    }

    /// Contents of the log: numbers of events, and negated numbers of missing ones.
    #[derive(Default)]
    struct Log(Vec<i64>);

    impl Log {
        fn put(&mut self) -> impl FnMut(Step<'_>) {
            |step| match step {
                Step::Missing(count) => self.0.push(-(count as i64)),
                Step::Event(line) => self.0.push(line.seq as i64),
            }
        }
    }

    #[test]
    fn what_was_fetched_and_what_arrived_meet_without_gap_or_overlap() {
        let (mut merge, mut log) = (SnapshotMerge::default(), Log::default());
        merge.fetch_begins();
        (3..=6).for_each(|seq| sent(&line(seq), |line| merge.arrived(line, &mut log.put())));
        (1..=4).for_each(|seq| sent(&line(seq), |line| merge.fetched(line, &mut log.put())));
        merge.fetch_ends(&mut log.put());
        sent(&line(7), |line| merge.arrived(line, &mut log.put()));
        assert_eq!(log.0, [1, 2, 3, 4, 5, 6, 7]);
    }

    #[test]
    fn a_gap_is_shown_once_whether_announced_or_not() {
        let (mut merge, mut log) = (SnapshotMerge::default(), Log::default());
        sent(&line(1), |line| merge.arrived(line, &mut log.put()));
        merge.lagged(3, &mut log.put());
        sent(&line(5), |line| merge.arrived(line, &mut log.put()));
        sent(&line(8), |line| merge.arrived(line, &mut log.put()));
        assert_eq!(log.0, [1, -3, 5, -2, 8]);
    }

    #[test]
    fn a_loss_during_a_fetch_is_counted_by_the_numbers_alone() {
        let (mut merge, mut log) = (SnapshotMerge::default(), Log::default());
        merge.fetch_begins();
        merge.lagged(2, &mut log.put());
        sent(&line(4), |line| merge.arrived(line, &mut log.put()));
        (1..=2).for_each(|seq| sent(&line(seq), |line| merge.fetched(line, &mut log.put())));
        merge.fetch_ends(&mut log.put());
        assert_eq!(log.0, [1, 2, -1, 4]);
    }

    #[test]
    fn the_queue_is_bounded_and_what_it_gave_up_is_shown() {
        let (mut merge, mut log) = (SnapshotMerge::default(), Log::default());
        merge.fetch_begins();
        (1..=MAX_WAITING as u64 + 5).for_each(|seq| sent(&line(seq), |line| merge.arrived(line, &mut log.put())));
        merge.fetch_ends(&mut log.put());
        assert_eq!((log.0[0], log.0[1], log.0.len()), (-5, 6, MAX_WAITING + 1));
    }

    proptest! {
        #[test]
        fn every_number_is_accounted_for_exactly_once(
            fetched in 0_u64..60, start in 1_u64..60, length in 0_u64..60, lost in prop::collection::btree_set(1_u64..120, 0..20),
        ) {
            let (mut merge, mut log) = (SnapshotMerge::default(), Log::default());
            merge.fetch_begins();
            let arriving: Vec<u64> = (start..start + length).filter(|seq| !lost.contains(seq)).collect();
            let half = arriving.len() / 2;
            arriving[..half].iter().for_each(|seq| sent(&line(*seq), |line| merge.arrived(line, &mut log.put())));
            (1..=fetched).for_each(|seq| sent(&line(seq), |line| merge.fetched(line, &mut log.put())));
            merge.fetch_ends(&mut log.put());
            arriving[half..].iter().for_each(|seq| sent(&line(*seq), |line| merge.arrived(line, &mut log.put())));
            let mut next = 1;
            for step in log.0 {
                if step < 0 { next -= step } else { prop_assert_eq!(step, next); next += 1 }
            }
            let newest = arriving.last().copied().unwrap_or(0).max(fetched);
            prop_assert_eq!(next as u64, newest + 1);
        }
    }
}
