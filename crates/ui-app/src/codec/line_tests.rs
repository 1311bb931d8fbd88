//! A line means here what it means to `mirrord-wire`.

use std::borrow::Cow;

use mirrord_wire::{EventLine, MonitorEvent, Unhooked};
use proptest::prelude::*;

use super::*;

fn owned(text: &Option<Cow<'_, str>>) -> Option<String> {
    text.as_deref().map(str::to_owned)
}

/// Fields of a line that are compared.
type Compared = (
    u64,
    u64,
    String,
    MonitorEvent,
    Option<u32>,
    Option<Outcome>,
    Option<Routing>,
    Option<String>,
);

/// The line in the wire's own form, an unknown event without its fields.
fn ours(line: &Line<'_>) -> Compared {
    let event = match &line.event {
        Event::File { path, operation } => MonitorEvent::FileOp {
            path: owned(path),
            operation: operation.clone().into_owned().into(),
        },
        Event::Dns { host } => MonitorEvent::DnsQuery {
            host: host.clone().into_owned(),
        },
        Event::Connect {
            address,
            port,
            protocol,
        } => MonitorEvent::OutgoingConnection {
            address: address.clone().into_owned(),
            port: *port,
            protocol: owned(protocol).map(Cow::Owned),
        },
        Event::Port {
            port,
            mode,
            filter,
            address,
        } => MonitorEvent::PortSubscription {
            port: *port,
            mode: mode.clone().into_owned().into(),
            filter: owned(filter),
            address: owned(address),
        },
        Event::Env { vars } => {
            let mut read = Vec::new();
            variables(*vars, &mut |name, value| read.push((name.into_owned(), owned(&value)))).unwrap();
            MonitorEvent::EnvVar { vars: read }
        }
        Event::Started {
            pid,
            parent_pid,
            process_name,
            cmdline,
            cwd,
        } => {
            let mut read = Vec::new();
            if let Some(cmdline) = cmdline {
                words(*cmdline, &mut |word| read.push(word.into_owned())).unwrap();
            }
            MonitorEvent::LayerConnected {
                pid: *pid,
                parent_pid: *parent_pid,
                process_name: owned(process_name),
                cmdline: read,
                cwd: owned(cwd),
            }
        }
        Event::Ended { pid, exit } => MonitorEvent::LayerDisconnected {
            pid: *pid,
            exit: exit.clone(),
        },
        Event::Update(update) => MonitorEvent::ConnectionUpdate(update.clone()),
        Event::Listener(update) => MonitorEvent::ListenerUpdate(update.clone()),
        Event::Request { method, path, host } => MonitorEvent::IncomingRequest {
            method: method.clone().into_owned(),
            path: path.clone().into_owned(),
            host: host.clone().into_owned(),
        },
        Event::Unknown => MonitorEvent::Unknown {
            kind: line.kind.clone().into_owned(),
            fields: vec![],
        },
    };
    (
        line.seq,
        line.ts,
        line.kind.clone().into_owned(),
        event,
        line.pid,
        line.outcome,
        line.routing,
        owned(&line.rule),
    )
}

fn theirs(line: EventLine) -> Compared {
    let (kind, pid) = (line.event().kind().to_owned(), line.pid());
    let rule = line.observation.rule.map(Cow::into_owned);
    let undecided = line.observation.detail.and_then(|detail| match detail.unhooked {
        Some(Unhooked::Static) => Some(Routing::Static),
        Some(Unhooked::Loader) => Some(Routing::Loader),
        None => (!detail.depends_on.is_empty()).then_some(Routing::Depends),
    });
    let event = match line.observation.event {
        MonitorEvent::Unknown { kind, .. } => MonitorEvent::Unknown { kind, fields: vec![] },
        known => known,
    };
    (
        line.seq,
        line.ts,
        kind,
        event,
        pid,
        line.observation.outcome,
        line.observation.routing.map(Into::into).or(undecided),
        rule,
    )
}

fn agrees(text: &str) {
    let wire: Option<mirrord_wire::StreamLine> = serde_json::from_str(text).ok();
    let own = StreamLine::read(text);
    match (wire, &own) {
        (None, None) => {}
        (Some(mirrord_wire::StreamLine::Event(line)), Some(StreamLine::Event(own))) => {
            assert_eq!(ours(own), theirs(line), "{text}");
        }
        (Some(mirrord_wire::StreamLine::Control(_)), Some(StreamLine::Lagged(_) | StreamLine::Heartbeat)) => {}
        (wire, own) => panic!("{text}: {wire:?} and {own:?}"),
    }
}

const GOLDENS: &str = include_str!("../../../wire/tests/golden/events.ndjson");

#[test]
fn the_goldens_mean_what_they_mean_to_the_wire() {
    GOLDENS.lines().for_each(agrees);
    include_str!("../../../wire/tests/golden/suppressed.ndjson")
        .lines()
        .for_each(agrees);
    assert!(GOLDENS.lines().count() > 15);
}

#[test]
fn odd_shapes_mean_what_they_mean_to_the_wire() {
    let texts = [
        r#"{"type":"FileOp","operation":"read"}"#,
        r#"{"type":"FileOp","path":null,"path":"/a","operation":"read"}"#,
        r#"{"type":"FileOp","path":"\ud800","operation":"read","pid":1}"#,
        r#"{"type":"FileOp","path":"/a"}"#,
        r#"{"type":"X","type":"DnsQuery","host":"h","seq":1,"seq":2}"#,
        r#"{"type":"DnsQuery","host":"h","pid":-1,"routing":"REMOTE","rule":5}"#,
        r#"{"type":"DnsQuery","host":"h","pid":4294967296}"#,
        r#"{"type":"OutgoingConnection","address":"a","port":null,"protocol":null}"#,
        r#"{"type":"OutgoingConnection","address":"a","port":"80"}"#,
        r#"{"type":"EnvVar","vars":["A",["B","b"],["C",null]]}"#,
        r#"{"type":"EnvVar","vars":[["A"]]}"#,
        r#"{"type":"EnvVar","vars":[["A","b","c"]]}"#,
        r#"{"type":"EnvVar","vars":[[null,"b"]]}"#,
        r#"{"type":"EnvVar","vars":[["\ud800","b"]]}"#,
        r#"{"type":"EnvVar","vars":[]}"#,
        r#"{"type":"EnvVar","vars":{}}"#,
        r#"{"type":"LayerConnected","pid":1,"cmdline":[1],"parent_pid":null,"process_name":7}"#,
        r#"{"type":"LayerConnected"}"#,
        r#"{"type":"LayerDisconnected","pid":"1"}"#,
        r#"{"type":"Lagged"}"#,
        r#"{"type":"Lagged","missed":"2"}"#,
        r#"{"type":"Lagged","missed":2,"missed":3}"#,
        r#"{"type":"Heartbeat"}"#,
        r#"{"type":5}"#,
        r#"{"type":"\ud800"}"#,
        r#"{"seq":1}"#,
        r#"{"seq":-1,"type":"X"}"#,
        r#"{"seq":1.0,"type":"X"}"#,
        r#"{"seq":18446744073709551616,"type":"X"}"#,
        r#"{"type":"X","\ud800":1}"#,
        r#"{"type":"X"} x"#,
        "[]",
    ];
    texts.into_iter().for_each(agrees);
}

#[test]
fn a_line_is_plain_where_nothing_else_is_in_it() {
    let is_plain = |text: &str| Line::read(text).unwrap().is_plain;
    assert!(is_plain(
        r#"{"seq":1,"ts":2,"type":"FileOp","path":"/a","operation":"open","pid":3,"routing":"local","rule":"r"}"#
    ));
    assert!(is_plain(r#"{"seq":1,"ts":2,"type":"LayerDisconnected","pid":3}"#));
    for text in [
        r#"{"type":"FileOp","path":"/a","operation":"open","new":1}"#,
        r#"{"type":"FileOp","path":"/a","operation":"open","routing":"elsewhere"}"#,
        r#"{"type":"FileOp","path":"/a","operation":"open","pid":"three"}"#,
        r#"{"type":"FileOp","path":"/a","operation":"open","path":"/b"}"#,
        r#"{"type":"DnsQuery","host":"a","port":1}"#,
        r#"{"type":"Novel","pid":3}"#,
    ] {
        assert!(!is_plain(text), "{text}");
    }
}

#[test]
fn values_are_taken_out_of_the_text_and_nothing_else_is() {
    let text = r#"{"seq":1,"type":"EnvVar","vars":[["A\n","b"], ["C",null] ,"D"],"rule":"\u0061"}"#;
    assert_eq!(
        without_values(text, Some("•")),
        r#"{"seq":1,"type":"EnvVar","vars":[["A\n","•"],["C",null],["D",null]],"rule":"\u0061"}"#
    );
    let other = r#"{"type":"DnsQuery","vars":[["A","b"]],"host":"h"}"#;
    assert_eq!(without_values(other, Some("•")), other);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn a_golden_with_some_bytes_changed_means_what_it_means_to_the_wire(
        line in any::<prop::sample::Index>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), prop::sample::select(b"\"\\{}[],:0e- \x01tnul19".to_vec())), 1..3),
    ) {
        let lines: Vec<&str> = GOLDENS.lines().filter(|line| line.is_ascii()).collect();
        let mut bytes = lines[line.index(lines.len())].as_bytes().to_vec();
        for (place, byte) in changes {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        agrees(&String::from_utf8(bytes).unwrap());
    }
}

#[test]
fn a_decision_that_is_open_or_never_made_has_its_reason() {
    use crate::state::routing::Routing;
    let routing = |fields: &str| {
        let text = format!("{{\"seq\":1,\"ts\":1,\"type\":\"DnsQuery\",\"host\":\"db\"{fields}}}");
        match StreamLine::read(&text) {
            Some(StreamLine::Event(line)) => (line.routing, line.is_plain),
            _ => (None, false),
        }
    };
    assert_eq!(routing(""), (None, true));
    assert_eq!(routing(r#","routing":"mock""#), (Some(Routing::Mock), true));
    assert_eq!(routing(r#","routing":"error""#), (Some(Routing::Error), true));
    assert_eq!(
        routing(r#","rule":"a","depends_on":["remote_dns: db"]"#),
        (Some(Routing::Depends), false)
    );
    assert_eq!(routing(r#","unhooked":"static""#), (Some(Routing::Static), false));
    assert_eq!(routing(r#","unhooked":"loader""#), (Some(Routing::Loader), false));
    assert_eq!(routing(r#","unhooked":"later""#), (None, false));
}
