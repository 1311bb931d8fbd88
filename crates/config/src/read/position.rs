//! Byte offsets to lines and columns.

use std::cell::Cell;

use crate::node::Position;

/// Index of a text's lines. Offsets that grow cost no more than the text between them.
pub(crate) struct LineIndex<'a> {
    text: &'a str,
    /// Offset of each line's first byte.
    starts: Vec<usize>,
    /// The last offset that was asked for, and its column: a file of one long line is walked once.
    last: Cell<(usize, u32)>,
}

impl<'a> LineIndex<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        let after_breaks = text.match_indices('\n').map(|(at, _)| at + 1);
        Self {
            text,
            starts: std::iter::once(0).chain(after_breaks).collect(),
            last: Cell::new((0, 1)),
        }
    }

    /// Returns the position of a byte offset; one beyond the end is the end.
    pub(crate) fn position(&self, offset: usize) -> Position {
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.starts.partition_point(|start| *start <= offset).max(1);
        let start = self.starts.get(line - 1).copied().unwrap_or_default();
        let (last, last_column) = self.last.get();
        let (from, column) = if (start..=offset).contains(&last) && last >= start && last > 0 {
            (last, last_column)
        } else {
            (start, 1)
        };
        let passed = self.text.get(from..offset).map_or(0, |text| text.chars().count());
        let column = column.saturating_add(u32::try_from(passed).unwrap_or(u32::MAX));
        self.last.set((offset, column));
        Position {
            line: u32::try_from(line).unwrap_or(u32::MAX),
            column,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_characters_and_lines_start_at_one() {
        let index = LineIndex::new("añb\ncd\n");
        let at = |offset| {
            let position = index.position(offset);
            (position.line, position.column)
        };
        assert_eq!(at(0), (1, 1));
        assert_eq!(at(3), (1, 3));
        assert_eq!(at(5), (2, 1));
        assert_eq!(at(6), (2, 2));
        assert_eq!(at(1), (1, 2));
        assert_eq!(at(900), (3, 1));
    }
}
