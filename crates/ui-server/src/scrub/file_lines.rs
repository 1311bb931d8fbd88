//! Event lines of a record, read from its file a part at a time.

use std::sync::Arc;
use std::time::Instant;

use mirrord_record::{RecordError, RecordItem, RecordReader};

use super::source::Progress;
use crate::limits::{MAX_PULL_BYTES, MAX_RECORD_READ_TIME};

/// Reader of the lines of a record, from one event on.
pub(crate) struct FileLines {
    progress: Arc<Progress>,
    reader: RecordReader,
    /// Number of the newest event that was passed.
    after: u64,
}

impl std::fmt::Debug for FileLines {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut debug = formatter.debug_struct("FileLines");
        debug.field("after", &self.after).finish_non_exhaustive()
    }
}

impl FileLines {
    /// Opens a record for the events after a number. Blocks.
    ///
    /// # Errors
    /// The file is gone, has changed, or cannot be read in time.
    pub(crate) fn after(progress: Arc<Progress>, after: u64) -> Result<Self, RecordError> {
        let reader = progress
            .index
            .reader_after(after, Instant::now() + MAX_RECORD_READ_TIME)?;
        Ok(Self {
            progress,
            reader,
            after,
        })
    }

    /// Returns whether it goes on after a number.
    pub(crate) fn is_after(&self, after: u64) -> bool {
        self.after == after
    }

    /// Reads the next lines up to event `until`, at most [`MAX_PULL_BYTES`] and one; none where there are no more up to there,
    /// or none yet. Blocks.
    ///
    /// # Errors
    /// The file is gone, has changed, or cannot be read.
    pub(crate) fn next(&mut self, until: u64) -> Result<Vec<(u64, String)>, RecordError> {
        // Beyond the last event the reader may find what ended the pass.
        let until = until.min(self.progress.info.last_seq);
        let (mut lines, mut bytes) = (Vec::new(), 0);
        while self.reader.position() < until && bytes < MAX_PULL_BYTES {
            let Some(item) = self.reader.next_item()? else { break };
            let RecordItem::Event(line, text) = item else { continue };
            if line.seq > until {
                break;
            }
            if line.seq > self.after {
                bytes += text.len();
                self.after = line.seq;
                lines.push((line.seq, text.to_owned()));
            }
        }
        // What was read is of the file that was indexed only if it has not changed meanwhile.
        self.progress.index.check()?;
        Ok(lines)
    }
}
