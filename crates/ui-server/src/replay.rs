//! Replay of records: each becomes a session of the store that has ended, with the events that its ring holds.
//!
//! A record is read once, line by line, whatever its size: what the ring has no room for is read from the file again where it is
//! asked for (`scrub`). A record takes a name that no session has, and gives it up to a session that comes later.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use mirrord_record::{EndReason, RecordError, RecordReader};
use mirrord_wire::{SessionEnd, SessionId};
use tokio_util::sync::CancellationToken;

use crate::clock;
use crate::records::file::RecordFile;
use crate::scrub::{self, RecordSource};
use crate::store::{Introduction, Store};

/// Name of a session whose record has none that may be one.
const UNNAMED: &str = "record";

/// Record that was opened.
pub(crate) struct Replay {
    file: Arc<RecordFile>,
    reader: RecordReader,
}

impl std::fmt::Debug for Replay {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Replay")
            .field("file", &self.file)
            .finish_non_exhaustive()
    }
}

impl Replay {
    /// Opens a record and reads its header.
    ///
    /// # Errors
    /// The path is no file, no record, or one of a later format.
    pub(crate) fn open(file: Arc<RecordFile>) -> Result<Self, RecordError> {
        // Errors of one that was sent have the name that a person knows.
        let shown = if file.is_temporary() {
            Path::new(file.name())
        } else {
            file.path()
        };
        let reader = RecordReader::open_as(file.path(), shown)?;
        Ok(Self { file, reader })
    }

    /// Reads the record into the store; `registered` is given the id of its session as soon as it has one. Blocks.
    pub(crate) fn load(
        mut self,
        store: &Arc<Store>,
        shutdown: &CancellationToken,
        registered: impl FnOnce(&SessionId),
    ) {
        let mut info = self.reader.header().session.clone();
        let id = SessionId::new(info.session_id.as_str()).or_else(|_| SessionId::new(UNNAMED));
        let Ok(id) = id else { return };
        // A session that has yet to end has none.
        let exit = info.exit.take();
        let introduction = Introduction {
            info,
            ..Introduction::default()
        };
        let record = Arc::new(RecordSource::new(&self.reader, self.file.name()));
        let id = store.replay(&id, introduction, &record, Arc::clone(&self.file));
        registered(&id);
        let Some(loaded) = scrub::load::load(&mut self.reader, &record, store, shutdown) else {
            return;
        };
        let latest_ts = match loaded.latest_ts {
            0 => clock::now_micros(),
            latest => latest,
        };
        let end = self.reader.end();
        let exit = end.and_then(|end| end.exit.clone()).or(exit);
        let how = match end {
            Some(_) => SessionEnd::Closed,
            None => SessionEnd::Broken,
        };
        store.end_replay(record.key(), how, latest_ts, exit, self.notes(loaded.failure));
    }

    /// Returns what a reader of the session has to know of its record. The name of the file, and not its path: a device reads it.
    fn notes(&self, failure: Option<RecordError>) -> Vec<String> {
        let file = self.file.name();
        let header = self.reader.header();
        let mut notes = vec![format!(
            "replayed from the record {file} of {}",
            moment(&header.recorded_at)
        )];
        notes.extend(self.reader.notes_about("the record"));
        match failure {
            Some(RecordError::Corrupt { line, .. }) => notes.push(format!("the record is damaged from line {line} on")),
            Some(_) => notes.push("the record could not be read to its end".to_owned()),
            None => {}
        }
        if self.reader.end().is_some_and(|end| end.reason == EndReason::Stopped) {
            notes.push("the recording was ended, and the session went on".to_owned());
        }
        if !header.values {
            notes.push("the record has no values of environment variables".to_owned());
        }
        notes
    }
}

/// Time of a header, as far as it is one.
fn moment(recorded_at: &str) -> &str {
    let is_time = humantime::parse_rfc3339_weak(recorded_at).is_ok();
    if is_time { recorded_at } else { "an unknown time" }
}

/// Records of a server, opened before it serves.
pub(crate) fn open_all(paths: &[PathBuf]) -> Result<Vec<Replay>, RecordError> {
    let open = |path: &PathBuf| Replay::open(Arc::new(RecordFile::new(path)));
    paths.iter().map(open).collect()
}

/// Reads records into the store, one after the other. Blocks.
pub(crate) fn load_all(replays: Vec<Replay>, store: &Arc<Store>, shutdown: &CancellationToken) {
    for replay in replays {
        tracing::info!(record = %replay.file.path().display(), "replayed");
        replay.load(store, shutdown, |_| {});
    }
}
