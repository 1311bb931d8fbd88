//! Connections, ports, and names.

use std::process::{Command, Stdio};

use mirrord_wire::MonitorEvent;

use super::support::{Watch, assert_contains, eventually, tests, without_duplicates};

tests![
    connections_and_ports_are_told,
    every_way_to_ask_for_a_name_is_one_look_up,
    a_reused_descriptor_is_asked_about_again,
    names_asked_for_by_plain_writes_are_told,
    sockets_that_send_nothing_are_no_connections,
    sockets_that_send_nothing_are_none_where_sockets_are_hidden,
    protocols_and_names_are_told_where_sockets_are_hidden,
    threads_without_their_first_are_told_in_full,
    a_port_that_a_program_is_started_with_is_told,
    calls_that_are_not_announced_are_admitted,
];

/// Address without a listener on port 53: what is sent there is lost, as it may be.
const RESOLVER: &str = "127.53.53.53";

fn connection(address: &str, port: u16, protocol: &'static str) -> MonitorEvent {
    MonitorEvent::OutgoingConnection {
        address: address.to_owned(),
        port,
        protocol: Some(protocol.into()),
    }
}

fn listens(events: &[MonitorEvent], wanted: u16) -> bool {
    let is_wanted = |event: &MonitorEvent| matches!(event, MonitorEvent::PortSubscription { port, mode, filter: None, .. } if *port == wanted && mode == "listen");
    events.iter().any(is_wanted)
}

fn names(events: &[MonitorEvent]) -> Vec<&str> {
    let hosts = events.iter().filter_map(|event| match event {
        MonitorEvent::DnsQuery { host } => Some(host.as_str()),
        _ => None,
    });
    hosts.collect()
}

fn connections_and_ports_are_told() {
    let mut watch = Watch::act(&["network"]).change(|host| {
        host.stdin(Stdio::piped());
    });
    let mut child = watch.start();
    let ports = |watch: &Watch| {
        let is_port = |event: &MonitorEvent| matches!(event, MonitorEvent::PortSubscription { .. });
        watch.lines().iter().filter(|line| is_port(line.event())).count()
    };
    let wanted = if std::net::TcpListener::bind("[::1]:0").is_ok() {
        3
    } else {
        2
    };
    let is_udp = |event: &MonitorEvent| matches!(event, MonitorEvent::OutgoingConnection { protocol, .. } if protocol.as_deref() == Some("udp"));
    eventually("every port is told, and what stays connected", || {
        let udp = watch.lines().iter().any(|line| is_udp(line.event()));
        (udp && ports(&watch) >= wanted).then_some(())
    });
    drop(child.stdin.take());
    let output = child.wait_with_output().unwrap();
    let ended = watch.ended(output).succeeded();
    let said: Vec<u16> = ended
        .stdout()
        .split_whitespace()
        .map(|port| port.parse().unwrap())
        .collect();
    let events: Vec<_> = ended.events().cloned().collect();
    assert_contains(&events, &connection("127.0.0.1", said[0], "tcp"));
    assert_contains(&events, &connection("127.0.0.1", said[0], "udp"));
    let socket = ended.directory.join("relative.sock");
    assert_contains(
        &events,
        &connection(&format!("<UNIX-PATH> {}", socket.display()), 0, "unix"),
    );
    assert_contains(&events, &connection("<UNIX-PATH> @nobody", 0, "unix"));
    let is_of = |event: &&MonitorEvent, port: u16| matches!(event, MonitorEvent::PortSubscription { port: own, .. } if *own == port);
    for port in said.into_iter().filter(|port| *port != 0) {
        assert!(listens(&events, port), "{port} is not in {events:#?}");
        // Also where the program is faster than the look at what it was started with.
        let times = events.iter().filter(|event| is_of(event, port)).count();
        assert_eq!(times, 1, "{port} in {events:#?}");
    }
}

fn every_way_to_ask_for_a_name_is_one_look_up() {
    let ended = Watch::act(&["queries", RESOLVER]).run().succeeded();
    let events: Vec<_> = ended.events().cloned().collect();
    assert_eq!(
        names(&events),
        [
            "sendto.test",
            "connected.test",
            "duplicate.test",
            "sendmmsg.test",
            "sendmsg.test"
        ]
    );
    assert_contains(&events, &connection(RESOLVER, 53, "udp"));
}

fn a_reused_descriptor_is_asked_about_again() {
    let ended = Watch::act(&["reused", RESOLVER]).run().succeeded();
    let events: Vec<_> = ended.events().cloned().collect();
    assert_eq!(names(&events), ["reused.test", "duplicated.test", "reconnected.test"]);
}

/// As Go's resolver asks: by `write` on a connected socket, two bytes behind the start of a buffer on Go's heap.
fn names_asked_for_by_plain_writes_are_told() {
    let ended = Watch::act(&["go-query"]).run().succeeded();
    let events: Vec<_> = ended.events().cloned().collect();
    assert_eq!(names(&events), ["go.test"]);
}

fn sockets_that_send_nothing_are_no_connections() {
    datagrams_in_use_are_told(|_| {});
}

fn sockets_that_send_nothing_are_none_where_sockets_are_hidden() {
    datagrams_in_use_are_told(without_duplicates);
}

fn protocols_and_names_are_told_where_sockets_are_hidden() {
    let ended = Watch::act(&["go-query"]).change(without_duplicates).run().succeeded();
    let events: Vec<_> = ended.events().cloned().collect();
    assert_eq!(names(&events), ["go.test"]);
    let ended = Watch::act(&["leaderless"]).change(without_duplicates).run().succeeded();
    let port = ended.stdout().trim().parse().unwrap();
    let events: Vec<_> = ended.events().cloned().collect();
    assert_contains(&events, &connection("127.0.0.1", port, "tcp"));
    assert!(listens(&events, port), "{events:#?}");
}

fn datagrams_in_use_are_told(change: fn(&mut Command)) {
    let mut watch = Watch::act(&["datagrams"]).change(|host| {
        host.stdin(Stdio::piped());
        change(host);
    });
    let mut child = watch.start();
    let log = watch.work().join("log");
    let to = |port| connection("127.9.9.9", port, "udp");
    let told = |watch: &Watch| -> Vec<MonitorEvent> { watch.lines().iter().map(|line| line.event().clone()).collect() };
    // The last one stays connected: once it is reported, the others before it have had their time.
    eventually("the connected socket is told", || {
        told(&watch).contains(&to(5)).then_some(())
    });
    drop(child.stdin.take());
    let output = child.wait_with_output().unwrap();
    let ended = watch.ended(output).succeeded();
    let udp: Vec<_> = ended
        .events()
        .filter(|event| matches!(event, MonitorEvent::OutgoingConnection { .. }))
        .cloned()
        .collect();
    let log = connection(&format!("<UNIX-PATH> {}", log.display()), 0, "unix");
    assert_eq!(udp, [to(8_125), to(514), log, to(5)]);
}

fn threads_without_their_first_are_told_in_full() {
    let ended = Watch::act(&["leaderless"]).run().succeeded();
    let said: Vec<u16> = ended
        .stdout()
        .split_whitespace()
        .map(|port| port.parse().unwrap())
        .collect();
    let events: Vec<_> = ended.events().cloned().collect();
    assert_contains(&events, &connection("127.0.0.1", said[0], "tcp"));
    assert!(listens(&events, said[0]), "{events:#?}");
}

fn a_port_that_a_program_is_started_with_is_told() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let mut watch = Watch::new(["sh", "-c", "until [ -e go ]; do :; done"]).change(|host| {
        host.stdin(Stdio::from(std::os::fd::OwnedFd::from(listener)));
    });
    let mut host = watch.start();
    eventually("the port is told", || {
        watch
            .lines()
            .iter()
            .any(|line| listens(std::slice::from_ref(line.event()), port))
            .then_some(())
    });
    std::fs::write(watch.work().join("go"), "").unwrap();
    assert!(host.wait().unwrap().success());
}

fn calls_that_are_not_announced_are_admitted() {
    let ended = Watch::act(&["io-uring"]).run().succeeded();
    let mut state = mirrord_wire::SessionState::default();
    ended.lines.iter().for_each(|line| state.apply(line));
    assert_eq!(state.incomplete, ["io_uring"]);
}
