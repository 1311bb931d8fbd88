//! `mirrord session list` and `mirrord ls`: the sessions that run, those of one key together.

use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, SystemTime};

use mirrord_wire::{SessionInfo, SessionStatus};
use serde::Serialize;

use super::directory::{self, KnownSession};
use super::error::SessionError;
use super::output::{BAD, BOLD, Cell, DIM, GOOD, Output, PLAIN, cell};
use crate::args;
use crate::diagnostics::diagnostic;

/// Session in the JSON of the list.
#[derive(Debug, Serialize)]
pub(crate) struct ListedSession<'a> {
    #[serde(flatten)]
    info: SessionInfo,
    status: SessionStatus,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    /// Path of its socket; absent where it is not connected to.
    #[serde(skip_serializing_if = "Option::is_none")]
    socket: Option<&'a Path>,
}

impl<'a> ListedSession<'a> {
    /// Makes the entry of a session, without its config.
    pub(crate) fn new(session: &'a KnownSession) -> Self {
        let mut info = session.info().clone();
        // A list is read often; `session info` has them.
        (info.config, info.config_source) = (None, None);
        Self {
            info,
            status: session.status,
            reason: session.reason.as_deref(),
            socket: session.path(),
        }
    }
}

pub(super) async fn run(arguments: args::SessionList) -> Result<ExitCode, SessionError> {
    let sessions = directory::read_of(arguments.sessions).await?;
    let is_wanted = |session: &&KnownSession| arguments.key.is_none() || session.info().key == arguments.key;
    let mut wanted: Vec<_> = sessions.known.iter().filter(is_wanted).collect();
    group_by_key(&mut wanted);
    let mut out = Output::new();
    if arguments.json {
        out.json(
            &wanted
                .iter()
                .map(|session| ListedSession::new(session))
                .collect::<Vec<_>>(),
        )?;
    } else if wanted.is_empty() {
        match &arguments.key {
            Some(key) => diagnostic!("mirrord: no session of key {}", super::output::clean(key)),
            None => diagnostic!("mirrord: {}", SessionError::NoSessions(sessions.directory)),
        }
    } else {
        let rows = wanted.iter().map(|session| row(session));
        let rows: Vec<_> = std::iter::once(head()).chain(rows).collect();
        out.table(&rows)?;
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// Moves sessions of one key to the oldest of them.
fn group_by_key(sessions: &mut Vec<&KnownSession>) {
    let mut left = std::mem::take(sessions).into_iter();
    while let Some(first) = left.next() {
        let is_of_group = |other: &&KnownSession| first.info().key.is_some() && other.info().key == first.info().key;
        let (group, rest): (Vec<_>, Vec<_>) = left.partition(is_of_group);
        sessions.push(first);
        sessions.extend(group);
        left = rest.into_iter();
    }
}

fn head() -> Vec<Cell> {
    let names = ["SESSION", "STATUS", "NAME", "TARGET", "KEY", "AGE", "PROCESSES"];
    names.map(|name| (name.to_owned(), DIM)).into()
}

/// Text of an empty cell.
const NONE: &str = "-";

fn row(session: &KnownSession) -> Vec<Cell> {
    let info = session.info();
    let text = |value: &str| cell(if value.is_empty() { NONE } else { value }, PLAIN);
    let (status, style) = match session.status {
        SessionStatus::Live => ("live", GOOD),
        _ => ("unresponsive", BAD),
    };
    let last = match &session.reason {
        Some(reason) => cell(reason, BAD),
        None => text(&processes(info)),
    };
    vec![
        cell(&session.id, BOLD),
        (status.to_owned(), style),
        text(info.name.as_deref().unwrap_or_default()),
        text(&info.target),
        text(info.key.as_deref().unwrap_or_default()),
        text(&age(&info.started_at).unwrap_or_default()),
        last,
    ]
}

/// Names of the processes, the first one with its number.
fn processes(info: &SessionInfo) -> String {
    match &info.processes[..] {
        [] => String::new(),
        [one] => format!("{} ({})", one.process_name, one.pid),
        [one, more @ ..] => format!("{} ({}) and {} more", one.process_name, one.pid, more.len()),
    }
}

/// Time since a session's start, by the largest unit.
fn age(started_at: &str) -> Option<String> {
    let started = humantime::parse_rfc3339_weak(started_at).ok()?;
    let age = SystemTime::now().duration_since(started).unwrap_or(Duration::ZERO);
    Some(match age.as_secs() {
        seconds @ 0..60 => format!("{seconds}s"),
        seconds @ 60..3_600 => format!("{}m", seconds / 60),
        seconds @ 3_600..86_400 => format!("{}h", seconds / 3_600),
        seconds => format!("{}d", seconds / 86_400),
    })
}
