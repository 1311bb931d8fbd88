//! List of attributes that is being built.

use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::common::v1::{AnyValue, ArrayValue, KeyValue};

use crate::limits::MAX_TEXT_BYTES;

/// Attributes of a record, a resource or a data point.
#[derive(Debug, Clone, Default)]
pub(crate) struct Attributes(Vec<KeyValue>);

impl Attributes {
    /// Creates a list of texts.
    pub(crate) fn of(texts: &[(&str, &str)]) -> Self {
        let mut own = Self::default();
        texts.iter().for_each(|(name, value)| own.text(name, value));
        own
    }

    pub(crate) fn into_inner(self) -> Vec<KeyValue> {
        self.0
    }

    fn add(&mut self, name: &str, value: Value) {
        self.0.push(KeyValue {
            key: name.to_owned(),
            value: Some(any(value)),
            ..KeyValue::default()
        });
    }

    /// Adds a text, cut at [`MAX_TEXT_BYTES`].
    pub(crate) fn text(&mut self, name: &str, value: &str) {
        self.add(name, Value::StringValue(cut(value).to_owned()));
    }

    /// Adds a text, where there is one that is not empty.
    pub(crate) fn optional_text(&mut self, name: &str, value: Option<&str>) {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            self.text(name, value);
        }
    }

    /// Adds a number; one beyond the range of OTLP is the largest.
    pub(crate) fn number(&mut self, name: &str, value: impl Into<i128>) {
        self.add(name, Value::IntValue(i64::try_from(value.into()).unwrap_or(i64::MAX)));
    }

    /// Adds a number, where there is one.
    pub(crate) fn optional_number(&mut self, name: &str, value: Option<impl Into<i128>>) {
        if let Some(value) = value {
            self.number(name, value);
        }
    }

    /// Adds `true`, where it is.
    pub(crate) fn flag(&mut self, name: &str, value: bool) {
        if value {
            self.add(name, Value::BoolValue(true));
        }
    }

    /// Adds a list of texts, where it is not empty; what is behind [`MAX_TEXT_BYTES`] of them all is left out.
    pub(crate) fn list<'a>(&mut self, name: &str, values: impl IntoIterator<Item = &'a str>) {
        let mut room = MAX_TEXT_BYTES;
        let fits = |value: &&str| {
            let left = room.checked_sub(value.len());
            room = left.unwrap_or(0);
            left.is_some()
        };
        let text = |value: &str| any(Value::StringValue(value.to_owned()));
        let values: Vec<_> = values.into_iter().take_while(fits).map(text).collect();
        if !values.is_empty() {
            self.add(name, Value::ArrayValue(ArrayValue { values }));
        }
    }

    /// Sets an attribute, in the place of one of that name.
    pub(crate) fn replace(&mut self, name: &str, value: &str) {
        self.0.retain(|own| own.key != name);
        self.text(name, value);
    }
}

fn any(value: Value) -> AnyValue {
    AnyValue { value: Some(value) }
}

/// Creates a text as a value.
pub(crate) fn text(value: String) -> AnyValue {
    any(Value::StringValue(value))
}

/// Returns a text's first [`MAX_TEXT_BYTES`], without a part of a character.
pub(crate) fn cut(text: &str) -> &str {
    let end = text.floor_char_boundary(MAX_TEXT_BYTES);
    text.get(..end).unwrap_or(text)
}
