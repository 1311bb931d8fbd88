//! Which rows are shown: some kinds, and a text or a pattern in what the row says. Text is searched here; a pattern is run
//! by the caller (the page has the browser's own), and comes in as a function.

use crate::state::kind::{Kind, Kinds};

/// What is searched for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Query {
    /// Nothing.
    #[default]
    All,
    /// A text, found anywhere, upper and lower case of ASCII letters alike. Kept in lower case.
    Text(String),
    /// A regular expression.
    Pattern {
        /// The expression.
        source: String,
        /// Its flags.
        flags: String,
    },
}

impl Query {
    /// Reads the search box: `/…/` and `/…/flags` are a pattern. A path has slashes too: `/etc/` could be either, and a
    /// reader who types a path wants the path. So a pattern's flags, and what follows the last slash, decide only where
    /// what stands between the slashes has something that a path has not.
    #[must_use]
    pub fn parse(typed: &str) -> Self {
        let typed = typed.trim();
        if typed.is_empty() {
            return Self::All;
        }
        match pattern(typed) {
            Some((source, flags)) => Self::Pattern {
                source: source.to_owned(),
                flags: flags.to_owned(),
            },
            None => Self::Text(typed.to_ascii_lowercase()),
        }
    }
}

fn pattern(typed: &str) -> Option<(&str, &str)> {
    let (source, flags) = typed.strip_prefix('/')?.rsplit_once('/')?;
    let is_flag = |character: char| matches!(character, 'i' | 's' | 'u' | 'm');
    let is_pattern = source.contains(|character: char| "\\^$*+?()[]{}|".contains(character)) || !source.contains('/');
    (!source.is_empty() && flags.len() <= 4 && flags.chars().all(is_flag) && is_pattern).then_some((source, flags))
}

/// Whether the needle, in lower case, is in the text.
#[must_use]
pub fn contains(text: &str, needle: &str) -> bool {
    let (text, needle) = (text.as_bytes(), needle.as_bytes());
    let Some((first, rest)) = needle.split_first() else {
        return true;
    };
    let Some(last_start) = text.len().checked_sub(needle.len()) else {
        return false;
    };
    let upper = first.to_ascii_uppercase();
    (0..=last_start).any(|start| {
        (text[start] == *first || text[start] == upper)
            && text[start + 1..start + needle.len()].eq_ignore_ascii_case(rest)
    })
}

/// Which rows are shown.
#[derive(Clone, Copy)]
pub struct Filter<'a> {
    /// The kinds.
    pub kinds: Kinds,
    /// What is in the row's text; `None` for anything.
    pub text: Option<&'a dyn Fn(&str) -> bool>,
}

impl Filter<'_> {
    /// Whether every row is shown.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.kinds == Kinds::ALL && self.text.is_none()
    }

    /// Whether a row is shown. A row that is no event (events were missed here) always is.
    #[must_use]
    pub fn lets(&self, kind: Option<Kind>, text: &str) -> bool {
        let Some(kind) = kind else { return true };
        self.kinds.has(kind) && self.text.is_none_or(|found| found(text))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn is_pattern(typed: &str) -> bool {
        matches!(Query::parse(typed), Query::Pattern { .. })
    }

    #[test]
    fn slashes_make_a_pattern_but_a_path_stays_a_path() {
        assert!(
            ["/hosts$/", "/a|b/i", "/hosts/", "/etc/.*conf$/"]
                .into_iter()
                .all(is_pattern)
        );
        assert!(
            [
                "/",
                "//",
                "/etc",
                "/etc/hosts",
                "/etc/app/",
                "hosts/",
                "/etc/ssl/certs/x",
                "/usr/lib/is"
            ]
            .iter()
            .all(|typed| !is_pattern(typed))
        );
        assert_eq!(Query::parse("  "), Query::All);
        assert_eq!(Query::parse(" Hosts "), Query::Text("hosts".to_owned()));
    }

    #[test]
    fn a_row_that_says_what_was_missed_is_never_filtered_away() {
        let nothing = |_: &str| false;
        let filter = Filter {
            kinds: Kinds::ALL,
            text: Some(&nothing),
        };
        assert!(filter.lets(None, ""));
        assert!(!filter.lets(Some(Kind::File), "/etc/hosts open"));
    }

    proptest! {
        #[test]
        fn the_search_finds_what_the_plain_way_finds(text in "[aAbB/é]{0,12}", needle in "[aAbB/é]{0,4}") {
            let needle = needle.to_ascii_lowercase();
            prop_assert_eq!(contains(&text, &needle), text.to_ascii_lowercase().contains(&needle));
        }
    }
}
