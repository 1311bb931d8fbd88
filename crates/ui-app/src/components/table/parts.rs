//! What a table is made of, as a view says it: columns, and the cells of a row.

use crate::i18n::Key;

/// A column.
#[derive(Clone, Copy)]
pub(crate) struct Column {
    pub(crate) title: Key,
    /// Its width and its looks: the styles know them.
    pub(crate) class: &'static str,
    /// Whether a first click sorts the largest first.
    pub(crate) numeric: bool,
    /// What a click on a cell does, as `act` is told; empty where it does nothing.
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

    /// The same column with something to click.
    pub(crate) const fn with(self, act: &'static str) -> Self {
        Self { act, ..self }
    }
}

/// What a cell says: what steps back, the main thing, what steps back.
#[derive(Default)]
pub(crate) struct Cell {
    pub(crate) lead: String,
    pub(crate) main: String,
    pub(crate) tail: String,
    pub(crate) class: &'static str,
    /// Whether the lead stays whole, and the main thing gives way: without it the rest would say something else.
    pub(crate) keeps_lead: bool,
    /// Whether it speaks the reader's language: then it runs in its direction, and is cut off at its end.
    pub(crate) speaks: bool,
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

/// What a row says.
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
