//! The fields of an event that is being read: taken out by name and shape, left alone where they do not fit.

use serde::de::DeserializeOwned;
use serde_json::Value;

/// The fields in the order in which they came. A line has a handful, so a search by name beats a map.
pub(crate) struct Fields(Vec<(String, Value)>);

impl Fields {
    pub(crate) fn new(fields: Vec<(String, Value)>) -> Self {
        Self(fields)
    }

    pub(crate) fn into_inner(self) -> Vec<(String, Value)> {
        self.0
    }

    fn get(&self, name: &str) -> Option<&Value> {
        self.0.iter().find(|(own, _)| own == name).map(|(_, value)| value)
    }

    fn take(&mut self, name: &str) -> Option<Value> {
        self.0
            .iter_mut()
            .find(|(own, _)| own == name)
            .map(|(_, value)| value.take())
    }

    pub(crate) fn has_text(&self, name: &str) -> bool {
        self.get(name).is_some_and(Value::is_string)
    }

    pub(crate) fn is_text_or_absent(&self, name: &str) -> bool {
        self.get(name).is_none_or(|value| value.is_string() || value.is_null())
    }

    pub(crate) fn has_number<N: TryFrom<u64>>(&self, name: &str) -> bool {
        self.peek_number::<N>(name).is_some()
    }

    pub(crate) fn is_number_or_absent<N: TryFrom<u64>>(&self, name: &str) -> bool {
        self.get(name).is_none() || self.has_number::<N>(name)
    }

    /// An array whose items are each a name, or a pair of a name and a value or null.
    pub(crate) fn has_pairs(&self, name: &str) -> bool {
        let is_pair = |item: &Value| match item.as_array().map(Vec::as_slice) {
            Some([name, value]) => name.is_string() && (value.is_string() || value.is_null()),
            _ => item.is_string(),
        };
        self.get(name)
            .and_then(Value::as_array)
            .is_some_and(|items| items.iter().all(is_pair))
    }

    pub(crate) fn text(&mut self, name: &str) -> Option<String> {
        match self.take(name) {
            Some(Value::String(text)) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn number<N: TryFrom<u64>>(&mut self, name: &str) -> Option<N> {
        self.peek_number(name)
    }

    pub(crate) fn peek_number<N: TryFrom<u64>>(&self, name: &str) -> Option<N> {
        self.get(name)
            .and_then(Value::as_u64)
            .and_then(|number| N::try_from(number).ok())
    }

    pub(crate) fn pairs(&mut self, name: &str) -> Option<Vec<(String, Option<String>)>> {
        let Some(Value::Array(items)) = self.take(name) else {
            return None;
        };
        let pair = |item| match item {
            Value::String(name) => Some((name, None)),
            Value::Array(pair) => {
                let mut pair = pair.into_iter();
                match (pair.next(), pair.next()) {
                    (Some(Value::String(name)), Some(Value::String(value))) => Some((name, Some(value))),
                    (Some(Value::String(name)), _) => Some((name, None)),
                    _ => None,
                }
            }
            _ => None,
        };
        items.into_iter().map(pair).collect()
    }

    /// Any other shape, by its own `Deserialize`; `None` where it does not fit.
    pub(crate) fn parse<T: DeserializeOwned>(&mut self, name: &str) -> Option<T> {
        self.take(name).and_then(|value| serde_json::from_value(value).ok())
    }
}
