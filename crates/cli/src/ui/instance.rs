//! The one instance a user, from the command line: `mirrord ui url`, `status` and `stop`, and the output of a second
//! `mirrord ui`.
//!
//! Output for programs is alone on stdout; everything else goes to stderr. Each exits with 1 where none runs.

use std::io::{self, Write as _};
use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;
use mirrord_ui_server::instance::{self, Running};
use serde::Serialize;

use crate::args::{Status, Ui, UiCommand};
use crate::diagnostics::diagnostic;
use crate::env;

const NONE_RUNS: u8 = 1;

/// Output of `status --json`: everything but the token.
#[derive(Debug, Serialize)]
struct StatusLine<'a> {
    running: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pid: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    port: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    started_at: Option<&'a str>,
}

pub(super) fn run(command: UiCommand) -> Result<ExitCode> {
    match command {
        UiCommand::Url(sessions) => {
            let directory = env::sessions_dir(sessions)?;
            let running = instance::find(&directory)?;
            Ok(answer(&directory, running.as_ref(), Running::url))
        }
        UiCommand::Status(Status { sessions, json }) => {
            let directory = env::sessions_dir(sessions)?;
            let running = instance::find(&directory)?;
            if json {
                return as_json(running.as_ref());
            }
            Ok(answer(&directory, running.as_ref(), |running| {
                let (pid, port, since) = (running.pid(), running.port(), running.started_at());
                format!("running: process {pid}, port {port}, since {since}")
            }))
        }
        UiCommand::Mirror(arguments) => super::mirror::run(arguments),
        UiCommand::Stop(sessions) => {
            let directory = env::sessions_dir(sessions)?;
            let stopped = instance::stop(&directory)?;
            Ok(answer(&directory, stopped.as_ref(), |pid| {
                format!("stopped process {pid}")
            }))
        }
    }
}

fn answer<T>(directory: &Path, running: Option<&T>, say: impl FnOnce(&T) -> String) -> ExitCode {
    let Some(running) = running else {
        diagnostic!("mirrord: not running: no `mirrord ui` for {}", directory.display());
        return ExitCode::from(NONE_RUNS);
    };
    print(&say(running));
    ExitCode::SUCCESS
}

fn as_json(running: Option<&Running>) -> Result<ExitCode> {
    let line = StatusLine {
        running: running.is_some(),
        pid: running.map(Running::pid),
        port: running.map(Running::port),
        started_at: running.map(Running::started_at),
    };
    print(&serde_json::to_string(&line)?);
    Ok(running.map_or(ExitCode::from(NONE_RUNS), |_| ExitCode::SUCCESS))
}

/// Prints that another instance runs, which keeps its own port and options whatever was asked for now.
pub(super) fn print_running(running: &Running, asked: &Ui) {
    let (pid, port) = (running.pid(), running.port());
    diagnostic!("mirrord: one runs already on port {port} (process {pid}), with the options that it was started with");
    if asked.differs_from(port) {
        diagnostic!("mirrord: `mirrord ui stop` ends it, to start one with these");
    }
}

fn print(line: &str) {
    // Without a reader of our output there is nothing to report.
    let _ = writeln!(io::stdout(), "{line}").and_then(|()| io::stdout().flush());
}
