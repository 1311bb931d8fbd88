//! Arguments of `mirrord exec`.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::Args;

use super::directory::Sessions;
use super::record::RecordContent;
use super::session_name::session_name;

/// Arguments of `mirrord exec`.
#[derive(Debug, Args)]
pub(crate) struct Exec {
    #[command(flatten)]
    pub(crate) sessions: Sessions,
    /// The mirrord.json to use, or TOML or YAML; `-` is standard input. MIRRORD_CONFIG_FILE where it is not given.
    #[arg(short = 'f', long, value_name = "FILE")]
    pub(crate) config_file: Option<PathBuf>,
    /// JSON with facts that only the cluster knows, as `config explain` takes it: `remote_dns`, `remote_env`, `mounts`.
    #[arg(long, value_name = "FILE")]
    pub(crate) assume: Option<PathBuf>,
    /// Print at the end, on stderr, what the config would send where, by rule: as text, or `json` in one line.
    #[arg(long, value_name = "FORMAT", num_args = 0..=1, require_equals = true, default_missing_value = "text")]
    pub(crate) summary: Option<SummaryFormat>,
    /// Name of the session's target, such as `deployment/checkout`; `targetless` where it is not given.
    #[arg(long, value_name = "NAME")]
    pub(crate) target: Option<String>,
    /// A name for the session, shown beside its program wherever the session is.
    #[arg(long, value_name = "NAME", value_parser = session_name)]
    pub(crate) name: Option<String>,
    /// A key that sessions share to be one group, as those of `mirrord up`; it goes before the config's `key`.
    #[arg(long, value_name = "KEY")]
    pub(crate) key: Option<String>,
    /// Do not say where the session is seen, nor that it is one within another.
    #[arg(short, long)]
    pub(crate) quiet: bool,
    /// Watch on until everything that the program has started has ended, and not the program alone.
    #[arg(long)]
    pub(crate) wait_all: bool,
    /// Record the session to this file as it goes; compressed where its name ends in `.zst`. One that is there is replaced.
    #[arg(long, value_name = "FILE")]
    pub(crate) record: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) record_content: RecordContent,
    /// The program and its arguments.
    #[arg(required = true, trailing_var_arg = true, value_name = "CMD")]
    pub(crate) command: Vec<OsString>,
}

impl Exec {
    /// Returns the key that is given; an empty one is none, as in a config.
    pub(crate) fn key(&self) -> Option<&str> {
        self.key.as_deref().filter(|key| !key.is_empty())
    }
}

/// Format of `--summary`.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub(crate) enum SummaryFormat {
    /// Lines for people.
    Text,
    /// One line of JSON.
    Json,
}
