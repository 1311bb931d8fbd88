//! Filters in the reader's language: what was understood, and what is wrong.

use mirrord_filter::{ErrorKind, Explanation, Field, FilterError, Relation, Statement};

use crate::format::text::shown;
use crate::i18n::{Key, t, with, with_two};

/// The most characters of a filter in words.
const MAX_CHARS: usize = 400;

/// The reader's word for a field.
#[must_use]
pub fn field_word(field: Field) -> &'static str {
    t(match field {
        Field::Type => Key::FieldType,
        Field::Op => Key::FieldOperation,
        Field::Path => Key::FieldPath,
        Field::Host => Key::FieldHost,
        Field::Address => Key::FieldAddress,
        Field::Port => Key::FieldPort,
        Field::Process | Field::Tree => Key::FieldProcess,
        Field::Outcome => Key::FieldOutcome,
        Field::Routing => Key::FieldRouting,
        Field::Direction => Key::FieldDirection,
        Field::Size => Key::FieldSize,
        Field::Time => Key::FieldTime,
        Field::Name => Key::FieldName,
        // The language's own names.
        other => return other.name(),
    })
}

/// Describes what was understood, in one sentence.
#[must_use]
pub fn explained(explanation: &Explanation) -> String {
    shown(&words(explanation, true), MAX_CHARS)
}

fn words(explanation: &Explanation, is_outermost: bool) -> String {
    let joined = |list: &[Explanation], key| {
        let parts = list.iter().map(|one| words(one, false));
        let inner = parts
            .reduce(|first, second| with_two(key, &first, &second))
            .unwrap_or_default();
        if is_outermost {
            inner
        } else {
            ["(", &inner, ")"].concat()
        }
    };
    match explanation {
        Explanation::Every(list) => joined(list, Key::SearchAnd),
        Explanation::Any(list) => joined(list, Key::SearchOr),
        Explanation::Not(inner) => with(Key::SearchNot, &words(inner, false)),
        Explanation::Statement(statement) => stated(statement),
    }
}

fn stated(statement: &Statement) -> String {
    let column = statement.field.map_or(t(Key::SearchAnyColumn), field_word);
    let values = statement.values.join(" / ");
    let key = match statement.relation {
        Relation::Has => Key::SearchHas,
        Relation::Is => Key::SearchIs,
        Relation::Like => Key::SearchLike,
        Relation::Matches => Key::SearchMatches,
        Relation::Descends => return with(Key::SearchDescends, &values),
        Relation::Present => return with(Key::SearchPresent, column),
    };
    with_two(key, column, &values)
}

/// Describes what is wrong with what was typed, and the way out.
#[must_use]
pub fn problem(error: &FilterError, typed: &str) -> String {
    let part = shown(typed.get(error.span()).unwrap_or(""), MAX_CHARS / 4);
    let meant = |says: String, nearest: Option<&str>| match nearest {
        Some(nearest) => with_two(Key::SearchDidYouMean, &says, nearest),
        None => says,
    };
    match error.kind() {
        ErrorKind::UnknownField(nearest) => meant(with(Key::SearchNoField, &part), *nearest),
        ErrorKind::UnknownWord(field, nearest) => meant(with_two(Key::SearchNoValue, field.name(), &part), *nearest),
        ErrorKind::NotANumber(field) => with_two(Key::SearchNotNumber, field.name(), &part),
        ErrorKind::NotATime => with(Key::SearchNotTime, &part),
        ErrorKind::BadPattern(reason) => [t(Key::BadPattern), ": ", reason].concat(),
        ErrorKind::NoGroup => t(Key::SearchNoGroup).to_owned(),
        _ if error.is_unfinished() => with(Key::SearchUnfinished, &part),
        _ => t(Key::SearchTooMuch).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use mirrord_filter::parse;

    use super::*;

    fn says(typed: &str) -> String {
        match parse(typed) {
            Ok(filter) => filter.explain().as_ref().map(explained).unwrap_or_default(),
            Err(error) => problem(&error, typed),
        }
    }

    #[test]
    fn what_was_understood_and_what_is_wrong_is_said() {
        for (typed, expected) in [
            (
                "hosts type:file,dns",
                "any column contains “hosts”, and type is file / dns",
            ),
            (
                "-path:*.so OR (a b)",
                "not: path is like “*.so”, or (any column contains “a”, and any column contains “b”)",
            ),
            (
                "tree:7 outcome:*",
                "process 7 or one that it started, and outcome is known",
            ),
            ("prot:80", "There is no field prot:; did you mean port?"),
            ("outcome:x", "outcome: has no value x"),
            ("type:", "Not finished yet: type:"),
            ("a)", "This ) has no ("),
            ("port:x", "port: takes a number or a range, and x is none"),
        ] {
            assert_eq!(says(typed), expected);
        }
        assert!(says("/(/").starts_with("Not a valid pattern: "));
        assert_eq!(says(&"a ".repeat(65)), "Too much for one filter");
    }
}
