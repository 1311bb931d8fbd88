//! Problems of a config file: the place, what was found, what is allowed, and what a released mirrord does with it.

use std::fmt;

use serde::Serialize;

use crate::node::Position;

/// Problems of one file that are kept; the rest is counted.
const MAX_PROBLEMS: usize = 100;

/// Weight of a [`Problem`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The config cannot be used.
    Error,
    /// It can, and something in it has no effect, or a surprising one.
    Warning,
}

/// One thing that is wrong with a config.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Problem {
    /// Error or warning.
    pub severity: Severity,
    /// Path of the key, as `feature.network.outgoing`; empty for the whole file.
    pub path: String,
    /// Place in the file; absent for what an environment variable says.
    #[serde(flatten)]
    pub at: Option<Position>,
    /// The problem, in a sentence without the path.
    pub message: String,
    /// Found value or its type.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub found: Option<String>,
    /// Allowed values or keys.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub allowed: Vec<String>,
    /// The nearest allowed key or value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub did_you_mean: Option<String>,
    /// Behaviour of a released mirrord, where it is another: it takes some files and fails later.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub released: Option<&'static str>,
}

impl Problem {
    pub(crate) fn error(path: impl Into<String>, at: Option<Position>, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            path: path.into(),
            at,
            message: message.into(),
            found: None,
            allowed: Vec::new(),
            did_you_mean: None,
            released: None,
        }
    }

    pub(crate) fn warning(path: impl Into<String>, at: Option<Position>, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Warning,
            ..Self::error(path, at, message)
        }
    }

    pub(crate) fn found(mut self, found: impl Into<String>) -> Self {
        self.found = Some(found.into());
        self
    }

    /// Sets the allowed words, and the one of them that is nearest to `word`.
    pub(crate) fn allowed<'a>(mut self, words: impl IntoIterator<Item = &'a str>, word: Option<&str>) -> Self {
        self.allowed = words.into_iter().map(str::to_owned).collect();
        self.did_you_mean = word.and_then(|word| nearest(&self.allowed, word));
        self
    }

    pub(crate) fn released(mut self, behaviour: &'static str) -> Self {
        self.released = Some(behaviour);
        self
    }
}

/// Similarity from which a word is taken for a misspelling of another; `strsim`'s scale from 0 to 1.
const MIN_SIMILARITY: f64 = 0.75;

fn nearest(words: &[String], word: &str) -> Option<String> {
    let word = word.to_lowercase();
    let best = words
        .iter()
        .map(|known| (strsim::jaro_winkler(known, &word), known))
        .max_by(|left, right| left.0.total_cmp(&right.0))?;
    (best.0 >= MIN_SIMILARITY).then(|| best.1.clone())
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(at) = self.at {
            write!(formatter, "{}:{}: ", at.line, at.column)?;
        }
        if self.severity == Severity::Warning {
            formatter.write_str("warning: ")?;
        }
        if !self.path.is_empty() {
            write!(formatter, "{}: ", self.path)?;
        }
        formatter.write_str(&self.message)?;
        if let Some(found) = &self.found {
            write!(formatter, ", found {found}")?;
        }
        match &self.did_you_mean {
            Some(word) => write!(formatter, ": did you mean `{word}`?")?,
            None if !self.allowed.is_empty() => write!(formatter, "; allowed: {}", self.allowed.join(", "))?,
            None => {}
        }
        match self.released {
            Some(behaviour) => write!(formatter, " ({behaviour})"),
            None => Ok(()),
        }
    }
}

/// Problems of one config, in the order of the file, bounded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Problems {
    list: Vec<Problem>,
    omitted: usize,
    /// There are errors among those that are left out.
    omits_errors: bool,
}

impl Problems {
    pub(crate) fn push(&mut self, problem: Problem) {
        if self.list.len() < MAX_PROBLEMS {
            self.list.push(problem);
        } else {
            self.omitted += 1;
            self.omits_errors |= problem.severity == Severity::Error;
        }
    }

    /// Adds an error that takes time to describe; one beyond the bound is counted alone.
    pub(crate) fn push_error(&mut self, describe: impl FnOnce() -> Problem) {
        if self.list.len() < MAX_PROBLEMS {
            self.list.push(describe());
        } else {
            self.omitted += 1;
            self.omits_errors = true;
        }
    }

    pub(crate) fn sort(&mut self) {
        self.list.sort_by_key(|problem| problem.at);
    }

    /// Reports an error among the problems.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.omits_errors || self.errors().next().is_some()
    }

    /// Returns the errors.
    pub fn errors(&self) -> impl Iterator<Item = &Problem> {
        self.list.iter().filter(|problem| problem.severity == Severity::Error)
    }

    /// Returns the warnings.
    pub fn warnings(&self) -> impl Iterator<Item = &Problem> {
        self.list.iter().filter(|problem| problem.severity == Severity::Warning)
    }

    /// Returns all of them.
    #[must_use]
    pub fn list(&self) -> &[Problem] {
        &self.list
    }

    /// Number of problems beyond the 100 that are kept.
    #[must_use]
    pub const fn omitted(&self) -> usize {
        self.omitted
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        for problem in self.errors() {
            write!(formatter, "{separator}{problem}")?;
            separator = "\n";
        }
        match self.omitted {
            0 => Ok(()),
            more => write!(formatter, "\nand {more} more"),
        }
    }
}

impl std::error::Error for Problems {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelled_word_is_found_and_a_strange_one_is_not() {
        let words = ["filter", "tcp", "udp"].map(str::to_owned);
        assert_eq!(nearest(&words, "fillter").as_deref(), Some("filter"));
        assert_eq!(nearest(&words, "TCP").as_deref(), Some("tcp"));
        assert_eq!(nearest(&words, "zzz"), None);
    }

    #[test]
    fn the_text_names_place_path_and_way_out() {
        let at = Some(Position { line: 3, column: 7 });
        let problem = Problem::error("feature.network.outgoing", at, "unknown key `fillter`");
        let text = problem.allowed(["filter", "tcp"], Some("fillter")).to_string();
        assert_eq!(
            text,
            "3:7: feature.network.outgoing: unknown key `fillter`: did you mean `filter`?"
        );
    }

    #[test]
    fn problems_are_bounded_and_the_rest_is_counted() {
        let mut problems = Problems::default();
        for _ in 0..150 {
            problems.push(Problem::error("a", None, "b"));
        }
        assert_eq!((problems.list().len(), problems.omitted()), (100, 50));
        assert!(problems.to_string().ends_with("and 50 more"));
    }
}
