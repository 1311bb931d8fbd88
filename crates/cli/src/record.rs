//! `mirrord record SESSION -o FILE`: records what a session keeps and what comes, until it ends or until Ctrl-C.

mod content;
mod recorder;

use std::process::ExitCode;

use anyhow::Context as _;
use mirrord_record::{EndReason, RecordWriter};
use tokio_util::sync::CancellationToken;

pub(crate) use self::recorder::{RecordPlan, Recorder};
use self::recorder::{Recording, header};
use crate::args::Record;
use crate::diagnostics::diagnostic;
use crate::session::{SessionError, SessionEvents, read_sessions, report};
use crate::shutdown;

/// Runs the command to its end, and returns its exit code.
pub(crate) fn run(arguments: Record) -> ExitCode {
    match block_on(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            report(&error, false);
            ExitCode::from(error.code())
        }
    }
}

fn block_on(arguments: Record) -> Result<(), SessionError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.context("no runtime").map_err(SessionError::Other)?;
    runtime.block_on(record(arguments))
}

async fn record(arguments: Record) -> Result<(), SessionError> {
    let stop = CancellationToken::new();
    shutdown::cancel_on_signals(vec![stop.clone()]).map_err(SessionError::Other)?;
    let session = read_sessions(arguments.sessions)
        .await?
        .find(arguments.session.as_deref())?;
    let mut events = SessionEvents::new(session.client()?, session.id.clone(), 0);
    events.connect().await?;
    let file = arguments.output;
    let content = content::Content::from(arguments.content);
    let writer = RecordWriter::create(&file, &header(session.info().clone(), content))?;
    let name = session.name();
    diagnostic!("mirrord: recording {name} to {}; Ctrl-C ends it", file.display());
    let end = Recording {
        events,
        writer,
        content,
    }
    .run(&stop, || None)
    .await?;
    let lost = end.missed + end.unreadable;
    let missing = if lost > 0 {
        format!(", {lost} are missing")
    } else {
        String::new()
    };
    let reason = match end.reason {
        EndReason::Ended => "the session has ended",
        _ => "the recording was ended",
    };
    diagnostic!("mirrord: {reason}: {} events{missing}", end.events);
    Ok(())
}
