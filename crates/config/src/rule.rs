//! Name of the rule that decided: a path into the config, or a default.

use std::fmt;
use std::sync::Arc;

use serde::{Serialize, Serializer};

/// Rule that decided. Its text is `feature.fs.not_found[0]`, `feature.network.outgoing.filter.local (no match)`,
/// `default.local: ^/etc(/|$)` or `default: port 0`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Rule {
    /// Key of the config.
    Key(&'static str),
    /// Item of a list in the config, from 0.
    Item(&'static str, usize),
    /// List of the config of which no item matched.
    NoMatch(&'static str),
    /// Pattern of a default list.
    Pattern(&'static str, Arc<str>),
    /// Rule that is in no config.
    Fixed(&'static str),
}

impl Rule {
    /// Returns the path into the config, where the rule is in one.
    #[must_use]
    pub fn config_path(&self) -> Option<String> {
        match self {
            Self::Key(path) | Self::NoMatch(path) => Some((*path).to_owned()),
            Self::Item(path, index) => Some(format!("{path}[{index}]")),
            Self::Pattern(..) | Self::Fixed(_) => None,
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key(text) | Self::Fixed(text) => formatter.write_str(text),
            Self::Item(path, index) => write!(formatter, "{path}[{index}]"),
            Self::NoMatch(path) => write!(formatter, "{path} (no match)"),
            Self::Pattern(list, pattern) => write!(formatter, "{list}: {pattern}"),
        }
    }
}

impl Serialize for Rule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
