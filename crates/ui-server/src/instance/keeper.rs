//! Keeper of the lock for as long as the instance runs: through a sessions directory that is moved, removed or created
//! again, and through a full disk.
//!
//! A lock belongs to a file and not to a path. When the path leads to another file, this lock excludes no other process any more: the
//! instance locks the new file as well, or ends where another instance was quicker. So two of them run for an interval of
//! [`INSTANCE_KEEP_INTERVAL`] at most. An instance starts on a full disk, too: what could not be written is tried again.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::time::sleep;

use super::lock_file::{LOCK, LockFile, create_lock};
use super::record;
use crate::limits::INSTANCE_KEEP_INTERVAL;
use crate::server::Server;

/// The lock of a sessions directory, held: this process is the instance. Dropped, it says so no more.
#[derive(Debug)]
pub struct Instance(Arc<Kept>);

#[derive(Debug)]
struct Kept {
    directory: PathBuf,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// The locked file; `None` where there is no room for one.
    file: Option<LockFile>,
    /// The port and the token that the file is to have, once they are known.
    record: Option<(u16, String)>,
    is_written: bool,
}

impl std::fmt::Debug for State {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let port = self.record.as_ref().map(|(port, _)| port);
        let mut shown = formatter.debug_struct("State");
        shown
            .field("file", &self.file)
            .field("port", &port)
            .finish_non_exhaustive()
    }
}

/// Outcome of a look at the lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Kept,
    /// Another instance holds the lock that counts now.
    Lost,
}

impl Instance {
    pub(super) fn new(directory: &Path, file: LockFile) -> Self {
        if let Err(error) = record::reserve(file.record()) {
            // Tried again with the record.
            tracing::debug!(%error, "no room for where this instance is");
            file.record().set_len(0).ok();
        }
        let file = Some(file);
        Self::with(
            directory,
            State {
                file,
                ..State::default()
            },
        )
    }

    /// One that could not make the file, for want of room.
    pub(super) fn without_lock(directory: &Path, error: &impl std::fmt::Display) -> Self {
        tracing::warn!("{error}: until it can be made, another `mirrord ui` does not find this one");
        Self::with(directory, State::default())
    }

    fn with(directory: &Path, state: State) -> Self {
        Self(Arc::new(Kept {
            directory: directory.to_owned(),
            state: Mutex::new(state),
        }))
    }

    /// Says where this instance is, for [`find`](super::find). Where that cannot be written, it is tried again by
    /// [`Instance::keep`].
    pub fn announce(&self, server: &Server) {
        self.0.announce(server.port(), server.token());
    }

    /// Keeps the lock for as long as it is polled. Returns where another instance has taken the directory over, after it was
    /// moved or removed: then this one is not the one any more, and is to end.
    pub async fn keep(&self) {
        loop {
            sleep(INSTANCE_KEEP_INTERVAL).await;
            let kept = Arc::clone(&self.0);
            if let Ok(Outcome::Lost) = tokio::task::spawn_blocking(move || kept.look()).await {
                return;
            }
        }
    }

    /// Blanks the record, and keeps the lock: other processes wait for the end of this one.
    pub fn retract(&self) {
        self.0.retract(record::reserve);
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        self.0.retract(|file| file.set_len(0));
    }
}

impl Kept {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn announce(&self, port: u16, token: &str) {
        let mut state = self.lock();
        state.record = Some((port, token.to_owned()));
        state.write();
        if let (false, Some(_)) = (state.is_written, &state.file) {
            let path = self.directory.join(LOCK);
            tracing::warn!(path = %path.display(), "cannot be written: until it can, `mirrord ui url` does not find this one");
        }
    }

    fn retract(&self, erase: impl FnOnce(&File) -> io::Result<()>) {
        let mut state = self.lock();
        state.record = None;
        if let Some(Err(error)) = state.file.as_ref().map(|file| erase(file.record())) {
            tracing::warn!(path = %self.directory.join(LOCK).display(), %error, "cannot be emptied");
        }
    }

    /// Looks whether the lock is still the one that counts, and takes that one where it is not.
    fn look(&self) -> Outcome {
        let mut state = self.lock();
        let Some((_, token)) = state.record.clone() else {
            return Outcome::Kept;
        };
        let path = self.directory.join(LOCK);
        if state.file.as_ref().is_some_and(|file| file.is_at(&path)) {
            if !state.is_written {
                state.write();
            }
            return Outcome::Kept;
        }
        // The directory is not there now, or cannot be written to: nobody else has a lock in it either.
        let Ok(new) = create_lock(&self.directory) else {
            return Outcome::Kept;
        };
        if new.try_lock().is_err() {
            // Somebody who only looks holds it for a moment, and an instance for as long as it runs.
            let other = record::read(new.record()).is_some_and(|running| running.token() != token);
            return if other { Outcome::Lost } else { Outcome::Kept };
        }
        if new.is_at(&path) && new.restrict_mode().is_ok() {
            tracing::info!(path = %path.display(), "the sessions directory was made anew: locked again");
            if let Some(old) = state.file.replace(new) {
                // In a directory of another name by now, or without one.
                old.record().set_len(0).ok();
            }
            state.write();
        }
        Outcome::Kept
    }
}

impl State {
    fn write(&mut self) {
        let (Some(file), Some((port, token))) = (&self.file, &self.record) else {
            return;
        };
        let written = record::write(file.record(), *port, token);
        if let Err(error) = &written {
            tracing::debug!(%error, "where this instance is could not be written");
            // Half a record says nothing, and takes room.
            file.record().set_len(0).ok();
        }
        self.is_written = written.is_ok();
    }
}

// A directory with an open file in it is neither moved nor removed on Windows.
#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::fs;

    use super::*;
    use crate::instance::{Taken, find, take};

    fn taken(directory: &Path) -> Instance {
        match take(directory).unwrap() {
            Taken::Ours(instance) => instance,
            Taken::Running(running) => panic!("{running:?}"),
        }
    }

    fn token(digit: &str) -> String {
        digit.repeat(64)
    }

    fn port(directory: &Path) -> Option<u16> {
        find(directory).unwrap().map(|running| running.port())
    }

    #[test]
    fn a_directory_that_was_moved_and_made_anew_has_the_same_instance() {
        let home = tempfile::tempdir().unwrap();
        let directory = home.path().join("sessions");
        let instance = taken(&directory);
        instance.0.announce(4711, &token("a"));
        for renew in [
            |path: &Path| fs::rename(path, path.with_extension("moved")),
            |path: &Path| fs::remove_dir_all(path),
        ] {
            renew(&directory).unwrap();
            assert_eq!(instance.0.look(), Outcome::Kept, "there is nothing to lock");
            assert!(!directory.exists(), "it is not this one's to make");
            fs::create_dir(&directory).unwrap();
            assert_eq!(instance.0.look(), Outcome::Kept);
            assert_eq!(port(&directory), Some(4711));
        }
        assert_eq!(
            port(&directory.with_extension("moved")),
            None,
            "it says so in one place"
        );
        drop(instance);
        assert_eq!(port(&directory), None);
    }

    #[test]
    fn of_two_instances_the_one_whose_lock_does_not_count_any_more_ends() {
        let home = tempfile::tempdir().unwrap();
        let directory = home.path().join("sessions");
        let first = taken(&directory);
        first.0.announce(1, &token("a"));
        fs::rename(&directory, home.path().join("moved")).unwrap();
        let second = taken(&directory);
        assert_eq!(first.0.look(), Outcome::Kept, "not before it is known who has it");
        second.0.announce(2, &token("b"));
        assert_eq!(first.0.look(), Outcome::Lost);
        assert_eq!(second.0.look(), Outcome::Kept);
        assert_eq!(port(&directory), Some(2));
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_full_disk_keeps_nobody_from_starting_and_what_was_not_written_is_later() {
        let home = tempfile::tempdir().unwrap();
        let directory = home.path().join("sessions");
        let full = File::options().write(true).open("/dev/full").unwrap();
        let instance = Instance::new(&directory, full.into());
        instance.0.announce(4711, &token("a"));
        assert!(!instance.0.lock().is_written);
        fs::create_dir(&directory).unwrap();
        assert_eq!(instance.0.look(), Outcome::Kept);
        assert_eq!(port(&directory), Some(4711));

        let other = home.path().join("other");
        let without = Instance::without_lock(&other, &"no room");
        without.0.announce(4712, &token("b"));
        fs::create_dir(&other).unwrap();
        assert_eq!(without.0.look(), Outcome::Kept);
        assert_eq!(port(&other), Some(4712));
    }
}
