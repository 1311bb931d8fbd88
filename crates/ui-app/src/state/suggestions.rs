//! Suggestions about the open session's config: the text that a change makes of it, and the counts of its effect.

use std::collections::BTreeSet;

use mirrord_what_if::change;
use mirrord_wire::api::{Effect, Suggestion};
use serde_json::Value;

/// Writes the config of a session as a suggestion changes it; `None` where it is no JSON.
#[must_use]
pub fn changed(config: &str, suggestion: &Suggestion) -> Option<String> {
    let config: Value = serde_json::from_str(config).ok()?;
    let text = serde_json::to_string_pretty(&change::apply(&config, &suggestion.change)).ok()?;
    Some(text + "\n")
}

/// Writes the change alone, as it is copied.
#[must_use]
pub fn snippet(suggestion: &Suggestion) -> String {
    serde_json::to_string_pretty(&suggestion.change).unwrap_or_default()
}

/// Routings whose counts a suggestion changes, each with the counts before and after.
#[must_use]
pub fn moved(effect: &Effect) -> Vec<(&str, u64, u64)> {
    let ways: BTreeSet<&String> = effect.before.keys().chain(effect.after.keys()).collect();
    let count = |way: &String| {
        let of = |counts: &std::collections::BTreeMap<String, u64>| counts.get(way).copied().unwrap_or(0);
        (of(&effect.before), of(&effect.after))
    };
    let all = ways.into_iter().map(|way| (way.as_str(), count(way)));
    all.filter(|(_, (before, after))| before != after)
        .map(|(way, (before, after))| (way, before, after))
        .collect()
}

#[cfg(test)]
mod tests {
    use mirrord_wire::from_json;

    use super::*;

    fn suggestion() -> Suggestion {
        from_json(
            r#"{"kind":"looks_remote","change":{"feature":{"fs":{"read_only":["^/a$"]}}},
            "effect":{"changed":2,"before":{"local":5,"remote":1},"after":{"local":3,"remote":3}}}"#,
        )
        .unwrap()
    }

    #[test]
    fn a_change_is_merged_into_the_config() {
        let text = changed(r#"{"target":"pod/a"}"#, &suggestion()).unwrap();
        let read: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(read["target"], "pod/a");
        assert_eq!(read["feature"]["fs"]["read_only"][0], "^/a$");
        assert_eq!(changed("no: json", &suggestion()), None);
        assert!(snippet(&suggestion()).starts_with("{\n"));
    }

    #[test]
    fn counts_that_stay_are_left_out() {
        let mut own = suggestion();
        own.effect.before.insert("mock".to_owned(), 1);
        own.effect.after.insert("mock".to_owned(), 1);
        assert_eq!(moved(&own.effect), [("local", 5, 3), ("remote", 1, 3)]);
    }
}
