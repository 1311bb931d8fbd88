//! `mirrord session state`: what has happened in a session so far, counted.

use std::process::ExitCode;

use mirrord_session_client::ClientError;
use mirrord_wire::SessionState;
use mirrord_wire::session::{Count, Top};

use super::directory::{self, KnownSession};
use super::error::SessionError;
use super::output::{BAD, Cell, DIM, Output, PLAIN, cell};
use crate::args;

/// Names of each list that are printed as text; the JSON has all.
const SHOWN_NAMES: usize = 10;

pub(super) async fn run(arguments: args::SessionState) -> Result<ExitCode, SessionError> {
    let given = arguments.session;
    let session = directory::read_of(given.sessions)
        .await?
        .find(given.session.as_deref())?;
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

fn rows(state: &SessionState) -> Vec<Vec<Cell>> {
    let row = |name: &str, text: &str| vec![cell(name, DIM), cell(text, PLAIN)];
    let counts = |counts: Vec<(String, u64)>| {
        let counts: Vec<_> = counts.iter().map(|(name, count)| format!("{name} {count}")).collect();
        counts.join(", ")
    };
    let counters = &state.counters;
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
    for process in state.running() {
        rows.push(row("runs", &format!("{} ({})", process.process_name, process.pid)));
    }
    for port in &state.port_subscriptions {
        rows.push(row("listens", &format!("{} ({})", port.port, port.mode)));
    }
    for (name, top) in [
        ("destination", &state.outgoing),
        ("host", &state.hosts),
        ("path", &state.paths),
        ("variable", &state.env_names),
    ] {
        rows.extend(top_rows(name, top));
    }
    if state.dropped > 0 {
        rows.push(vec![cell("lost", DIM), cell(&format!("{} events", state.dropped), BAD)]);
    }
    rows
}

fn top_rows(name: &str, top: &Top) -> Vec<Vec<Cell>> {
    let list = top.items();
    let shown = list.iter().take(SHOWN_NAMES);
    let row = |count: &Count| {
        vec![
            cell(name, DIM),
            cell(&format!("{}  {}", count.count, count.name), PLAIN),
        ]
    };
    let mut rows: Vec<_> = shown.map(row).collect();
    let rest = top.distinct().saturating_sub(SHOWN_NAMES as u64);
    if rest > 0 {
        rows.push(vec![cell(name, DIM), cell(&format!("and {rest} more"), DIM)]);
    }
    rows
}
