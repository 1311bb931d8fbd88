//! Processes of a session, by the events that start and end them: one table for session, server and page.
//!
//! Each reader keeps an entry of its own for a process. Which entry an event is about, what another program in a process
//! and a second end leave as it was, and what goes at the bound is decided here alone.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;
use std::ops::Deref;
use std::slice::IterMut;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::bounded;
use super::event::Exit;
use super::info::ProcessInfo;
use super::names::Hashed;
use crate::lenient::flattened;

/// The most process entries of a session's state; the longest ended goes first, and is counted in `processes_omitted`.
pub const MAX_PROCESSES: usize = 1_000;

/// Entry of a [`ProcessTable`]: a process, running or ended.
pub trait ProcessEntry {
    /// The most entries.
    const MAX: usize;

    /// Policy at the bound: a new entry evicts the longest ended one, and where none has ended the oldest; otherwise it is
    /// refused, for a reader that numbers its rows by place.
    const EVICTS: bool;

    /// Its number on the machine of the session.
    fn pid(&self) -> u32;

    /// Time and kind of its end.
    fn end(&self) -> (Option<u64>, &Exit);

    /// [`ProcessEntry::end`], to be set.
    fn end_mut(&mut self) -> (&mut Option<u64>, &mut Exit);

    /// Takes over the description of another program that the process runs from now on (`exec`); its start stays.
    fn execute(&mut self, program: Self);
}

/// A process of the session, running or ended.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, remote = "Self")]
pub struct Process {
    /// Its description.
    #[serde(flatten, skip_deserializing)]
    pub info: ProcessInfo,
    /// When it started, microseconds since the Unix epoch.
    pub started_ts: u64,
    /// When it ended, microseconds since the Unix epoch; absent while it runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_ts: Option<u64>,
    /// End of the process, where it has ended and that is known.
    #[serde(flatten, skip_deserializing)]
    pub exit: Exit,
}

flattened!(Process: info, exit);

impl ProcessEntry for Process {
    const MAX: usize = MAX_PROCESSES;
    const EVICTS: bool = true;

    fn pid(&self) -> u32 {
        self.info.pid
    }

    fn end(&self) -> (Option<u64>, &Exit) {
        (self.ended_ts, &self.exit)
    }

    fn end_mut(&mut self) -> (&mut Option<u64>, &mut Exit) {
        (&mut self.ended_ts, &mut self.exit)
    }

    fn execute(&mut self, program: Self) {
        self.info = program.info;
    }
}

/// Processes, oldest first; of several with one number the newest is the one that events are about.
#[derive(Debug, Clone)]
pub struct ProcessTable<P> {
    all: Vec<P>,
    /// Place of the newest of each number.
    newest: HashMap<u64, usize, BuildHasherDefault<Hashed>>,
}

impl<P: ProcessEntry> ProcessTable<P> {
    /// A process started, or one that runs began another program. Returns `false` where an entry did not fit.
    #[must_use]
    pub fn start(&mut self, process: P) -> bool {
        let pid = process.pid();
        if let Some(own) = self.newest_mut(pid).filter(|own| own.end().0.is_none()) {
            own.execute(process);
            return true;
        }
        let fits = self.all.len() < P::MAX;
        if !fits {
            if !P::EVICTS {
                return false;
            }
            let oldest_ended = self.all.iter().position(|own| own.end().0.is_some());
            self.all.remove(oldest_ended.unwrap_or(0));
            self.index();
        }
        self.newest.insert(key(pid), self.all.len());
        self.all.push(process);
        fits
    }

    /// A process ended. Of a second end only the kind is taken, where it was not known.
    pub fn end(&mut self, pid: u32, ts: u64, exit: &Exit) {
        if let Some(process) = self.newest_mut(pid) {
            let (ended, own) = process.end_mut();
            ended.get_or_insert(ts);
            if own.is_unknown() {
                *own = exit.clone();
            }
        }
    }

    /// The place of the newest process of a number.
    #[must_use]
    pub fn place(&self, pid: u32) -> Option<usize> {
        self.newest.get(&key(pid)).copied()
    }

    /// The newest process of a number.
    #[must_use]
    pub fn newest(&self, pid: u32) -> Option<&P> {
        self.all.get(self.place(pid)?)
    }

    /// [`ProcessTable::newest`], to be changed.
    pub fn newest_mut(&mut self, pid: u32) -> Option<&mut P> {
        let place = self.place(pid)?;
        self.all.get_mut(place)
    }

    /// Every process, to be changed, but for its number.
    pub fn iter_mut(&mut self) -> IterMut<'_, P> {
        self.all.iter_mut()
    }

    /// Drops all but some.
    pub fn retain(&mut self, is_kept: impl FnMut(&P) -> bool) {
        self.all.retain(is_kept);
        self.index();
    }

    fn index(&mut self) {
        self.newest.clear();
        let places = self.all.iter().enumerate();
        self.newest.extend(places.map(|(place, own)| (key(own.pid()), place)));
    }
}

/// Spreads numbers over the table, which takes them as they are.
fn key(pid: u32) -> u64 {
    u64::from(pid).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

impl<P> Default for ProcessTable<P> {
    fn default() -> Self {
        Self {
            all: Vec::new(),
            newest: HashMap::default(),
        }
    }
}

impl<P> Deref for ProcessTable<P> {
    type Target = [P];

    fn deref(&self) -> &[P] {
        &self.all
    }
}

impl<P: PartialEq> PartialEq for ProcessTable<P> {
    fn eq(&self, other: &Self) -> bool {
        self.all == other.all
    }
}

impl<P: Eq> Eq for ProcessTable<P> {}

/// Collects at most [`ProcessEntry::MAX`] entries; the rest is dropped.
impl<P: ProcessEntry> FromIterator<P> for ProcessTable<P> {
    fn from_iter<I: IntoIterator<Item = P>>(all: I) -> Self {
        let mut table = Self {
            all: all.into_iter().take(P::MAX).collect(),
            ..Self::default()
        };
        table.index();
        table
    }
}

impl<P> IntoIterator for ProcessTable<P> {
    type Item = P;
    type IntoIter = std::vec::IntoIter<P>;

    fn into_iter(self) -> Self::IntoIter {
        self.all.into_iter()
    }
}

impl<P: Serialize> Serialize for ProcessTable<P> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.all.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for ProcessTable<Process> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        bounded::list::<MAX_PROCESSES, Process, D>(deserializer).map(Self::from_iter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn process(pid: u32, started_ts: u64) -> Process {
        let info = ProcessInfo {
            pid,
            ..ProcessInfo::default()
        };
        Process {
            info,
            started_ts,
            ..Process::default()
        }
    }

    #[test]
    fn a_second_end_keeps_the_first_time_and_adds_the_kind() {
        let mut table: ProcessTable<_> = [process(7, 1)].into_iter().collect();
        let exit = Exit {
            code: Some(3),
            signal: None,
        };
        table.end(7, 5, &Exit::default());
        table.end(7, 9, &exit);
        table.end(7, 9, &Exit::default());
        table.end(8, 9, &exit);
        assert_eq!((table[0].ended_ts, table[0].exit.code), (Some(5), Some(3)));
    }

    #[test]
    fn events_are_about_the_newest_of_a_number_also_after_others_went() {
        let mut table = ProcessTable::default();
        for round in 0..3 {
            for pid in 1..=MAX_PROCESSES as u32 {
                assert_eq!(table.start(process(pid, round)), round == 0);
                table.end(pid, round, &Exit::default());
            }
        }
        assert_eq!(table.len(), MAX_PROCESSES);
        assert!((1..=1_000).all(|pid| table.newest(pid).map(|own| (own.pid(), own.started_ts)) == Some((pid, 2))));
        table.retain(|own| own.pid() > 998);
        assert_eq!(
            (table.place(999), table.place(1_000), table.place(1)),
            (Some(0), Some(1), None)
        );
    }
}
