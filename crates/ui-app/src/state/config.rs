//! The config that a session used, one line a value, and which of its lines a rule names.

use crate::codec::json::{Json, quote};

/// The most lines of a config, and the longest text of one, characters.
pub const MAX_LINES: usize = 5_000;
const MAX_CHARS: usize = 2_000;
/// The deepest that is laid out on lines of its own.
const MAX_DEPTH: u16 = 32;

/// One line.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Line {
    /// Depth of the indentation.
    pub depth: u16,
    /// The name of the value, as JSON, where it has one.
    pub name: String,
    /// The value, or how it begins or ends.
    pub text: String,
    /// Path: `feature.fs.not_found[0]`; empty for a line that only closes a bracket.
    pub path: String,
}

/// Lays a config out, from its JSON; numbers stay as they are written.
#[must_use]
pub fn lay_out(config: &str) -> Vec<Line> {
    let mut lines = Vec::new();
    put(&mut lines, config, Line::default(), "");
    lines
}

fn put(lines: &mut Vec<Line>, value: &str, mut line: Line, comma: &str) {
    if lines.len() >= MAX_LINES {
        return;
    }
    let parts = if line.depth < MAX_DEPTH {
        parts(value, &line)
    } else {
        Vec::new()
    };
    if parts.is_empty() {
        line.text = [&cut(value), comma].concat();
        lines.push(line);
        return;
    }
    let (open, close) = if value.starts_with('{') { ("{", "}") } else { ("[", "]") };
    let end = Line {
        depth: line.depth,
        text: [close, comma].concat(),
        ..Line::default()
    };
    open.clone_into(&mut line.text);
    lines.push(line);
    let count = parts.len();
    for (place, (line, value)) in parts.into_iter().enumerate() {
        put(lines, value, line, if place + 1 == count { "" } else { "," });
    }
    lines.push(end);
}

/// The lines of what is in an object or a list; none for anything else.
fn parts<'a>(value: &'a str, around: &Line) -> Vec<(Line, &'a str)> {
    let depth = around.depth + 1;
    let mut parts: Vec<(Line, &'a str)> = Vec::new();
    let mut json = Json::new(value);
    if value.starts_with('{') {
        let dot = if around.path.is_empty() { "" } else { "." };
        json.object(&mut |key, json| {
            let mut line = Line {
                depth,
                path: [around.path.as_str(), dot, key].concat(),
                ..Line::default()
            };
            quote(&mut line.name, key);
            parts.push((line, json.skip()?.text));
            Some(())
        });
    } else {
        json.array(&mut |json| {
            let line = Line {
                depth,
                path: [around.path.as_str(), "[", &parts.len().to_string(), "]"].concat(),
                ..Line::default()
            };
            parts.push((line, json.skip()?.text));
            Some(())
        });
    }
    parts
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(MAX_CHARS) {
        None => text.to_owned(),
        Some((end, _)) => [&text[..end], "…"].concat(),
    }
}

/// Line that a rule names: its own, or that of the shorter form that contains it. A rule may omit the usual `feature.`.
/// `None` where the file does not contain it: a default decided.
#[must_use]
pub fn line_of(lines: &[Line], rule: &str) -> Option<usize> {
    let rule = rule.split_whitespace().next()?;
    let full = ["feature.", rule].concat();
    [rule, &full].into_iter().find_map(|wanted| {
        let mut wanted = wanted;
        loop {
            if let Some(at) = lines.iter().position(|line| line.path == wanted) {
                return (wanted != "feature").then_some(at);
            }
            wanted = &wanted[..wanted.rfind(['.', '['])?];
        }
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    fn text(lines: &[Line]) -> String {
        let line = |line: &Line| {
            let colon = if line.name.is_empty() { "" } else { ": " };
            ["  ".repeat(line.depth.into()).as_str(), &line.name, colon, &line.text].concat()
        };
        lines.iter().map(line).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn a_config_has_one_line_a_value() {
        let lines =
            lay_out(&json!({"feature": {"fs": {"not_found": ["a", "b"], "mode": "read"}, "env": {}}}).to_string());
        assert_eq!(
            text(&lines),
            "{\n  \"feature\": {\n    \"env\": {},\n    \"fs\": {\n      \"mode\": \"read\",\n      \"not_found\": [\n        \"a\",\n        \"b\"\n      ]\n    }\n  }\n}"
        );
    }

    #[test]
    fn a_rule_finds_its_line_or_the_one_that_stands_for_it() {
        let lines =
            lay_out(&json!({"target": "x", "feature": {"fs": {"not_found": ["a", "b"]}, "network": "on"}}).to_string());
        let path = |rule: &str| line_of(&lines, rule).map(|at| lines[at].path.as_str());
        assert_eq!(path("feature.fs.not_found[1]"), Some("feature.fs.not_found[1]"));
        assert_eq!(path("fs.not_found[1] \"/etc/.*\""), Some("feature.fs.not_found[1]"));
        assert_eq!(path("feature.network.dns.enabled"), Some("feature.network"));
        assert_eq!(path("feature.env.include"), None);
        assert_eq!(path("localhost"), None);
        assert_eq!(path(""), None);
    }

    #[test]
    fn a_config_that_is_endless_or_deep_is_bounded() {
        let wide = json!((0..20_000).collect::<Vec<_>>());
        assert!(lay_out(&wide.to_string()).len() <= MAX_LINES + 1);
        let deep = (0..100).fold(json!(1), |inner, _| json!([inner]));
        assert!(lay_out(&deep.to_string()).len() < 100);
        let long = json!({"a": "x".repeat(100_000)});
        assert!(
            lay_out(&long.to_string())
                .iter()
                .all(|line| line.text.chars().count() <= MAX_CHARS + 3)
        );
    }

    proptest! {
        #[test]
        fn what_it_says_stays_the_same(name in any::<String>(), words in prop::collection::vec(any::<String>(), 0..4)) {
            let value = json!({ name: { "words": words, "none": null, "empty": [] }, "n": -1.5 });
            let read: Value = serde_json::from_str(&text(&lay_out(&value.to_string()))).unwrap();
            prop_assert_eq!(read, value);
        }
    }
}
