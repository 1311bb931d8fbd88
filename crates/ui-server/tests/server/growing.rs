//! Records that are still being written while they are shown.

use std::fs;
use std::path::Path;

use http::{Method, StatusCode};
use mirrord_record::{EndReason, RecordEnd, RecordHeader, RecordWriter};
use mirrord_wire::SessionInfo;

use crate::support::Home;

const IDS: [&str; 2] = ["run", "run-replay2"];
const EVENTS: u64 = 40_000;
/// Length of what makes the events longer than what the store keeps of a session by itself.
const FILLER: usize = 420;

/// Writes some events, and hands them to the file.
fn write(writer: &mut RecordWriter, seqs: std::ops::RangeInclusive<u64>) {
    let filler = "f".repeat(FILLER);
    for seq in seqs {
        let line = format!(
            r#"{{"seq":{seq},"ts":{seq},"type":"DnsQuery","host":"h{}","filler":"{filler}"}}"#,
            seq % 9
        );
        writer.event(&line).unwrap();
    }
    writer.flush().unwrap();
}

fn begun(path: &Path) -> RecordWriter {
    let header = RecordHeader::new(SessionInfo {
        session_id: "run".to_owned(),
        protocol_version: 1,
        ..SessionInfo::default()
    });
    let mut writer = RecordWriter::create(path, &header).unwrap();
    write(&mut writer, 1..=EVENTS);
    writer
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_that_grows_while_it_is_shown_is_what_it_was_when_it_was_opened() {
    let folder = tempfile::tempdir().unwrap();
    let files = ["run.ndjson", "run.ndjson.zst"].map(|name| folder.path().join(name));
    let mut writers = files.clone().map(|file| begun(&file));
    let home = Home::replaying(&files).await;
    for id in IDS {
        home.until(id, "ended").await;
    }
    let queries = [
        "?at=9000",
        "/summary?at=9000",
        "/events?since=7&limit=5",
        "/events?until=90&last=3",
    ];
    let answers = async || {
        let mut answers = Vec::new();
        for (id, query) in IDS.into_iter().flat_map(|id| queries.map(|query| (id, query))) {
            answers.push(home.get(&format!("/api/sessions/{id}{query}")).await);
        }
        answers
    };
    let before = answers().await;
    for writer in &mut writers {
        write(writer, EVENTS + 1..=EVENTS + 1_000);
    }
    assert_eq!(answers().await, before);
    for writer in writers {
        writer.finish(RecordEnd::new(EndReason::Ended)).unwrap();
    }
    assert_eq!(answers().await, before);
    for (id, file) in IDS.iter().zip(&files) {
        // A moment that nobody has asked for is computed from the file.
        home.get(&format!("/api/sessions/{id}?at=8000")).await;
        let session = home.session(id).await.unwrap();
        assert_eq!(session["record"]["last_seq"], EVENTS, "{session}");
        let notes = session["notes"].to_string();
        assert!(!notes.contains("gone or has changed"), "{notes}");
        let length = fs::metadata(file).unwrap().len();
        let opened = fs::OpenOptions::new().write(true).open(file).unwrap();
        opened.set_len(length / 2).unwrap();
        let answer = home.ask(Method::GET, &format!("/api/sessions/{id}?at=9001")).await;
        assert_eq!(answer.status, StatusCode::CONFLICT, "{answer:?}");
    }
}
