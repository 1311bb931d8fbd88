//! Lines on their way into the store: what each says, and its text as it came.

use std::ops::Range;

use mirrord_wire::{Counters, EventLine};

/// The buffer that is kept from one batch to the next, in bytes and in lines: each session has one.
const KEPT_TEXT_BYTES: usize = 8 * 1024;
const KEPT_ENTRIES: usize = 64;

/// Lines of one session, in their order. Their texts share one buffer, which is used again.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    text: String,
    entries: Vec<Entry>,
}

#[derive(Debug)]
enum Entry {
    Event(EventLine, Range<usize>),
    Lagged { to: u64, withheld: Option<Counters> },
}

/// What a line says.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Item<'a> {
    /// An event, and its text.
    Event(&'a EventLine, &'a str),
    /// Events up to this number are missing here; with the counters of those that were withheld on purpose.
    Lagged { to: u64, withheld: Option<&'a Counters> },
}

impl Batch {
    pub(crate) fn push(&mut self, line: EventLine, text: &str) {
        let start = self.text.len();
        self.text.push_str(text);
        self.entries.push(Entry::Event(line, start..self.text.len()));
    }

    pub(crate) fn push_lagged(&mut self, to: u64, withheld: Option<Counters>) {
        self.entries.push(Entry::Lagged { to, withheld });
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Empties it; what a burst made large is given back.
    pub(crate) fn clear(&mut self) {
        self.text.clear();
        self.entries.clear();
        self.text.shrink_to(KEPT_TEXT_BYTES);
        self.entries.shrink_to(KEPT_ENTRIES);
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = Item<'_>> {
        let text = |range: &Range<usize>| self.text.get(range.clone()).unwrap_or_default();
        self.entries.iter().map(move |entry| match entry {
            Entry::Event(line, range) => Item::Event(line, text(range)),
            Entry::Lagged { to, withheld } => Item::Lagged {
                to: *to,
                withheld: withheld.as_ref(),
            },
        })
    }
}
