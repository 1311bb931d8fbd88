//! Exported logs, read by the reader of records.

use std::io::Cursor;
use std::path::Path;

use mirrord_filter::Scope;
use mirrord_record::{RecordItem, RecordReader};
use mirrord_wire::{EventLine, MonitorEvent, ProcessInfo};
use serde_json::json;

use super::*;
use crate::codec::line::sent;
use crate::state::filter::LogFilter;
use crate::state::log::Load;

fn line(seq: u64, event: MonitorEvent) -> EventLine {
    EventLine {
        seq,
        ts: seq,
        observation: event.into(),
    }
}

/// Log with these events, of which the others are missing.
fn log(events: &[(u64, MonitorEvent)]) -> SessionLog {
    let mut log = SessionLog::default();
    log.fetch_begins();
    for (seq, event) in events {
        sent(&line(*seq, event.clone()), |line| log.fetched(0, line));
    }
    log.fetch_ends(Load::Ready);
    log
}

fn dns(host: &str) -> MonitorEvent {
    MonitorEvent::DnsQuery { host: host.to_owned() }
}

fn started(pid: u32) -> MonitorEvent {
    MonitorEvent::LayerConnected {
        pid,
        parent_pid: None,
        process_name: Some("shop".to_owned()),
        cmdline: vec![],
        cwd: None,
    }
}

fn variable() -> MonitorEvent {
    MonitorEvent::EnvVar {
        vars: vec![("KEY".to_owned(), Some("s3cret".to_owned())), ("NAME".to_owned(), None)],
    }
}

fn exported(pids: &[u32]) -> Exported {
    let process = |pid: &u32| ProcessInfo {
        pid: *pid,
        ..ProcessInfo::default()
    };
    Exported {
        info: SessionInfo {
            session_id: "one".to_owned(),
            processes: pids.iter().map(process).collect(),
            config: Some(json!({"feature": {"env": {"override": {"KEY": "s3cret"}}}})),
            exit: Some(Exit {
                code: Some(3),
                signal: None,
            }),
            ..SessionInfo::default()
        },
        now: "2026-11-29T10:00:00.000000Z".to_owned(),
        ..Exported::default()
    }
}

/// Reads a record to its end: numbers of events, gaps with whether they were on purpose, and the reader.
fn read(text: &str) -> (Vec<u64>, Vec<(u64, bool)>, RecordReader) {
    let mut reader = RecordReader::of(Cursor::new(text.to_owned()), Path::new("export")).unwrap();
    let (mut seqs, mut gaps) = (Vec::new(), Vec::new());
    while let Some(item) = reader.next_item().unwrap() {
        match item {
            RecordItem::Event(line, _) => seqs.push(line.seq),
            RecordItem::Lagged { missed, suppressed } => {
                assert!(suppressed.as_ref().is_none_or(|own| own.total == missed));
                gaps.push((missed, suppressed.is_some()));
            }
        }
    }
    (seqs, gaps, reader)
}

#[test]
fn what_is_shown_is_a_whole_record_without_values() {
    let log = log(&[(1, started(7)), (2, variable()), (3, dns("db"))]);
    let text = record(&log, exported(&[7, 8]));
    assert!(!text.contains("s3cret") && text.contains(r#"["KEY",null]"#), "{text}");
    let (seqs, gaps, reader) = read(&text);
    assert_eq!((seqs, gaps.len()), (vec![1, 2, 3], 0));
    assert_eq!(reader.notes(), [""; 0], "{text}");
    let header = reader.header();
    assert_eq!(
        (header.values, header.redacted, &header.session.session_id[..]),
        (false, false, "one")
    );
    let pids: Vec<_> = header.session.processes.iter().map(|own| own.pid).collect();
    assert_eq!(pids, [8], "the start of the other one is among the events");
    let end = reader.end().unwrap();
    assert_eq!(
        (end.events, end.missed, end.left_out, end.reason),
        (3, 0, 0, EndReason::Stopped)
    );
    assert_eq!(end.exit, None, "it goes on");
    let over = Exported {
        ended_at: Some("2026-11-29T09:00:00Z".to_owned()),
        is_redacted: true,
        ..exported(&[])
    };
    let (_, _, reader) = read(&record(&log, over));
    let end = reader.end().unwrap();
    assert_eq!(
        (end.reason, &end.ended_at[..], end.exit.is_some()),
        (EndReason::Ended, "2026-11-29T09:00:00Z", true)
    );
    assert!(reader.header().redacted);
}

#[test]
fn what_a_filter_leaves_out_is_told_from_what_is_missing() {
    let events = [
        (4, dns("a")),
        (5, dns("db")),
        (6, dns("b")),
        (9, dns("c")),
        (10, dns("db")),
        (11, dns("d")),
    ];
    let mut log = log(&events);
    let whole = record(&log, exported(&[]));
    let (seqs, gaps, reader) = read(&whole);
    assert_eq!((seqs, gaps), (vec![4, 5, 6, 9, 10, 11], vec![(3, false), (2, false)]));
    assert_eq!((reader.end().unwrap().missed, reader.notes().len()), (5, 0));
    let chosen = LogFilter {
        typed: "host:db".to_owned(),
        ..LogFilter::default()
    };
    log.filter(chosen, Scope::default());
    while !log.scan(100) {}
    let (seqs, gaps, reader) = read(&record(&log, exported(&[])));
    assert_eq!(seqs, [5, 10]);
    // 1 to 3 did not come, 4 is hidden; 6 and 9 are, between which two are missing; so is 11.
    assert_eq!(gaps, [(1, true), (3, false), (2, true), (2, false), (1, true)]);
    let end = reader.end().unwrap();
    assert_eq!((end.events, end.missed, end.left_out), (2, 9, 4));
    assert_eq!(reader.position(), 11);
    assert_eq!(reader.notes(), ["export lacks 4 events, which a filter left out"]);
}

#[test]
fn a_log_of_which_nothing_is_shown_is_an_empty_record() {
    let (seqs, gaps, reader) = read(&record(&log(&[]), exported(&[])));
    assert_eq!((seqs.len(), gaps.len(), reader.notes().len()), (0, 0, 0));
}

#[test]
fn lines_of_several_sessions_say_their_session() {
    let mut log = SessionLog::merged(2);
    for source in [0, 1] {
        sent(&line(1, dns("db")), |line| log.fetched(source, line));
    }
    log.fetch_ends(Load::Ready);
    let text = merged(&log, &["a".to_owned(), "b".to_owned()]);
    let ids: Vec<_> = text
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["session_id"].clone())
        .collect();
    assert_eq!(ids, ["a", "b"]);
}
