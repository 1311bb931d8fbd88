//! Credentials of the threads of a tree, where they can differ from ours.
//!
//! A program has our credentials until a call changes them, and each such call is watched; so nothing is read before
//! the first one. From then on the credentials of a thread are read while it is stopped in a call, because it may have
//! changed them again a moment later, and are cached until it does, or for [`CREDENTIALS_TTL`].

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::procfs;

/// Time for which a thread's credentials are cached.
const CREDENTIALS_TTL: Duration = Duration::from_secs(1);
/// Threads whose credentials are cached; beyond it all are read again.
const MAX_THREADS: usize = 4_096;

/// `CAP_DAC_OVERRIDE` and `CAP_DAC_READ_SEARCH` (`capabilities(7)`), as bits.
const DAC_OVERRIDE: u64 = 1 << 1;
const DAC_READ_SEARCH: u64 = 1 << 2;
const SYS_PTRACE: u64 = 1 << 19;

/// Credentials of a thread that the kernel checks paths by (`credentials(7)`).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Credentials {
    real_user: u32,
    pub(crate) user: u32,
    real_group: u32,
    group: u32,
    groups: Vec<u32>,
    permitted: u64,
    effective: u64,
    /// Its user namespace is not ours: its capabilities may count for nothing.
    foreign: bool,
}

/// Permission of a file, as its mode bits have it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bits {
    pub(crate) user: u32,
    pub(crate) group: u32,
    pub(crate) mode: u32,
    pub(crate) is_directory: bool,
}

impl Credentials {
    /// Reads those of a thread.
    pub(crate) fn read(tid: u32) -> Option<Self> {
        let mut buffer = [0; 4_096];
        let status = procfs::status(tid, &mut buffer)?;
        let own = procfs::user_namespace(std::process::id()).ok()?;
        Some(Self {
            foreign: procfs::user_namespace(tid).ok()? != own,
            ..Self::parse(status)?
        })
    }

    fn parse(status: &str) -> Option<Self> {
        let line = |name: &str| status.lines().find_map(|line| line.strip_prefix(name));
        let numbers = |name: &str| -> Option<Vec<u32>> {
            let words = line(name)?.split_ascii_whitespace();
            words.map(|word| word.parse().ok()).collect()
        };
        let bits = |name: &str| u64::from_str_radix(line(name)?.trim(), 16).ok();
        let (users, groups) = (numbers("Uid:")?, numbers("Gid:")?);
        Some(Self {
            real_user: *users.first()?,
            user: *users.get(3)?,
            real_group: *groups.first()?,
            group: *groups.get(3)?,
            groups: numbers("Groups:")?,
            permitted: bits("CapPrm:")?,
            effective: bits("CapEff:")?,
            foreign: false,
        })
    }

    /// Returns whether it may look at every process of its user namespace.
    pub(crate) fn may_trace(&self) -> bool {
        self.effective & SYS_PTRACE != 0
    }

    /// Those that `access(2)` counts by: of the real user.
    pub(crate) fn as_real_user(&self) -> Self {
        Self {
            user: self.real_user,
            group: self.real_group,
            effective: if self.real_user == 0 { self.permitted } else { 0 },
            ..self.clone()
        }
    }

    /// Returns whether a file may be used so (the bits of `access(2)`); `None` where that depends on a user namespace.
    pub(crate) fn may(&self, access: u32, file: Bits) -> Option<bool> {
        let class = if file.user == self.user {
            file.mode >> 6
        } else if file.group == self.group || self.groups.contains(&file.group) {
            file.mode >> 3
        } else {
            file.mode
        };
        if class & access == access {
            return Some(true);
        }
        let any_execute = file.is_directory || file.mode & 0o111 != 0;
        let overrides = self.effective & DAC_OVERRIDE != 0 && (access & 1 == 0 || any_execute);
        let searches = self.effective & DAC_READ_SEARCH != 0 && access & !if file.is_directory { 5 } else { 4 } == 0;
        match overrides || searches {
            true if self.foreign => None,
            by_capability => Some(by_capability),
        }
    }

    /// Returns whether an access control list of a file could change what [`Self::may`] says.
    pub(crate) fn depends_on_list(&self, file: Bits) -> bool {
        file.user != self.user && self.effective & DAC_OVERRIDE == 0
    }
}

/// Cache of the credentials of the tree's threads.
pub(crate) struct CredentialsCache {
    /// Set once a thread of the tree may have other credentials than ours.
    differ: Arc<AtomicBool>,
    own: Option<Credentials>,
    by_thread: HashMap<u32, (Thread, Instant)>,
}

/// Credentials of the thread of a call.
#[derive(Debug, Clone)]
pub(crate) enum Thread {
    /// Ours.
    Ours,
    /// Others.
    Other(Arc<Credentials>),
    /// Could not be read.
    Unknown,
}

impl Default for CredentialsCache {
    fn default() -> Self {
        Self {
            differ: Arc::default(),
            own: Credentials::read(std::process::id()),
            by_thread: HashMap::new(),
        }
    }
}

impl CredentialsCache {
    /// Flag for those who see an executed file change the credentials (`S_ISUID`).
    pub(crate) fn differ_flag(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.differ)
    }

    /// A thread is about to change its credentials.
    pub(crate) fn changes(&mut self, tid: u32) {
        self.differ.store(true, Ordering::Relaxed);
        self.by_thread.remove(&tid);
    }

    /// A thread is about to execute a program, which may have credentials of its own.
    pub(crate) fn executes(&mut self, tid: u32) {
        self.by_thread.remove(&tid);
    }

    /// The credentials of a thread that is stopped in a call.
    pub(crate) fn of(&mut self, tid: u32) -> Thread {
        if !self.differ.load(Ordering::Relaxed) {
            return Thread::Ours;
        }
        if let Some((thread, since)) = self.by_thread.get(&tid)
            && since.elapsed() < CREDENTIALS_TTL
        {
            return thread.clone();
        }
        let thread = match Credentials::read(tid) {
            None => Thread::Unknown,
            Some(read) if Some(&read) == self.own.as_ref() => Thread::Ours,
            Some(read) => Thread::Other(Arc::new(read)),
        };
        if self.by_thread.len() >= MAX_THREADS {
            self.by_thread.clear();
        }
        self.by_thread.insert(tid, (thread.clone(), Instant::now()));
        thread
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(user: u32, group: u32, mode: u32) -> Bits {
        Bits {
            user,
            group,
            mode,
            is_directory: false,
        }
    }

    fn person() -> Credentials {
        Credentials {
            real_user: 1_000,
            user: 1_000,
            group: 100,
            groups: vec![4, 20],
            ..Credentials::default()
        }
    }

    #[test]
    fn status_is_parsed() {
        let text = "Name:\tx\nUid:\t1\t2\t3\t4\nGid:\t5\t6\t7\t8\nGroups:\t9 10 \nCapPrm:\t00000000000000ff\nCapEff:\t0000000000000002\n";
        let parsed = Credentials::parse(text).unwrap();
        assert_eq!(
            (parsed.real_user, parsed.user, parsed.real_group, parsed.group),
            (1, 4, 5, 8)
        );
        assert_eq!(
            (parsed.groups, parsed.permitted, parsed.effective),
            (vec![9, 10], 255, 2)
        );
        assert_eq!(Credentials::parse("Uid:\t1\n"), None);
        assert!(Credentials::read(std::process::id()).is_some());
    }

    #[test]
    fn the_first_class_that_fits_decides() {
        let person = person();
        assert_eq!(person.may(4, file(1_000, 0, 0o400)), Some(true));
        assert_eq!(
            person.may(4, file(1_000, 100, 0o044)),
            Some(false),
            "the owner's bits alone"
        );
        assert_eq!(person.may(4, file(0, 20, 0o040)), Some(true));
        assert_eq!(person.may(4, file(0, 20, 0o004)), Some(false));
        assert_eq!(person.may(6, file(0, 0, 0o644)), Some(false));
        assert_eq!(
            person.may(0, file(0, 0, 0)),
            Some(true),
            "existence asks nothing of the file"
        );
    }

    #[test]
    fn capabilities_override_but_for_execution_of_what_nobody_may_execute() {
        let root = Credentials {
            effective: DAC_OVERRIDE,
            ..Credentials::default()
        };
        assert_eq!(root.may(6, file(7, 7, 0)), Some(true));
        assert_eq!(root.may(1, file(7, 7, 0o600)), Some(false));
        assert_eq!(root.may(1, file(7, 7, 0o100)), Some(true));
        let reader = Credentials {
            effective: DAC_READ_SEARCH,
            ..person()
        };
        assert_eq!(reader.may(4, file(0, 0, 0)), Some(true));
        assert_eq!(reader.may(2, file(0, 0, 0)), Some(false));
        let elsewhere = Credentials { foreign: true, ..root };
        assert_eq!(elsewhere.may(6, file(7, 7, 0)), None);
        assert_eq!(elsewhere.may(6, file(7, 7, 0o666)), Some(true));
    }

    #[test]
    fn access_counts_by_the_real_user() {
        let set_user = Credentials {
            real_user: 1_000,
            permitted: DAC_OVERRIDE,
            effective: DAC_OVERRIDE,
            ..Credentials::default()
        };
        assert_eq!(set_user.may(4, file(0, 0, 0o600)), Some(true));
        assert_eq!(set_user.as_real_user().may(4, file(0, 0, 0o600)), Some(false));
    }
}
