//! The record of a session's host, and the second link to its socket: two files in [`HOSTS_DIR`], which a released
//! mirrord does not look into.
//!
//! The record is read with a bound and never through a link. One that cannot be read is treated as missing.

use std::fs::{self, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use mirrord_private_files::PrivateFolder;
use mirrord_wire::SessionId;
use serde::{Deserialize, Serialize};

use crate::file_system::FileSystem;
use crate::process::{self, Liveness};

/// Directory in a sessions directory that holds a record, and a second link to the socket, of each session.
pub const HOSTS_DIR: &str = ".hosts";

/// Most bytes of a record that are read; a longer one is none.
const MAX_RECORD_BYTES: usize = 4 * 1024;
/// Tries to write a record while another session removes the empty [`HOSTS_DIR`].
const WRITE_TRIES: usize = 16;

/// Identity of the process that serves a session's socket, as that process wrote it down.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct HostRecord {
    /// Identifier of the kernel's boot; absent where the system has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub boot_id: Option<String>,
    /// Number of the PID namespace that `pid` counts in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pid_namespace: Option<u64>,
    /// Number of the process.
    pub pid: u32,
    /// Its start time, kernel ticks since the boot.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_time: Option<u64>,
    /// Name of its machine, for people.
    pub host: String,
    /// `true` where its file system was one that another kernel may share.
    pub shared: bool,
    /// Modification time of the socket, seconds since the Unix epoch: a socket made at another time is not the record's.
    pub socket_made: i64,
}

impl HostRecord {
    /// Record of this process for a socket that it has made.
    #[must_use]
    pub fn of_this_process(file_system: FileSystem, socket: &Metadata) -> Self {
        let pid = std::process::id();
        Self {
            boot_id: process::boot_id(),
            pid_namespace: process::pid_namespace(),
            pid,
            start_time: process::start_time(pid),
            host: rustix::system::uname().nodename().to_string_lossy().into_owned(),
            shared: file_system == FileSystem::Shared,
            socket_made: socket.mtime(),
        }
    }

    /// Checks that the record is of this very socket, and not of one that had its name before.
    #[must_use]
    pub fn is_of(&self, socket: &Metadata) -> bool {
        self.socket_made == socket.mtime()
    }

    /// Checks that the process is one of this kernel.
    pub(crate) fn is_of_this_boot(&self) -> bool {
        self.boot_id.is_some() && self.boot_id == process::boot_id()
    }

    /// Checks that the process was one of another kernel, or of this machine before its last start.
    pub(crate) fn is_of_another_boot(&self) -> bool {
        let own = process::boot_id();
        self.boot_id.is_some() && own.is_some() && self.boot_id != own
    }

    /// Checks that the process is known to run, as one of this PID namespace.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.liveness() == Liveness::Running
    }

    /// State of the process, where this process can look it up.
    pub(crate) fn liveness(&self) -> Liveness {
        let here = self.pid_namespace.is_some() && self.pid_namespace == process::pid_namespace();
        match self.start_time {
            Some(start_time) if here && self.is_of_this_boot() => {
                if process::start_time(self.pid) == Some(start_time) {
                    Liveness::Running
                } else {
                    Liveness::Ended
                }
            }
            _ => Liveness::Unknown,
        }
    }
}

/// Path of a session's record.
#[must_use]
pub fn record_path(sessions_dir: &Path, id: &SessionId) -> PathBuf {
    sessions_dir.join(HOSTS_DIR).join(record_name(id))
}

/// Path of the second link to a session's socket.
#[must_use]
pub fn link_path(sessions_dir: &Path, id: &SessionId) -> PathBuf {
    sessions_dir.join(HOSTS_DIR).join(format!("{id}.link"))
}

/// Writes or replaces a record, mode 0600; creates [`HOSTS_DIR`] (mode 0700) where it is missing.
///
/// # Errors
/// The directory or the file cannot be made. No half of a record is left.
pub fn write_record(sessions_dir: &Path, id: &SessionId, record: &HostRecord) -> io::Result<()> {
    let text = serde_json::to_vec(record)?;
    let mut written = Ok(());
    for _ in 0..WRITE_TRIES {
        // Not synced: after a power cut its boot has ended, and the record with it.
        written = hosts_folder(sessions_dir).replace_unsynced(&record_name(id), &text);
        if !matches!(&written, Err(error) if error.is_not_found()) {
            break;
        }
    }
    written.map_err(io::Error::from)
}

/// Reads a session's record; `None` where there is none, or none that can be read.
#[must_use]
pub fn read_record(sessions_dir: &Path, id: &SessionId) -> Option<HostRecord> {
    let read = hosts_folder(sessions_dir).read(&record_name(id), MAX_RECORD_BYTES);
    serde_json::from_slice(&read.ok()??).ok()
}

fn hosts_folder(sessions_dir: &Path) -> PrivateFolder {
    PrivateFolder::new(sessions_dir.join(HOSTS_DIR))
}

fn record_name(id: &SessionId) -> String {
    format!("{id}.json")
}

/// Removes a session's record and second link, and [`HOSTS_DIR`] where it is empty then.
pub fn remove_traces(sessions_dir: &Path, id: &SessionId) {
    // What cannot be removed is found again by the next sweep.
    let _ = fs::remove_file(record_path(sessions_dir, id));
    let _ = fs::remove_file(link_path(sessions_dir, id));
    let _ = fs::remove_dir(sessions_dir.join(HOSTS_DIR));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record() -> HostRecord {
        let directory = fs::metadata("/").unwrap();
        HostRecord::of_this_process(FileSystem::Local, &directory)
    }

    #[test]
    fn a_record_is_read_as_it_was_written_and_leaves_nothing_behind() {
        let sessions = tempfile::tempdir().unwrap();
        let id = SessionId::new("one").unwrap();
        write_record(sessions.path(), &id, &HostRecord::default()).unwrap();
        write_record(sessions.path(), &id, &record()).unwrap();
        assert_eq!(read_record(sessions.path(), &id), Some(record()));
        let mode = fs::metadata(record_path(sessions.path(), &id)).unwrap().mode();
        assert_eq!(mode & 0o777, 0o600);
        remove_traces(sessions.path(), &id);
        assert_eq!(fs::read_dir(sessions.path()).unwrap().count(), 0);
        assert_eq!(read_record(sessions.path(), &id), None);
    }

    #[test]
    fn what_is_no_record_is_none() {
        let sessions = tempfile::tempdir().unwrap();
        let id = SessionId::new("one").unwrap();
        let path = record_path(sessions.path(), &id);
        fs::create_dir(path.parent().unwrap()).unwrap();
        for text in [
            String::new(),
            "[1]".to_owned(),
            format!("{{\"host\":\"{}\"}}", "x".repeat(5_000)),
        ] {
            fs::write(&path, text).unwrap();
            assert_eq!(read_record(sessions.path(), &id), None);
        }
        fs::remove_file(&path).unwrap();
        std::os::unix::fs::symlink("/dev/zero", &path).unwrap();
        assert_eq!(read_record(sessions.path(), &id), None);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_process_is_looked_up_only_where_its_number_means_something() {
        let running = record();
        assert_eq!(running.liveness(), Liveness::Running);
        let changed = |change: fn(&mut HostRecord)| {
            let mut record = record();
            change(&mut record);
            record.liveness()
        };
        assert_eq!(changed(|record| record.start_time = Some(1)), Liveness::Ended);
        assert_eq!(
            changed(|record| record.boot_id = Some("other".to_owned())),
            Liveness::Unknown
        );
        assert_eq!(changed(|record| record.pid_namespace = Some(1)), Liveness::Unknown);
        assert_eq!(changed(|record| record.start_time = None), Liveness::Unknown);
    }
}
