//! The server's judgement of the open session: `GET /api/sessions/:id/summary`. Its fields are read by name where they are
//! shown: types of their own would be a tenth of the page.

use std::collections::BTreeSet;

use serde_json::Value;

use super::sorting::set;

/// Judgement of a session; empty until it was read.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Judgement(Value);

impl Judgement {
    /// Parses the answer.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok().map(Self)
    }

    /// Number of failures in a view, by its word; 0 where it is not known.
    #[must_use]
    pub fn failed(&self, view: &str) -> u64 {
        self.0.get("failed").map_or(0, |failed| number(failed, view))
    }

    /// Paths of the names that were found nowhere, and of what may not be opened.
    #[must_use]
    pub fn failed_paths(&self) -> BTreeSet<String> {
        let searches = self.list("searches").iter();
        let failed = searches.flat_map(|search| {
            let is_failed = text(search, "verdict") == "failed";
            let places = list(search, "places").iter();
            places.filter(move |place| is_failed || text(place, "outcome") == "denied")
        });
        set(failed.map(|place| text(place, "path").to_owned()))
    }

    /// A number by its name; 0 where it is absent.
    #[must_use]
    pub fn count(&self, name: &str) -> u64 {
        number(&self.0, name)
    }

    /// A list by its name.
    #[must_use]
    pub fn list(&self, name: &str) -> &[Value] {
        list(&self.0, name)
    }

    /// Reports a destination or a name that failed.
    #[must_use]
    pub fn is_network_failed(&self, name: &str) -> bool {
        self.list("network_failed").iter().any(|own| own.as_str() == Some(name))
    }
}

/// A list among the fields of an object.
#[must_use]
pub fn list<'a>(of: &'a Value, name: &str) -> &'a [Value] {
    of.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// A text; empty where it is absent.
#[must_use]
pub fn text<'a>(of: &'a Value, name: &str) -> &'a str {
    of.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// A number that may be absent.
#[must_use]
pub fn maybe(of: &Value, name: &str) -> Option<u64> {
    of.get(name).and_then(Value::as_u64)
}

/// A number; 0 where it is absent.
#[must_use]
pub fn number(of: &Value, name: &str) -> u64 {
    maybe(of, name).unwrap_or_default()
}
