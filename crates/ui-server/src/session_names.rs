//! File of the names that a person gave to sessions: read once, written whole after each change. A file that cannot be read is
//! left as it is, and reported; names then last as long as the server runs, or until it is removed.

use std::path::Path;
use std::sync::Arc;

use mirrord_private_files::PrivateFolder;
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;

use crate::store::Store;
use crate::store::names::GivenName;

const FOLDER: &str = ".names";
const FILE: &str = "names.json";
const VERSION: u32 = 1;
/// The bytes of the file: more than a thousand names of the greatest length have.
const MAX_FILE_BYTES: usize = 1024 * 1024;

/// Content of the file.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    version: u32,
    names: Vec<GivenName>,
}

/// File of the names.
#[derive(Debug)]
pub(crate) struct NamesFile {
    folder: PrivateFolder,
    /// Revision that is in the file, or why nothing is written. Held while it is written.
    written: Arc<Mutex<Result<u64, String>>>,
}

impl NamesFile {
    /// Reads the names of a sessions directory into the store.
    pub(crate) fn load(sessions_dir: &Path, store: &Store) -> Self {
        let folder = PrivateFolder::new(sessions_dir.join(FOLDER));
        let loaded = read(&folder).map(|names| {
            store.lock().names.load(names);
            0
        });
        if let Err(reason) = &loaded {
            tracing::warn!("{reason}");
        }
        Self {
            folder,
            written: Arc::new(Mutex::new(loaded)),
        }
    }

    /// Writes the names where they have changed since.
    ///
    /// # Errors
    /// Why they could not be written, with the path: for the desktop alone.
    pub(crate) async fn save(&self, store: &Store) -> Result<(), String> {
        // Held by the thread that writes, so that nothing older is written last.
        let mut written = Arc::clone(&self.written).lock_owned().await;
        let before = match &*written {
            Ok(before) => Some(*before),
            // One that could not be read was removed since.
            Err(_) if !self.folder.path(FILE).exists() => None,
            Err(reason) => return Err(reason.clone()),
        };
        if before == Some(store.lock().names.revision()) {
            return Ok(());
        }
        let (names, revision) = store.lock().names.all();
        let folder = self.folder.clone();
        let task = tokio::task::spawn_blocking(move || {
            let version = VERSION;
            let text = serde_json::to_vec(&Document { version, names }).map_err(|error| error.to_string())?;
            folder.replace(FILE, &text).map_err(|error| error.to_string())?;
            *written = Ok(revision);
            Ok(())
        });
        task.await.unwrap_or_else(|error| Err(error.to_string()))
    }
}

fn read(folder: &PrivateFolder) -> Result<Vec<GivenName>, String> {
    let cannot = |reason: String| format!("names of sessions are not kept: {reason}");
    let Some(bytes) = folder
        .read(FILE, MAX_FILE_BYTES)
        .map_err(|error| cannot(error.to_string()))?
    else {
        return Ok(Vec::new());
    };
    let path = folder.path(FILE);
    let broken = |reason: String| cannot(format!("{} cannot be read: {reason}; remove it", path.display()));
    let document: Document = serde_json::from_slice(&bytes).map_err(|error| broken(error.to_string()))?;
    if document.version != VERSION {
        return Err(broken(format!("it is of version {}, not {VERSION}", document.version)));
    }
    Ok(document.names)
}
