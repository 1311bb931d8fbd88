//! Lines on their way into the store: what each says, and its text as it came.

use std::ops::Range;

use mirrord_wire::EventLine;

/// Lines of one session, in their order. Their texts share one buffer, which is used again.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    text: String,
    lines: Vec<(EventLine, Range<usize>)>,
}

impl Batch {
    pub(crate) fn push(&mut self, line: EventLine, text: &str) {
        let start = self.text.len();
        self.text.push_str(text);
        self.lines.push((line, start..self.text.len()));
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    pub(crate) fn clear(&mut self) {
        self.text.clear();
        self.lines.clear();
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&EventLine, &str)> {
        let text = |range: &Range<usize>| self.text.get(range.clone()).unwrap_or_default();
        self.lines.iter().map(move |(line, range)| (line, text(range)))
    }
}
