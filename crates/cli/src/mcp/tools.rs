//! Tools: their names, descriptions and arguments, and the way of a call to its function.

use rmcp::model::{JsonObject, Tool, ToolAnnotations};
use rmcp::schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::answer::ToolError;
use super::context::Context;
use super::{arguments, events, explain, records, sessions};

/// Name of the tool that `--allow-stop` adds.
const STOP: &str = "stop_session";

/// Returns the tools that the client may call.
pub(super) fn list(may_stop: bool) -> Vec<Tool> {
    let mut tools = vec![
        reading::<arguments::ListSessions>(
            "list_sessions",
            "List sessions",
            "Lists the mirrord sessions that run on this machine: id, name, target, key, processes, ports. Sessions that share a \
             `key` are one group, which the tools that take a `key` read as one.",
        ),
        reading::<arguments::SessionState>(
            "session_state",
            "State of a session",
            "Returns what has happened in a session so far, counted: events by type, outcome and routing, processes with their \
             exit codes, destinations, hosts, paths, names of variables, connections and listeners.",
        ),
        reading::<arguments::QueryEvents>(
            "query_events",
            "Query events",
            "Returns the events of a session that match a filter, oldest first, a page at a time: repeat with `since` set to \
             `next_since` while `has_more` is true.",
        ),
        reading::<arguments::WaitForEvent>(
            "wait_for_event",
            "Wait for an event",
            "Waits for the first event that matches a filter, and for its session where that does not run yet. An event that \
             has happened already counts.",
        ),
        reading::<arguments::Explain>(
            "explain",
            "Explain a path, destination or host",
            "Explains what came of a path, a destination `host:port` or a host in a session, or in each of a key: outcomes, counts, first and last \
             time, processes, where it was routed and by which rule of the mirrord config, findings, and changes of the \
             config that the run suggests.",
        ),
        reading::<arguments::DiffRecords>(
            "diff_records",
            "Compare two records",
            "Compares two recorded runs: paths, hosts, destinations, ports, variables and programs that only one of them has, and \
             what came of them otherwise. `mirrord exec --record FILE` records a run.",
        ),
    ];
    if may_stop {
        let stop = "Ends the program of a session, or those of all sessions of a key, and waits until they have ended.";
        let marks = ToolAnnotations::new()
            .read_only(false)
            .destructive(true)
            .idempotent(false);
        tools.push(tool::<arguments::StopSession>(
            STOP,
            "End a session's program",
            stop,
            marks,
        ));
    }
    tools
}

fn reading<Arguments: JsonSchema + 'static>(name: &'static str, title: &str, description: &'static str) -> Tool {
    tool::<Arguments>(name, title, description, ToolAnnotations::new().read_only(true))
}

fn tool<Arguments: JsonSchema + 'static>(
    name: &'static str,
    title: &str,
    description: &'static str,
    marks: ToolAnnotations,
) -> Tool {
    Tool::new(name, description, JsonObject::new())
        .with_title(title)
        .with_input_schema::<Arguments>()
        .with_annotations(marks.open_world(false))
}

/// Runs a call.
///
/// # Errors
/// There is no such tool, its arguments do not fit, or what it was to read cannot be read.
pub(super) async fn call(context: &Context, name: &str, given: JsonObject) -> Result<Value, ToolError> {
    match name {
        "list_sessions" => sessions::list(context, parse(name, given)?).await,
        "session_state" => sessions::state(context, parse(name, given)?).await,
        "query_events" => events::query(context, parse(name, given)?).await,
        "wait_for_event" => events::wait(context, parse(name, given)?).await,
        "explain" => explain::explain(context, parse(name, given)?).await,
        "diff_records" => records::diff(context, parse(name, given)?).await,
        STOP if context.may_stop => sessions::stop(context, parse(name, given)?).await,
        STOP => Err(ToolError::Refused(
            "this server ends no session: it was started without `--allow-stop`. `mirrord session stop SESSION` ends one by hand"
                .to_owned(),
        )),
        other => {
            let known: Vec<_> = list(context.may_stop).into_iter().map(|tool| tool.name).collect();
            let known = known.join(", ");
            Err(ToolError::Refused(format!("there is no tool `{other}`; there are {known}")))
        }
    }
}

fn parse<Arguments: DeserializeOwned>(tool: &str, given: JsonObject) -> Result<Arguments, ToolError> {
    serde_json::from_value(Value::Object(given)).map_err(|error| ToolError::Arguments {
        tool: tool.to_owned(),
        reason: error.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tool_that_ends_programs_is_marked_and_absent_unless_it_is_allowed() {
        assert!(list(false).iter().all(|tool| tool.name != STOP));
        for tool in list(true) {
            let marks = tool.annotations.unwrap();
            let is_stop = tool.name == STOP;
            assert_eq!(
                (marks.read_only_hint, marks.destructive_hint == Some(true)),
                (Some(!is_stop), is_stop),
                "{}",
                tool.name
            );
        }
    }

    #[test]
    fn every_argument_has_a_description_and_a_mistyped_one_is_named() {
        for tool in list(true) {
            let schema = tool.schema_as_json_value();
            assert_eq!(schema["additionalProperties"], false, "{}", tool.name);
            for (name, own) in schema["properties"].as_object().unwrap() {
                assert!(own["description"].is_string(), "{} {name}", tool.name);
            }
        }
        let given = serde_json::json!({"fliter": "x"}).as_object().cloned().unwrap();
        let error = parse::<arguments::QueryEvents>("query_events", given)
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("`query_events`") && error.contains("`fliter`") && error.contains("`filter`"),
            "{error}"
        );
    }
}
