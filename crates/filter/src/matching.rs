//! Matches rows: what a row gives, and how an expression reads it.

use crate::ast::{Expr, Filter, Term};
use crate::field::Field;
use crate::time::Scope;
use crate::values::is_name;

/// A row that a filter can be tested on. Columns are read only where a term needs them.
pub trait Fields {
    /// Time of the event, microseconds since the epoch.
    fn ts(&self) -> u64;

    /// Tests the texts of a column until one passes; of every column that a word may be in for `None`: process, pid, type,
    /// operation, port, outcome and all the others that a reader sees.
    fn has_text(&self, field: Option<Field>, test: &mut dyn FnMut(&str) -> bool) -> bool;

    /// Tests the numbers of a column until one passes: `pid`, `port`, `size`.
    fn has_number(&self, field: Field, test: &mut dyn FnMut(u64) -> bool) -> bool;

    /// Reports an event of a process or of one that descends from it.
    fn is_in_tree(&self, root: u32) -> bool {
        self.has_number(Field::Pid, &mut |pid| pid == u64::from(root))
    }
}

impl Filter {
    /// Tests a row.
    #[must_use]
    pub fn matches(&self, row: &impl Fields, scope: &Scope) -> bool {
        self.root().is_none_or(|root| root.matches(row, scope))
    }
}

impl Expr {
    /// Tests a row.
    #[must_use]
    pub fn matches(&self, row: &impl Fields, scope: &Scope) -> bool {
        match self {
            Self::Every(list) => list.iter().all(|one| one.matches(row, scope)),
            Self::Any(list) => list.iter().any(|one| one.matches(row, scope)),
            Self::Not(inner) => !inner.matches(row, scope),
            Self::Term(term) => term.matches(row, scope),
        }
    }
}

impl Term {
    fn matches(&self, row: &impl Fields, scope: &Scope) -> bool {
        match self {
            Self::Anywhere(test) => row.has_text(None, &mut |text| test.fits(text)),
            Self::Text(field, test) => row.has_text(Some(*field), &mut |text| test.fits(text)),
            Self::Names(field, names) => row.has_text(Some(*field), &mut |text| {
                names.iter().any(|name| is_name(*field, name, text))
            }),
            Self::Numbers(field, spans) => {
                row.has_number(*field, &mut |number| spans.iter().any(|span| span.has(number)))
            }
            Self::Tree(root) => row.is_in_tree(*root),
            Self::Time(test) => test.has(row.ts(), scope),
            Self::Present(field) => match field {
                Field::Time => true,
                Field::Tree => row.has_number(Field::Pid, &mut |_| true),
                Field::Port | Field::Pid | Field::Size => row.has_number(*field, &mut |_| true),
                _ => row.has_text(Some(*field), &mut |text| !text.is_empty()),
            },
        }
    }
}
