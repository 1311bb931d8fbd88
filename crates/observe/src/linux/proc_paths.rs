//! Paths of `/proc` that mean something else to their caller than to us.
//!
//! Invariant: an entry that comes and goes within moments, such as another process or a descriptor, has no outcome.

use std::ffi::{CStr, CString};
use std::path::Path;

/// A path, as far as `/proc` is in it by its text.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum ProcPath {
    /// Not below `/proc`, or an entry that is the same for each process.
    Elsewhere,
    /// Entry of the caller itself, by its number.
    Stable(CString),
    /// An entry that may be gone by now.
    Volatile,
}

/// Entries of a process that change while it runs.
const CHANGING: [&[u8]; 5] = [b"fd", b"fdinfo", b"map_files", b"task", b"ns"];

/// Returns a path as another process sees it.
pub(crate) fn as_seen_from_outside(path: &CStr, pid: u32, tid: u32) -> ProcPath {
    let bytes = path.to_bytes();
    if bytes.starts_with(b"/dev/fd") || bytes.starts_with(b"/dev/std") {
        return ProcPath::Volatile;
    }
    let Some(below) = bytes.strip_prefix(b"/proc/") else {
        return ProcPath::Elsewhere;
    };
    let mut names = below.splitn(2, |byte| *byte == b'/');
    let (first, rest) = (names.next().unwrap_or_default(), names.next().unwrap_or_default());
    let own = match first {
        b"self" => pid.to_string(),
        b"thread-self" => format!("{pid}/task/{tid}"),
        b"mounts" | b"net" => return ProcPath::Volatile,
        number if number == pid.to_string().as_bytes() => pid.to_string(),
        number if number.first().is_some_and(u8::is_ascii_digit) => return ProcPath::Volatile,
        _ => return ProcPath::Elsewhere,
    };
    let entry = rest.split(|byte| *byte == b'/').find(|name| !name.is_empty());
    if rest.is_empty() || entry.is_some_and(|entry| CHANGING.contains(&entry) || entry == b"..") {
        return ProcPath::Volatile;
    }
    let whole = [b"/proc/", own.as_bytes(), b"/", rest].concat();
    CString::new(whole).map_or(ProcPath::Volatile, ProcPath::Stable)
}

/// Returns whether a process is still there, with its memory.
pub(crate) fn is_there(pid: u32) -> bool {
    Path::new(&format!("/proc/{pid}/exe")).read_link().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_entries_are_asked_for_by_number() {
        let seen = |path: &CStr| as_seen_from_outside(path, 7, 8);
        assert_eq!(seen(c"/etc/hosts"), ProcPath::Elsewhere);
        assert_eq!(seen(c"/proc/meminfo"), ProcPath::Elsewhere);
        assert_eq!(seen(c"/proc/self/maps"), ProcPath::Stable(c"/proc/7/maps".into()));
        assert_eq!(seen(c"/proc/7/maps"), ProcPath::Stable(c"/proc/7/maps".into()));
        assert_eq!(
            seen(c"/proc/thread-self/comm"),
            ProcPath::Stable(c"/proc/7/task/8/comm".into())
        );
        for volatile in [
            c"/proc/self/fd/3",
            c"/proc/9/stat",
            c"/dev/fd/3",
            c"/dev/stdin",
            c"/proc/self",
        ] {
            assert_eq!(seen(volatile), ProcPath::Volatile, "{volatile:?}");
        }
    }
}
