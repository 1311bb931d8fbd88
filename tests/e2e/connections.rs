//! Connections, arrivals and bytes: from a real program to the REST API.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};

use hyper::Method;
use mirrord_tests::eventually;
use mirrord_tests::home::Home;
use mirrord_tests::program::{Program, python};
use mirrord_tests::ui::Ui;
use mirrord_wire::api::Connections;
use mirrord_wire::{Direction, SessionSummary};

/// Connects to the first port and sends 1,000 bytes, tries in vain to have the second, listens, and answers who comes.
const PYTHON: &str = "
import socket, sys, threading
out = socket.create_connection(('127.0.0.1', int(sys.argv[1])))
out.sendall(b'x' * 1000)
try:
    socket.create_server(('127.0.0.1', int(sys.argv[2])))
except OSError:
    pass
server = socket.create_server(('127.0.0.1', 0))
print(server.getsockname()[1], flush=True)
def serve():
    while True:
        stream, _ = server.accept()
        stream.recv(100)
        stream.sendall(b'thanks')
        stream.close()
threading.Thread(target=serve, daemon=True).start()
sys.stdin.read()
";

#[tokio::test(flavor = "multi_thread")]
async fn a_programs_connections_and_arrivals_are_in_the_api() {
    let home = Home::new();
    let database = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = |listener: &TcpListener| listener.local_addr().unwrap().port();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let ports = [port(&database).to_string(), port(&taken).to_string()];
    let command = [python(), "-c", PYTHON, &ports[0], &ports[1]];
    let mut program = Program::start(&home, "shop", &command).await;
    let own: u16 = program.line().await.parse().unwrap();
    for _ in 0..3 {
        let mut client = TcpStream::connect(("127.0.0.1", own)).unwrap();
        client.write_all(b"hello").unwrap();
        client.shutdown(Shutdown::Write).unwrap();
        client.read_to_end(&mut Vec::new()).unwrap();
    }
    let ui = Ui::start(&home).await;
    let all = eventually("three arrivals, and the bytes that were sent", async || {
        let answer = ui.send(ui.request(Method::GET, "/api/sessions/shop/connections")).await;
        // Until the session is found, there is none of its name.
        let all: Connections = serde_json::from_slice(answer.body()).ok()?;
        let arrived = all
            .listeners
            .iter()
            .any(|listener| listener.arrivals == Some(3) && listener.open == Some(0));
        let sent = all
            .connections
            .iter()
            .any(|connection| connection.bytes_out == Some(1_000));
        (arrived && sent).then_some(all)
    })
    .await;
    let out = all
        .connections
        .iter()
        .find(|own| own.direction == Direction::Out)
        .unwrap();
    assert_eq!(
        (out.remote.as_str(), out.state.as_str()),
        (format!("127.0.0.1:{}", ports[0]).as_str(), "established")
    );
    assert!(out.pid.is_some() && out.opened_ts.is_some() && out.closed_ts.is_none() && out.rtt_us.is_some());
    let listener = all.listeners.iter().find(|listener| listener.port == own).unwrap();
    assert_eq!((listener.bytes_in, listener.bytes_out), (Some(15), Some(18)));
    assert_eq!(listener.address, "127.0.0.1");
    let failed = all
        .listeners
        .iter()
        .find(|listener| listener.port == port(&taken))
        .unwrap();
    assert_eq!((failed.note.as_deref(), failed.arrivals), (Some("bind_failed"), None));
    assert_eq!(failed.holder_pid, Some(std::process::id()), "the port is this test's");
    assert!(failed.holder.is_some());
    let listed: Vec<SessionSummary> = ui.json("/api/sessions").await;
    let traffic = listed[0].traffic.unwrap();
    assert_eq!((traffic.bytes_in, traffic.bytes_out), (15, 1_018));
    assert!(
        listed[0]
            .info
            .port_subscriptions
            .iter()
            .all(|subscribed| subscribed.port == own)
    );
}
