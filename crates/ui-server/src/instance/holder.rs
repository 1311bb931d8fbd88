//! Confirms that a process is the `mirrord ui` that the lock's file names, before it is signalled.
//!
//! What a file says can be copied, or written by hand. On Linux the kernel says which process has the file open and holds
//! its lock, and which program that process runs; where it does not (another system, no `/proc`), the instance has to answer
//! on its port to its token.

use std::fs::File;

use super::process::{Process, runs_mirrord};
use super::record::Running;

/// Checks that a process is the running `mirrord ui` whose lock this file is; `running` is its record, where the file has one.
pub(super) fn is_mirrord_ui(file: &File, process: Process, running: Option<&Running>) -> bool {
    match (holds_lock(process, file), runs_mirrord(process)) {
        (Some(false), _) => false,
        (Some(true), Some(true)) => true,
        // Under another name, or where the system does not say: one that hangs cannot be told from a stranger.
        _ => running.is_some_and(answers),
    }
}

/// Returns whether an instance answers on its port to its token.
fn answers(running: &Running) -> bool {
    let answer = running.ask_quickly("GET", "/api/version");
    answer.is_ok_and(|(status, body)| status == 200 && serde_json::from_str::<mirrord_wire::VersionInfo>(&body).is_ok())
}

/// Returns the process that holds the lock of a file without a record: one that had no room on the disk for it. `None` for
/// a file that has its bytes, and where the system does not say.
#[cfg(target_os = "linux")]
pub(super) fn without_record(file: &File) -> Option<Process> {
    use std::os::unix::fs::MetadataExt as _;

    let found = file.metadata().ok().filter(|found| found.len() == 0)?;
    // proc_locks(5). The device's number there is not always stat(2)'s, so that the process is asked as well.
    let locks = std::fs::read_to_string("/proc/locks").ok()?;
    let holders = locks.lines().filter_map(|line| parse_lock(line, found.ino()));
    holders
        .map(Process::of)
        .find(|process| holds_lock(*process, file) == Some(true))
}

/// Parses `1: FLOCK  ADVISORY  WRITE 48213 fe:01:4711 0 EOF` into the process of an exclusive `flock` on an inode.
#[cfg(target_os = "linux")]
fn parse_lock(line: &str, inode: u64) -> Option<i32> {
    let fields: Vec<_> = line.split_ascii_whitespace().collect();
    let [_, "FLOCK", _, "WRITE", pid, id, ..] = fields[..] else {
        return None;
    };
    let is_it = id.rsplit(':').next()?.parse() == Ok(inode);
    is_it.then(|| pid.parse().ok()).flatten()
}

/// Returns whether one of a process's open descriptors holds an exclusive `flock` on a file; `None` where the system does not say.
/// `/proc/<pid>/fdinfo/<fd>` has a line for each lock that was taken through the descriptor (proc_pid_fdinfo(5)).
#[cfg(target_os = "linux")]
fn holds_lock(process: Process, file: &File) -> Option<bool> {
    use std::fs;
    use std::os::unix::fs::MetadataExt as _;

    let own = file.metadata().ok()?;
    let folder = format!("/proc/{}", process.pid);
    let descriptors = fs::read_dir(format!("{folder}/fd")).ok()?;
    for descriptor in descriptors.flatten() {
        let is_file =
            fs::metadata(descriptor.path()).is_ok_and(|found| (found.dev(), found.ino()) == (own.dev(), own.ino()));
        if !is_file {
            continue;
        }
        let number = descriptor.file_name();
        let info = fs::read_to_string(format!("{folder}/fdinfo/{}", number.to_string_lossy())).ok()?;
        if info.lines().any(is_exclusive_flock) {
            return Some(true);
        }
    }
    Some(false)
}

/// Returns whether a line of `fdinfo` is `lock:\t1: FLOCK  ADVISORY  WRITE 48213 fe:01:4711 0 EOF`.
#[cfg(target_os = "linux")]
fn is_exclusive_flock(line: &str) -> bool {
    let Some(lock) = line.strip_prefix("lock:") else {
        return false;
    };
    let mut fields = lock.split_ascii_whitespace().skip(1);
    (fields.next(), fields.nth(1)) == (Some("FLOCK"), Some("WRITE"))
}

#[cfg(not(target_os = "linux"))]
pub(super) fn without_record(_file: &File) -> Option<Process> {
    None
}

#[cfg(not(target_os = "linux"))]
fn holds_lock(_process: Process, _file: &File) -> Option<bool> {
    None
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn only_who_holds_the_lock_is_said_to() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        let file = File::create(&path).unwrap();
        let other = File::open(&path).unwrap();
        let this = Process::this();
        assert_eq!(holds_lock(this, &other), Some(false), "open, and not locked");
        file.lock_shared().unwrap();
        assert_eq!(holds_lock(this, &other), Some(false), "locked by a reader");
        file.unlock().unwrap();
        file.lock().unwrap();
        assert_eq!(holds_lock(this, &other), Some(true));
        let another_file = tempfile::tempfile().unwrap();
        another_file.lock().unwrap();
        drop(file);
        assert_eq!(holds_lock(this, &other), Some(false), "another file's lock");
        let nobody = Process {
            pid: i32::MAX,
            start_time: None,
        };
        assert_eq!(holds_lock(nobody, &other), None);
    }

    #[test]
    fn a_program_is_told_by_its_file() {
        assert_eq!(runs_mirrord(Process::this()), Some(true), "this very file");
        let mut sleep = std::process::Command::new("sleep").arg("600").spawn().unwrap();
        let process = Process {
            pid: sleep.id().cast_signed(),
            start_time: None,
        };
        // Until it has executed, it is a copy of this one.
        while runs_mirrord(process) == Some(true) {
            std::thread::yield_now();
        }
        assert_eq!(runs_mirrord(process), Some(false));
        sleep.kill().unwrap();
        sleep.wait().unwrap();
    }
}
