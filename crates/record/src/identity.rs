//! Identity of a file's content, as far as its metadata and two samples show: another size, time or file is another content.
//!
//! A file that only grew has the content that it had, and more behind it: the same file, longer, whose first and last bytes of
//! then are as they were. That the bytes between them are unchanged is not looked at.

use std::fs::{File, Metadata};
use std::hash::{DefaultHasher, Hasher as _};
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::time::SystemTime;

/// Bytes of a sample. A header has the time of its record, and an event its own, so that no two records are alike in them.
const SAMPLE_BYTES: u64 = 4 * 1024;

/// Identity of a file at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct FileIdentity {
    bytes: u64,
    modified: Option<SystemTime>,
    /// Device and inode, where a system has them.
    file: Option<(u64, u64)>,
    /// Hash of the first and of the last bytes.
    samples: u64,
}

impl FileIdentity {
    /// Takes the identity of an open file, and leaves its cursor at the beginning.
    ///
    /// # Errors
    /// The file cannot be read.
    pub(crate) fn of(file: &mut File) -> io::Result<Self> {
        let metadata = file.metadata()?;
        let bytes = metadata.len();
        Ok(Self {
            bytes,
            modified: metadata.modified().ok(),
            file: number(&metadata),
            samples: samples(file, bytes)?,
        })
    }

    /// Returns the size.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Returns whether an open file has the content still, with or without more behind it. Its cursor is left at the beginning.
    ///
    /// # Errors
    /// The file cannot be read.
    pub(crate) fn is_of(&self, file: &mut File) -> io::Result<bool> {
        let metadata = file.metadata()?;
        let is_same = self.file == number(&metadata);
        if metadata.len() > self.bytes {
            return Ok(is_same && samples(file, self.bytes)? == self.samples);
        }
        Ok(is_same && metadata.len() == self.bytes && metadata.modified().ok() == self.modified)
    }
}

/// Hashes the first and the last bytes of so many of a file. One that has become shorter meanwhile has another hash.
fn samples(file: &mut File, bytes: u64) -> io::Result<u64> {
    let mut hasher = DefaultHasher::new();
    let mut sample = Vec::new();
    for start in [0, bytes.saturating_sub(SAMPLE_BYTES)] {
        sample.clear();
        file.seek(SeekFrom::Start(start))?;
        let length = SAMPLE_BYTES.min(bytes - start);
        file.by_ref().take(length).read_to_end(&mut sample)?;
        hasher.write_usize(sample.len());
        hasher.write(&sample);
    }
    file.seek(SeekFrom::Start(0))?;
    Ok(hasher.finish())
}

#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "elsewhere it may not be known")]
fn number(metadata: &Metadata) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt as _;
    Some((metadata.dev(), metadata.ino()))
}

/// Returns nothing: the time at which a file was made is that of its last change on some file systems.
#[cfg(not(unix))]
fn number(_metadata: &Metadata) -> Option<(u64, u64)> {
    None
}
