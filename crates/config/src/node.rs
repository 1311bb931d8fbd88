//! Syntax tree of a config file, the same for JSON, TOML and YAML: each value and key with its position.
//!
//! A tree is at most [`MAX_DEPTH`] deep, so that walking and dropping it needs no more stack than that.

use serde::Serialize;
use serde_json::{Map, Number};

/// Levels of objects and lists within each other that are read; a deeper file is an error. The limit of serde_json, and
/// so of a released mirrord.
pub const MAX_DEPTH: usize = 128;

/// Line and column of a value in its file, both from 1; columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column, from 1.
    pub column: u32,
}

/// Value with its position.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Node {
    /// The value.
    pub(crate) value: Value,
    /// Position of its first character.
    pub(crate) at: Position,
}

/// Value of a config file.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// Any number.
    Number(Number),
    /// Text.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// An object, in the order of the file.
    Map(Vec<Member>),
}

/// Key of an object with its value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Member {
    /// The key.
    pub(crate) key: String,
    /// Position of the key.
    pub(crate) at: Position,
    /// The value.
    pub(crate) node: Node,
}

impl Node {
    /// Returns the member of an object; the last one where the key is there twice, as serde_json has it.
    pub(crate) fn get(&self, key: &str) -> Option<&Self> {
        self.members()
            .iter()
            .rev()
            .find(|member| member.key == key)
            .map(|member| &member.node)
    }

    /// Returns the members of an object, none for other values.
    pub(crate) fn members(&self) -> &[Member] {
        match &self.value {
            Value::Map(members) => members,
            _ => &[],
        }
    }

    /// Returns the text, where it is one.
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Returns the boolean, where it is one.
    pub(crate) fn bool(&self) -> Option<bool> {
        match self.value {
            Value::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// Returns the number, where it is a whole one that is not negative.
    pub(crate) fn integer(&self) -> Option<u64> {
        match &self.value {
            Value::Number(number) => number.as_u64(),
            _ => None,
        }
    }

    /// Returns the items of a list, or the value itself where it is no list: `"a"` means `["a"]`.
    pub(crate) fn items(&self) -> &[Self] {
        match &self.value {
            Value::List(items) => items,
            _ => std::slice::from_ref(self),
        }
    }

    /// Returns the value at a path such as `feature.fs.not_found[0]`; `null` is nothing, and `[0]` of a value that is no
    /// list is the value.
    pub(crate) fn at_path(&self, path: &str) -> Option<&Self> {
        let mut node = self;
        for part in path.split('.') {
            let (key, index) = match part.split_once('[') {
                Some((key, index)) => (key, Some(index.trim_end_matches(']').parse::<usize>().ok()?)),
                None => (part, None),
            };
            node = node.get(key)?;
            if let Some(index) = index {
                node = node.items().get(index)?;
            }
        }
        (node.value != Value::Null).then_some(node)
    }

    /// Adds the paths of the values in this one, each with its position: of a member that of its key.
    pub(crate) fn collect_places(&self, path: &str, places: &mut Vec<(String, Position)>) {
        let dot = if path.is_empty() { "" } else { "." };
        for member in self.members() {
            let own = [path, dot, &member.key].concat();
            places.push((own.clone(), member.at));
            member.node.collect_places(&own, places);
        }
        if let Value::List(items) = &self.value {
            for (index, item) in items.iter().enumerate() {
                let own = format!("{path}[{index}]");
                places.push((own.clone(), item.at));
                item.collect_places(&own, places);
            }
        }
    }

    /// Adds the values that are set, each with its path: objects by their members, a list as one.
    pub(crate) fn collect_leaves<'a>(&'a self, path: &str, leaves: &mut Vec<(String, &'a Self)>) {
        let dot = if path.is_empty() { "" } else { "." };
        match &self.value {
            Value::Null => {}
            Value::Map(members) => {
                for member in members {
                    member.node.collect_leaves(&[path, dot, &member.key].concat(), leaves);
                }
            }
            _ => leaves.push((path.to_owned(), self)),
        }
    }

    /// Names the type of the value, for errors.
    pub(crate) fn kind(&self) -> &'static str {
        match self.value {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::Text(_) => "text",
            Value::List(_) => "a list",
            Value::Map(_) => "an object",
        }
    }

    /// Converts the tree into JSON without positions.
    pub(crate) fn to_json(&self) -> serde_json::Value {
        match &self.value {
            Value::Null => serde_json::Value::Null,
            Value::Bool(value) => (*value).into(),
            Value::Number(number) => serde_json::Value::Number(number.clone()),
            Value::Text(text) => text.as_str().into(),
            Value::List(items) => items.iter().map(Self::to_json).collect(),
            Value::Map(members) => {
                let pairs = members.iter().map(|member| (member.key.clone(), member.node.to_json()));
                serde_json::Value::Object(pairs.collect::<Map<_, _>>())
            }
        }
    }
}
