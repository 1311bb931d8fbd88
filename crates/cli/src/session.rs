//! `mirrord session list|info|events|state|stop|wait`: the sessions of this machine for people, scripts and agents.
//!
//! Each reads the session sockets itself; no `mirrord ui` need run. Results go to stdout, as text or, with `--json`, as JSON
//! that `docs/session-output.schema.json` describes; everything else goes to stderr. Each kind of failure has an exit code.

mod directory;
mod error;
mod event_text;
mod events;
mod group;
mod info;
mod kept;
mod key_events;
mod list;
pub(crate) mod output;
mod query;
mod state;
mod stop;
mod stream;
mod wait;

use std::process::ExitCode;

use anyhow::Context as _;

pub(crate) use self::directory::{
    KnownSession, SessionList, find as find_in_directory, find_of as find_session, read as read_directory,
};
pub(crate) use self::error::{SessionError, record_class};
pub(crate) use self::group::{Content, GroupItem, KeptGroup, QueryPlan};
pub(crate) use self::kept::KeptEvents;
pub(crate) use self::list::ListedSession;
pub(crate) use self::query::{EventQuery, ShownEvent};
pub(crate) use self::state::{read as read_state, read_group as read_group_state};
pub(crate) use self::stop::stop as stop_session;
pub(crate) use self::stream::SessionEvents;
pub(crate) use self::wait::{wait_for_event, wait_for_event_of_key};
use crate::args::SessionCommand;

/// Runs a command to its end, and returns its exit code.
pub(crate) fn run(command: SessionCommand) -> ExitCode {
    let is_json = wants_json(&command);
    match block_on(command) {
        Ok(code) => code,
        // A reader that wants no more, such as `head`, is no failure.
        Err(SessionError::Output(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            error.report(is_json);
            ExitCode::from(error.code())
        }
    }
}

fn wants_json(command: &SessionCommand) -> bool {
    match command {
        SessionCommand::List(arguments) => arguments.json,
        SessionCommand::Info(arguments) => arguments.session.json,
        SessionCommand::Events(arguments) => arguments.session.json,
        SessionCommand::State(arguments) => arguments.session.json,
        SessionCommand::Stop(arguments) => arguments.json,
        SessionCommand::Wait(arguments) => arguments.session.json,
    }
}

fn block_on(command: SessionCommand) -> Result<ExitCode, SessionError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.context("no runtime").map_err(SessionError::Other)?;
    runtime.block_on(async {
        match command {
            SessionCommand::List(arguments) => list::run(arguments).await,
            SessionCommand::Info(arguments) => info::run(arguments).await,
            SessionCommand::Events(arguments) => events::run(arguments).await,
            SessionCommand::State(arguments) => state::run(arguments).await,
            SessionCommand::Stop(arguments) => stop::run(arguments).await,
            SessionCommand::Wait(arguments) => wait::run(arguments).await,
        }
    })
}
