//! Arguments of what an install needs: completions and manual pages.

use std::path::PathBuf;

use clap::Args;
use clap_complete::Shell;

/// Arguments of `mirrord completions`.
#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// The shell.
    #[arg(value_enum)]
    pub(crate) shell: Shell,
}

/// Arguments of `mirrord man`.
#[derive(Debug, Args)]
pub(crate) struct Man {
    /// The directory, which is made where it is missing. Pages of the same name are replaced.
    #[arg(value_name = "DIR")]
    pub(crate) directory: PathBuf,
}
