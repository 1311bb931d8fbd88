//! The fields of an event that is being read, each as the JSON text that it came as.
//!
//! A known event takes its fields by name and shape. An unknown one keeps the texts, so that it can be written again to
//! the letter: no key changes its place, no number its precision.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// A JSON value as its own text.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RawJson(Box<RawValue>);

impl RawJson {
    /// The text of a value; `None` where it has none, which no value of JSON's own is.
    pub(crate) fn new(value: &serde_json::Value) -> Option<Self> {
        serde_json::value::to_raw_value(value).ok().map(Self)
    }

    /// The text.
    #[must_use]
    pub fn get(&self) -> &str {
        self.0.get()
    }
}

impl PartialEq for RawJson {
    fn eq(&self, other: &Self) -> bool {
        self.get() == other.get()
    }
}

/// The fields in the order in which they came. A line has a handful, so a search by name beats a map.
pub(crate) struct Fields(Vec<(String, RawJson)>);

/// An environment variable: a released mirrord sends names alone.
#[derive(Deserialize)]
#[serde(untagged)]
enum Variable {
    Pair(String, Option<String>),
    Name(String),
}

impl Fields {
    pub(crate) fn new(fields: Vec<(String, RawJson)>) -> Self {
        Self(fields)
    }

    pub(crate) fn into_inner(self) -> Vec<(String, RawJson)> {
        self.0
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(own, _)| own == name).map(|(_, value)| value.get())
    }

    /// Not there, or null.
    pub(crate) fn is_absent(&self, name: &str) -> bool {
        self.get(name).is_none_or(|value| value == "null")
    }

    /// Any shape, by its own `Deserialize`; `None` where the field is missing or does not fit.
    pub(crate) fn parse<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        self.get(name).and_then(|value| serde_json::from_str(value).ok())
    }

    pub(crate) fn text(&self, name: &str) -> Option<String> {
        self.parse(name)
    }

    pub(crate) fn number<N: DeserializeOwned>(&self, name: &str) -> Option<N> {
        self.parse(name)
    }

    pub(crate) fn pairs(&self, name: &str) -> Option<Vec<(String, Option<String>)>> {
        let variables: Vec<Variable> = self.parse(name)?;
        let pair = |variable| match variable {
            Variable::Pair(name, value) => (name, value),
            Variable::Name(name) => (name, None),
        };
        Some(variables.into_iter().map(pair).collect())
    }
}
