//! Environment variables that the session fetched: names, and values where they were reported. Whether a value is shown
//! is not decided here.

use mirrord_wire::session::NameTable;

use super::table::{By, Mark, Seen, Sort, Tally, found, name_table, raise_total, seen_of, sort, sort_seen};

/// The most variables kept, and the bytes of their values; a value for which there is no room is known by its name.
pub const MAX_VARIABLES: usize = 5_000;
const MAX_NAME_BYTES: usize = 1024 * 1024;
const MAX_VALUE_BYTES: usize = 4 * 1024 * 1024;

/// The variables.
#[derive(Debug, Clone)]
pub struct Environment {
    /// Variables with their values, where these are known.
    variables: NameTable<Tally<Option<String>>>,
    bytes: usize,
}

impl Default for Environment {
    fn default() -> Self {
        Self {
            variables: name_table(MAX_VARIABLES, MAX_NAME_BYTES),
            bytes: 0,
        }
    }
}

impl Environment {
    /// Takes a variable in; a later value replaces an earlier one.
    pub fn fetched(&mut self, name: &str, value: Option<&str>, mark: Mark) {
        let Some((_, variable)) = self.variables.entry(name) else {
            return;
        };
        variable.seen.add(mark);
        let Some(value) = value else { return };
        self.bytes -= variable.detail.take().map_or(0, |old| old.len());
        if self.bytes + value.len() <= MAX_VALUE_BYTES {
            self.bytes += value.len();
            variable.detail = Some(value.to_owned());
        }
    }

    /// Learns how often a name was fetched since the session began.
    pub fn total(&mut self, name: &str, count: u64) {
        raise_total(&mut self.variables, name, count);
    }

    /// Number of variables.
    #[must_use]
    pub fn len(&self) -> usize {
        self.variables.len()
    }

    /// Reports none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.variables.is_empty()
    }

    /// Events of names for which there was no room.
    #[must_use]
    pub fn more(&self) -> u64 {
        self.variables.refused()
    }

    /// A variable's name.
    #[must_use]
    pub fn name(&self, number: u32) -> &str {
        self.variables.name(number)
    }

    /// A variable's value; `None` where only the name is known.
    #[must_use]
    pub fn value(&self, number: u32) -> Option<&str> {
        self.variables.get(number)?.detail.as_deref()
    }

    /// Statistics of a variable.
    #[must_use]
    pub fn seen(&self, number: u32) -> Seen {
        seen_of(&self.variables, number)
    }

    /// Variables in order: the name, whether it has a value, events, routing, first, last. A search looks at names
    /// only: it would tell hidden values.
    #[must_use]
    pub fn sorted(&self, needle: &str, by: Sort) -> Vec<u32> {
        let mut rows = found(self.variables.len(), needle, |row| self.name(row));
        match by.column {
            0 => sort(&mut rows, &By::Text(&|row| self.name(row)), by.descending),
            1 => sort(
                &mut rows,
                &By::Number(&|row| u64::from(self.value(row).is_some())),
                by.descending,
            ),
            column => sort_seen(&mut rows, column - 2, &|row| self.seen(row), by.descending),
        }
        rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_later_value_replaces_an_earlier_one_and_a_bare_name_does_not() {
        let mut environment = Environment::default();
        let mark = Mark::default();
        environment.fetched("A", Some("1"), mark);
        environment.fetched("A", Some("two"), mark);
        environment.fetched("A", None, mark);
        environment.fetched("B", None, mark);
        environment.total("C", 4);
        environment.total("A", 1);
        assert_eq!(environment.len(), 3);
        assert_eq!([0, 1, 2].map(|row| environment.value(row)), [Some("two"), None, None]);
        assert_eq!([0, 2].map(|row| environment.seen(row).count), [3, 4]);
    }

    #[test]
    fn a_search_does_not_tell_hidden_values() {
        let mut environment = Environment::default();
        environment.fetched("DB_PASSWORD", Some("secret"), Mark::default());
        environment.fetched("A", None, Mark::default());
        let by = Sort {
            column: 0,
            descending: false,
        };
        assert!(environment.sorted("secret", by).is_empty());
        assert_eq!(environment.sorted("password", by), [0]);
        assert_eq!(environment.sorted("", by), [1, 0]);
    }

    #[test]
    fn values_are_bounded_together() {
        let mut environment = Environment::default();
        let large = "x".repeat(MAX_VALUE_BYTES);
        environment.fetched("A", Some(&large), Mark::default());
        environment.fetched("B", Some("y"), Mark::default());
        assert_eq!((environment.value(1), environment.bytes), (None, MAX_VALUE_BYTES));
        environment.fetched("A", Some("small"), Mark::default());
        environment.fetched("B", Some("y"), Mark::default());
        assert_eq!((environment.value(1), environment.bytes), (Some("y"), 6));
    }
}
