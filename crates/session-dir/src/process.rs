//! Identity of a process across reuse of its number: boot of the kernel, PID namespace, number and start time.

/// State of the process that a record names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Liveness {
    /// It runs in this PID namespace.
    Running,
    /// It was a process of this PID namespace and has ended.
    Ended,
    /// It cannot be looked up from here.
    Unknown,
}

/// Random identifier that the kernel gave itself at its start (`random(4)`); it is the same in every container.
#[cfg(target_os = "linux")]
pub(crate) fn boot_id() -> Option<String> {
    let text = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    Some(text.trim().to_owned()).filter(|id| !id.is_empty())
}

/// Number of this process's PID namespace (`pid_namespaces(7)`).
#[cfg(target_os = "linux")]
pub(crate) fn pid_namespace() -> Option<u64> {
    use std::os::unix::fs::MetadataExt as _;
    std::fs::metadata("/proc/self/ns/pid").ok().map(|found| found.ino())
}

/// Start time of a process in the kernel's ticks: the 22nd field of `/proc/<pid>/stat` (`proc_pid_stat(5)`). `None` for
/// one that has ended, though its parent has yet to wait for it.
#[cfg(target_os = "linux")]
pub(crate) fn start_time(pid: u32) -> Option<u64> {
    parse_stat(&std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)
}

#[cfg(target_os = "linux")]
fn parse_stat(stat: &str) -> Option<u64> {
    // The second field is the program's name in parentheses, and may have parentheses in it.
    let (_, after_name) = stat.rsplit_once(')')?;
    let mut fields = after_name.split_ascii_whitespace();
    if matches!(fields.next()?, "Z" | "X") {
        return None;
    }
    fields.nth(18)?.parse().ok()
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn boot_id() -> Option<String> {
    None
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn pid_namespace() -> Option<u64> {
    None
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn start_time(_pid: u32) -> Option<u64> {
    None
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_parentheses_and_a_zombie_are_read() {
        let rest = "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 4711 20";
        assert_eq!(parse_stat(&format!("7 (a) b) S {rest}")), Some(4711));
        assert_eq!(parse_stat(&format!("7 (a) Z {rest}")), None);
        assert_eq!(parse_stat("7 (a"), None);
        assert!(start_time(std::process::id()).is_some() && boot_id().is_some() && pid_namespace().is_some());
    }
}
