//! Tests of what devices are shown.

use serde_json::Value;

use super::words::HIDDEN;
use super::*;

fn instead(text: &str) -> String {
    match line(text, Disclosure::default()) {
        Shown::Instead(written) => written,
        Shown::AsItIs => text.to_owned(),
    }
}

#[test]
fn ordinary_lines_pass_to_the_letter() {
    for plain in [
        r#"{"seq":1,"ts":2,"type":"FileOp","path":"/etc/hosts","operation":"open","pid":7,"routing":"local","rule":"feature.fs.mode"}"#,
        r#"{"seq":1,"ts":2,"type":"FileOp","path":null,"operation":"read"}"#,
        r#"{"seq":1,"ts":2,"type":"DnsQuery","host":"db"}"#,
        r#"{"seq":1,"ts":2,"type":"OutgoingConnection","address":"10.0.0.1","port":6379,"protocol":"tcp"}"#,
        r#"{"seq":1,"ts":2,"type":"LayerDisconnected","pid":7}"#,
        r#"{"seq":1,"ts":2,"type":"LayerDisconnected","pid":7,"signal":"SIGABRT"}"#,
        r#"{"seq":1,"ts":2,"type":"FileOp","path":"/etc/hosts","operation":"open","outcome":"not_found"}"#,
        r#"{"seq":1,"ts":2,"type":"ConnectionUpdate","protocol":"tcp","direction":"in","local":"[::1]:8080","remote":"[::1]:50000","state":"closed","bytes_in":7,"outcome":"connected"}"#,
        r#"{"seq":1,"ts":2,"type":"PortSubscription","port":8080,"mode":"steal"}"#,
        r#"{"seq":1,"ts":2,"type":"PortSubscription","port":8080,"mode":"listen","address":"*","outcome":"failed"}"#,
        r#"{"seq":1,"ts":2,"type":"ListenerUpdate","protocol":"tcp","address":"::1","port":8080,"arrivals":3,"open":1,"last_ts":5,"bytes_in":2,"bytes_out":3,"note":"ipv6_only"}"#,
        r#"{"seq":1,"ts":2,"type":"ListenerUpdate","protocol":"unix","address":"<UNIX-PATH> /run/x","port":0,"closed":true}"#,
        r#"{"seq":1,"ts":2,"type":"ListenerUpdate","protocol":"tcp","address":"*","port":5432,"note":"bind_failed","closed":true,"holder":"postgres","holder_pid":812}"#,
        r#"{"seq":1,"ts":2,"type":"LayerConnected","pid":7,"process_name":"node","cmdline":["node","server.js"]}"#,
        r#"{"seq":1,"ts":2,"type":"Incomplete","reason":"io_uring","pid":7}"#,
    ] {
        assert_eq!(line(plain, Disclosure::default()), Shown::AsItIs, "{plain}");
    }
}

#[test]
fn values_of_variables_never_pass() {
    let shown = instead(r#"{"seq":1,"ts":2,"type":"EnvVar","vars":[["DB_PASSWORD","hunter2"],["A","b"]]}"#);
    assert_eq!(
        shown,
        r#"{"seq":1,"ts":2,"type":"EnvVar","vars":[["DB_PASSWORD",null],["A",null]]}"#
    );
}

#[test]
fn a_field_that_its_type_does_not_have_hides_nothing() {
    for sly in [
        r#"{"seq":1,"ts":2,"type":"FileOp","path":"/a","operation":"open","env":{"A":"hunter2"}}"#,
        r#"{"seq":1,"ts":2,"type":"FileOp","path":"/a","operation":"open","password":"hunter2"}"#,
        r#"{"seq":1, "ts":2, "type":"FileOp", "path":"/a", "operation":"open", "token" : "hunter2"}"#,
        r#"{"seq":1,"ts":2,"type":"FileOp","path":7,"operation":"open","api_key":"hunter2"}"#,
        r#"{"seq":1,"ts":2,"type":"EnvVar","vars":{"A":"hunter2"}}"#,
        r#"{"seq":1,"ts":2,"type":"NewThing","vars":[["A","hunter2"]],"n":1}"#,
        r#"{"seq":1,"ts":2,"type":"NewThing","deep":[{"auth":{"clientSecret":"hunter2"}}]}"#,
        r#"{"seq":1,"ts":2,"type":"NewThing","environment":["A=hunter2"]}"#,
        r#"{"seq":1,"ts":2,"type":"NewThing","url":"postgres://u:hunter2@db/x"}"#,
        r#"{"seq":1,"ts":2,"type":"NewThing","args":["psql","--password","hunter2"]}"#,
        r#"{"seq":1,"ts":2,"type":"DnsQuery","host":{"secret":"hunter2"}}"#,
        r#"{"seq":1,"ts":2,"type":"Incomplete","reason":"hunter2"}"#,
        r#"{"seq":"x","type":"hunter2"}"#,
        r#"{"seq":9,"ts":2,"type":"FileOp","path":"/a","operation":"open","pid":{"password":"hunter2"}}"#,
    ] {
        let shown = instead(sly);
        assert!(!shown.contains("hunter2"), "{sly} -> {shown}");
        assert!(serde_json::from_str::<Value>(&shown).is_ok(), "{shown}");
    }
}

#[test]
fn a_request_and_a_command_line_show_no_credential() {
    for (line, kept) in [
        (
            r#"{"seq":1,"ts":2,"type":"IncomingRequest","method":"GET","path":"/cart?x=1&access_token=hunter2&y=2","host":"h"}"#,
            "/cart?x=***&access_token=***&y=***",
        ),
        (
            r#"{"seq":1,"ts":2,"type":"LayerConnected","pid":7,"process_name":"psql","cmdline":["psql","postgres://u:hunter2@db/x"]}"#,
            "postgres://***@db/x",
        ),
        (
            r#"{"seq":1,"ts":2,"type":"PortSubscription","port":1,"mode":"steal","filter":"header authorization: hunter2"}"#,
            "header authorization: ***",
        ),
        (
            r#"{"seq":1,"ts":2,"type":"FileOp","path":"/proc/x?token=hunter2","operation":"open"}"#,
            "/proc/x?token=***",
        ),
    ] {
        let shown = instead(line);
        assert!(!shown.contains("hunter2") && shown.contains(kept), "{shown}");
    }
}

#[test]
fn a_config_keeps_its_shape_and_loses_its_values() {
    let mut config = serde_json::json!({
        "feature": {"env": {"include": "DB_*", "override": {"DB_PASSWORD": "hunter2", "PORT": 1}}, "fs": "local"},
        "target": {"path": "deployment/checkout"},
        "operator": {"token": "hunter2"},
        "key": "hunter2",
        "api": true,
    });
    json::config("", &mut config);
    let text = config.to_string();
    assert!(
        !text.contains("hunter2") && text.contains("DB_PASSWORD") && text.contains("deployment/checkout"),
        "{text}"
    );
    assert_eq!(config["feature"]["env"]["override"]["PORT"], HIDDEN);
    assert_eq!(config["feature"]["fs"], "local");
}

#[test]
fn a_sessions_name_is_shown_where_it_is_plain() {
    for plain in ["shop, api", "Köln", "checkout (second try) #2", "日本"] {
        assert_eq!(values::title(plain), plain);
    }
    for odd in [
        "u:hunter2@h",
        "token=hunter2",
        "https://u:hunter2@h/",
        "a\u{1b}[2J",
        "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
        "deadbeef0123456789abcdef",
    ] {
        let shown = values::title(odd);
        assert!(
            shown.contains(HIDDEN) && !shown.contains("hunter2") && !shown.contains("292c69"),
            "{odd}: {shown}"
        );
    }
}

#[test]
fn a_session_with_everything_shows_no_secret() {
    let mut with_secrets: SessionDetail = serde_json::from_value(serde_json::json!({
        "session_id": "a", "key": "hunter2", "reason": "cannot reach http://u:hunter2@h",
        "processes": [{"pid": 1, "process_name": "mysql", "cmdline": ["mysql", "-phunter2"]}],
        "port_subscriptions": [{"port": 1, "mode": "steal", "filter": "cookie: hunter2"}],
        "config": {"feature": {"env": {"override": {"A": "hunter2"}}}},
        "record": {"file": "hunter2.ndjson", "events": 3},
        "state": {
            "processes": [{"pid": 1, "process_name": "env", "cmdline": ["env", "PGPASSWORD=hunter2", "psql"]}],
            "port_subscriptions": [{"port": 1, "mode": "steal", "filter": "x-api-key: hunter2"}],
            "paths": {"items": [{"name": "/x?password=hunter2", "count": 2}], "more": 0},
            "connections": {"items": [{"protocol": "hunter2", "local": "u:hunter2@h:1", "remote": "x hunter2", "state": "token=hunter2"}]},
            "listeners": {"items": [{"protocol": "a hunter2", "address": "<UNIX-PATH> /x?password=hunter2", "note": "hunter2"}]},
        },
    }))
    .unwrap();
    detail(&mut with_secrets, Disclosure::default());
    let text = serde_json::to_string(&with_secrets).unwrap();
    assert!(!text.contains("hunter2"), "{text}");
    assert!(text.contains("PGPASSWORD=***"), "{text}");
    assert!(text.contains(r#""record":{"events":3"#), "{text}");
}

#[test]
fn a_sidebar_keeps_the_names_that_the_reader_gave_and_nothing_else() {
    let mut view = serde_json::json!({
        "group": "key", "sort": "name", "note": "hunter2",
        "keys": {"a": "green", "b": "my team [1]", "c": "ghp_16C7e42F292c6912E7710c838347Ae178B4a", "../d": "x"},
    });
    json::sidebar_view(&mut view);
    let kept = serde_json::json!({"group": "key", "sort": "name", "keys": {"a": "green", "b": "my team [1]"}});
    assert_eq!(view, kept);
}

#[test]
fn answers_show_no_secret_and_go_on_saying_what_failed() {
    let mut with_secrets: Summary = serde_json::from_value(serde_json::json!({
        "seq": 9, "outcomes": true, "exits": true, "root": 7,
        "searches": [{"name": "x?token=hunter2", "places": [
            {"path": "/srv/x?token=hunter2", "not_found": 2, "opened": true, "outcome": "not_found"},
            {"path": "/etc/app/x?token=hunter2", "not_found": 2, "outcome": "not_found"}]}],
        "probes": [{"path": "/srv/p?token=hunter2", "count": 9, "seconds": 9}],
        "destinations": [{"name": "u:hunter2@h:1", "host": "u:hunter2@h", "failed": 3, "outcome": "failed"}],
        "hosts": [{"name": "u:hunter2@h", "asked": 3, "seconds": 3}],
        "ports": [{"port": 80, "arrivals": 0}],
        "died": [{"pid": 8, "command": "/opt/psql postgres://u:hunter2@db/x", "signal": "hunter2 SIGABRT"},
                 {"pid": 9, "command": "/opt/psql -phunter2", "signal": "SIGABRT"}],
        "running": [{"pid": 7, "command": "shop --password hunter2"}],
    }))
    .unwrap();
    answers(&mut with_secrets);
    let text = serde_json::to_string(&with_secrets.answers(with_secrets.moment(0, true))).unwrap();
    assert!(!text.contains("hunter2"), "{text}");
    let shown: Value = serde_json::from_str(&text).unwrap();
    for found in shown["worth_a_look"].as_array().unwrap() {
        let query = found["query"].as_str().unwrap();
        assert!(mirrord_filter::parse(query).is_ok(), "{query}");
    }
    assert_eq!(
        (&shown["failed"]["files"], &shown["failed"]["processes"]),
        (&1.into(), &2.into())
    );
    assert_eq!(
        (&shown["died"][1]["command"], &shown["died"][1]["signal"]),
        (&"psql".into(), &"SIGABRT".into())
    );
}
