//! The list of sessions follows the server, and its numbers stay exact.

use mirrord_wire::{EventLine, MonitorEvent, ProcessInfo, SessionInfo, WsMessage};
use proptest::prelude::*;

use super::*;
use crate::codec::message::Message;
use crate::state::kind::Kind;

fn ids(sessions: &Sessions, status: SessionStatus, needle: &str) -> Vec<String> {
    let found = sessions
        .all()
        .filter(|own| own.summary.status == status && own.matches(needle, None));
    found.map(|own| own.id().to_owned()).collect()
}

fn summary(id: &str, seq: u64) -> SessionSummary {
    SessionSummary {
        info: SessionInfo {
            session_id: id.to_owned(),
            started_at: "2026-11-20T18:00:00Z".to_owned(),
            ..SessionInfo::default()
        },
        counts: [("DnsQuery".to_owned(), seq)].into(),
        rate: 2.5,
        seq,
        ..SessionSummary::default()
    }
}

fn events(id: &str, seqs: std::ops::RangeInclusive<u64>) -> WsMessage {
    let line = |seq| EventLine {
        seq,
        ts: 0,
        observation: MonitorEvent::DnsQuery { host: "db".to_owned() }.into(),
    };
    WsMessage::Events {
        session_id: id.to_owned(),
        data: seqs.map(line).collect(),
    }
}

/// Takes in a message as it is sent.
fn apply(sessions: &mut Sessions, message: &WsMessage, now: u64) -> bool {
    let text = serde_json::to_string(message).unwrap();
    match Message::read(&text).unwrap() {
        Message::Events(id, lines) => {
            let session = sessions.find(&id).unwrap();
            assert!(lines.each(&mut |line| session.count(line)));
            false
        }
        Message::Other(message) => sessions.apply(message, now),
    }
}

fn updated(id: &str, seq: u64) -> WsMessage {
    WsMessage::SessionUpdated(Box::new(summary(id, seq)))
}

fn dns(sessions: &Sessions) -> u64 {
    sessions.get("a").unwrap().counts().of(Kind::Dns)
}

#[test]
fn numbers_go_on_from_the_snapshot_and_are_never_taken_back() {
    let mut sessions = Sessions::default();
    apply(&mut sessions, &WsMessage::Sessions(vec![summary("a", 10)]), 0);
    assert!(
        !apply(&mut sessions, &events("a", 9..=14), 0),
        "events alone do not change the list"
    );
    assert_eq!(
        dns(&sessions),
        14,
        "those that the snapshot had counted are not counted again"
    );
    apply(&mut sessions, &updated("a", 12), 0);
    assert_eq!(dns(&sessions), 14, "the update was made before the last events");
    apply(&mut sessions, &updated("a", 20), 0);
    apply(&mut sessions, &events("a", 15..=20), 0);
    assert_eq!(dns(&sessions), 20);
}

#[test]
fn after_a_loss_the_server_s_numbers_are_taken() {
    let mut sessions = Sessions::default();
    apply(&mut sessions, &WsMessage::Sessions(vec![summary("a", 0)]), 0);
    apply(
        &mut sessions,
        &WsMessage::Lagged {
            session_id: "a".to_owned(),
            missed: 12,
            suppressed: 7,
            before: 0,
        },
        0,
    );
    apply(&mut sessions, &events("a", 6..=6), 0);
    assert_eq!((dns(&sessions), sessions.missed()), (1, 5));
    apply(&mut sessions, &updated("a", 6), 0);
    assert_eq!(dns(&sessions), 6);
}

#[test]
fn a_new_session_s_events_are_not_counted_on_top_of_its_numbers() {
    let mut sessions = Sessions::default();
    let added = SessionSummary {
        seq: 0,
        ..summary("a", 30)
    };
    apply(&mut sessions, &WsMessage::SessionAdded(Box::new(added)), 0);
    apply(&mut sessions, &events("a", 1..=30), 0);
    assert_eq!(dns(&sessions), 30);
    apply(&mut sessions, &updated("a", 28), 0);
    apply(&mut sessions, &updated("a", 31), 0);
    apply(&mut sessions, &events("a", 31..=33), 0);
    assert_eq!(dns(&sessions), 33);
}

#[test]
fn a_session_that_ended_stays_until_it_is_dismissed() {
    let mut sessions = Sessions::default();
    apply(
        &mut sessions,
        &WsMessage::Sessions(vec![summary("a", 1), summary("b", 1)]),
        0,
    );
    apply(
        &mut sessions,
        &WsMessage::SessionRemoved {
            session_id: "a".to_owned(),
        },
        77,
    );
    assert_eq!(ids(&sessions, SessionStatus::Ended, ""), ["a"]);
    assert_eq!((sessions.totals().0, sessions.get("a").unwrap().ended()), (1, Some(77)));
    let ended = SessionSummary {
        status: SessionStatus::Ended,
        ..summary("a", 1)
    };
    apply(&mut sessions, &WsMessage::Sessions(vec![ended]), 0);
    assert_eq!(
        (sessions.len(), sessions.get("a").unwrap().ended()),
        (1, Some(77)),
        "after a reconnect the list is the server's"
    );
    apply(
        &mut sessions,
        &WsMessage::SessionDismissed {
            session_id: "a".to_owned(),
        },
        0,
    );
    assert!(sessions.is_empty());
}

#[test]
fn the_command_is_the_root_s_and_outlives_it() {
    let process = |pid, parent_pid, words: &[&str]| ProcessInfo {
        pid,
        parent_pid,
        process_name: "x".to_owned(),
        cmdline: words.iter().map(|word| (*word).to_owned()).collect(),
        cwd: None,
    };
    let mut one = summary("a", 1);
    one.info.processes = vec![
        process(12, Some(11), &["child"]),
        process(11, Some(1), &["node", "server.js"]),
    ];
    let mut sessions = Sessions::default();
    apply(&mut sessions, &WsMessage::SessionAdded(Box::new(one)), 0);
    apply(&mut sessions, &updated("a", 2), 0);
    assert_eq!(sessions.get("a").unwrap().command(), "node server.js");
    assert_eq!(ids(&sessions, SessionStatus::Live, "server"), ["a"]);
    assert!(ids(&sessions, SessionStatus::Live, "python").is_empty());
}

#[test]
fn the_list_is_bounded_and_says_what_it_left_out() {
    let mut sessions = Sessions::default();
    let all: Vec<_> = (0..MAX_SESSIONS + 7)
        .map(|number| summary(&number.to_string(), 1))
        .collect();
    apply(&mut sessions, &WsMessage::Sessions(all), 0);
    assert_eq!((sessions.more(), sessions.len()), (7, MAX_SESSIONS + 7));
}

#[test]
fn the_little_chart_has_its_history_at_once_and_goes_on_from_it() {
    let mut sessions = Sessions::default();
    let mut first = summary("a", 1);
    first.recent = (0..60).map(f64::from).collect();
    first.rate = 60.0;
    apply(&mut sessions, &WsMessage::SessionAdded(Box::new(first.clone())), 0);
    let rates = |sessions: &Sessions| sessions.get("a").unwrap().rates.iter().copied().collect::<Vec<_>>();
    assert_eq!(rates(&sessions), (20..60).map(|rate| rate as f32).collect::<Vec<_>>());
    sessions.tick();
    // An update, and a snapshot after a break, do not replace what the page has seen.
    apply(&mut sessions, &WsMessage::Sessions(vec![first]), 0);
    assert_eq!(rates(&sessions), (21..=60).map(|rate| rate as f32).collect::<Vec<_>>());
}

#[test]
fn the_little_chart_keeps_its_length() {
    let mut sessions = Sessions::default();
    apply(&mut sessions, &WsMessage::Sessions(vec![summary("a", 1)]), 0);
    (0..RATES * 2).for_each(|_| sessions.tick());
    assert_eq!(sessions.get("a").unwrap().rates.len(), RATES);
}

proptest! {
    #[test]
    fn numbers_are_exact_in_whatever_order_updates_and_events_come(
        steps in prop::collection::vec((any::<bool>(), 1_u64..9), 0..40),
    ) {
        let mut sessions = Sessions::default();
        apply(&mut sessions, &WsMessage::Sessions(vec![summary("a", 0)]), 0);
        let (mut sent, mut newest) = (0, 0);
        for (is_update, size) in steps {
            if is_update {
                // The server's number may be ahead of the events that it has sent, or behind.
                let seq = (sent + size).saturating_sub(4);
                apply(&mut sessions, &updated("a", seq), 0);
                newest = newest.max(seq);
            } else {
                apply(&mut sessions, &events("a", sent + 1..=sent + size), 0);
                sent += size;
                newest = newest.max(sent);
            }
            prop_assert_eq!(dns(&sessions), newest);
        }
    }
}

#[test]
fn an_open_session_stays_when_the_server_was_restarted_and_no_longer_knows_it() {
    let mut sessions = Sessions::default();
    let list = |ids: &[&str]| {
        let one = |id: &&str| SessionSummary {
            rate: 9.0,
            ..summary(id, 0)
        };
        WsMessage::Sessions(ids.iter().map(one).collect())
    };
    sessions.apply(list(&["open", "other", "kept"]), 1);
    sessions.hold(vec!["open".into(), "kept".into()]);
    sessions.apply(list(&["kept", "new"]), 7);
    let ids: Vec<_> = sessions.all().map(Session::id).collect();
    assert_eq!(ids, ["open", "kept", "new"]);
    let open = sessions.get("open").unwrap();
    assert_eq!(
        (open.summary.status, open.ended(), open.is_held),
        (SessionStatus::Ended, Some(7), true)
    );
    assert!(!sessions.get("kept").unwrap().is_held);
    sessions.apply(list(&["open"]), 9);
    assert!(!sessions.get("open").unwrap().is_held, "it is there again");
}

#[test]
fn an_ended_session_has_the_processes_that_it_had() {
    let mut own = summary("a", 0);
    own.process_count = 31;
    own.info.processes = vec![ProcessInfo {
        pid: 1,
        cmdline: vec!["make".into()],
        ..Default::default()
    }];
    let mut sessions = Sessions::default();
    sessions.apply(WsMessage::SessionUpdated(Box::new(own.clone())), 1);
    let only = |sessions: &Sessions| sessions.all().next().map(|own| (own.processes(), own.command()));
    assert_eq!(only(&sessions), Some((1, "make".to_owned())));
    own.status = SessionStatus::Ended;
    sessions.apply(WsMessage::SessionUpdated(Box::new(own)), 2);
    assert_eq!(only(&sessions), Some((31, "make".to_owned())));
}
