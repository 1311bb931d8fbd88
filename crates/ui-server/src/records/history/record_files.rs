//! Files of the history: a record, and beside it an entry with what a list shows of it. Everything here blocks.

use std::time::SystemTime;

use mirrord_private_files::{FolderFile, PrivateFolder};
use mirrord_record::{RecordError, RecordHeader, RecordItem, RecordReader};
use mirrord_wire::api::HistoryRecord;
use mirrord_wire::{MonitorEvent, SessionInfo};
use tokio_util::sync::CancellationToken;

use super::super::names;
use super::super::session_record::{SessionRecord, header};
use crate::clock;
use crate::store::recording::RecordLine;

/// End of the name of an entry, behind that of its record.
const ENTRY: &str = ".json";
/// Bytes of an entry, several times what it has.
const MAX_ENTRY_BYTES: usize = 64 * 1024;
/// Characters of a text in an entry.
const MAX_TEXT_CHARS: usize = 512;
/// Lines that are copied between two flushes.
const FLUSH_LINES: u64 = 10_000;

/// Record that has begun.
pub(super) struct Begun {
    pub(super) record: SessionRecord,
    pub(super) kept: HistoryRecord,
    /// File of the earlier record that it continues, which is gone.
    pub(super) replaces: Option<String>,
}

/// Makes the record of a session, with what an earlier record of it has; `first` is its description for the header.
///
/// # Errors
/// The file cannot be made or written to.
pub(super) fn begin(
    folder: &PrivateFolder,
    info: &SessionInfo,
    first: SessionInfo,
    earlier: Option<String>,
    stop: &CancellationToken,
) -> Result<Begun, String> {
    let begun = humantime::parse_rfc3339_weak(&info.started_at).unwrap_or_else(|_| SystemTime::now());
    let base = names::of_session(&info.session_id, begun);
    let (file, name) = names::create(folder, &base).map_err(|error| error.to_string())?;
    let mut kept = HistoryRecord {
        file: name.clone(),
        session_id: shortened(&info.session_id),
        started_at: shortened(&info.started_at),
        ..HistoryRecord::default()
    };
    describe(&mut kept, info);
    let mut reader = earlier
        .as_ref()
        .and_then(|file| RecordReader::open(&folder.path(file)).ok());
    // The earlier header has the processes of the beginning.
    let earliest = reader.as_ref().map(|reader| reader.header().session.clone());
    let header: RecordHeader = header(earliest.unwrap_or(first), false);
    let begun = SessionRecord::new(Box::new(file), true, folder.path(&name), &header).and_then(|mut record| {
        if let Some(reader) = &mut reader {
            copy(reader, &mut record, stop)?;
        }
        Ok(record)
    });
    let record = begun.map_err(|error| {
        // Half a header is no record.
        folder.remove(&name).ok();
        error.to_string()
    })?;
    let replaces = earlier.filter(|_| reader.is_some());
    if let Some(earlier) = &replaces {
        remove(folder, earlier)?;
    }
    Ok(Begun { record, kept, replaces })
}

/// Copies what can be read of an earlier record.
fn copy(reader: &mut RecordReader, record: &mut SessionRecord, stop: &CancellationToken) -> Result<(), RecordError> {
    let mut lines = 0;
    loop {
        let position = reader.position();
        let line = match reader.next_item() {
            Ok(Some(RecordItem::Event(line, text))) => RecordLine::Event(line.seq, text.to_owned()),
            Ok(Some(RecordItem::Lagged { missed, suppressed })) => RecordLine::Gap {
                to: position.saturating_add(missed),
                suppressed: suppressed.map_or(0, |counters| counters.total),
            },
            Ok(None) => break,
            Err(error) => {
                tracing::warn!("history: {error}; what came before is continued");
                break;
            }
        };
        record.write(&line)?;
        lines += 1;
        if lines % FLUSH_LINES == 0 {
            record.flush()?;
            if stop.is_cancelled() {
                break;
            }
        }
    }
    record.flush()
}

/// Sets what an entry shows of a session's description.
pub(super) fn describe(kept: &mut HistoryRecord, info: &SessionInfo) {
    kept.name = shortened(info.name.as_deref().unwrap_or_default());
    kept.target = shortened(&info.target);
    if let Some(first) = info.processes.first().filter(|_| kept.command.is_empty()) {
        kept.command = command(&first.process_name, &first.cmdline);
    }
}

fn command(name: &str, cmdline: &[String]) -> String {
    match cmdline.is_empty() {
        true => shortened(name),
        false => shortened(&cmdline.join(" ")),
    }
}

fn shortened(text: &str) -> String {
    text.chars().take(MAX_TEXT_CHARS).collect()
}

/// Writes the entry of a record.
///
/// # Errors
/// It cannot be written.
pub(super) fn write_entry(folder: &PrivateFolder, kept: &HistoryRecord) -> Result<(), String> {
    let text = serde_json::to_vec(kept).map_err(|error| error.to_string())?;
    let name = [&kept.file, ENTRY].concat();
    folder.replace_unsynced(&name, &text).map_err(|error| error.to_string())
}

/// Removes a record and its entry.
///
/// # Errors
/// The record cannot be removed.
pub(super) fn remove(folder: &PrivateFolder, file: &str) -> Result<(), String> {
    folder.remove(file).map_err(|error| error.to_string())?;
    folder
        .remove(&[file, ENTRY].concat())
        .map_err(|error| error.to_string())
}

/// Reads what is there. A record without an entry, which a killed server leaves, is read to its end, and gets one.
///
/// # Errors
/// The folder cannot be read.
pub(super) fn load(folder: &PrivateFolder) -> Result<Vec<HistoryRecord>, String> {
    let files = folder.files().map_err(|error| error.to_string())?;
    let mut records = Vec::new();
    for file in files.iter().filter(|file| file.name.ends_with(names::EXTENSION)) {
        let entry = folder
            .read(&[&file.name, ENTRY].concat(), MAX_ENTRY_BYTES)
            .ok()
            .flatten();
        let entry = entry.and_then(|text| serde_json::from_slice::<HistoryRecord>(&text).ok());
        let mut record = match entry {
            Some(entry) => entry,
            None => {
                let found = examine(folder, file);
                // It is examined again the next time.
                write_entry(folder, &found).ok();
                found
            }
        };
        (record.file, record.bytes) = (file.name.clone(), file.bytes);
        records.push(record);
    }
    Ok(records)
}

/// Reads a record for its entry. One that cannot be read has its time alone, so that it is listed, can be deleted and grows old.
fn examine(folder: &PrivateFolder, file: &FolderFile) -> HistoryRecord {
    let since_epoch = file
        .modified
        .and_then(|time| time.duration_since(SystemTime::UNIX_EPOCH).ok());
    let modified = since_epoch.map_or(0, |time| u64::try_from(time.as_micros()).unwrap_or(u64::MAX));
    let mut found = HistoryRecord {
        file: file.name.clone(),
        bytes: file.bytes,
        ended_at: clock::rfc3339(modified),
        ..HistoryRecord::default()
    };
    let Ok(mut reader) = RecordReader::open(&folder.path(&file.name)) else {
        return found;
    };
    let session = &reader.header().session;
    found.session_id = shortened(&session.session_id);
    found.started_at = shortened(&session.started_at);
    describe(&mut found, session);
    // A record that is damaged has what comes before.
    while let Ok(Some(item)) = reader.next_item() {
        match item {
            RecordItem::Event(line, _) => {
                if let MonitorEvent::LayerConnected {
                    process_name, cmdline, ..
                } = line.event()
                    && found.command.is_empty()
                {
                    found.command = command(process_name.as_deref().unwrap_or_default(), cmdline);
                }
            }
            RecordItem::Lagged { missed, .. } => found.missed = found.missed.saturating_add(missed),
        }
    }
    found.events = reader.events();
    if let Some(end) = reader.end() {
        found.exit.clone_from(&end.exit);
        if humantime::parse_rfc3339_weak(&end.ended_at).is_ok() {
            found.ended_at = shortened(&end.ended_at);
        }
    }
    found
}
