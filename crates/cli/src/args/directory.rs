//! Sessions directory of a command.

use std::path::PathBuf;

use clap::Args;

/// Sessions directory of a command.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Sessions {
    /// Directory of the sessions; MIRRORD_SESSIONS_DIR where it is not given, then ~/.mirrord/sessions.
    #[arg(long, value_name = "DIR")]
    pub(crate) sessions_dir: Option<PathBuf>,
}
