//! Index of a record: a reader that begins at any event, and a file that changes or grows meanwhile.

#![expect(clippy::unwrap_used, reason = "a test fails where something is not there")]

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;
use std::time::{Duration, Instant};

use mirrord_record::{
    EndReason, RecordEnd, RecordError, RecordHeader, RecordIndex, RecordItem, RecordReader, RecordWriter,
};
use mirrord_wire::SessionInfo;

fn header() -> RecordHeader {
    RecordHeader::new(SessionInfo {
        session_id: "one".to_owned(),
        ..SessionInfo::default()
    })
}

fn event(seq: u64) -> String {
    format!(r#"{{"seq":{seq},"ts":{seq},"type":"DnsQuery","host":"host-{seq}"}}"#)
}

/// Writes a record of long lines, with a gap and damaged lines in it; returns the numbers of its events.
fn long(path: &Path, frames: bool) -> Vec<u64> {
    let mut writer = RecordWriter::create(path, &header()).unwrap();
    let filler = "y".repeat(300);
    let mut seqs = Vec::new();
    let mut seq = 0;
    for number in 0..6_000_u64 {
        seq += 1;
        if number % 997 == 5 {
            writer.lagged(7, None).unwrap();
            seq += 7;
        }
        if number % 1_499 == 9 {
            writer.event("{\"seq\":0,rubbish").unwrap();
        }
        let line = format!(r#"{{"seq":{seq},"ts":{seq},"type":"DnsQuery","host":"host-{seq}","filler":"{filler}"}}"#);
        writer.event(&line).unwrap();
        seqs.push(seq);
        if frames && number % 777 == 0 {
            writer.flush().unwrap();
        }
    }
    writer.finish(RecordEnd::new(EndReason::Ended)).unwrap();
    seqs
}

/// Reads a record, and makes its index.
fn indexed(path: &Path) -> RecordIndex {
    let mut reader = RecordReader::open(path).unwrap();
    let mut index = RecordIndex::new(&reader);
    while reader.next_item().unwrap().is_some() {
        index.note(&reader);
    }
    index
}

fn soon() -> Instant {
    Instant::now() + Duration::from_secs(20)
}

/// Numbers of the events after a number, and of the items that were read before them.
fn after(index: &RecordIndex, seq: u64) -> (Vec<u64>, usize) {
    let mut reader = index.reader_after(seq, soon()).unwrap();
    let (mut seqs, mut before) = (Vec::new(), 0);
    while let Some(item) = reader.next_item().unwrap() {
        match item {
            RecordItem::Event(line, _) if line.seq > seq => seqs.push(line.seq),
            _ if seqs.is_empty() => before += 1,
            _ => {}
        }
    }
    assert_eq!(reader.events(), 6_000);
    (seqs, before)
}

#[test]
fn a_reader_begins_at_any_event_in_a_bounded_time() {
    let directory = tempfile::tempdir().unwrap();
    for (name, frames) in [("l.ndjson", false), ("l.zst", true), ("one-frame.zst", false)] {
        let path = directory.path().join(name);
        let seqs = long(&path, frames);
        let index = indexed(&path);
        let last = *seqs.last().unwrap();
        for seq in [0, 1, 5, 6, 12, 13, 3_000, 3_001, last - 1, last, u64::MAX] {
            let (read, before) = after(&index, seq);
            let wanted: Vec<u64> = seqs.iter().copied().filter(|own| *own > seq).collect();
            assert_eq!(read, wanted, "{name} after {seq}");
            assert!(before < 400, "{name} after {seq}: {before} items of 64 KiB");
        }
    }
}

#[test]
fn parts_of_a_record_are_found_from_its_end_to_its_beginning() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("parts.zst");
    let seqs = long(&path, true);
    let index = indexed(&path);
    for bytes in [1, 200_000, u64::MAX] {
        let (mut before, mut found, mut parts) = (u64::MAX, Vec::new(), 0);
        while let Some(start) = index.part_before(before, bytes) {
            let mut reader = index.reader_after(start, soon()).unwrap();
            let mut part = Vec::new();
            while let Some(item) = reader.next_item().unwrap() {
                if let RecordItem::Event(line, _) = item
                    && (start + 1..before).contains(&line.seq)
                {
                    part.push(line.seq);
                }
            }
            part.append(&mut found);
            (found, before, parts) = (part, start + 1, parts + 1);
        }
        assert_eq!(found, seqs, "{bytes} bytes");
        assert_eq!(parts == 1, bytes == u64::MAX, "{parts} parts");
    }
}

#[test]
fn a_file_that_is_gone_or_has_changed_is_not_read_again() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("changed.ndjson");
    let other = directory.path().join("other.ndjson");
    long(&path, false);
    long(&other, false);
    let index = indexed(&path);
    index.check().unwrap();
    fs::rename(&other, &path).unwrap();
    let error = index.reader_after(5, soon()).err().unwrap();
    assert!(matches!(error, RecordError::Changed { .. }), "{error}");
    assert!(index.check().unwrap_err().to_string().contains("has changed"));
    fs::remove_file(&path).unwrap();
    assert!(matches!(index.reader_after(5, soon()), Err(RecordError::Open { .. })));
    assert!(matches!(index.check(), Err(RecordError::Open { .. })));
}

#[test]
fn a_record_that_is_being_written_is_read_as_it_was_when_it_was_opened() {
    let directory = tempfile::tempdir().unwrap();
    for name in ["grows.ndjson", "grows.zst"] {
        let path = directory.path().join(name);
        let mut writer = RecordWriter::create(&path, &header()).unwrap();
        let mut write = |seqs: std::ops::RangeInclusive<u64>| {
            seqs.for_each(|seq| writer.event(&event(seq)).unwrap());
            writer.flush().unwrap();
        };
        write(1..=4_000);
        let mut reader = RecordReader::open(&path).unwrap();
        let mut index = RecordIndex::new(&reader);
        write(4_001..=5_000);
        while reader.next_item().unwrap().is_some() {
            index.note(&reader);
        }
        let after = |seq: u64| {
            let mut reader = index.reader_after(seq, soon()).unwrap();
            let mut seqs = Vec::new();
            while let Some(item) = reader.next_item().unwrap() {
                if let RecordItem::Event(line, _) = item {
                    seqs.extend((line.seq > seq).then_some(line.seq));
                }
            }
            seqs
        };
        assert_eq!((reader.events(), reader.is_cut()), (4_000, true), "{name}");
        assert!(reader.notes()[0].contains("is being written"), "{:?}", reader.notes());
        index.check().unwrap();
        assert_eq!(after(3_000), (3_001..=4_000).collect::<Vec<_>>(), "{name}");
        write(5_001..=5_002);
        index.check().unwrap();
        assert_eq!(after(3_990), (3_991..=4_000).collect::<Vec<_>>(), "{name}");
    }
}

#[test]
fn a_file_that_was_written_anew_or_is_shorter_has_changed_however_long_it_is() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("anew.ndjson");
    let open = || fs::OpenOptions::new().write(true).open(&path).unwrap();
    let is_changed = |index: &RecordIndex| {
        let read = index.reader_after(5, soon()).map(drop);
        matches!(
            (index.check(), read),
            (Err(RecordError::Changed { .. }), Err(RecordError::Changed { .. }))
        )
    };
    long(&path, false);
    let index = indexed(&path);
    let whole = fs::read(&path).unwrap();
    open().set_len(whole.len() as u64 - 1).unwrap();
    assert!(is_changed(&index), "it is shorter");
    // The same file with another beginning, and with another end, each with more behind it.
    for place in [20, whole.len() - 20] {
        let mut other = whole.clone();
        other[place] ^= 1;
        other.extend_from_slice(b"\n\n");
        open().write_all(&other).unwrap();
        assert!(is_changed(&index), "byte {place} is another one");
    }
    open().write_all(&[&whole[..], b"\n\n"].concat()).unwrap();
    index.check().unwrap();
}

#[test]
fn a_frame_is_bounded_so_that_a_reader_need_not_decompress_all_before_a_place() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("frames.zst");
    let mut writer = RecordWriter::create(&path, &header()).unwrap();
    let filler = "z".repeat(1_000);
    for seq in 1..=10_000 {
        writer
            .event(&format!(
                r#"{{"seq":{seq},"ts":1,"type":"DnsQuery","host":"{filler}"}}"#
            ))
            .unwrap();
    }
    writer.finish(RecordEnd::default()).unwrap();
    let magic = [0x28, 0xb5, 0x2f, 0xfd];
    let content = fs::read(&path).unwrap();
    // The header's, and 10 MB of lines in frames of 4 MiB.
    assert_eq!(content.windows(4).filter(|window| *window == magic).count(), 4);
    let mut reader = RecordReader::open(&path).unwrap();
    while reader.next_item().unwrap().is_some() {}
    assert_eq!(reader.events(), 10_000);
}

#[test]
fn a_place_that_is_not_reached_in_time_is_an_error() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("slow.zst");
    long(&path, false);
    let index = indexed(&path);
    let error = index.reader_after(u64::MAX, Instant::now()).err().unwrap();
    assert!(
        matches!(&error, RecordError::Read { source, .. } if source.kind() == io::ErrorKind::TimedOut),
        "{error}"
    );
}
