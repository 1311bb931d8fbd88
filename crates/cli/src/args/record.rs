//! Arguments of `mirrord record`, and those by which `mirrord exec` records.

use std::path::PathBuf;

use clap::Args;

use super::directory::Sessions;
use super::otlp::Otlp;
use super::session::EXIT_CODES;

/// Content of a record.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct RecordContent {
    /// Keep values of environment variables in the record.
    #[arg(long, conflicts_with = "redact")]
    pub(crate) with_values: bool,
    /// Write what a device of the mirror would be shown, and no more: for a record that is passed on.
    #[arg(long)]
    pub(crate) redact: bool,
}

/// Arguments of `mirrord record`.
#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub(crate) struct Record {
    #[command(flatten)]
    pub(crate) sessions: Sessions,
    /// The session: its id, the beginning of its id, its name or its target; the only one that runs, where it is not given.
    #[arg(value_name = "SESSION")]
    pub(crate) session: Option<String>,
    /// The file; compressed where its name ends in `.zst`. One that is there is replaced.
    #[arg(short, long, value_name = "FILE", required_unless_present = "otlp_endpoints")]
    pub(crate) output: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) content: RecordContent,
    #[command(flatten)]
    pub(crate) otlp: Otlp,
}

/// Arguments of `mirrord replay`.
#[derive(Debug, Args)]
pub(crate) struct Replay {
    /// The records.
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// The port to listen on, on 127.0.0.1; a free one where none is given.
    #[arg(long, value_name = "PORT", default_value_t = 0, hide_default_value = true)]
    pub(crate) port: u16,
    /// Do not open the browser.
    #[arg(long)]
    pub(crate) no_open: bool,
}

/// Arguments of `mirrord diff`.
#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub(crate) struct Diff {
    /// The first record.
    #[arg(value_name = "A")]
    pub(crate) first: PathBuf,
    /// The second record.
    #[arg(value_name = "B")]
    pub(crate) second: PathBuf,
    /// Print JSON, whole.
    #[arg(long)]
    pub(crate) json: bool,
    /// Print every name, and not the first 50 of each list.
    #[arg(long, conflicts_with = "json")]
    pub(crate) all: bool,
    /// Exit with 14 where something differs.
    #[arg(long)]
    pub(crate) exit_code: bool,
}
