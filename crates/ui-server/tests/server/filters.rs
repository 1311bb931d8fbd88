//! `q=` of a session's events: the filter language, over what is kept.

use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::Home;
use crate::support::host::Host;

const LINES: [&str; 8] = [
    r#"{"seq":1,"ts":1000000,"type":"LayerConnected","pid":8,"parent_pid":7,"process_name":"worker","cmdline":["worker","--once"]}"#,
    r#"{"seq":2,"ts":2000000,"type":"FileOp","path":"/etc/App.json","operation":"open","pid":8,"outcome":"not_found"}"#,
    r#"{"seq":3,"ts":3000000,"type":"FileOp","path":"/app/App.json","operation":"open","pid":7,"outcome":"ok"}"#,
    r#"{"seq":4,"ts":4000000,"type":"OutgoingConnection","address":"10.0.0.9","port":5432,"pid":8,"outcome":"failed"}"#,
    r#"{"seq":5,"ts":3661000000,"type":"DnsQuery","host":"db.example","pid":9}"#,
    r#"{"seq":6,"ts":6000000,"type":"Odd","deep":[{"value":"Treasure"}]}"#,
    r#"{"seq":7,"ts":7000000,"type":"EnvVar","vars":[],"rule":"r","depends_on":["remote_env: A"]}"#,
    r#"{"seq":8,"ts":8000000,"type":"EnvVar","vars":[],"unhooked":"static"}"#,
];

async fn home() -> (Home, Host) {
    let home = Home::new().await;
    let host = Host::start(&home.sessions, "one");
    LINES.iter().for_each(|line| host.emit_line(line));
    home.until_seq("one", 8).await;
    (home, host)
}

async fn found(home: &Home, filter: &str) -> Vec<u64> {
    let encoded: String = filter.bytes().map(|byte| format!("%{byte:02x}")).collect();
    let events = home.get(&format!("/api/sessions/one/events?q={encoded}")).await;
    let seq = |line: &Value| line["seq"].as_u64().unwrap_or_default();
    events.as_array().unwrap_or(&Vec::new()).iter().map(seq).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn q_takes_the_filter_language_and_plain_words_as_before() {
    let (home, _host) = home().await;
    for (filter, seqs) in [
        // As before: a text in any value, in any case, at any depth.
        ("app.json", vec![2, 3]),
        ("TREASURE", vec![6]),
        ("543", vec![4]),
        ("DnsQuery", vec![5]),
        ("/etc/", vec![2]),
        ("", vec![1, 2, 3, 4, 5, 6, 7, 8]),
        // Words in any order, and the columns that a line has not.
        ("open etc", vec![2]),
        ("worker app", vec![2]),
        ("10.0.0.9:5432", vec![4]),
        ("\"worker --once\"", vec![1]),
        ("process:worker type:file", vec![2]),
        ("outcome:failed,not_found", vec![2, 4]),
        ("path:*.json -path:/etc", vec![3]),
        ("db.example OR port:5000..6000", vec![4, 5]),
        ("/app\\.json$/", vec![2, 3]),
        ("pid:>8", vec![5]),
        ("tree:7", vec![1, 2, 3, 4]),
        ("time:01:01", vec![5]),
        ("before:1970-01-01T00:00:02Z", vec![1]),
        ("routing:depends", vec![7]),
        ("routing:static,loader", vec![8]),
        ("-routing:*", vec![1, 2, 3, 4, 5, 6]),
    ] {
        assert_eq!(found(&home, filter).await, seqs, "{filter}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_that_is_no_filter_is_refused_with_its_place_and_the_way_out() {
    let (home, _host) = home().await;
    let answer = home.ask(Method::GET, "/api/sessions/one/events?q=a%20prot:80").await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert_eq!(
        answer.json(),
        json!({
            "error": "`q`: there is no such field; did you mean `port:`?",
            "filter": {"code": "unknown_field", "start": 2, "end": 7, "unfinished": false, "hint": "did you mean `port:`?"},
        })
    );
    let answer = home
        .ask(Method::GET, "/api/sessions/one/events?q=secret%20%22open")
        .await;
    assert_eq!(answer.json()["filter"]["unfinished"], true);
    assert!(
        !answer.json().to_string().contains("secret"),
        "an error repeats nothing that was sent"
    );
}
