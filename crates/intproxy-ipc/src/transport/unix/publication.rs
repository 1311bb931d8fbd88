//! Publication of a session's socket in the sessions directory, and its end.
//!
//! A socket is published by a hard link, since watchers that know creation alone do not see a rename, and a second link
//! is kept in [`HOSTS_DIR`](mirrord_session_dir::HOSTS_DIR): another program may remove the first (a released mirrord
//! removes what it cannot read), and then it is made again from the second. Where links lead nowhere (a FUSE file system
//! gives each its own inode, and a socket belongs to one) the socket is renamed into place, and what is removed then is
//! gone.

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use mirrord_session_dir::{FileSystem, HostRecord, link_path, read_record, remove_traces, write_record};
use mirrord_wire::SessionId;

use super::is_stale;

/// The socket's file, which goes with the session.
#[derive(Debug)]
pub(crate) struct SocketFile {
    sessions_dir: PathBuf,
    id: SessionId,
    path: PathBuf,
    device: u64,
    inode: u64,
    record: HostRecord,
    state: Mutex<State>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Published, with a second link that it can be published from again.
    Linked,
    /// Published, without one.
    Renamed,
    /// Removed, for good.
    Removed,
}

impl SocketFile {
    /// Publishes the socket at `staged`, which listens, in place of a dead one of its name.
    pub(super) fn publish(sessions_dir: &Path, id: &SessionId, staged: &Path) -> io::Result<Self> {
        let own = fs::symlink_metadata(staged)?;
        let record = HostRecord::of_this_process(FileSystem::of(sessions_dir), &own);
        // A session without a record is a session: on a shared file system its socket then outlives a SIGKILL.
        let _ = write_record(sessions_dir, id, &record);
        let file = Self {
            sessions_dir: sessions_dir.to_owned(),
            id: id.clone(),
            path: sessions_dir.join(format!("{id}.sock")),
            device: own.dev(),
            inode: own.ino(),
            record,
            state: Mutex::new(State::Linked),
        };
        let second = link_path(sessions_dir, id);
        // Left over from a dead session of the same id; what cannot be removed makes the next step fail.
        let _ = fs::remove_file(&second);
        let linked = fs::hard_link(staged, &second).is_ok() && is_stale(&second).is_ok_and(|stale| !stale);
        if linked {
            make_link(staged, &file.path)?;
        } else {
            let _ = fs::remove_file(&second);
            *file.state() = State::Renamed;
            fs::rename(staged, &file.path)?;
        }
        Ok(file)
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Publishes the socket again where its name has vanished. Does not touch another file that has taken the name.
    /// Blocks for as long as the file system does.
    pub(crate) fn restore(&self) {
        // Held throughout, so that a socket is not published again behind its removal.
        let state = self.state();
        if *state != State::Linked {
            return;
        }
        let second = link_path(&self.sessions_dir, &self.id);
        match fs::symlink_metadata(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound && self.is_own(&second) => {
                // Another session can take the name in between, and then has it.
                let _ = fs::hard_link(&second, &self.path);
            }
            Ok(found) if self.is_own_metadata(&found) && !second.exists() => {
                let _ = fs::hard_link(&self.path, &second);
            }
            _ => {}
        }
    }

    /// Removes the file, unless another has taken its name.
    pub(crate) fn remove(&self) {
        if std::mem::replace(&mut *self.state(), State::Removed) == State::Removed {
            return;
        }
        if self.is_own(&self.path) {
            // What cannot be removed is stale from now on, and treated so by whoever finds it.
            let _ = fs::remove_file(&self.path);
        }
        // Another session of the id, which took the name while ours had lost it, has its own record there.
        if read_record(&self.sessions_dir, &self.id).is_none_or(|record| record == self.record) {
            remove_traces(&self.sessions_dir, &self.id);
        }
    }

    fn is_own(&self, path: &Path) -> bool {
        fs::symlink_metadata(path).is_ok_and(|found| self.is_own_metadata(&found))
    }

    fn is_own_metadata(&self, found: &fs::Metadata) -> bool {
        (found.dev(), found.ino()) == (self.device, self.inode)
    }
}

impl Drop for SocketFile {
    fn drop(&mut self) {
        self.remove();
    }
}

/// Links `staged` to `path`, in place of a socket that was found dead.
fn make_link(staged: &Path, path: &Path) -> io::Result<()> {
    match fs::hard_link(staged, path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            fs::remove_file(path)?;
            fs::hard_link(staged, path)
        }
        linked => linked,
    }
}
