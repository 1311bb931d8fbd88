//! Filters that are being typed: what is right of a text that is no filter yet.

use std::ops::Range;

use crate::ast::Filter;
use crate::error::{ErrorKind, FilterError};
use crate::parser::parse;

/// The most words that are left out.
const MAX_LEFT_OUT: usize = 8;

/// Parses a text, and leaves out the words that are wrong or not finished. So a filter does not change to everything, or to
/// nothing, between two keys, and depends on the text alone. A text that is too much is everything.
#[must_use]
pub fn parse_leniently(text: &str) -> Filter {
    let mut left = text.to_owned();
    for _ in 0..=MAX_LEFT_OUT {
        match parse(&left) {
            Ok(filter) => return filter,
            Err(error) => match wrong_part(&left, &error).filter(|part| !part.is_empty()) {
                Some(part) => left.replace_range(part, ""),
                None => break,
            },
        }
    }
    Filter::default()
}

/// The part of a text that goes with an error: the sign alone, or the whole word.
fn wrong_part(text: &str, error: &FilterError) -> Option<Range<usize>> {
    let span = error.span();
    match error.kind() {
        ErrorKind::OpenGroup | ErrorKind::NoGroup | ErrorKind::NoOperand | ErrorKind::EmptyGroup => Some(span),
        ErrorKind::TooLong | ErrorKind::TooDeep | ErrorKind::TooManyTerms | ErrorKind::TooManyPatterns => None,
        _ => {
            let before = text
                .get(..span.start)?
                .trim_end_matches(|letter: char| !letter.is_whitespace() && letter != '(');
            let behind = text
                .get(span.end..)?
                .trim_start_matches(|letter: char| !letter.is_whitespace() && letter != ')');
            Some(before.len()..text.len() - behind.len())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_is_left_out() {
        for (text, left) in [
            ("config prot:80", "config"),
            ("config -prot:80 x", "config x"),
            ("a path:", "a"),
            ("(a OR type:", "a"),
            ("a (b outcome:x) c", "a b c"),
            ("a \"open phrase", "a"),
            ("a path:\"open phrase", "a"),
            ("a OR", "a"),
            ("a)", "a"),
            ("/(/", ""),
            ("a /(/ b", "a b"),
            ("()", ""),
            ("a b", "a b"),
        ] {
            assert_eq!(parse_leniently(text).to_string(), left, "{text}");
        }
        assert!(parse_leniently(&"a ".repeat(100)).is_open() && parse_leniently(&"x: ".repeat(100)).is_open());
    }
}
