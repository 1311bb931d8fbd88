//! YAML 1.2, core schema, one document. Aliases are expanded up to [`MAX_NODES`] values, so that a few lines of them
//! cannot fill the memory.

use std::collections::HashMap;

use saphyr_parser::{Event, Parser, ScalarStyle, Span};

use super::SyntaxError;
use crate::node::{MAX_DEPTH, Member, Node, Position, Value};

/// Values of a document, those that aliases repeat included; more are an error.
const MAX_NODES: usize = 100_000;

/// Parses a text; an empty one is an empty config, as in a released mirrord.
pub(crate) fn parse(text: &str) -> Result<Node, SyntaxError> {
    let mut builder = Builder::default();
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| SyntaxError {
            message: error.info().to_owned(),
            at: position(error.marker().line(), error.marker().col()),
        })?;
        builder.event(event, span)?;
    }
    let start = Position { line: 1, column: 1 };
    Ok(builder.root.filter(|root| root.value != Value::Null).unwrap_or(Node {
        value: Value::Map(Vec::new()),
        at: start,
    }))
}

fn position(line: usize, column: usize) -> Position {
    Position {
        line: u32::try_from(line.max(1)).unwrap_or(u32::MAX),
        column: u32::try_from(column + 1).unwrap_or(u32::MAX),
    }
}

/// Open list or object.
struct Open {
    node: Node,
    anchor: usize,
    /// The key whose value comes next.
    key: Option<(String, Position)>,
}

#[derive(Default)]
struct Builder {
    open: Vec<Open>,
    root: Option<Node>,
    /// Finished values that have an anchor, with their number of values and their depth.
    anchors: HashMap<usize, (Node, usize, usize)>,
    nodes: usize,
}

impl Builder {
    fn event(&mut self, event: Event<'_>, span: Span) -> Result<(), SyntaxError> {
        let at = position(span.start.line(), span.start.col());
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let is_text = style != ScalarStyle::Plain || tag.is_some_and(|tag| tag.suffix == "str");
                let value = if is_text {
                    Value::Text(text.into_owned())
                } else {
                    plain(&text)
                };
                self.finish(Node { value, at }, anchor)
            }
            Event::SequenceStart(anchor, _) => self.start(Value::List(Vec::new()), anchor, at),
            Event::MappingStart(anchor, _) => self.start(Value::Map(Vec::new()), anchor, at),
            Event::SequenceEnd | Event::MappingEnd => match self.open.pop() {
                Some(open) => self.finish(open.node, open.anchor),
                None => Ok(()),
            },
            Event::Alias(anchor) => match self.anchors.get(&anchor).cloned() {
                Some((node, count, depth)) => {
                    self.count(count, at)?;
                    // What an alias repeats is as deep as it is, and can itself have aliases.
                    if self.open.len() + depth > MAX_DEPTH {
                        return Err(SyntaxError::too_deep(at));
                    }
                    self.finish(Node { at, ..node }, 0)
                }
                None => Err(error("an alias within its own anchor", at)),
            },
            Event::DocumentStart(_) if self.root.is_some() => Err(error("a second document", at)),
            _ => Ok(()),
        }
    }

    fn count(&mut self, more: usize, at: Position) -> Result<(), SyntaxError> {
        self.nodes = self.nodes.saturating_add(more);
        if self.nodes > MAX_NODES {
            return Err(error(
                "more than 100,000 values, those that aliases repeat included",
                at,
            ));
        }
        Ok(())
    }

    fn start(&mut self, value: Value, anchor: usize, at: Position) -> Result<(), SyntaxError> {
        if self.open.len() > MAX_DEPTH {
            return Err(SyntaxError::too_deep(at));
        }
        self.open.push(Open {
            node: Node { value, at },
            anchor,
            key: None,
        });
        Ok(())
    }

    fn finish(&mut self, node: Node, anchor: usize) -> Result<(), SyntaxError> {
        self.count(1, node.at)?;
        if anchor != 0 {
            let (count, depth) = size_of(&node);
            self.count(count, node.at)?;
            self.anchors.insert(anchor, (node.clone(), count, depth));
        }
        let Some(open) = self.open.last_mut() else {
            self.root = Some(node);
            return Ok(());
        };
        match (&mut open.node.value, open.key.take()) {
            (Value::Map(members), Some((key, at))) => members.push(Member { key, at, node }),
            (Value::Map(_), None) => {
                let at = node.at;
                open.key = Some((key_text(node)?, at));
            }
            (Value::List(items), _) => items.push(node),
            _ => {}
        }
        Ok(())
    }
}

/// Returns the number of values in a value, itself included, and how many levels deep they are.
fn size_of(node: &Node) -> (usize, usize) {
    let add = |(count, depth): (usize, usize), node: &Node| {
        let (more, deep) = size_of(node);
        (count + more, depth.max(deep + 1))
    };
    match &node.value {
        Value::List(items) => items.iter().fold((1, 1), add),
        Value::Map(members) => members.iter().map(|member| &member.node).fold((1, 1), add),
        _ => (1, 0),
    }
}

fn key_text(node: Node) -> Result<String, SyntaxError> {
    match node.value {
        Value::Text(text) => Ok(text),
        Value::Bool(value) => Ok(value.to_string()),
        Value::Number(number) => Ok(number.to_string()),
        Value::Null => Ok("null".to_owned()),
        Value::List(_) | Value::Map(_) => Err(error("a key that is not text", node.at)),
    }
}

fn error(message: &str, at: Position) -> SyntaxError {
    SyntaxError {
        message: message.to_owned(),
        at,
    }
}

/// Value of a plain scalar in YAML's core schema, section 10.3.2 of its specification: `yes`, `on` and `off` are text.
fn plain(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Value::Null,
        "true" | "True" | "TRUE" => return Value::Bool(true),
        "false" | "False" | "FALSE" => return Value::Bool(false),
        _ => {}
    }
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let radix = |prefix: &str, radix| {
        let digits = text.strip_prefix(prefix)?;
        u64::from_str_radix(digits, radix).ok()
    };
    let whole = radix("0x", 16).or_else(|| radix("0o", 8)).map(Into::into);
    let is_decimal = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let is_float = digits.bytes().any(|byte| byte.is_ascii_digit())
        && digits
            .bytes()
            .all(|byte| byte.is_ascii_digit() || b".eE+-".contains(&byte));
    let number = if is_decimal {
        text.parse::<i128>().ok().and_then(serde_json::Number::from_i128)
    } else if is_float {
        text.parse().ok().and_then(serde_json::Number::from_f64)
    } else {
        None
    };
    whole
        .or(number)
        .map_or_else(|| Value::Text(text.to_owned()), Value::Number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_have_their_types_and_places() {
        let root =
            parse("target: pod/a\nfeature:\n  network:\n    incoming: off\n    ports: [0x10, 8080]\n  fs: true\n")
                .unwrap();
        assert_eq!(root.at_path("feature.network.incoming").unwrap().text(), Some("off"));
        assert_eq!(root.at_path("feature.network.ports[1]").unwrap().integer(), Some(8080));
        let fs = root.at_path("feature.fs").unwrap();
        assert_eq!((fs.bool(), fs.at.line, fs.at.column), (Some(true), 6, 7));
        assert!(parse("").unwrap().members().is_empty());
        assert!(parse("a: [").is_err());
    }

    #[test]
    fn aliases_repeat_and_a_bomb_of_them_is_an_error() {
        let root = parse("a: &x [1, 2]\nb: *x\n").unwrap();
        assert_eq!(root.at_path("b[1]").unwrap().integer(), Some(2));
        let mut bomb = "a0: &a0 [1,1,1,1,1,1,1,1,1,1]\n".to_owned();
        for level in 1..9 {
            let before = level - 1;
            let list = vec![format!("*a{before}"); 10].join(",");
            bomb.push_str(&format!("a{level}: &a{level} [{list}]\n"));
        }
        assert!(parse(&bomb).unwrap_err().message.contains("aliases"));
    }

    #[test]
    fn deep_nesting_is_an_error() {
        assert!(parse(&"[".repeat(10_000)).is_err());
        assert!(parse(&"- ".repeat(10_000)).is_err());
        let mut text = format!("a0: &a0 {}{}\n", "[".repeat(100), "]".repeat(100));
        for level in 1..30 {
            let (before, open, close) = (level - 1, "[".repeat(100), "]".repeat(100));
            text.push_str(&format!("a{level}: &a{level} {open}*a{before}{close}\n"));
        }
        let error = parse(&text).unwrap_err();
        assert!(error.message.contains("levels deep"), "{}", error.message);
        assert!(parse("a: &x [[1]]\nb: [[*x]]\n").is_ok());
    }
}
