//! Arguments of `mirrord mcp`.

use std::path::PathBuf;

use clap::Args;

use super::directory::Sessions;

/// Arguments of `mirrord mcp`.
#[derive(Debug, Args)]
#[command(after_help = "An agent starts it: docs/agents.md has the lines to paste for the common ones.")]
pub(crate) struct Mcp {
    #[command(flatten)]
    pub(crate) sessions: Sessions,
    /// Offer a record of a session as a resource. May be given again.
    #[arg(long, value_name = "FILE")]
    pub(crate) record: Vec<PathBuf>,
    /// Let the agent end the programs of sessions.
    #[arg(long)]
    pub(crate) allow_stop: bool,
    /// Show the agent values of environment variables as well.
    #[arg(long)]
    pub(crate) show_env_values: bool,
}
