//! Look-ups of a batch of records, and which of their outcomes are in doubt.
//!
//! Invariant: a look-up is asked again after every call that was announced before it. So an outcome is dropped where a
//! later call of the tree, announced before the asking was over, may have changed a name on its path: a file that was
//! looked for and then made is there now and was not then. Names are compared without their directories, since one file
//! has many paths.

use std::collections::HashSet;
use std::ffi::CString;

use mirrord_wire::Outcome;

use super::lookup::Job;
use super::queue::{Asked, Call, LocatedPath, Record};

/// Takes the look-ups out of a batch, each with its record's place.
pub(crate) fn take_jobs(records: &mut [Record]) -> (Vec<usize>, Vec<Job>) {
    let job = |(place, record): (usize, &mut Record)| match record {
        Record::Call { pid, call } => take_job(*pid, call).map(|job| (place, job)),
        _ => None,
    };
    records.iter_mut().enumerate().filter_map(job).unzip()
}

fn take_job(pid: u32, call: &mut Call) -> Option<Job> {
    let (located, asked) = match call {
        Call::File { located, asked, .. } | Call::ConnectPath { located, asked, .. } => (located, asked.take()?),
        _ => return None,
    };
    let Asked {
        question,
        tid,
        credentials,
    } = asked;
    let directory = located
        .directory
        .as_deref()
        .filter(|_| located.path.first() != Some(&b'/'));
    let mut path = Vec::with_capacity(directory.map_or(0, <[u8]>::len) + located.path.len() + 2);
    if let Some(directory) = directory {
        path.extend_from_slice(directory);
        path.push(b'/');
    }
    path.extend_from_slice(&located.path);
    Some(Job {
        path: CString::new(path).ok()?,
        question,
        pid,
        tid,
        has_own_root: located.root.is_some(),
        credentials,
    })
}

/// Drops the outcomes of records that are in doubt; `later` was announced behind them, while the look-ups were made.
pub(crate) fn drop_doubtful(records: &[Record], later: &[Record], outcomes: &mut [Option<Outcome>]) {
    let changed = records.iter().chain(later).any(|record| changed_name(record).is_some());
    if !changed {
        return;
    }
    let mut names: HashSet<&[u8]> = later.iter().filter_map(changed_name).collect();
    for (record, outcome) in records.iter().zip(outcomes).rev() {
        if outcome.is_some() && !names.is_empty() && path_of(record).is_some_and(|path| has_name(path, &names)) {
            *outcome = None;
        }
        names.extend(changed_name(record));
    }
}

fn path_of(record: &Record) -> Option<&LocatedPath> {
    match record {
        Record::Call {
            call: Call::File { located, .. } | Call::ConnectPath { located, .. },
            ..
        } => Some(located),
        _ => None,
    }
}

fn changed_name(record: &Record) -> Option<&[u8]> {
    match record {
        Record::Call {
            call: Call::File {
                located, changes: true, ..
            },
            ..
        } => names(&located.path).next_back(),
        _ => None,
    }
}

fn has_name(path: &LocatedPath, changed: &HashSet<&[u8]>) -> bool {
    let directory = path.directory.as_deref().unwrap_or_default();
    let is_changed = |name| changed.contains(name);
    names(&path.path).any(is_changed) || names(directory).any(is_changed)
}

fn names(path: &[u8]) -> impl DoubleEndedIterator<Item = &[u8]> {
    path.split(|byte| *byte == b'/')
        .filter(|name| !matches!(*name, b"" | b"."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::linux::credentials::Thread;
    use crate::linux::question::Question;

    fn record(path: &str, changes: bool) -> Record {
        let asked = Asked {
            question: Question::existence(true),
            tid: 1,
            credentials: Thread::Ours,
        };
        let call = Call::File {
            located: LocatedPath {
                directory: Some(b"/home/u".as_slice().into()),
                path: path.into(),
                has_dirfd: false,
                root: None,
            },
            operation: "stat",
            asked: (!changes).then_some(asked),
            changes,
            by_loader: false,
        };
        Record::Call { pid: 1, call }
    }

    #[test]
    fn look_ups_start_at_their_directory() {
        let mut records = [record("a", false), record("b", true), record("/c/", false)];
        let (places, jobs) = take_jobs(&mut records);
        let paths: Vec<_> = jobs.iter().map(|job| job.path.to_str().unwrap()).collect();
        assert_eq!((places, paths), (vec![0, 2], vec!["/home/u/a", "/c/"]));
    }

    #[test]
    fn what_is_changed_later_is_in_doubt_and_what_was_changed_before_is_not() {
        let records = [
            record("x/file", false),
            record("/tmp/file", true),
            record("file", false),
            record("y", false),
        ];
        let mut outcomes = vec![Some(Outcome::Ok); records.len()];
        drop_doubtful(&records, &[], &mut outcomes);
        assert_eq!(
            outcomes,
            [None, Some(Outcome::Ok), Some(Outcome::Ok), Some(Outcome::Ok)]
        );
        drop_doubtful(&records, &[record("../u", true)], &mut outcomes);
        assert_eq!(outcomes[2..], [None, None], "a directory on the way");
    }
}
