//! `mirrord session info`: the description of one session, or of each one of a key.

use std::process::ExitCode;

use mirrord_wire::InfoAnswer;
use serde_json::{Value, json};

use super::directory::{self, KnownSession};
use super::error::SessionError;
use super::output::{Cell, DIM, Output, PLAIN, cell};
use crate::args;

pub(super) async fn run(arguments: args::SessionInfo) -> Result<ExitCode, SessionError> {
    let given = arguments.session;
    let mut out = Output::new();
    if let Some(key) = &given.key {
        let sessions = directory::read_of(given.sessions).await?;
        let code = print_all(&mut out, sessions.of_key(key)?, arguments.with_values, given.json)?;
        out.flush()?;
        return Ok(code);
    }
    let session = directory::find_of(given.sessions, given.session.as_deref()).await?;
    session.client()?;
    let fields = fields(session.answer, arguments.with_values);
    if given.json {
        out.json(&fields)?;
    } else {
        out.table(&table(&fields))?;
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// Prints the descriptions of several sessions. One that does not answer is an error, and the others are printed.
fn print_all(
    out: &mut Output,
    sessions: Vec<KnownSession>,
    with_values: bool,
    is_json: bool,
) -> Result<ExitCode, SessionError> {
    let (mut code, mut all) = (0, Vec::new());
    for session in sessions {
        match session.client() {
            Ok(_) => all.push(fields(session.answer, with_values)),
            Err(error) => {
                error.report(is_json);
                code = if code == 0 { error.code() } else { code };
            }
        }
    }
    if is_json {
        out.json(&all)?;
        return Ok(ExitCode::from(code));
    }
    for (place, fields) in all.iter().enumerate() {
        if place > 0 {
            out.line(&[])?;
        }
        out.table(&table(fields))?;
    }
    Ok(ExitCode::from(code))
}

fn table(fields: &serde_json::Map<String, Value>) -> Vec<Vec<Cell>> {
    fields.iter().flat_map(|(name, value)| rows(name, value)).collect()
}

/// Fields of a description, those that this version does not know among them.
fn fields(answer: InfoAnswer, with_values: bool) -> serde_json::Map<String, Value> {
    let InfoAnswer { mut info, extra, notes } = answer;
    if !with_values {
        info.remove_values();
    }
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
fn rows(name: &str, value: &Value) -> Vec<Vec<Cell>> {
    let row = |name: &str, text: &str| vec![cell(name, DIM), cell(text, PLAIN)];
    match value {
        Value::String(text) => vec![row(name, text)],
        Value::Array(items) => items.iter().map(|item| row(name, &item.to_string())).collect(),
        other => vec![row(name, &other.to_string())],
    }
}
