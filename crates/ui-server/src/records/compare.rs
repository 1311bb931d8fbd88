//! Comparison of two sessions of the store: of a record by its file, of any other one by what is kept of it.

use std::fs::File;
use std::io::{self, Cursor, Read};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use mirrord_record::compare::compare;
use mirrord_record::{RecordError, RecordReader};
use mirrord_wire::api::Comparison;
use tokio_util::sync::CancellationToken;

use super::file::RecordFile;
use super::kept;
use crate::limits;
use crate::store::{Key, Store};

/// One of two sessions that are compared.
#[derive(Debug)]
pub(crate) struct Side {
    /// Id by which it was asked for.
    pub(crate) id: String,
    pub(crate) key: Key,
}

/// Reason why two sessions were not compared.
#[derive(Debug)]
pub(crate) enum NotCompared {
    /// The session went meanwhile, or has not answered yet.
    Missing,
    /// It took too long, or the server ends.
    TooLong,
    /// The record cannot be read.
    Unreadable(String),
}

/// Compares two sessions. Blocks for at most [`limits::COMPARISON_TIMEOUT`].
///
/// # Errors
/// A session is no more, its record cannot be read, or it takes too long.
pub(crate) fn sessions(
    store: &Store,
    sides: [Side; 2],
    shutdown: &CancellationToken,
) -> Result<Comparison, NotCompared> {
    let pace = Pace {
        deadline: Instant::now() + limits::COMPARISON_TIMEOUT,
        shutdown: shutdown.clone(),
    };
    let [mut a, mut b] = [reader(store, &sides[0], &pace)?, reader(store, &sides[1], &pace)?];
    let [first, second] = sides;
    let mut comparison = compare(&mut a, &mut b).map_err(|error| pace.not_compared(&error))?;
    // A record's session may have been given another id here.
    (comparison.a.session_id, comparison.b.session_id) = (first.id, second.id);
    Ok(comparison)
}

fn reader(store: &Store, side: &Side, pace: &Pace) -> Result<RecordReader, NotCompared> {
    let file = store
        .lock()
        .get(side.key)
        .and_then(|session| session.record_file.clone());
    if let Some(file) = file {
        return open(&file, pace).map_err(|error| pace.not_compared(&error));
    }
    // Values are compared, and in no answer.
    let kept = kept::record(store, side.key, true).map_err(|error| pace.not_compared(&error))?;
    let kept = kept.ok_or(NotCompared::Missing)?;
    let input = pace.of(Cursor::new(kept));
    RecordReader::of(input, Path::new(&side.id)).map_err(|error| pace.not_compared(&error))
}

/// Opens the file of a record; errors name it as it is shown.
fn open(record: &Arc<RecordFile>, pace: &Pace) -> Result<RecordReader, RecordError> {
    let shown = Path::new(record.name());
    match File::open(record.path()) {
        Ok(file) => RecordReader::of(pace.of(file), shown),
        Err(source) => Err(RecordError::Open {
            path: shown.to_owned(),
            source,
        }),
    }
}

/// Bound of the time that is spent reading.
#[derive(Debug, Clone)]
struct Pace {
    deadline: Instant,
    shutdown: CancellationToken,
}

impl Pace {
    fn is_over(&self) -> bool {
        self.shutdown.is_cancelled() || Instant::now() > self.deadline
    }

    fn not_compared(&self, error: &RecordError) -> NotCompared {
        match self.is_over() {
            true => NotCompared::TooLong,
            false => NotCompared::Unreadable(error.to_string()),
        }
    }

    fn of<R: Read>(&self, input: R) -> Paced<R> {
        let pace = self.clone();
        Paced { input, pace }
    }
}

/// Input that ends with an error once its time is over.
struct Paced<R> {
    input: R,
    pace: Pace,
}

impl<R: Read> Read for Paced<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.pace.is_over() {
            return Err(io::ErrorKind::TimedOut.into());
        }
        self.input.read(buffer)
    }
}
