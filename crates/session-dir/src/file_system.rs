//! Classification of file systems: those of one kernel alone, and those that another kernel may have mounted as well.

use std::path::Path;

/// Kind of file system that a sessions directory is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileSystem {
    /// Mounted by one kernel at a time: a refused connection means that the socket is dead.
    Local,
    /// Possibly mounted by another kernel, or mounted twice by this one (FUSE): a refused connection means nothing.
    Shared,
}

impl FileSystem {
    /// Kind of the file system that holds `path`; [`FileSystem::Shared`] where its type is unknown or cannot be read.
    #[must_use]
    pub fn of(path: &Path) -> Self {
        match rustix::fs::statfs(path) {
            Ok(found) if is_local(&found) => Self::Local,
            _ => Self::Shared,
        }
    }
}

/// Types of `statfs(2)` (`linux/magic.h`) of file systems that one kernel has alone.
#[cfg(any(target_os = "linux", target_os = "android"))]
const LOCAL_TYPES: [u32; 14] = [
    0x0000_ef53, // ext2, ext3, ext4
    0x5846_5342, // xfs
    0x9123_683e, // btrfs
    0x2fc1_2fc1, // zfs
    0x0102_1994, // tmpfs
    0x8584_58f6, // ramfs
    0x794c_7630, // overlayfs
    0xf2f5_2010, // f2fs
    0xca45_1a4e, // bcachefs
    0x5265_4973, // reiserfs
    0x3153_464a, // jfs
    0x0000_3434, // nilfs2
    0x2405_1905, // ubifs
    0x0000_482b, // hfsplus
];

#[cfg(any(target_os = "linux", target_os = "android"))]
#[expect(
    clippy::cast_possible_truncation,
    reason = "a type has 32 bits, in whatever integer the platform keeps it"
)]
fn is_local(found: &rustix::fs::StatFs) -> bool {
    LOCAL_TYPES.contains(&(found.f_type as u32))
}

#[cfg(target_vendor = "apple")]
fn is_local(found: &rustix::fs::StatFs) -> bool {
    let name = found.f_fstypename.iter().take_while(|byte| **byte != 0);
    let name: Vec<u8> = name.map(|byte| byte.cast_unsigned()).collect();
    [&b"apfs"[..], b"hfs", b"ufs", b"zfs", b"tmpfs"].contains(&name.as_slice())
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
fn is_local(_found: &rustix::fs::StatFs) -> bool {
    false
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_known_to_be_local_counts_as_shared() {
        assert_eq!(FileSystem::of(Path::new("/dev/shm")), FileSystem::Local);
        assert_eq!(FileSystem::of(Path::new("/proc")), FileSystem::Shared);
        assert_eq!(FileSystem::of(Path::new("/dev/shm/not/there")), FileSystem::Shared);
    }
}
