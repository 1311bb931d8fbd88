//! The ring keeps what it is given, up to its bounds, and says what it gave up.

use std::borrow::Cow;

use mirrord_wire::{EventLine, Exit, MonitorEvent, Observation, Outcome, Routing};
use proptest::prelude::*;

use super::*;
use crate::codec::line::sent;
use crate::state::log::entry::MAX_TEXT_BYTES;

fn file(seq: u64, path: &str) -> EventLine {
    EventLine {
        seq,
        ts: seq,
        observation: MonitorEvent::FileOp {
            path: Some(path.to_owned()),
            operation: "open".into(),
        }
        .into(),
    }
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[a-z/: .]{0,20}",
        "<UNIX-PATH> /[a-z]{0,5}",
        "([0-9]{1,3}\\.){3}[0-9]{1,3}"
    ]
}

fn event() -> impl Strategy<Value = MonitorEvent> {
    prop_oneof![
        (prop::option::of(text()), text()).prop_map(|(path, operation)| MonitorEvent::FileOp {
            path,
            operation: operation.into()
        }),
        text().prop_map(|host| MonitorEvent::DnsQuery { host }),
        (text(), any::<u16>(), prop::option::of(text())).prop_map(|(address, port, protocol)| {
            MonitorEvent::OutgoingConnection {
                address,
                port,
                protocol: protocol.map(Cow::Owned),
            }
        }),
        (any::<u16>(), text(), prop::option::of(text())).prop_map(|(port, mode, filter)| {
            MonitorEvent::PortSubscription {
                port,
                mode: mode.into(),
                filter,
                address: None,
            }
        }),
        prop::collection::vec((text(), prop::option::of(text())), 0..4).prop_map(|vars| MonitorEvent::EnvVar { vars }),
        (
            any::<u32>(),
            prop::option::of(text()),
            prop::collection::vec(text(), 0..4)
        )
            .prop_map(|(pid, process_name, cmdline)| {
                MonitorEvent::LayerConnected {
                    pid,
                    parent_pid: None,
                    process_name,
                    cmdline,
                    cwd: None,
                }
            }),
        any::<u32>().prop_map(|pid| MonitorEvent::LayerDisconnected {
            pid,
            exit: Exit {
                code: (pid % 3 == 0).then_some(-1),
                signal: None
            }
        }),
        (text(), text(), text()).prop_map(|(method, path, host)| MonitorEvent::IncomingRequest { method, path, host }),
        text().prop_map(|value| MonitorEvent::Unknown {
            kind: "Novelty".into(),
            fields: vec![(
                "a".into(),
                serde_json::from_str(&serde_json::to_string(&value).unwrap()).unwrap()
            )]
        }),
    ]
}

fn line() -> impl Strategy<Value = EventLine> {
    let routing = prop::option::of(prop::sample::select(vec![
        Routing::Remote,
        Routing::Local,
        Routing::NotFound,
    ]));
    (
        any::<u64>(),
        any::<u64>(),
        event(),
        prop::option::of(any::<u32>()),
        prop::option::of(prop::sample::select(Outcome::ALL.to_vec())),
        routing,
        prop::option::of(text()),
    )
        .prop_map(|(seq, ts, event, pid, outcome, routing, rule)| {
            let layer = matches!(
                event,
                MonitorEvent::LayerConnected { .. } | MonitorEvent::LayerDisconnected { .. }
            );
            let unknown = matches!(event, MonitorEvent::Unknown { .. });
            let observation = Observation {
                event,
                // The wire says neither beside events that have a process of their own, or an unknown shape.
                pid: pid.filter(|_| !layer && !unknown),
                outcome: outcome.filter(|_| !unknown),
                routing: routing.filter(|_| !unknown),
                rule: rule.filter(|_| !unknown).map(Cow::Owned),
                detail: None,
                root: None,
            };
            EventLine { seq, ts, observation }
        })
}

proptest! {
    #[test]
    fn what_goes_in_comes_out(lines in prop::collection::vec(line(), 1..60)) {
        let mut ring = Ring::default();
        lines.iter().for_each(|line| sent(line, |line| ring.push(line)));
        for (position, line) in lines.iter().enumerate() {
            let entry = ring.get(position as u64).unwrap();
            let json = |line: &EventLine| serde_json::to_string(line).unwrap();
            prop_assert_eq!(entry.json().unwrap(), json(line));
            prop_assert_eq!([entry.lead(), entry.main(), entry.tail()].concat(), entry.haystack());
        }
        prop_assert_eq!(ring.from(0).count(), lines.len());
    }
}

#[test]
fn the_oldest_rows_go_at_the_bound_and_are_counted() {
    let mut ring = Ring::default();
    let pushed = 3 * MAX_ROWS;
    (1..=pushed).for_each(|seq| sent(&file(seq, "/etc/hosts"), |line| ring.push(line)));
    let kept = ring.end() - ring.first();
    assert!(kept <= MAX_ROWS && kept > MAX_ROWS - 2 * SEGMENT_ROWS as u64);
    assert_eq!(ring.dropped() + kept, pushed);
    assert!(ring.get(ring.first() - 1).is_none() && ring.get(ring.end()).is_none());
    assert_eq!(
        ring.get(ring.first()).unwrap().seq(),
        ring.first() + 1,
        "positions keep their rows"
    );
    assert_eq!(ring.from(0).next().unwrap().0, ring.first());
}

#[test]
fn long_paths_are_bounded_by_bytes() {
    let mut ring = Ring::default();
    let path = format!("/{}", "x".repeat(100_000));
    (1..=1_000).for_each(|seq| sent(&file(seq, &path), |line| ring.push(line)));
    let held: usize = ring.segments.iter().map(Segment::bytes).sum();
    assert_eq!(held, ring.bytes, "the account is right");
    assert!(held <= MAX_BYTES);
}

#[test]
fn a_monstrous_path_is_shortened_and_says_so() {
    let mut ring = Ring::default();
    sent(&file(1, &"é".repeat(MAX_TEXT_BYTES)), |line| ring.push(line));
    sent(&file(2, "/etc/hosts"), |line| ring.push(line));
    let entry = ring.get(0).unwrap();
    assert!(entry.haystack().len() <= MAX_TEXT_BYTES);
    let json = entry.json().unwrap();
    assert!(json.contains("Shortened") && json.contains("bytes"), "{json}");
    assert_eq!(ring.get(1).unwrap().main(), "hosts");
}

#[test]
fn paths_are_told_apart_into_what_steps_back_and_what_does_not() {
    let mut ring = Ring::default();
    ["/etc/app/config.yaml", "/etc/app/", "relative", "/", ""]
        .iter()
        .for_each(|path| sent(&file(1, path), |line| ring.push(line)));
    let parts: Vec<_> = ring
        .from(0)
        .map(|(_, entry)| (entry.lead(), entry.main(), entry.tail()))
        .collect();
    let wanted = [
        ("/etc/app/", "config.yaml"),
        ("/etc/", "app/"),
        ("", "relative"),
        ("", "/"),
        ("", ""),
    ];
    assert_eq!(parts, wanted.map(|(lead, main)| (lead, main, " open")));
}

#[test]
fn pinned_rows_stay_and_newer_ones_go_in_their_place() {
    let mut ring = Ring::default();
    let push = |ring: &mut Ring, range: std::ops::Range<u64>| {
        range.for_each(|seq| sent(&file(seq, "/a"), |line| ring.push(line)));
    };
    push(&mut ring, 0..MAX_ROWS + 5_000);
    let (first, end) = (ring.first(), ring.end());
    ring.pin();
    push(&mut ring, end..end + 3 * MAX_ROWS);
    assert_eq!(ring.first(), first);
    assert!((first..end).all(|position| ring.get(position).is_some_and(|entry| entry.seq() == position)));
    let (start, gone) = ring.hole();
    assert!(start >= end && gone > start && ring.get(start).is_none() && ring.get(gone).is_some());
    assert_eq!(ring.from(0).count() as u64, ring.count_from(0));
    assert!(
        ring.count_from(end) <= MAX_WAITING_ROWS + 1_024,
        "{}",
        ring.count_from(end)
    );
    let kept = ring.dropped() + ring.count_from(0);
    assert_eq!(kept, ring.end(), "each row is kept or counted as dropped");
    ring.unpin();
    assert_eq!((ring.first(), ring.hole()), (gone, (0, 0)));
    assert_eq!(ring.dropped() + ring.count_from(0), ring.end());
}

#[test]
fn pinned_rows_that_fit_beside_the_newer_ones_are_joined_by_them() {
    let mut ring = Ring::default();
    (0..5_000).for_each(|seq| sent(&file(seq, "/a"), |line| ring.push(line)));
    ring.pin();
    (5_000..10_000).for_each(|seq| sent(&file(seq, "/a"), |line| ring.push(line)));
    ring.unpin();
    assert_eq!((ring.first(), ring.count_from(0), ring.dropped()), (0, 10_000, 0));
}
