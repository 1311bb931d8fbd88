//! Tests of merged states.

use proptest::prelude::*;

use super::*;
use crate::Top;
use crate::session::{
    ConnectionUpdate, Direction, EventLine, Exit, ListenerUpdate, MAX_KINDS, MAX_SOCKETS, MonitorEvent, OTHER,
    Observation, Outcome, Routing, SessionState,
};

fn connection(number: u64, is_closed: bool) -> MonitorEvent {
    MonitorEvent::ConnectionUpdate(Box::new(ConnectionUpdate {
        protocol: "tcp".into(),
        direction: Direction::Out,
        local: format!("10.0.0.1:{number}"),
        remote: "10.0.0.2:80".to_owned(),
        state: if is_closed { "closed" } else { "established" }.into(),
        bytes_in: Some(number),
        bytes_out: Some(1),
        rtt_us: None,
        duration_us: Some(1),
    }))
}

fn event(kind: u8, number: u64) -> MonitorEvent {
    let name = format!("n{number}");
    let pid = u32::try_from(number).unwrap();
    match kind {
        0 => MonitorEvent::DnsQuery { host: name },
        1 => MonitorEvent::FileOp {
            path: Some(name),
            operation: "open".into(),
        },
        2 => MonitorEvent::LayerConnected {
            pid,
            parent_pid: None,
            process_name: Some(name),
            cmdline: vec![],
            cwd: None,
        },
        3 => MonitorEvent::LayerDisconnected {
            pid,
            exit: Exit::default(),
        },
        4 => connection(number, number.is_multiple_of(2)),
        5 => MonitorEvent::ListenerUpdate(Box::new(ListenerUpdate {
            protocol: "tcp".into(),
            address: "*".to_owned(),
            port: 80,
            bytes_in: Some(number),
            ..ListenerUpdate::default()
        })),
        6 => MonitorEvent::PortSubscription {
            port: 80,
            mode: "steal".into(),
            filter: None,
            address: None,
        },
        7 => MonitorEvent::incomplete("io_uring", 7),
        _ => MonitorEvent::Unknown {
            kind: name,
            fields: vec![],
        },
    }
}

fn state_of(events: &[(u8, u64, u64)]) -> SessionState {
    let mut state = SessionState {
        oldest_seq: 1,
        dropped: events.len() as u64 % 3,
        ..SessionState::default()
    };
    for (seq, (kind, number, ts)) in (1..).zip(events) {
        let observation = Observation {
            routing: (number.is_multiple_of(2)).then_some(Routing::Remote),
            outcome: (number % 3 == 0).then_some(Outcome::Ok),
            ..event(*kind, *number).into()
        };
        state.apply(&EventLine {
            seq,
            ts: *ts,
            observation,
        });
    }
    state
}

fn merged<'a>(states: impl IntoIterator<Item = &'a (String, SessionState)>) -> GroupState {
    let mut merger = StateMerger::default();
    for (id, state) in states {
        merger.add(id, state.clone());
    }
    merger.finish("k")
}

fn items<T: Clone>(list: &[OfSession<T>]) -> Vec<T> {
    list.iter().map(|own| own.item.clone()).collect()
}

/// Checks that a merged state is the state of its one session.
fn assert_is(group: &GroupState, state: &SessionState) {
    assert_eq!(group.counters, state.counters);
    assert_eq!(items(&group.processes), state.processes.to_vec());
    assert_eq!(group.processes_omitted, state.processes_omitted);
    assert_eq!(items(&group.port_subscriptions), state.port_subscriptions);
    assert_eq!(items(&group.connections.items), state.connections.items);
    assert_eq!(items(&group.listeners.items), state.listeners.items);
    assert_eq!(
        (&group.outgoing, &group.hosts, &group.paths, &group.env_names),
        (&state.outgoing, &state.hosts, &state.paths, &state.env_names)
    );
    let reasons: Vec<_> = items(&group.incomplete).into_iter().map(|own| own.reason).collect();
    assert_eq!(reasons, state.incomplete);
    assert_eq!((group.dropped, group.traffic), (state.dropped, state.traffic));
    let [own] = &group.sessions[..] else {
        panic!("{group:?}")
    };
    assert_eq!(
        (own.seq, own.oldest_seq, own.events),
        (state.seq, state.oldest_seq, state.counters.total)
    );
}

fn states() -> impl Strategy<Value = Vec<(String, SessionState)>> {
    let events = prop::collection::vec((0_u8..9, 0_u64..100, 0_u64..50), 0..200);
    prop::collection::vec(events, 1..6).prop_map(|sessions| {
        let states = sessions.iter().map(|events| state_of(events));
        states
            .enumerate()
            .map(|(at, state)| (format!("s{at}"), state))
            .collect()
    })
}

proptest! {
    #[test]
    fn merging_one_state_leaves_it_as_it_was(states in states()) {
        for own in &states {
            assert_is(&merged([own]), &own.1);
        }
    }

    #[test]
    fn the_order_of_the_states_does_not_matter(states in states(), turn in 0_usize..6) {
        let whole = merged(&states);
        let mut turned = states.clone();
        turned.rotate_left(turn % states.len());
        prop_assert_eq!(&merged(&turned), &whole);
        turned.reverse();
        prop_assert_eq!(&merged(&turned), &whole);
    }

    #[test]
    fn numbers_are_the_sums_of_the_sessions_numbers(states in states()) {
        let whole = merged(&states);
        let sum = |number: fn(&SessionState) -> u64| states.iter().map(|(_, state)| number(state)).sum::<u64>();
        prop_assert_eq!(whole.counters.total, sum(|state| state.counters.total));
        prop_assert_eq!(whole.counters.by_type.values().sum::<u64>(), whole.counters.total);
        prop_assert!(whole.counters.by_type.len() <= MAX_KINDS + 1);
        prop_assert_eq!(whole.counters.by_operation.values().sum::<u64>(), sum(|state| state.counters.by_operation.values().sum()));
        prop_assert_eq!(whole.counters.by_routing.values().sum::<u64>(), sum(|state| state.counters.by_routing.values().sum()));
        prop_assert_eq!(whole.counters.by_outcome.values().sum::<u64>(), sum(|state| state.counters.by_outcome.values().sum()));
        prop_assert_eq!(whole.dropped, sum(|state| state.dropped));
        prop_assert_eq!(whole.traffic.map_or(0, |own| own.bytes_in), sum(|state| state.traffic.map_or(0, |own| own.bytes_in)));
        let of_paths = |top: &Top| top.most_frequent().iter().map(|(_, count)| count).sum::<u64>();
        prop_assert_eq!(of_paths(&whole.paths), states.iter().map(|(_, state)| of_paths(&state.paths)).sum::<u64>());
        prop_assert_eq!(whole.processes.len() as u64, sum(|state| state.processes.len() as u64));
        prop_assert!(whole.processes.is_sorted_by_key(|own| own.item.started_ts) || whole.sessions.len() == 1 ||
            states.iter().any(|(_, state)| !state.processes.is_sorted_by_key(|own| own.started_ts)));
    }

    #[test]
    fn a_merged_state_is_read_back_as_it_was_written(states in states()) {
        let whole = merged(&states);
        let text = serde_json::to_string(&whole).unwrap();
        prop_assert_eq!(&serde_json::from_str::<GroupState>(&text).unwrap(), &whole);
        prop_assert_eq!(&crate::from_json::<GroupState>(&text).unwrap(), &whole);
    }
}

#[test]
fn what_does_not_fit_is_counted_and_the_order_does_not_matter() {
    let session = |first: u64| {
        let start = first..first + 1_000;
        let events = start.flat_map(|own| [(2, own, own), (4, own, own), (1, own, own), (8, own % 70, own)]);
        state_of(&events.collect::<Vec<_>>())
    };
    let states: Vec<_> = (0..4).map(|at| (format!("s{at}"), session(at * 500))).collect();
    let whole = merged(&states);
    assert_eq!((whole.processes.len(), whole.processes_omitted), (1_000, 3_000));
    assert_eq!(
        (whole.connections.items.len(), whole.connections.omitted),
        (MAX_SOCKETS, 3_000)
    );
    assert!(
        whole.connections.items.iter().all(|own| own.item.closed_ts.is_none()),
        "those that are open stay"
    );
    assert_eq!((whole.paths.distinct(), whole.paths.omitted()), (2_500, 1_500));
    assert!(whole.paths.most_frequent().iter().all(|(_, count)| *count == 2));
    assert_eq!(whole.counters.by_type.len(), MAX_KINDS + 1);
    assert_eq!(whole.counters.by_type.values().sum::<u64>(), 16_000);
    assert!(whole.counters.by_type[OTHER] > 0);
    let backwards = merged(states.iter().rev());
    assert_eq!(backwards, whole);
}

#[test]
fn a_session_without_a_state_is_named() {
    let mut merger = StateMerger::default();
    merger.add("b", SessionState::default());
    merger.add_unread("a", "it counts nothing".to_owned());
    let json = serde_json::to_value(merger.finish("k")).unwrap();
    assert_eq!(
        json["unread"],
        serde_json::json!([{"session_id": "a", "reason": "it counts nothing"}])
    );
    assert_eq!(
        (&json["key"], &json["sessions"][0]["session_id"]),
        (&"k".into(), &"b".into())
    );
}

#[test]
fn an_event_says_its_session_whatever_it_says_itself() {
    let line = |text: &str| with_session_id(text, "a\"");
    assert_eq!(
        line(r#"{ "ts":6,"to":"\u0041","n":1.50 }"#),
        r#"{ "ts":6,"to":"\u0041","n":1.50 ,"session_id":"a\""}"#
    );
    assert_eq!(line("{}"), r#"{"session_id":"a\""}"#);
    assert_eq!(
        line(r#"{"path":"session_id"}"#),
        r#"{"path":"session_id","session_id":"a\""}"#
    );
    for own in [
        r#"{"session_id":"other","seq":1}"#,
        r#"{"seq":1,"\u0073ession_id":"other"}"#,
    ] {
        let event: serde_json::Value = serde_json::from_str(&line(own)).unwrap();
        assert_eq!(event, serde_json::json!({"session_id": "a\"", "seq": 1}));
    }
    assert_eq!(line("7"), "7");
}
