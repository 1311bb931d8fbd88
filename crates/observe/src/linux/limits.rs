//! Resource limits: raised for this process, and restored for the program.
//!
//! A limit that is set for a program (`ulimit -n 16; mirrord exec -- CMD`) is not meant for its observer, which needs
//! descriptors, a memory file and processor time of its own. Limits that the kernel counts for the user as a whole,
//! such as `RLIMIT_NPROC` (`getrlimit(2)`), cannot be set for the program alone and stay as they are.

use std::sync::OnceLock;

use rustix::io::fcntl_dupfd_cloexec;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::Error;

/// The limits that are raised.
const RAISED: [Resource; 4] = [Resource::Nofile, Resource::Fsize, Resource::Cpu, Resource::As];
/// The open files that an observer may have, where the system lets it: one for each process of the program and a few
/// for each reader. The soft limit of most systems is 1,024.
const OPEN_FILES: u64 = 65_536;

type Limits = [Option<Rlimit>; RAISED.len()];

static AT_START: OnceLock<Limits> = OnceLock::new();

/// Descriptors that watching takes from the start; each process of the program takes one more.
const NEEDED_FILES: u64 = 32;
/// Threads and processes that watching takes.
const NEEDED_THREADS: u64 = 9;
/// Below these limits it is tried whether so many are left.
const FEW_FILES: u64 = 1_024;
const FEW_THREADS: u64 = 4_096;

/// Raises the limits of this process, once, and makes sure that they leave room for watching. Where the system refuses,
/// they stay as they are.
///
/// # Errors
/// Where a limit is too low, which is named.
pub fn raise_limits() -> Result<(), Error> {
    raise();
    let soft = |resource| getrlimit(resource).current.unwrap_or(u64::MAX);
    let too_low = |limit, option, room| Error::LimitTooLow { limit, option, room };
    if soft(Resource::Nofile) < FEW_FILES && !files_are_left() {
        return Err(too_low("open files", "-n", format!("{NEEDED_FILES} more")));
    }
    if soft(Resource::Nproc) < FEW_THREADS && !threads_are_left() {
        return Err(too_low("processes and threads", "-u", format!("{NEEDED_THREADS} more")));
    }
    let page = size_of::<super::sys::Page>() as u64;
    if soft(Resource::Fsize) < page {
        return Err(too_low("the size of files", "-f", format!("one of {page} bytes")));
    }
    Ok(())
}

fn files_are_left() -> bool {
    let stderr = std::io::stderr();
    let open = |_| fcntl_dupfd_cloexec(&stderr, 3);
    (0..NEEDED_FILES).map(open).collect::<Result<Vec<_>, _>>().is_ok()
}

fn threads_are_left() -> bool {
    let (hold, held) = std::sync::mpsc::sync_channel::<()>(0);
    let held = std::sync::Mutex::new(held);
    let started = std::thread::scope(|scope| {
        let wait = || drop(held.lock().map(|held| held.recv()));
        let start = |_| std::thread::Builder::new().spawn_scoped(scope, wait).map(drop);
        let started = (0..NEEDED_THREADS).try_for_each(start);
        drop(hold);
        started
    });
    started.is_ok()
}

fn raise() {
    AT_START.get_or_init(|| {
        RAISED.map(|resource| {
            let original = getrlimit(resource);
            let soft = match resource {
                // `select` and tables by descriptor get slow, or wrong, with a limit of a thousand million.
                Resource::Nofile => raised_to(&original, OPEN_FILES),
                _ => None,
            };
            let with_privilege = Rlimit {
                current: soft,
                maximum: raised_hard(&original, soft),
            };
            let without = Rlimit {
                current: lower(soft, original.maximum),
                maximum: original.maximum,
            };
            let changed = setrlimit(resource, with_privilege).or_else(|_| setrlimit(resource, without));
            changed.is_ok().then_some(original)
        })
    });
}

/// At least `wanted`, and never less than there is.
fn raised_to(original: &Rlimit, wanted: u64) -> Option<u64> {
    original.current.map(|current| current.max(wanted))
}

/// A hard limit that leaves room for `soft`, and is never below the original.
fn raised_hard(original: &Rlimit, soft: Option<u64>) -> Option<u64> {
    match (original.maximum, soft) {
        (Some(maximum), Some(soft)) => Some(maximum.max(soft)),
        _ => None,
    }
}

/// The lower of two limits; `None` is no limit.
fn lower(one: Option<u64>, other: Option<u64>) -> Option<u64> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

/// The program's limits, for its process to take between fork and exec.
#[derive(Clone, Copy)]
pub(crate) struct ProgramLimits(Limits);

impl ProgramLimits {
    /// The limits before [`raise_limits`].
    pub(crate) fn at_start() -> Self {
        Self(AT_START.get().copied().unwrap_or_default())
    }

    /// Gives them to the calling process. Safe between fork and exec: system calls only.
    pub(crate) fn give(&self) {
        for (resource, limit) in RAISED.into_iter().zip(&self.0) {
            if let Some(limit) = limit {
                let _ = setrlimit(resource, *limit);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_limit_is_the_highest() {
        let original = |current, maximum| Rlimit { current, maximum };
        assert_eq!(raised_to(&original(Some(10), Some(10)), 64), Some(64));
        assert_eq!(raised_to(&original(Some(100), None), 64), Some(100));
        assert_eq!(raised_hard(&original(Some(10), Some(10)), Some(64)), Some(64));
        assert_eq!(raised_hard(&original(Some(10), Some(100)), Some(64)), Some(100));
        assert_eq!(raised_hard(&original(Some(10), None), Some(64)), None);
        assert_eq!(
            (lower(None, Some(3)), lower(Some(2), Some(3)), lower(None, None)),
            (Some(3), Some(2), None)
        );
    }
}
