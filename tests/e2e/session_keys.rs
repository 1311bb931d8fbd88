//! Sessions that share a key, as one on the command line: one log, one state, one wait, one stop.

use std::process::{Output, Stdio};

use mirrord_tests::home::Home;
use mirrord_tests::host::Host;
use mirrord_tests::program::Program;
use mirrord_tests::released::ReleasedHost;
use mirrord_tests::schema::valid;
use mirrord_tests::{eventually, within};
use mirrord_wire::{MonitorEvent, SessionInfo};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, BufReader};

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

async fn run(home: &Home, arguments: &[&str]) -> Output {
    within("a command", home.mirrord(arguments).output()).await.unwrap()
}

/// Runs a command that succeeds; returns its output.
async fn done(home: &Home, arguments: &[&str]) -> String {
    let ran = run(home, arguments).await;
    assert_eq!(ran.status.code(), Some(0), "{arguments:?}: {}", text(&ran.stderr));
    text(&ran.stdout)
}

/// Runs a command that fails with a code; returns its error.
async fn refused(home: &Home, code: i32, arguments: &[&str]) -> Value {
    let ran = run(home, arguments).await;
    assert_eq!(ran.status.code(), Some(code), "{arguments:?}: {ran:?}");
    valid("error", text(&ran.stderr).trim_end())
}

fn keyed(home: &Home, id: &str, key: &str) -> Host {
    let info = SessionInfo {
        session_id: id.to_owned(),
        target: format!("deployment/{id}"),
        name: Some(format!("the {id}")),
        key: Some(key.to_owned()),
        started_at: "2026-11-29T10:00:00Z".to_owned(),
        config: Some(json!({"feature": {"env": {"override": {"KEY": "s3cret"}}}})),
        ..SessionInfo::default()
    };
    Host::start(home, id, info)
}

fn dns(host: &str) -> MonitorEvent {
    MonitorEvent::DnsQuery { host: host.to_owned() }
}

/// Waits until the sessions of a key have taken in so many events.
async fn has_events(home: &Home, key: &str, count: u64) -> Value {
    eventually("the events are there", async || {
        let state = done(home, &["session", "state", "--key", key, "--json"]).await;
        let state = valid("group_state", state.trim_end());
        (state["counters"]["total"] == count).then_some(state)
    })
    .await
}

fn ids(lines: &[Value]) -> Vec<&str> {
    lines.iter().map(|line| line["session_id"].as_str().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_of_the_command_line_goes_before_that_of_the_file() {
    let home = Home::new();
    let file = home.path().join("keyed.json");
    std::fs::write(&file, r#"{"key": "file", "target": "deployment/{{ key }}"}"#).unwrap();
    let file = file.to_str().unwrap();
    let command = ["sleep", "1000"];
    let programs = [
        Program::start_with(&home, "k1", &["--key", "pr-7"], &command).await,
        Program::start_with(&home, "k2", &["--key", "pr-7", "-f", file], &command).await,
        Program::start_with(&home, "k3", &["--key", "", "-f", file], &command).await,
    ];
    let list = valid("list", &done(&home, &["ls", "--json"]).await);
    let own = |field: &str| -> Vec<Value> { list.as_array().unwrap().iter().map(|own| own[field].clone()).collect() };
    assert_eq!(own("key"), ["pr-7", "pr-7", "file"]);
    // The file's template has it as well.
    assert_eq!(own("target"), ["targetless", "deployment/pr-7", "deployment/file"]);
    let ended = done(&home, &["session", "stop", "--key", "pr-7", "--json"]).await;
    assert_eq!(ended.lines().count(), 2, "{ended}");
    done(&home, &["session", "stop", "--key", "file"]).await;
    for program in programs {
        program.finish().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_events_of_a_key_are_one_log_in_the_order_of_time() {
    let home = Home::new();
    let hosts = ["a", "b"].map(|id| keyed(&home, id, "pr-7"));
    let _other = keyed(&home, "c", "pr-8");
    for round in 0..3 {
        for (place, host) in (1..).zip(&hosts) {
            host.tell(dns(&format!("db-{round}")));
            // The next one is later.
            has_events(&home, "pr-7", round * 2 + place).await;
        }
    }
    let printed = done(&home, &["session", "events", "--key", "pr-7", "--json"]).await;
    let lines: Vec<_> = printed.lines().map(|line| valid("event_line", line)).collect();
    assert_eq!(ids(&lines), ["a", "b", "a", "b", "a", "b"], "{printed}");
    assert!(lines.is_sorted_by_key(|line| line["ts"].as_u64()), "{printed}");
    let seqs: Vec<_> = lines.iter().map(|line| line["seq"].as_u64().unwrap()).collect();
    assert_eq!(seqs, [1, 1, 2, 2, 3, 3]);
    let some = [
        "session",
        "events",
        "--key",
        "pr-7",
        "--filter",
        "host:db-1",
        "--limit",
        "1",
    ];
    let shown = done(&home, &some).await;
    let words: Vec<_> = shown.split("  ").map(str::trim).collect();
    assert_eq!(
        (shown.lines().count(), words[1]),
        (1, "the a"),
        "a column has the session: {shown}"
    );
    assert!(shown.contains("db-1"), "{shown}");
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_that_start_later_join_and_the_end_of_the_last_one_is_the_end() {
    let home = Home::new();
    let first = keyed(&home, "first", "k");
    first.tell(dns("before"));
    has_events(&home, "k", 1).await;
    let mut follow = home.mirrord(["session", "events", "--key", "k", "--follow", "--json"]);
    follow.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut follow = follow.spawn().unwrap();
    let mut lines = BufReader::new(follow.stdout.take().unwrap()).lines();
    let mut next = async |host: &str, id: &str| {
        let line = within("an event", lines.next_line()).await.unwrap().unwrap();
        let event = valid("event_line", &line);
        assert_eq!((&event["host"], &event["session_id"]), (&json!(host), &json!(id)));
    };
    next("before", "first").await;
    let second = keyed(&home, "second", "k");
    let _other = keyed(&home, "third", "other");
    second.tell(dns("joined"));
    next("joined", "second").await;
    first.tell(dns("still here"));
    next("still here", "first").await;
    drop(first);
    second.tell(dns("alone"));
    next("alone", "second").await;
    drop(second);
    assert!(within("the end", lines.next_line()).await.unwrap().is_none());
    let followed = within("the end", follow.wait_with_output()).await.unwrap();
    assert_eq!(followed.status.code(), Some(7), "{}", text(&followed.stderr));
    let error = valid("error", text(&followed.stderr).trim_end());
    assert!(error["error"].as_str().unwrap().contains("key `k`"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_state_of_a_key_is_one_and_says_what_is_not_in_it() {
    let home = Home::new();
    let hosts = ["a", "b"].map(|id| keyed(&home, id, "k"));
    for host in &hosts {
        host.tell(dns("both"));
        host.tell(MonitorEvent::LayerConnected {
            pid: 7,
            parent_pid: None,
            process_name: Some("node".to_owned()),
            cmdline: vec![],
            cwd: None,
        });
    }
    hosts[0].tell(dns("one"));
    let description = json!({"session_id": "old", "mirrord_version": "3.250.0", "target": "pod/x", "config": {},
        "started_at": "2026-11-29T10:00:00Z", "key": "k"});
    let _released = ReleasedHost::start(&home, "old", &description);
    let state = has_events(&home, "k", 5).await;
    assert_eq!(
        state["hosts"]["items"],
        json!([{"name": "both", "count": 2}, {"name": "one", "count": 1}])
    );
    let processes = state["processes"].as_array().unwrap();
    assert_eq!(ids(processes), ["a", "b"]);
    let events: Vec<_> = state["sessions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|own| &own["events"])
        .collect();
    assert_eq!(events, [3, 2]);
    assert_eq!(state["unread"][0]["session_id"], "old");
    let shown = done(&home, &["session", "state", "--key", "k"]).await;
    for part in ["2  both", "node (7) of a (the a)", "old (pod/x): not counted"] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    let infos = done(&home, &["session", "info", "--key", "k", "--json"]).await;
    let infos = valid("infos", infos.trim_end());
    assert_eq!(ids(infos.as_array().unwrap()), ["a", "b", "old"]);
    assert!(!infos.to_string().contains("s3cret"), "{infos}");
    let shown = done(&home, &["session", "info", "--key", "k", "--with-values"]).await;
    assert!(shown.contains("s3cret") && shown.contains("\n\n"), "{shown}");
    // What is kept is read of those that keep it, and the other one is named.
    let ran = run(&home, &["session", "events", "--key", "k", "--json"]).await;
    assert_eq!(
        (ran.status.code(), text(&ran.stdout).lines().count()),
        (Some(10), 5),
        "{ran:?}"
    );
    assert_eq!(valid("error", text(&ran.stderr).trim_end())["kind"], "unsupported");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_event_of_any_session_of_a_key_is_waited_for() {
    let home = Home::new();
    let wait = ["session", "wait", "--key", "k", "--filter", "host:wanted", "--json"];
    let waiting = home.mirrord(wait).output();
    let act = async {
        let first = keyed(&home, "first", "k");
        first.tell(dns("other"));
        has_events(&home, "k", 1).await;
        let second = keyed(&home, "second", "k");
        second.tell(dns("wanted"));
        (first, second)
    };
    let (waited, hosts) = within("the wait", async { tokio::join!(waiting, act) }).await;
    let waited = waited.unwrap();
    assert_eq!(waited.status.code(), Some(0), "{}", text(&waited.stderr));
    let event = valid("event_line", text(&waited.stdout).trim_end());
    assert_eq!(
        (&event["host"], &event["session_id"]),
        (&json!("wanted"), &json!("second"))
    );
    // One that has happened counts.
    let again = done(&home, &wait[..6]).await;
    assert!(again.contains("the second") && again.contains("wanted"), "{again}");
    let never = [
        "session",
        "wait",
        "--key",
        "k",
        "--filter",
        "host:never",
        "--timeout",
        "1ms",
        "--json",
    ];
    let over = refused(&home, 8, &never).await;
    assert!(over["error"].as_str().unwrap().contains("within 1ms"), "{over}");
    let never = [
        "session",
        "wait",
        "--key",
        "none",
        "--filter",
        "x",
        "--timeout",
        "1ms",
        "--json",
    ];
    assert!(
        refused(&home, 8, &never).await["error"]
            .as_str()
            .unwrap()
            .contains("`none`")
    );
    drop(hosts);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_no_session_has_is_named_with_those_that_there_are() {
    let home = Home::new();
    for command in ["info", "state", "events", "stop"] {
        refused(&home, 3, &["session", command, "--key", "k", "--json"]).await;
    }
    let _hosts = [keyed(&home, "a", "k"), keyed(&home, "b", "l")];
    for command in ["info", "state", "events", "stop"] {
        let none = refused(&home, 4, &["session", command, "--key", "m", "--json"]).await;
        assert_eq!((&none["kind"], &none["keys"]), (&json!("no_match"), &json!(["k", "l"])));
    }
    let filter = ["session", "events", "--key", "k", "--filter", "a prot:80", "--json"];
    assert_eq!(refused(&home, 6, &filter).await["kind"], "filter");
    for wrong in [
        &["info", "a", "--key", "k"][..],
        &["state", "a", "--key", "k"],
        &["events", "a", "--key", "k"],
        &["events", "--key", "k", "--since", "1"],
        &["wait", "--key", "k", "--filter", "x", "--since", "1"],
    ] {
        let ran = run(&home, &[&["session"][..], wrong].concat()).await;
        assert_eq!(ran.status.code(), Some(2), "{wrong:?}: {ran:?}");
    }
}
