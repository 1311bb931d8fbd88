//! Record of a session of the store that is written as the session goes: one more reader of its events.
//!
//! Twice a second what came is written and flushed, off the runtime's threads, so that a kill loses at most a second. A disk
//! that is slower than the session costs the record events, which are counted in it, and the session nothing.

use std::io::{self, Write};
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use mirrord_record::{EndReason, RecordError, RecordHeader, RecordWriter, SessionRecorder, line_without_values};
use mirrord_wire::{Counters, Exit, SessionInfo};
use tokio::task::spawn_blocking;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::clock;
use crate::store::recording::{RecordLine, RecordPart};
use crate::store::ring::Place;
use crate::store::{Key, Store};

/// Time between two looks at what came.
const READ_INTERVAL: Duration = Duration::from_millis(500);
/// Parts that are written before the file is flushed.
const MAX_PARTS: usize = 64;

/// Destination of a record's bytes.
type Destination = Box<dyn Write + Send>;

/// Size of a record so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Progress {
    pub(crate) events: u64,
    pub(crate) missed: u64,
    pub(crate) bytes: u64,
}

/// Record that has its header.
pub(crate) struct SessionRecord {
    recorder: SessionRecorder<Counted>,
    bytes: Arc<AtomicU64>,
    with_values: bool,
}

/// End of a record.
#[derive(Debug)]
pub(crate) struct Recorded {
    pub(crate) progress: Progress,
    pub(crate) end: End,
}

/// Reason for the end of a record.
#[derive(Debug)]
pub(crate) enum End {
    /// The session ended.
    Session { ended_ts: u64, exit: Option<Exit> },
    /// The recording was ended.
    Stopped,
    /// The session was dismissed before it was read to its end: the record is a cut one.
    Cut,
    /// The file could not be written.
    Failed(String),
}

/// Returns the first line of a session's record.
pub(crate) fn header(mut info: SessionInfo, with_values: bool) -> RecordHeader {
    if !with_values {
        info.remove_values();
    }
    let mut header = RecordHeader::new(info);
    header.writer = concat!("mirrord ", env!("CARGO_PKG_VERSION")).to_owned();
    header.recorded_at = clock::rfc3339(clock::now_micros());
    header.values = with_values;
    header
}

impl SessionRecord {
    /// Writes the header; `path` is for errors.
    ///
    /// # Errors
    /// It cannot be written.
    pub(crate) fn new(
        out: Destination,
        is_compressed: bool,
        path: PathBuf,
        header: &RecordHeader,
    ) -> Result<Self, RecordError> {
        let bytes = Arc::default();
        let out = Counted {
            out,
            bytes: Arc::clone(&bytes),
        };
        Ok(Self {
            recorder: SessionRecorder::new(RecordWriter::new(out, is_compressed, path, header)?),
            bytes,
            with_values: header.values,
        })
    }

    /// Returns what was written.
    pub(crate) fn progress(&self) -> Progress {
        Progress {
            events: self.recorder.events(),
            missed: self.recorder.missed(),
            bytes: self.bytes.load(Ordering::Relaxed),
        }
    }

    /// Returns the place in the session up to which it has everything, or knows what is missing.
    pub(crate) fn place(&self) -> Place {
        Place {
            seq: self.recorder.position(),
            suppressed: 0,
        }
    }

    /// Writes a line of the session.
    ///
    /// # Errors
    /// The file cannot be written to.
    pub(crate) fn write(&mut self, line: &RecordLine) -> Result<(), RecordError> {
        match line {
            RecordLine::Event(seq, text) if self.with_values => self.recorder.event(*seq, text),
            RecordLine::Event(seq, text) => match line_without_values(text) {
                Some(text) => self.recorder.event(*seq, &text),
                None => {
                    self.recorder.unreadable(1);
                    Ok(())
                }
            },
            RecordLine::Gap { to, suppressed } => self.gap(*to, *suppressed),
        }
    }

    /// A line of a record speaks of suppressed events or of lost ones, never of both.
    fn gap(&mut self, to: u64, suppressed: u64) -> Result<(), RecordError> {
        if suppressed > 0 {
            let counters = Counters {
                total: suppressed,
                ..Counters::default()
            };
            let up_to = (self.recorder.position() + suppressed).min(to);
            self.recorder.gap(up_to, Some(counters))?;
        }
        self.recorder.gap(to, None)
    }

    /// Hands everything to the file.
    ///
    /// # Errors
    /// The file cannot be written to.
    pub(crate) fn flush(&mut self) -> Result<(), RecordError> {
        self.recorder.flush()
    }

    /// Writes the closing line and returns the size.
    ///
    /// # Errors
    /// The file cannot be written to.
    pub(crate) fn finish(self, end: &End) -> Result<Progress, RecordError> {
        let (reason, ended_ts, exit) = match end {
            End::Session { ended_ts, exit } => (EndReason::Ended, *ended_ts, exit.clone()),
            _ => (EndReason::Stopped, clock::now_micros(), None),
        };
        let Progress { events, missed, .. } = self.progress();
        let bytes = self.bytes;
        self.recorder.finish(reason, clock::rfc3339(ended_ts), exit)?;
        let bytes = bytes.load(Ordering::Relaxed);
        Ok(Progress { events, missed, bytes })
    }
}

/// Writes a session to its record until it ends, the token is cancelled or the report breaks.
pub(crate) async fn record(
    store: &Store,
    key: Key,
    record: SessionRecord,
    stop: &CancellationToken,
    mut report: impl FnMut(Progress) -> ControlFlow<()>,
) -> Recorded {
    let mut changes = store.subscribe();
    let mut reading = Reading {
        place: record.place(),
        progress: record.progress(),
        record: Some(record),
    };
    loop {
        // Looked at before what is there is read: all that came before it is in the record.
        let mut is_stopped = stop.is_cancelled();
        changes.mark_unchanged();
        let end = match reading.advance(store, key).await {
            Err(reason) => return reading.failed(reason),
            Ok(Some(end)) => Some(end),
            Ok(None) => {
                is_stopped |= report(reading.progress).is_break();
                is_stopped.then_some(End::Stopped)
            }
        };
        if let Some(end) = end {
            return reading.finish(end).await;
        }
        tokio::select! {
            () = stop.cancelled() => continue,
            () = sleep(READ_INTERVAL) => {}
        }
        tokio::select! {
            () = stop.cancelled() => {}
            changed = changes.changed() => if changed.is_err() {
                return reading.finish(End::Cut).await;
            },
        }
    }
}

/// State of a record that is being written.
struct Reading {
    /// `None` while it is being written to, and after a failure.
    record: Option<SessionRecord>,
    place: Place,
    progress: Progress,
}

impl Reading {
    /// Writes what came, and flushes it; returns the end where the session is over.
    async fn advance(&mut self, store: &Store, key: Key) -> Result<Option<End>, String> {
        for _ in 0..MAX_PARTS {
            let Some(part) = store.record_part(key, self.place) else {
                return Ok(Some(End::Cut));
            };
            let RecordPart {
                items,
                place,
                has_more,
                ended_ts,
                exit,
            } = part;
            self.place = place;
            if !items.is_empty() {
                self.write(items, !has_more).await?;
            }
            if !has_more {
                return Ok(ended_ts.map(|ended_ts| End::Session { ended_ts, exit }));
            }
        }
        self.write(Vec::new(), true).await?;
        Ok(None)
    }

    async fn write(&mut self, items: Vec<RecordLine>, is_last: bool) -> Result<(), String> {
        let Some(mut record) = self.record.take() else {
            return Err("an earlier write failed".to_owned());
        };
        let written = spawn_blocking(move || {
            items.iter().try_for_each(|line| record.write(line))?;
            if is_last {
                record.flush()?;
            }
            Ok::<_, RecordError>(record)
        });
        let record = written
            .await
            .map_err(|error| error.to_string())?
            .map_err(|error| error.to_string())?;
        self.progress = record.progress();
        self.record = Some(record);
        Ok(())
    }

    async fn finish(mut self, end: End) -> Recorded {
        let Some(record) = self.record.take().filter(|_| !matches!(end, End::Cut)) else {
            let progress = self.progress;
            return Recorded { progress, end };
        };
        let finished = spawn_blocking(move || {
            let finished = record.finish(&end).map_err(|error| error.to_string());
            (finished, end)
        });
        match finished.await {
            Ok((Ok(progress), end)) => Recorded { progress, end },
            Ok((Err(reason), _)) => self.failed(reason),
            Err(error) => self.failed(error.to_string()),
        }
    }

    fn failed(self, reason: String) -> Recorded {
        Recorded {
            progress: self.progress,
            end: End::Failed(reason),
        }
    }
}

/// Destination that counts the bytes it took.
struct Counted {
    out: Destination,
    bytes: Arc<AtomicU64>,
}

impl Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.bytes
            .fetch_add(u64::try_from(written).unwrap_or(u64::MAX), Ordering::Relaxed);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests;
