//! Suggestions of a session: its run by the config and the facts that it published.

use mirrord_wire::api::Suggestions;
use mirrord_wire::session::ConfigSource;
use serde_json::Value;

use super::{Reason, Sight, suggest};
use crate::change;
use crate::run::Run;

/// Returns the reason why a session's config can have no suggestions, as far as it is known before its events are read.
#[must_use]
pub fn obstacle(config: &Value, source: Option<&ConfigSource>) -> Option<Reason> {
    let is_empty = config.as_object().is_none_or(serde_json::Map::is_empty);
    match source {
        None if is_empty => Some(Reason::NoConfig),
        Some(source) if !source.variables.is_empty() => Some(Reason::Variables),
        _ => None,
    }
}

/// Suggests changes of the config of a session. `newest` is the number of its newest event; `now` the time, microseconds since
/// the Unix epoch, and `None` where it has ended.
#[must_use]
pub fn suggest_for(
    run: Run,
    config: Value,
    source: Option<&ConfigSource>,
    newest: u64,
    now: Option<u64>,
) -> Suggestions {
    let facts = source.map(|source| source.facts.clone());
    let facts = facts
        .and_then(|facts| serde_json::from_value(facts).ok())
        .unwrap_or_default();
    let sight = Sight {
        // `mirrord exec -f` alone sees, and decides, what stays local; it publishes the text of its config.
        has_local: source.is_some(),
        unseen: newest.saturating_sub(run.events()),
        now,
    };
    suggest(run, &change::as_file(config), &facts, sight)
}
