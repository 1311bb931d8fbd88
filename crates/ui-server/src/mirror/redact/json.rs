//! Free JSON for devices, such as a session's config: its shape and its names, and the values that are known to be harmless.

use serde_json::Value;

use super::lists::HARMLESS_SETTINGS;
use super::values;
use super::words::{self, HIDDEN};

/// Fields whose string is the name of a Kubernetes object.
const OBJECTS: &[&str] = &["target", "path", "namespace", "container", "deployment", "pod"];
/// The largest number that is shown: a port.
const MAX_NUMBER: u64 = 65_535;
/// Levels of nesting; what is deeper is hidden.
const MAX_DEPTH: usize = 32;

/// Hides every value under a name that is not known to be harmless, at any depth.
pub(super) fn config(name: &str, value: &mut Value) {
    at_depth(name, value, 0);
}

fn at_depth(name: &str, value: &mut Value, depth: usize) {
    if depth >= MAX_DEPTH {
        *value = Value::String(HIDDEN.to_owned());
        return;
    }
    let is_secret = words::names_a_secret(name) || words::is_environment(name);
    match value {
        Value::Null | Value::Bool(_) => {}
        Value::Object(fields) => {
            let named = std::mem::take(fields).into_iter().map(|(name, mut value)| {
                // Under `env` each value is a variable's, however deep; `include` and its like are names of some.
                let under = if is_secret { "env" } else { name.as_str() };
                at_depth(under, &mut value, depth + 1);
                let name = if values::variable(&name) == name {
                    name
                } else {
                    HIDDEN.to_owned()
                };
                (name, value)
            });
            *fields = named.collect();
        }
        Value::Array(items) => {
            let under = if is_secret { "env" } else { "" };
            items.iter_mut().for_each(|item| at_depth(under, item, depth + 1));
        }
        Value::Number(number) if !is_secret && number.as_u64().is_some_and(|own| own <= MAX_NUMBER) => {}
        Value::String(own) if !is_secret && is_harmless(name, own) => {}
        Value::Number(_) | Value::String(_) => *value = Value::String(HIDDEN.to_owned()),
    }
}

/// Sidebar of the desktop's page: texts of its own, and the names that it gave to sessions.
pub(super) fn sidebar_view(view: &mut Value) {
    let Value::Object(fields) = view else {
        *view = Value::Null;
        return;
    };
    fields.retain(|name, value| match (name.as_str(), value) {
        ("group" | "sort", Value::String(word)) => values::word(word) == word.as_str(),
        ("keys", Value::Object(keys)) => {
            keys.retain(|id, key| {
                mirrord_wire::SessionId::new(id.as_str()).is_ok()
                    && key.as_str().is_some_and(|key| values::short_name(key) == key)
            });
            true
        }
        _ => false,
    });
}

fn is_harmless(name: &str, text: &str) -> bool {
    text.is_empty() || HARMLESS_SETTINGS.contains(&text) || (OBJECTS.contains(&name) && values::object(text) == text)
}
