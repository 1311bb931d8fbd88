//! Record of one session: how far it was read, and whether its file can be read again.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use mirrord_record::{RecordIndex, RecordReader};
use mirrord_wire::api::RecordInfo;

use super::timeline::TimelineBuilder;

/// State of the pass that reads a record.
#[derive(Debug, Clone)]
pub(crate) struct Progress {
    pub(crate) index: RecordIndex,
    pub(crate) timeline: TimelineBuilder,
    pub(crate) info: RecordInfo,
}

/// Record of one session.
#[derive(Debug)]
pub(crate) struct RecordSource {
    /// Key of the session; another one once its name was taken.
    key: AtomicU64,
    progress: Mutex<Arc<Progress>>,
    /// A reader has found the file gone or changed.
    has_failed: AtomicBool,
}

impl RecordSource {
    /// Creates the source of a record of which nothing but the header was read; `name` is shown.
    pub(crate) fn new(reader: &RecordReader, name: &str) -> Self {
        let info = RecordInfo {
            file: Some(name.to_owned()),
            is_whole: true,
            loading: true,
            ..RecordInfo::default()
        };
        Self {
            key: AtomicU64::new(0),
            progress: Mutex::new(Arc::new(Progress {
                index: RecordIndex::new(reader),
                timeline: TimelineBuilder::default(),
                info,
            })),
            has_failed: AtomicBool::new(false),
        }
    }

    /// Returns the key of the session.
    pub(crate) fn key(&self) -> u64 {
        self.key.load(Ordering::Relaxed)
    }

    /// Sets the key of the session.
    pub(crate) fn set_key(&self, key: u64) {
        self.key.store(key, Ordering::Relaxed);
    }

    /// Returns how far the record was read.
    pub(crate) fn progress(&self) -> Arc<Progress> {
        // A panic elsewhere leaves it usable, since it is replaced as a whole.
        Arc::clone(&self.progress.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Publishes how far the record was read.
    pub(crate) fn publish(&self, progress: Progress) {
        let progress = Arc::new(progress);
        *self.progress.lock().unwrap_or_else(PoisonError::into_inner) = progress;
    }

    /// Returns whether this is the first failure to read the file again.
    pub(crate) fn fails_first(&self) -> bool {
        !self.has_failed.swap(true, Ordering::Relaxed)
    }
}
