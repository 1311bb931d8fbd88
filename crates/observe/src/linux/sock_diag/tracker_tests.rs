//! Tests of the tracker: looks and notices in, updates out.

use mirrord_wire::ListenerUpdate;

use super::super::socket::Bytes;
use super::*;

fn socket(cookie: u64, state: u8, ends: [&str; 2], received: u64, sent: u64) -> TcpSocket {
    TcpSocket {
        cookie,
        inode: if state == 7 { 0 } else { cookie + 100 },
        state: TcpState(state),
        local: ends[0].parse().unwrap(),
        remote: ends[1].parse().unwrap(),
        is_v6: false,
        only_v6: false,
        bytes: Some(Bytes {
            received,
            acked: sent + 1,
            sent,
            rtt_us: 30,
        }),
    }
}

fn bound(inode: u64, address: &str) -> Bound {
    Bound {
        inode,
        address: address.parse().unwrap(),
        only_v6: false,
    }
}

const LOCAL: &str = "10.0.0.1:80";
const REMOTE: &str = "10.0.0.2:4000";

/// A look that shows these sockets, and listeners by inode and address.
fn look(tracker: &mut Tracker, listeners: &[(u64, &str)], sockets: &[TcpSocket]) -> Vec<Observation> {
    let mut updates = Vec::new();
    tracker.begin_look();
    for (inode, address) in listeners {
        tracker.take(TcpSocket {
            inode: *inode,
            ..socket(*inode, 10, [address, "0.0.0.0:0"], 0, 0)
        });
    }
    sockets.iter().cloned().for_each(|socket| tracker.take(socket));
    tracker.end_look(&mut |update| updates.push(update));
    updates
}

fn listener(updates: &[Observation]) -> ListenerUpdate {
    let updates = updates.iter().rev();
    let found = updates.filter_map(|update| match &update.event {
        MonitorEvent::ListenerUpdate(update) => Some((**update).clone()),
        _ => None,
    });
    found.into_iter().next().expect("a listener")
}

fn connection(updates: &[Observation]) -> (Option<u32>, Option<Outcome>, ConnectionUpdate) {
    let found = updates.iter().rev().find_map(|update| match &update.event {
        MonitorEvent::ConnectionUpdate(own) => Some((update.pid, update.outcome, (**own).clone())),
        _ => None,
    });
    found.expect("a connection")
}

#[test]
fn short_and_long_arrivals_are_counted_once_each() {
    let mut tracker = Tracker::default();
    tracker.listens(1, 7, "tcp", Some(bound(1, LOCAL)));
    let first = look(&mut tracker, &[(1, LOCAL)], &[]);
    let none = listener(&first);
    assert_eq!(
        (none.arrivals, none.open, none.last_ts, none.bytes_in),
        (Some(0), Some(0), None, Some(0))
    );
    let long = socket(2, 1, [LOCAL, REMOTE], 10, 20);
    let mut updates = look(&mut tracker, &[(1, LOCAL)], std::slice::from_ref(&long));
    tracker.destroyed(socket(3, 7, [LOCAL, "10.0.0.2:4001"], 6, 5), &mut |update| {
        updates.push(update)
    });
    tracker.destroyed(socket(2, 7, [LOCAL, REMOTE], 11, 20), &mut |update| {
        updates.push(update)
    });
    updates.extend(look(&mut tracker, &[(1, LOCAL)], &[]));
    let all = listener(&updates);
    assert_eq!((all.arrivals, all.open), (Some(2), Some(0)));
    assert_eq!((all.bytes_in, all.bytes_out), (Some(15), Some(25)), "a FIN is no byte");
    assert!(all.last_ts.is_some() && updates.iter().all(|update| update.pid == Some(7)));
    let (_, outcome, last) = connection(&updates);
    assert_eq!(
        (outcome, last.direction, &*last.state),
        (Some(Outcome::Connected), Direction::In, "closed")
    );
    assert!(look(&mut tracker, &[(1, LOCAL)], &[]).is_empty(), "nothing has changed");
}

#[test]
fn a_connection_of_the_tree_is_known_by_its_number_and_others_are_not_its_own() {
    let mut tracker = Tracker::default();
    let ends = ["10.0.0.1:5000", "10.0.0.9:5432"];
    tracker.expect(9, 7, ends[1].parse().unwrap(), Instant::now());
    assert_eq!(tracker.tcp_ports().remote, [5432]);
    let stranger = socket(8, 1, ["10.0.0.1:5001", "10.0.0.9:5432"], 1, 1);
    let pending = TcpSocket {
        bytes: Some(Bytes::default()),
        ..socket(9, 2, ends, 0, 0)
    };
    let updates = look(&mut tracker, &[], &[stranger, pending]);
    assert_eq!(updates.len(), 1, "{updates:?}");
    let (pid, outcome, update) = connection(&updates);
    assert_eq!(
        (pid, outcome, &*update.state, update.bytes_in),
        (Some(7), Some(Outcome::Pending), "syn_sent", None)
    );
    let mut ended = Vec::new();
    let refused = TcpSocket {
        bytes: Some(Bytes::default()),
        ..socket(9, 7, ends, 0, 0)
    };
    tracker.destroyed(refused, &mut |update| ended.push(update));
    let (_, outcome, update) = connection(&ended);
    assert_eq!(
        (outcome, &*update.state, update.bytes_out),
        (Some(Outcome::Failed), "closed", None)
    );
    assert!(tracker.is_idle());
}

#[test]
fn what_is_missing_in_two_looks_is_closed() {
    let mut tracker = Tracker::default();
    tracker.listens(1, 7, "tcp", Some(bound(1, LOCAL)));
    look(&mut tracker, &[(1, LOCAL)], &[socket(2, 1, [LOCAL, REMOTE], 3, 4)]);
    assert!(look(&mut tracker, &[], &[]).is_empty());
    let updates = look(&mut tracker, &[], &[]);
    assert_eq!(connection(&updates).2.bytes_in, Some(3));
    assert!(listener(&updates).closed && listener(&updates).arrivals == Some(1));
    assert!(tracker.is_idle() && tracker.tcp_ports().is_empty());
}

#[test]
fn an_end_that_comes_before_its_listener_is_given_back_and_counted_once_that_is_known() {
    let mut tracker = Tracker::default();
    tracker.begin_look();
    let early = tracker.destroyed(socket(3, 7, [LOCAL, REMOTE], 6, 5), &mut |_| {});
    tracker.listens(1, 7, "tcp", Some(bound(1, LOCAL)));
    let mut updates = Vec::new();
    let rest = tracker.destroyed(early.expect("it has no listener yet"), &mut |update| {
        updates.push(update)
    });
    assert!(rest.is_none() && connection(&updates).2.direction == Direction::In);
    updates.extend(look(&mut tracker, &[(1, LOCAL)], &[]));
    assert_eq!(listener(&updates).arrivals, Some(1));
}

#[test]
fn the_very_address_goes_before_one_for_all() {
    let mut tracker = Tracker::default();
    tracker.listens(1, 7, "tcp", Some(bound(1, "0.0.0.0:80")));
    tracker.listens(2, 8, "tcp", Some(bound(2, "127.0.0.1:80")));
    tracker.listens(3, 9, "tcp", Some(bound(3, "[::]:80")));
    for (cookie, local, pid) in [
        (11, "127.0.0.1:80", 8),
        (12, "10.0.0.1:80", 7),
        (13, "[2001:db8::1]:80", 9),
    ] {
        let mut updates = Vec::new();
        tracker.begin_look();
        tracker.destroyed(socket(cookie, 7, [local, REMOTE], 1, 1), &mut |update| {
            updates.push(update)
        });
        assert_eq!(connection(&updates).0, Some(pid), "{local}");
    }
}

#[test]
fn an_arrival_is_its_workers() {
    let mut tracker = Tracker::default();
    tracker.listens(1, 7, "tcp", Some(bound(1, LOCAL)));
    tracker.begin_look();
    tracker.take(socket(2, 1, [LOCAL, REMOTE], 0, 0));
    assert_eq!(tracker.unowned(), HashSet::from([102]));
    tracker.own(&HashMap::from([(102, 12)]));
    let mut updates = Vec::new();
    tracker.end_look(&mut |update| updates.push(update));
    assert_eq!(connection(&updates).0, Some(12));
    assert!(tracker.unowned().is_empty());
}

#[test]
fn a_flood_of_arrivals_is_counted_and_its_events_are_bounded() {
    let mut tracker = Tracker::default();
    tracker.listens(1, 7, "tcp", Some(bound(1, LOCAL)));
    look(&mut tracker, &[(1, LOCAL)], &[]);
    let mut updates = Vec::new();
    for cookie in 0..20_000 {
        tracker.destroyed(socket(cookie + 10, 7, [LOCAL, REMOTE], 2, 2), &mut |update| {
            updates.push(update)
        });
    }
    assert!(updates.len() <= MAX_UPDATES, "{}", updates.len());
    assert_eq!(listener(&look(&mut tracker, &[(1, LOCAL)], &[])).arrivals, Some(20_000));
    assert!(!tracker.take_left_out());
    for cookie in 0..1_000 {
        tracker.expect(cookie, 7, REMOTE.parse().unwrap(), Instant::now());
        tracker.destroyed(socket(cookie, 7, ["10.0.0.1:9", REMOTE], 2, 2), &mut |_| {});
    }
    assert!(tracker.take_left_out() && !tracker.take_left_out());
    for cookie in 0..10_000 {
        tracker.expect(cookie, 7, REMOTE.parse().unwrap(), Instant::now());
    }
    assert_eq!(tracker.expected.len(), MAX_EXPECTED);
}

#[test]
fn a_unix_listener_counts_those_who_have_its_name() {
    let mut tracker = Tracker::default();
    tracker.listens(1, 7, "unix", None);
    let unix = |inode, listens, path: &str| UnixSocket {
        inode,
        listens,
        name: (true, path.as_bytes().to_vec()),
    };
    let mut looked = |sockets: &[UnixSocket]| {
        let mut updates = Vec::new();
        tracker.begin_look();
        tracker.take_unix(sockets);
        tracker.end_look(&mut |update| updates.push(update));
        updates
    };
    let own = unix(1, true, "/run/x");
    let updates = looked(&[own.clone(), unix(2, false, "/run/x"), unix(3, false, "/run/y")]);
    let update = listener(&updates);
    assert_eq!((update.address.as_str(), update.port), ("<UNIX-PATH> /run/x", 0));
    assert_eq!(
        (update.arrivals, update.open, update.bytes_in),
        (Some(1), Some(1), None)
    );
    let update = listener(&looked(std::slice::from_ref(&own)));
    assert_eq!((update.arrivals, update.open), (Some(1), Some(0)));
}
