//! The one pass that reads a record: into the store, its index, its timeline and its checkpoints.
//!
//! A part is parsed while the one before it is counted, on a thread of its own: both take about as long.

use std::mem;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use mirrord_record::{RecordError, RecordItem, RecordReader};
use mirrord_session_client::{EventBatch, is_plausible};
use tokio_util::sync::CancellationToken;

use super::{Progress, RecordSource};
use crate::store::Store;

/// Bytes of lines that are appended to the store at a time.
const PART_BYTES: usize = 256 * 1024;
/// Parts that wait to be counted.
const WAITING_PARTS: usize = 1;

/// Lines of a record, and how far it is read with them.
struct Part {
    batch: EventBatch,
    progress: Progress,
}

/// A record as it goes through the pass.
struct Pass {
    progress: Progress,
    batch: EventBatch,
    /// Bytes of its lines.
    bytes: usize,
    parts: SyncSender<Part>,
}

/// End of the pass.
pub(crate) struct Loaded {
    /// Reason for which the rest could not be read.
    pub(crate) failure: Option<RecordError>,
    /// Time of the latest event; 0 without events.
    pub(crate) latest_ts: u64,
}

/// Reads a record to its end. Blocks. `None` where the server ends meanwhile.
pub(crate) fn load(
    reader: &mut RecordReader,
    source: &RecordSource,
    store: &Store,
    shutdown: &CancellationToken,
) -> Option<Loaded> {
    let (parts, to_count) = sync_channel(WAITING_PARTS);
    let pass = Pass {
        progress: Progress::clone(&source.progress()),
        batch: EventBatch::default(),
        bytes: 0,
        parts,
    };
    thread::scope(|scope| {
        let counting = thread::Builder::new().name("record".to_owned());
        match counting.spawn_scoped(scope, move || count(source, store, &to_count)) {
            // The thread ends with the pass, which has the sender.
            Ok(_) => pass.read(reader, shutdown),
            Err(error) => Some(Loaded {
                failure: Some(RecordError::Read {
                    path: pass.progress.index.path().to_owned(),
                    source: error,
                }),
                latest_ts: 0,
            }),
        }
    })
}

/// Hands each part to the store, and makes a checkpoint where one is due.
fn count(source: &RecordSource, store: &Store, parts: &Receiver<Part>) {
    for Part { batch, progress } in parts {
        let key = source.key();
        store.append(key, &batch);
        store.make_checkpoint(key, progress.info.events);
        source.publish(progress);
    }
}

impl Pass {
    fn read(mut self, reader: &mut RecordReader, shutdown: &CancellationToken) -> Option<Loaded> {
        self.flush()?;
        let failure = loop {
            match self.next(reader) {
                Ok(true) => {}
                Ok(false) => break None,
                Err(error) => break Some(error),
            }
            if self.bytes >= PART_BYTES {
                self.flush()?;
                if shutdown.is_cancelled() {
                    return None;
                }
            }
        };
        let is_complete = reader.end().is_some_and(|end| end.events == reader.events());
        let info = &mut self.progress.info;
        info.is_whole = failure.is_none() && is_complete && reader.damaged() == 0;
        info.loading = false;
        let latest_ts = info.last_ts;
        self.flush()?;
        Some(Loaded { failure, latest_ts })
    }

    /// Takes the next item; returns `false` at the end.
    fn next(&mut self, reader: &mut RecordReader) -> Result<bool, RecordError> {
        let (info, timeline) = (&mut self.progress.info, &mut self.progress.timeline);
        let gap = match reader.next_item()? {
            None => return Ok(false),
            Some(RecordItem::Event(line, text)) => {
                timeline.add(&line);
                info.events += 1;
                (info.first_ts, info.last_ts) = (timeline.first_ts(), timeline.last_ts());
                if info.first_seq == 0 {
                    info.first_seq = line.seq;
                }
                info.last_seq = line.seq;
                self.bytes += text.len();
                self.batch.push(line, text);
                None
            }
            Some(RecordItem::Lagged { missed, suppressed }) => Some((missed, suppressed)),
        };
        if let Some((missed, suppressed)) = gap {
            let suppressed = suppressed.filter(|counters| is_plausible(counters, missed));
            self.batch.push_lagged(reader.position(), suppressed);
            self.bytes += 1;
        }
        self.progress.index.note(reader);
        Ok(true)
    }

    /// Has the part counted, once there is room for it; `None` where nothing counts any more.
    fn flush(&mut self) -> Option<()> {
        self.bytes = 0;
        let part = Part {
            batch: mem::take(&mut self.batch),
            progress: self.progress.clone(),
        };
        self.parts.send(part).ok()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use mirrord_record::{RecordEnd, RecordHeader, RecordWriter};
    use mirrord_wire::{SessionId, SessionInfo};

    use super::*;
    use crate::records::file::RecordFile;
    use crate::store::{Audience, Bounds, Introduction};

    #[test]
    fn a_session_is_listed_while_it_is_read_and_may_lose_its_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("run.zst");
        let mut writer = RecordWriter::create(&path, &RecordHeader::new(SessionInfo::default())).unwrap();
        for seq in 1..=3 {
            let line = format!(r#"{{"seq":{seq},"ts":{seq},"type":"DnsQuery","host":"db"}}"#);
            writer.event(&line).unwrap();
        }
        writer.finish(RecordEnd::default()).unwrap();
        let mut reader = RecordReader::open(&path).unwrap();
        let source = Arc::new(RecordSource::new(&reader, "run.zst"));
        let (store, id) = (Store::new(Bounds::default()), SessionId::new("run").unwrap());
        let file = Arc::new(RecordFile::new(&path));
        store.replay(&id, Introduction::default(), &source, file);
        let record = |name: &str| store.detail(name, Audience::Desktop).unwrap().summary.record.unwrap();
        assert_eq!((record("run").loading, record("run").events), (true, 0));
        // A live session of the name comes meanwhile.
        store.introduce(&id, Introduction::default());
        let loaded = load(&mut reader, &source, &store, &CancellationToken::new()).unwrap();
        assert!(loaded.failure.is_none() && loaded.latest_ts == 3);
        let own = record("run-replay2");
        assert_eq!((own.loading, own.events, own.is_whole), (false, 3, true));
        assert_eq!((own.first_seq, own.last_seq, own.first_ts, own.last_ts), (1, 3, 1, 3));
        let counts = |name: &str| store.detail(name, Audience::Desktop).unwrap().state.counters.total;
        assert_eq!((counts("run"), counts("run-replay2")), (0, 3));
        let seen = store.detail("run-replay2", Audience::Device).unwrap().summary.record;
        assert_eq!(seen.and_then(|own| own.file), None);
    }
}
