//! The config that a session used: the lines of its file, or one line a value where the file's text is not known, and which
//! of its lines a rule names.

use std::borrow::Cow;

use mirrord_what_if::change;
use mirrord_what_if::lists::DECIDING;
use mirrord_wire::from_json;
use mirrord_wire::session::ConfigSource;

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

/// Config of a session, as its description has it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Used {
    /// The file.
    pub path: Option<String>,
    /// The config as it was understood, as JSON; empty where there is none.
    pub json: String,
    /// Lines to show.
    pub lines: Vec<Line>,
    /// Each value's path with the place of its line.
    pub places: Vec<(String, usize)>,
    /// The lines are those of the file.
    pub is_file: bool,
    /// The file and what decides beside it.
    pub source: ConfigSource,
    /// The session says that it sends nothing to a cluster.
    pub is_observed: bool,
}

impl Used {
    /// Reads a session's description.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let mut used = Self::default();
        Json::new(text).object(&mut |name, json| {
            let value = json.skip()?;
            match name {
                "config" if !matches!(value.text, "null" | "{}") => used.json = file_form(value.text),
                "redirects" => used.is_observed = value.text == "false",
                "config_path" => used.path = value.string().map(Cow::into_owned),
                "config_source" => used.source = from_json(value.text).unwrap_or_default(),
                _ => {}
            }
            Some(())
        })?;
        used.is_file = !used.source.text.is_empty();
        if used.is_file {
            let lines = used.source.text.lines().take(MAX_LINES);
            used.lines = lines.map(file_line).collect();
            let places = used.source.lines.iter();
            used.places = places
                .filter_map(|(path, line)| Some((path.clone(), usize::try_from(*line).ok()?.checked_sub(1)?)))
                .collect();
        } else if !used.json.is_empty() {
            used.lines = lay_out(&used.json);
            let lines = used.lines.iter().enumerate();
            let named = lines.filter(|(_, line)| !line.path.is_empty());
            used.places = named.map(|(at, line)| (line.path.clone(), at)).collect();
        }
        Some(used)
    }

    /// Reports a file in another format than JSON, which the page does not read.
    #[must_use]
    pub fn is_other_format(&self) -> bool {
        let name = self.path.as_deref().unwrap_or_default();
        [".toml", ".yaml", ".yml"].iter().any(|ending| name.ends_with(ending))
    }

    /// Text to edit: that of the file, or the config as it was understood; `{}` where there is none.
    #[must_use]
    pub fn text(&self) -> String {
        if self.is_file && !self.is_other_format() {
            return self.source.text.clone();
        }
        if self.json.is_empty() {
            return "{}\n".to_owned();
        }
        let mut text = String::new();
        for line in lay_out(&self.json) {
            let indent = "  ".repeat(line.depth.into());
            let colon = if line.name.is_empty() { "" } else { ": " };
            text.extend([indent.as_str(), &line.name, colon, &line.text, "\n"]);
        }
        text
    }

    /// Paths of the items in a line that are known to have decided nothing, by the rules of all events.
    pub fn unused_in<'a>(&'a self, line: usize, rules: &[String]) -> impl Iterator<Item = &'a str> {
        let own = self.places.iter().filter(move |(_, at)| *at == line);
        own.map(|(path, _)| path.as_str()).filter(move |path| {
            let list = path.strip_suffix(']').and_then(|path| path.rsplit_once('['));
            let list = list.map(|(list, _)| list).filter(|list| DECIDING.contains(list));
            // The list itself as a rule: one of its items may have decided.
            list.is_some_and(|list| !rules.iter().any(|rule| rule == list || is_rule_of(rule, path)))
        })
    }
}

/// Returns a config as its file has it; that of a released mirrord differs from it.
fn file_form(config: &str) -> String {
    match serde_json::from_str::<serde_json::Value>(config) {
        Ok(read) if read.get("key").is_some_and(serde_json::Value::is_object) => change::as_file(read).to_string(),
        _ => config.to_owned(),
    }
}

/// Reports a rule, as events name it, that is this path of the config.
fn is_rule_of(rule: &str, path: &str) -> bool {
    let rule = rule.split_whitespace().next().unwrap_or_default();
    rule == path || path.strip_prefix("feature.") == Some(rule)
}

fn file_line(text: &str) -> Line {
    Line {
        text: cut(text),
        ..Line::default()
    }
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
pub fn line_of(places: &[(String, usize)], rule: &str) -> Option<usize> {
    let rule = rule.split_whitespace().next()?;
    let full = ["feature.", rule].concat();
    [rule, &full].into_iter().find_map(|wanted| {
        let mut wanted = wanted;
        loop {
            if let Some((_, at)) = places.iter().find(|(path, _)| path == wanted) {
                return (wanted != "feature").then_some(*at);
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

    fn used(info: Value) -> Used {
        Used::read(&info.to_string()).unwrap()
    }

    #[test]
    fn the_file_is_shown_where_its_text_is_known_and_edited_where_it_is_json() {
        let file = "{ // mine\n\"feature\": {\"fs\": {\"local\": [\"a\",\n\"b\"]}}}\n";
        let lines = json!([
            ["feature.fs.local", 2],
            ["feature.fs.local[0]", 2],
            ["feature.fs.local[1]", 3]
        ]);
        let config = json!({"feature": {"fs": {"local": ["a", "b"]}}});
        let own =
            used(json!({"config": config, "config_path": "/m.json", "config_source": {"text": file, "lines": lines}}));
        assert_eq!(
            (own.lines.len(), own.lines[0].text.as_str(), own.is_file),
            (3, "{ // mine", true)
        );
        assert_eq!(line_of(&own.places, "feature.fs.local[1]"), Some(2));
        assert_eq!(line_of(&own.places, "feature.fs.local (no match)"), Some(1));
        assert_eq!(own.unused_in(2, &[]).collect::<Vec<_>>(), ["feature.fs.local[1]"]);
        assert_eq!(own.text(), file);
        let yaml = used(json!({"config": config, "config_path": "/m.yaml", "config_source": {"text": "feature:"}}));
        assert_eq!(
            (yaml.lines.len(), yaml.text().starts_with("{\n  \"feature\"")),
            (1, true)
        );
        assert_eq!(used(json!({"config": {}})).text(), "{}\n");
    }

    #[test]
    fn a_rule_finds_its_line_or_the_one_that_stands_for_it() {
        let used =
            used(json!({"config": {"target": "x", "feature": {"fs": {"not_found": ["a", "b"]}, "network": "on"}}}));
        let path = |rule: &str| line_of(&used.places, rule).map(|at| used.lines[at].path.as_str());
        assert_eq!(path("feature.fs.not_found[1]"), Some("feature.fs.not_found[1]"));
        assert_eq!(path("fs.not_found[1] \"/etc/.*\""), Some("feature.fs.not_found[1]"));
        assert_eq!(path("feature.network.dns.enabled"), Some("feature.network"));
        assert_eq!(path("feature.env.include"), None);
        assert_eq!(path("localhost"), None);
        assert_eq!(path(""), None);
    }

    #[test]
    fn only_an_item_that_could_have_decided_an_event_is_unused() {
        let used = used(json!({"config": {"feature": {
            "network": {"incoming": {"port_mapping": [[8080, 80]]}, "outgoing": {"filter": {"remote": ["db", "10.0.0.0/8"]}}},
            "env": {"exclude": ["AWS_*"]}
        }}}));
        let unused = |rules: &[&str]| -> Vec<&str> {
            let rules: Vec<_> = rules.iter().map(|rule| (*rule).to_owned()).collect();
            let lines = 0..used.lines.len();
            lines
                .flat_map(|line| used.unused_in(line, &rules).collect::<Vec<_>>())
                .collect()
        };
        let list = "feature.network.outgoing.filter.remote";
        let items = [0, 1].map(|item| format!("{list}[{item}]"));
        assert_eq!(unused(&[]), items);
        assert_eq!(unused(&[&items[1], &format!("{list} (no match)")]), items[..1]);
        assert_eq!(
            unused(&[&items[1], list]),
            [""; 0],
            "which of them depends on what is not known"
        );
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
