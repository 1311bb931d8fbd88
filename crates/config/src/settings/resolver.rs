//! Reading of single values: environment variable, file, default, in this order, each noted with its origin.

use super::patterns::Pattern;
use super::values::{Origin, ResolvedValue, Variables};
use crate::node::{Node, Value};
use crate::problem::{Problem, Problems};

/// Reads values of one config.
pub(super) struct Resolver<'a> {
    pub(super) root: &'a Node,
    pub(super) variables: &'a Variables,
    pub(super) values: Vec<ResolvedValue>,
    pub(super) problems: &'a mut Problems,
}

impl<'a> Resolver<'a> {
    /// Returns the value at a path; `null` is none.
    pub(super) fn node(&self, path: &str) -> Option<&'a Node> {
        self.root.at_path(path)
    }

    /// Reports `false` in place of an object.
    pub(super) fn is_off(&self, path: &str) -> bool {
        self.node(path).and_then(Node::bool) == Some(false)
    }

    pub(super) fn variable(&self, name: &str) -> Option<&'a str> {
        self.variables.get(name).map(String::as_str)
    }

    /// Notes a value for `mirrord config show`.
    pub(super) fn note(&mut self, path: &str, value: impl Into<serde_json::Value>, origin: Origin) {
        self.values.push(ResolvedValue {
            path: path.to_owned(),
            value: value.into(),
            origin,
        });
    }

    pub(super) fn wrong_variable(&mut self, path: &str, name: &'static str, value: &str, expected: &str) {
        let message = format!("the environment variable {name} is `{value}`, expected {expected}");
        self.problems.push(Problem::error(path, None, message));
    }

    /// Reads a boolean. A variable is `true` or `false`, as Rust's `bool` parses.
    pub(super) fn bool(&mut self, path: &'static str, name: Option<&'static str>, default: (bool, Origin)) -> bool {
        let from_variable = name.and_then(|name| Some((name, self.bool_variable(path, name)?)));
        let from_file = self.node(path).and_then(|node| Some((node.bool()?, node.at)));
        let (value, origin) = match (from_variable, from_file) {
            (Some((name, value)), _) => (value, Origin::Variable(name)),
            (None, Some((value, at))) => (value, Origin::File(at)),
            (None, None) => default,
        };
        self.note(path, value, origin);
        value
    }

    pub(super) fn bool_variable(&mut self, path: &str, name: &'static str) -> Option<bool> {
        let text = self.variable(name)?;
        match text.parse() {
            Ok(value) => Some(value),
            Err(_) => {
                self.wrong_variable(path, name, text, "`true` or `false`");
                None
            }
        }
    }

    /// Reads a list of texts; one text is a list of one. `;` separates in a variable, and not in the file.
    pub(super) fn texts(&mut self, path: &'static str, name: Option<&'static str>) -> Option<Vec<Pattern>> {
        let from_variable = name.and_then(|name| Some((name, self.variable(name)?)));
        let (patterns, origin) = match (from_variable, self.node(path)) {
            (Some((name, text)), _) => {
                let parts = text.split(';').enumerate();
                let parts = parts.map(|(index, part)| Pattern {
                    text: part.to_owned(),
                    path: format!("{path}[{index}]"),
                    at: None,
                });
                (parts.collect::<Vec<_>>(), Origin::Variable(name))
            }
            (None, Some(node)) => (texts_of(path, node), Origin::File(node.at)),
            (None, None) => return None,
        };
        let values: serde_json::Value = patterns.iter().map(|pattern| pattern.text.as_str()).collect();
        self.note(path, values, origin);
        Some(patterns)
    }

    /// Reads an object of texts, in the order of the file.
    pub(super) fn text_map(&mut self, path: &'static str) -> Vec<(Pattern, String)> {
        let Some(node) = self.node(path) else {
            return Vec::new();
        };
        let pairs = node.members().iter().filter_map(|member| {
            let pattern = Pattern {
                text: member.key.clone(),
                path: path.to_owned(),
                at: Some(member.at),
            };
            Some((pattern, member.node.text()?.to_owned()))
        });
        let pairs = pairs.collect();
        self.note(path, node.to_json(), Origin::File(node.at));
        pairs
    }

    /// Reads a list of ports; one port is a list of one.
    pub(super) fn ports(&mut self, path: &'static str) -> Option<Vec<u16>> {
        let node = self.node(path)?;
        let ports: Vec<u16> = node.items().iter().filter_map(port).collect();
        self.note(path, ports.clone(), Origin::File(node.at));
        Some(ports)
    }

    /// Reads a list of pairs of ports.
    pub(super) fn port_pairs(&mut self, path: &'static str) -> Vec<(u16, u16)> {
        let Some(node) = self.node(path) else {
            return Vec::new();
        };
        let pairs = node.items().iter().filter_map(|item| match &item.value {
            Value::List(pair) => Some((port(pair.first()?)?, port(pair.get(1)?)?)),
            _ => None,
        });
        let pairs = pairs.collect();
        self.note(path, node.to_json(), Origin::File(node.at));
        pairs
    }
}

fn port(node: &Node) -> Option<u16> {
    node.integer().and_then(|port| u16::try_from(port).ok())
}

/// Returns the texts of a list with their places.
pub(super) fn texts_of(path: &str, node: &Node) -> Vec<Pattern> {
    let items = node.items().iter().enumerate();
    let texts = items.filter_map(|(index, item)| {
        Some(Pattern {
            text: item.text()?.to_owned(),
            path: format!("{path}[{index}]"),
            at: Some(item.at),
        })
    });
    texts.collect()
}
