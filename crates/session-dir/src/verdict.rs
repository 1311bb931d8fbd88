//! Judgement of a socket that refused a connection: dead, or possibly served by a kernel other than ours.

use std::fs::{self, Metadata};
use std::path::Path;

use mirrord_wire::SessionId;

use crate::file_system::FileSystem;
use crate::process::Liveness;
use crate::record::{HOSTS_DIR, HostRecord, read_record, remove_traces};

/// Most records of one sweep; the rest waits for the next.
const MAX_SWEPT_RECORDS: usize = 1_000;

/// Meaning of a refused connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing serves the socket: it may be removed.
    Dead,
    /// Something may serve it where we cannot see it; it must be left alone. Holds the reason, for people.
    Foreign(String),
}

/// Judges a refused socket by the file system that it was found on and the record of its host, where it has one.
#[must_use]
pub fn judge(file_system: FileSystem, record: Option<&HostRecord>) -> Verdict {
    let Some(record) = record else {
        return match file_system {
            FileSystem::Local => Verdict::Dead,
            FileSystem::Shared => Verdict::Foreign(
                "connecting was refused, and its directory may be shared with another machine: nothing says which one \
                 made the socket, so it is left alone"
                    .to_owned(),
            ),
        };
    };
    let is_local = file_system == FileSystem::Local && !record.shared;
    match record.liveness() {
        Liveness::Ended => Verdict::Dead,
        Liveness::Running => Verdict::Foreign(format!(
            "connecting was refused, but its process {} runs: it made the socket through another mount of this directory",
            record.pid
        )),
        // One kernel has the file system and made the socket; it is this one, in an earlier boot or another container.
        Liveness::Unknown if is_local => Verdict::Dead,
        Liveness::Unknown if record.is_of_this_boot() => Verdict::Foreign(format!(
            "connecting was refused: it was made in another container of this machine ({})",
            host(record)
        )),
        Liveness::Unknown => Verdict::Foreign(format!(
            "connecting was refused: it was made on another machine ({}), or before this one was restarted",
            host(record)
        )),
    }
}

/// Name of the record's machine, without characters that a terminal or a page could mistake.
fn host(record: &HostRecord) -> String {
    const MAX_CHARS: usize = 64;
    let is_plain = |character: &char| character.is_alphanumeric() || "-._".contains(*character);
    let name: String = record.host.chars().filter(is_plain).take(MAX_CHARS).collect();
    if name.is_empty() { "of no name".to_owned() } else { name }
}

/// Judges the refused socket of a session, `socket` being what it is on the disk.
#[must_use]
pub fn judge_refused(sessions_dir: &Path, id: &SessionId, socket: &Metadata) -> Verdict {
    let record = read_record(sessions_dir, id).filter(|record| record.is_of(socket));
    judge(FileSystem::of(sessions_dir), record.as_ref())
}

/// Checks that a host has ended, as far as that can be known without its socket.
fn is_over(file_system: FileSystem, record: &HostRecord) -> bool {
    let is_local = file_system == FileSystem::Local && !record.shared;
    record.liveness() == Liveness::Ended || (is_local && record.is_of_another_boot())
}

/// Removes the traces of sessions whose socket is gone and whose host is known to have ended. `has_socket` says whether a
/// session has a socket in the directory. Returns how many were removed.
pub fn sweep(sessions_dir: &Path, has_socket: impl Fn(&SessionId) -> bool) -> usize {
    let Ok(entries) = fs::read_dir(sessions_dir.join(HOSTS_DIR)) else {
        return 0;
    };
    let file_system = FileSystem::of(sessions_dir);
    let mut swept = 0;
    for entry in entries.flatten().take(MAX_SWEPT_RECORDS) {
        let name = entry.file_name();
        let id = name.to_str().and_then(|name| name.strip_suffix(".json"));
        let Some(id) = id.and_then(|id| SessionId::new(id).ok()).filter(|id| !has_socket(id)) else {
            continue;
        };
        // A live host publishes its socket again, so only what proves its end counts here.
        if read_record(sessions_dir, &id).is_some_and(|record| is_over(file_system, &record)) {
            remove_traces(sessions_dir, &id);
            swept += 1;
        }
    }
    swept
}

#[cfg(all(test, target_os = "linux"))]
#[expect(clippy::unwrap_used, reason = "a test fails where something is not there")]
mod tests {
    use super::*;
    use crate::record::write_record;

    fn record(change: impl FnOnce(&mut HostRecord)) -> HostRecord {
        let mut record = HostRecord::of_this_process(FileSystem::Local, &fs::metadata("/").unwrap());
        change(&mut record);
        record
    }

    fn reason(verdict: Verdict) -> String {
        match verdict {
            Verdict::Foreign(reason) => reason,
            Verdict::Dead => panic!("it would be removed"),
        }
    }

    #[test]
    fn without_a_record_a_refusal_is_enough_on_a_local_file_system_alone() {
        assert_eq!(judge(FileSystem::Local, None), Verdict::Dead);
        assert!(reason(judge(FileSystem::Shared, None)).contains("another machine"));
    }

    #[test]
    fn what_ended_here_is_dead_on_any_file_system() {
        let ended = record(|record| record.start_time = Some(1));
        for file_system in [FileSystem::Local, FileSystem::Shared] {
            assert_eq!(judge(file_system, Some(&ended)), Verdict::Dead);
        }
    }

    #[test]
    fn what_runs_or_was_made_elsewhere_is_left_alone() {
        let other = || Some("other".to_owned());
        let running = record(|_| {});
        let elsewhere =
            record(|record| (record.boot_id, record.shared, record.host) = (other(), true, "\u{1b}box-2".to_owned()));
        let container = record(|record| (record.pid_namespace, record.shared) = (Some(1), true));
        for file_system in [FileSystem::Local, FileSystem::Shared] {
            assert!(reason(judge(file_system, Some(&running))).contains("another mount"));
            assert!(reason(judge(file_system, Some(&elsewhere))).contains("another machine (box-2)"));
            assert!(reason(judge(file_system, Some(&container))).contains("another container"));
        }
    }

    #[test]
    fn an_earlier_boot_is_dead_where_no_other_kernel_could_have_made_it() {
        let earlier = record(|record| record.boot_id = Some("earlier".to_owned()));
        assert_eq!(judge(FileSystem::Local, Some(&earlier)), Verdict::Dead);
        // We have the directory through a network file system, and its server's own kernel made the socket.
        assert!(reason(judge(FileSystem::Shared, Some(&earlier))).contains("another machine"));
    }

    #[test]
    fn a_sweep_takes_what_is_proven_dead_and_has_no_socket() {
        let sessions = tempfile::tempdir().unwrap();
        let id = |text| SessionId::new(text).unwrap();
        let dead = record(|record| record.start_time = Some(1));
        for name in ["gone", "there"] {
            write_record(sessions.path(), &id(name), &dead).unwrap();
        }
        write_record(sessions.path(), &id("running"), &record(|_| {})).unwrap();
        assert_eq!(sweep(sessions.path(), |id| id.as_str() == "there"), 1);
        let left = |name| read_record(sessions.path(), &id(name)).is_some();
        assert_eq!((left("gone"), left("there"), left("running")), (false, true, true));
    }
}
