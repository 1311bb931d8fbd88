//! Lines of one session's events, forwards and backwards: those that the store keeps, and those of a record in its file.
//!
//! Read a part at a time: from the store with its lock let go between the parts, from a file on a thread for blocking work, a few
//! parts at one time for all requests. A request that is dropped stops at its next part.

use std::sync::Arc;

use http::{HeaderValue, StatusCode, header};
use mirrord_record::RecordError;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::answer::{self, Response};
use super::call::Call;
use crate::limits;
use crate::scrub::{FileLines, RecordSource};
use crate::store::{Key, Lines, NextLines, PreviousLines};

/// Bytes of the first part that is read backwards in a file, and of the longest one: each is twice as long as the one before.
const FIRST_PART_BYTES: u64 = 64 * 1024;
const MAX_PART_BYTES: u64 = 1024 * 1024;

/// Turns of reading in the files of records.
static READS: Semaphore = Semaphore::const_new(limits::MAX_RECORD_READS);

/// Reader of one session's lines.
pub(super) struct EventLines<'a> {
    call: &'a Call,
    key: Key,
    file: Option<FileLines>,
    part_bytes: u64,
    /// Lines of a file were read.
    pub(super) has_read_file: bool,
}

/// Part of the lines, read backwards.
pub(super) struct Part {
    pub(super) lines: Lines,
    /// Number after which it begins: no line between this and its first one.
    pub(super) start: u64,
}

impl<'a> EventLines<'a> {
    pub(super) fn new(call: &'a Call, key: Key) -> Self {
        Self {
            call,
            key,
            file: None,
            part_bytes: FIRST_PART_BYTES,
            has_read_file: false,
        }
    }

    /// Reads the next lines after a number, up to event `until`; `None` where there are no more.
    ///
    /// # Errors
    /// The file of a record cannot be read any more, or not now.
    pub(super) async fn next(&mut self, mut after: u64, until: u64) -> Result<Option<Lines>, Box<Response>> {
        // A long answer must not keep the others waiting.
        tokio::task::yield_now().await;
        while after < until {
            match self
                .call
                .context
                .store
                .next_lines(self.key, after, self.call.audience())
            {
                NextLines::End => break,
                NextLines::Kept(mut lines) => {
                    lines.retain(|(seq, _)| *seq <= until);
                    return Ok(Some(lines).filter(|lines| !lines.is_empty()));
                }
                NextLines::InFile(record, last) => {
                    let last = last.min(until);
                    let lines = self.read_file(&record, after, last).await?;
                    if !lines.is_empty() {
                        return Ok(Some(lines));
                    }
                    after = last;
                }
            }
        }
        Ok(None)
    }

    /// Closes the file of a record; the next part opens it again.
    pub(super) fn close_file(&mut self) {
        self.file = None;
    }

    /// Reads the lines that come last before a number; `None` where there are none.
    ///
    /// # Errors
    /// The file of a record cannot be read any more, or not now.
    pub(super) async fn previous(&mut self, before: u64) -> Result<Option<Part>, Box<Response>> {
        tokio::task::yield_now().await;
        match self
            .call
            .context
            .store
            .previous_lines(self.key, before, self.call.audience())
        {
            PreviousLines::End => Ok(None),
            PreviousLines::Kept(lines) => Ok(lines
                .first()
                .map(|(first, _)| first - 1)
                .map(|start| Part { lines, start })),
            PreviousLines::InFile(record, before) => {
                let bytes = self.part_bytes;
                self.part_bytes = (2 * bytes).min(MAX_PART_BYTES);
                let progress = record.progress();
                let Some(start) = progress.index.part_before(before, bytes) else {
                    return Ok(None);
                };
                self.has_read_file = true;
                let read = move || {
                    let mut file = FileLines::after(progress, start)?;
                    let mut all = Vec::new();
                    loop {
                        let mut lines = file.next(before - 1)?;
                        if lines.is_empty() {
                            return Ok(all);
                        }
                        all.append(&mut lines);
                    }
                };
                let lines = read_record(self.call, &record, read).await?;
                Ok(Some(Part { lines, start }))
            }
        }
    }

    /// Reads the next lines of a record's file after a number, up to event `last`; none where there are no more up to there.
    async fn read_file(&mut self, record: &Arc<RecordSource>, after: u64, last: u64) -> Result<Lines, Box<Response>> {
        let file = self.file.take().filter(|file| file.is_after(after));
        let progress = record.progress();
        let read = move || {
            let mut file = match file {
                Some(file) => file,
                None => FileLines::after(progress, after)?,
            };
            let lines = file.next(last)?;
            Ok((file, lines))
        };
        let (file, lines) = read_record(self.call, record, read).await?;
        self.file = Some(file);
        self.has_read_file = true;
        Ok(lines)
    }
}

/// Reads in the file of a record on a thread for blocking work, when it is its turn. Where that fails, the session has a note.
///
/// # Errors
/// 409 where the file is gone or has changed, 503 where it cannot be read now.
pub(super) async fn read_record<T: Send + 'static>(
    call: &Call,
    record: &RecordSource,
    read: impl FnOnce() -> Result<T, RecordError> + Send + 'static,
) -> Result<T, Box<Response>> {
    let Ok(Ok(turn)) = timeout(limits::SEARCH_QUEUE_TIMEOUT, READS.acquire()).await else {
        return Err(busy("other records are being read; try again"));
    };
    let read = tokio::task::spawn_blocking(move || {
        let _turn = turn;
        read()
    });
    match read.await {
        Ok(Ok(read)) => Ok(read),
        Ok(Err(RecordError::Read { source, .. })) if source.kind() == std::io::ErrorKind::TimedOut => Err(busy(
            "it takes too long to get to this event of the record: its file is compressed in one piece; write it anew with \
             `zstd -d`, and open that",
        )),
        Ok(Err(error)) => {
            tracing::warn!("{error}");
            call.context.store.record_failed(record);
            let reason = "the record's file is gone or has changed since it was read; what the server keeps of it can be \
                          read, from `oldest_seq` on; open the record again for the rest";
            Err(Box::new(answer::error(StatusCode::CONFLICT, reason)))
        }
        Err(_) => Err(Box::new(answer::error(
            StatusCode::INTERNAL_SERVER_ERROR,
            "the record could not be read",
        ))),
    }
}

/// 503, with the time after which to ask again.
pub(super) fn busy(reason: &str) -> Box<Response> {
    let mut busy = answer::error(StatusCode::SERVICE_UNAVAILABLE, reason);
    busy.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(1));
    Box::new(busy)
}
