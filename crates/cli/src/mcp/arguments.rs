//! Arguments of the tools: each type is parsed by serde and described by its schema, its comments included.

use rmcp::schemars;
use rmcp::schemars::JsonSchema;
use serde::Deserialize;

use super::answer::ToolError;

/// Events of a page where no limit is given.
const DEFAULT_EVENTS: u64 = 100;
/// Most events of a page.
pub(super) const MAX_EVENTS: u64 = 1_000;
/// Items of each list where no limit is given.
const DEFAULT_ITEMS: u64 = 20;
/// Most items of each list.
const MAX_ITEMS: u64 = 500;
/// Seconds of a wait where no time is given.
const DEFAULT_WAIT: u64 = 30;
/// Longest wait, seconds.
pub(super) const MAX_WAIT: u64 = 300;

/// Returns a limit within its bounds: a larger one is taken as the largest.
fn bounded(given: Option<u64>, default: u64, most: u64) -> usize {
    usize::try_from(given.unwrap_or(default).clamp(1, most)).unwrap_or(usize::MAX)
}

/// Returns the items of each list that were asked for.
pub(super) fn items(given: Option<u64>) -> usize {
    bounded(given, DEFAULT_ITEMS, MAX_ITEMS)
}

/// Returns the events of a page that were asked for.
pub(super) fn events(given: Option<u64>) -> usize {
    bounded(given, DEFAULT_EVENTS, MAX_EVENTS)
}

/// Returns the time of a wait that was asked for.
pub(super) fn wait(given: Option<u64>) -> std::time::Duration {
    std::time::Duration::from_secs(given.unwrap_or(DEFAULT_WAIT).clamp(1, MAX_WAIT))
}

/// Returns the key of a call, whose other arguments must not be those of one session.
///
/// # Errors
/// There is a key, and one of the others as well.
pub(super) fn key_alone(tool: &str, key: Option<&str>, others: &[(&str, bool)]) -> Result<Option<String>, ToolError> {
    let Some(key) = key else { return Ok(None) };
    match others.iter().find(|(_, is_given)| *is_given) {
        Some((name, _)) => Err(ToolError::Arguments {
            tool: tool.to_owned(),
            reason: format!("`{name}` is about one session, and `key` about all of the key: leave one of them out"),
        }),
        None => Ok(Some(key.to_owned())),
    }
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ListSessions {
    /// List the sessions of this key alone.
    pub(super) key: Option<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SessionState {
    /// Id, beginning of the id, name or target of the session; may be left out where one session runs.
    pub(super) session: Option<String>,
    /// In place of `session`: all sessions of this key, as one.
    pub(super) key: Option<String>,
    /// Most items of each list (1 to 500; 20 where it is left out).
    pub(super) limit: Option<u64>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct QueryEvents {
    /// Id, beginning of the id, name or target of the session; may be left out where one session runs.
    pub(super) session: Option<String>,
    /// In place of `session`: all sessions of this key, as one.
    pub(super) key: Option<String>,
    /// Filter; all events where it is left out. Terms must all match: `type:file`, `type:dns`, `type:connect`, `type:process`,
    /// `outcome:not_found`, `outcome:failed`, `routing:remote`, `path:/etc/*`, `host:db.*`, `port:5432`, `process:node`, `pid:7`,
    /// `rule:feature.fs*`, `time:-5m`, a bare word, `/pattern/`; `-` before a term negates it, `OR` and parentheses combine.
    pub(super) filter: Option<String>,
    /// Return events after the one of this number alone: `next_since` of the page before (0 where it is left out). Not with `key`.
    pub(super) since: Option<u64>,
    /// With `key`, in place of `since`: `next_cursor` of the page before.
    pub(super) cursor: Option<String>,
    /// Most events of the page (1 to 1000; 100 where it is left out).
    pub(super) limit: Option<u64>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WaitForEvent {
    /// Id, beginning of the id, name or target of the session, which need not be there yet; may be left out where one runs.
    pub(super) session: Option<String>,
    /// In place of `session`: the first event of any session of this key, those that start meanwhile included.
    pub(super) key: Option<String>,
    /// Filter of the event, in the language of `query_events`.
    pub(super) filter: String,
    /// Look at events after the one of this number alone (0 where it is left out: one that has happened already counts). Not with
    /// `key`.
    pub(super) since: Option<u64>,
    /// Longest wait in seconds (1 to 300; 30 where it is left out).
    pub(super) timeout_seconds: Option<u64>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Explain {
    /// Id, beginning of the id, name or target of the session; may be left out where one session runs.
    pub(super) session: Option<String>,
    /// In place of `session`: each session of this key, those with the most events about the subject first.
    pub(super) key: Option<String>,
    /// A path (`/etc/app.yaml`, or its end: `conf/app.yaml`), a destination (`10.0.0.5:5432`, `[::1]:80`, `db:5432`) or a
    /// host (`db`, `10.0.0.5`).
    pub(super) subject: String,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DiffRecords {
    /// First record: the path of a file, or the URI of a record among the resources.
    pub(super) a: String,
    /// Second record: the path of a file, or the URI of a record among the resources.
    pub(super) b: String,
    /// Most items of each list (1 to 500; 20 where it is left out).
    pub(super) limit: Option<u64>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct StopSession {
    /// Id, beginning of the id, name or target of the session.
    pub(super) session: Option<String>,
    /// In place of `session`: all sessions of this key.
    pub(super) key: Option<String>,
    /// Longest wait for its end in seconds (1 to 300; 30 where it is left out).
    pub(super) timeout_seconds: Option<u64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_and_times_stay_within_their_bounds() {
        assert_eq!([None, Some(0), Some(7), Some(u64::MAX)].map(events), [100, 1, 7, 1_000]);
        assert_eq!([None, Some(0), Some(u64::MAX)].map(items), [20, 1, 500]);
        assert_eq!(
            [None, Some(0), Some(u64::MAX)].map(|given| wait(given).as_secs()),
            [30, 1, 300]
        );
    }
}
