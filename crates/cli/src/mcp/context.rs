//! Means of the tools and resources: the sessions directory, the records of the command line, and what the user allows.

use std::path::PathBuf;

use super::record_files::RecordFile;
use crate::session::{KnownSession, SessionError, SessionList, find_in_directory, read_directory};

/// Means of the tools and resources.
#[derive(Debug)]
pub(super) struct Context {
    pub(super) directory: PathBuf,
    pub(super) records: Vec<RecordFile>,
    /// The programs of sessions may be ended.
    pub(super) may_stop: bool,
    /// Values of environment variables are shown.
    pub(super) with_values: bool,
}

impl Context {
    /// Reads the sessions of the directory.
    pub(super) async fn sessions(&self) -> Result<SessionList, SessionError> {
        read_directory(&self.directory).await
    }

    /// Finds the session that is meant; without a name, the only one.
    pub(super) async fn find(&self, given: Option<&str>) -> Result<KnownSession, SessionError> {
        find_in_directory(&self.directory, given).await
    }
}
