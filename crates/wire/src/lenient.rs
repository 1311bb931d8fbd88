//! Lenient reading for every type that a page or a server reads from another version: `null` means the field's default, as
//! if it were missing, and only a JSON object is read as a struct. What serde's derive does instead: it refuses `null`, and
//! reads `[]` as a struct whose fields all have their defaults.

use serde::de::{Deserialize, DeserializeOwned, Deserializer, IgnoredAny, Visitor};
use serde::forward_to_deserialize_any;
use serde_json::Value;

/// Parses a whole JSON text; a struct has to be an object. By way of a [`Value`]: one deserializer for all types keeps the
/// page small.
///
/// # Errors
/// `serde_json`'s, for a text that is no JSON or has another shape.
pub fn from_json<T: DeserializeOwned>(text: &str) -> Result<T, serde_json::Error> {
    from_value(serde_json::from_str(text)?)
}

/// Converts a JSON value; a struct has to be an object.
///
/// # Errors
/// `serde_json`'s, for a value of another shape.
pub fn from_value<T: DeserializeOwned>(value: Value) -> Result<T, serde_json::Error> {
    T::deserialize(ObjectOnly(value))
}

/// Reads a field that is no struct; `null` is its default.
pub(crate) fn or_default<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: Default + Deserialize<'de>,
    D: Deserializer<'de>,
{
    Option::<T>::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// Reads a field that is a struct; `null` is its default.
pub(crate) fn object<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: Default + Deserialize<'de>,
    D: Deserializer<'de>,
{
    Ok(Option::<Strict<T>>::deserialize(deserializer)?.map_or_else(T::default, |value| value.0))
}

/// Reads a list of structs; `null` is an empty one.
pub(crate) fn list<'de, T, D>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    let values: Option<Vec<Strict<T>>> = Option::deserialize(deserializer)?;
    Ok(values.unwrap_or_default().into_iter().map(|value| value.0).collect())
}

/// Reads a list of words, without those that this version does not know.
pub(crate) fn known<'de, T, D>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    #[derive(serde::Deserialize)]
    #[serde(untagged)]
    enum Word<T> {
        Known(T),
        Unknown(IgnoredAny),
    }
    let words: Option<Vec<Word<T>>> = Option::deserialize(deserializer)?;
    let known = |word| match word {
        Word::Known(word) => Some(word),
        Word::Unknown(_) => None,
    };
    Ok(words.unwrap_or_default().into_iter().filter_map(known).collect())
}

/// A value whose struct, if it is one, was an object.
pub(crate) struct Strict<T>(pub(crate) T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Strict<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(ObjectOnly(deserializer)).map(Self)
    }
}

/// Deserializer that asks for a map where a struct is wanted.
struct ObjectOnly<D>(D);

impl<'de, D: Deserializer<'de>> Deserializer<'de> for ObjectOnly<D> {
    type Error = D::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_any(visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0.deserialize_map(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_map(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_option(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_newtype_struct(name, visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0.deserialize_enum(name, variants, visitor)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct identifier ignored_any
    }
}

// On a 32-bit target a number of 64 bits is no longer small to copy, and the lint has nothing to say.
#[cfg_attr(
    target_pointer_width = "64",
    expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")
)]
pub(crate) const fn is_zero(number: &u64) -> bool {
    *number == 0
}
