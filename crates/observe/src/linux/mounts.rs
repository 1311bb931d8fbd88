//! Mounts of a mount namespace that a look-up could hang on, from `mountinfo` (`proc(5)`).
//!
//! Invariant: no file system is asked. What is not known to answer from this machine alone counts as remote.

use std::fs::File;
use std::io::Read as _;
use std::os::fd::AsFd as _;

use rustix::event::{PollFd, PollFlags, Timespec, poll};

/// The most that is read of a table; one that is longer counts as all remote.
const MAX_TABLE_BYTES: u64 = 4 << 20;

/// Types of file systems that no other machine and no other process serves.
const LOCAL: &[&str] = &[
    "bcachefs",
    "bdev",
    "binfmt_misc",
    "bpf",
    "btrfs",
    "cgroup",
    "cgroup2",
    "configfs",
    "cramfs",
    "debugfs",
    "devpts",
    "devtmpfs",
    "efivarfs",
    "erofs",
    "exfat",
    "ext2",
    "ext3",
    "ext4",
    "f2fs",
    "fusectl",
    "hfsplus",
    "hugetlbfs",
    "iso9660",
    "jfs",
    "mqueue",
    "nilfs2",
    "nsfs",
    "ntfs3",
    "overlay",
    "proc",
    "pstore",
    "ramfs",
    "reiserfs",
    "rootfs",
    "securityfs",
    "selinuxfs",
    "squashfs",
    "sysfs",
    "tmpfs",
    "tracefs",
    "ubifs",
    "udf",
    "vfat",
    "xfs",
    "zfs",
];

/// A table of mounts.
#[derive(Default)]
pub(crate) struct Mounts {
    /// Readable with `POLLPRI` once the table has changed.
    file: Option<File>,
    points: Vec<Point>,
    /// Ids of the local ones.
    local: Vec<u64>,
    has_remote: bool,
}

struct Point {
    path: Vec<u8>,
    is_remote: bool,
}

impl Mounts {
    /// Opens the table of the mount namespace of a process.
    pub(crate) fn of(pid: u32) -> Option<Self> {
        let file = File::open(format!("/proc/{pid}/mountinfo")).ok()?;
        let mut mounts = Self {
            file: Some(file),
            ..Self::default()
        };
        mounts.read()?;
        Some(mounts)
    }

    /// Reads the table again where it has changed.
    pub(crate) fn refresh(&mut self) {
        let now = Timespec { tv_sec: 0, tv_nsec: 0 };
        let changed = self.file.as_ref().is_none_or(|file| {
            let mut polled = [PollFd::from_borrowed_fd(file.as_fd(), PollFlags::PRI)];
            poll(&mut polled, Some(&now)).is_ok_and(|ready| ready > 0)
        });
        if changed && self.read().is_none() {
            // Nothing is known: every path counts as remote.
            self.parse(b"0 0 0:0 / / - unknown x x\n");
        }
    }

    fn read(&mut self) -> Option<()> {
        use std::io::Seek as _;
        let file = self.file.as_mut()?;
        file.rewind().ok()?;
        let mut text = Vec::new();
        file.take(MAX_TABLE_BYTES).read_to_end(&mut text).ok()?;
        if text.len() as u64 == MAX_TABLE_BYTES {
            return None;
        }
        self.parse(&text);
        Some(())
    }

    fn parse(&mut self, text: &[u8]) {
        self.points.clear();
        self.local.clear();
        self.has_remote = false;
        for line in text.split(|byte| *byte == b'\n') {
            let Some((id, path, kind)) = parse_line(line) else {
                continue;
            };
            let is_remote = !LOCAL.iter().any(|local| local.as_bytes() == kind);
            if is_remote {
                self.has_remote = true;
            } else {
                self.local.push(id);
            }
            self.points.push(Point { path, is_remote });
        }
    }

    pub(crate) fn has_remote(&self) -> bool {
        self.has_remote
    }

    /// Returns whether a mount is remote; one that is not in the table counts as such.
    pub(crate) fn is_remote(&self, mount: u64) -> bool {
        !self.local.contains(&mount)
    }

    /// Adds the local mounts of another table: that of a process with a root directory of its own lacks those above it.
    pub(crate) fn add_local(&mut self, other: &Self) {
        self.local.extend_from_slice(&other.local);
    }

    /// The mount point above an absolute path by its text, and whether it is remote.
    pub(crate) fn above(&self, path: &[u8]) -> Option<(&[u8], bool)> {
        // Of two mounts on one point the later one hides the earlier.
        let over = self.points.iter().filter(|point| is_below(path, &point.path));
        let nearest = over.max_by_key(|point| point.path.len())?;
        Some((&nearest.path, nearest.is_remote))
    }
}

/// Returns whether a path is this directory or below it, by its text.
pub(crate) fn is_below(path: &[u8], directory: &[u8]) -> bool {
    let directory = directory.strip_suffix(b"/").unwrap_or(directory);
    path.strip_prefix(directory)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(b"/"))
}

/// The mount's id, its point and its type.
fn parse_line(line: &[u8]) -> Option<(u64, Vec<u8>, &[u8])> {
    let mut fields = line.split(|byte| *byte == b' ');
    let id = std::str::from_utf8(fields.next()?).ok()?.parse().ok()?;
    let path = unescape(fields.nth(3)?);
    let kind = fields.skip_while(|field| *field != b"-").nth(1)?;
    Some((id, path, kind))
}

/// Reverses the kernel's `\NNN` in octal.
fn unescape(text: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((byte, after)) = rest.split_first() {
        let octal = after.get(..3).filter(|_| *byte == b'\\');
        let value = octal.and_then(|digits| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 8).ok());
        bytes.push(value.unwrap_or(*byte));
        rest = if value.is_some() { &after[3..] } else { after };
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &[u8] = b"22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n\
        23 22 0:5 / /proc rw - proc proc rw\n\
        40 22 0:40 / /home/u/my\\040share rw shared:2 master:1 - nfs4 server:/x rw\n\
        41 22 0:41 / /mnt rw - fuse.sshfs a:/ rw\nnonsense\n";

    #[test]
    fn remote_mounts_are_told_from_local_ones() {
        let mut mounts = Mounts::default();
        mounts.parse(TABLE);
        assert!(mounts.has_remote() && mounts.is_remote(40) && mounts.is_remote(41) && !mounts.is_remote(22));
        assert_eq!(mounts.above(b"/etc/hosts"), Some((&b"/"[..], false)));
        assert_eq!(mounts.above(b"/mnt/x"), Some((&b"/mnt"[..], true)));
        assert_eq!(mounts.above(b"/mntx"), Some((&b"/"[..], false)));
        assert_eq!(
            mounts.above(b"/home/u/my share"),
            Some((&b"/home/u/my share"[..], true))
        );
    }

    #[test]
    fn our_own_table_is_read() {
        let mut mounts = Mounts::of(std::process::id()).unwrap();
        assert_eq!(mounts.above(b"/proc/self"), Some((&b"/proc"[..], false)));
        mounts.refresh();
        assert!(mounts.above(b"/").is_some());
    }
}
