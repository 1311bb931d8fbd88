//! Template of a config file, before it is parsed: Tera's syntax, as a released mirrord takes it.
//!
//! minijinja has the same expressions, tags and most filters; those of Tera's filters that take named arguments are here.
//! A template sees `key`, `git_branch` and `get_env`, and no file. Steps, depth and output are bounded.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::Arc;

use minijinja::value::{Kwargs, Value};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, UndefinedBehavior};

use super::{Inputs, MAX_FILE_BYTES};

/// Steps of a template; one that needs more is an error.
const MAX_STEPS: u64 = 200_000;
/// Depth of includes and macros within each other.
const MAX_RECURSION: usize = 64;
/// Tags of a template, and bytes of one: the parser is recursive in chains of operators and of `elif`, without a bound of its own.
const MAX_TAGS: usize = 500;
const MAX_TAG_BYTES: usize = 2 * 1024;
/// Placeholder of a key that is generated when the session starts.
pub(super) const GENERATED_KEY: &str = "generated-key";

/// Reports a text with template syntax in it.
pub(super) fn is_one(text: &str) -> bool {
    ["{{", "{%", "{#"].iter().any(|mark| text.contains(mark))
}

/// Renders a text; one without template syntax is returned as it is.
pub(super) fn render(text: &str, key: Option<String>, inputs: &Inputs) -> Result<String, String> {
    if !is_one(text) {
        return Ok(text.to_owned());
    }
    check_size(text)?;
    let mut environment = Environment::new();
    // Names what is undefined; without it a release build does not.
    environment.set_debug(true);
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_fuel(Some(MAX_STEPS));
    environment.set_recursion_limit(MAX_RECURSION);
    add_functions(&mut environment, inputs);
    let key = key.unwrap_or_else(|| GENERATED_KEY.to_owned());
    let mut values = BTreeMap::from([("key".to_owned(), Value::from(key))]);
    // Left out where it is not known, so that `default` applies.
    values.extend(
        inputs
            .git_branch
            .clone()
            .map(|branch| ("git_branch".to_owned(), Value::from(branch))),
    );
    let values = Value::from(values);
    environment.add_template("main", text).map_err(|error| reason(&error))?;
    let mut output = Bounded(Vec::new());
    let template = environment.get_template("main").map_err(|error| reason(&error))?;
    template
        .render_captured_to(values, &mut output)
        .map_err(|error| reason(&error))?;
    String::from_utf8(output.0).map_err(|error| error.to_string())
}

/// Refuses templates of very many tags, or with a very long one.
fn check_size(text: &str) -> Result<(), String> {
    let line = |at: usize| text.get(..at).unwrap_or_default().matches('\n').count() + 1;
    let mut starts = text.match_indices('{').filter(|(at, _)| {
        let next = text.as_bytes().get(at + 1);
        matches!(next, Some(b'{' | b'%'))
    });
    let mut tags = 0;
    let mut end = 0;
    while let Some((start, _)) = starts.find(|(at, _)| *at >= end) {
        tags += 1;
        let own = text.get(start..).unwrap_or_default();
        let close = if own.starts_with("{{") { "}}" } else { "%}" };
        let length = own.find(close).unwrap_or(own.len());
        if length > MAX_TAG_BYTES {
            return Err(format!(
                "line {}: a tag is longer than {MAX_TAG_BYTES} bytes",
                line(start)
            ));
        }
        if tags > MAX_TAGS {
            return Err(format!("line {}: it has more than {MAX_TAGS} tags", line(start)));
        }
        end = start + length.max(2);
    }
    Ok(())
}

fn reason(error: &Error) -> String {
    let what = match error.kind() {
        ErrorKind::OutOfFuel => "it does not end within 200,000 steps".to_owned(),
        _ => match error.detail() {
            Some(detail) => format!("{}: {detail}", error.kind()),
            None => error.kind().to_string(),
        },
    };
    let hint = match what.contains("`git_branch` is undefined") {
        true => "; no branch is checked out here, and MIRRORD_BRANCH_NAME is not set",
        false => "",
    };
    match error.line() {
        Some(line) => format!("line {line}: {what}{hint}"),
        None => what,
    }
}

fn wrong(detail: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidOperation, detail.into())
}

fn add_functions(environment: &mut Environment<'_>, inputs: &Inputs) {
    let variables = Arc::new(inputs.environment.clone());
    environment.add_function("get_env", move |arguments: Kwargs| -> Result<Value, Error> {
        let name: String = arguments.get("name")?;
        let default: Option<Value> = arguments.get("default")?;
        arguments.assert_all_used()?;
        match (variables.get(&name), default) {
            (Some(value), _) => Ok(Value::from(value.as_str())),
            (None, Some(default)) => Ok(default),
            (None, None) => Err(wrong(format!(
                "the environment variable `{name}` is not set, and there is no `default`"
            ))),
        }
    });
    environment.add_filter("default", |value: Value, arguments: Kwargs| -> Result<Value, Error> {
        let default: Value = arguments.get("value")?;
        Ok(if value.is_undefined() { default } else { value })
    });
    environment.add_filter("replace", |text: String, arguments: Kwargs| -> Result<String, Error> {
        let (from, to): (String, String) = (arguments.get("from")?, arguments.get("to")?);
        if from.is_empty() {
            return Err(wrong("`replace` needs a text to look for"));
        }
        Ok(text.replace(&from, &to))
    });
    environment.add_filter(
        "split",
        |text: String, arguments: Kwargs| -> Result<Vec<String>, Error> {
            let pattern: String = arguments.get("pat")?;
            Ok(text.split(pattern.as_str()).map(str::to_owned).collect())
        },
    );
    environment.add_filter(
        "join",
        |items: Vec<String>, arguments: Kwargs| -> Result<String, Error> {
            let separator: Option<String> = arguments.get("sep")?;
            Ok(items.join(&separator.unwrap_or_default()))
        },
    );
    environment.add_filter("truncate", |text: String, arguments: Kwargs| -> Result<String, Error> {
        let length: Option<usize> = arguments.get("length")?;
        let end: Option<String> = arguments.get("end")?;
        let length = length.unwrap_or(255);
        let short: String = text.chars().take(length).collect();
        Ok(match short.len() < text.len() {
            true => short + end.as_deref().unwrap_or("…"),
            false => text,
        })
    });
    environment.add_filter("regex_escape", |text: String| regex::escape(&text));
}

/// Output that is no longer than a file may be.
struct Bounded(Vec<u8>);

impl Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if (self.0.len() + bytes.len()) as u64 > MAX_FILE_BYTES {
            return Err(io::Error::other("it renders to more than a config file may have"));
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inputs() -> Inputs {
        Inputs {
            environment: [("TARGET".to_owned(), "pod/a".to_owned())].into(),
            git_branch: Some("feat/x".to_owned()),
        }
    }

    fn rendered(text: &str) -> Result<String, String> {
        render(text, Some("ada".to_owned()), &inputs())
    }

    #[test]
    fn keys_branches_and_variables_are_filled_in() {
        assert_eq!(rendered("{{ key }}-{{git_branch}}").unwrap(), "ada-feat/x");
        assert_eq!(
            rendered(r#"{{ get_env(name="TARGET", default="x") }}"#).unwrap(),
            "pod/a"
        );
        assert_eq!(rendered(r#"{{ get_env(name="NO", default="x") }}"#).unwrap(), "x");
        assert_eq!(rendered("{{ no | default(value='d') }}").unwrap(), "d");
        assert_eq!(
            rendered(r#"{{ git_branch | replace(from="/", to="-") | upper }}"#).unwrap(),
            "FEAT-X"
        );
        assert_eq!(rendered("{% if key == \"ada\" %}a{% else %}b{% endif %}").unwrap(), "a");
        assert_eq!(rendered("plain\n").unwrap(), "plain\n");
    }

    #[test]
    fn what_cannot_be_filled_in_is_an_error_with_its_line() {
        let error = rendered("\n{{ get_env(name=\"NO\") }}").unwrap_err();
        assert!(error.starts_with("line 2:") && error.contains("`NO`"), "{error}");
        assert_eq!(
            rendered("a\n{{ no }}").unwrap_err(),
            "line 2: undefined value: `no` is undefined"
        );
        assert!(rendered("{{ key ").is_err());
        let without = Inputs {
            git_branch: None,
            ..inputs()
        };
        let error = render("{{ git_branch }}", None, &without).unwrap_err();
        assert!(error.contains("MIRRORD_BRANCH_NAME is not set"), "{error}");
    }

    #[test]
    fn a_template_without_an_end_is_an_error_soon() {
        for text in [
            "{% include \"main\" %}",
            "{% extends \"main\" %}",
            "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
            "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}",
            "{% for i in range(99999) %}{{ key }}{{ key }}{{ key }}{{ key }}{% endfor %}",
        ] {
            assert!(rendered(text).is_err(), "{text}");
        }
        assert!(rendered(&format!("{{{{ {}key }}}}", "(".repeat(10_000))).is_err());
    }

    #[test]
    fn a_chain_without_a_bound_is_an_error_and_no_crash() {
        for chain in [
            format!("{{{{ 1{} }}}}", "+1".repeat(200_000)),
            format!("{{{{ {}key }}}}", "not ".repeat(200_000)),
            format!("{{{{ key{} }}}}", "|upper".repeat(100_000)),
            format!("{{{{ key{} }}}}", ".a".repeat(200_000)),
        ] {
            assert!(rendered(&chain).unwrap_err().contains("longer than"));
        }
        let tags = format!("{{% if key %}}{}{{% endif %}}", "{% elif key %}".repeat(50_000));
        assert!(rendered(&tags).unwrap_err().contains("more than 500 tags"));
        // As long and as many as it may be.
        for chain in ["+1", "|upper", ".a", " or key"] {
            let text = format!("{{{{ key{} }}}}", chain.repeat(2_000 / chain.len()));
            let _ = rendered(&text);
        }
        assert_eq!(
            rendered(&format!(
                "{{% if key %}}x{}{{% endif %}}",
                "{% elif key %}y".repeat(490)
            ))
            .unwrap(),
            "x"
        );
    }
}
