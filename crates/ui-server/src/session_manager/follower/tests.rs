//! Lines of a session's stream, from the parser to the store's counts.

use mirrord_session_client::EventParser;
use mirrord_wire::{Counters, SessionId, SessionInfo, SessionSummary, session::MAX_SEQ};

use super::*;
use crate::store::ring::Place;
use crate::store::{Audience, Bounds};

const LINE: &str = r#"{"seq":1,"ts":5,"type":"DnsQuery","host":"db"}"#;

/// Store with one session, and the parser of its stream.
struct Stream {
    store: Store,
    id: SessionId,
    key: Key,
    since: u64,
    parser: EventParser,
}

impl Stream {
    fn new(protocol_version: u32, state: Option<SessionState>) -> Self {
        let store = Store::new(Bounds::default());
        let id = SessionId::new("s").unwrap();
        let introduction = Introduction {
            info: SessionInfo {
                protocol_version,
                ..SessionInfo::default()
            },
            state,
            ..Introduction::default()
        };
        let attached = store.introduce(&id, introduction);
        Self {
            store,
            id,
            key: attached.key,
            since: attached.since,
            parser: EventParser::new(Dialect::of(protocol_version), 0),
        }
    }

    fn push(&mut self, text: impl AsRef<[u8]>) -> StreamNews {
        let dialect = self.parser.dialect();
        append(&self.store, self.key, dialect, self.parser.push(text.as_ref()).unwrap())
    }

    fn summary(&self) -> SessionSummary {
        self.store.summaries(true, Audience::Desktop).remove(0)
    }

    fn counters(&self) -> Counters {
        self.store.detail("s", Audience::Desktop).unwrap().state.counters
    }

    fn kept(&self) -> String {
        let sessions = self.store.lock();
        let (_, session) = sessions.iter().next().unwrap();
        let run = session.ring.after(Place::default(), usize::MAX);
        run.map_or(String::new(), |run| run.text.to_owned())
    }
}

#[test]
fn a_line_that_comes_twice_is_kept_once() {
    let mut stream = Stream::new(1, None);
    stream.push(format!("{LINE}\n{LINE}\n"));
    stream.push(format!("{LINE}\n"));
    assert_eq!(stream.kept(), LINE);
    assert_eq!(stream.summary().counts["DnsQuery"], 1);
}

#[test]
fn control_lines_and_unreadable_ones_are_never_kept() {
    let mut stream = Stream::new(1, None);
    stream.push(format!("{LINE}\n"));
    assert!(stream.push("{\"type\":\"Lagged\",\"missed\":3}\n").lagged);
    stream.push("{\"type\":\"Heartbeat\",\"seq\":4}\n[1,2]\n");
    let summary = stream.summary();
    assert_eq!((summary.missed, summary.before), (Some(3), 0));
    assert_eq!(stream.kept(), LINE);
}

#[test]
fn what_a_session_gave_up_before_it_was_reached_is_history_and_no_loss() {
    let state = SessionState {
        seq: 1_000,
        oldest_seq: 901,
        ..SessionState::default()
    };
    // The stream was requested from the start, before the state was known.
    let mut stream = Stream::new(1, Some(state));
    let summary = stream.summary();
    assert_eq!((stream.since, summary.seq, summary.before), (900, 900, 900));
    let lagged = |missed: u64, seq: u64| {
        format!(
            "{{\"type\":\"Lagged\",\"missed\":{missed}}}\n{{\"seq\":{seq},\"ts\":5,\"type\":\"DnsQuery\",\"host\":\"db\"}}\n"
        )
    };
    stream.push(lagged(910, 911));
    let summary = stream.summary();
    assert_eq!((summary.seq, summary.before, summary.missed), (911, 910, Some(0)));
    stream.push(lagged(4, 920));
    let summary = stream.summary();
    assert_eq!((summary.seq, summary.before, summary.missed), (920, 910, Some(8)));
    stream.store.end(&stream.id, SessionEnd::Closed);
    let ended = stream.summary();
    assert_eq!((ended.seq, ended.missed), (1_000, Some(88)), "counted, and never sent");
}

#[test]
fn what_is_withheld_is_counted_and_not_missed() {
    let mut stream = Stream::new(1, None);
    let counters = r#"{"total":7,"by_type":{"FileOp":7},"by_operation":{"open":7},"by_routing":{"local":7}}"#;
    let news = stream.push(format!(
        "{LINE}\n{{\"type\":\"Lagged\",\"missed\":7,\"withheld\":{counters}}}\n"
    ));
    assert!(news.withheld && !news.lagged, "{news:?}");
    let summary = stream.summary();
    assert_eq!((summary.seq, summary.missed, summary.suppressed), (8, Some(0), 7));
    assert_eq!((summary.counts["FileOp"], summary.counts["DnsQuery"]), (7, 1));
    assert!(summary.rate > 2.0, "they are a part of the rate: {}", summary.rate);
    assert_eq!(stream.counters().by_operation["open"], 7);
    // Of the rest of a run, only the total is known: it is not lost, and the session's state is requested.
    let rest = "{\"type\":\"Lagged\",\"missed\":2,\"withheld\":{\"total\":2}}\n";
    let news = stream.push(format!(
        "{rest}{{\"seq\":12,\"ts\":5,\"type\":\"DnsQuery\",\"host\":\"db\"}}\n"
    ));
    assert!(news.lagged, "{news:?}");
    let summary = stream.summary();
    assert_eq!((summary.seq, summary.missed, summary.suppressed), (12, Some(1), 9));
}

#[test]
fn impossible_numbers_are_not_counted() {
    let mut stream = Stream::new(1, None);
    let max = u64::MAX;
    for line in [
        format!(r#"{{"seq":{max},"ts":{max},"type":"DnsQuery","host":"db"}}"#),
        format!(r#"{{"type":"Lagged","missed":1,"withheld":{{"total":{max},"by_type":{{"FileOp":{max}}}}}}}"#),
        format!(r#"{{"type":"Lagged","missed":5,"withheld":{{"total":5,"by_type":{{"a":{max},"b":6}}}}}}"#),
        format!(r#"{{"type":"Lagged","missed":5,"withheld":{{"total":5,"by_operation":{{"a":{max}}}}}}}"#),
    ] {
        stream.push(format!("{line}\n"));
    }
    let summary = stream.summary();
    let told = (summary.seq, summary.missed, summary.before, summary.suppressed);
    assert_eq!(told, (11, Some(0), 11, 0));
    assert_eq!(summary.counts.get("FileOp"), None);
    for _ in 0..2 {
        stream.push(format!("{{\"type\":\"Lagged\",\"missed\":{max}}}\n"));
    }
    assert_eq!(stream.summary().seq, MAX_SEQ);
}

#[test]
fn unreadable_lines_of_a_released_mirrord_make_its_losses_unknown() {
    let mut stream = Stream::new(0, None);
    stream.push("data: {\"type\":\"dns_query\",\"host\":\"db\"}\n\ndata: rubbish\n\n");
    assert_eq!(stream.summary().missed, None);
    assert_eq!(stream.counters().total, 1);
}
