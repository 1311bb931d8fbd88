//! Answers of tools, within bounds, and their errors.
//!
//! An answer is one JSON object of at most [`MAX_ANSWER_BYTES`]. Lists that are longer than was asked for are cut, and so are
//! all lists of an answer that is too large; the number of items that were cut is beside each, as `NAME_more`.

use rmcp::ErrorData;
use rmcp::model::{CallToolResult, ContentBlock, ErrorCode};
use serde_json::{Map, Value, json};

use crate::session::SessionError;

/// Bytes of an answer as JSON. One event alone may be larger: a line of a session has at most 256 KiB.
pub(super) const MAX_ANSWER_BYTES: usize = 64 * 1024;
/// Bytes of one text in an answer that had to be cut; a longer one is cut at its end.
const MAX_TEXT_BYTES: usize = 512;

/// Failure of a call.
#[derive(Debug, thiserror::Error)]
pub(super) enum ToolError {
    /// A session or a record cannot be read, or is not there.
    #[error("{0}")]
    Session(#[from] SessionError),
    /// The arguments do not fit.
    #[error("the arguments of `{tool}` do not fit: {reason}")]
    Arguments { tool: String, reason: String },
    /// There is no such resource.
    #[error("{0}")]
    NoResource(String),
    /// The call is refused, with the way out.
    #[error("{0}")]
    Refused(String),
    /// The client gave it up.
    #[error("the call was cancelled")]
    Cancelled,
}

impl ToolError {
    /// Returns the error as JSON, with its kind.
    fn json(&self) -> Value {
        match self {
            Self::Session(error) => {
                let mut json = error.json();
                // It is that of a command.
                if let Some(fields) = json.as_object_mut() {
                    fields.remove("exit_code");
                }
                json
            }
            Self::Arguments { .. } => json!({"error": self.to_string(), "kind": "arguments"}),
            Self::NoResource(_) => json!({"error": self.to_string(), "kind": "no_resource"}),
            Self::Refused(_) => json!({"error": self.to_string(), "kind": "refused"}),
            Self::Cancelled => json!({"error": self.to_string(), "kind": "cancelled"}),
        }
    }

    /// Converts it to an error of the protocol, as reads of resources have them.
    pub(super) fn of_protocol(&self) -> ErrorData {
        let code = match self {
            Self::Session(
                SessionError::NoSessions(_) | SessionError::NoMatch { .. } | SessionError::NoSuchKey { .. },
            )
            | Self::NoResource(_) => ErrorCode::RESOURCE_NOT_FOUND,
            Self::Session(SessionError::Ambiguous { .. }) | Self::Arguments { .. } => ErrorCode::INVALID_PARAMS,
            _ => ErrorCode::INTERNAL_ERROR,
        };
        ErrorData::new(code, self.to_string(), Some(self.json()))
    }
}

/// Converts the result of a call to that of the protocol: an error is one of the tool, with a text that the agent reads.
pub(super) fn tool_result(result: Result<Value, ToolError>) -> CallToolResult {
    match result {
        Ok(value) => CallToolResult::structured(value),
        Err(error) => {
            let mut result = CallToolResult::error(vec![ContentBlock::text(error.to_string())]);
            result.structured_content = Some(error.json());
            result
        }
    }
}

/// Cuts every list of an answer to so many items, and to fewer where it is too large otherwise.
pub(super) fn fit(answer: &Value, items: usize) -> Value {
    fit_within(answer, items, MAX_ANSWER_BYTES)
}

/// Cuts every list of a part of an answer, as [`fit`], to so many bytes of JSON.
pub(super) fn fit_within(answer: &Value, items: usize, bytes: usize) -> Value {
    let mut items = items;
    let mut texts = usize::MAX;
    loop {
        let mut cut = answer.clone();
        shorten(&mut cut, items, texts);
        if items == 0 || cut.to_string().len() <= bytes {
            return cut;
        }
        // Long texts first: a list of many short names is of more use.
        if texts == usize::MAX {
            texts = MAX_TEXT_BYTES;
        } else {
            items /= 2;
        }
    }
}

/// Cuts lists to a number of items, and texts to a number of bytes.
fn shorten(value: &mut Value, items: usize, text_bytes: usize) {
    match value {
        Value::Object(fields) => {
            cut_lists(fields, items);
            fields
                .values_mut()
                .for_each(|value| shorten_within(value, items, text_bytes));
        }
        other => shorten_within(other, items, text_bytes),
    }
}

fn shorten_within(value: &mut Value, items: usize, text_bytes: usize) {
    match value {
        Value::Object(_) => shorten(value, items, text_bytes),
        // A list within a list has no name for what is cut of it: pairs stay whole.
        Value::Array(list) => list.iter_mut().for_each(|item| shorten_within(item, items, text_bytes)),
        Value::String(text) if text.len() > text_bytes => {
            text.truncate(text.floor_char_boundary(text_bytes));
            text.push('…');
        }
        _ => {}
    }
}

/// Cuts the lists among the fields of an object, and counts what was cut; what the object counts already is added to.
fn cut_lists(fields: &mut Map<String, Value>, items: usize) {
    let mut counts = Vec::new();
    for (name, value) in fields.iter_mut() {
        if let Value::Array(list) = value
            && list.len() > items
        {
            counts.push((more(name), list.len() - items));
            list.truncate(items);
        }
    }
    for (name, cut) in counts {
        let before = fields.get(&name).and_then(Value::as_u64).unwrap_or(0);
        fields.insert(name, before.saturating_add(cut as u64).into());
    }
}

/// Name of the number of items that a list lacks.
fn more(list: &str) -> String {
    match list {
        "items" => "more".to_owned(),
        list => format!("{list}_more"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_cut_and_what_it_lacks_is_counted_with_what_it_lacked_before() {
        let answer = json!({
            "hosts": {"items": [1, 2, 3], "more": 7},
            "processes": [{"cmdline": ["a", "b", "c"]}, 2, 3],
            "processes_more": 1,
            "pairs": [["a", "b"]],
            "whole": [1, 2],
        });
        assert_eq!(
            fit(&answer, 2),
            json!({
                "hosts": {"items": [1, 2], "more": 8},
                "processes": [{"cmdline": ["a", "b"], "cmdline_more": 1}, 2],
                "processes_more": 2,
                "pairs": [["a", "b"]],
                "whole": [1, 2],
            })
        );
        assert_eq!(fit(&answer, 3), answer, "what fits stays as it is");
    }

    #[test]
    fn no_answer_is_larger_than_the_bound() {
        let many: Vec<_> = (0..1_000)
            .map(|number| json!({"name": "é".repeat(4_000), "count": number}))
            .collect();
        let answer = json!({"paths": {"items": many, "more": 0}, "note": "n".repeat(1_000_000)});
        let cut = fit(&answer, 500);
        let bytes = cut.to_string().len();
        assert!(bytes <= MAX_ANSWER_BYTES, "{bytes}");
        let (kept, more) = (
            cut["paths"]["items"].as_array().map_or(0, Vec::len),
            &cut["paths"]["more"],
        );
        assert!(kept > 50 && *more == 1_000 - kept, "{kept} {more}");
    }

    #[test]
    fn an_error_is_one_of_the_tool_with_its_way_out_and_its_kind() {
        let result = tool_result(Err(SessionError::NoSessions("/d".into()).into()));
        let shown = serde_json::to_value(&result).unwrap();
        assert_eq!(
            (&shown["isError"], &shown["structuredContent"]["kind"]),
            (&json!(true), &json!("no_sessions"))
        );
        assert!(
            shown["content"][0]["text"]
                .as_str()
                .unwrap()
                .contains("`mirrord exec -- CMD` starts one")
        );
        assert!(shown["structuredContent"].get("exit_code").is_none());
    }
}
