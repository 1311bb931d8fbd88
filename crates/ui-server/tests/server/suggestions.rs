//! `GET /api/sessions/:id/suggestions`: changes of the config, with evidence that can be followed.

use mirrord_record::{EndReason, RecordEnd, RecordHeader, RecordWriter};
use serde_json::{Value, json};

use crate::support::Home;
use crate::support::host::Host;

const EVENTS: [&str; 5] = [
    r#"{"seq":1,"ts":1,"type":"FileOp","path":"/etc/shop/flags.yaml","operation":"open","outcome":"not_found","routing":"local","rule":"default.local: ^/etc(/|$)"}"#,
    r#"{"seq":2,"ts":2,"type":"FileOp","path":"/etc/shop/flags.yaml","operation":"open","outcome":"not_found","routing":"local","rule":"default.local: ^/etc(/|$)"}"#,
    r#"{"seq":3,"ts":3,"type":"FileOp","path":"/etc/shop/flags.yaml","operation":"open","outcome":"not_found","routing":"local","rule":"default.local: ^/etc(/|$)"}"#,
    r#"{"seq":4,"ts":4,"type":"OutgoingConnection","address":"10.0.0.5","port":5432,"protocol":"tcp","outcome":"failed","routing":"local","rule":"feature.network.outgoing.filter.remote (no match)"}"#,
    r#"{"seq":5,"ts":5,"type":"FileOp","path":"/home/ada/.aws/config","operation":"open","outcome":"ok","routing":"local","rule":"default.local: ^/tmp(/|$)"}"#,
];

fn config() -> Value {
    json!({"target": "pod/shop", "feature": {"network": {"outgoing": {"filter": {"remote": ["10.0.0.1:80"]}}}}})
}

fn source(variables: &[&str]) -> Value {
    json!({"text": "", "lines": [], "facts": {"home": "/home/ada", "cwd": "/home/ada"}, "variables": variables})
}

async fn suggestions(home: &Home, id: &str) -> Value {
    home.get(&format!("/api/sessions/{id}/suggestions")).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_suggests_changes_and_each_leads_to_its_rows() {
    let home = Home::new().await;
    let host = Host::configured(
        &home.sessions,
        "one",
        json!({"config": config(), "config_source": source(&[])}),
    );
    EVENTS.iter().for_each(|line| host.emit_line(line));
    home.until_seq("one", 5).await;
    let all = suggestions(&home, "one").await;
    let items = all["items"].as_array().unwrap();
    let kinds: Vec<_> = items.iter().map(|own| own["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["uncovered_destination", "looks_remote", "aws_mapped"], "{all}");
    assert_eq!(
        (&all["events"], &all["seq"], all.get("unseen")),
        (&json!(5), &json!(5), None)
    );
    for (own, rows) in items.iter().zip([1, 3, 1]) {
        let query = own["evidence"]["query"].as_str().unwrap();
        mirrord_filter::parse(query).unwrap_or_else(|error| panic!("{query}: {error}"));
        let encoded: String = query.bytes().map(|byte| format!("%{byte:02x}")).collect();
        let found = home.get(&format!("/api/sessions/one/events?q={encoded}")).await;
        assert_eq!(found.as_array().map(Vec::len), Some(rows), "{query}");
        assert_eq!(own["effect"]["changed"], json!(rows), "{own}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_suggests_from_all_of_its_file_and_as_of_a_moment() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("run.ndjson");
    let info = json!({"session_id": "run", "config": config(), "config_source": source(&[])});
    let header = RecordHeader::new(serde_json::from_value(info).unwrap());
    let mut writer = RecordWriter::create(&file, &header).unwrap();
    EVENTS.iter().for_each(|line| writer.event(line).unwrap());
    // More than the server keeps: the events that count are in the file alone.
    let (first, last, filler) = (6, 40_000, "f".repeat(500));
    for seq in first..=last {
        let line = format!(r#"{{"seq":{seq},"ts":{seq},"type":"LayerConnected","pid":{seq},"filler":"{filler}"}}"#);
        writer.event(&line).unwrap();
    }
    writer.finish(RecordEnd::new(EndReason::Ended)).unwrap();
    let home = Home::replaying(&[file]).await;
    home.until("run", "ended").await;
    assert!(home.session("run").await.unwrap()["oldest_seq"].as_u64() > Some(5));
    let all_kinds = ["uncovered_destination", "looks_remote", "aws_mapped"];
    for (query, seq, expected) in [
        ("", last, all_kinds.as_slice()),
        ("?at=90000", last, &all_kinds),
        ("?at=3", 3, &["looks_remote"]),
        ("?at=1", 1, &[]),
    ] {
        let all = home.get(&format!("/api/sessions/run/suggestions{query}")).await;
        let kinds: Vec<_> = all["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|own| own["kind"].clone())
            .collect();
        assert_eq!(kinds, expected, "{query}: {all}");
        assert_eq!((&all["seq"], all.get("unseen")), (&json!(seq), None), "{query}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_nothing_can_be_suggested_the_reason_is_there() {
    let home = Home::new().await;
    let _none = Host::start(&home.sessions, "none");
    let variables = json!({"config": config(), "config_source": source(&["MIRRORD_TCP_OUTGOING"])});
    let _variables = Host::configured(&home.sessions, "variables", variables);
    let _invalid = Host::configured(&home.sessions, "invalid", json!({"config": {"nope": 1}}));
    for id in ["none", "variables", "invalid"] {
        home.until(id, "live").await;
    }
    for (id, reason) in [
        ("none", "no_config"),
        ("variables", "variables"),
        ("invalid", "invalid_config"),
    ] {
        let all = suggestions(&home, id).await;
        assert_eq!((&all["reason"], &all["items"]), (&json!(reason), &json!([])), "{id}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_has_remote_operations_alone_calls_no_rule_unused() {
    let home = Home::new().await;
    let config = json!({"target": "pod/a", "feature": {"fs": {"local": ["^/never"]}}});
    let host = Host::configured(&home.sessions, "remote", json!({"config": config}));
    for seq in 1..=40 {
        host.emit_line(&format!(
            r#"{{"seq":{seq},"ts":{seq},"type":"FileOp","path":"/lib64/x{seq}.bin","operation":"open"}}"#
        ));
    }
    home.until_seq("remote", 40).await;
    let all = suggestions(&home, "remote").await;
    let kinds: Vec<_> = all["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|own| own["kind"].clone())
        .collect();
    assert_eq!(kinds, [json!("looks_local")], "{all}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_evidence_of_each_kind_is_a_filter() {
    let home = Home::new().await;
    let config = json!({"target": "pod/a", "feature": {
        "fs": {"local": ["^/never"]}, "env": {"exclude": "DB_*"},
        "network": {"outgoing": {"filter": {"remote": ["10.0.0.1:80"]}}}}});
    let further = json!({"config": config, "config_source": source(&[])});
    let host = Host::configured(&home.sessions, "all", further);
    let mut lines = vec![
        json!({"type": "EnvVar", "vars": [["DB_HOST", "db"]]}),
        json!({"type": "DnsQuery", "host": "db"}),
        json!({"type": "FileOp", "path": "/srv/se\"ed.db", "operation": "open", "outcome": "ok"}),
        json!({"type": "FileOp", "path": "/run/secrets/a b", "operation": "open", "outcome": "not_found"}),
        json!({"type": "FileOp", "path": "/home/ada/.aws/config", "operation": "open", "outcome": "ok"}),
        json!({"type": "OutgoingConnection", "address": "fd00::5", "port": 5432, "protocol": "tcp"}),
        json!({"type": "PortSubscription", "port": 8080, "mode": "listen", "address": "*"}),
        json!({"type": "ListenerUpdate", "protocol": "tcp", "address": "*", "port": 8080, "arrivals": 0}),
    ];
    let library = json!({"type": "FileOp", "path": "/lib64/x.bin", "operation": "open", "outcome": "ok"});
    lines.extend(std::iter::repeat_n(library, 20));
    for (index, line) in lines.iter_mut().enumerate() {
        (line["seq"], line["ts"]) = (json!(index + 1), json!(index + 1));
        host.emit_line(&line.to_string());
    }
    home.until_seq("all", lines.len() as u64).await;
    let all = suggestions(&home, "all").await;
    let items = all["items"].as_array().unwrap();
    let kinds: Vec<_> = items.iter().map(|own| own["kind"].as_str().unwrap()).collect();
    let every = [
        "excluded_variable",
        "uncovered_destination",
        "looks_remote",
        "looks_local",
        "exists_locally",
        "aws_mapped",
        "unused_port",
        "unused_rule",
    ];
    assert_eq!(kinds, every, "{all}");
    for own in items {
        let query = own["evidence"]["query"].as_str().unwrap();
        mirrord_filter::parse(query).unwrap_or_else(|error| panic!("{query}: {error}"));
        let encoded: String = query.bytes().map(|byte| format!("%{byte:02x}")).collect();
        let found = home.get(&format!("/api/sessions/all/events?q={encoded}")).await;
        assert!(found.as_array().is_some_and(|rows| !rows.is_empty()), "{query}");
    }
}
