//! Observation of a real program: its files, its connections, its look-ups, its processes.

use std::collections::BTreeSet;
use std::net::TcpListener;
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::Command;

use mirrord_tests::home::Home;
use mirrord_tests::program::{EventReader, Program, python};
use mirrord_wire::{EventLine, MonitorEvent, StreamLine};

/// Reads on until each of these operations on these paths was seen, in any order.
async fn see_operations(events: &mut EventReader, wanted: &[(&str, &Path)]) {
    let mut missing: BTreeSet<(String, String)> = wanted
        .iter()
        .map(|(operation, path)| ((*operation).to_owned(), path.display().to_string()))
        .collect();
    let what = format!("{wanted:?}");
    events
        .until(&what, |line| {
            if let StreamLine::Event(line) = line
                && let MonitorEvent::FileOp {
                    path: Some(path),
                    operation,
                } = line.event()
            {
                assert!(path.starts_with('/'), "{path} is not absolute");
                missing.remove(&(operation.to_string(), path.clone()));
            }
            missing.is_empty().then_some(())
        })
        .await;
}

async fn see<T>(events: &mut EventReader, what: &str, mut fits: impl FnMut(&EventLine) -> Option<T>) -> T {
    events
        .until(what, |line| match line {
            StreamLine::Event(line) => fits(line),
            StreamLine::Control(control) => panic!("{control:?} in place of {what}"),
        })
        .await
}

fn connected(name: &'static str) -> impl FnMut(&EventLine) -> Option<(u32, Option<u32>, Vec<String>)> {
    move |line| match line.event() {
        MonitorEvent::LayerConnected {
            pid,
            parent_pid,
            process_name,
            cmdline,
            ..
        } if process_name.as_deref() == Some(name) => Some((*pid, *parent_pid, cmdline.clone())),
        _ => None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shell_scripts_file_operations_are_seen() {
    let home = Home::new();
    let mut shell = Program::shell(&home, "shell").await;
    let at = |name: &str| home.path().join(name);
    shell.run(&format!("cd {}", home.path().display())).await;
    shell
        .run("echo hello > new.txt; cat ./new.txt; mkdir d; mv new.txt d/moved.txt; ls d")
        .await;
    shell
        .run("ln -s d link; readlink link; test -x d; stat d/moved.txt >/dev/null; rm d/moved.txt; rmdir d")
        .await;
    let mut events = shell.events().await;
    see_operations(
        &mut events,
        &[
            ("write", &at("new.txt")),
            ("open", &at("new.txt")),
            ("mkdir", &at("d")),
            ("rename", &at("new.txt")),
            ("opendir", &at("d")),
            ("readlink", &at("link")),
            ("access", &at("d")),
            ("stat", &at("d/moved.txt")),
            ("unlink", &at("d/moved.txt")),
            ("rmdir", &at("d")),
        ],
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_says_which_process_made_it() {
    let home = Home::new();
    let mut shell = Program::shell(&home, "pids").await;
    shell.run("cat /etc/hostname > /dev/null").await;
    let mut events = shell.events().await;
    let (cat, parent, cmdline) = see(&mut events, "cat starts", connected("cat")).await;
    assert_eq!(cmdline, ["cat", "/etc/hostname"]);
    let shell_pid = shell.info().await.processes[0].pid;
    assert_eq!(parent, Some(shell_pid));
    let opener = see(&mut events, "cat opens its file", |line| match line.event() {
        MonitorEvent::FileOp { path: Some(path), .. } if path == "/etc/hostname" => line.observation.pid,
        _ => None,
    })
    .await;
    assert_eq!(opener, cat);
    see(&mut events, "cat ends", |line| match line.event() {
        MonitorEvent::LayerDisconnected { pid, .. } => (*pid == cat).then_some(()),
        _ => None,
    })
    .await;
}

const PYTHON_CLIENT: &str = r#"
import os, socket, sys
port, path = int(sys.argv[1]), sys.argv[2]
socket.create_connection(("127.0.0.1", port)).close()
unix = socket.socket(socket.AF_UNIX); unix.connect(path); unix.close()
question = b"\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00" + b"\x02db\x07default\x03svc\x00" + b"\x00\x01\x00\x01"
udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); udp.sendto(question, ("127.0.0.1", 53))
other = question.replace(b"\x02db", b"\x02mq")
udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); udp.connect(("127.0.0.1", 53)); udp.send(other, socket.MSG_NOSIGNAL)
server = socket.socket(); server.bind(("127.0.0.1", 0)); server.listen(); print(server.getsockname()[1], flush=True)
open(os.path.join(os.path.dirname(path), "written"), "w").close()
sys.stdin.readline()
"#;

#[tokio::test(flavor = "multi_thread")]
async fn a_python_programs_connections_look_ups_and_port_are_seen() {
    let home = Home::new();
    let tcp = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = tcp.local_addr().unwrap().port();
    let unix = home.path().join("server");
    let _unix_listener = UnixListener::bind(&unix).unwrap();
    let command = [python(), "-c", PYTHON_CLIENT, &port.to_string(), unix.to_str().unwrap()];
    let mut python = Program::start(&home, "python", &command).await;
    let listening: u16 = python.line().await.parse().unwrap();
    let mut events = python.events().await;

    let mut connections = Vec::new();
    let mut hosts = Vec::new();
    let subscribed = see(&mut events, "the port", |line| match line.event() {
        MonitorEvent::OutgoingConnection {
            address,
            port,
            protocol,
        } => {
            connections.push((address.clone(), *port, protocol.as_deref().map(str::to_owned)));
            None
        }
        MonitorEvent::DnsQuery { host } => {
            hosts.push(host.clone());
            None
        }
        MonitorEvent::PortSubscription { port, mode, .. } => Some((*port, mode.to_string())),
        _ => None,
    })
    .await;
    assert_eq!(subscribed, (listening, "listen".to_owned()));
    assert!(
        connections.contains(&("127.0.0.1".to_owned(), port, Some("tcp".to_owned()))),
        "{connections:?}"
    );
    let path = format!("<UNIX-PATH> {}", unix.display());
    assert!(
        connections.contains(&(path, 0, Some("unix".to_owned()))),
        "{connections:?}"
    );
    assert_eq!(hosts, ["db.default.svc", "mq.default.svc"]);
    see_operations(&mut events, &[("write", &home.path().join("written"))]).await;
    assert_eq!(python.info().await.port_subscriptions[0].port, listening);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_programs_files_are_seen() {
    if Command::new("node").arg("--version").output().is_err() {
        println!("there is no node on this machine");
        return;
    }
    let home = Home::new();
    let file = home.path().join("config.json");
    std::fs::write(&file, "{}").unwrap();
    let script = "require('fs').readFileSync(process.argv[1]); console.log('read'); process.stdin.resume()";
    let mut node = Program::start(&home, "node", &["node", "-e", script, file.to_str().unwrap()]).await;
    assert_eq!(node.line().await, "read");
    see_operations(&mut node.events().await, &[("open", &file)]).await;
}
