//! Table of the watched system calls, with the positions of their path, directory and flag arguments.
//!
//! A table, so that a call is added in one line. How arguments are read is not part of it.

use libc::c_long;

use Lookup::{Access, AccessWithFlags, Link, Stat, StatLink, StatWithFlags};
use Operation::{Asks, Is, MakeNode, Open, OpenHow, Remove};

/// When the filter announces a call.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Rule {
    /// Always.
    Always,
    /// Unless this argument has this flag.
    UnlessFlag { argument: u8, flag: u32 },
    /// Only with this flag in this argument.
    IfFlag { argument: u8, flag: u32 },
    /// If this argument is zero.
    IfZero { argument: u8 },
    /// Unless this argument, a pointer, is null.
    UnlessNull { argument: u8 },
    /// If this argument is at most this.
    AtMost { argument: u8, most: u32 },
    /// `sendto` with an address and few bytes; and without one, what can be a C library's question: these many bytes,
    /// with `MSG_NOSIGNAL`.
    SendTo,
    /// `write` of what can be Go's question; see [`GO_QUERY`].
    GoQuery,
}

/// Addresses of Go's questions, which its resolver sends in plain `write` calls.
///
/// `net.newRequest` builds the message behind the two bytes of length that TCP asks for, in a buffer of 514 bytes of
/// its own; so it starts two bytes behind a multiple of 64 on Go's heap, which starts at a fixed address. Hardly any
/// other write does, and none of a program that is not Go's. It holds for static, position-independent and cgo builds
/// alike.
pub(crate) struct GoQuery {
    /// The high halves of the heap's addresses.
    pub(crate) heap: (u32, u32),
    /// Alignment of the buffers, and the offset of a question in them.
    pub(crate) alignment: u32,
    pub(crate) offset: u32,
}

pub(crate) const GO_QUERY: GoQuery = GoQuery {
    heap: if cfg!(target_arch = "aarch64") {
        (0x40, 0x7f)
    } else {
        (0xc0, 0xff)
    },
    alignment: 64,
    offset: 2,
};

/// Kind of a call, with the positions of its arguments.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    File {
        path_arguments: PathArguments,
        operation: Operation,
    },
    Rename {
        old: PathArguments,
        new: PathArguments,
    },
    Exec {
        path_arguments: PathArguments,
        arguments: u8,
    },
    /// Of the working directory, the root or the mount namespace.
    ChangeDirectory,
    Unshare,
    EnterNamespace,
    /// Of the thread's user, groups or capabilities.
    ChangeCredentials,
    /// Of what the process may reach, beyond its credentials (`landlock(7)`).
    Restrict,
    IoUring,
    /// A filter with a listener (`seccomp_unotify(2)`), which the kernel refuses beside ours.
    SeccompListener,
    Connect,
    Bind,
    Listen,
    SendTo,
    Write,
    SendMessage,
    SendMessages,
}

/// Positions of the arguments that name a file.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PathArguments {
    /// The argument with the directory's descriptor; `None` where a relative path starts at the working directory.
    pub(crate) directory: Option<u8>,
    /// The argument with the path.
    pub(crate) path: u8,
    /// Meaning of an empty path in this call.
    pub(crate) empty: Empty,
}

/// Meaning of an empty path.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Empty {
    /// An error.
    Fails,
    /// The descriptor itself.
    Descriptor,
    /// The descriptor itself, where this argument has `AT_EMPTY_PATH`.
    WithFlag(u8),
}

/// The name of a file operation, or where its flags are.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Operation {
    Is(&'static str),
    /// Look-up of this name, which changes nothing.
    Asks(&'static str, Lookup),
    /// `mkfifo` where this argument, a mode, is that of a FIFO, and else `write`: `mknod(2)`.
    MakeNode(u8),
    /// By the open flags in this argument.
    Open(u8),
    /// By the first eight bytes of the `struct open_how` at this argument.
    OpenHow(u8),
    /// `rmdir` with `AT_REMOVEDIR` in this argument, or else `unlink`.
    Remove(u8),
}

/// Form of a look-up, and where its flags are.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Lookup {
    /// `stat(2)`.
    Stat,
    /// `lstat(2)`.
    StatLink,
    /// Either, by `AT_SYMLINK_NOFOLLOW` in this argument.
    StatWithFlags(u8),
    /// `access(2)` with the mode in this argument.
    Access(u8),
    /// `faccessat2(2)` with the mode and the flags in these arguments.
    AccessWithFlags(u8, u8),
    /// `readlink(2)`.
    Link,
}

/// One watched call.
pub(crate) struct WatchedSyscall {
    pub(crate) number: c_long,
    pub(crate) rule: Rule,
    pub(crate) kind: Kind,
}

/// The shortest message that can ask for a name: a header, the root's name, a type and a class.
pub(crate) const MIN_QUERY_BYTES: u32 = 17;
/// The longest that we look at: a name of at most 255 bytes, options, a cookie and the length of TCP.
pub(crate) const MAX_QUERY_BYTES: u32 = 320;
/// The longest datagram that is looked at for where it goes: what is sent in bulk is longer.
pub(crate) const MAX_DATAGRAM_BYTES: u32 = 1_024;

const fn file(number: c_long, directory: Option<u8>, path: u8, operation: Operation) -> WatchedSyscall {
    let path_arguments = PathArguments {
        directory,
        path,
        empty: Empty::Fails,
    };
    WatchedSyscall {
        number,
        rule: Rule::Always,
        kind: Kind::File {
            path_arguments,
            operation,
        },
    }
}

const fn file_unless_null(number: c_long, directory: Option<u8>, path: u8, name: &'static str) -> WatchedSyscall {
    WatchedSyscall {
        rule: Rule::UnlessNull { argument: path },
        ..file(number, directory, path, Is(name))
    }
}

const fn file_unless_empty(number: c_long, flags: u8, operation: Operation) -> WatchedSyscall {
    WatchedSyscall {
        rule: Rule::UnlessFlag {
            argument: flags,
            flag: libc::AT_EMPTY_PATH as u32,
        },
        ..file(number, Some(0), 1, operation)
    }
}

const fn plain(number: c_long, kind: Kind) -> WatchedSyscall {
    WatchedSyscall {
        number,
        rule: Rule::Always,
        kind,
    }
}

const fn at(directory: Option<u8>, path: u8) -> PathArguments {
    PathArguments {
        directory,
        path,
        empty: Empty::Fails,
    }
}

const fn rename(number: c_long, old: PathArguments, new: PathArguments) -> WatchedSyscall {
    plain(number, Kind::Rename { old, new })
}

const fn exec(number: c_long, path_arguments: PathArguments, arguments: u8) -> WatchedSyscall {
    plain(
        number,
        Kind::Exec {
            path_arguments,
            arguments,
        },
    )
}

const fn ruled(number: c_long, rule: Rule, kind: Kind) -> WatchedSyscall {
    WatchedSyscall { number, rule, kind }
}

/// `SYS_renameat`, which the `libc` crate leaves out on aarch64.
const RENAMEAT: c_long = if cfg!(target_arch = "aarch64") { 38 } else { 264 };

/// `SYS_fchmodat2` (Linux 6.6).
const SYS_FCHMODAT2: c_long = 452;

/// Every call that is watched. Calls that change or read a file that is open already are not: they name no path.
pub(crate) const WATCHED: &[WatchedSyscall] = &[
    file(libc::SYS_openat, Some(0), 1, Open(2)),
    file(libc::SYS_openat2, Some(0), 1, OpenHow(2)),
    file_unless_empty(libc::SYS_newfstatat, 3, Asks("stat", StatWithFlags(3))),
    file_unless_empty(libc::SYS_statx, 2, Asks("stat", StatWithFlags(2))),
    file(libc::SYS_faccessat, Some(0), 1, Asks("access", Access(2))),
    file_unless_empty(libc::SYS_faccessat2, 3, Asks("access", AccessWithFlags(2, 3))),
    file(libc::SYS_unlinkat, Some(0), 1, Remove(2)),
    file(libc::SYS_mkdirat, Some(0), 1, Is("mkdir")),
    plain(
        libc::SYS_readlinkat,
        Kind::File {
            path_arguments: PathArguments {
                empty: Empty::Descriptor,
                ..at(Some(0), 1)
            },
            operation: Asks("readlink", Link),
        },
    ),
    rename(RENAMEAT, at(Some(0), 1), at(Some(2), 3)),
    rename(libc::SYS_renameat2, at(Some(0), 1), at(Some(2), 3)),
    exec(libc::SYS_execve, at(None, 0), 1),
    exec(
        libc::SYS_execveat,
        PathArguments {
            empty: Empty::WithFlag(4),
            ..at(Some(0), 1)
        },
        2,
    ),
    plain(libc::SYS_chdir, Kind::ChangeDirectory),
    plain(libc::SYS_fchdir, Kind::ChangeDirectory),
    plain(libc::SYS_connect, Kind::Connect),
    plain(libc::SYS_bind, Kind::Bind),
    plain(libc::SYS_listen, Kind::Listen),
    plain(libc::SYS_chroot, Kind::ChangeDirectory),
    plain(libc::SYS_pivot_root, Kind::ChangeDirectory),
    plain(libc::SYS_setns, Kind::EnterNamespace),
    plain(libc::SYS_unshare, Kind::Unshare),
    plain(libc::SYS_io_uring_setup, Kind::IoUring),
    file(libc::SYS_symlinkat, Some(1), 2, Is("symlink")),
    file(libc::SYS_linkat, Some(2), 3, Is("link")),
    file(libc::SYS_mknodat, Some(0), 1, MakeNode(2)),
    file(libc::SYS_fchmodat, Some(0), 1, Is("chmod")),
    file_unless_empty(SYS_FCHMODAT2, 3, Is("chmod")),
    file_unless_empty(libc::SYS_fchownat, 4, Is("chown")),
    file(libc::SYS_truncate, None, 0, Is("truncate")),
    file_unless_null(libc::SYS_utimensat, Some(0), 1, "utimens"),
    file(libc::SYS_setxattr, None, 0, Is("setxattr")),
    file(libc::SYS_lsetxattr, None, 0, Is("setxattr")),
    file(libc::SYS_removexattr, None, 0, Is("removexattr")),
    file(libc::SYS_lremovexattr, None, 0, Is("removexattr")),
    plain(libc::SYS_setuid, Kind::ChangeCredentials),
    plain(libc::SYS_setgid, Kind::ChangeCredentials),
    plain(libc::SYS_setreuid, Kind::ChangeCredentials),
    plain(libc::SYS_setregid, Kind::ChangeCredentials),
    plain(libc::SYS_setresuid, Kind::ChangeCredentials),
    plain(libc::SYS_setresgid, Kind::ChangeCredentials),
    plain(libc::SYS_setfsuid, Kind::ChangeCredentials),
    plain(libc::SYS_setfsgid, Kind::ChangeCredentials),
    plain(libc::SYS_setgroups, Kind::ChangeCredentials),
    plain(libc::SYS_capset, Kind::ChangeCredentials),
    plain(libc::SYS_landlock_restrict_self, Kind::Restrict),
    ruled(
        libc::SYS_seccomp,
        Rule::IfFlag {
            argument: 1,
            flag: libc::SECCOMP_FILTER_FLAG_NEW_LISTENER as u32,
        },
        Kind::SeccompListener,
    ),
    ruled(libc::SYS_sendto, Rule::SendTo, Kind::SendTo),
    ruled(libc::SYS_write, Rule::GoQuery, Kind::Write),
    // What D-Bus, Wayland and gRPC send over streams has flags; what `dig` and other resolvers send has none.
    ruled(libc::SYS_sendmsg, Rule::IfZero { argument: 2 }, Kind::SendMessage),
    // The C library asks for both kinds of address at once.
    ruled(
        libc::SYS_sendmmsg,
        Rule::AtMost { argument: 2, most: 2 },
        Kind::SendMessages,
    ),
    #[cfg(target_arch = "x86_64")]
    file(libc::SYS_open, None, 0, Open(1)),
    #[cfg(target_arch = "x86_64")]
    file(libc::SYS_creat, None, 0, Is("write")),
    #[cfg(target_arch = "x86_64")]
    file(libc::SYS_stat, None, 0, Asks("stat", Stat)),
    #[cfg(target_arch = "x86_64")]
    file(libc::SYS_lstat, None, 0, Asks("stat", StatLink)),
    #[cfg(target_arch = "x86_64")]
    file(libc::SYS_access, None, 0, Asks("access", Access(1))),
    #[cfg(target_arch = "x86_64")]
    file(libc::SYS_unlink, None, 0, Is("unlink")),
    #[cfg(target_arch = "x86_64")]
    file(libc::SYS_mkdir, None, 0, Is("mkdir")),
    #[cfg(target_arch = "x86_64")]
    file(libc::SYS_rmdir, None, 0, Is("rmdir")),
    #[cfg(target_arch = "x86_64")]
    file(libc::SYS_readlink, None, 0, Asks("readlink", Link)),
    #[cfg(target_arch = "x86_64")]
    rename(libc::SYS_rename, at(None, 0), at(None, 1)),
    #[cfg(target_arch = "x86_64")]
    file(libc::SYS_symlink, None, 1, Is("symlink")),
    #[cfg(target_arch = "x86_64")]
    file(libc::SYS_link, None, 1, Is("link")),
    #[cfg(target_arch = "x86_64")]
    file(libc::SYS_mknod, None, 0, MakeNode(1)),
    #[cfg(target_arch = "x86_64")]
    file(libc::SYS_chmod, None, 0, Is("chmod")),
    #[cfg(target_arch = "x86_64")]
    file(libc::SYS_chown, None, 0, Is("chown")),
    #[cfg(target_arch = "x86_64")]
    file(libc::SYS_lchown, None, 0, Is("chown")),
    #[cfg(target_arch = "x86_64")]
    file(libc::SYS_utime, None, 0, Is("utimens")),
    #[cfg(target_arch = "x86_64")]
    file(libc::SYS_utimes, None, 0, Is("utimens")),
    #[cfg(target_arch = "x86_64")]
    file_unless_null(libc::SYS_futimesat, Some(0), 1, "utimens"),
];

/// The calls by their number: the observer finds one without a search.
pub(crate) struct SyscallTable(Vec<Option<Kind>>);

impl SyscallTable {
    pub(crate) fn new() -> Self {
        let highest = WATCHED.iter().map(|call| call.number).max().unwrap_or(0);
        let mut table = vec![None; highest as usize + 1];
        for call in WATCHED {
            table[call.number as usize] = Some(call.kind);
        }
        Self(table)
    }

    pub(crate) fn kind(&self, number: i32) -> Option<Kind> {
        self.0.get(usize::try_from(number).ok()?).copied().flatten()
    }
}

/// The operation that a file is opened for.
pub(crate) fn opened_for(flags: u64) -> &'static str {
    let flags = flags as i32;
    let writes = matches!(flags & libc::O_ACCMODE, libc::O_WRONLY | libc::O_RDWR)
        || flags & (libc::O_CREAT | libc::O_TRUNC) != 0
        || flags & libc::O_TMPFILE == libc::O_TMPFILE;
    if flags & libc::O_PATH != 0 {
        // Neither reads nor writes are possible, whatever else is asked for.
        if flags & libc::O_DIRECTORY != 0 {
            "opendir"
        } else {
            "open"
        }
    } else if writes {
        "write"
    } else if flags & libc::O_DIRECTORY != 0 {
        "opendir"
    } else {
        "open"
    }
}

#[cfg(test)]
mod header_tests;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opening_is_named_after_what_it_is_for() {
        let named = |flags: i32| opened_for(flags as u64);
        assert_eq!(named(libc::O_RDONLY | libc::O_CLOEXEC), "open");
        assert_eq!(named(libc::O_RDONLY | libc::O_DIRECTORY | libc::O_NONBLOCK), "opendir");
        assert_eq!(named(libc::O_PATH | libc::O_DIRECTORY), "opendir");
        assert_eq!(named(libc::O_PATH | libc::O_NOFOLLOW), "open");
        for writing in [
            libc::O_WRONLY,
            libc::O_RDWR,
            libc::O_CREAT,
            libc::O_TRUNC,
            libc::O_TMPFILE | libc::O_RDWR,
        ] {
            assert_eq!(named(writing), "write", "{writing:#o}");
        }
    }

    #[test]
    fn no_call_stands_in_the_table_twice() {
        let mut numbers: Vec<_> = WATCHED.iter().map(|call| call.number).collect();
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!(numbers.len(), WATCHED.len());
    }
}
