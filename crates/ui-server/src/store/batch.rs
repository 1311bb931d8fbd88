//! Lines on their way into the store: what each says, and its text as it came.

use std::ops::Range;

use mirrord_wire::{Counters, EventLine};

/// Lines of one session, in their order. Their texts share one buffer, which is used again.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    text: String,
    entries: Vec<Entry>,
}

#[derive(Debug)]
enum Entry {
    Event(EventLine, Range<usize>),
    Lagged(u64, Option<Counters>),
}

/// What a line says.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Item<'a> {
    /// An event, and its text.
    Event(&'a EventLine, &'a str),
    /// So many events are missing here; with the counters of those that were withheld on purpose.
    Lagged(u64, Option<&'a Counters>),
}

impl Batch {
    pub(crate) fn push(&mut self, line: EventLine, text: &str) {
        let start = self.text.len();
        self.text.push_str(text);
        self.entries.push(Entry::Event(line, start..self.text.len()));
    }

    pub(crate) fn push_lagged(&mut self, missed: u64, withheld: Option<Counters>) {
        self.entries.push(Entry::Lagged(missed, withheld));
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub(crate) fn clear(&mut self) {
        self.text.clear();
        self.entries.clear();
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = Item<'_>> {
        let text = |range: &Range<usize>| self.text.get(range.clone()).unwrap_or_default();
        self.entries.iter().map(move |entry| match entry {
            Entry::Event(line, range) => Item::Event(line, text(range)),
            Entry::Lagged(missed, withheld) => Item::Lagged(*missed, withheld.as_ref()),
        })
    }
}
