//! Records: those that a person opens in the page, those that it writes, and the history of ended sessions.
//!
//! | where | what |
//! |---|---|
//! | `records` beside the sessions directory | recordings that were asked for in the page |
//! | `history` beside it | ended sessions, where the history is on |
//! | `.uploads` in it | records that were sent to the server, until it ends or their sessions are dismissed |
//! | `.history` in it | the setting |
//!
//! Beside a directory that is not called `sessions` may be anything: there `.records` and `.history` in it are used.

use std::path::Path;
use std::sync::Arc;

use mirrord_private_files::PrivateFolder;
use tokio::sync::Semaphore;

pub(crate) mod compare;
pub(crate) mod file;
pub(crate) mod history;
pub(crate) mod kept;
pub(crate) mod names;
pub(crate) mod recordings;
mod session_record;
pub(crate) mod uploads;
pub(crate) mod workers;

use self::history::HistoryKeeper;
use self::recordings::Recordings;
use self::uploads::Uploads;
use self::workers::Workers;

/// Comparisons at one time; another one waits for its turn.
const MAX_COMPARISONS: usize = 1;

/// Records of a server.
#[derive(Debug)]
pub(crate) struct Records {
    pub(crate) uploads: Uploads,
    pub(crate) recordings: Recordings,
    pub(crate) history: Arc<HistoryKeeper>,
    pub(crate) comparisons: Semaphore,
}

impl Records {
    /// Creates the records of a sessions directory; `is_history_on` goes before the setting.
    pub(crate) fn new(sessions_dir: &Path, is_history_on: bool, workers: &Workers) -> Self {
        let in_directory = |name: &str| PrivateFolder::new(sessions_dir.join(name));
        let beside = sessions_dir
            .parent()
            .filter(|_| sessions_dir.file_name().is_some_and(|name| name == "sessions"));
        let folder = |name: &str| match beside {
            Some(parent) => PrivateFolder::new(parent.join(name)),
            None => in_directory(&[".", name].concat()),
        };
        let settings = in_directory(".history");
        Self {
            uploads: Uploads::new(in_directory(".uploads")),
            recordings: Recordings::new(folder("records"), workers.clone()),
            history: Arc::new(HistoryKeeper::new(
                folder("history"),
                settings,
                is_history_on,
                workers.clone(),
            )),
            comparisons: Semaphore::new(MAX_COMPARISONS),
        }
    }
}
