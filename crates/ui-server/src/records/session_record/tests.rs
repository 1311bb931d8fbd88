//! Tests of records that are written as their sessions go.

use std::io::Cursor;
use std::path::Path;
use std::sync::Mutex;

use mirrord_record::{RecordItem, RecordReader};
use mirrord_wire::{SessionEnd, SessionId};
use tokio::sync::watch;
use tokio::time::timeout;

use super::*;
use crate::store::{Bounds, Introduction};

/// File in memory, which is full after some bytes.
#[derive(Clone)]
struct Disk {
    bytes: Arc<Mutex<Vec<u8>>>,
    room: usize,
}

impl Disk {
    fn of(room: usize) -> Self {
        let bytes = Arc::default();
        Self { bytes, room }
    }

    fn reader(&self) -> RecordReader {
        let bytes = self.bytes.lock().unwrap().clone();
        RecordReader::of(Cursor::new(bytes), Path::new("test")).unwrap()
    }
}

impl Write for Disk {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut own = self.bytes.lock().unwrap();
        if own.len() + bytes.len() > self.room {
            return Err(io::Error::from(io::ErrorKind::StorageFull));
        }
        own.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Reports of a record that is written.
struct Reports(watch::Sender<Vec<Progress>>);

impl Reports {
    /// A condition that is not met after so many looks will not be.
    const PATIENCE: Duration = READ_INTERVAL.saturating_mul(100);

    fn new() -> Self {
        Self(watch::Sender::default())
    }

    /// Takes in each report, and lets the record go on.
    fn take_in(&self) -> impl FnMut(Progress) -> ControlFlow<()> {
        |progress| {
            self.0.send_modify(|reports| reports.push(progress));
            ControlFlow::Continue(())
        }
    }

    /// Waits for a report that meets a condition: what it speaks of was handed to the file.
    async fn until(&self, is_met: impl Fn(&Progress) -> bool) {
        let mut reports = self.0.subscribe();
        let reported = reports.wait_for(|reports| reports.last().is_some_and(&is_met));
        timeout(Self::PATIENCE, reported)
            .await
            .expect("a report in time")
            .unwrap();
    }
}

fn event(seq: u64) -> String {
    format!(r#"{{"seq":{seq},"ts":1,"type":"DnsQuery","host":"h{seq}"}}"#) + "\n"
}

fn store() -> (Arc<Store>, SessionId, Key) {
    let store = Arc::new(Store::new(Bounds::default()));
    let id = SessionId::new("one").unwrap();
    let key = store.introduce(&id, Introduction::default()).key;
    (store, id, key)
}

fn begun(disk: &Disk, is_compressed: bool) -> SessionRecord {
    let header = header(SessionInfo::default(), false);
    SessionRecord::new(Box::new(disk.clone()), is_compressed, PathBuf::from("test"), &header).unwrap()
}

/// Reads a record to its end: the events' numbers, and the sum of the gaps.
fn read(reader: &mut RecordReader) -> (Vec<u64>, u64) {
    let (mut seqs, mut gaps) = (Vec::new(), 0);
    while let Some(item) = reader.next_item().unwrap() {
        match item {
            RecordItem::Event(line, _) => seqs.push(line.seq),
            RecordItem::Lagged { missed, .. } => gaps += missed,
        }
    }
    (seqs, gaps)
}

#[tokio::test(start_paused = true)]
async fn a_record_goes_on_until_its_session_ends_and_has_its_end() {
    let (store, id, key) = store();
    store.append_ndjson(key, 0, &event(1));
    let (disk, stop) = (Disk::of(usize::MAX), CancellationToken::new());
    let reports = Reports::new();
    let writing = record(&store, key, begun(&disk, true), &stop, reports.take_in());
    let session = async {
        reports.until(|progress| progress.events == 1).await;
        assert_eq!(read(&mut disk.reader()).0, [1], "a kill here would lose nothing");
        let secret = r#"{"seq":2,"ts":1,"type":"EnvVar","vars":[["KEY","s3cret"]]}"#;
        store.append_ndjson(
            key,
            1,
            &format!("{secret}\n{{\"type\":\"Lagged\",\"missed\":2}}\n{}", event(5)),
        );
        reports.until(|progress| progress.events == 3).await;
        store.end(&id, SessionEnd::Closed);
    };
    let (recorded, ()) = tokio::join!(writing, session);
    assert!(matches!(recorded.end, End::Session { .. }), "{recorded:?}");
    let mut reader = disk.reader();
    assert_eq!(read(&mut reader), (vec![1, 2, 5], 2));
    assert!(!reader.header().values);
    let end = reader.end().unwrap();
    assert_eq!((end.reason, end.events, end.missed), (EndReason::Ended, 3, 2));
    let bytes = disk.bytes.lock().unwrap().len() as u64;
    assert_eq!(
        recorded.progress,
        Progress {
            events: 3,
            missed: 2,
            bytes
        }
    );
    assert_eq!(reports.0.borrow()[0].events, 1);
}

#[tokio::test(start_paused = true)]
async fn values_are_not_in_a_record() {
    let (store, _, key) = store();
    let secret = r#"{"seq":1,"ts":1,"type":"EnvVar","vars":[["KEY","s3cret"]]}"#;
    store.append_ndjson(key, 0, &format!("{secret}\n"));
    let (disk, stop) = (Disk::of(usize::MAX), CancellationToken::new());
    stop.cancel();
    let recorded = record(&store, key, begun(&disk, false), &stop, |_| ControlFlow::Continue(())).await;
    assert!(matches!(recorded.end, End::Stopped), "{recorded:?}");
    let text = String::from_utf8(disk.bytes.lock().unwrap().clone()).unwrap();
    assert!(text.contains("KEY") && !text.contains("s3cret"), "{text}");
}

#[tokio::test(start_paused = true)]
async fn a_full_disk_ends_a_record_with_the_reason_and_what_was_written_is_read() {
    for is_compressed in [false, true] {
        let (store, _, key) = store();
        let (disk, stop) = (Disk::of(2_000), CancellationToken::new());
        let reports = Reports::new();
        let writing = record(&store, key, begun(&disk, is_compressed), &stop, reports.take_in());
        let session = async {
            for batch in 0..100 {
                let lines: String = (1..=100).map(|seq| event(batch * 100 + seq)).collect();
                store.append_ndjson(key, batch * 100, &lines);
                reports.until(|progress| progress.events == (batch + 1) * 100).await;
            }
        };
        let recorded = tokio::select! {
            recorded = writing => recorded,
            () = session => panic!("the disk is full by now"),
        };
        let End::Failed(reason) = recorded.end else {
            panic!("{recorded:?}")
        };
        assert!(reason.contains("cannot be written to"), "{reason}");
        let mut reader = disk.reader();
        read(&mut reader);
        assert!(reader.is_cut());
    }
}

#[tokio::test(start_paused = true)]
async fn a_session_that_is_dismissed_before_it_was_read_leaves_a_cut_record() {
    let (store, id, key) = store();
    let (disk, stop) = (Disk::of(usize::MAX), CancellationToken::new());
    let reports = Reports::new();
    let writing = record(&store, key, begun(&disk, true), &stop, reports.take_in());
    let session = async {
        // It has looked, and looks again after a while.
        reports.until(|_| true).await;
        store.append_ndjson(key, 0, &event(1));
        store.end(&id, SessionEnd::Closed);
        store.dismiss("one").unwrap();
    };
    let (recorded, ()) = tokio::join!(writing, session);
    assert!(matches!(recorded.end, End::Cut), "{recorded:?}");
    let mut reader = disk.reader();
    assert_eq!(read(&mut reader).0, [] as [u64; 0]);
    assert!(reader.is_cut());
}
