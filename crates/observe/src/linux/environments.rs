//! Environments that processes get at their start, from `/proc/<pid>/environ`: the root's whole, and of another process
//! what differs from its parent's.
//!
//! Read behind the answer of the first call after an exec. Variables that a process lacks are not reported, nor is `_`,
//! which shells set to the command itself.

use std::collections::HashMap;
use std::os::unix::ffi::OsStrExt as _;
use std::sync::Arc;

use super::procfs;

/// Bytes of an environment that are read; of one that is longer, the rest is left out.
const MAX_ENVIRONMENT_BYTES: usize = 64 * 1_024;
/// Bytes of names and values of one event; the variables beyond it are left out.
const MAX_REPORTED_BYTES: usize = 32 * 1_024;
/// Bytes of a value that are kept; one that is cut ends in `…`.
const MAX_VALUE_BYTES: usize = 4_096;

/// Names and values of one event.
pub(crate) type Variables = Vec<(String, Option<String>)>;

/// Environments of the processes that run.
#[derive(Default)]
pub(crate) struct Environments(HashMap<u32, Arc<[u8]>>);

impl Environments {
    /// The variables to report of a process that has started, as a fork or by an exec.
    pub(crate) fn started(&mut self, pid: u32, parent: Option<u32>, is_root: bool) -> Variables {
        // Of a process that has ended there is none to read. The root's first is the one that it was given; what it executes
        // afterwards may have another.
        let read = procfs::environment(pid, MAX_ENVIRONMENT_BYTES);
        let Some(read) = read.or_else(|| (is_root && !self.0.contains_key(&pid)).then(own_environment)) else {
            return Vec::new();
        };
        let parents = parent.and_then(|parent| self.0.get(&parent));
        if let Some(parents) = parents
            && **parents == *read
        {
            // One copy for all that have the same.
            let same = Arc::clone(parents);
            self.0.insert(pid, same);
            return Vec::new();
        }
        let variables = match (is_root, parents) {
            (true, _) => differing(&read, &[]),
            (false, Some(parents)) => differing(&read, parents),
            (false, None) => Vec::new(),
        };
        self.0.insert(pid, read.into());
        variables
    }

    pub(crate) fn ended(&mut self, pid: u32) {
        self.0.remove(&pid);
    }
}

/// The environment of this process, which the program is executed with.
fn own_environment() -> Vec<u8> {
    let mut own = Vec::new();
    for (name, value) in std::env::vars_os() {
        let variable = [name.as_bytes(), b"=", value.as_bytes(), b"\0"].concat();
        if own.len() + variable.len() > MAX_ENVIRONMENT_BYTES {
            break;
        }
        own.extend(variable);
    }
    own
}

fn differing(own: &[u8], parents: &[u8]) -> Variables {
    let parents: std::collections::HashSet<&[u8]> = variables(parents).collect();
    let mut room = MAX_REPORTED_BYTES;
    let mut reported = Variables::new();
    for variable in variables(own).filter(|variable| !parents.contains(variable)) {
        let Some(end) = variable.iter().skip(1).position(|byte| *byte == b'=') else {
            continue;
        };
        let (name, value) = (&variable[..=end], &variable[end + 2..]);
        if name == b"_" {
            continue;
        }
        let value = cut(value);
        let cost = name.len() + value.len();
        if cost > room {
            break;
        }
        room -= cost;
        reported.push((String::from_utf8_lossy(name).into_owned(), Some(value)));
    }
    reported
}

fn cut(value: &[u8]) -> String {
    let mut text = String::from_utf8_lossy(value).into_owned();
    if text.len() > MAX_VALUE_BYTES {
        text.truncate(text.floor_char_boundary(MAX_VALUE_BYTES));
        text.push('…');
    }
    text
}

/// The entries that end in a zero: a cut one at the end is left out.
fn variables(environment: &[u8]) -> impl Iterator<Item = &[u8]> {
    environment
        .split_inclusive(|byte| *byte == 0)
        .filter_map(|entry| entry.strip_suffix(b"\0"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(own: &str, parents: &str) -> Vec<(String, String)> {
        let all = differing(own.as_bytes(), parents.as_bytes());
        all.into_iter().map(|(name, value)| (name, value.unwrap())).collect()
    }

    fn pair(name: &str, value: &str) -> (String, String) {
        (name.to_owned(), value.to_owned())
    }

    #[test]
    fn a_root_that_has_ended_was_given_our_own_environment() {
        let mut all = Environments::default();
        // No process has this number.
        let gone = u32::MAX >> 1;
        let names = |variables: Variables| variables.into_iter().map(|(name, _)| name).collect::<Vec<_>>();
        assert!(names(all.started(gone, None, true)).contains(&"PATH".to_owned()));
        assert!(
            all.started(gone, None, true).is_empty(),
            "another program, of which nothing is known"
        );
        assert!(all.started(gone - 1, None, false).is_empty());
    }

    #[test]
    fn what_differs_from_the_parents_is_reported() {
        let parents = "A=1\0B=2\0_=/bin/sh\0";
        assert_eq!(
            pairs("A=1\0B=3\0C=\0_=/bin/ls\0", parents),
            [pair("B", "3"), pair("C", "")]
        );
        assert_eq!(pairs(parents, ""), [pair("A", "1"), pair("B", "2")]);
        assert!(pairs("A=1\0", parents).is_empty());
    }

    #[test]
    fn odd_entries_are_survived() {
        assert_eq!(
            pairs("=C:=x\0novalue\0\0X=a=b\0cut=", ""),
            [pair("=C:", "x"), pair("X", "a=b")]
        );
    }

    #[test]
    fn long_values_and_long_environments_are_cut() {
        let long = "x".repeat(2 * MAX_VALUE_BYTES);
        let all: String = (0..100).map(|number| format!("V{number}={long}\0")).collect();
        let told = pairs(&all, "");
        assert!(told.len() >= 7 && told.len() < 9, "{}", told.len());
        assert!(told[0].1.ends_with("x…"));
    }
}
