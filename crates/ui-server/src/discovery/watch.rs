//! Hints that the sessions directory may have changed. A hint says no more than "look again".
//!
//! Watches the directory, or, while it is missing, the nearest directory above it that is there. Where the system
//! refuses a watch, the caller is told to look often instead.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use notify::{RecommendedWatcher, RecursiveMode, Watcher as _};
use tokio::sync::Notify;

/// A watch that follows a directory through being deleted, moved and made again.
#[derive(Debug)]
pub(crate) struct Watch {
    directory: PathBuf,
    hints: Arc<Notify>,
    current: Option<Current>,
    /// Whether the last try failed: said once, not at every look.
    failed: bool,
}

#[derive(Debug)]
struct Current {
    path: PathBuf,
    /// Device and inode of what is watched: a path can come to mean another directory.
    identity: (u64, u64),
    /// Dropped, it stops.
    _watcher: RecommendedWatcher,
}

impl Watch {
    pub(crate) fn new(directory: PathBuf) -> Self {
        Self {
            directory,
            hints: Arc::new(Notify::new()),
            current: None,
            failed: false,
        }
    }

    /// Resolves at the next hint.
    pub(crate) fn hints(&self) -> Arc<Notify> {
        Arc::clone(&self.hints)
    }

    /// Puts the watch where it belongs now. Says whether it was moved: what happened before it stood there is only seen
    /// by looking once more.
    pub(crate) fn aim(&mut self) -> bool {
        let Some((path, identity)) = nearest(&self.directory) else {
            return false;
        };
        let aimed = |current: &Current| current.path == path && current.identity == identity;
        if self.current.as_ref().is_some_and(aimed) {
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
                    tracing::warn!(path = %path.display(), %error, "cannot watch, looking often instead");
                }
                false
            }
        }
    }

    /// Whether changes are told at all.
    pub(crate) fn works(&self) -> bool {
        self.current.is_some()
    }

    fn watch(&self, path: &Path) -> notify::Result<RecommendedWatcher> {
        let hints = self.hints();
        let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
            // Reading the directory opens it: taken as a hint, a look would lead to the next one for ever.
            if !event.is_ok_and(|event| event.kind.is_access()) {
                hints.notify_one();
            }
        })?;
        watcher.watch(path, RecursiveMode::NonRecursive)?;
        Ok(watcher)
    }
}

/// The directory, or the nearest one above it that is there, with its device and inode.
fn nearest(directory: &Path) -> Option<(PathBuf, (u64, u64))> {
    directory.ancestors().find_map(|path| {
        let path = if path.as_os_str().is_empty() {
            Path::new(".")
        } else {
            path
        };
        let metadata = fs::metadata(path).ok().filter(fs::Metadata::is_dir)?;
        Some((path.to_owned(), (metadata.dev(), metadata.ino())))
    })
}
