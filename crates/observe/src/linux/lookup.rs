//! A look-up of a path that is made again after the call, for its outcome.
//!
//! Invariant: nothing is opened but as a mere location (`O_PATH`), so that no device, FIFO or file notices; an executed
//! file alone is read, for its interpreter. An answer is given where it is the call's own beyond reasonable doubt, and is left out elsewhere: a path on a remote mount, a
//! process's own entry in `/proc`, a device whose driver decides, an access control list, errors other than "not there"
//! and "not permitted". It may block for ever: see `path_outcomes` for the thread that it runs on.

use std::ffi::{CStr, CString};
use std::fs::File;
use std::io::Read as _;
use std::os::fd::{AsRawFd as _, BorrowedFd, OwnedFd};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use mirrord_wire::Outcome;
use rustix::fs::{
    Access, AtFlags, CWD, FileType, Mode, OFlags, ResolveFlags, Statx, StatxFlags, accessat, openat2, statx,
};
use rustix::io::Errno;

use super::credentials::{Credentials, Thread};
use super::lookup_walk::{Found, Walk};
use super::mounts::Mounts;
use super::proc_paths::{self, ProcPath};
use super::question::{Asks, Question};

/// Bytes of an executed file that are read for its interpreter (`BINPRM_BUF_SIZE`).
const LINE_BYTES: u64 = 256;

/// A look-up that was made by a program.
#[derive(Debug)]
pub(crate) struct Job {
    /// The path as the kernel got it, from its directory on.
    pub(crate) path: CString,
    pub(crate) question: Question,
    pub(crate) pid: u32,
    pub(crate) tid: u32,
    /// Set where the path starts at another root directory than ours.
    pub(crate) has_own_root: bool,
    pub(crate) credentials: Thread,
}

/// State of the look-ups of one thread.
pub(crate) struct PathLookup {
    mounts: Option<Mounts>,
    /// Set where an executed file changes the credentials of its process.
    credentials_differ: Arc<AtomicBool>,
}

pub(super) const METADATA: StatxFlags = StatxFlags::TYPE
    .union(StatxFlags::MODE)
    .union(StatxFlags::UID)
    .union(StatxFlags::GID)
    .union(StatxFlags::MNT_ID);

impl PathLookup {
    pub(crate) fn new(credentials_differ: Arc<AtomicBool>) -> Self {
        Self {
            mounts: Mounts::of(std::process::id()),
            credentials_differ,
        }
    }

    /// Takes in what was mounted since the last look-ups.
    pub(crate) fn refresh(&mut self) {
        if let Some(mounts) = &mut self.mounts {
            mounts.refresh();
        }
    }

    /// Looks a path up again.
    pub(crate) fn look_up(&self, job: &Job) -> Option<Outcome> {
        let path = match proc_paths::as_seen_from_outside(&job.path, job.pid, job.tid) {
            ProcPath::Elsewhere => &job.path,
            ProcPath::Stable(path) => return self.outcome(job, &path).filter(|_| proc_paths::is_there(job.pid)),
            ProcPath::Volatile => return None,
        };
        self.outcome(job, path)
    }

    fn outcome(&self, job: &Job, path: &CStr) -> Option<Outcome> {
        if job.has_own_root {
            let mut mounts = Mounts::of(job.tid)?;
            mounts.add_local(self.mounts.as_ref()?);
            let root = CString::new(format!("/proc/{}/root", job.tid)).ok()?;
            return self.with_care(job, path, &mounts, &root);
        }
        let mounts = self.mounts.as_ref()?;
        if mounts.has_remote() || !matches!(job.credentials, Thread::Ours) {
            return self.with_care(job, path, mounts, c"/");
        }
        self.directly(path, &job.question)
    }

    /// Asks the kernel, which judges by our credentials: they are the caller's, and so is the root directory.
    fn directly(&self, path: &CStr, question: &Question) -> Option<Outcome> {
        let mut flags = AtFlags::empty();
        if !question.follow {
            flags |= AtFlags::SYMLINK_NOFOLLOW;
        }
        if question.asks == Asks::Access {
            if !question.by_real_user {
                flags |= AtFlags::EACCESS;
            }
            return answer(accessat(CWD, path, question.access, flags).map(|()| Some(Outcome::Ok)));
        }
        let found = match statx(CWD, path, flags, METADATA) {
            Ok(found) => found,
            Err(error) => return answer(Err(error)),
        };
        let permitted = question.access == Access::EXISTS
            || match accessat(CWD, path, question.access, AtFlags::EACCESS) {
                Ok(()) => true,
                Err(Errno::ACCESS) => false,
                Err(_) => return None,
            };
        self.judge(path, question, &found, permitted)
    }

    /// Walks by hand: never onto a remote mount, and with the caller's permissions where they are not ours.
    fn with_care(&self, job: &Job, path: &CStr, mounts: &Mounts, root: &CStr) -> Option<Outcome> {
        if mounts.above(path.to_bytes()).is_some_and(|(_, remote)| remote) {
            return None;
        }
        let question = &job.question;
        let credentials = match &job.credentials {
            Thread::Unknown => return None,
            Thread::Ours => None,
            Thread::Other(other) if question.by_real_user => Some(other.as_real_user()),
            Thread::Other(other) => Some(Credentials::clone(other)),
        };
        if credentials.is_none() && !job.has_own_root {
            match open_cached(path, question.follow) {
                Ok(file) => return self.judge_open(&file, question, mounts),
                Err(error @ (Errno::NOENT | Errno::ACCESS)) => return answer(Err(error)),
                // Not all of it is cached, or the kernel cannot be asked so (before Linux 5.12).
                Err(_) => {}
            }
        }
        let root = open_location(CWD, root, OFlags::DIRECTORY, ResolveFlags::empty()).ok()?;
        let walk = Walk {
            root: &root,
            mounts,
            credentials: credentials.as_ref(),
        };
        let (file, found) = match walk.to(path.to_bytes(), question.follow) {
            Found::There(file, found) => (file, found),
            Found::Outcome(outcome) => return Some(outcome),
            Found::Unknown => return None,
        };
        let location = CString::new(format!("/proc/self/fd/{}", file.as_raw_fd())).ok()?;
        let permitted = walk.may(&file, &found, question.access)?;
        if question.asks == Asks::Access {
            return Some(if permitted { Outcome::Ok } else { Outcome::Denied });
        }
        self.judge(&location, question, &found, permitted)
    }

    /// Judges a file that was found in the kernel's cache, by our credentials.
    fn judge_open(&self, file: &OwnedFd, question: &Question, mounts: &Mounts) -> Option<Outcome> {
        let flags = AtFlags::EMPTY_PATH | AtFlags::SYMLINK_NOFOLLOW | AtFlags::STATX_DONT_SYNC;
        let found = statx(file, c"", flags, METADATA).ok()?;
        if mounts.is_remote(found.stx_mnt_id) {
            return None;
        }
        let location = CString::new(format!("/proc/self/fd/{}", file.as_raw_fd())).ok()?;
        let mut flags = AtFlags::empty();
        if !question.by_real_user {
            flags |= AtFlags::EACCESS;
        }
        let is_link = FileType::from_raw_mode(found.stx_mode.into()) == FileType::Symlink;
        let permitted = question.access == Access::EXISTS
            || is_link
            || match accessat(CWD, &*location, question.access, flags) {
                Ok(()) => true,
                Err(Errno::ACCESS) => false,
                Err(_) => return None,
            };
        if question.asks == Asks::Access {
            return Some(if permitted { Outcome::Ok } else { Outcome::Denied });
        }
        self.judge(&location, question, &found, permitted)
    }

    /// Judges a file that is there.
    fn judge(&self, path: &CStr, question: &Question, found: &Statx, permitted: bool) -> Option<Outcome> {
        let kind = FileType::from_raw_mode(found.stx_mode.into());
        let fits = match question.asks {
            Asks::Existence | Asks::Access => true,
            Asks::Link => kind == FileType::Symlink,
            Asks::Directory => kind == FileType::Directory,
            Asks::Open => opens(kind, found, question),
            Asks::Program if kind == FileType::RegularFile => true,
            Asks::Program => return Some(Outcome::Denied),
        };
        let is_judged_first = kind != FileType::Directory && question.asks == Asks::Open;
        if !permitted && (fits || is_judged_first) && kind != FileType::Symlink {
            return Some(Outcome::Denied);
        }
        let is_owner = || found.stx_uid == rustix::process::geteuid().as_raw() || rustix::process::geteuid().is_root();
        if !fits || question.by_owner && !is_owner() {
            return None;
        }
        if question.asks == Asks::Program {
            return self.executes(path, found);
        }
        Some(Outcome::Ok)
    }

    /// The outcome of the execution of a file that may be executed: its interpreter can be missing.
    fn executes(&self, path: &CStr, found: &Statx) -> Option<Outcome> {
        if u32::from(found.stx_mode) & (libc::S_ISUID | libc::S_ISGID) != 0 {
            self.credentials_differ.store(true, Ordering::Relaxed);
        }
        let mut start = Vec::new();
        // One that may be executed and not read is left out.
        let file = File::open(std::path::Path::new(std::ffi::OsStr::new(path.to_str().ok()?))).ok()?;
        file.take(LINE_BYTES).read_to_end(&mut start).ok()?;
        let Some(line) = start.strip_prefix(b"#!") else {
            return start.starts_with(b"\x7fELF").then_some(Outcome::Ok);
        };
        if path.to_bytes().starts_with(b"/proc/self/fd/") {
            // The interpreter would have to be walked to as well.
            return None;
        }
        let line = line.split(|byte| *byte == b'\n').next()?.trim_ascii_start();
        let interpreter = line.split(|byte| matches!(byte, b' ' | b'\t')).next()?;
        let interpreter = CString::new(interpreter).ok()?;
        match accessat(CWD, &*interpreter, Access::EXEC_OK, AtFlags::EACCESS) {
            Err(Errno::NOENT) => Some(Outcome::NotFound),
            Ok(()) => Some(Outcome::Ok),
            Err(_) => None,
        }
    }
}

/// Returns whether a file of this kind is opened by its permissions alone. A driver has its own reasons; those of memory
/// (`/dev/null` and its like) have none.
fn opens(kind: FileType, found: &Statx, question: &Question) -> bool {
    const MEMORY: u32 = 1;
    match kind {
        FileType::RegularFile => true,
        FileType::Directory => question.access == Access::READ_OK,
        FileType::CharacterDevice => found.stx_rdev_major == MEMORY,
        _ => false,
    }
}

pub(super) fn answer(result: Result<Option<Outcome>, Errno>) -> Option<Outcome> {
    match result {
        Ok(outcome) => outcome,
        Err(Errno::NOENT) => Some(Outcome::NotFound),
        Err(Errno::ACCESS) => Some(Outcome::Denied),
        Err(_) => None,
    }
}

/// Opens a path as far as the kernel knows it without asking a file system (`RESOLVE_CACHED`).
fn open_cached(path: &CStr, follow: bool) -> rustix::io::Result<OwnedFd> {
    let flags = if follow { OFlags::empty() } else { OFlags::NOFOLLOW };
    open_location(CWD, path, flags, ResolveFlags::CACHED)
}

/// Opens a path as a mere location.
pub(super) fn open_location(
    directory: BorrowedFd<'_>,
    path: &CStr,
    flags: OFlags,
    resolve: ResolveFlags,
) -> rustix::io::Result<OwnedFd> {
    openat2(
        directory,
        path,
        OFlags::PATH | OFlags::CLOEXEC | flags,
        Mode::empty(),
        resolve,
    )
}
