//! TOML 1.1. Dates are text, as nothing in a config is a date.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::SyntaxError;
use super::position::LineIndex;
use crate::node::{MAX_DEPTH, Member, Node, Value};

/// Parses a text.
pub(crate) fn parse(text: &str) -> Result<Node, SyntaxError> {
    let lines = LineIndex::new(text);
    let table = DeTable::parse(text).map_err(|error| SyntaxError {
        message: error.message().to_owned(),
        at: lines.position(error.span().map_or(0, |span| span.start)),
    })?;
    Ok(Node {
        at: lines.position(table.span().start),
        value: members(&lines, table.into_inner(), 0)?,
    })
}

fn members(lines: &LineIndex<'_>, table: DeTable<'_>, depth: usize) -> Result<Value, SyntaxError> {
    let mut members = Vec::with_capacity(table.len());
    for (key, value) in table {
        members.push(Member {
            at: lines.position(key.span().start),
            key: key.into_inner().into_owned(),
            node: node(lines, value, depth + 1)?,
        });
    }
    // The parser sorts keys; a file's own order is the one of its places.
    members.sort_by_key(|member| member.at);
    Ok(Value::Map(members))
}

fn node(lines: &LineIndex<'_>, value: Spanned<DeValue<'_>>, depth: usize) -> Result<Node, SyntaxError> {
    let at = lines.position(value.span().start);
    if depth > MAX_DEPTH {
        return Err(SyntaxError::too_deep(at));
    }
    let value = match value.into_inner() {
        DeValue::Boolean(value) => Value::Bool(value),
        DeValue::String(text) => Value::Text(text.into_owned()),
        DeValue::Datetime(date) => Value::Text(date.to_string()),
        DeValue::Integer(number) => {
            let parsed = i128::from_str_radix(number.as_str(), number.radix()).ok();
            match parsed.and_then(serde_json::Number::from_i128) {
                Some(parsed) => Value::Number(parsed),
                None => Value::Text(number.to_string()),
            }
        }
        DeValue::Float(number) => match number.as_str().parse().ok().and_then(serde_json::Number::from_f64) {
            Some(parsed) => Value::Number(parsed),
            None => Value::Text(number.as_str().to_owned()),
        },
        DeValue::Array(array) => {
            let items = array.into_iter().map(|item| node(lines, item, depth + 1));
            Value::List(items.collect::<Result<_, _>>()?)
        }
        DeValue::Table(table) => members(lines, table, depth)?,
    };
    Ok(Node { value, at })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_and_values_have_their_places() {
        let root = parse("target = \"pod/a\"\n[feature.fs]\nread_only = [\"a\",\n  \"b\"]\nn = 0x10\n").unwrap();
        assert_eq!(root.at_path("feature.fs.read_only[1]").unwrap().at.line, 4);
        assert_eq!(root.at_path("feature.fs.n").unwrap().integer(), Some(16));
        assert_eq!(root.at_path("target").unwrap().text(), Some("pod/a"));
        assert_eq!(parse("a = \n").unwrap_err().at.line, 1);
    }

    #[test]
    fn deep_nesting_is_an_error() {
        assert!(parse(&format!("a = {}{}", "[".repeat(10_000), "]".repeat(10_000))).is_err());
    }
}
