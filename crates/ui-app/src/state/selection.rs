//! Selection of sessions for an action on several: at most as many as one log can distinguish.

use super::route::MAX_MERGED;

/// The chosen ones, in the order in which they were chosen.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Selection(Vec<String>);

impl Selection {
    /// Chooses a session, or takes it back. Nothing where there are enough already.
    pub fn toggle(&mut self, id: &str) {
        let before = self.0.len();
        self.0.retain(|own| own != id);
        if self.0.len() == before && !self.is_full() {
            self.0.push(id.to_owned());
        }
    }

    /// Reports a full selection.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.0.len() >= MAX_MERGED
    }

    /// Reports a selected session.
    #[must_use]
    pub fn has(&self, id: &str) -> bool {
        self.0.iter().any(|own| own == id)
    }

    /// Takes everything back.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// Takes back what is not there any more.
    pub fn retain(&mut self, is_there: impl Fn(&str) -> bool) {
        self.0.retain(|id| is_there(id));
    }

    /// The chosen ones.
    #[must_use]
    pub fn ids(&self) -> &[String] {
        &self.0
    }

    /// The fragment of their log.
    #[must_use]
    pub fn fragment(&self) -> String {
        ["#/m/", &self.0.join(",")].concat()
    }
}

/// The fragment of the comparison of two sessions.
#[must_use]
pub fn comparison(one: &str, other: &str) -> String {
    ["#/diff/", one, "/", other].concat()
}

/// Names that tell sessions apart, in few characters: the command, and where two are alike the id's beginning as well.
#[must_use]
pub fn short_names(sessions: &[(String, &str)]) -> Vec<String> {
    let brief = |command: &str, id: &str| match command {
        "" => id.chars().take(NAME_CHARS).collect(),
        command => crate::format::text::shown(command, NAME_CHARS),
    };
    let names: Vec<String> = sessions.iter().map(|(command, id)| brief(command, id)).collect();
    let is_double = |name: &String| names.iter().filter(|own| *own == name).count() > 1;
    let tell = |(name, (_, id)): (&String, &(String, &str))| {
        if !is_double(name) {
            return name.clone();
        }
        let tail: String = id.chars().rev().take(ID_CHARS).collect();
        let tail: String = tail.chars().rev().collect();
        let head: String = name.chars().take(NAME_CHARS - ID_CHARS - 2).collect();
        [head.as_str(), " ", &tail].concat()
    };
    names.iter().zip(sessions).map(tell).collect()
}

/// The characters of a short name, and of an id's end in it.
const NAME_CHARS: usize = 16;
const ID_CHARS: usize = 5;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::route::{Place, Route};

    #[test]
    fn no_more_are_chosen_than_a_log_can_hold() {
        let mut selection = Selection::default();
        (0..MAX_MERGED + 3).for_each(|number| selection.toggle(&number.to_string()));
        assert_eq!(selection.ids().len(), MAX_MERGED);
        let Place::Merged(ids) = Route::parse(&selection.fragment()).place else {
            panic!("a merged log")
        };
        assert_eq!(ids.len(), MAX_MERGED, "the link leads to all of them");
        selection.toggle("0");
        selection.toggle("new");
        assert!(selection.has("new") && !selection.has("0") && selection.is_full());
        selection.retain(|id| id == "new");
        assert_eq!(selection.ids(), ["new"]);
    }

    #[test]
    fn sessions_of_one_command_are_told_apart() {
        let names = short_names(&[
            ("node server.js".to_owned(), "a8f3-00001"),
            ("sh".to_owned(), "b1"),
            ("node server.js".to_owned(), "a8f3-00002"),
            (String::new(), "unknown"),
        ]);
        assert_eq!(names, ["node serv 00001", "sh", "node serv 00002", "unknown"]);
    }
}
