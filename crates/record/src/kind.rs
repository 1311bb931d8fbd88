//! Kinds of entries: a record is written to a file, or to a device, and read from a file.

use std::path::Path;

use crate::error::RecordError;

/// Flag by which opening a pipe does not wait for its other end.
#[cfg(unix)]
pub(crate) fn nonblocking() -> i32 {
    rustix::fs::OFlags::NONBLOCK.bits().cast_signed()
}

/// Use of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Use {
    Read,
    Write,
}

/// Refuses what is no file. A character device, such as `/dev/null`, may be written to.
pub(crate) fn check_kind(path: &Path, metadata: &std::fs::Metadata, wanted: Use) -> Result<(), RecordError> {
    let kind = metadata.file_type();
    let kind = match kind_name(kind) {
        None => return Ok(()),
        Some("a device") if wanted == Use::Write => return Ok(()),
        Some(kind) => kind,
    };
    let path = path.to_owned();
    Err(RecordError::NotAFile { path, kind })
}

/// Returns the kind of an entry that is no regular file.
fn kind_name(kind: std::fs::FileType) -> Option<&'static str> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt as _;
        if kind.is_fifo() {
            return Some("a pipe");
        }
        if kind.is_socket() {
            return Some("a socket");
        }
        if kind.is_char_device() {
            return Some("a device");
        }
        if kind.is_block_device() {
            return Some("a disk");
        }
    }
    if kind.is_dir() {
        return Some("a directory");
    }
    None
}
