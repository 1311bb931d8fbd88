//! `mirrord session info`: the description of one session.

use std::process::ExitCode;

use mirrord_wire::InfoAnswer;
use serde_json::{Value, json};

use super::directory;
use super::error::SessionError;
use super::output::{DIM, Output, PLAIN, cell};
use crate::args;

pub(super) async fn run(arguments: args::SessionInfo) -> Result<ExitCode, SessionError> {
    let given = arguments.session;
    let sessions = directory::read_of(given.sessions).await?;
    let session = sessions.find(given.session.as_deref())?;
    session.client()?;
    let mut answer = session.answer;
    if !arguments.with_values {
        answer.info.remove_values();
    }
    let mut out = Output::new();
    let fields = fields(answer);
    if given.json {
        out.json(&fields)?;
    } else {
        let rows: Vec<_> = fields.iter().flat_map(|(name, value)| rows(name, value)).collect();
        out.table(&rows)?;
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// Fields of a description, those that this version does not know among them.
fn fields(answer: InfoAnswer) -> serde_json::Map<String, Value> {
    let InfoAnswer { info, extra, notes } = answer;
    let mut fields = match serde_json::to_value(info) {
        Ok(Value::Object(fields)) => fields,
        _ => serde_json::Map::new(),
    };
    // A known field is never replaced.
    for (name, value) in extra {
        fields.entry(name).or_insert(value);
    }
    if !notes.is_empty() {
        fields.insert("notes".to_owned(), json!(notes));
    }
    fields
}

/// Rows of one field; a list has one for each item.
fn rows(name: &str, value: &Value) -> Vec<Vec<super::output::Cell>> {
    let row = |name: &str, text: &str| vec![cell(name, DIM), cell(text, PLAIN)];
    match value {
        Value::String(text) => vec![row(name, text)],
        Value::Array(items) => items.iter().map(|item| row(name, &item.to_string())).collect(),
        other => vec![row(name, &other.to_string())],
    }
}
