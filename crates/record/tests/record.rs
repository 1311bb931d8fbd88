//! Records through the public surface: written, read, cut at every place, damaged at every place.

#![expect(clippy::unwrap_used, reason = "a test fails where something is not there")]

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use mirrord_record::limits::{MAX_BAD_LINES, MAX_LINE_BYTES};
use mirrord_record::{EndReason, RecordEnd, RecordError, RecordHeader, RecordItem, RecordReader, RecordWriter};
use mirrord_wire::SessionInfo;
use proptest::prelude::*;

fn header() -> RecordHeader {
    RecordHeader::new(SessionInfo {
        session_id: "one".to_owned(),
        ..SessionInfo::default()
    })
}

fn event(seq: u64) -> String {
    format!(r#"{{"seq":{seq},"ts":{seq},"type":"DnsQuery","host":"host-{seq}","new":[1.50]}}"#)
}

/// Writes events 1 to `count`, with a flush behind each, to a file in a directory.
fn written(directory: &Path, name: &str, count: u64) -> PathBuf {
    let path = directory.join(name);
    let mut writer = RecordWriter::create(&path, &header()).unwrap();
    for seq in 1..=count {
        writer.event(&event(seq)).unwrap();
        writer.flush().unwrap();
    }
    assert_eq!(writer.finish(RecordEnd::new(EndReason::Stopped)).unwrap().events, count);
    path
}

/// Reads a record to its end.
fn read(path: &Path) -> Result<(Vec<String>, RecordReader), RecordError> {
    let mut reader = RecordReader::open(path)?;
    let mut lines = Vec::new();
    while let Some(item) = reader.next_item()? {
        if let RecordItem::Event(_, text) = item {
            lines.push(text.to_owned());
        }
    }
    Ok((lines, reader))
}

#[test]
fn a_record_is_read_as_it_was_written_and_for_its_owner_alone() {
    let directory = tempfile::tempdir().unwrap();
    for name in ["a.ndjson", "a.ndjson.zst"] {
        let path = written(directory.path(), name, 100);
        let (lines, reader) = read(&path).unwrap();
        assert_eq!(lines, (1..=100).map(event).collect::<Vec<_>>());
        assert_eq!(
            reader.end().map(|end| (end.events, end.reason)),
            Some((100, EndReason::Stopped))
        );
        assert_eq!(
            (reader.header().session.session_id.as_str(), reader.notes().len()),
            ("one", 0)
        );
        #[cfg(unix)]
        assert_eq!(
            std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&path).unwrap().permissions()) & 0o777,
            0o600
        );
    }
}

#[test]
fn a_cut_record_has_all_that_is_whole_and_says_that_it_was_cut() {
    let directory = tempfile::tempdir().unwrap();
    for name in ["b.ndjson", "b.zst"] {
        let path = written(directory.path(), name, 20);
        let whole = fs::read(&path).unwrap();
        let mut most = 0;
        for length in 1..whole.len() {
            let cut = directory.path().join("cut");
            fs::write(&cut, &whole[..length]).unwrap();
            match read(&cut) {
                Ok((lines, reader)) => {
                    assert!(lines.len() >= most, "{name} at {length}");
                    most = lines.len();
                    assert_eq!(lines, (1..=lines.len() as u64).map(event).collect::<Vec<_>>());
                    // A checksum or a line's end is all that may be missing of a record with its closing line.
                    let is_noted = reader.is_cut() && reader.notes()[0].contains("was cut");
                    assert!(is_noted || (most == 20 && reader.end().is_some()), "{name} at {length}");
                }
                Err(error) => assert!(
                    most == 0 && matches!(error, RecordError::NotARecord { .. }),
                    "{name} at {length}: {error}"
                ),
            }
        }
        assert_eq!(most, 20);
    }
}

#[test]
fn a_crash_loses_what_was_not_flushed_alone() {
    let directory = tempfile::tempdir().unwrap();
    for name in ["c.ndjson", "c.zst"] {
        let path = directory.path().join(name);
        let mut writer = RecordWriter::create(&path, &header()).unwrap();
        writer.event(&event(1)).unwrap();
        writer.flush().unwrap();
        writer.event(&event(2)).unwrap();
        // As at a crash: nothing runs for the writer any more.
        std::mem::forget(writer);
        let (lines, reader) = read(&path).unwrap();
        assert_eq!((lines, reader.is_cut()), (vec![event(1)], true));
    }
}

#[test]
fn what_is_no_record_is_refused_by_its_kind() {
    let directory = tempfile::tempdir().unwrap();
    let file = |name: &str, content: &[u8]| {
        let path = directory.path().join(name);
        fs::write(&path, content).unwrap();
        path
    };
    let refused = |path: &Path| RecordReader::open(path).err().unwrap();
    for (name, content) in [
        ("empty", &b""[..]),
        ("text", b"hello\n"),
        ("events", event(1).as_bytes()),
        ("binary", b"\xff\xfe\x00\n"),
        ("list", b"[1,2]\n"),
        ("other.json", b"{\"type\":\"Other\",\"format\":1}\n"),
        ("shape", b"{\"type\":\"Record\",\"format\":1,\"session\":7}\n"),
        ("zst", b"\x28\xb5\x2f\xfdrubbish"),
    ] {
        let error = refused(&file(name, content));
        assert!(matches!(&error, RecordError::NotARecord { .. }), "{name}: {error}");
        assert!(error.to_string().contains(name), "{error}");
    }
    let later = refused(&file(
        "later",
        b"{\"type\":\"Record\",\"format\":2,\"writer\":\"mirrord\x20\\u001b9\",\"session\":[]}\n",
    ));
    assert!(
        matches!(&later, RecordError::OtherVersion { found: 2, writer, .. } if writer == "mirrord 9"),
        "{later}"
    );
    assert!(matches!(
        refused(directory.path()),
        RecordError::NotAFile {
            kind: "a directory",
            ..
        }
    ));
    assert!(matches!(
        refused(&directory.path().join("none")),
        RecordError::Open { .. }
    ));
    #[cfg(target_os = "linux")]
    {
        let pipe = directory.path().join("pipe");
        rustix::fs::mknodat(rustix::fs::CWD, &pipe, rustix::fs::FileType::Fifo, 0o600.into(), 0).unwrap();
        assert!(matches!(refused(&pipe), RecordError::NotAFile { kind: "a pipe", .. }));
        let error = RecordWriter::create(&pipe, &header()).err().unwrap();
        assert!(matches!(error, RecordError::NotAFile { kind: "a pipe", .. }), "{error}");
    }
}

#[test]
fn single_damaged_lines_are_left_out_and_a_run_of_them_is_an_error() {
    let directory = tempfile::tempdir().unwrap();
    let head = serde_json::to_string(&header()).unwrap();
    let path = directory.path().join("d");
    let long = "x".repeat(4 * MAX_LINE_BYTES);
    let lines = [
        &head,
        &event(1),
        "{\"seq\":",
        &long,
        &event(1),
        &event(2),
        "",
        &event(9),
    ]
    .join("\n");
    fs::write(&path, lines + "\n").unwrap();
    let (lines, reader) = read(&path).unwrap();
    assert_eq!(lines, [event(1), event(2), event(9)]);
    assert_eq!((reader.damaged(), reader.is_cut(), reader.position()), (3, true, 9));
    let run = "rubbish\n".repeat(MAX_BAD_LINES as usize + 1);
    fs::write(&path, format!("{head}\n{}\n{run}", event(1))).unwrap();
    let error = read(&path).err().unwrap();
    assert!(matches!(error, RecordError::Corrupt { line: 3, .. }), "{error}");
}

#[test]
fn a_gap_counts_and_so_does_the_closing_line() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("e");
    let mut writer = RecordWriter::create(&path, &header()).unwrap();
    writer.lagged(40, None).unwrap();
    writer.event(&event(41)).unwrap();
    let end = writer.finish(RecordEnd::default()).unwrap();
    assert_eq!((end.events, end.missed), (1, 40));
    let mut reader = RecordReader::open(&path).unwrap();
    let missed = 40;
    let suppressed = None;
    assert_eq!(
        reader.next_item().unwrap(),
        Some(RecordItem::Lagged { missed, suppressed })
    );
    let text = fs::read_to_string(&path).unwrap().replace(&event(41), "");
    fs::write(&path, text).unwrap();
    let (_, reader) = read(&path).unwrap();
    assert!(
        reader.notes()[0].contains("should have 1 event by"),
        "{:?}",
        reader.notes()
    );
}

/// Disk with room for some bytes.
struct SmallDisk(usize);

impl Write for SmallDisk {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0 == 0 {
            return Err(io::ErrorKind::StorageFull.into());
        }
        let written = bytes.len().min(self.0);
        self.0 -= written;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_full_disk_is_an_error_that_names_the_file_and_never_a_panic() {
    for is_compressed in [false, true] {
        for room in [0, 10, 100, 1_000, 10_000] {
            let path = PathBuf::from("/disk/full.ndjson");
            let write = || -> Result<(), RecordError> {
                let mut writer = RecordWriter::new(SmallDisk(room), is_compressed, path.clone(), &header())?;
                for seq in 1..=10_000 {
                    writer.event(&event(seq))?;
                    if seq % 100 == 0 {
                        writer.flush()?;
                    }
                }
                Ok(())
            };
            let error = write().unwrap_err();
            assert!(
                error.to_string().starts_with("/disk/full.ndjson cannot be written to"),
                "{error}"
            );
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..2_000), with_header: bool) {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("any");
        let head = serde_json::to_vec(&header()).unwrap();
        let content = if with_header { [&head, &b"\n"[..], &bytes].concat() } else { bytes };
        fs::write(&path, content).unwrap();
        let _ = read(&path);
    }

    #[test]
    fn a_changed_byte_is_never_read_as_another_event_of_a_compressed_record(place in 0_usize..10_000, to: u8) {
        let directory = tempfile::tempdir().unwrap();
        let path = written(directory.path(), "f.zst", 5);
        let mut bytes = fs::read(&path).unwrap();
        let place = place % bytes.len();
        prop_assume!(bytes[place] != to);
        bytes[place] = to;
        fs::write(&path, bytes).unwrap();
        if let Ok(mut reader) = RecordReader::open(&path) {
            while let Ok(Some(RecordItem::Event(line, _))) = reader.next_item() {
                prop_assert!((1..=5).contains(&line.seq));
            }
        }
    }

    #[test]
    fn what_is_written_is_read(hosts in proptest::collection::vec(".{0,40}", 0..30), is_compressed: bool) {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join(if is_compressed { "g.zst" } else { "g" });
        let lines: Vec<_> = hosts.iter().enumerate().map(|(place, host)| {
            serde_json::json!({"seq": place + 1, "ts": 1, "type": "DnsQuery", "host": host}).to_string()
        }).collect();
        let mut writer = RecordWriter::create(&path, &header()).unwrap();
        lines.iter().for_each(|line| writer.event(line).unwrap());
        writer.finish(RecordEnd::default()).unwrap();
        let (read, reader) = read(&path).unwrap();
        prop_assert_eq!(read, lines);
        prop_assert!(reader.notes().is_empty());
    }
}
