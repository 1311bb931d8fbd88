//! Promises of the documents: every sample is what the types read and write, and the crate stays small.

use mirrord_wire::{ApiError, Health, SessionInfo, SessionState, StreamLine};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

fn manifest_dir() -> std::path::PathBuf {
    std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The sections of PROTOCOL.md that are this crate's.
fn sections() -> String {
    let path = manifest_dir().join("../../docs/PROTOCOL.md");
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let start = text.find("## Session directory").expect("the section on the directory");
    let socket = text.find("## Session socket").expect("the section on the socket");
    assert!(start < socket);
    let rest = &text[socket + 1..];
    let end = rest.find("\n## ").map_or(text.len(), |end| socket + 1 + end);
    text[start..end].to_owned()
}

/// Reads a sample as `T`, and holds what `T` writes against it.
fn same<T: DeserializeOwned + Serialize>(sample: &str) -> bool {
    let Ok(read) = serde_json::from_str::<T>(sample) else {
        return false;
    };
    serde_json::to_value(read).unwrap() == serde_json::from_str::<Value>(sample).unwrap()
}

#[test]
fn every_json_sample_of_the_protocol_is_what_the_types_read_and_write() {
    let text = sections();
    let mut samples = 0;
    for block in text.split("```json\n").skip(1) {
        let (block, _) = block.split_once("```").expect("an end to the block");
        let whole = serde_json::from_str::<Value>(block).is_ok();
        for sample in if whole { vec![block] } else { block.lines().collect() } {
            samples += 1;
            let known = [
                same::<SessionInfo>,
                same::<SessionState>,
                same::<StreamLine>,
                same::<Health>,
                same::<ApiError>,
            ];
            assert!(known.iter().any(|same| same(sample)), "no type writes this: {sample}");
        }
    }
    assert!(samples >= 12, "only {samples} samples were found");
}

#[test]
fn every_limit_that_the_protocol_names_is_the_codes() {
    use mirrord_intproxy_ipc::limits::*;
    let text = sections().replace('\n', " ");
    let promised = [
        format!("{} connections", MAX_CONNECTIONS),
        format!("{} lines", MAX_REQUEST_LINES),
        format!("{} KiB a line", MAX_REQUEST_LINE_BYTES / 1024),
        format!("{} KiB of body", MAX_BODY_BYTES / 1024),
        format!("{} s for a request", REQUEST_TIMEOUT.as_secs()),
        format!("{} s of silence", HEARTBEAT.as_secs()),
        format!("{} s takes nothing", READER_STALL.as_secs()),
        "8,192 events in 960 KiB".to_owned(),
        format!("session is {} KiB at most", QUEUE_BYTES >> 10),
        format!("is {} MiB at most", MEMORY_BYTES >> 20),
        format!("up to {} neighbours share", MAX_SHARED_STAMPS + 1),
        format!("within {} µs", SHARED_STAMP_SPAN.as_micros()),
        format!("which is {} ms while somebody reads", BATCH_WITH_READERS.as_millis()),
        format!("and {} ms otherwise", BATCH_WITHOUT_READERS.as_millis()),
        format!("Above 20,000 events a second for {} s", DEDUPLICATE_AFTER.as_secs()),
        format!("below 5,000 for {} s", ALL_AFTER.as_secs()),
        format!("after {} ms", SUPPRESSED_FLUSH_INTERVAL.as_millis()),
        "remembers 16,384 accesses".to_owned(),
        format!("{} KiB an event line", MAX_LINE_BYTES / 1024),
    ];
    assert_eq!(
        (HISTORY_EVENTS, HISTORY_BYTES, SEEN_CACHE_ENTRIES),
        (8_192, 960 << 10, 16_384)
    );
    const { assert!(QUEUE_BYTES + HISTORY_BYTES + BATCH_CACHE_BYTES + READERS_BYTES <= MEMORY_BYTES) };
    assert_eq!((DEDUPLICATE_ABOVE_RATE, ALL_BELOW_RATE), (20_000.0, 5_000.0));
    for words in promised {
        assert!(text.contains(&words), "PROTOCOL.md does not say `{words}`");
    }
}
