//! One instance a user: the file `.ui.lock` in the sessions directory, which the running `mirrord ui` holds locked, and
//! which says where it is.
//!
//! The lock is the operating system's, and goes with the process that holds it: a crash never leaves a false one. What
//! the file says counts only while the lock is held, and only of the very process that wrote it. The file has mode 0600,
//! since the token is in it, and is emptied, never removed: a lock on a file without a name excludes no other process. On
//! Windows, where a locked file cannot be read, its text is in `.ui.json` beside it.
//!
//! These calls wait, for at most the times in [`crate::limits`]: they are for the command line, not for a task.

use std::fs::TryLockError;
use std::path::Path;
use std::thread;
use std::time::Instant;

use mirrord_private_files::PrivateDirectory;
use mirrord_session_client::check_directory;

use crate::error::InstanceError;
use crate::limits::{INSTANCE_POLL_INTERVAL, INSTANCE_RESERVE_TIMEOUT, INSTANCE_START_TIMEOUT, INSTANCE_STOP_TIMEOUT};

mod ask;
mod holder;
mod keeper;
mod lock_file;
mod process;
mod record;
mod ticket;

pub use keeper::Instance;
use lock_file::{LOCK, create_lock, is_without_room, open_lock};
use process::{NotTerminated, Process};
pub use record::Running;
use record::read;

/// Result of [`take`].
#[derive(Debug)]
pub enum Taken {
    /// The lock is the caller's.
    Ours(Instance),
    /// An instance runs.
    Running(Running),
}

/// Takes the lock of a sessions directory, which is made where it is missing; or finds who has it. One that is just
/// starting or ending is waited for.
///
/// # Errors
/// The directory is none that is ever read, the file is not ours or cannot be locked, or who holds the lock does not say
/// where it is. A file that cannot be made, for want of room on the disk, is no error: see [`Instance`].
pub fn take(directory: &Path) -> Result<Taken, InstanceError> {
    check_directory(directory)?;
    let path = directory.join(LOCK);
    wait_for(directory, || {
        let created = PrivateDirectory::create(directory).and_then(|_| create_lock(directory));
        let file = match created {
            Ok(file) => file,
            Err(error) if is_without_room(&error) => {
                return Ok(Some(Taken::Ours(Instance::without_lock(directory, &error))));
            }
            Err(error) => return Err(error.into()),
        };
        match file.try_lock() {
            // Removed and made again since it was opened: the lock that counts is the other file's.
            Ok(()) if !file.is_at(&path) => Ok(None),
            Ok(()) => {
                file.restrict_mode()
                    .map_err(InstanceError::io("set the mode of", &path))?;
                Ok(Some(Taken::Ours(Instance::new(directory, file))))
            }
            Err(TryLockError::WouldBlock) => Ok(read(file.record()).map(Taken::Running)),
            Err(TryLockError::Error(error)) => Err(InstanceError::io("lock", &path)(error)),
        }
    })
}

/// The instance that runs for a sessions directory, or that none does. Nothing is made or changed. One that is just
/// starting or ending is waited for.
///
/// # Errors
/// As for [`take`].
pub fn find(directory: &Path) -> Result<Option<Running>, InstanceError> {
    check_directory(directory)?;
    let path = directory.join(LOCK);
    wait_for(directory, || {
        let Some(file) = open_lock(directory)? else {
            return Ok(Some(None));
        };
        // Shared, so that two who look do not see each other.
        match file.try_lock_shared() {
            Ok(()) => Ok(Some(None)),
            Err(TryLockError::WouldBlock) => Ok(read(file.record()).map(Some)),
            Err(TryLockError::Error(error)) => Err(InstanceError::io("lock", &path)(error)),
        }
    })
}

/// Checks for an instance that holds the lock of a sessions directory, starting and ending ones included. Waits for nothing; what
/// cannot be looked at holds none.
#[must_use]
pub fn is_held(directory: &Path) -> bool {
    let file = check_directory(directory)
        .ok()
        .and_then(|()| open_lock(directory).ok().flatten());
    file.is_some_and(|file| matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)))
}

/// Ends the instance of a sessions directory, in order, and waits until it has let go of its lock. Returns its process, or
/// `None` where none runs. Only a process is ever signalled that is a `mirrord ui` and holds the lock.
///
/// # Errors
/// As for [`find`]; or what the file names is no `mirrord ui`, cannot be signalled, or has not ended after
/// [`INSTANCE_STOP_TIMEOUT`].
pub fn stop(directory: &Path) -> Result<Option<i32>, InstanceError> {
    let (process, running) = match find(directory) {
        Ok(None) => return Ok(None),
        Ok(Some(running)) => (running.process(), Some(running)),
        Err(InstanceError::Unwritten { pid, .. }) => (Process::of(pid), None),
        Err(error) => return Err(error),
    };
    let pid = process.pid;
    let path = directory.join(LOCK);
    let Some(file) = open_lock(directory)? else {
        return Ok(Some(pid));
    };
    match process::terminate(process, || {
        holder::is_mirrord_ui(file.locked(), process, running.as_ref())
    }) {
        Ok(()) => {}
        // It ended by itself since.
        Err(NotTerminated::Gone) => return Ok(Some(pid)),
        Err(NotTerminated::Other) => return Err(InstanceError::NotMirrord { pid, path }),
        Err(NotTerminated::Io(source)) => return Err(InstanceError::Signal { pid, source }),
    }
    let deadline = Instant::now() + INSTANCE_STOP_TIMEOUT;
    while holds(directory, process)? {
        if Instant::now() >= deadline {
            return Err(InstanceError::StillRuns { pid });
        }
        thread::sleep(INSTANCE_POLL_INTERVAL);
    }
    Ok(Some(pid))
}

/// Returns whether a process holds the lock still; `false` where another one holds it by now.
fn holds(directory: &Path, process: Process) -> Result<bool, InstanceError> {
    let path = directory.join(LOCK);
    if !process::is_alive(process) {
        return Ok(false);
    }
    let Some(file) = open_lock(directory)? else {
        return Ok(true);
    };
    match file.try_lock_shared() {
        Ok(()) => Ok(false),
        Err(TryLockError::WouldBlock) => Ok(read(file.record()).is_none_or(|now| now.process() == process)),
        Err(TryLockError::Error(error)) => Err(InstanceError::io("lock", &path)(error)),
    }
}

/// Polls until there is an answer.
fn wait_for<T>(
    directory: &Path,
    mut ask: impl FnMut() -> Result<Option<T>, InstanceError>,
) -> Result<T, InstanceError> {
    let began = Instant::now();
    loop {
        if let Some(answer) = ask()? {
            return Ok(answer);
        }
        let waited = began.elapsed();
        if waited >= INSTANCE_RESERVE_TIMEOUT
            && let Some(process) = holder_without_record(directory)
        {
            return Err(InstanceError::Unwritten {
                path: directory.join(LOCK),
                pid: process.pid,
            });
        }
        if waited >= INSTANCE_START_TIMEOUT {
            let path = directory.join(LOCK);
            let elsewhere = open_lock(directory)
                .ok()
                .flatten()
                .and_then(|file| record::port(file.record()));
            return Err(match elsewhere {
                Some(port) => InstanceError::Elsewhere { path, port },
                None => InstanceError::Silent(path),
            });
        }
        thread::sleep(INSTANCE_POLL_INTERVAL);
    }
}

/// Returns the process that holds the lock and had no room on the disk for its record.
fn holder_without_record(directory: &Path) -> Option<Process> {
    holder::without_record(open_lock(directory).ok()??.locked())
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn an_instance_without_room_for_its_record_is_named_by_its_lock() {
        let folder = tempfile::tempdir().unwrap();
        let sessions = folder.path().join("sessions");
        PrivateDirectory::create(&sessions).unwrap();
        let files = create_lock(&sessions).unwrap();
        let lock = files.locked();
        lock.lock().unwrap();
        let own = Process::this().pid;
        for error in [find(&sessions).unwrap_err(), take(&sessions).unwrap_err()] {
            assert!(
                matches!(error, InstanceError::Unwritten { pid, .. } if pid == own),
                "{error}"
            );
        }
        record::reserve(files.record()).unwrap();
        assert!(holder_without_record(&sessions).is_none(), "it is starting");
        lock.set_len(0).unwrap();
        lock.unlock().unwrap();
        lock.lock_shared().unwrap();
        assert!(holder_without_record(&sessions).is_none(), "a reader's lock");
    }
}
