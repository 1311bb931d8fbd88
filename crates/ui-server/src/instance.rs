//! One instance a user: the file `.ui.lock` in the sessions directory, which the running `mirrord ui` holds locked, and
//! which says where it is.
//!
//! The lock is the operating system's, and goes with the process that holds it: a crash never leaves a false one. What
//! the file says counts only while the lock is held, and only of the very process that wrote it. The file has mode 0600,
//! since the token is in it, and is emptied, never removed: a lock on a file that has lost its name keeps nobody out.
//!
//! These calls wait, for at most the times in [`crate::limits`]: they are for the command line, not for a task.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Instant;

use crate::discovery;
use crate::error::InstanceError;
use crate::limits::{INSTANCE_POLL_INTERVAL, INSTANCE_START_TIMEOUT, INSTANCE_STOP_TIMEOUT};
use crate::server::Server;

mod ask;
mod file;
mod holder;
mod process;
mod record;
mod ticket;

use process::NotTerminated;
pub use record::Running;
use record::read;

/// The file's name, which cannot be a session's: a session id does not start with a dot.
const LOCK: &str = ".ui.lock";

/// What [`take`] found.
#[derive(Debug)]
pub enum Taken {
    /// The lock is the caller's.
    Ours(Instance),
    /// An instance runs.
    Running(Running),
}

/// The lock, held: this process is the instance. Dropped, it says so no more.
#[derive(Debug)]
pub struct Instance {
    file: File,
    path: PathBuf,
}

impl Instance {
    /// Says where this instance is, for [`find`].
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn announce(&self, server: &Server) -> Result<(), InstanceError> {
        record::write(&self.file, server.port(), server.token()).map_err(InstanceError::io("write", &self.path))
    }

    /// Says nothing any more, and keeps the lock: whoever looks waits for the end of this one.
    pub fn retract(&self) {
        if let Err(error) = self.file.set_len(0) {
            tracing::warn!(path = %self.path.display(), %error, "cannot be emptied");
        }
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        self.retract();
    }
}

/// Takes the lock of a sessions directory, which is made where it is missing; or finds who has it. One that is just
/// starting or ending is waited for.
///
/// # Errors
/// The directory is none that is ever read, the file is not ours or cannot be locked, or who holds the lock does not say
/// where it is.
pub fn take(directory: &Path) -> Result<Taken, InstanceError> {
    discovery::check_directory(directory)?;
    let path = directory.join(LOCK);
    file::make_directory(directory).map_err(InstanceError::io("make the directory", directory))?;
    wait_for(&path, || {
        let file = file::create(directory, LOCK).map_err(|error| error.at(&path))?;
        match file.try_lock() {
            // Removed and made again by somebody since it was opened: the lock to have is the other file's.
            Ok(()) if !file::is_at(&file, &path) => Ok(None),
            Ok(()) => {
                file::close_to_others(&file).map_err(InstanceError::io("set the mode of", &path))?;
                let path = path.clone();
                Ok(Some(Taken::Ours(Instance { file, path })))
            }
            Err(TryLockError::WouldBlock) => Ok(read(&file).map(Taken::Running)),
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
    discovery::check_directory(directory)?;
    let path = directory.join(LOCK);
    wait_for(&path, || {
        let file = match file::open(directory, LOCK) {
            Ok(file) => file,
            Err(error) if error.is_missing() => return Ok(Some(None)),
            Err(error) => return Err(error.at(&path)),
        };
        // Shared, so that two who look do not see each other.
        match file.try_lock_shared() {
            Ok(()) => Ok(Some(None)),
            Err(TryLockError::WouldBlock) => Ok(read(&file).map(Some)),
            Err(TryLockError::Error(error)) => Err(InstanceError::io("lock", &path)(error)),
        }
    })
}

/// Ends the instance of a sessions directory, in order, and waits until it has let go of its lock. Gives which it was, or
/// that there was none. Only a process is ever signalled that is a `mirrord ui` and holds the lock.
///
/// # Errors
/// As for [`find`]; or what the file names is no `mirrord ui`, cannot be signalled, or has not ended after
/// [`INSTANCE_STOP_TIMEOUT`].
pub fn stop(directory: &Path) -> Result<Option<Running>, InstanceError> {
    let Some(running) = find(directory)? else {
        return Ok(None);
    };
    let pid = running.pid();
    let path = directory.join(LOCK);
    let file = match file::open(directory, LOCK) {
        Ok(file) => file,
        Err(error) if error.is_missing() => return Ok(Some(running)),
        Err(error) => return Err(error.at(&path)),
    };
    match process::terminate(running.process(), || holder::is_mirrord_ui(&file, &running)) {
        Ok(()) => {}
        // It ended by itself since.
        Err(NotTerminated::Gone) => return Ok(Some(running)),
        Err(NotTerminated::Other) => return Err(InstanceError::NotMirrord { pid, path }),
        Err(NotTerminated::Io(source)) => return Err(InstanceError::Signal { pid, source }),
    }
    let deadline = Instant::now() + INSTANCE_STOP_TIMEOUT;
    while holds(directory, &running)? {
        if Instant::now() >= deadline {
            return Err(InstanceError::StillRuns { pid });
        }
        thread::sleep(INSTANCE_POLL_INTERVAL);
    }
    Ok(Some(running))
}

/// Whether an instance that was found has its lock still, or another one has it by now.
fn holds(directory: &Path, running: &Running) -> Result<bool, InstanceError> {
    let path = directory.join(LOCK);
    if !process::is_alive(running.process()) {
        return Ok(false);
    }
    let file = match file::open(directory, LOCK) {
        Ok(file) => file,
        Err(error) if error.is_missing() => return Ok(true),
        Err(error) => return Err(error.at(&path)),
    };
    match file.try_lock_shared() {
        Ok(()) => Ok(false),
        Err(TryLockError::WouldBlock) => Ok(read(&file).is_none_or(|now| now.process() == running.process())),
        Err(TryLockError::Error(error)) => Err(InstanceError::io("lock", &path)(error)),
    }
}

/// Asks again until there is an answer.
fn wait_for<T>(path: &Path, mut ask: impl FnMut() -> Result<Option<T>, InstanceError>) -> Result<T, InstanceError> {
    let deadline = Instant::now() + INSTANCE_START_TIMEOUT;
    loop {
        if let Some(answer) = ask()? {
            return Ok(answer);
        }
        if Instant::now() >= deadline {
            return Err(InstanceError::Silent(path.to_owned()));
        }
        thread::sleep(INSTANCE_POLL_INTERVAL);
    }
}
