//! Tests of the names inferred for addresses, never beyond what was seen.

use super::*;

const SECOND: u64 = 1_000_000;

fn mark(pid: u32, ts: u64) -> Mark {
    Mark {
        ts,
        pid: Some(pid),
        ..Mark::default()
    }
}

fn names(network: &Network, destination: u32) -> Vec<(&str, Sure)> {
    network.names_of(destination).collect()
}

#[test]
fn the_only_name_that_a_process_asked_for_is_likely_the_one() {
    let mut network = Network::default();
    network.asked("db", mark(1, SECOND));
    network.asked("other", mark(2, SECOND));
    network.connected("10.0.0.1", 5432, Some("tcp"), mark(1, SECOND + 5));
    assert_eq!(network.destination(0), "10.0.0.1:5432");
    assert_eq!(names(&network, 0), [("db", Sure::Likely)]);
    assert_eq!(network.led_to(0).collect::<Vec<_>>(), [("10.0.0.1:5432", Sure::Likely)]);
    assert_eq!(network.led_to(1).count(), 0, "another process connected nowhere");
}

#[test]
fn a_name_of_another_machine_never_led_to_this_one() {
    for address in ["127.0.0.1", "::1", "0.0.0.0", "::ffff:127.0.0.1"] {
        let mut network = Network::default();
        network.asked("postgres", mark(1, SECOND));
        network.connected(address, 5439, Some("tcp"), mark(1, SECOND + 5));
        assert_eq!(
            (network.led_to(0).count(), names(&network, 0).len()),
            (0, 0),
            "{address}"
        );
        network.asked("app.localhost.", mark(1, SECOND + 6));
        network.connected(address, 80, Some("tcp"), mark(1, SECOND + 7));
        assert_eq!(names(&network, 1), [("app.localhost.", Sure::Likely)]);
    }
}

#[test]
fn a_name_that_is_not_found_later_led_nowhere_either() {
    let mut network = Network::default();
    let failed = Mark {
        routing: Some(Routing::NotFound),
        ..mark(1, SECOND + 1)
    };
    network.asked("postgres", mark(1, SECOND));
    network.asked("postgres", failed);
    network.connected("10.0.0.1", 5439, Some("tcp"), mark(1, SECOND + 5));
    assert_eq!(names(&network, 0), []);
    network.asked("db", mark(1, SECOND + 6));
    network.connected("10.0.0.2", 1, None, mark(1, SECOND + 7));
    assert_eq!(names(&network, 1), [("db", Sure::Likely)]);
    network.asked("db", failed);
    assert_eq!((names(&network, 1), network.led_to(1).count()), (vec![], 0));
}

#[test]
fn of_several_names_the_last_is_no_more_than_perhaps() {
    let mut network = Network::default();
    network.asked("db", mark(1, SECOND));
    network.asked("cache", mark(1, SECOND + 1));
    network.connected("10.0.0.1", 1, None, mark(1, SECOND + 2));
    assert_eq!(names(&network, 0), [("cache", Sure::Perhaps)]);
    assert_eq!(
        network.led_to(1).collect::<Vec<_>>(),
        [("10.0.0.1:1", Sure::Perhaps)],
        "as sure seen from the name"
    );
}

#[test]
fn a_name_that_was_connected_to_does_not_stand_in_the_way_of_the_next() {
    let mut network = Network::default();
    network.asked("db", mark(1, SECOND));
    network.connected("10.0.0.1", 1, None, mark(1, SECOND + 1));
    network.connected("10.0.0.2", 1, None, mark(1, SECOND + 2));
    network.asked("cache", mark(1, 3 * SECOND));
    network.connected("10.0.0.3", 1, None, mark(1, 3 * SECOND + 1));
    assert_eq!(
        names(&network, 1),
        [("db", Sure::Likely)],
        "a second address of the same name"
    );
    assert_eq!(names(&network, 2), [("cache", Sure::Perhaps)]);
    network.asked("queue", mark(1, 6 * SECOND));
    network.connected("10.0.0.4", 1, None, mark(1, 6 * SECOND + 1));
    assert_eq!(names(&network, 3).last().map(|(name, _)| *name), Some("queue"));
}

#[test]
fn an_old_question_a_dns_server_and_a_unix_socket_have_no_name() {
    let mut network = Network::default();
    network.asked("db", mark(1, SECOND));
    network.connected("10.0.0.9", 53, Some("udp"), mark(1, SECOND + 1));
    network.connected("<UNIX-PATH> /run/x", 0, None, mark(1, SECOND + 2));
    network.connected("::1", 80, None, mark(1, SECOND + MAX_AGE + 1));
    assert!((0..3).all(|row| names(&network, row).is_empty()));
    assert_eq!(
        [0, 1, 2].map(|row| network.destination(row)),
        ["10.0.0.9:53", "/run/x", "[::1]:80"]
    );
    assert_eq!(network.connections(1).1, Protocol::Unix);
}

#[test]
fn what_was_not_found_is_told_apart_and_led_nowhere() {
    let mut network = Network::default();
    let routing = Some(Routing::NotFound);
    network.asked("nope", Mark { routing, ..mark(1, 1) });
    network.connected("10.0.0.1", 80, None, mark(1, 2));
    assert!(network.lookups(0).is_not_found());
    assert_eq!(names(&network, 0), []);
}

#[test]
fn tables_are_sorted_and_searched_by_address_and_name() {
    let mut network = Network::default();
    network.asked("db", mark(1, 1));
    network.connected("10.0.0.2", 1, Some("udp"), mark(1, 2));
    for ts in 3..5 {
        network.connected("10.0.0.1", 1, Some("tcp"), mark(2, ts));
    }
    let by = |column, descending| Sort { column, descending };
    assert_eq!(network.found_destinations(""), [0, 1]);
    assert_eq!(network.found_destinations("db"), [0]);
    assert_eq!(network.found_destinations("0.1:"), [1]);
    assert_eq!(network.sorted_hosts("", by(1, false)), [0]);
    assert_eq!(network.top_hosts(3), [("db", 1)]);
}

#[test]
fn a_flood_of_questions_is_bounded() {
    let mut network = Network::default();
    for number in 0..20_000_u64 {
        network.asked(&format!("h{number}"), mark(1, number));
    }
    assert_eq!((network.hosts(), network.more()), (MAX_NAMES, 10_000));
    assert!(network.asked.len() <= MAX_RECENT);
}

#[test]
fn a_destination_has_one_row_whether_its_events_or_the_sessions_counts_name_it() {
    for address in ["10.0.0.1", "::1", "<UNIX-PATH> /run/x.sock", "<UNIX-ABSTRACT> bus:0"] {
        let mut network = Network::default();
        network.connected(address, 0, None, mark(1, SECOND));
        network.total_destination(&mirrord_wire::session::destination(address, 0), 5);
        assert_eq!(
            (network.destinations(), network.connections(0).0.count),
            (1, 5),
            "{address}"
        );
    }
}
