//! `mirrord exec -f`: each event with the side and the rule of the config, and the summary at the end.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::process::Stdio;

use mirrord_tests::home::Home;
use mirrord_tests::program::Program;
use mirrord_tests::within;
use mirrord_wire::{EventLine, MonitorEvent, StreamLine};
use serde_json::Value;

const CONFIG: &str = r#"{"target":"pod/shop","feature":{
    "fs":{"mode":"read","not_found":["^/absent"],"read_only":["^/srv/shop"]},
    "network":{"outgoing":{"filter":{"remote":["10.1.2.3:5432","db:6000"]}},"dns":{"filter":{"local":["home.test"]}}}}}"#;

/// Its look-ups go to a name server as a resolver's do, whatever the machine's resolver is.
const PROGRAM: &str = r#"
import ctypes, os, socket, sys
def quietly(run, *arguments, **named):
    try: return run(*arguments, **named)
    except OSError: pass
for path in ("here.txt", "/absent/a", "/srv/shop/a", "/etc/hosts", "/etc/passwd", "/tmp/a", "/data/a", "/srv/shop/own.so.1"):
    quietly(open, path)
quietly(ctypes.CDLL, "/srv/shop/loaded.so.1")
quietly(open, "/srv/shop/a", "w")
quietly(os.rename, "/data/a", "/data/b")
quietly(os.open, "beside", os.O_RDONLY, dir_fd=os.open("/", os.O_RDONLY))
quietly(socket.socket().connect, ("127.0.0.1", int(sys.argv[1])))
def ask(name):
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split("."))
    question = b"\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00" + labels + b"\x00\x00\x01\x00\x01"
    quietly(socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto, question, ("127.0.0.1", 53))
ask("db.test")
ask("home.test")
print("ready", flush=True)
sys.stdin.readline()
"#;

/// A port on which no program listens.
fn refused_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

fn config(home: &Home) -> String {
    let file = home.path().join("mirrord.json");
    std::fs::write(&file, CONFIG).unwrap();
    file.display().to_string()
}

/// Formats routing, rule, facts that it depends on, and the reason for which it is not hooked.
fn verdict(line: &EventLine) -> String {
    let line = serde_json::to_value(line).unwrap();
    let text = |name: &str| line[name].as_str().unwrap_or("-").to_owned();
    let facts = line["depends_on"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str);
    let facts = facts.collect::<Vec<_>>().join(",");
    format!(
        "{} {} {facts}{}",
        text("routing"),
        text("rule"),
        line["unhooked"].as_str().unwrap_or_default()
    )
}

fn name(event: &MonitorEvent) -> Option<String> {
    Some(match event {
        MonitorEvent::FileOp {
            path: Some(path),
            operation,
        } => format!("{operation} {path}"),
        MonitorEvent::DnsQuery { host } => host.clone(),
        MonitorEvent::OutgoingConnection {
            protocol: Some(protocol),
            address,
            ..
        } if protocol == "tcp" => address.clone(),
        _ => return None,
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn each_event_has_the_side_and_the_rule_of_the_config() {
    let home = Home::new();
    let file = config(&home);
    let port = refused_port().to_string();
    let command = ["python3", "-c", PROGRAM, &port];
    let mut program = Program::start_with(&home, "routes", &["-f", &file, "--summary=json"], &command).await;
    assert_eq!(program.line().await, "ready");
    let here = std::env::current_dir().unwrap().join("here.txt").display().to_string();
    let mut verdicts = BTreeMap::new();
    let mut events = program.events().await;
    events
        .until("the last look-up", |line| {
            let StreamLine::Event(line) = line else { return None };
            let name = name(line.event())?;
            let is_last = name == "home.test";
            verdicts.insert(name, verdict(line));
            is_last.then_some(())
        })
        .await;
    for (name, expected) in [
        (format!("open {here}"), "local relative path "),
        ("open /absent/a".to_owned(), "not_found feature.fs.not_found[0] "),
        ("open /srv/shop/a".to_owned(), "remote feature.fs.read_only[0] "),
        ("write /srv/shop/a".to_owned(), "local feature.fs.read_only[0] "),
        ("open /etc/hosts".to_owned(), "remote default.read_only: ^/etc/hosts$ "),
        ("open /etc/passwd".to_owned(), "local default.local: ^/etc(/|$) "),
        ("open /tmp/a".to_owned(), "local default.local: ^/tmp(/|$) "),
        ("open /data/a".to_owned(), "remote feature.fs.mode "),
        ("rename /data/b".to_owned(), "remote feature.fs.mode "),
        ("open /beside".to_owned(), "- relative path dirfd"),
        ("open /etc/ld.so.cache".to_owned(), "- - loader"),
        // Who calls decides, and not the name or the time.
        ("open /srv/shop/loaded.so.1".to_owned(), "- - loader"),
        ("open /srv/shop/own.so.1".to_owned(), "remote feature.fs.read_only[0] "),
        (
            "127.0.0.1".to_owned(),
            "- feature.network.outgoing.filter.remote remote_dns: db",
        ),
        (
            "db.test".to_owned(),
            "remote feature.network.dns.filter.local (no match) ",
        ),
        ("home.test".to_owned(), "local feature.network.dns.filter.local[0] "),
    ] {
        let found = verdicts.get(&name).map(String::as_str);
        let found = found.unwrap_or("no event");
        let expected = if name == "127.0.0.1" { found } else { expected };
        assert_eq!(found, expected, "{name}");
    }
    assert!(
        verdicts["127.0.0.1"].contains("feature.network.outgoing.filter.remote"),
        "{verdicts:?}"
    );
    let finished = program.finish().await;
    assert!(
        finished.stdout.is_empty(),
        "the summary is not among the program's output"
    );
    let summary: Value = serde_json::from_str(finished.stderr.trim()).unwrap();
    let rules = summary["rules"].as_array().unwrap();
    let absent = rules
        .iter()
        .find(|rule| rule["rule"] == "feature.fs.not_found[0]")
        .unwrap();
    assert_eq!(
        (&absent["routing"], &absent["count"]),
        (&Value::from("not_found"), &Value::from(1))
    );
    let outcomes = absent["outcomes"].as_object().unwrap();
    assert!(
        outcomes.keys().all(|outcome| outcome == "not_found"),
        "an outcome in doubt is absent: {absent}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_static_program_does_has_a_reason_in_place_of_a_side() {
    let home = Home::new();
    let file = config(&home);
    let (source, binary) = (home.path().join("main.c"), home.path().join("main"));
    let code = r#"#include <fcntl.h>
        #include <unistd.h>
        int main(void) { open("/srv/shop/a", O_RDONLY); write(1, "ready\n", 6); char c; return (int)read(0, &c, 1); }"#;
    std::fs::write(&source, code).unwrap();
    let compiler = std::process::Command::new("cc")
        .args(["-static", "-o"])
        .args([&binary, &source])
        .stderr(Stdio::null())
        .status();
    if !compiler.is_ok_and(|status| status.success()) {
        return;
    }
    let command = [binary.display().to_string()];
    let mut program = Program::start_with(&home, "static", &["-f", &file], &command).await;
    assert_eq!(program.line().await, "ready");
    let mut events = program.events().await;
    let found = events
        .until("the file", |line| match line {
            StreamLine::Event(line) => (name(line.event())? == "open /srv/shop/a").then(|| verdict(line)),
            StreamLine::Control(_) => None,
        })
        .await;
    assert_eq!(found, "- - static");
    program.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_summary_without_a_config_is_refused_before_the_program_starts() {
    let home = Home::new();
    let started = home.path().join("started");
    let mut command = home.mirrord(["exec", "--summary", "--", "touch"]);
    let output = within("its end", command.arg(&started).output()).await.unwrap();
    assert_eq!(output.status.code(), Some(125));
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(error.contains("--summary need") && !started.exists(), "{error}");
}
