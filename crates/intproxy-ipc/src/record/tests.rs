//! Records that are written and read back.

use super::*;

fn golden() -> impl Iterator<Item = EventLine> {
    include_str!("../../../wire/tests/golden/events.ndjson")
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
}

fn append(bytes: &mut Vec<u8>, observation: &Observation, seq: u32, ts: u32) {
    let mut record = written(observation);
    Record::stamp(&mut record, seq, ts);
    bytes.append(&mut record);
}

#[test]
fn every_event_comes_back_as_it_was() {
    let mut bytes = Vec::new();
    for (number, line) in golden().enumerate() {
        append(&mut bytes, &line.observation, number as u32, 7);
    }
    let mut rest = bytes.as_slice();
    for (number, line) in golden().enumerate() {
        let (record, next) = Record::split(rest).unwrap();
        rest = next;
        let back = record.stamped(1_000, 90).event().unwrap();
        assert_eq!((back.seq, back.ts), (1_000 + number as u64, 97));
        let same = EventLine {
            seq: back.seq,
            ts: back.ts,
            ..line
        };
        assert_eq!(
            serde_json::to_string(&back).unwrap(),
            serde_json::to_string(&same).unwrap()
        );
    }
    assert!(rest.is_empty());
}

#[test]
fn names_have_the_places_that_they_are_written_as() {
    for (place, name) in NAMES.iter().enumerate().skip(1) {
        assert_eq!(usize::from(code(name)), place, "{name}");
    }
    assert_eq!(code("novel"), 0);
}

#[test]
fn what_is_lost_is_counted_as_if_it_had_arrived() {
    let (mut bytes, mut all, mut lost) = (Vec::new(), Counters::default(), Counters::default());
    for line in golden() {
        append(&mut bytes, &line.observation, 0, 0);
        all.count(&line.observation, 1);
    }
    count_lost(&bytes, &mut lost);
    assert_eq!(lost, all);
}
