//! `docs/PROTOCOL.md` against the code: its samples are what the types write, its numbers are the limits.

use std::path::Path;

use mirrord_session_client::limits as session_limits;
use mirrord_ui_server::limits;
use mirrord_wire::api::{
    Connections, FilterRefusal, History, KeyGroup, KeyKilled, Killed, OperatorSessions, RecordOpened, Recording,
    SearchAnswer, SessionName, Suggestions, Timeline,
};
use mirrord_wire::session::summary::Summary;
use mirrord_wire::{SessionSummary, SignedIn, Ticket, VersionInfo, WsMessage};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The section of the document that is this crate's.
fn section() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/PROTOCOL.md");
    let text = std::fs::read_to_string(path).unwrap();
    let (_, section) = text.split_once("\n## mirrord ui\n").unwrap();
    section.split("\n## ").next().unwrap_or_default().to_owned()
}

/// Returns whether `T` writes again what it read, to the letter.
fn same<T: DeserializeOwned + Serialize>(sample: &str) -> bool {
    serde_json::from_str::<T>(sample).is_ok_and(|read| serde_json::to_string(&read).unwrap() == sample)
}

/// Returns whether the answers of the sample's own summary are the sample, to the letter.
fn is_summary(sample: &str) -> bool {
    let read: Result<Summary, _> = serde_json::from_str(sample);
    read.is_ok_and(|read| {
        let written = serde_json::to_string(&read.answers(read.moment(0, false))).unwrap();
        assert!(!sample.contains("worth_a_look") || written == sample, "{written}");
        written == sample
    })
}

#[test]
fn every_sample_is_what_is_sent() {
    let section = section();
    let blocks = section
        .split("```json\n")
        .skip(1)
        .map(|block| block.split("```").next().unwrap());
    let samples: Vec<_> = blocks.flat_map(str::lines).collect();
    assert!(samples.len() >= 10, "{samples:?}");
    for sample in samples {
        let known = if sample.starts_with(r#"{"type""#) {
            // A message of an unknown type is read as well: it would pass for anything.
            same::<WsMessage>(sample) && !matches!(serde_json::from_str(sample), Ok(WsMessage::Other { .. }))
        } else {
            same::<SessionSummary>(sample)
                || same::<VersionInfo>(sample)
                || same::<OperatorSessions>(sample)
                || is_summary(sample)
                || same::<Killed>(sample)
                || same::<SearchAnswer>(sample)
                || same::<SessionName>(sample)
                || same::<RecordOpened>(sample)
                || same::<Recording>(sample)
                || same::<History>(sample)
                || same::<Vec<KeyGroup>>(sample)
                || same::<Vec<KeyKilled>>(sample)
                || same::<Connections>(sample)
                || same::<FilterRefusal>(sample)
                || same::<Suggestions>(sample)
                || same::<Timeline>(sample)
                || same::<Ticket>(sample)
                || same::<SignedIn>(sample)
        };
        assert!(known, "no type writes this: {sample}");
    }
}

#[test]
fn every_number_is_the_codes() {
    let text = section().replace('\n', " ");
    let mebibytes = |bytes: usize| bytes / 1024 / 1024;
    for words in [
        format!("of at most {} KiB; whatever", limits::MAX_BODY_BYTES / 1024),
        format!("of at most {} GiB, as", limits::MAX_UPLOAD_BYTES / 1024 / 1024 / 1024),
        format!(
            "all that are open {} GiB (507)",
            limits::MAX_UPLOADS_BYTES / 1024 / 1024 / 1024
        ),
        format!("more than {} at a time (503)", limits::MAX_UPLOADS),
        format!("come within {} s (408)", limits::UPLOAD_TIMEOUT.as_secs()),
        format!("{} records are open (409)", limits::MAX_OPEN_RECORDS),
        format!(
            "{} GiB and {} days",
            limits::MAX_HISTORY_BYTES / 1024 / 1024 / 1024,
            limits::MAX_HISTORY_DAYS
        ),
        format!("more than {} s (503)", limits::COMPARISON_TIMEOUT.as_secs()),
        format!("more than {} MiB (422)", mebibytes(limits::MAX_COMPARISON_BYTES)),
        format!("more than {} KiB of headers", limits::MAX_HEADERS_BYTES / 1024),
        format!("once, within {} s", limits::TICKET_LIFETIME.as_secs()),
        format!("504 after {} s", session_limits::KILL_TIMEOUT.as_secs()),
        format!("no answer to /info within {} s", session_limits::INFO_TIMEOUT.as_secs()),
        format!("at most {} MiB; where more", mebibytes(limits::MAX_EVENTS_BYTES)),
        format!("of each at most {} hits", limits::MAX_SESSION_HITS),
        format!("at most {} buckets", Timeline::MAX_BUCKETS),
        format!(
            "first hits once it has taken {} ms",
            limits::FIRST_HITS_TIME.as_millis()
        ),
        format!("At most {} parts of files", limits::MAX_RECORD_READS),
        format!("or that {} s do not reach", limits::MAX_RECORD_READ_TIME.as_secs()),
        format!("cut to {} characters", limits::MAX_HIT_CHARS),
        format!(
            "`limit` is {} where it is not given and at most {}, of all hits",
            limits::DEFAULT_HITS,
            limits::MAX_HITS
        ),
        format!(
            "At most {} go on at one time; another one waits for at most {} s",
            limits::MAX_SEARCHES,
            limits::SEARCH_QUEUE_TIMEOUT.as_secs()
        ),
        format!("A search goes on for at most {} s", limits::MAX_SEARCH_TIME.as_secs()),
        format!("newest {} sessions", limits::MAX_KEY_SESSIONS),
        format!("{} at a time", limits::MAX_KEY_KILLS),
        format!("its turn has not come within {} s", limits::KEY_KILL_TIMEOUT.as_secs()),
        format!("gathered for at most {} ms", limits::BATCH_INTERVAL.as_millis()),
        format!("of at most {} KiB, or", limits::MAX_BATCH_BYTES / 1024),
        format!("pinged every {} s", limits::PING_INTERVAL.as_secs()),
        format!("without a pong for {} s", limits::PONG_TIMEOUT.as_secs()),
        format!("{} KiB (1009)", limits::MAX_CLIENT_MESSAGE_BYTES / 1024),
        format!("{} MiB of events", mebibytes(limits::SESSION_RING_BYTES)),
        format!("all together {} MiB", mebibytes(limits::ALL_RINGS_BYTES)),
        format!("At most {} ended", limits::MAX_ENDED_SESSIONS),
        format!("`/info` {} MiB is read", mebibytes(session_limits::MAX_INFO_BYTES)),
        format!("`/state` {} MiB", mebibytes(session_limits::MAX_STATE_BYTES)),
        format!("of one line {} KiB", session_limits::MAX_LINE_BYTES / 1024),
        format!("at most {}, the first one", SessionSummary::MAX_ENDED_PROCESSES),
        format!("up to {} KiB of them", mirrord_wire::session::MAX_EXTRA_BYTES / 1024),
        format!("sent, at most {} KiB", limits::MAX_PULL_BYTES / 1024),
        format!(
            "At most {} connections, {} of them without credentials",
            limits::MAX_CONNECTIONS,
            limits::MAX_CONNECTIONS_BEFORE_SIGN_IN
        ),
        format!("headers have {} s", limits::HEADERS_TIMEOUT.as_secs()),
    ] {
        assert!(text.contains(&words), "the document does not say `{words}`");
    }
    for words in [
        format!("every {} minutes", limits::OPERATOR_INTERVAL.as_secs() / 60),
        format!("for at most {} s", limits::OPERATOR_TIMEOUT.as_secs()),
        format!("has not ended within {} s", session_limits::KILL_TIMEOUT.as_secs()),
    ] {
        assert!(text.contains(&words), "the document does not say `{words}`");
    }
    assert!(text.contains("at most 1,000, and how many") && limits::MAX_OPERATOR_SESSIONS == 1_000);
    assert!(text.contains("is 10,000 where") && limits::DEFAULT_EVENTS == 10_000);
    assert!(text.contains("at most 100,000") && limits::MAX_EVENTS == 100_000);
    assert!(text.contains("1,000 messages") && limits::MAX_CLIENT_MESSAGES == 1_000);
}
