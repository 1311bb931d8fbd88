//! Questions that look-ups ask of their paths, in a form that can be asked again after the call.
//!
//! Pure: system call arguments in, a question out. `None` where the answer would prove nothing: calls that change what
//! they ask about, and flags under which the kernel resolves a path by other rules.

use rustix::fs::{Access, AtFlags};

/// Property that a call asks of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asks {
    /// `stat(2)`, or a descriptor of the path alone (`O_PATH`).
    Existence,
    /// `access(2)`.
    Access,
    /// `open(2)` of a file that is there.
    Open,
    /// `open(2)` with `O_DIRECTORY`.
    Directory,
    /// `readlink(2)`.
    Link,
    /// `execve(2)`.
    Program,
}

/// A look-up of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Question {
    pub(crate) asks: Asks,
    /// Permissions that are needed of the file itself.
    pub(crate) access: Access,
    /// Set where a symbolic link in the last place is followed.
    pub(crate) follow: bool,
    /// Set where the caller's real user counts (`access(2)`), in place of its effective one.
    pub(crate) by_real_user: bool,
    /// Set where the caller must own the file (`O_NOATIME`).
    pub(crate) by_owner: bool,
}

impl Question {
    const fn new(asks: Asks, access: Access) -> Self {
        Self {
            asks,
            access,
            follow: true,
            by_real_user: false,
            by_owner: false,
        }
    }

    pub(crate) const fn existence(follow: bool) -> Self {
        Self {
            follow,
            ..Self::new(Asks::Existence, Access::EXISTS)
        }
    }

    pub(crate) const fn link() -> Self {
        Self {
            follow: false,
            ..Self::new(Asks::Link, Access::EXISTS)
        }
    }

    pub(crate) const fn program() -> Self {
        Self::new(Asks::Program, Access::EXEC_OK)
    }

    /// Reports a permission to write that is asked for.
    pub(crate) const fn needs_write(&self) -> bool {
        self.access.contains(Access::WRITE_OK)
    }

    /// The question of an `access(2)` with this mode and these flags of `faccessat2(2)`.
    pub(crate) fn access(mode: u64, flags: u64) -> Option<Self> {
        let access = Access::from_bits(mode as u32 & 7).filter(|_| mode & !7 == 0)?;
        let flags = AtFlags::from_bits_retain(flags as u32);
        (AtFlags::EACCESS | AtFlags::SYMLINK_NOFOLLOW)
            .contains(flags)
            .then_some(Self {
                follow: !flags.contains(AtFlags::SYMLINK_NOFOLLOW),
                by_real_user: !flags.contains(AtFlags::EACCESS),
                ..Self::new(Asks::Access, access)
            })
    }

    /// The question of an `open(2)` with these flags.
    pub(crate) fn open(flags: u64) -> Option<Self> {
        let flags = flags as i32;
        let follow = flags & libc::O_NOFOLLOW == 0;
        if flags & libc::O_PATH != 0 {
            return Some(if flags & libc::O_DIRECTORY == 0 {
                Self::existence(follow)
            } else {
                Self {
                    follow,
                    ..Self::new(Asks::Directory, Access::EXISTS)
                }
            });
        }
        if flags & libc::O_CREAT != 0 || flags & libc::O_TMPFILE == libc::O_TMPFILE {
            return None;
        }
        let mut access = match flags & libc::O_ACCMODE {
            libc::O_RDONLY => Access::READ_OK,
            libc::O_WRONLY => Access::WRITE_OK,
            libc::O_RDWR => Access::READ_OK | Access::WRITE_OK,
            _ => return None,
        };
        if flags & libc::O_TRUNC != 0 {
            access |= Access::WRITE_OK;
        }
        let asks = if flags & libc::O_DIRECTORY == 0 {
            Asks::Open
        } else {
            Asks::Directory
        };
        Some(Self {
            follow,
            by_owner: flags & libc::O_NOATIME != 0,
            ..Self::new(asks, access)
        })
    }
}

/// Returns whether an `open(2)` with these flags may make the file.
pub(crate) fn may_create(flags: u64) -> bool {
    flags as i32 & libc::O_CREAT != 0 && flags as i32 & libc::O_PATH == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_that_may_make_its_file_asks_nothing() {
        let open = |flags: i32| Question::open(flags as u64);
        assert_eq!(open(libc::O_WRONLY | libc::O_CREAT), None);
        assert_eq!(open(libc::O_RDWR | libc::O_TMPFILE), None);
        assert_eq!(open(libc::O_RDONLY).map(|own| own.access), Some(Access::READ_OK));
        let both = Access::READ_OK | Access::WRITE_OK;
        assert_eq!(open(libc::O_RDWR).map(|own| own.access), Some(both));
        assert_eq!(open(libc::O_TRUNC).map(|own| own.access), Some(both));
        assert!(may_create(libc::O_CREAT as u64) && !may_create((libc::O_CREAT | libc::O_PATH) as u64));
        let directory = open(libc::O_DIRECTORY | libc::O_CLOEXEC).map(|own| own.asks);
        assert_eq!(directory, Some(Asks::Directory));
        let path = open(libc::O_PATH | libc::O_NOFOLLOW | libc::O_CREAT);
        assert_eq!(path, Some(Question::existence(false)));
    }

    #[test]
    fn the_flags_of_access_are_those_of_the_kernel() {
        let plain = Question::access(libc::R_OK as u64, 0).unwrap();
        assert!(plain.by_real_user && plain.follow);
        let effective = Question::access(0, (libc::AT_EACCESS | libc::AT_SYMLINK_NOFOLLOW) as u64).unwrap();
        assert!(!effective.by_real_user && !effective.follow);
        assert_eq!(Question::access(8, 0), None, "the kernel refuses it");
        assert_eq!(Question::access(0, libc::AT_EMPTY_PATH as u64), None);
    }
}
