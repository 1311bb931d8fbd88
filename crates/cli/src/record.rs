//! `mirrord record SESSION -o FILE`: records what a session keeps and what comes, until it ends or until Ctrl-C; to a file, to an
//! OpenTelemetry endpoint, or to both.

mod content;
mod output;
mod program_end;
mod recorder;

use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;
use mirrord_otlp::{Exporter, SettingsError};
use mirrord_record::{EndReason, RecordEnd, RecordWriter, SessionRecorder};
use mirrord_wire::SessionInfo;
use mirrord_wire::api::OtlpCounts;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use self::output::{FileOutput, OtlpOutput, Outputs};
use self::program_end::ProgramEnd;
pub(crate) use self::recorder::{RecordPlan, Recorder};
use self::recorder::{Recording, header};
use crate::args::Record;
use crate::diagnostics::diagnostic;
use crate::session::{SessionError, SessionEvents, find_session};
use crate::{otlp, shutdown};

/// Runs the command to its end, and returns its exit code.
pub(crate) fn run(arguments: Record) -> ExitCode {
    match block_on(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            error.report(false);
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
    let settings = otlp::settings(&arguments.otlp).map_err(unusable)?;
    let (stop, hurry) = (CancellationToken::new(), CancellationToken::new());
    shutdown::cancel_on_signals(vec![stop.clone(), hurry.clone()]).map_err(SessionError::Other)?;
    let session = find_session(arguments.sessions, arguments.session.as_deref()).await?;
    let mut events = SessionEvents::new(session.client()?, session.id.clone(), 0);
    events.connect().await?;
    let info = session.info().clone();
    let program = ProgramEnd::new(&info);
    let content = content::Content::from(arguments.content);
    let exporter = settings.map(Exporter::new).transpose().map_err(unusable)?;
    let file = arguments.output.as_deref();
    // Last: an error before it leaves the file that is there.
    let file = file.map(|file| create(file, &info, content)).transpose()?;
    let exporting = exporter.map(|(exporter, task)| (exporter, tokio::spawn(task.run())));
    let otlp = exporting.as_ref();
    let otlp = otlp.map(|(exporter, _)| OtlpOutput::new(exporter.clone(), info));
    diagnostic!(
        "mirrord: recording {}; Ctrl-C ends it",
        described(&session.name().to_string(), arguments.output.as_deref())
    );
    let outputs = Outputs::new(file, otlp);
    let recording = Recording {
        events,
        outputs,
        program,
    };
    let ended = recording.run(&stop, || None).await;
    // A recording that has ended by itself has left the first signal.
    let hurry = if stop.is_cancelled() { hurry } else { stop };
    let sent = match exporting {
        Some((exporter, task)) => Some(flushed(&exporter, task, &hurry).await),
        None => None,
    };
    report_end(&ended?);
    match sent {
        Some(counts) if counts.sent == 0 && counts.dropped > 0 => Err(SessionError::Endpoint),
        _ => Ok(()),
    }
}

/// Creates the file, with its header.
fn create(file: &Path, info: &SessionInfo, content: content::Content) -> Result<FileOutput, SessionError> {
    let recorder = SessionRecorder::new(RecordWriter::create(file, &header(info.clone(), content))?);
    Ok(FileOutput { recorder, content })
}

fn unusable(error: SettingsError) -> SessionError {
    SessionError::Other(error.into())
}

fn described(name: &str, file: Option<&Path>) -> String {
    match file {
        Some(file) => format!("{name} to {}", file.display()),
        None => name.to_owned(),
    }
}

/// Waits for what the endpoint has yet to take, which is bounded and cut short by `hurry`, and reports it.
async fn flushed(exporter: &Exporter, task: JoinHandle<()>, hurry: &CancellationToken) -> OtlpCounts {
    exporter.finish(task, hurry).await;
    let info = exporter.info();
    otlp::report(&info);
    info.logs
}

fn report_end(end: &RecordEnd) {
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
}
