//! Changes of a config: JSON merge patches (RFC 7396), made for the forms that a section can have, and their application.

use serde_json::{Map, Value, json};

/// Applies a merge patch: objects are merged, `null` removes, everything else replaces.
#[must_use]
pub fn apply(config: &Value, patch: &Value) -> Value {
    let Value::Object(patch) = patch else {
        return patch.clone();
    };
    let mut merged = match config {
        Value::Object(own) => own.clone(),
        _ => Map::new(),
    };
    for (key, value) in patch {
        if value.is_null() {
            merged.remove(key);
        } else {
            let own = merged.get(key).unwrap_or(&Value::Null);
            merged.insert(key.clone(), apply(own, value));
        }
    }
    Value::Object(merged)
}

/// Returns the config that a released mirrord reports as its file has it: there `key` is an object that says where the key is
/// from.
#[must_use]
pub fn as_file(mut config: Value) -> Value {
    let key = config
        .get("key")
        .and_then(Value::as_object)
        .and_then(|own| own.values().next())
        .cloned();
    if let (Some(key), Some(own)) = (key, config.as_object_mut()) {
        own.insert("key".to_owned(), key);
    }
    config
}

/// Makes the patch that sets a key. A short form on the way, such as `"fs": "read"`, becomes the object that means the
/// same; `None` where it turns the section off.
#[must_use]
pub fn set(config: &Value, path: &str, value: Value) -> Option<Value> {
    let keys: Vec<&str> = path.split('.').collect();
    let (last, sections) = keys.split_last()?;
    let mut own = config;
    let mut forms = Vec::new();
    for section in sections {
        own = own.get(section).unwrap_or(&Value::Null);
        forms.push((*section, long_form(section, own)?));
    }
    let mut patch = json!({*last: value});
    for (section, form) in forms.into_iter().rev() {
        let mut inner = form;
        if let Value::Object(more) = patch {
            inner.extend(more);
        }
        patch = json!({section: inner});
    }
    Some(patch)
}

/// Members that a short form abbreviates; none for an object, and where nothing is there.
fn long_form(section: &str, own: &Value) -> Option<Map<String, Value>> {
    let mode = |name: &str| Map::from_iter([("mode".to_owned(), Value::from(name))]);
    match (section, own) {
        (_, Value::Object(_) | Value::Null | Value::Bool(true)) => Some(Map::new()),
        ("fs" | "incoming", Value::String(name)) => Some(mode(name)),
        _ => None,
    }
}

/// Returns the items of a list at a path; a single text is a list of one.
#[must_use]
pub fn items(config: &Value, path: &str) -> Vec<Value> {
    let found = path.split('.').try_fold(config, |own, key| own.get(key));
    match found {
        Some(Value::Array(items)) => items.clone(),
        Some(Value::Null) | None => Vec::new(),
        Some(own) => vec![own.clone()],
    }
}

/// Makes the patch that appends items to a list.
#[must_use]
pub fn append(config: &Value, path: &str, more: impl IntoIterator<Item = Value>) -> Option<Value> {
    let mut all = items(config, path);
    all.extend(more);
    set(config, path, Value::Array(all))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_patch_is_applied_as_rfc_7396_has_it() {
        for (config, patch, merged) in [
            (json!({"a": "b"}), json!({"a": "c"}), json!({"a": "c"})),
            (json!({"a": "b", "b": 1}), json!({"a": null}), json!({"b": 1})),
            (json!({"a": [1]}), json!({"a": [2]}), json!({"a": [2]})),
            (
                json!({"a": "b"}),
                json!({"a": {"c": 1, "d": null}}),
                json!({"a": {"c": 1}}),
            ),
            (Value::Null, json!({"a": {"b": {"c": null}}}), json!({"a": {"b": {}}})),
        ] {
            assert_eq!(apply(&config, &patch), merged);
        }
    }

    #[test]
    fn a_short_form_keeps_its_meaning() {
        let config = json!({"feature": {"fs": "write", "network": {"incoming": "steal"}}});
        let patch = append(&config, "feature.fs.local", [json!("^/a$")]).unwrap();
        assert_eq!(patch, json!({"feature": {"fs": {"mode": "write", "local": ["^/a$"]}}}));
        let patch = append(&config, "feature.network.incoming.ignore_ports", [json!(80)]).unwrap();
        let merged = apply(&config, &patch);
        assert_eq!(
            merged["feature"]["network"]["incoming"],
            json!({"mode": "steal", "ignore_ports": [80]})
        );
        let off = json!({"feature": {"fs": false}});
        assert_eq!(append(&off, "feature.fs.local", [json!("a")]), None);
        let one = json!({"feature": {"fs": {"local": "^/a"}}});
        let patch = append(&one, "feature.fs.local", [json!("^/b")]).unwrap();
        assert_eq!(patch["feature"]["fs"]["local"], json!(["^/a", "^/b"]));
    }
}
