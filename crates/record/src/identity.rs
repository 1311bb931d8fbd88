//! Identity of a file's content, as far as its metadata shows: another size, time or file is another content.

use std::fs::Metadata;
use std::time::SystemTime;

/// Identity of a file at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct FileIdentity {
    bytes: u64,
    modified: Option<SystemTime>,
    /// Device and inode; on Windows the time at which it was made.
    file: Option<(u64, u64)>,
}

impl FileIdentity {
    pub(crate) fn of(metadata: &Metadata) -> Self {
        Self {
            bytes: metadata.len(),
            modified: metadata.modified().ok(),
            file: number(metadata),
        }
    }
}

#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "elsewhere it may not be known")]
fn number(metadata: &Metadata) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt as _;
    Some((metadata.dev(), metadata.ino()))
}

#[cfg(not(unix))]
fn number(metadata: &Metadata) -> Option<(u64, u64)> {
    let made = metadata.created().ok()?.duration_since(SystemTime::UNIX_EPOCH).ok()?;
    Some((made.as_secs(), u64::from(made.subsec_nanos())))
}
