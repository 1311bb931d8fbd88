//! Columns and cells of a table, as its view specifies them.

use crate::i18n::Key;

/// A column.
#[derive(Clone, Copy)]
pub(crate) struct Column {
    pub(crate) title: Key,
    /// Its width and its looks: the styles know them.
    pub(crate) class: &'static str,
    /// Marks a column whose first click sorts the largest value first.
    pub(crate) numeric: bool,
    /// Action of a click on a cell, passed to `act`; empty without one.
    pub(crate) act: &'static str,
}

impl Column {
    /// A column that is sorted by its text.
    pub(crate) const fn text(title: Key, class: &'static str) -> Self {
        Self {
            title,
            class,
            numeric: false,
            act: "",
        }
    }

    /// A column that is sorted by a number.
    pub(crate) const fn number(title: Key, class: &'static str) -> Self {
        Self {
            numeric: true,
            ..Self::text(title, class)
        }
    }

    /// Adds an action to the column.
    pub(crate) const fn with(self, act: &'static str) -> Self {
        Self { act, ..self }
    }
}

/// Text of a cell: a muted lead, the main part, a muted tail.
#[derive(Default)]
pub(crate) struct Cell {
    pub(crate) lead: String,
    pub(crate) main: String,
    pub(crate) tail: String,
    pub(crate) class: &'static str,
    /// Keeps the lead whole and shortens the main part: a shortened lead would change the meaning.
    pub(crate) keeps_lead: bool,
    /// Marks text in the reader's language: laid out in its direction, and truncated at its end.
    pub(crate) speaks: bool,
    /// Bar behind the text, from and to in thousandths of the cell's width.
    pub(crate) bar: Option<(u16, u16)>,
}

impl Cell {
    pub(crate) fn new(main: impl Into<String>) -> Self {
        Self {
            main: main.into(),
            ..Self::default()
        }
    }

    /// Words of the reader's language.
    pub(crate) fn words(main: impl Into<String>) -> Self {
        Self {
            speaks: true,
            ..Self::new(main)
        }
    }

    /// A path: its last part is what is looked for.
    pub(crate) fn path(path: &str) -> Self {
        let at = path.trim_end_matches('/').rfind('/').map_or(0, |slash| slash + 1);
        Self {
            lead: path[..at].to_owned(),
            main: path[at..].to_owned(),
            ..Self::default()
        }
    }
}

/// Contents of a row.
#[derive(Default)]
pub(crate) struct Row {
    pub(crate) cells: Vec<Cell>,
    /// The whole of its first cell.
    pub(crate) title: String,
    pub(crate) class: &'static str,
    pub(crate) depth: u16,
    /// Of a row that opens: whether it is open.
    pub(crate) open: Option<bool>,
}
