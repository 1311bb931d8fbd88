//! Errors of a filter: the place, the reason and the way out. They repeat nothing that was typed.

use std::fmt;
use std::ops::Range;

use crate::field::{AFTER, BEFORE, Field, FieldKind};
use crate::limits;

/// Reason for which a text is no filter.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// No field has this name; the nearest one that has.
    UnknownField(Option<&'static str>),
    /// The field has a closed list of words, and this is none of them; the nearest one that is.
    UnknownWord(Field, Option<&'static str>),
    /// The value of a field is not a number or a range.
    NotANumber(Field),
    /// Not a time or a range.
    NotATime,
    /// The engine's reason for which a pattern is not valid.
    BadPattern(String),
    /// A field without a value.
    NoValue(Field),
    /// A phrase without its end.
    OpenPhrase,
    /// A phrase without a text.
    EmptyPhrase,
    /// A `(` without its `)`.
    OpenGroup,
    /// A `)` without its `(`.
    NoGroup,
    /// A pair of parentheses with nothing in it.
    EmptyGroup,
    /// `OR`, `AND` or `NOT` with nothing beside it.
    NoOperand,
    /// More than [`limits::MAX_BYTES`].
    TooLong,
    /// More than [`limits::MAX_DEPTH`].
    TooDeep,
    /// More than [`limits::MAX_TERMS`].
    TooManyTerms,
    /// More than [`limits::MAX_PATTERNS`].
    TooManyPatterns,
}

/// A text that is no filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilterError {
    span: Range<usize>,
    kind: ErrorKind,
}

impl FilterError {
    pub(crate) fn new(span: Range<usize>, kind: ErrorKind) -> Self {
        Self { span, kind }
    }

    /// The bytes of the text that are wrong, on character boundaries; empty where something is missing at its place.
    #[must_use]
    pub fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// The reason.
    #[must_use]
    pub fn kind(&self) -> &ErrorKind {
        &self.kind
    }

    /// Reports a filter that is not wrong yet: more has to be typed.
    #[must_use]
    pub fn is_unfinished(&self) -> bool {
        matches!(
            self.kind,
            ErrorKind::NoValue(_)
                | ErrorKind::OpenPhrase
                | ErrorKind::EmptyPhrase
                | ErrorKind::OpenGroup
                | ErrorKind::NoOperand
        )
    }

    /// A word for the reason, for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self.kind {
            ErrorKind::UnknownField(_) => "unknown_field",
            ErrorKind::UnknownWord(..) => "unknown_value",
            ErrorKind::NotANumber(_) => "not_a_number",
            ErrorKind::NotATime => "not_a_time",
            ErrorKind::BadPattern(_) => "bad_pattern",
            ErrorKind::NoValue(_) => "no_value",
            ErrorKind::OpenPhrase => "open_phrase",
            ErrorKind::EmptyPhrase => "empty_phrase",
            ErrorKind::OpenGroup => "open_group",
            ErrorKind::NoGroup => "no_group",
            ErrorKind::EmptyGroup => "empty_group",
            ErrorKind::NoOperand => "no_operand",
            ErrorKind::TooLong => "too_long",
            ErrorKind::TooDeep => "too_deep",
            ErrorKind::TooManyTerms => "too_many_terms",
            ErrorKind::TooManyPatterns => "too_many_patterns",
        }
    }

    /// The way out, as an English sentence without its upper case; what was misspelt, where that is known.
    #[must_use]
    pub fn hint(&self) -> String {
        match &self.kind {
            ErrorKind::UnknownField(Some(name)) => format!("did you mean `{name}:`?"),
            ErrorKind::UnknownField(None) => {
                let names: Vec<_> = Field::all().map(Field::name).collect();
                format!(
                    "fields are {}, {AFTER} and {BEFORE}; put quotes around a word with a colon",
                    names.join(", ")
                )
            }
            ErrorKind::UnknownWord(_, Some(word)) => format!("did you mean `{word}`?"),
            ErrorKind::UnknownWord(field, None) => {
                format!("`{}:` takes {}", field.name(), crate::values::words(*field).join(", "))
            }
            ErrorKind::NotANumber(field) => number_hint(*field),
            ErrorKind::NotATime => {
                "as in `16:05`, `16:05:07..16:06`, `2026-11-29T16:05:00Z` or `-5m`, five minutes ago".to_owned()
            }
            ErrorKind::BadPattern(_) => "put quotes around a text with slashes that is no pattern".to_owned(),
            ErrorKind::NoValue(field) => format!("as in `{}:{}`", field.name(), example(*field)),
            ErrorKind::OpenPhrase => "end it with `\"`".to_owned(),
            ErrorKind::EmptyPhrase => "put a text between the quotes".to_owned(),
            ErrorKind::OpenGroup => "end it with `)`".to_owned(),
            ErrorKind::NoGroup => "put quotes around a `)` that is meant as text".to_owned(),
            ErrorKind::EmptyGroup => "put something between `(` and `)`".to_owned(),
            ErrorKind::NoOperand => "put something on both sides, or quotes around it".to_owned(),
            ErrorKind::TooLong | ErrorKind::TooDeep | ErrorKind::TooManyTerms | ErrorKind::TooManyPatterns => {
                "make it shorter".to_owned()
            }
        }
    }
}

fn number_hint(field: Field) -> String {
    let name = field.name();
    match field.kind() {
        FieldKind::Bytes => format!("as in `{name}:>1MB` or `{name}:512..4KiB`"),
        FieldKind::Process => format!("as in `{name}:4711`"),
        _ => format!(
            "as in `{name}:{}`, `{name}:80,443`, `{name}:1024..2048` or `{name}:>1023`",
            example(field)
        ),
    }
}

/// A value of a field.
pub(crate) fn example(field: Field) -> &'static str {
    match field {
        Field::Type => "file",
        Field::Op => "open",
        Field::Path => "*.json",
        Field::Host => "db.example",
        Field::Address => "10.0.0.1",
        Field::Name => "config",
        Field::Port => "5432",
        Field::Pid | Field::Tree => "4711",
        Field::Process => "node",
        Field::Outcome => "not_found",
        Field::Routing => "remote",
        Field::Rule => "fs",
        Field::Direction => "in",
        Field::Size => ">1MB",
        Field::Time => "16:05..16:07",
    }
}

impl fmt::Display for FilterError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            ErrorKind::UnknownField(_) => out.write_str("there is no such field"),
            ErrorKind::UnknownWord(field, _) => write!(out, "`{}:` has no such value", field.name()),
            ErrorKind::NotANumber(field) => write!(out, "`{}:` takes a number or a range", field.name()),
            ErrorKind::NotATime => out.write_str("this is no time and no range of times"),
            ErrorKind::BadPattern(reason) => write!(out, "the pattern is not valid: {reason}"),
            ErrorKind::NoValue(field) => write!(out, "`{}:` has no value yet", field.name()),
            ErrorKind::OpenPhrase => out.write_str("the phrase has no end yet"),
            ErrorKind::EmptyPhrase => out.write_str("there is nothing in the quotes"),
            ErrorKind::OpenGroup => out.write_str("the `(` has no end yet"),
            ErrorKind::NoGroup => out.write_str("this `)` has no `(`"),
            ErrorKind::EmptyGroup => out.write_str("there is nothing in the parentheses"),
            ErrorKind::NoOperand => out.write_str("`OR`, `AND` and `NOT` stand beside something"),
            ErrorKind::TooLong => write!(out, "the filter is longer than {} bytes", limits::MAX_BYTES),
            ErrorKind::TooDeep => write!(out, "there are more than {} levels of parentheses", limits::MAX_DEPTH),
            ErrorKind::TooManyTerms => write!(out, "there are more than {} terms", limits::MAX_TERMS),
            ErrorKind::TooManyPatterns => write!(out, "there are more than {} patterns", limits::MAX_PATTERNS),
        }
    }
}

impl std::error::Error for FilterError {}
