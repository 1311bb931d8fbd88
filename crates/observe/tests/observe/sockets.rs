//! Connections, arrivals and bytes, of real programs.

use std::io::{Read as _, Write as _};
use std::net::{Ipv6Addr, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::os::unix::net::{UnixListener, UnixStream};
use std::process::{Child, Stdio};

use mirrord_wire::{ConnectionUpdate, Direction, EventLine, ListenerUpdate, MonitorEvent, Outcome};

use super::support::{Ended, Test, Watch, eventually, find, this_program};

pub(crate) const TESTS: &[Test] = &[
    (
        "sockets::bytes_of_a_short_connection_are_known",
        bytes_of_a_short_connection_are_known,
    ),
    (
        "sockets::a_refused_connection_has_no_bytes",
        a_refused_connection_has_no_bytes,
    ),
    ("sockets::every_arrival_is_counted", every_arrival_is_counted),
    (
        "sockets::an_open_connection_is_followed",
        an_open_connection_is_followed,
    ),
    (
        "sockets::a_listener_that_nobody_reached_says_so",
        a_listener_that_nobody_reached_says_so,
    ),
    ("sockets::a_port_that_is_taken_is_told", a_port_that_is_taken_is_told),
    ("sockets::addresses_say_who_can_come", addresses_say_who_can_come),
    (
        "sockets::unix_and_udp_sockets_are_listed",
        unix_and_udp_sockets_are_listed,
    ),
    ("sockets::another_network_is_not_known", another_network_is_not_known),
    (
        "sockets::an_arrival_is_of_the_process_that_has_it",
        an_arrival_is_of_the_process_that_has_it,
    ),
];

/// The role of a program: `socket-...`.
pub(crate) fn act(role: &[&str]) {
    match role {
        ["client", address] => {
            let mut stream = TcpStream::connect(address).unwrap();
            stream.write_all(&[b'x'; 1_000]).unwrap();
            stream.read_exact(&mut [0; 17]).unwrap();
        }
        ["refused", address] => assert!(TcpStream::connect(address).is_err()),
        ["server", address] => serve(&TcpListener::bind(address).unwrap()),
        ["v6-only"] => serve(&only_v6()),
        ["taken", address] => assert!(TcpListener::bind(address).is_err()),
        ["others"] => {
            let unix = UnixListener::bind("own.sock").unwrap();
            std::thread::spawn(move || unix.incoming().flatten().collect::<Vec<_>>());
            let udp = UdpSocket::bind("127.0.0.1:0").unwrap();
            println!("{}", udp.local_addr().unwrap().port());
            until_stdin_ends();
        }
        ["worker", address] => {
            let listener = TcpListener::bind(address).unwrap();
            println!("{}", listener.local_addr().unwrap().port());
            let mut worker = std::process::Command::new(this_program());
            let own = rustix::io::dup(&listener).unwrap();
            let mut worker = worker.args(["__act", "socket-accept"]).stdin(own).spawn().unwrap();
            worker.wait().unwrap();
        }
        ["accept"] => {
            let inherited = TcpListener::from(rustix::io::dup(std::io::stdin()).unwrap());
            let (mut stream, _) = inherited.accept().unwrap();
            stream.write_all(std::process::id().to_string().as_bytes()).unwrap();
            let _ = stream.read(&mut [0; 1]);
        }
        other => panic!("no such role: {other:?}"),
    }
}

fn only_v6() -> TcpListener {
    use rustix::net::{AddressFamily, SocketType, bind, listen, socket, sockopt};
    let socket = socket(AddressFamily::INET6, SocketType::STREAM, None).unwrap();
    sockopt::set_ipv6_v6only(&socket, true).unwrap();
    bind(&socket, &SocketAddr::from((Ipv6Addr::UNSPECIFIED, 0))).unwrap();
    listen(&socket, 8).unwrap();
    socket.into()
}

/// Prints the port, reads what each client sends until it ends, and ends with its own input.
fn serve(listener: &TcpListener) {
    println!("{}", listener.local_addr().unwrap().port());
    let listener = listener.try_clone().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            std::thread::spawn(move || {
                let mut stream = stream;
                let mut sent = Vec::new();
                stream.read_to_end(&mut sent).unwrap();
                let _ = stream.write_all(b"thank you");
            });
        }
    });
    until_stdin_ends();
}

fn until_stdin_ends() {
    std::io::stdin().read_to_end(&mut Vec::new()).unwrap();
}

/// A watched program that serves.
struct Server {
    watch: Watch,
    child: Child,
    port: u16,
}

impl Server {
    fn start(watch: Watch) -> Self {
        let mut watch = watch.change(|host| {
            host.stdin(Stdio::piped());
        });
        let mut child = watch.start();
        let stdout = child.stdout.as_mut().unwrap();
        let mut port = String::new();
        while !port.ends_with('\n') {
            let mut byte = [0];
            stdout.read_exact(&mut byte).unwrap();
            port.push(char::from(byte[0]));
        }
        let port = port.trim().parse().unwrap();
        Self { watch, child, port }
    }

    fn act(role: &[&str]) -> Self {
        Self::start(Watch::act(role))
    }

    fn until(&self, what: &str, is_met: impl Fn(&ListenerUpdate) -> bool) -> ListenerUpdate {
        eventually(what, || {
            listeners(&self.watch.lines()).pop().filter(|own| is_met(&own.1))
        })
        .1
    }

    fn end(mut self) -> Ended {
        drop(self.child.stdin.take());
        let output = self.child.wait_with_output().unwrap();
        self.watch.ended(output).succeeded()
    }
}

fn listeners(lines: &[EventLine]) -> Vec<(Option<u32>, ListenerUpdate)> {
    let updates = lines.iter().filter_map(|line| match line.event() {
        MonitorEvent::ListenerUpdate(update) => Some((line.pid(), (**update).clone())),
        _ => None,
    });
    updates.collect()
}

fn connections(lines: &[EventLine]) -> Vec<(&EventLine, &ConnectionUpdate)> {
    let updates = lines.iter().filter_map(|line| match line.event() {
        MonitorEvent::ConnectionUpdate(update) => Some((line, &**update)),
        _ => None,
    });
    updates.collect()
}

fn bytes_of_a_short_connection_are_known() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        stream.read_exact(&mut [0; 1_000]).unwrap();
        stream.write_all(&[b'y'; 17]).unwrap();
        let _ = stream.read(&mut [0; 1]);
    });
    let ended = Watch::act(&["socket-client", &address.to_string()]).run().succeeded();
    server.join().unwrap();
    let updates = connections(&ended.lines);
    let (line, last) = updates.last().expect("an update");
    assert_eq!(
        (line.observation.outcome, &*last.state),
        (Some(Outcome::Connected), "closed"),
        "{updates:?}"
    );
    assert_eq!((last.bytes_in, last.bytes_out), (Some(17), Some(1_000)), "{last:?}");
    assert_eq!(
        (last.direction, last.remote.as_str()),
        (Direction::Out, address.to_string().as_str())
    );
    assert!(last.duration_us.is_some() && line.pid().is_some());
}

fn a_refused_connection_has_no_bytes() {
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let ended = Watch::act(&["socket-refused", &nobody.to_string()]).run().succeeded();
    for (line, update) in connections(&ended.lines) {
        assert_eq!(line.observation.outcome, Some(Outcome::Failed), "{update:?}");
        assert_eq!((update.bytes_in, update.bytes_out), (None, None), "{update:?}");
    }
}

fn every_arrival_is_counted() {
    let server = Server::act(&["socket-server", "127.0.0.1:0"]);
    for _ in 0..3 {
        let mut stream = TcpStream::connect(("127.0.0.1", server.port)).unwrap();
        stream.write_all(b"hello").unwrap();
        stream.shutdown(std::net::Shutdown::Write).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert_eq!(answer, "thank you");
    }
    let update = server.until("three arrivals", |own| own.arrivals == Some(3) && own.open == Some(0));
    assert_eq!(
        (update.address.as_str(), update.port, &*update.protocol),
        ("127.0.0.1", server.port, "tcp")
    );
    assert_eq!((update.bytes_in, update.bytes_out), (Some(15), Some(27)));
    assert!(update.last_ts.is_some() && update.note.is_none());
    let ended = server.end();
    let arrived = connections(&ended.lines);
    assert_eq!(
        arrived.iter().filter(|own| own.1.state == "closed").count(),
        3,
        "{arrived:?}"
    );
    assert!(arrived.iter().all(|own| own.1.direction == Direction::In));
    assert!(listeners(&ended.lines).last().unwrap().1.closed);
}

fn an_open_connection_is_followed() {
    let server = Server::act(&["socket-server", "127.0.0.1:0"]);
    let mut stream = TcpStream::connect(("127.0.0.1", server.port)).unwrap();
    server.until("one that is open", |own| own.open == Some(1));
    stream.write_all(b"more").unwrap();
    let update = server.until("its bytes", |own| own.bytes_in == Some(4));
    assert_eq!((update.arrivals, update.open), (Some(1), Some(1)));
    drop(stream);
    server.until("its end", |own| own.open == Some(0) && own.arrivals == Some(1));
    server.end();
}

fn a_listener_that_nobody_reached_says_so() {
    let server = Server::act(&["socket-server", "0.0.0.0:0"]);
    let update = server.until("a listener", |_| true);
    assert_eq!((update.arrivals, update.open, update.last_ts), (Some(0), Some(0), None));
    assert_eq!(update.address, "0.0.0.0");
    server.end();
}

fn a_port_that_is_taken_is_told() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let ended = Watch::act(&["socket-taken", &address.to_string()]).run().succeeded();
    let ports: Vec<_> = ended
        .lines
        .iter()
        .filter_map(|line| match line.event() {
            MonitorEvent::PortSubscription { port, address, .. } => {
                Some((*port, address.clone(), line.observation.outcome))
            }
            _ => None,
        })
        .collect();
    let failed = (address.port(), Some("127.0.0.1".to_owned()), Some(Outcome::Failed));
    assert_eq!(ports, [failed]);
    let holders: Vec<_> = ended
        .lines
        .iter()
        .filter_map(|line| match line.event() {
            MonitorEvent::ListenerUpdate(update) => update.holder_pid,
            _ => None,
        })
        .collect();
    assert_eq!(holders, [std::process::id()], "the port is this test's");
    let server = Server::act(&["socket-server", "127.0.0.1:0"]);
    let ended = server.end();
    let failed = ended
        .lines
        .iter()
        .any(|line| line.observation.outcome == Some(Outcome::Failed));
    assert!(!failed, "a port that was had is none that was taken");
}

fn addresses_say_who_can_come() {
    if TcpListener::bind("[::1]:0").is_err() {
        return println!("  (no IPv6 on this machine: that part is left out)");
    }
    let cases: [(&[&str], &str, Option<&str>); 3] = [
        (&["socket-server", "[::1]:0"], "::1", None),
        (&["socket-server", "[::]:0"], "*", None),
        (&["socket-v6-only"], "::", Some("ipv6_only")),
    ];
    for (role, address, note) in cases {
        let server = Server::act(role);
        let update = server.until("a listener", |_| true);
        assert_eq!((update.address.as_str(), update.note.as_deref()), (address, note));
        let is_dual = address == "*";
        assert_eq!(TcpStream::connect(("127.0.0.1", server.port)).is_ok(), is_dual);
        TcpStream::connect(("::1", server.port)).unwrap();
        let expected = if is_dual { 2 } else { 1 };
        server.until("the arrivals", |own| own.arrivals == Some(expected));
        let ended = server.end();
        let subscribed = ended.events().find_map(|event| match event {
            MonitorEvent::PortSubscription { address, .. } => address.clone(),
            _ => None,
        });
        assert_eq!(subscribed.as_deref(), Some(address));
    }
}

fn unix_and_udp_sockets_are_listed() {
    let server = Server::act(&["socket-others"]);
    let path = server.watch.work().join("own.sock");
    let all = eventually("both", || {
        let all = listeners(&server.watch.lines());
        let has = |protocol: &str| all.iter().any(|own| own.1.protocol == protocol);
        (has("unix") && has("udp")).then_some(all)
    });
    let udp = all.iter().find(|own| own.1.protocol == "udp").unwrap();
    assert_eq!(
        (udp.1.port, udp.1.address.as_str(), udp.1.arrivals),
        (server.port, "127.0.0.1", None)
    );
    let client = UnixStream::connect(&path).unwrap();
    let unix = eventually("an arrival", || {
        let all = listeners(&server.watch.lines());
        all.into_iter()
            .rev()
            .find(|own| own.1.protocol == "unix" && own.1.arrivals == Some(1))
    });
    // Its path is that which the program gave.
    assert_eq!(
        (unix.1.address.as_str(), unix.1.open),
        ("<UNIX-PATH> own.sock", Some(1))
    );
    drop(client);
    server.end();
}

fn another_network_is_not_known() {
    let Some(unshare) = find("unshare") else { return };
    let works = std::process::Command::new(&unshare).args(["-rn", "true"]).output();
    if !works.is_ok_and(|output| output.status.success()) {
        return println!("  (unshare -rn is not allowed here: that part is left out)");
    }
    let program = this_program();
    let command = [
        unshare.as_os_str(),
        "-rn".as_ref(),
        program.as_os_str(),
        "__act".as_ref(),
    ];
    let role = ["socket-server", "0.0.0.0:0"].map(AsRef::<std::ffi::OsStr>::as_ref);
    let server = Server::start(Watch::new(command.into_iter().chain(role)));
    let update = server.until("a listener", |own| own.note.as_deref() == Some("other_network"));
    assert_eq!(
        (update.port, update.arrivals, update.open, update.bytes_in),
        (server.port, None, None, None)
    );
    let ended = server.end();
    assert!(listeners(&ended.lines).last().unwrap().1.closed);
}

fn an_arrival_is_of_the_process_that_has_it() {
    let server = Server::act(&["socket-worker", "127.0.0.1:0"]);
    let mut stream = TcpStream::connect(("127.0.0.1", server.port)).unwrap();
    let mut said = [0; 16];
    let length = stream.read(&mut said).unwrap();
    let worker: u32 = std::str::from_utf8(&said[..length]).unwrap().parse().unwrap();
    eventually("the worker's connection", || {
        let lines = server.watch.lines();
        let updates = connections(&lines);
        updates.iter().any(|own| own.0.pid() == Some(worker)).then_some(())
    });
    drop(stream);
    server.end();
}
