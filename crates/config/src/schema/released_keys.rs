//! Test of the schema against `tests/keys.txt`, the keys of a released mirrord as facts: each key is accepted with each of
//! its types and refused with any other, and the schema has no key beside them.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::check::check;
use super::keys::{ROOT, TARGET_KEYS, TARGET_LABELS};
use super::shape::Shape;
use crate::problem::Problems;
use crate::read::json;

/// Path of a key, with the types of its value.
struct Fact {
    path: &'static str,
    types: Vec<&'static str>,
}

fn facts() -> Vec<Fact> {
    let lines = include_str!("../../tests/keys.txt").lines();
    let facts = lines.filter(|line| !line.starts_with('#')).map(|line| {
        let mut words = line.split(' ');
        Fact {
            path: words.next().unwrap(),
            types: words.collect(),
        }
    });
    facts.collect()
}

impl Fact {
    /// Reports that the schema takes a file with one value, this one.
    fn takes(&self, value: &Value) -> bool {
        let mut file = value.clone();
        for part in self.path.rsplit('.') {
            let key = part.trim_end_matches("[]");
            if part != key {
                file = json!([file]);
            }
            file = match key {
                "*" => json!({"anything": file}),
                // A container is that of a workload.
                "container" if self.path.starts_with("target") => json!({"pod": "a", key: file}),
                _ => json!({key: file}),
            };
        }
        let mut problems = Problems::default();
        check(&json::parse(&file.to_string()).unwrap(), &mut problems);
        problems.list().is_empty()
    }

    fn has(&self, of: &[&str]) -> bool {
        self.types.iter().any(|own| of.contains(own))
    }

    /// Values of none of the types; each type has some that are near.
    fn wrong_values(&self) -> Vec<Value> {
        let numbers = ["u16", "u32", "u64", "i32"];
        let mut wrong = vec![json!(-1), json!(1.5)];
        let others = [
            (json!(true), &["bool"] as &[_]),
            (json!("~"), &["text"]),
            (json!(7), &numbers),
            (json!(maximum("u16") + 1), &["u32", "u64", "i32"]),
            (json!(maximum("i32") + 1), &["u32", "u64"]),
            (json!(maximum("u32") + 1), &["u64"]),
            (json!([]), &["list", "pairs"]),
            (json!([[1]]), &["list"]),
            (json!([[1, 65_536]]), &["list"]),
            (json!({}), &["object", "map"]),
            (json!({"~": 1}), &["map"]),
        ];
        let others = others.into_iter().filter(|(_, right_for)| !self.has(right_for));
        wrong.extend(others.map(|(value, _)| value));
        wrong
    }
}

fn maximum(of: &str) -> u64 {
    match of {
        "u16" => u16::MAX.into(),
        "u32" => u32::MAX.into(),
        "i32" => i32::MAX.unsigned_abs().into(),
        _ => u64::MAX,
    }
}

/// Values of a type, as `tests/keys.txt` names it.
fn values(of: &str) -> Vec<Value> {
    match of {
        "bool" => vec![json!(true), json!(false)],
        "text" => vec![json!("~")],
        "u16" | "u32" | "u64" | "i32" => vec![json!(0), json!(maximum(of))],
        "object" | "map" => vec![json!({})],
        "list" => vec![json!([])],
        "pairs" => vec![json!([]), json!([[0, 65_535], [80, 8080]])],
        "target" => vec![json!("targetless"), json!("pod/a/container/b"), json!("label/a=b,c=d")],
        // The keys below it are facts of their own.
        "one" => Vec::new(),
        "any" => vec![json!(true), json!(7), json!("~"), json!([[]]), json!({"~": {}})],
        _ => {
            let words = of.strip_prefix("word:").unwrap();
            words.split('|').map(Value::from).collect()
        }
    }
}

#[test]
fn each_key_is_accepted_with_each_of_its_types() {
    for fact in facts() {
        for value in fact.types.iter().flat_map(|of| values(of)) {
            assert!(fact.takes(&value), "{} = {value} is refused", fact.path);
        }
    }
}

#[test]
fn a_value_of_another_type_is_refused() {
    for fact in facts().iter().filter(|fact| !fact.has(&["any"])) {
        for value in fact.wrong_values() {
            assert!(!fact.takes(&value), "{} = {value} is accepted", fact.path);
        }
    }
}

#[test]
fn no_key_is_there_beside_those_of_a_released_mirrord() {
    let mut ours = BTreeSet::new();
    add_paths("", &ROOT, &mut ours);
    let released: BTreeSet<String> = facts().iter().map(|fact| fact.path.to_owned()).collect();
    assert_eq!(released.len(), facts().len(), "a path is there twice");
    let beside: Vec<&String> = ours.difference(&released).collect();
    assert!(beside.is_empty(), "only ours: {beside:?}");
    let missing: Vec<&String> = released.difference(&ours).collect();
    assert!(missing.is_empty(), "not ours: {missing:?}");
}

/// Adds the paths below a value, as `tests/keys.txt` writes them.
fn add_paths(path: &str, shape: &Shape, paths: &mut BTreeSet<String>) {
    let mut add = |below: String, shape: &Shape| {
        add_paths(&below, shape, paths);
        paths.insert(below);
    };
    match shape {
        Shape::Any | Shape::Bool | Shape::Text | Shape::Integer(_) | Shape::Word(_) | Shape::PortPairs => {}
        Shape::Object(keys) => {
            let dot = if path.is_empty() { "" } else { "." };
            keys.iter()
                .for_each(|key| add(format!("{path}{dot}{}", key.name), &key.shape));
        }
        Shape::Map(values) => add(format!("{path}.*"), values),
        Shape::List(items) | Shape::OneOrMore(items) => add(format!("{path}[]"), items),
        Shape::Either(shapes) => shapes.iter().for_each(|shape| add_paths(path, shape, paths)),
        Shape::SidedFilter => {
            for side in ["local", "remote"] {
                add(format!("{path}.{side}"), &Shape::OneOrMore(&Shape::Text));
            }
        }
        Shape::Target => {
            add(format!("{path}.namespace"), &Shape::Text);
            add(format!("{path}.path"), &Shape::Text);
            for target in [path.to_owned(), format!("{path}.path")] {
                for key in TARGET_KEYS.into_iter().chain(["container"]) {
                    add(format!("{target}.{key}"), &Shape::Text);
                }
                add(format!("{target}.{TARGET_LABELS}"), &Shape::Map(&Shape::Text));
            }
        }
    }
}
