//! Arguments of `mirrord session`, `mirrord ls` and `mirrord kill`.

use std::time::Duration;

use clap::{Args, Subcommand};

use super::directory::Sessions;

/// Exit codes, below the help of each command.
pub(crate) const EXIT_CODES: &str = "\
Exit codes: 0 done; 1 failed otherwise; 2 the command line is wrong; 3 no session runs; 4 no session is meant; 5 several are; \
6 the filter does not parse; 7 the session ended meanwhile; 8 the time is over; 9 the session does not answer; 10 the session \
cannot do this; 11 the file is no record; 12 it is one of a later format; 13 it is damaged. docs/agents.md has them with examples.";

/// Requests to the sessions of this machine. They read the sessions themselves: no `mirrord ui` need run.
#[derive(Debug, Subcommand)]
pub(crate) enum SessionCommand {
    /// List the sessions that run; `mirrord ls` is short for it.
    List(SessionList),
    /// Print the description of a session, or of each one of a key.
    Info(SessionInfo),
    /// Print the events of a session, or of all of a key: those that are kept, and with --follow those to come.
    Events(SessionEvents),
    /// Print what has happened in a session, or in all of a key, so far, counted.
    State(SessionState),
    /// End the programs of sessions, and wait until they have ended; `mirrord kill` is short for it.
    Stop(SessionStop),
    /// Wait for an event of a session, or of any one of a key, and print it. One that has happened before counts, where the
    /// session keeps it.
    ///
    /// A session that is not there yet is waited for, too.
    Wait(SessionWait),
}

/// Session of a request.
#[derive(Debug, Args)]
pub(crate) struct OneSession {
    #[command(flatten)]
    pub(crate) sessions: Sessions,
    /// The session: its id, the beginning of its id, its name or its target; the only one that runs, where it is not given.
    #[arg(value_name = "SESSION")]
    pub(crate) session: Option<String>,
    /// All sessions of this key, as one.
    #[arg(long, value_name = "KEY", conflicts_with = "session")]
    pub(crate) key: Option<String>,
    /// Print JSON: one object, or of events one a line.
    #[arg(long)]
    pub(crate) json: bool,
}

/// Arguments of `mirrord session list` and `mirrord ls`.
#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub(crate) struct SessionList {
    #[command(flatten)]
    pub(crate) sessions: Sessions,
    /// List those of this key alone.
    #[arg(long, value_name = "KEY")]
    pub(crate) key: Option<String>,
    /// Print a JSON array.
    #[arg(long)]
    pub(crate) json: bool,
}

/// Arguments of `mirrord session info`.
#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub(crate) struct SessionInfo {
    #[command(flatten)]
    pub(crate) session: OneSession,
    /// Print values of environment variables as well.
    #[arg(long)]
    pub(crate) with_values: bool,
}

/// Arguments of `mirrord session events`.
#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub(crate) struct SessionEvents {
    #[command(flatten)]
    pub(crate) session: OneSession,
    /// Go on with the events to come, until the session ends (then the exit code is 7) or Ctrl-C; with --key until the last one
    /// of the key ends, and with those that start meanwhile.
    #[arg(short, long)]
    pub(crate) follow: bool,
    /// Begin after the event of this number, which counts the events of one session: not with --key.
    #[arg(long, value_name = "SEQ", default_value_t = 0, conflicts_with = "key")]
    pub(crate) since: u64,
    /// Print matching events alone; docs/FILTERS.md has the language. Times without a zone are UTC's.
    #[arg(long, value_name = "EXPR", allow_hyphen_values = true)]
    pub(crate) filter: Option<String>,
    /// Stop after so many events.
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) limit: Option<u64>,
    /// Print values of environment variables as well.
    #[arg(long)]
    pub(crate) with_values: bool,
}

/// Arguments of `mirrord session state`.
#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub(crate) struct SessionState {
    #[command(flatten)]
    pub(crate) session: OneSession,
}

/// Arguments of `mirrord session stop` and `mirrord kill`.
#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub(crate) struct SessionStop {
    #[command(flatten)]
    pub(crate) sessions: Sessions,
    /// The sessions: each an id, the beginning of one, a name or a target.
    #[arg(value_name = "SESSION", required_unless_present = "key", conflicts_with = "key")]
    pub(crate) session: Vec<String>,
    /// End all of this key.
    #[arg(long, value_name = "KEY")]
    pub(crate) key: Option<String>,
    /// Time for each to end: a program that ignores SIGTERM is killed after 5 s.
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = time)]
    pub(crate) timeout: Duration,
    /// Print JSON, one line for each session.
    #[arg(long)]
    pub(crate) json: bool,
}

/// Arguments of `mirrord session wait`.
#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub(crate) struct SessionWait {
    #[command(flatten)]
    pub(crate) session: OneSession,
    /// The event to wait for; docs/FILTERS.md has the language. Times without a zone are UTC's.
    #[arg(long, value_name = "EXPR", allow_hyphen_values = true)]
    pub(crate) filter: String,
    /// Longest wait; the exit code is 8 once it is over. What a session keeps is looked at whatever the time: `0s` asks whether it
    /// has happened.
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = time)]
    pub(crate) timeout: Duration,
    /// Look at events after this number alone, which counts the events of one session: not with --key.
    #[arg(long, value_name = "SEQ", default_value_t = 0, conflicts_with = "key")]
    pub(crate) since: u64,
    /// Print values of environment variables as well.
    #[arg(long)]
    pub(crate) with_values: bool,
}

fn time(given: &str) -> Result<Duration, String> {
    humantime::parse_duration(given).map_err(|error| format!("{error}; such as 500ms, 30s or 5m"))
}
