//! `mirrord session state`: what has happened in a session, or in all of a key, so far, counted.

use std::process::ExitCode;

use futures_util::future::join_all;
use mirrord_session_client::ClientError;
use mirrord_wire::SessionState;
use mirrord_wire::session::{Count, Counters, GroupState, StateMerger, Top};

use super::directory::{self, KnownSession};
use super::error::SessionError;
use super::output::{BAD, Cell, DIM, Output, PLAIN, cell};
use crate::args::{self, Sessions};

/// Names of each list that are printed as text; the JSON has all.
const SHOWN_NAMES: usize = 10;

pub(super) async fn run(arguments: args::SessionState) -> Result<ExitCode, SessionError> {
    let given = arguments.session;
    if let Some(key) = &given.key {
        return run_key(given.sessions, key, given.json).await;
    }
    let session = directory::find_of(given.sessions, given.session.as_deref()).await?;
    let state = read(&session).await?;
    let mut out = Output::new();
    if given.json {
        out.json(&state)?;
    } else {
        out.table(&rows(&state))?;
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// Prints the merged state of a key's sessions.
async fn run_key(sessions: Sessions, key: &str, is_json: bool) -> Result<ExitCode, SessionError> {
    let sessions = directory::read_of(sessions).await?.of_key(key)?;
    let state = read_group(&sessions, key).await?;
    let mut out = Output::new();
    if is_json {
        out.json(&state)?;
    } else {
        out.table(&group_rows(&state, &sessions))?;
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// Requests the states of a key's sessions, and merges them; those that have none are named in the result.
///
/// # Errors
/// None of them has a state: the failure of the first.
pub(crate) async fn read_group(sessions: &[KnownSession], key: &str) -> Result<GroupState, SessionError> {
    let states = join_all(sessions.iter().map(read)).await;
    let mut merger = StateMerger::default();
    let (mut read, mut failure) = (0, None);
    for (session, state) in sessions.iter().zip(states) {
        match state {
            Ok(state) => {
                merger.add(&session.id, state);
                read += 1;
            }
            Err(error) => {
                merger.add_unread(&session.id, error.to_string());
                failure.get_or_insert(error);
            }
        }
    }
    match failure {
        Some(error) if read == 0 => Err(error),
        _ => Ok(merger.finish(key)),
    }
}

/// Requests the state of a session.
///
/// # Errors
/// The session does not answer as one; a released mirrord has no state.
pub(crate) async fn read(session: &KnownSession) -> Result<SessionState, SessionError> {
    let state = session.client()?.state().await;
    state.map_err(|error| match error {
        ClientError::Status { .. } if session.info().protocol_version == 0 => SessionError::Unsupported {
            id: session.id.clone(),
            reason: "a released mirrord counts and keeps nothing; `mirrord session events --follow`, or the tool `wait_for_event`, \
                     shows what happens from now on"
                .to_owned(),
        },
        error => SessionError::of_request(&session.id, &error),
    })
}

fn row(name: &str, text: &str) -> Vec<Cell> {
    vec![cell(name, DIM), cell(text, PLAIN)]
}

fn rows(state: &SessionState) -> Vec<Vec<Cell>> {
    let mut rows = counter_rows(&state.counters);
    for process in state.running() {
        rows.push(row("runs", &format!("{} ({})", process.process_name, process.pid)));
    }
    for port in &state.port_subscriptions {
        rows.push(row("listens", &format!("{} ({})", port.port, port.mode)));
    }
    let tops = [&state.outgoing, &state.hosts, &state.paths, &state.env_names];
    rows.extend(name_rows(tops));
    rows.extend(lost_row(state.dropped));
    rows
}

/// Rows of a merged state; what is of one session says which.
fn group_rows(state: &GroupState, sessions: &[KnownSession]) -> Vec<Vec<Cell>> {
    let label = |id: &str| {
        let session = sessions.iter().find(|session| session.id == id);
        session.map_or_else(|| id.to_owned(), |session| session.name().to_string())
    };
    let mut rows: Vec<_> = state
        .sessions
        .iter()
        .map(|own| row("session", &format!("{}: {} events", label(&own.session_id), own.events)))
        .collect();
    for own in &state.unread {
        let text = format!("{}: not counted: {}", label(&own.session_id), own.reason);
        rows.push(vec![cell("session", DIM), cell(&text, BAD)]);
    }
    rows.extend(counter_rows(&state.counters));
    for own in state.processes.iter().filter(|own| own.item.ended_ts.is_none()) {
        let info = &own.item.info;
        let text = format!("{} ({}) of {}", info.process_name, info.pid, label(&own.session_id));
        rows.push(row("runs", &text));
    }
    for own in &state.port_subscriptions {
        let text = format!("{} ({}) of {}", own.item.port, own.item.mode, label(&own.session_id));
        rows.push(row("listens", &text));
    }
    for (name, omitted) in [("runs", state.processes_omitted), ("listens", state.ports_omitted)] {
        if omitted > 0 {
            rows.push(vec![
                cell(name, DIM),
                cell(&format!("{omitted} more are not listed"), DIM),
            ]);
        }
    }
    let tops = [&state.outgoing, &state.hosts, &state.paths, &state.env_names];
    rows.extend(name_rows(tops));
    rows.extend(lost_row(state.dropped));
    rows
}

fn counter_rows(counters: &Counters) -> Vec<Vec<Cell>> {
    let counts = |counts: Vec<(String, u64)>| {
        let counts: Vec<_> = counts.iter().map(|(name, count)| format!("{name} {count}")).collect();
        counts.join(", ")
    };
    let mut rows = vec![row("events", &counters.total.to_string())];
    let routing = counters
        .by_routing
        .iter()
        .map(|(own, count)| (own.name().to_owned(), *count));
    let outcome = counters
        .by_outcome
        .iter()
        .map(|(own, count)| (own.name().to_owned(), *count));
    for (name, list) in [
        ("types", counters.by_type.clone().into_iter().collect()),
        ("operations", counters.by_operation.clone().into_iter().collect()),
        ("routing", routing.collect()),
        ("outcomes", outcome.collect::<Vec<_>>()),
    ] {
        if !list.is_empty() {
            rows.push(row(name, &counts(list)));
        }
    }
    rows
}

/// Rows of destinations, hosts, paths and variables.
fn name_rows(tops: [&Top; 4]) -> Vec<Vec<Cell>> {
    let names = ["destination", "host", "path", "variable"];
    names
        .into_iter()
        .zip(tops)
        .flat_map(|(name, top)| top_rows(name, top))
        .collect()
}

fn lost_row(dropped: u64) -> Option<Vec<Cell>> {
    (dropped > 0).then(|| vec![cell("lost", DIM), cell(&format!("{dropped} events"), BAD)])
}

fn top_rows(name: &str, top: &Top) -> Vec<Vec<Cell>> {
    let list = top.items();
    let shown = list.iter().take(SHOWN_NAMES);
    let count = |count: &Count| row(name, &format!("{}  {}", count.count, count.name));
    let mut rows: Vec<_> = shown.map(count).collect();
    let rest = top.distinct().saturating_sub(SHOWN_NAMES as u64);
    if rest > 0 {
        rows.push(vec![cell(name, DIM), cell(&format!("and {rest} more"), DIM)]);
    }
    rows
}
