//! Check of a tree against the schema: every unknown key and wrong type at once.

use std::collections::BTreeSet;

use super::keys::{ROOT, TARGET_KEYS, TARGET_LABELS, TARGET_TYPES};
use super::shape::{Key, PORT, Shape};
use crate::node::{Member, Node, Value};
use crate::problem::{Problem, Problems};

/// Adds what breaks the schema.
pub(crate) fn check(root: &Node, problems: &mut Problems) {
    Check { problems }.shape("", root, &ROOT);
}

struct Check<'a> {
    problems: &'a mut Problems,
}

/// Path of a member.
fn child(path: &str, key: &str) -> String {
    if path.is_empty() {
        key.to_owned()
    } else {
        format!("{path}.{key}")
    }
}

impl Check<'_> {
    fn shape(&mut self, path: &str, node: &Node, shape: &Shape) {
        match (shape, &node.value) {
            (Shape::Any, _) | (Shape::Bool, Value::Bool(_)) | (Shape::Text, Value::Text(_)) => {}
            (_, Value::Null) if !path.is_empty() => {}
            (Shape::Integer(most), Value::Number(_)) => self.integer(path, node, *most),
            (Shape::Word(words), Value::Text(text)) => self.word(path, node, text, words),
            (Shape::Object(keys), Value::Map(_)) => self.object(path, node, keys),
            (Shape::Map(shape), Value::Map(members)) => {
                for member in members {
                    self.shape(&child(path, &member.key), &member.node, shape);
                }
            }
            (Shape::List(shape) | Shape::OneOrMore(shape), Value::List(_)) => self.items(path, node, shape),
            (Shape::OneOrMore(shape), _) => self.shape(path, node, shape),
            (Shape::PortPairs, Value::List(items)) => self.port_pairs(path, items),
            (Shape::Target, _) => self.target(path, node),
            (Shape::SidedFilter, Value::Map(_)) => self.sided_filter(path, node),
            (Shape::Either(shapes), _) => match shapes.iter().find(|shape| fits(shape, node)) {
                Some(shape) => self.shape(path, node, shape),
                None => self.wrong_type(path, node, shape),
            },
            _ => self.wrong_type(path, node, shape),
        }
    }

    fn wrong_type(&mut self, path: &str, node: &Node, shape: &Shape) {
        let problem = Problem::error(path, Some(node.at), format!("expected {}", words_of(shape)));
        self.problems.push(problem.found(found(node)));
    }

    fn integer(&mut self, path: &str, node: &Node, most: u64) {
        if node.integer().is_some_and(|number| number <= most) {
            return;
        }
        let range = match most {
            u64::MAX => "a whole number from 0".to_owned(),
            most => format!("a whole number from 0 to {most}"),
        };
        let problem = Problem::error(path, Some(node.at), format!("expected {range}"));
        self.problems.push(problem.found(found(node)));
    }

    fn word(&mut self, path: &str, node: &Node, text: &str, words: &'static [&'static str]) {
        if !words.contains(&text) {
            let problem = Problem::error(path, Some(node.at), format!("unknown value `{text}`"));
            self.problems.push(problem.allowed(words.iter().copied(), Some(text)));
        }
    }

    fn object(&mut self, path: &str, node: &Node, keys: &'static [Key]) {
        let members = node.members();
        for (index, member) in members.iter().enumerate() {
            let Some(key) = keys.iter().find(|key| key.name == member.key) else {
                self.unknown_key(path, member, keys.iter().map(|key| key.name));
                continue;
            };
            if members.iter().take(index).any(|before| before.key == member.key) {
                let message = format!("the key `{}` is there twice", member.key);
                self.problems.push(Problem::error(path, Some(member.at), message));
            }
            self.shape(&child(path, key.name), &member.node, &key.shape);
        }
    }

    fn unknown_key<'a>(&mut self, path: &str, member: &Member, keys: impl IntoIterator<Item = &'a str>) {
        self.problems.push_error(|| {
            let problem = Problem::error(path, Some(member.at), format!("unknown key `{}`", member.key));
            problem.allowed(keys, Some(&member.key))
        });
    }

    fn items(&mut self, path: &str, node: &Node, shape: &Shape) {
        for (index, item) in node.items().iter().enumerate() {
            let path = format!("{path}[{index}]");
            match item.value {
                Value::Null => self.wrong_type(&path, item, shape),
                _ => self.shape(&path, item, shape),
            }
        }
    }

    fn port_pairs(&mut self, path: &str, items: &[Node]) {
        for (index, item) in items.iter().enumerate() {
            let path = format!("{path}[{index}]");
            match &item.value {
                Value::List(pair) if pair.len() == 2 => self.items(&path, item, &PORT),
                _ => {
                    let problem = Problem::error(&path, Some(item.at), "expected two ports, as in `[8080, 80]`");
                    self.problems.push(problem.found(found(item)));
                }
            }
        }
    }

    fn sided_filter(&mut self, path: &str, node: &Node) {
        const SIDES: [&str; 2] = ["local", "remote"];
        const ENTRIES: Shape = Shape::OneOrMore(&Shape::Text);
        for member in node.members() {
            let below = child(path, &member.key);
            if !SIDES.contains(&member.key.as_str()) {
                self.unknown_key(path, member, SIDES);
            } else if member.node.value == Value::Null {
                self.wrong_type(&below, &member.node, &ENTRIES);
            } else {
                self.shape(&below, &member.node, &ENTRIES);
            }
        }
        let count = node.members().len();
        if count != 1 {
            let problem = Problem::error(path, Some(node.at), "expected either `local` or `remote`");
            self.problems.push(problem.found(format!("{count} keys")));
        }
    }

    fn target(&mut self, path: &str, node: &Node) {
        match &node.value {
            Value::Text(text) => self.target_path(path, node, text),
            Value::Map(members) if !members.is_empty() && members.iter().all(|member| is_kind(&member.key)) => {
                self.target_object(path, node);
            }
            Value::Map(members) => {
                for member in members {
                    self.target_member(path, member);
                }
            }
            _ => self.wrong_type(path, node, &Shape::Target),
        }
    }

    fn target_member(&mut self, path: &str, member: &Member) {
        let below = child(path, &member.key);
        match (member.key.as_str(), &member.node.value) {
            ("path" | "namespace", Value::Null) | ("namespace", Value::Text(_)) => {}
            ("path", Value::Text(text)) => self.target_path(&below, &member.node, text),
            ("path", Value::Map(_)) => self.target_object(&below, &member.node),
            ("namespace" | "path", _) => self.wrong_type(&below, &member.node, &Shape::Text),
            _ => self.unknown_key(path, member, ["path", "namespace"]),
        }
    }

    fn target_path(&mut self, path: &str, node: &Node, text: &str) {
        if let Some(problem) = target_problem(path, text) {
            self.problems.push(Problem {
                at: Some(node.at),
                ..problem
            });
        }
    }

    fn target_object(&mut self, path: &str, node: &Node) {
        let kinds = || TARGET_KEYS.iter().copied().chain([TARGET_LABELS, "container"]);
        for member in node.members() {
            let below = child(path, &member.key);
            if member.key == TARGET_LABELS {
                self.target_labels(&below, &member.node);
            } else if is_kind(&member.key) {
                self.shape(&below, &member.node, &Shape::Text);
            } else {
                self.unknown_key(path, member, kinds());
            }
        }
        let named = node.members().iter().filter(|member| member.key != "container");
        if named.count() != 1 {
            let message = "expected one kind of target with its name, and perhaps `container`";
            let problem = Problem::error(path, Some(node.at), message);
            self.problems.push(problem.allowed(kinds(), None));
        }
    }

    fn target_labels(&mut self, path: &str, node: &Node) {
        self.shape(path, node, &Shape::Map(&Shape::Text));
        if matches!(&node.value, Value::Map(labels) if labels.is_empty()) {
            let message = "expected at least one label: without any it would be every pod";
            self.problems.push(Problem::error(path, Some(node.at), message));
        }
    }
}

fn is_kind(key: &str) -> bool {
    [TARGET_LABELS, "container"].contains(&key) || TARGET_KEYS.contains(&key)
}

/// Returns what is wrong with a target as text: `KIND/NAME` or `label/KEY=VALUE,…`, each perhaps with
/// `/container/NAME`, or `targetless`.
pub(crate) fn target_problem(path: &str, text: &str) -> Option<Problem> {
    let parts: Vec<&str> = text.split('/').collect();
    let kind = parts.first().copied().unwrap_or_default();
    if text == "targetless" {
        return None;
    }
    if let Some(labels) = text.strip_prefix("label/") {
        let message = "expected `label/KEY=VALUE,…`, each key once, or the same with `/container/NAME`";
        let problem = Problem::error(path, None, message).found(format!("`{text}`"));
        return (!is_selector(labels)).then_some(problem);
    }
    if !TARGET_TYPES.contains(&kind) && kind != "deploy" {
        let problem = Problem::error(path, None, format!("unknown kind of target `{kind}`"));
        let kinds = TARGET_TYPES.iter().copied().chain(["label", "targetless"]);
        return Some(problem.allowed(kinds, Some(kind)));
    }
    match parts.as_slice() {
        [_, name] | [_, name, "container", _] if !name.is_empty() => None,
        _ => {
            let message = "expected `KIND/NAME` or `KIND/NAME/container/NAME`";
            Some(Problem::error(path, None, message).found(format!("`{text}`")))
        }
    }
}

/// Reports labels of a target as text: `KEY=VALUE,KEY=VALUE`, perhaps with `/container/NAME`. A key may hold `/`.
fn is_selector(text: &str) -> bool {
    let (labels, container) = match text.rsplit_once("/container/") {
        Some((labels, container)) => (labels, Some(container)),
        None => (text, None),
    };
    let mut seen = BTreeSet::new();
    let mut keys = labels.split(',').map(|label| label.split_once('=').map(|(key, _)| key));
    keys.all(|key| key.is_some_and(|key| !key.is_empty() && seen.insert(key)))
        && container.is_none_or(|name| !name.is_empty() && !name.contains('/'))
}

/// Reports a value of the type that a shape wants.
fn fits(shape: &Shape, node: &Node) -> bool {
    match node.value {
        Value::Bool(_) => matches!(shape, Shape::Bool),
        Value::Number(_) => matches!(shape, Shape::Integer(_)),
        Value::Text(_) => matches!(shape, Shape::Text | Shape::Word(_)),
        Value::List(_) => matches!(shape, Shape::List(_)),
        Value::Map(_) => matches!(shape, Shape::Object(_) | Shape::Map(_)),
        Value::Null => false,
    }
}

/// Names what a shape wants, for errors.
fn words_of(shape: &Shape) -> String {
    match shape {
        Shape::Any => "anything".to_owned(),
        Shape::Bool => "`true` or `false`".to_owned(),
        Shape::Text => "text".to_owned(),
        Shape::Integer(_) => "a number".to_owned(),
        Shape::Word(words) => format!("one of `{}`", words.join("`, `")),
        Shape::Object(_) | Shape::Map(_) => "an object".to_owned(),
        Shape::List(shape) => format!("a list, each {}", words_of(shape)),
        Shape::OneOrMore(shape) => format!("{} or a list of it", words_of(shape)),
        Shape::PortPairs => "a list of pairs of ports, as in `[[8080, 80]]`".to_owned(),
        Shape::Target => "a target, as `deployment/NAME`".to_owned(),
        Shape::SidedFilter => "an object with either `local` or `remote`".to_owned(),
        Shape::Either(shapes) => shapes.iter().map(words_of).collect::<Vec<_>>().join(", or "),
    }
}

/// Longest text that an error repeats, in characters.
const MAX_FOUND: usize = 60;

/// Describes a value for an error: itself, where it is short.
fn found(node: &Node) -> String {
    match &node.value {
        Value::Bool(value) => format!("`{value}`"),
        Value::Number(number) => format!("`{number}`"),
        Value::Text(text) if text.chars().count() <= MAX_FOUND => format!("`{text}`"),
        _ => node.kind().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::json;

    fn problems(text: &str) -> Vec<String> {
        let mut problems = Problems::default();
        check(&json::parse(text).unwrap(), &mut problems);
        problems.list().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn several_problems_are_found_at_once_each_with_its_place() {
        let found = problems(
            "{\"feature\": {\"network\": {\n\"outgoing\": {\"fillter\": 1},\n\"incoming\": {\"ports\": [70000]}},\n\"fs\": \"readonly\"}}",
        );
        assert_eq!(found.len(), 3, "{found:?}");
        assert_eq!(
            found[0],
            "2:14: feature.network.outgoing: unknown key `fillter`: did you mean `filter`?"
        );
        let port = "3:24: feature.network.incoming.ports[0]: expected a whole number from 0 to 65535";
        assert!(found[1].starts_with(port), "{found:?}");
        assert!(found[2].contains("unknown value `readonly`"), "{found:?}");
    }

    #[test]
    fn a_target_is_taken_in_each_of_its_forms() {
        for target in [
            r#""pod/a""#,
            r#""deployment/x/container/y""#,
            r#""targetless""#,
            r#"{"path":"pod/a","namespace":"b"}"#,
            r#"{"path":{"pod":"a","container":"b"}}"#,
            r#"{"stateful_set":"a"}"#,
            r#"{"path":{"labels":{"app":"a","tier":"web"},"container":"b"}}"#,
            r#""label/app.kubernetes.io/name=a,tier=web/container/b""#,
            r#"{"namespace":"staging"}"#,
            "null",
        ] {
            let found = problems(&format!("{{\"target\":{target}}}"));
            assert!(found.is_empty(), "{target}: {found:?}");
        }
        let wrong = [
            r#""deployment""#,
            r#""x/y""#,
            "7",
            r#""pod/a/b""#,
            r#"{"pth":"pod/a"}"#,
            r#"{"container":"a"}"#,
            r#"{"labels":{}}"#,
            r#"{"labels":{"app":1}}"#,
            r#"{"labels":{"app":"a"},"pod":"b"}"#,
            r#""label/""#,
            r#""label/app""#,
            r#""label/app=a,app=b""#,
            r#""label/app=a/container/""#,
        ];
        for target in wrong {
            assert!(!problems(&format!("{{\"target\":{target}}}")).is_empty(), "{target}");
        }
    }

    #[test]
    fn null_is_an_unset_key_and_a_list_is_no_config() {
        assert!(problems(r#"{"feature":null,"key":null,"agent":{"ttl":null}}"#).is_empty());
        assert_eq!(problems("[]").len(), 1);
        assert_eq!(problems("null").len(), 1);
    }
}
