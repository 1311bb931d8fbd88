//! Bounded ring of log lines in which repetitions are counted and not added.
//!
//! Counting is by a monotonic clock, so that a wall clock that jumps merges nothing for a year. This file writes nothing.

use std::collections::VecDeque;
use std::net::IpAddr;

use mirrord_wire::mirror::{AuditEntry, AuditKind};

/// Lines in memory; at the bound the oldest goes. The file still has it.
pub(super) const MAX_ENTRIES: usize = 500;
/// The time without a repetition after which the same thing is a new line.
const REPEATS_WITHIN_MICROS: u64 = 60 * 1_000_000;
/// The time over which new lines of one source, or of one kind, are limited.
const LIMIT_WINDOW_MICROS: u64 = 10 * 60 * 1_000_000;
/// New lines of one source and kind in that time; beyond them they are counted in the newest one.
pub(super) const MAX_LINES_OF_SOURCE: usize = 5;
/// New lines of one kind in that time, from wherever.
pub(super) const MAX_LINES_OF_KIND: usize = 20;

/// The origin of a line: a network address (a /64 in IPv6), a device, or neither, for the desktop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Source {
    pub(super) network: Option<IpAddr>,
    pub(super) device: Option<String>,
}

/// Key of similar lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Key {
    pub(super) kind: AuditKind,
    pub(super) source: Source,
}

#[derive(Debug)]
struct Line {
    number: u64,
    key: Key,
    entry: AuditEntry,
    first: u64,
    last: u64,
    /// Repetitions.
    more: u64,
    /// Similar lines counted here.
    similar: u64,
    /// Repetitions and similar lines that are in the file.
    written: u64,
}

/// The lines.
#[derive(Debug, Default)]
pub(super) struct Ring(VecDeque<Line>);

impl Line {
    fn shown(&self) -> AuditEntry {
        let count = self.more + self.similar;
        let note = match (count, self.similar) {
            (0, _) => String::new(),
            (_, 0) => format!(" (and {count} more)"),
            _ => format!(" (and {count} more, not all the same)"),
        };
        AuditEntry {
            detail: format!("{}{note}", self.entry.detail),
            ..self.entry.clone()
        }
    }

    /// Returns true where the file is to know: the count is another order of magnitude, or nothing was added for a while.
    fn is_due(&self, steady: u64, last: bool) -> bool {
        let count = self.more + self.similar;
        let quiet = steady.saturating_sub(self.last) >= REPEATS_WITHIN_MICROS;
        count > self.written && (last || quiet || count >= self.written.max(1).saturating_mul(10))
    }
}

impl Ring {
    /// Adds a line; returns it where it is a new one, which is to be written.
    pub(super) fn add(&mut self, number: u64, key: Key, entry: AuditEntry, steady: u64) -> Option<AuditEntry> {
        let is_same = |line: &&mut Line| line.key == key && line.entry.detail == entry.detail;
        let recent = |line: &&mut Line| steady.saturating_sub(line.last) < REPEATS_WITHIN_MICROS;
        if let Some(line) = self.0.iter_mut().rev().filter(recent).find(is_same) {
            (line.more, line.last) = (line.more + 1, steady);
            return None;
        }
        if key.source.network.is_some()
            && let Some(line) = self.full(&key, steady)
        {
            (line.similar, line.last) = (line.similar + 1, steady);
            return None;
        }
        if self.0.len() >= MAX_ENTRIES {
            self.0.pop_front();
        }
        self.0.push_back(Line {
            number,
            key,
            entry: entry.clone(),
            first: steady,
            last: steady,
            more: 0,
            similar: 0,
            written: 0,
        });
        Some(entry)
    }

    /// Returns the line to count in, where there are as many new ones of a source or of a kind as may be.
    fn full(&mut self, key: &Key, steady: u64) -> Option<&mut Line> {
        let is_new = |line: &&Line| steady.saturating_sub(line.first) < LIMIT_WINDOW_MICROS;
        let of_kind = self.0.iter().filter(|line| line.key.kind == key.kind).filter(is_new);
        let (mut kind, mut source) = (0, 0);
        for line in of_kind.filter(|line| line.key.source.network.is_some()) {
            kind += 1;
            source += usize::from(line.key == *key);
        }
        let of_source = source >= MAX_LINES_OF_SOURCE;
        if !of_source && kind < MAX_LINES_OF_KIND {
            return None;
        }
        let mut newest = self.0.iter_mut().rev();
        newest.find(|line| line.key == *key || (!of_source && line.key.kind == key.kind))
    }

    /// Returns the lines whose counts the file is to have now, and takes them as written.
    pub(super) fn counted(&mut self, steady: u64, last: bool) -> Vec<AuditEntry> {
        let due = self.0.iter_mut().filter(|line| line.is_due(steady, last));
        due.map(|line| {
            line.written = line.more + line.similar;
            line.shown()
        })
        .collect()
    }

    /// Returns the lines with their numbers, oldest first.
    pub(super) fn iter(&self) -> impl Iterator<Item = (u64, AuditEntry)> {
        self.0.iter().map(|line| (line.number, line.shown()))
    }
}
