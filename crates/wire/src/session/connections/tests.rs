//! Tests of how updates add up.

use serde_json::json;

use super::*;
use crate::SessionState;

fn line(seq: u64, json: serde_json::Value) -> EventLine {
    let mut json = json;
    (json["seq"], json["ts"]) = (seq.into(), (seq * 1_000).into());
    serde_json::from_value(json).unwrap()
}

fn update(state: &str, bytes: u64) -> serde_json::Value {
    json!({"type": "ConnectionUpdate", "protocol": "tcp", "direction": "out", "local": "10.0.0.1:4000",
        "remote": "10.0.0.2:80", "state": state, "bytes_in": bytes, "bytes_out": 1, "pid": 7, "duration_us": 500})
}

#[test]
fn updates_of_one_connection_are_one_entry_and_a_used_again_address_another() {
    let mut state = SessionState::default();
    state.apply(&line(1, update("established", 10)));
    state.apply(&line(2, update("established", 30)));
    state.apply(&line(3, update("closed", 30)));
    state.apply(&line(4, update("established", 5)));
    state.apply(&line(5, update("closed", 6)));
    state.apply(&line(6, update("closed", 4)));
    let bytes: Vec<_> = state.connections.items.iter().map(|own| own.bytes_in).collect();
    assert_eq!(bytes, [Some(30), Some(6), Some(4)]);
    let first = &state.connections.items[0];
    assert_eq!((first.opened_ts, first.closed_ts), (Some(500), Some(3_000)));
    let all = Bytes {
        bytes_in: 40,
        bytes_out: 3,
    };
    assert_eq!(state.traffic, Some(all));
}

#[test]
fn an_end_that_is_reported_twice_is_one_end() {
    let mut state = SessionState::default();
    let failed = |seq: u64, lasted: u64| {
        let mut json = update("closed", 0);
        (json["duration_us"], json["outcome"]) = (lasted.into(), "failed".into());
        line(seq, json)
    };
    state.apply(&failed(10, 500));
    state.apply(&failed(20, 10_900));
    assert_eq!(state.connections.items.len(), 1);
    state.apply(&failed(30, 500));
    assert_eq!(state.connections.items.len(), 2);
}

#[test]
fn what_is_not_known_stays_absent() {
    let mut state = SessionState::default();
    let listener =
        json!({"type": "ListenerUpdate", "protocol": "tcp", "address": "*", "port": 80, "note": "other_network"});
    state.apply(&line(1, listener));
    let written = serde_json::to_value(&state).unwrap();
    let expected = json!({"protocol": "tcp", "address": "*", "port": 80, "note": "other_network"});
    assert_eq!(written["listeners"]["items"], json!([expected]));
    assert_eq!(written.get("traffic"), None);
    assert_eq!(serde_json::from_value::<SessionState>(written).unwrap(), state);
}

#[test]
fn a_port_that_could_not_be_had_is_no_subscription() {
    let mut state = SessionState::default();
    let failed = json!({"type": "PortSubscription", "port": 80, "mode": "listen", "address": "*", "outcome": "failed"});
    state.apply(&line(1, failed.clone()));
    state.apply(&line(2, failed));
    assert_eq!(state.port_subscriptions, []);
    let [listener] = &state.listeners.items[..] else {
        panic!("{:?}", state.listeners);
    };
    assert_eq!(
        (listener.note.as_deref(), listener.arrivals, listener.closed_ts),
        (Some(BIND_FAILED), None, Some(2_000))
    );
}

#[test]
fn sockets_are_bounded_and_the_longest_closed_goes_first() {
    let mut state = SessionState::default();
    let numbered = |number: u64, word: &str| {
        let mut json = update(word, 1);
        json["local"] = format!("10.0.0.1:{number}").into();
        line(number, json)
    };
    state.apply(&numbered(1, "established"));
    for number in 2..=1_001 {
        state.apply(&numbered(number, "closed"));
    }
    assert_eq!(
        (state.connections.items.len(), state.connections.omitted),
        (MAX_SOCKETS, 1)
    );
    assert_eq!(state.connections.items[0].local, "10.0.0.1:1");
    assert_eq!(state.connections.items[1].local, "10.0.0.1:3");
    let mut long = update("closed", 1);
    long["remote"] = "x".repeat(1_000).into();
    state.apply(&line(2_000, long));
    assert_eq!(state.connections.omitted, 2);
    let items: Vec<_> = (0..5_000).map(|port| json!({"port": port})).collect();
    let read: SessionState = serde_json::from_value(json!({"listeners": {"items": items, "more": 2}})).unwrap();
    assert_eq!((read.listeners.items.len(), read.listeners.omitted), (MAX_SOCKETS, 2));
}

#[test]
fn a_port_that_another_process_has_is_listed_once_with_that_process() {
    let mut state = SessionState::default();
    let failed = json!({"type": "PortSubscription", "port": 5432, "mode": "listen", "address": "*", "pid": 7,
        "outcome": "failed"});
    let holder = json!({"type": "ListenerUpdate", "protocol": "tcp", "address": "*", "port": 5432, "pid": 7,
        "note": "bind_failed", "closed": true, "holder": "postgres", "holder_pid": 812});
    for seq in [1, 3] {
        state.apply(&line(seq, failed.clone()));
        state.apply(&line(seq + 1, holder.clone()));
    }
    let [own] = &state.listeners.items[..] else {
        panic!("one entry: {:?}", state.listeners.items)
    };
    assert_eq!(
        (own.holder.as_deref(), own.holder_pid, own.closed_ts),
        (Some("postgres"), Some(812), Some(4_000))
    );
}
