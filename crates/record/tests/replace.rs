//! Names of records: what takes the place of what, and when.

#![expect(clippy::unwrap_used, reason = "a test fails where something is not there")]

use std::fs;
use std::path::Path;

use mirrord_record::{PreparedRecord, RecordEnd, RecordError, RecordHeader, RecordReader, RecordWriter};
use mirrord_wire::SessionInfo;

fn header(id: &str) -> RecordHeader {
    RecordHeader::new(SessionInfo {
        session_id: id.to_owned(),
        ..SessionInfo::default()
    })
}

fn prepare(path: &Path, id: &str) -> Result<PreparedRecord, RecordError> {
    RecordWriter::prepare(path, &header(id))
}

/// Session of the record that has a name now.
fn session(path: &Path) -> String {
    RecordReader::open(path).unwrap().header().session.session_id.clone()
}

fn names(directory: &Path) -> Vec<String> {
    let entries = fs::read_dir(directory).unwrap();
    let mut names: Vec<_> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[track_caller]
fn assert_in_use<T>(path: &Path, result: Result<T, RecordError>) {
    let error = result.err().unwrap();
    assert!(matches!(error, RecordError::InUse { .. }), "{error}");
    let text = error.to_string();
    assert!(
        text.starts_with(&path.display().to_string()) && text.ends_with("choose another name"),
        "{text}"
    );
}

#[test]
fn a_record_that_is_being_written_is_not_replaced() {
    let directory = tempfile::tempdir().unwrap();
    for name in ["a.ndjson", "a.ndjson.zst"] {
        let path = directory.path().join(name);
        let mut first = RecordWriter::create(&path, &header("first")).unwrap();
        assert_in_use(&path, prepare(&path, "second"));
        first
            .event(r#"{"seq":1,"ts":1,"type":"DnsQuery","host":"db"}"#)
            .unwrap();
        // A reader does not see the lock, and holds no recording up.
        assert_eq!(session(&path), "first");
        first.finish(RecordEnd::default()).unwrap();
        // Windows replaces no file that is open.
        let reader = cfg!(unix).then(|| RecordReader::open(&path).unwrap());
        let second = RecordWriter::create(&path, &header("second")).unwrap();
        assert_eq!(session(&path), "second");
        if let Some(reader) = reader {
            assert_eq!(reader.header().session.session_id, "first");
        }
        drop(second);
        fs::remove_file(&path).unwrap();
        assert!(names(directory.path()).is_empty());
    }
}

#[test]
fn of_two_recordings_that_begin_at_once_one_has_the_name() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("b.ndjson");
    for old in [false, true] {
        if old {
            fs::write(&path, "old").unwrap();
        }
        let (first, second) = (prepare(&path, "first").unwrap(), prepare(&path, "second").unwrap());
        let first = first.begin().unwrap();
        assert_in_use(&path, second.begin());
        assert_eq!(session(&path), "first");
        first.finish(RecordEnd::default()).unwrap();
        assert_eq!(names(directory.path()), ["b.ndjson"]);
    }
}

#[test]
fn of_many_recordings_that_begin_at_once_each_is_whole_or_refused() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("c.ndjson");
    for _ in 0..50 {
        let ids: Vec<_> = (0..8).map(|number| number.to_string()).collect();
        let prepared: Vec<_> = ids.iter().map(|id| (id, prepare(&path, id))).collect();
        let begun: Vec<_> = std::thread::scope(|scope| {
            let begin = |(id, prepared): (_, Result<PreparedRecord, _>)| {
                scope.spawn(move || Some((id, prepared.ok()?.begin().ok()?)))
            };
            let threads: Vec<_> = prepared.into_iter().map(begin).collect();
            threads
                .into_iter()
                .filter_map(|thread| thread.join().unwrap())
                .collect()
        });
        assert!(begun.len() <= 1);
        for (id, _writer) in &begun {
            assert_eq!(&session(&path), *id);
        }
    }
    assert_eq!(names(directory.path()), ["c.ndjson"]);
}

#[test]
fn a_record_that_does_not_begin_leaves_what_was_there() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("d.ndjson");
    drop(prepare(&path, "none").unwrap());
    assert!(names(directory.path()).is_empty());
    fs::write(&path, "old").unwrap();
    let prepared = prepare(&path, "none").unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), "old");
    drop(prepared);
    assert_eq!(fs::read_to_string(&path).unwrap(), "old");
    assert_eq!(names(directory.path()), ["d.ndjson"]);
    let directory = directory.path().join("none").join("e");
    assert!(matches!(prepare(&directory, "none"), Err(RecordError::Open { .. })));
}

#[cfg(unix)]
#[test]
fn a_record_is_private_and_its_own_file_whatever_had_its_name() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    let directory = tempfile::tempdir().unwrap();
    let other = directory.path().join("other");
    fs::write(&other, "other").unwrap();
    fs::set_permissions(&other, fs::Permissions::from_mode(0o644)).unwrap();
    let at = |name: &str| directory.path().join(name);
    fs::copy(&other, at("file")).unwrap();
    fs::hard_link(&other, at("hard")).unwrap();
    symlink(&other, at("soft")).unwrap();
    symlink(at("nowhere"), at("dangling")).unwrap();
    for name in ["file", "hard", "soft", "dangling"] {
        let path = at(name);
        let writer = RecordWriter::create(&path, &header(name)).unwrap();
        writer.finish(RecordEnd::default()).unwrap();
        let found = fs::symlink_metadata(&path).unwrap();
        assert!(found.is_file(), "{name}");
        assert_eq!(found.permissions().mode() & 0o777, 0o600, "{name}");
        assert_eq!(
            (session(&path).as_str(), fs::read_to_string(&other).unwrap().as_str()),
            (name, "other")
        );
    }
    assert_eq!(names(directory.path()), ["dangling", "file", "hard", "other", "soft"]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_device_and_an_open_file_are_written_where_they_are() {
    use std::os::fd::AsRawFd as _;

    RecordWriter::create(Path::new("/dev/null"), &header("one")).unwrap();
    assert!(!fs::metadata("/dev/null").unwrap().is_file());
    let file = tempfile::NamedTempFile::new().unwrap();
    let directory = tempfile::tempdir().unwrap();
    // As `/dev/stdout`, a link to `/proc/self/fd/1`.
    let link = directory.path().join("stdout");
    std::os::unix::fs::symlink(format!("/proc/self/fd/{}", file.as_file().as_raw_fd()), &link).unwrap();
    let writer = RecordWriter::create(&link, &header("one")).unwrap();
    writer.finish(RecordEnd::default()).unwrap();
    assert!(link.is_symlink());
    assert_eq!(session(file.path()), "one");
}

#[cfg(target_os = "linux")]
#[test]
fn a_directory_that_takes_no_file_is_named() {
    // Not even root makes a file there.
    let error = prepare(Path::new("/sys/kernel/run.ndjson"), "one").err().unwrap();
    assert!(matches!(error, RecordError::Directory { .. }), "{error}");
    assert!(error.to_string().contains("/sys/kernel takes none"), "{error}");
}
