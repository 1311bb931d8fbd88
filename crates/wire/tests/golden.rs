//! Golden JSON for every type, checked both ways: what is read is written again to the letter.
//!
//! A change that makes one of these fail changes the protocol.

#![expect(clippy::unwrap_used, reason = "a golden that does not parse is the failure")]

use mirrord_wire::api::{History, KeyGroup, KeyKilled, Killed, OperatorSessions, Recording, Suggestions, Traffic};
use mirrord_wire::mirror::{Me, MirrorSettings, MirrorSettingsChange, MirrorStatus, Permission};
use mirrord_wire::session::GroupState;
use mirrord_wire::{
    Control, EventLine, InfoAnswer, MonitorEvent, PortSubscription, SessionDetail, SessionEnd, SessionInfo,
    SessionState, SessionSummary, StreamLine, VersionInfo, WsMessage, from_json, released,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

fn both_ways_pretty<T: DeserializeOwned + Serialize>(golden: &str) {
    let read: T = serde_json::from_str(golden).unwrap();
    assert_eq!(serde_json::to_string_pretty(&read).unwrap(), golden.trim_end());
}

#[test]
fn event_and_control_lines() {
    for golden in include_str!("golden/events.ndjson").lines() {
        let read: StreamLine = serde_json::from_str(golden).unwrap_or_else(|error| panic!("{golden}: {error}"));
        let written = serde_json::to_string(&read).unwrap();
        assert_eq!(written, golden);
    }
}

#[test]
fn suppressed_events_are_a_gap_that_has_their_counters() {
    for golden in include_str!("golden/suppressed.ndjson").lines() {
        let read: StreamLine = serde_json::from_str(golden).unwrap_or_else(|error| panic!("{golden}: {error}"));
        assert_eq!(serde_json::to_string(&read).unwrap(), golden);
        assert!(
            matches!(&read, StreamLine::Control(Control::Lagged { missed, suppressed: Some(suppressed) }) if suppressed.total == *missed),
            "{read:?}"
        );
    }
    let strange = r#"{"type":"Lagged","missed":3,"withheld":"some"}"#;
    let control = Control::Lagged {
        missed: 3,
        suppressed: None,
    };
    assert_eq!(
        serde_json::from_str::<StreamLine>(strange).unwrap(),
        StreamLine::Control(control)
    );
}

#[test]
fn every_known_type_is_read_as_itself() {
    let kinds: Vec<String> = include_str!("golden/events.ndjson")
        .lines()
        .filter_map(|line| serde_json::from_str::<EventLine>(line).ok())
        .filter(|line| !matches!(line.event(), MonitorEvent::Unknown { .. }))
        .map(|line| line.event().kind().to_owned())
        .collect();
    for kind in [
        "FileOp",
        "DnsQuery",
        "OutgoingConnection",
        "PortSubscription",
        "EnvVar",
        "LayerConnected",
        "LayerDisconnected",
        "IncomingRequest",
    ] {
        assert!(
            kinds.iter().any(|own| own == kind),
            "no golden of {kind} is read as one"
        );
    }
}

#[test]
fn a_known_type_with_fields_of_another_shape_is_carried_through() {
    for golden in [
        r#"{"seq":1,"ts":2,"type":"FileOp","path":7,"operation":"open"}"#,
        r#"{"seq":1,"ts":2,"type":"DnsQuery","host":null}"#,
        r#"{"seq":1,"ts":2,"type":"EnvVar","vars":{"A":"b"}}"#,
        r#"{"seq":1,"ts":2,"type":"LayerConnected","pid":-1}"#,
        r#"{"seq":1,"ts":2,"type":"Lagged","missed":"many"}"#,
    ] {
        let read: EventLine = serde_json::from_str(golden).unwrap();
        assert!(matches!(read.event(), MonitorEvent::Unknown { .. }), "{golden}");
        assert_eq!(serde_json::to_string(&read).unwrap(), golden);
    }
}

#[test]
fn fields_come_in_any_order_and_unknown_ones_are_ignored() {
    let shuffled = r#"{"operation":"open","later":[1],"pid":3,"type":"FileOp","path":"/a","ts":2,"seq":1}"#;
    let read: EventLine = serde_json::from_str(shuffled).unwrap();
    assert_eq!(
        serde_json::to_string(&read).unwrap(),
        r#"{"seq":1,"ts":2,"type":"FileOp","path":"/a","operation":"open","pid":3}"#
    );
}

#[test]
fn what_is_not_a_line_is_an_error() {
    for bad in [
        "",
        "7",
        "[]",
        "{}",
        r#"{"seq":1}"#,
        r#"{"type":7}"#,
        r#"{"type":"FileOp","seq":"x"}"#,
        r#"{"type":"#,
    ] {
        assert!(serde_json::from_str::<StreamLine>(bad).is_err(), "{bad}");
    }
}

#[test]
fn info_state_summary_and_version() {
    both_ways_pretty::<SessionInfo>(include_str!("golden/info.json"));
    both_ways_pretty::<SessionState>(include_str!("golden/state.json"));
    both_ways_pretty::<SessionSummary>(include_str!("golden/summary.json"));
    both_ways_pretty::<VersionInfo>(include_str!("golden/version.json"));
    both_ways_pretty::<OperatorSessions>(include_str!("golden/operator_sessions.json"));
    both_ways_pretty::<Killed>(include_str!("golden/killed.json"));
    both_ways_pretty::<Suggestions>(include_str!("golden/suggestions.json"));
    both_ways_pretty::<Recording>(include_str!("golden/recording.json"));
    both_ways_pretty::<History>(include_str!("golden/history.json"));
}

#[test]
fn sessions_of_a_key() {
    both_ways_pretty::<GroupState>(include_str!("golden/group_state.json"));
    both_ways_pretty::<Vec<KeyGroup>>(include_str!("golden/keys.json"));
    both_ways_pretty::<Vec<KeyKilled>>(include_str!("golden/keys_killed.json"));
}

#[test]
fn a_detail_is_a_summary_with_a_state() {
    let mut golden: Value = serde_json::from_str(include_str!("golden/summary.json")).unwrap();
    golden["state"] = serde_json::from_str(include_str!("golden/state.json")).unwrap();
    let read: SessionDetail = serde_json::from_value(golden.clone()).unwrap();
    assert_eq!(serde_json::to_value(&read).unwrap(), golden);
}

#[test]
fn the_fields_of_a_summary_cannot_be_set_by_an_info() {
    let mut summary: SessionSummary = serde_json::from_str(include_str!("golden/summary.json")).unwrap();
    summary.ended_at = Some("2026-11-20T19:00:00Z".to_owned());
    summary.end = Some(SessionEnd::Closed);
    (summary.before, summary.suppressed, summary.process_count) = (1, 1, 1);
    summary.notes = vec!["a note".to_owned()];
    summary.traffic = Some(Traffic::default());
    summary.recording = Some(Recording::default());
    let mut fields = serde_json::to_value(&summary).unwrap();
    fields["state"] = Value::Null;
    let answer = InfoAnswer::read(fields.to_string().as_bytes()).unwrap();
    assert_eq!((answer.info, answer.extra), (summary.info, summary.extra));
}

#[test]
fn an_info_of_another_version_is_read_with_defaults() {
    let read: SessionInfo = serde_json::from_str(r#"{"session_id":"x","novel":{"a":1}}"#).unwrap();
    assert_eq!(
        read,
        SessionInfo {
            session_id: "x".to_owned(),
            ..SessionInfo::default()
        }
    );
}

#[test]
fn null_is_the_default_of_a_field() {
    let text = r#"{"session_id":"x","target":null,"processes":null,"port_subscriptions":[{"port":1,"mode":null}],
        "counts":null,"rate":null,"status":null,"suppressed":null,"config":null}"#;
    let read: SessionSummary = from_json(text).unwrap();
    let port = PortSubscription {
        port: 1,
        ..PortSubscription::default()
    };
    let info = SessionInfo {
        session_id: "x".to_owned(),
        port_subscriptions: vec![port],
        ..SessionInfo::default()
    };
    let summary = SessionSummary {
        info,
        ..SessionSummary::default()
    };
    assert_eq!(read, summary);
    let state = r#"{"processes":null,"port_subscriptions":null,"paths":{"items":null},"counters":{"by_type":null}}"#;
    assert_eq!(from_json::<SessionState>(state).unwrap(), SessionState::default());
    let settings: MirrorSettings =
        from_json(r#"{"address":null,"port":null,"allowed_hosts":null,"tls":null}"#).unwrap();
    assert_eq!(settings, MirrorSettings::default());
}

#[test]
fn permissions_that_are_not_known_are_skipped() {
    let me: Me = from_json(r#"{"permissions":["read","fly",{"later":1}],"later":{}}"#).unwrap();
    assert_eq!(me.permissions, [Permission::Read]);
    assert_eq!(from_json::<Me>(r#"{"permissions":null}"#).unwrap(), Me::default());
}

/// Fields and values under their earlier and their present names, as a peer of any version writes them.
#[test]
fn earlier_names_and_present_ones_are_read_alike() {
    fn alike<T: DeserializeOwned + PartialEq + std::fmt::Debug + Default>(earlier: &str, present: &str) {
        let read: T = from_json(earlier).unwrap();
        assert_eq!(read, from_json(present).unwrap());
        assert_ne!(read, T::default(), "{earlier} is not read");
    }
    alike::<Me>(r#"{"may":["read"]}"#, r#"{"permissions":["read"]}"#);
    alike::<SessionSummary>(r#"{"withheld":3}"#, r#"{"suppressed":3}"#);
    alike::<OperatorSessions>(r#"{"more":3}"#, r#"{"omitted":3}"#);
    alike::<SessionState>(r#"{"policy":"interesting"}"#, r#"{"policy":"deduplicated"}"#);
    alike::<SessionState>(r#"{"processes_more":3}"#, r#"{"processes_omitted":3}"#);
    alike::<SessionState>(r#"{"paths":{"more":3}}"#, r#"{"paths":{"omitted":3}}"#);
    alike::<MirrorSettings>(r#"{"names":["box"]}"#, r#"{"allowed_hosts":["box"]}"#);
    alike::<MirrorSettingsChange>(r#"{"names":[]}"#, r#"{"allowed_hosts":[]}"#);
    alike::<MirrorStatus>(
        r#"{"tickets":[{"state":"over"}]}"#,
        r#"{"tickets":[{"state":"expired"}]}"#,
    );
    let lines = [
        r#"{"type":"Lagged","missed":3,"withheld":{"total":3}}"#,
        r#"{"type":"Lagged","missed":3,"suppressed":{"total":3}}"#,
    ];
    let [earlier, present] = lines.map(|line| serde_json::from_str::<StreamLine>(line).unwrap());
    assert_eq!(earlier, present);
    assert!(matches!(
        earlier,
        StreamLine::Control(Control::Lagged {
            suppressed: Some(_),
            ..
        })
    ));
    let messages = ["withheld", "suppressed"]
        .map(|name| format!(r#"{{"type":"lagged","session_id":"a","missed":3,"{name}":2}}"#))
        .map(|text| from_json::<WsMessage>(&text).unwrap());
    assert_eq!(messages[0], messages[1]);
    assert!(matches!(messages[0], WsMessage::Lagged { suppressed: 2, .. }));
}

#[test]
fn an_array_is_not_a_struct_of_defaults() {
    assert!(from_json::<VersionInfo>("[]").is_err());
    assert!(from_json::<SessionDetail>(r#"{"state":[]}"#).is_err());
    assert!(from_json::<SessionInfo>(r#"{"processes":[[]]}"#).is_err());
    assert!(from_json::<MirrorStatus>(r#"{"settings":[]}"#).is_err());
    for text in [
        r#"{"type":"mirror.sidebar.updated","data":[]}"#,
        r#"{"type":"session_added","data":[]}"#,
        r#"{"data":[],"type":"session_added"}"#,
    ] {
        assert!(from_json::<WsMessage>(text).is_err(), "{text}");
    }
}

#[test]
fn websocket_messages() {
    for golden in include_str!("golden/ws.ndjson").lines() {
        let read: WsMessage = serde_json::from_str(golden).unwrap_or_else(|error| panic!("{golden}: {error}"));
        assert!(!matches!(read, WsMessage::Other { .. }), "{golden}");
        assert_eq!(serde_json::to_string(&read).unwrap(), golden);
    }
}

#[test]
fn websocket_messages_come_in_any_order_and_novel_ones_are_named() {
    for golden in include_str!("golden/ws.ndjson").lines() {
        let Value::Object(fields) = serde_json::from_str(golden).unwrap() else {
            panic!("not an object")
        };
        let backwards: Vec<_> = fields
            .iter()
            .rev()
            .map(|(name, value)| format!("\"{name}\":{value}"))
            .collect();
        let read: WsMessage = serde_json::from_str(&format!("{{{}}}", backwards.join(","))).unwrap();
        assert_eq!(serde_json::to_value(&read).unwrap(), Value::Object(fields));
    }
    let novel: WsMessage = serde_json::from_str(r#"{"type":"mirror.unheard.of","data":{"order":[]}}"#).unwrap();
    assert_eq!(
        novel,
        WsMessage::Other {
            kind: "mirror.unheard.of".to_owned()
        }
    );
}

#[test]
fn the_released_dialect_is_read_into_the_same_events() {
    for row in include_str!("golden/released.tsv").lines() {
        let (theirs, ours) = row.split_once('\t').unwrap();
        let event = released::read(theirs).unwrap_or_else(|error| panic!("{theirs}: {error}"));
        let (line, text) = event.line(7, 9).unwrap();
        assert_eq!(text, ours);
        let read: EventLine = serde_json::from_str(&text).unwrap();
        assert_eq!((read.event().kind(), read.pid()), (line.event().kind(), line.pid()));
    }
}

/// Payloads that a released mirrord (3.250) sent while a Python program ran under it.
#[test]
fn the_released_dialect_is_written_to_the_letter() {
    let payloads = include_str!("golden/released.ndjson").lines();
    let mut count = 0;
    for theirs in payloads {
        let observation = released::observation(theirs).unwrap_or_else(|error| panic!("{theirs}: {error}"));
        assert_eq!(released::to_json(&observation.event).as_deref(), Some(theirs));
        count += 1;
    }
    assert!(count > 100, "only {count} payloads were found");
}
