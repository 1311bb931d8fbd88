//! Lenient reading for every type that a page or a server reads from another version: `null` means the field's default, as
//! if it were missing, and only a JSON object is read as a struct. What serde's derive does instead: it refuses `null`, and
//! reads `[]` as a struct whose fields all have their defaults.
//!
//! One deserializer over [`Value`], which takes of an object what a struct has fields for: the types derive their reading
//! plainly, and each is compiled once.

use std::fmt;

use serde::de::value::{MapDeserializer, SeqDeserializer};
use serde::de::{self, Deserialize, DeserializeOwned, Deserializer, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;
use serde_json::{Map, Value};

/// Text that is no JSON, or JSON of another shape than the type's. Without a reason: a peer's answer is read or it is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unreadable;

impl fmt::Display for Unreadable {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON of an unexpected shape")
    }
}

impl std::error::Error for Unreadable {}

impl de::Error for Unreadable {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

/// Parses a whole JSON text; a struct has to be an object.
///
/// # Errors
/// [`Unreadable`], for a text that is no JSON or has another shape.
pub fn from_json<T: DeserializeOwned>(text: &str) -> Result<T, Unreadable> {
    from_value(serde_json::from_str(text).map_err(|_| Unreadable)?)
}

/// Converts a JSON value; a struct has to be an object.
///
/// # Errors
/// [`Unreadable`], for a value of another shape.
pub fn from_value<T: DeserializeOwned>(value: Value) -> Result<T, Unreadable> {
    T::deserialize(Lenient(value))
}

/// Reads a list of words, without those that this version does not know.
pub(crate) fn known<'de, T, D>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    T: DeserializeOwned,
    D: Deserializer<'de>,
{
    let words = Vec::<Value>::deserialize(deserializer)?;
    Ok(words.into_iter().filter_map(|word| from_value(word).ok()).collect())
}

/// Deserializer of any value.
struct Lenient(Value);

impl<'de> Deserializer<'de> for Lenient {
    type Error = Unreadable;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(value),
            Value::String(text) => visitor.visit_string(text),
            Value::Array(items) => visitor.visit_seq(SeqDeserializer::new(items.into_iter().map(Lenient))),
            Value::Object(fields) => visitor.visit_map(entries(fields)),
            Value::Number(number) => match (number.as_u64(), number.as_i64(), number.as_f64()) {
                (Some(number), ..) => visitor.visit_u64(number),
                (_, Some(number), _) => visitor.visit_i64(number),
                (.., Some(number)) => visitor.visit_f64(number),
                _ => Err(Unreadable),
            },
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        match self.0 {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        match self.0 {
            Value::String(text) => text.into_deserializer().deserialize_enum(name, variants, visitor),
            _ => Err(Unreadable),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        match self.0 {
            Value::Object(mut fields) => Fields(&mut fields).deserialize_struct(name, names, visitor),
            _ => Err(Unreadable),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map identifier
    }
}

impl IntoDeserializer<'_, Unreadable> for Lenient {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

/// Deserializer of a struct from some fields of an object, which it takes; `null` counts as absent.
pub(crate) struct Fields<'a>(pub(crate) &'a mut Map<String, Value>);

impl<'de> Deserializer<'de> for Fields<'_> {
    type Error = Unreadable;

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        visitor.visit_map(take(self.0, names))
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_map(entries(std::mem::take(self.0)))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map identifier ignored_any option newtype_struct enum
    }
}

type Entries<'de, I> = MapDeserializer<'de, I, Unreadable>;

// Not generic over the visitor, so that there is one type of each.
fn entries<'de>(fields: Map<String, Value>) -> Entries<'de, impl Iterator<Item = (String, Lenient)>> {
    MapDeserializer::new(fields.into_iter().map(|(name, value)| (name, Lenient(value))))
}

fn take<'de, 'a>(
    fields: &'a mut Map<String, Value>,
    names: &'static [&'static str],
) -> Entries<'de, impl Iterator<Item = (&'static str, Lenient)> + 'a> {
    let field = |name: &&'static str| Some((*name, Lenient(fields.remove(*name).filter(|value| !value.is_null())?)));
    MapDeserializer::new(names.iter().filter_map(field))
}

/// Implements serde's traits for a struct that is `#[serde(remote = "Self")]` and some of whose fields are flattened: read
/// one after another from the same object. The last one, behind a semicolon, is a map and takes what is left. serde's own
/// `flatten` buffers the object in a form of its own, for which each type would be compiled once more.
macro_rules! flattened {
    ($type:ident: $($part:ident),+ $(; $rest:ident)?) => {
        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                Self::serialize(self, serializer)
            }
        }

        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let fields = serde::Deserialize::deserialize(deserializer)?;
                $type::from_fields(fields).map_err(serde::de::Error::custom)
            }
        }

        impl $type {
            fn from_fields(mut fields: serde_json::Map<String, serde_json::Value>) -> Result<Self, $crate::lenient::Unreadable> {
                let mut read = Self::deserialize($crate::lenient::Fields(&mut fields))?;
                $(read.$part = serde::Deserialize::deserialize($crate::lenient::Fields(&mut fields))?;)+
                $(read.$rest = fields;)?
                Ok(read)
            }
        }
    };
}
pub(crate) use flattened;

// On a 32-bit target a number of 64 bits is no longer small to copy, and the lint has nothing to say.
#[cfg_attr(
    target_pointer_width = "64",
    expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")
)]
pub(crate) const fn is_zero(number: &u64) -> bool {
    *number == 0
}
