//! Index of a record: places in its file at which a reader can begin, noted in the one pass that reads it.
//!
//! A place is noted every so many bytes of lines, and every other one is forgotten where they are too many: the index has a
//! bound, whatever the record's size, and a reader goes through at most the bytes between two places. In a compressed record it
//! begins at the frame of the place as well: frames of [`MAX_FRAME_BYTES`](crate::limits::MAX_FRAME_BYTES) are those of our own
//! writer, and a record that another program compressed may be one frame, of which everything before the place is decompressed.
//! A file that has changed since is not read; of one that only grew, what was there.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use mirrord_wire::record::RecordHeader;

use crate::error::RecordError;
use crate::identity::FileIdentity;
use crate::limits::{INDEX_STEP_BYTES, MAX_INDEX_MARKS};
use crate::line_source::Spot;
use crate::reader::{RecordReader, open_file};

/// State of a reader before a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Mark {
    pub(crate) spot: Spot,
    /// Lines before it.
    pub(crate) line: u64,
    /// Bytes of lines before it.
    pub(crate) bytes: u64,
    /// Number of the newest event before it.
    pub(crate) position: u64,
    /// Events before it.
    pub(crate) events: u64,
}

/// Places of one record.
#[derive(Debug, Clone)]
pub struct RecordIndex {
    /// Path of the file, and the path for errors.
    file: PathBuf,
    path: PathBuf,
    identity: FileIdentity,
    header: Arc<RecordHeader>,
    is_compressed: bool,
    marks: Vec<Mark>,
    /// Bytes of lines between two places.
    step: u64,
}

impl RecordIndex {
    /// Creates the index of the record that a reader has opened.
    #[must_use]
    pub fn new(reader: &RecordReader) -> Self {
        let ([file, path], identity, header, is_compressed) = reader.origin();
        Self {
            file,
            path,
            identity,
            header,
            is_compressed,
            marks: Vec::new(),
            step: INDEX_STEP_BYTES,
        }
    }

    /// Notes the item that the reader has returned last, where it is due.
    pub fn note(&mut self, reader: &RecordReader) {
        let mark = reader.mark();
        let last = self.marks.last();
        if last.is_some_and(|last| mark.bytes < last.bytes + self.step) {
            return;
        }
        self.marks.push(mark);
        if self.marks.len() > MAX_INDEX_MARKS {
            self.step *= 2;
            let mut number = 0_usize;
            self.marks.retain(|_| {
                number += 1;
                number % 2 == 1
            });
        }
    }

    /// Returns the path of the record, as errors have it.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Opens the record at the last place from which the events after a number can be read. Earlier items may come first.
    ///
    /// # Errors
    /// The file is gone, has changed, cannot be read, or the place was not reached before the deadline.
    pub fn reader_after(&self, seq: u64, deadline: Instant) -> Result<RecordReader, RecordError> {
        let count = self.marks.partition_point(|mark| mark.position <= seq);
        let mark = count.checked_sub(1).and_then(|last| self.marks.get(last));
        let file = self.open()?;
        let mark = match mark {
            Some(mark) => *mark,
            None => return RecordReader::open_as(&self.file, &self.path),
        };
        let header = Arc::clone(&self.header);
        RecordReader::resume(
            (&self.path, &self.file),
            (file, self.identity.clone()),
            header,
            self.is_compressed,
            mark,
            deadline,
        )
    }

    /// Returns the number after which a part of the record begins that ends before event `seq`, about so many bytes of lines
    /// long, but one place at least; `None` where no event comes before.
    #[must_use]
    pub fn part_before(&self, seq: u64, bytes: u64) -> Option<u64> {
        let places = usize::try_from(bytes / self.step).unwrap_or(usize::MAX);
        let count = self.marks.partition_point(|mark| mark.position.saturating_add(1) < seq);
        let first = count.checked_sub(1)?.saturating_sub(places.saturating_sub(1));
        self.marks.get(first).map(|mark| mark.position)
    }

    /// Checks that the file still has what was read. To be called behind reading, since a file can change meanwhile.
    ///
    /// # Errors
    /// The file is gone or has changed; that it only grew is no change.
    pub fn check(&self) -> Result<(), RecordError> {
        self.open().map(drop)
    }

    /// Opens the file, if it still has what was read.
    fn open(&self) -> Result<File, RecordError> {
        let mut file = open_file(&self.file, &self.path)?;
        match self.identity.is_of(&mut file) {
            Ok(true) => Ok(file),
            Ok(false) => Err(self.changed()),
            Err(source) => Err(RecordError::Read {
                path: self.path.clone(),
                source,
            }),
        }
    }

    fn changed(&self) -> RecordError {
        RecordError::Changed {
            path: self.path.clone(),
        }
    }
}
