//! Walk along a path, one name at a time, with the permissions of a caller and never onto a remote mount.
//!
//! Invariant: each step is a look-up of one name in a directory that is known to be local, so that no file system of
//! another machine or process is asked. Magic links of `/proc` are not followed.

use std::collections::VecDeque;
use std::ffi::CString;
use std::os::fd::{AsFd as _, AsRawFd as _, OwnedFd};

use mirrord_wire::Outcome;
use rustix::fs::{Access, AtFlags, CWD, FileType, OFlags, ResolveFlags, Statx, accessat, getxattr, readlinkat, statx};
use rustix::io::Errno;

use super::credentials::{Bits, Credentials};
use super::lookup::{METADATA, open_location};
use super::mounts::Mounts;

/// Symbolic links that are followed (`path_resolution(7)`).
const MAX_LINKS: usize = 40;
/// Names of a path that are walked, those of links included.
const MAX_NAMES: usize = 4_096;

/// Rules of a walk.
pub(super) struct Walk<'walk> {
    pub(super) root: &'walk OwnedFd,
    pub(super) mounts: &'walk Mounts,
    /// Those of the caller; `None` where they are ours.
    pub(super) credentials: Option<&'walk Credentials>,
}

/// End of a walk.
pub(super) enum Found {
    There(OwnedFd, Box<Statx>),
    /// Nothing is there, or the way is barred.
    Outcome(Outcome),
    Unknown,
}

/// State on the way.
struct State {
    names: VecDeque<Vec<u8>>,
    /// The directories from the root on, for `..`.
    way: Vec<(OwnedFd, Box<Statx>)>,
    links: usize,
    /// The path ends in a slash: it names a directory, and a link in the last place is followed.
    is_directory: bool,
}

impl Walk<'_> {
    /// Walks to the end of an absolute path.
    pub(super) fn to(&self, path: &[u8], follow: bool) -> Found {
        let Some(root) = self.open_root() else {
            return Found::Unknown;
        };
        let mut state = State {
            names: names(path).collect(),
            way: vec![root],
            links: 0,
            is_directory: path.ends_with(b"/"),
        };
        let mut walked = 0;
        while let Some(name) = state.names.pop_front() {
            walked += 1;
            if walked > MAX_NAMES {
                return Found::Unknown;
            }
            if let Err(end) = self.step(&mut state, name, follow) {
                return end;
            }
        }
        let Some((file, found)) = state.way.pop() else {
            return Found::Unknown;
        };
        if state.is_directory && kind(&found) != FileType::Directory {
            return Found::Unknown;
        }
        Found::There(file, found)
    }

    fn open_root(&self) -> Option<(OwnedFd, Box<Statx>)> {
        let root = self.root.try_clone().ok()?;
        let found = self.stat(&root)?;
        Some((root, found))
    }

    fn stat(&self, file: &OwnedFd) -> Option<Box<Statx>> {
        let flags = AtFlags::EMPTY_PATH | AtFlags::SYMLINK_NOFOLLOW | AtFlags::STATX_DONT_SYNC;
        let found = statx(file, c"", flags, METADATA).ok()?;
        (!self.mounts.is_remote(found.stx_mnt_id)).then(|| Box::new(found))
    }

    /// Goes to one name below the last of the way.
    fn step(&self, state: &mut State, name: Vec<u8>, follow: bool) -> Result<(), Found> {
        let (directory, found) = state.way.last().ok_or(Found::Unknown)?;
        if kind(found) != FileType::Directory {
            // `ENOTDIR`, which has no outcome.
            return Err(Found::Unknown);
        }
        match self.may(directory, found, Access::EXEC_OK) {
            Some(true) => {}
            Some(false) => return Err(Found::Outcome(Outcome::Denied)),
            None => return Err(Found::Unknown),
        }
        if name == b".." {
            if state.way.len() > 1 {
                state.way.pop();
            }
            return Ok(());
        }
        let name = CString::new(name).map_err(|_| Found::Unknown)?;
        let file = open_location(directory.as_fd(), &name, OFlags::NOFOLLOW, ResolveFlags::NO_MAGICLINKS);
        let file = file.map_err(|error| match error {
            Errno::NOENT => Found::Outcome(Outcome::NotFound),
            // With other credentials it may be there for the caller.
            Errno::ACCESS if self.credentials.is_none() => Found::Outcome(Outcome::Denied),
            _ => Found::Unknown,
        })?;
        let found = self.stat(&file).ok_or(Found::Unknown)?;
        let is_last = state.names.is_empty();
        if kind(&found) == FileType::Symlink && (!is_last || follow || state.is_directory) {
            return self.follow(state, &file, &found);
        }
        state.way.push((file, found));
        Ok(())
    }

    fn follow(&self, state: &mut State, link: &OwnedFd, found: &Statx) -> Result<(), Found> {
        let (_, directory) = state.way.last().ok_or(Found::Unknown)?;
        let is_shared = u32::from(directory.stx_mode) & 0o1002 == 0o1002;
        state.links += 1;
        // In a directory like `/tmp` the kernel may refuse to follow (`fs.protected_symlinks`), by the follower's user.
        let user = self
            .credentials
            .map_or_else(|| rustix::process::geteuid().as_raw(), |own| own.user);
        let is_protected = is_shared && found.stx_uid != directory.stx_uid && found.stx_uid != user;
        if state.links > MAX_LINKS || is_protected {
            return Err(Found::Unknown);
        }
        let target = readlinkat(link, c"", Vec::new()).map_err(|_| Found::Unknown)?;
        let target = target.as_bytes();
        if target.is_empty() || target.starts_with(b"/proc/") {
            return Err(Found::Unknown);
        }
        if target.starts_with(b"/") {
            state.way.truncate(1);
        }
        if state.names.is_empty() && target.ends_with(b"/") {
            state.is_directory = true;
        }
        for name in names(target).collect::<Vec<_>>().into_iter().rev() {
            state.names.push_front(name);
        }
        Ok(())
    }

    /// Returns whether the caller may use a file so; `None` where that is not known.
    pub(super) fn may(&self, file: &OwnedFd, found: &Statx, access: Access) -> Option<bool> {
        if access == Access::EXISTS {
            return Some(true);
        }
        let location = format!("/proc/self/fd/{}", file.as_raw_fd());
        let Some(credentials) = self.credentials else {
            return match accessat(CWD, &*location, access, AtFlags::EACCESS) {
                Ok(()) => Some(true),
                Err(Errno::ACCESS) => Some(false),
                Err(_) => None,
            };
        };
        let bits = Bits {
            user: found.stx_uid,
            group: found.stx_gid,
            mode: found.stx_mode.into(),
            is_directory: kind(found) == FileType::Directory,
        };
        if credentials.depends_on_list(bits) && has_list(&location) {
            return None;
        }
        // A file system that is mounted for reading alone has no outcome.
        let is_writable = !access.contains(Access::WRITE_OK)
            || accessat(CWD, &*location, Access::WRITE_OK, AtFlags::EACCESS) != Err(Errno::ROFS);
        is_writable.then_some(())?;
        credentials.may(access.bits(), bits)
    }
}

/// Returns whether a file has an access control list (`acl(5)`).
fn has_list(location: &str) -> bool {
    let mut none = [0_u8; 0];
    getxattr(location, c"system.posix_acl_access", &mut none).is_ok_and(|length| length > 0)
}

fn kind(found: &Statx) -> FileType {
    FileType::from_raw_mode(found.stx_mode.into())
}

fn names(path: &[u8]) -> impl Iterator<Item = Vec<u8>> + '_ {
    path.split(|byte| *byte == b'/')
        .filter(|name| !matches!(*name, b"" | b"."))
        .map(<[u8]>::to_vec)
}
