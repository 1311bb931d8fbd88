//! JSON, as strict as serde_json: no comments, no trailing commas.

use jsonc_parser::ast;
use jsonc_parser::common::Ranged as _;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

use super::SyntaxError;
use super::position::LineIndex;
use crate::node::{MAX_DEPTH, Member, Node, Value};

/// Nothing that is not in RFC 8259.
const STRICT: ParseOptions = ParseOptions {
    allow_comments: false,
    allow_loose_object_property_names: false,
    allow_trailing_commas: false,
    allow_missing_commas: false,
    allow_single_quoted_strings: false,
    allow_hexadecimal_numbers: false,
    allow_unary_plus_numbers: false,
    allow_bare_decimal_point_numbers: false,
    allow_non_finite_numbers: false,
    allow_extended_string_escapes: false,
};

/// Parses a text.
pub(crate) fn parse(text: &str) -> Result<Node, SyntaxError> {
    let lines = LineIndex::new(text);
    if text.starts_with('\u{feff}') {
        return Err(SyntaxError {
            message: "the file begins with a byte order mark, which JSON does not have: save it as UTF-8 without one"
                .to_owned(),
            at: lines.position(0),
        });
    }
    let parsed = parse_to_ast(text, &CollectOptions::default(), &STRICT).map_err(|error| SyntaxError {
        message: lower_first(&error.kind().to_string()),
        at: lines.position(error.range().start),
    })?;
    let value = parsed.value.ok_or_else(|| SyntaxError {
        message: "the file is empty: `{}` is the smallest config".to_owned(),
        at: lines.position(0),
    })?;
    node(&lines, value, 0)
}

/// The parser's messages are sentences; ours go on after a colon.
fn lower_first(message: &str) -> String {
    let mut letters = message.chars();
    match letters.next() {
        Some(first) => first.to_lowercase().chain(letters).collect(),
        None => String::new(),
    }
}

fn node(lines: &LineIndex<'_>, value: ast::Value<'_>, depth: usize) -> Result<Node, SyntaxError> {
    let at = lines.position(value.range().start);
    if depth > MAX_DEPTH {
        return Err(SyntaxError::too_deep(at));
    }
    let value = match value {
        ast::Value::NullKeyword(_) => Value::Null,
        ast::Value::BooleanLit(literal) => Value::Bool(literal.value),
        ast::Value::StringLit(literal) => Value::Text(literal.value.into_owned()),
        ast::Value::NumberLit(literal) => match serde_json::from_str(literal.value) {
            Ok(number) => Value::Number(number),
            Err(_) => {
                return Err(SyntaxError {
                    message: format!("`{}` is not a number of JSON", literal.value),
                    at,
                });
            }
        },
        ast::Value::Array(array) => {
            let items = array.elements.into_iter();
            Value::List(
                items
                    .map(|item| node(lines, item, depth + 1))
                    .collect::<Result<_, _>>()?,
            )
        }
        ast::Value::Object(object) => {
            let members = object.properties.into_iter();
            Value::Map(
                members
                    .map(|property| member(lines, property, depth))
                    .collect::<Result<_, _>>()?,
            )
        }
    };
    Ok(Node { value, at })
}

fn member(lines: &LineIndex<'_>, property: ast::ObjectProp<'_>, depth: usize) -> Result<Member, SyntaxError> {
    let at = lines.position(property.range.start);
    Ok(Member {
        at,
        key: property.name.into_string(),
        node: node(lines, property.value, depth + 1)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_value_has_its_place() {
        let root = parse("{\n  \"a\": [1, \"x\"],\n  \"b\": {\"c\": null}\n}").unwrap();
        let at = |path: &str| {
            let node = root.at_path(path).unwrap();
            (node.at.line, node.at.column)
        };
        assert_eq!(at("a"), (2, 8));
        assert_eq!(at("a[1]"), (2, 12));
        assert_eq!(root.members()[1].at.line, 3);
        assert!(root.at_path("b.c").is_none() && root.at_path("b").is_some());
    }

    #[test]
    fn a_byte_order_mark_is_named() {
        let error = parse("\u{feff}{}").unwrap_err();
        assert!(error.message.contains("byte order mark"), "{}", error.message);
    }

    #[test]
    fn what_serde_json_refuses_is_refused() {
        for text in [
            "",
            "{",
            "{} x",
            "{\"a\":1,}",
            "{a:1}",
            "// c\n{}",
            "[1 2]",
            "{\"a\":01}",
            "{\"a\":.5}",
            "'a'",
            "nul",
        ] {
            assert!(parse(text).is_err(), "{text}");
            assert!(serde_json::from_str::<serde_json::Value>(text).is_err(), "{text}");
        }
    }

    #[test]
    fn ten_thousand_levels_are_an_error_and_no_crash() {
        let deep = "[".repeat(10_000);
        assert!(parse(&deep).is_err());
        let closed = format!("{}{}", "[".repeat(200), "]".repeat(200));
        assert!(parse(&closed).unwrap_err().message.contains("128"));
    }
}
