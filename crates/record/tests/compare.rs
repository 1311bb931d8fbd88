//! Comparison of two records through the public surface.

#![expect(clippy::unwrap_used, reason = "a test fails where something is not there")]

use std::path::{Path, PathBuf};

use mirrord_record::compare::compare;
use mirrord_record::{RecordEnd, RecordHeader, RecordReader, RecordWriter};
use mirrord_wire::SessionInfo;
use mirrord_wire::api::Comparison;
use serde_json::{Value, json};

fn record(directory: &Path, name: &str, events: &[Value]) -> PathBuf {
    let path = directory.join(name);
    let mut writer = RecordWriter::create(&path, &RecordHeader::new(SessionInfo::default())).unwrap();
    for (place, event) in events.iter().enumerate() {
        let mut event = event.clone();
        event["seq"] = json!(place + 1);
        event["ts"] = json!(1);
        writer.event(&event.to_string()).unwrap();
    }
    writer.finish(RecordEnd::default()).unwrap();
    path
}

fn compared(a: &[Value], b: &[Value]) -> Comparison {
    let directory = tempfile::tempdir().unwrap();
    let open = |name: &str, events: &[Value]| RecordReader::open(&record(directory.path(), name, events)).unwrap();
    compare(&mut open("a", a), &mut open("b", b)).unwrap()
}

fn file(path: &str, outcome: &str) -> Value {
    json!({"type": "FileOp", "path": path, "operation": "open", "outcome": outcome})
}

fn started(pid: u32, name: &str) -> Value {
    json!({"type": "LayerConnected", "pid": pid, "process_name": name})
}

#[test]
fn the_same_run_with_other_pids_and_temporary_names_is_the_same() {
    let run = |pid: u32, temporary: &str| {
        vec![
            started(pid, "node"),
            file(&format!("/proc/{pid}/stat"), "ok"),
            file(&format!("/tmp/{temporary}/x"), "ok"),
            json!({"type": "PortSubscription", "port": 33_000 + pid, "mode": "listen"}),
            json!({"type": "OutgoingConnection", "address": "127.0.0.1", "port": 33_000 + pid, "outcome": "connected"}),
            json!({"type": "LayerDisconnected", "pid": pid, "exit_code": 0}),
        ]
    };
    let comparison = compared(&run(471, "tmp8f3k2_x1"), &run(999, "tmpzz91k_qq"));
    assert!(comparison.same, "{comparison:?}");
    assert_eq!(comparison.paths.same, 2);
    // Somebody else's port, of whatever range, is no chance.
    let call = |port: u16| json!({"type": "OutgoingConnection", "address": "127.0.0.1", "port": port});
    let comparison = compared(&[call(50_051)], &[call(50_052)]);
    assert_eq!(comparison.destinations.only_a[0].name, "127.0.0.1:50051");
}

#[test]
fn what_differs_is_named_with_what_came_of_it() {
    let value = |value: &str| json!({"type": "EnvVar", "vars": [["KEY", value], ["SAME", "1"]]});
    let routed =
        |routing: &str| json!({"type": "DnsQuery", "host": "db", "routing": routing, "rule": "feature.network.dns"});
    let a = [
        started(500, "app"),
        file("/etc/app.yaml", "not_found"),
        file("/only/a", "ok"),
        value("s3cret"),
        routed("remote"),
        json!({"type": "OutgoingConnection", "address": "10.0.0.1", "port": 5432, "outcome": "pending"}),
        json!({"type": "OutgoingConnection", "address": "10.0.0.1", "port": 5432, "outcome": "connected"}),
        json!({"type": "LayerDisconnected", "pid": 500, "signal": "SIGABRT"}),
    ];
    let b = [
        started(600, "app"),
        file("/etc/app.yaml", "ok"),
        value("other"),
        routed("local"),
        json!({"type": "PortSubscription", "port": 8080, "mode": "listen"}),
        json!({"type": "OutgoingConnection", "address": "10.0.0.1", "port": 5432, "outcome": "connected"}),
        json!({"type": "LayerDisconnected", "pid": 600, "exit_code": 0}),
    ];
    let comparison = compared(&a, &b);
    let shown = serde_json::to_value(&comparison).unwrap();
    assert_eq!(shown["same"], false);
    assert_eq!(shown["paths"]["only_a"][0]["name"], "/only/a");
    assert_eq!(shown["paths"]["changed"][0]["a"]["outcomes"], json!(["not_found"]));
    assert_eq!(shown["paths"]["changed"][0]["b"]["outcomes"], json!(["ok"]));
    assert_eq!(shown["hosts"]["changed"][0]["what"], json!(["routing"]));
    assert_eq!(shown["ports"]["only_b"][0]["name"], "listen 8080");
    assert_eq!(
        shown["destinations"]["same"], 1,
        "pending is no outcome where another one is known"
    );
    assert_eq!(shown["variables"]["changed"][0]["name"], "KEY");
    assert_eq!(
        (&shown["variables"]["changed"][0]["what"], &shown["variables"]["same"]),
        (&json!(["value"]), &json!(1))
    );
    assert_eq!(shown["programs"]["changed"][0]["a"]["outcomes"], json!(["SIGABRT"]));
    assert!(!shown.to_string().contains("s3cret"), "{shown}");
}
