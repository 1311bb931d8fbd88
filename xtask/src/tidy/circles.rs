//! Circles between the modules of a crate, found by their `crate::` and `super::` paths.
//!
//! A circle is a strongly connected set of files. The crate's root is an index and takes no part; a file's own `mod` lines
//! are no arrows, and neither is a path in its tests (what follows `#[cfg(test)]`).

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use anyhow::Result;

use crate::paths::Paths;

/// A parent and its child may name each other; a circle of more files has no first one to read.
const MAX_FILES: usize = 2;

/// Module paths, each with those that it names.
type Graph = BTreeMap<String, BTreeSet<String>>;

/// Crates with a circle of more than [`MAX_FILES`] files.
pub(super) fn check(paths: &Paths, files: &[String]) -> Result<Vec<String>> {
    let mut crates: BTreeMap<&str, Vec<(String, String)>> = BTreeMap::new();
    for name in files.iter().filter(|name| name.ends_with(".rs")) {
        let Some((home, inside)) = name.split_once("/src/") else {
            continue;
        };
        if let Ok(text) = fs::read_to_string(paths.root.join(name)) {
            crates.entry(home).or_default().push((module(inside), text));
        }
    }
    let mut broken = Vec::new();
    for (home, sources) in &crates {
        broken.extend(
            circles(&graph(sources))
                .iter()
                .filter(|circle| circle.len() > MAX_FILES)
                .map(|circle| format!("{home}: a circle of {} files: {}", circle.len(), circle.join(", "))),
        );
    }
    Ok(broken)
}

/// The module path of a file below `src`: `state/log.rs` and `state/log/mod.rs` are `state::log`; a root is empty.
fn module(inside: &str) -> String {
    let path = inside.trim_end_matches(".rs").trim_end_matches("/mod");
    match path {
        "lib" | "main" | "mod" => String::new(),
        path => path.replace('/', "::"),
    }
}

fn graph(sources: &[(String, String)]) -> Graph {
    let modules: BTreeSet<&str> = sources
        .iter()
        .map(|(module, _)| module.as_str())
        .filter(|module| !module.is_empty())
        .collect();
    sources
        .iter()
        .filter(|(module, _)| !module.is_empty())
        .map(|(module, text)| (module.clone(), named_modules(module, text, &modules)))
        .collect()
}

/// The other modules that a file's paths lead to.
fn named_modules(module: &str, text: &str, modules: &BTreeSet<&str>) -> BTreeSet<String> {
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    let code: String = code
        .lines()
        .map(|line| line.split("//").next().unwrap_or_default())
        .collect::<Vec<_>>()
        .join("\n");
    let mut named = BTreeSet::new();
    for path in paths(&code) {
        let absolute = absolute(module, &path);
        if let Some(found) = deepest(&absolute, modules).filter(|found| *found != module) {
            named.insert(found.to_owned());
        }
    }
    // A parent that names what is in a child writes the child's name first.
    for child in modules
        .iter()
        .filter_map(|other| other.strip_prefix(&format!("{module}::")))
    {
        if !child.contains("::") && names_child(&code, child) {
            named.insert(format!("{module}::{child}"));
        }
    }
    named
}

/// Paths that begin with `crate`, `super` or `self`, with the braces of a `use` written out.
fn paths(code: &str) -> Vec<Vec<String>> {
    let mut paths = Vec::new();
    for start in ["crate::", "super::", "self::"] {
        for (at, _) in code.match_indices(start) {
            let before = code[..at].chars().next_back();
            if before.is_some_and(|letter| letter.is_alphanumeric() || letter == '_' || letter == ':') {
                continue;
            }
            expand(&code[at..], &mut Vec::new(), &mut paths);
        }
    }
    paths
}

/// Reads one path at the start of `code`, each branch of its braces on its own; returns what is left.
fn expand<'a>(code: &'a str, prefix: &mut Vec<String>, paths: &mut Vec<Vec<String>>) -> &'a str {
    let depth = prefix.len();
    let mut rest = code.trim_start();
    loop {
        if let Some(mut inside) = rest.strip_prefix('{') {
            while !inside.trim_start().starts_with('}') && !inside.is_empty() {
                let left = expand(inside, prefix, paths);
                let left = left.trim_start();
                let next = left.strip_prefix(',').unwrap_or(left);
                // What is no list of paths is read no further.
                if next.len() == inside.len() {
                    inside = "";
                } else {
                    inside = next;
                }
            }
            rest = inside.trim_start().strip_prefix('}').unwrap_or_default();
            break;
        }
        let end = rest
            .find(|letter: char| !letter.is_alphanumeric() && letter != '_')
            .unwrap_or(rest.len());
        if end == 0 {
            break;
        }
        prefix.push(rest[..end].to_owned());
        rest = &rest[end..];
        match rest.strip_prefix("::") {
            Some(more) => rest = more,
            None => {
                paths.push(prefix.clone());
                break;
            }
        }
    }
    prefix.truncate(depth);
    let renamed = rest.trim_start().strip_prefix("as ");
    renamed.map_or(rest, |name| {
        name.trim_start_matches(|letter: char| letter.is_alphanumeric() || letter == '_')
    })
}

/// A path from the crate's root.
fn absolute(module: &str, path: &[String]) -> Vec<String> {
    let mut home: Vec<String> = module.split("::").map(str::to_owned).collect();
    let mut rest = path;
    while let Some(first) = rest.first() {
        match first.as_str() {
            "crate" => home.clear(),
            "super" => {
                home.pop();
            }
            "self" => {}
            _ => break,
        }
        rest = &rest[1..];
    }
    home.extend(rest.iter().cloned());
    home
}

/// The longest module that a path begins with.
fn deepest<'a>(path: &[String], modules: &BTreeSet<&'a str>) -> Option<&'a str> {
    (1..=path.len())
        .rev()
        .find_map(|length| modules.get(path[..length].join("::").as_str()).copied())
}

/// Reports a use of `child::` by its parent, at the start of a path.
fn names_child(code: &str, child: &str) -> bool {
    code.match_indices(&format!("{child}::")).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        !before.is_some_and(|letter| letter.is_alphanumeric() || letter == '_' || letter == ':')
    })
}

/// Strongly connected sets of more than one module, by reachability: crates have some hundred files.
fn circles(graph: &Graph) -> Vec<Vec<String>> {
    let reach: BTreeMap<&str, BTreeSet<&str>> = graph
        .keys()
        .map(|module| (module.as_str(), reachable(graph, module)))
        .collect();
    let mut circles = Vec::new();
    let mut done = BTreeSet::new();
    for module in graph.keys() {
        if done.contains(module.as_str()) {
            continue;
        }
        let circle: Vec<String> = reach[module.as_str()]
            .iter()
            .filter(|other| reach.get(*other).is_some_and(|back| back.contains(module.as_str())))
            .map(|other| (*other).to_owned())
            .collect();
        done.extend(
            graph
                .keys()
                .map(String::as_str)
                .filter(|name| circle.iter().any(|other| other == name)),
        );
        if circle.len() > 1 {
            circles.push(circle);
        }
    }
    circles
}

/// Modules that a path of arrows leads to from `start`, which is one of them only where a circle leads back.
fn reachable<'a>(graph: &'a Graph, start: &str) -> BTreeSet<&'a str> {
    let mut found = BTreeSet::new();
    let mut open: Vec<&str> = graph.get(start).into_iter().flatten().map(String::as_str).collect();
    while let Some(module) = open.pop() {
        if found.insert(module) {
            open.extend(graph.get(module).into_iter().flatten().map(String::as_str));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources(files: &[(&str, &str)]) -> Vec<(String, String)> {
        let owned = files.iter().map(|(name, text)| (module(name), (*text).to_owned()));
        owned.collect()
    }

    #[test]
    fn three_files_that_name_each_other_in_turn_are_a_circle() {
        let files = sources(&[
            ("lib.rs", "pub use crate::a::A;"),
            ("a.rs", "use crate::{b::B, d};"),
            ("b.rs", "use crate::c::{C, self as see};"),
            ("c.rs", "fn c() { super::a::run() }"),
            ("d.rs", "use std::fmt;"),
        ]);
        assert_eq!(circles(&graph(&files)), [["a", "b", "c"]]);
    }

    #[test]
    fn a_parent_that_names_its_child_and_is_named_is_a_circle_of_two() {
        let files = sources(&[
            ("store/mod.rs", "mod ring;\nfn f() { ring::new() }"),
            ("store/ring.rs", "use super::Limit;"),
        ]);
        assert_eq!(circles(&graph(&files)), [["store", "store::ring"]]);
        let one_way = sources(&[("store/mod.rs", "mod ring;"), ("store/ring.rs", "use super::Limit;")]);
        assert!(circles(&graph(&one_way)).is_empty());
    }

    #[test]
    fn comments_and_tests_are_no_arrows() {
        let files = sources(&[
            ("a.rs", "use crate::b::B;"),
            ("b.rs", "// see crate::a\n#[cfg(test)]\nmod tests { use crate::a::A; }"),
        ]);
        assert!(circles(&graph(&files)).is_empty());
    }
}
