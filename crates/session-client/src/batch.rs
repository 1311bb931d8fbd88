//! Lines of a session's event stream, parsed, each with its text as it came.

use std::ops::Range;

use mirrord_wire::{Counters, EventLine};

/// Capacity that an empty batch keeps for the next lines, in bytes and in lines.
const KEPT_TEXT_BYTES: usize = 8 * 1024;
const KEPT_ENTRIES: usize = 64;

/// Lines of one session, in their order. Their texts share one buffer, which is used again.
#[derive(Debug, Default)]
pub struct EventBatch {
    text: String,
    entries: Vec<Entry>,
    pub(crate) news: StreamNews,
}

#[derive(Debug)]
enum Entry {
    Event(EventLine, Range<usize>),
    Lagged { to: u64, suppressed: Option<Counters> },
}

/// One line of an [`EventBatch`].
#[derive(Debug, Clone, Copy)]
pub enum StreamItem<'a> {
    /// Event and its JSON text. A released mirrord's event is numbered and stamped by the client.
    Event(&'a EventLine, &'a str),
    /// Gap in the stream.
    Lagged {
        /// Number up to which events are missing here.
        to: u64,
        /// Counters of those that the session suppressed on purpose, where it sent them.
        suppressed: Option<&'a Counters>,
    },
}

/// Faults of a piece of the stream, beside its events.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct StreamNews {
    /// Events were lost: the session's `/state` has counts that the stream has not.
    pub lagged: bool,
    /// Events were suppressed: they are counted, but the session's `/state` has names that the stream has not.
    pub suppressed: bool,
    /// Lines that could not be read. In our own dialect, where events are numbered, a gap shows them as well.
    pub unreadable: u64,
}

impl EventBatch {
    /// Adds an event and its text.
    pub fn push(&mut self, line: EventLine, text: &str) {
        let start = self.text.len();
        self.text.push_str(text);
        self.entries.push(Entry::Event(line, start..self.text.len()));
    }

    /// Adds a gap up to a number. Counters are [plausible](crate::is_plausible).
    pub fn push_lagged(&mut self, to: u64, suppressed: Option<Counters>) {
        self.entries.push(Entry::Lagged { to, suppressed });
    }

    /// Returns whether it has no line, as after a heartbeat or a part of a line.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Returns the faults of the piece that it was read from.
    #[must_use]
    pub fn news(&self) -> StreamNews {
        self.news
    }

    /// Empties it, and frees the memory that a burst took. A reader that keeps many streams calls it after each batch.
    pub fn clear(&mut self) {
        self.text.clear();
        self.entries.clear();
        self.text.shrink_to(KEPT_TEXT_BYTES);
        self.entries.shrink_to(KEPT_ENTRIES);
        self.news = StreamNews::default();
    }

    /// Iterates over the lines in their order.
    pub fn iter(&self) -> impl Iterator<Item = StreamItem<'_>> {
        let text = |range: &Range<usize>| self.text.get(range.clone()).unwrap_or_default();
        self.entries.iter().map(move |entry| match entry {
            Entry::Event(line, range) => StreamItem::Event(line, text(range)),
            Entry::Lagged { to, suppressed } => StreamItem::Lagged {
                to: *to,
                suppressed: suppressed.as_ref(),
            },
        })
    }
}
