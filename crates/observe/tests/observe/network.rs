//! Connections, ports, and names.

use std::process::Stdio;

use mirrord_wire::MonitorEvent;

use super::support::{Test, Watch, assert_contains, build_static, eventually};

pub(crate) const TESTS: &[Test] = &[
    (
        "network::connections_and_ports_are_told",
        connections_and_ports_are_told,
    ),
    (
        "network::every_way_to_ask_for_a_name_is_one_look_up",
        every_way_to_ask_for_a_name_is_one_look_up,
    ),
    (
        "network::names_asked_for_by_plain_writes_are_told",
        names_asked_for_by_plain_writes_are_told,
    ),
];

/// Nobody listens on port 53 of these: what is sent there is lost, as it may be.
const RESOLVER: &str = "127.53.53.53";

fn connection(address: &str, port: u16, protocol: &'static str) -> MonitorEvent {
    MonitorEvent::OutgoingConnection {
        address: address.to_owned(),
        port,
        protocol: Some(protocol.into()),
    }
}

fn listens(port: u16) -> MonitorEvent {
    MonitorEvent::PortSubscription {
        port,
        mode: "listen".into(),
        filter: None,
    }
}

fn names(events: &[MonitorEvent]) -> Vec<&str> {
    let name = |event: &'_ MonitorEvent| matches!(event, MonitorEvent::DnsQuery { .. });
    let hosts = events.iter().filter(|event| name(event));
    hosts
        .map(|event| match event {
            MonitorEvent::DnsQuery { host } => host.as_str(),
            _ => unreachable!(),
        })
        .collect()
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
    eventually("every port is told", || (ports(&watch) == wanted).then_some(()));
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
    for port in said.into_iter().filter(|port| *port != 0) {
        assert_contains(&events, &listens(port));
    }
}

fn every_way_to_ask_for_a_name_is_one_look_up() {
    let ended = Watch::act(&["queries", RESOLVER]).run().succeeded();
    let events: Vec<_> = ended.events().cloned().collect();
    assert_eq!(
        names(&events),
        ["sendto.test", "connected.test", "sendmmsg.test", "sendmsg.test"]
    );
    assert_contains(&events, &connection(RESOLVER, 53, "udp"));
}

/// As Go's resolver asks: a static program at a low address, and `write` on a connected socket.
fn names_asked_for_by_plain_writes_are_told() {
    let directory = tempfile::tempdir().unwrap();
    let source = r#"
        use std::io::Write;
        use std::os::fd::{FromRawFd, IntoRawFd};
        fn main() {
            let socket = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
            socket.connect("127.53.53.53:53").unwrap();
            let mut file = unsafe { std::fs::File::from_raw_fd(socket.into_raw_fd()) };
            let _ = file.write(b"\x07\x07\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x02go\x04test\x00\x00\x01\x00\x01");
        }"#;
    let program = build_static(directory.path(), "writes", source, &["-Crelocation-model=static"]);
    let ended = Watch::new([program]).run().succeeded();
    let events: Vec<_> = ended.events().cloned().collect();
    assert_eq!(names(&events), ["go.test"]);
}
