//! Config file of a session as it is published: its text, bounded, where its values are, and the facts that decide beside it.

use std::collections::BTreeSet;

use mirrord_config::{Config, Facts, Origin};
use mirrord_wire::session::ConfigSource;
use serde_json::json;

/// The longest text that is published, bytes, and the most values whose lines are: of a longer file the page shows the config
/// as it was understood. A session's description is sent again with each change of it.
const MAX_TEXT_BYTES: usize = 32 * 1024;
const MAX_LINES: usize = 2_000;

/// Describes the file of a session. Values of variables are left out.
pub(super) fn describe(config: &Config, facts: &Facts) -> ConfigSource {
    let text = config.text.as_deref().filter(|text| text.len() <= MAX_TEXT_BYTES);
    let places = text.map(|_| config.places()).unwrap_or_default();
    let lines = places.into_iter().take(MAX_LINES);
    let variables: BTreeSet<&str> = config
        .values()
        .iter()
        .filter_map(|value| match &value.origin {
            Origin::Variable(name) => Some(*name),
            _ => None,
        })
        .collect();
    ConfigSource {
        text: text.unwrap_or_default().to_owned(),
        lines: lines.map(|(path, at)| (path, at.line)).collect(),
        facts: json!({
            "home": facts.home,
            "cwd": facts.cwd,
            "tmpdir": facts.tmpdir,
            "known_local_hosts": facts.known_local_hosts,
        }),
        variables: variables.into_iter().map(str::to_owned).collect(),
    }
}

#[cfg(test)]
mod tests {
    use mirrord_config::Inputs;

    use super::*;

    fn of(text: &str) -> ConfigSource {
        let mut inputs = Inputs::default();
        let variable = ("MIRRORD_TCP_OUTGOING".to_owned(), "false".to_owned());
        inputs.environment = [variable].into_iter().collect();
        let config = Config::from_text(std::path::Path::new("mirrord.json"), text, &inputs);
        describe(&config.unwrap(), &Facts::default())
    }

    #[test]
    fn the_text_is_published_with_its_lines_and_no_value_of_a_variable() {
        let own = of("{\n\"feature\": {\"fs\":\n{\"local\": [\"a\"]}}}");
        assert!(
            own.lines.contains(&("feature.fs.local[0]".to_owned(), 3)),
            "{:?}",
            own.lines
        );
        assert_eq!(own.variables, ["MIRRORD_TCP_OUTGOING"]);
        assert!(own.facts.get("local_env").is_none());
    }

    #[test]
    fn a_long_text_is_not() {
        let own = of(&format!("{{{}}}", " ".repeat(MAX_TEXT_BYTES)));
        assert_eq!((own.text.as_str(), own.lines.len()), ("", 0));
    }
}
