//! State of the sessions that share a `key`: one state, made of theirs, bounded as theirs are.
//!
//! Numbers are sums, and exact where theirs are. Of names the counts are added up by name; of processes, ports and sockets each
//! says its session. Merging one state leaves it as it was, and the order in which states come does not matter.

mod kept;
mod merge;
mod name_counts;
mod state;
#[cfg(feature = "openapi")]
mod state_schema;

pub use self::merge::StateMerger;
pub use self::state::{
    GroupSession, GroupState, IncompleteReason, MAX_GROUP_REASONS, MAX_GROUP_SESSIONS, OfSession, UnreadSession,
};

/// Adds the id of its session to the JSON of an event, as the last field; one that the event has under this name is replaced.
#[must_use]
pub fn with_session_id(line: &str, session_id: &str) -> String {
    const FIELD: &str = "session_id";
    let line = line.trim_end();
    let id = serde_json::Value::from(session_id);
    // A name may be written with escapes.
    if line.contains(FIELD) || line.contains("\\u") {
        let fields = serde_json::from_str::<serde_json::Map<_, _>>(line).unwrap_or_default();
        if fields.contains_key(FIELD) {
            let mut fields = fields;
            fields.insert(FIELD.to_owned(), id);
            return serde_json::Value::Object(fields).to_string();
        }
    }
    match line.strip_suffix('}') {
        Some(fields) => {
            let comma = if fields.trim_end().ends_with('{') { "" } else { "," };
            format!("{fields}{comma}\"{FIELD}\":{id}}}")
        }
        // No event: an event is an object.
        None => line.to_owned(),
    }
}

#[cfg(test)]
mod tests;
