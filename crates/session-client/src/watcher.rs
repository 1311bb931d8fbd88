//! Repeated scans of a sessions directory: at once where a watch reports a change, and at intervals in any case.
//!
//! Watches the directory, or, while it is missing, the nearest existing directory above it. A report says no more than
//! "scan again"; where the system refuses a watch, scans are more frequent instead. Scans run off the runtime, so that a
//! slow file system blocks nothing else.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use notify::{RecommendedWatcher, RecursiveMode, Watcher as _};
use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until};

use crate::directory::{self, Scan};
use crate::error::DirectoryError;
use crate::limits;
use crate::platform::system::directory_identity;

/// Scanner of a directory that may be deleted, moved and made again.
#[derive(Debug)]
pub struct DirectoryWatcher {
    directory: PathBuf,
    hints: Arc<Notify>,
    /// Missing while a scan has it, and after a scan that was dropped or panicked.
    watch: Option<Watch>,
    /// Start of the newest scan, and the time of the next one without a hint.
    scanned: Option<(Instant, Instant)>,
    /// The interval or a hint has asked for the next scan.
    is_due: bool,
}

impl DirectoryWatcher {
    /// Creates a watcher; the first scan is immediate.
    #[must_use]
    pub fn new(directory: PathBuf) -> Self {
        Self {
            directory,
            hints: Arc::default(),
            watch: None,
            scanned: None,
            is_due: true,
        }
    }

    /// Waits until a scan is due and returns its result. Cancel-safe: no change is lost where the future is dropped.
    ///
    /// # Errors
    /// As [`scan`](crate::scan). An error says nothing about any session; the next call scans again.
    pub async fn next_scan(&mut self) -> Result<Scan, DirectoryError> {
        self.until_due().await;
        let started = Instant::now();
        let directory = self.directory.clone();
        let watch = self.watch.take();
        let mut watch = watch.unwrap_or_else(|| Watch::new(directory.clone(), Arc::clone(&self.hints)));
        let scan = tokio::task::spawn_blocking(move || {
            let was_moved = watch.aim();
            (was_moved, directory::scan(&directory), watch)
        });
        let (was_moved, scan, interval) = match scan.await {
            Ok((was_moved, scan, watch)) => {
                let interval = if watch.works() {
                    limits::RESCAN_INTERVAL
                } else {
                    limits::POLL_INTERVAL
                };
                self.watch = Some(watch);
                (was_moved, scan, interval)
            }
            // Only a panic in there, or the runtime's end, leads here.
            Err(_) => {
                let reason = "could not be scanned".to_owned();
                let path = self.directory.clone();
                (false, Err(DirectoryError { path, reason }), limits::RESCAN_INTERVAL)
            }
        };
        self.scanned = Some((started, Instant::now() + interval));
        // Changes before the watch was moved are only seen by another scan.
        self.is_due = was_moved;
        scan
    }

    /// Waits for the interval or for a hint. A session that lasts milliseconds is scanned for at once; a rush of hints is
    /// gathered.
    async fn until_due(&mut self) {
        let Some((started, next)) = self.scanned else { return };
        let mut debounce = !self.is_due;
        if !self.is_due {
            tokio::select! {
                () = sleep_until(next) => debounce = false,
                () = self.hints.notified() => {}
            }
            self.is_due = true;
        }
        if debounce {
            sleep_until(started + limits::HINT_DEBOUNCE).await;
        }
    }
}

/// Watch of the operating system, which follows the directory.
#[derive(Debug)]
struct Watch {
    directory: PathBuf,
    hints: Arc<Notify>,
    current: Option<Current>,
    /// The last attempt failed: logged once, not at every scan.
    failed: bool,
}

#[derive(Debug)]
struct Current {
    path: PathBuf,
    /// Device and inode of the watched directory: a path can come to mean another one.
    identity: (u64, u64),
    /// Dropped, it stops.
    _watcher: RecommendedWatcher,
}

impl Watch {
    fn new(directory: PathBuf, hints: Arc<Notify>) -> Self {
        Self {
            directory,
            hints,
            current: None,
            failed: false,
        }
    }

    /// Moves the watch to the directory, or the nearest existing one above it. Returns whether it was moved.
    fn aim(&mut self) -> bool {
        let Some((path, identity)) = nearest(&self.directory) else {
            return false;
        };
        let is_aimed = |current: &Current| current.path == path && current.identity == identity;
        if self.current.as_ref().is_some_and(is_aimed) {
            return false;
        }
        self.current = None;
        match self.watch(&path) {
            Ok(watcher) => {
                self.failed = false;
                self.current = Some(Current {
                    path,
                    identity,
                    _watcher: watcher,
                });
                true
            }
            Err(error) => {
                if !std::mem::replace(&mut self.failed, true) {
                    tracing::warn!(path = %path.display(), %error, "cannot watch, scanning often instead");
                }
                false
            }
        }
    }

    /// Returns whether changes are reported at all.
    fn works(&self) -> bool {
        self.current.is_some()
    }

    fn watch(&self, path: &Path) -> notify::Result<RecommendedWatcher> {
        let hints = Arc::clone(&self.hints);
        let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
            // Scanning opens the directory: taken as a hint, a scan would lead to the next one for ever.
            if !event.is_ok_and(|event| event.kind.is_access()) {
                hints.notify_one();
            }
        })?;
        watcher.watch(path, RecursiveMode::NonRecursive)?;
        Ok(watcher)
    }
}

/// Returns the directory, or the nearest existing one above it, with its device and inode.
fn nearest(directory: &Path) -> Option<(PathBuf, (u64, u64))> {
    directory.ancestors().find_map(|path| {
        let path = if path.as_os_str().is_empty() {
            Path::new(".")
        } else {
            path
        };
        let metadata = fs::metadata(path).ok().filter(fs::Metadata::is_dir)?;
        Some((path.to_owned(), directory_identity(&metadata)))
    })
}
