//! File of a record that is shown as a session, and the temporary one of a record that was sent to the server.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use mirrord_private_files::PrivateFolder;

/// File of a record.
#[derive(Debug)]
pub(crate) struct RecordFile {
    path: PathBuf,
    /// Name that it is shown by.
    name: String,
    temporary: Option<Arc<TemporaryFile>>,
}

impl RecordFile {
    /// Creates the handle of a file that stays.
    pub(crate) fn new(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            name: path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            temporary: None,
        }
    }

    /// Creates the handle of a file that was sent under a name, and goes with this handle.
    pub(crate) fn temporary(file: Arc<TemporaryFile>, name: String) -> Self {
        Self {
            path: file.path(),
            name,
            temporary: Some(file),
        }
    }

    /// Returns the path.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the name that it is shown by.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Returns whether it goes with this handle.
    pub(crate) fn is_temporary(&self) -> bool {
        self.temporary.is_some()
    }
}

/// Private file that is removed when its last handle goes.
#[derive(Debug)]
pub(crate) struct TemporaryFile {
    pub(super) folder: PrivateFolder,
    pub(super) name: String,
    pub(super) _reservation: Reservation,
}

impl TemporaryFile {
    pub(super) fn path(&self) -> PathBuf {
        self.folder.path(&self.name)
    }
}

impl Drop for TemporaryFile {
    fn drop(&mut self) {
        if let Err(error) = self.folder.remove(&self.name) {
            tracing::warn!(%error, "a temporary record was not removed");
        }
    }
}

/// Part of a bound in bytes, given back when it goes.
#[derive(Debug)]
pub(crate) struct Reservation {
    bytes: u64,
    all: Arc<AtomicU64>,
}

impl Reservation {
    /// Takes bytes, unless all would then be more than `max`.
    pub(super) fn take(all: &Arc<AtomicU64>, bytes: u64, max: u64) -> Option<Self> {
        let taken = all.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |before| {
            before.checked_add(bytes).filter(|after| *after <= max)
        });
        taken.ok().map(|_| Self {
            bytes,
            all: Arc::clone(all),
        })
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        self.all.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_temporary_file_goes_with_its_last_handle_and_gives_its_room_back() {
        let home = tempfile::tempdir().unwrap();
        let folder = PrivateFolder::new(home.path().join("uploads"));
        folder.create_new("one").unwrap().unwrap();
        let all = Arc::default();
        let file = Arc::new(TemporaryFile {
            folder,
            name: "one".to_owned(),
            _reservation: Reservation::take(&all, 7, 10).unwrap(),
        });
        assert!(Reservation::take(&all, 4, 10).is_none());
        let record = RecordFile::temporary(Arc::clone(&file), "run.ndjson".to_owned());
        drop(file);
        assert!(record.path().exists());
        let path = record.path().to_owned();
        drop(record);
        assert!(!path.exists());
        assert_eq!(all.load(Ordering::Relaxed), 0);
    }
}
