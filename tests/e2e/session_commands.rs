//! `mirrord session` and its short forms: what a script or an agent gets, from sessions alone, without a `mirrord ui`.

use std::process::Output;

use mirrord_tests::home::Home;
use mirrord_tests::host::Host;
use mirrord_tests::program::Program;
use mirrord_tests::released::ReleasedHost;
use mirrord_tests::schema::valid;
use mirrord_tests::{eventually, within};
use mirrord_wire::{MonitorEvent, SessionInfo};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, BufReader};

/// Output of a command that ends by itself.
struct Ran {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

async fn run(home: &Home, arguments: &[&str]) -> Ran {
    let output = within("a command", home.mirrord(arguments).output()).await.unwrap();
    output.into()
}

/// Runs a command that succeeds; returns its output.
async fn done(home: &Home, arguments: &[&str]) -> String {
    let ran = run(home, arguments).await;
    assert_eq!(ran.code, Some(0), "{arguments:?}: {}", ran.stderr);
    ran.stdout
}

/// Runs a command that fails with a code; returns its error, which is one line of JSON.
async fn refused(home: &Home, code: i32, arguments: &[&str]) -> Value {
    let ran = run(home, arguments).await;
    assert_eq!(ran.code, Some(code), "{arguments:?}: {}{}", ran.stdout, ran.stderr);
    let error = valid("error", ran.stderr.trim_end());
    assert_eq!(error["exit_code"], code);
    error
}

fn info(id: &str, key: Option<&str>) -> SessionInfo {
    SessionInfo {
        session_id: id.to_owned(),
        target: format!("deployment/{id}"),
        name: Some(format!("the {id}")),
        key: key.map(str::to_owned),
        started_at: "2026-11-29T10:00:00Z".to_owned(),
        mirrord_version: "0".to_owned(),
        config: Some(json!({"feature": {"env": {"override": {"KEY": "s3cret"}}}})),
        ..SessionInfo::default()
    }
}

fn dns(host: &str) -> MonitorEvent {
    MonitorEvent::DnsQuery { host: host.to_owned() }
}

fn variable() -> MonitorEvent {
    let vars = vec![("KEY".to_owned(), Some("s3cret".to_owned()))];
    MonitorEvent::EnvVar { vars }
}

/// Waits until a session has taken in so many events.
async fn has_events(home: &Home, id: &str, count: u64) {
    eventually("the events are there", async || {
        let state: Value = serde_json::from_str(&done(home, &["session", "state", id, "--json"]).await).unwrap();
        (state["seq"] == count).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_is_listed_read_and_ended_without_a_ui() {
    let home = Home::new();
    let mut program = Program::start_with(&home, "shop-1", &["--name", "shop"], &["sh"]).await;
    program.run("cat /etc/hostname /nowhere").await;
    let list = done(&home, &["ls"]).await;
    let first: Vec<_> = list.lines().nth(1).unwrap().split_whitespace().take(4).collect();
    assert_eq!(first, ["shop-1", "live", "shop", "targetless"], "{list}");
    assert!(!list.contains('\u{1b}'), "a pipe gets no colour");
    let all = valid("list", &done(&home, &["session", "list", "--json"]).await);
    assert_eq!(all[0]["processes"][0]["process_name"], "sh");

    let state = valid("state", &done(&home, &["session", "state", "--json"]).await);
    assert!(state["counters"]["by_type"]["FileOp"].as_u64() > Some(1), "{state}");
    let filter = "type:file outcome:not_found path:/nowhere";
    let found = done(&home, &["session", "events", "shop", "--filter", filter, "--json"]).await;
    let event = valid("event_line", found.trim_end());
    assert_eq!(
        (&event["path"], &event["outcome"]),
        (&json!("/nowhere"), &json!("not_found"))
    );
    let text = done(&home, &["session", "events", "shop", "--filter", filter]).await;
    assert!(
        text.contains("FileOp") && text.contains("/nowhere  not_found"),
        "{text}"
    );
    assert!(text.contains("cat ("), "the process by its name: {text}");
    let seq = event["seq"].to_string();
    let later = ["session", "events", "shop", "--since", &seq, "--filter", filter];
    assert_eq!(done(&home, &later).await, "");

    let ended = valid(
        "stopped_session",
        done(&home, &["kill", "shop-", "--json"]).await.trim_end(),
    );
    assert_eq!(ended["session_id"], "shop-1");
    let finished = program.finish().await;
    assert_eq!(
        std::os::unix::process::ExitStatusExt::signal(&finished.status),
        Some(15)
    );
    assert_eq!(done(&home, &["ls", "--json"]).await, "[]\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_is_waited_for_and_so_is_its_session() {
    let home = Home::new();
    let filter = "type:OutgoingConnection port:9";
    let wait = [
        "session",
        "wait",
        "later",
        "--filter",
        filter,
        "--timeout",
        "25s",
        "--json",
    ];
    let waiting = home.mirrord(wait).output();
    let connect = "import socket, sys\nsys.stdin.readline()\ntry: socket.create_connection(('127.0.0.1', 9))\nexcept OSError: pass\nsys.stdin.readline()";
    let act = async {
        let mut program = Program::start(&home, "later", &["python3", "-c", connect]).await;
        program.tell("go").await;
        program
    };
    let (waited, program) = within("the wait", async { tokio::join!(waiting, act) }).await;
    let waited = Ran::from(waited.unwrap());
    assert_eq!(waited.code, Some(0), "{}", waited.stderr);
    let event = valid("event_line", waited.stdout.trim_end());
    assert_eq!(event["port"], 9);
    // One that has happened already counts, unless it is left out by its number.
    let again = done(&home, &["session", "wait", "later", "--filter", filter]).await;
    assert!(again.contains("127.0.0.1:9"), "{again}");
    // What has happened is found whatever the time, and a filter may begin with a minus.
    let at_once = ["session", "wait", "later", "--timeout", "0s", "--filter"];
    let found = done(&home, &[&at_once[..], &["-type:file port:9"]].concat()).await;
    assert!(found.contains("127.0.0.1:9"), "{found}");
    let seq = event["seq"].to_string();
    let since = [
        "session",
        "wait",
        "later",
        "--filter",
        filter,
        "--since",
        &seq,
        "--timeout",
        "1ms",
        "--json",
    ];
    let over = refused(&home, 8, &since).await;
    assert!(over["error"].as_str().unwrap().contains("within 1ms"), "{over}");
    let missing = ["session", "wait", "none", "--filter", "x", "--timeout", "1ms", "--json"];
    assert!(
        refused(&home, 8, &missing).await["error"]
            .as_str()
            .unwrap()
            .contains("`none`")
    );
    drop(program);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_ends_while_it_is_read_has_its_own_code() {
    let home = Home::new();
    let mut program = Program::start(&home, "short", &["sh"]).await;
    let mut follow = home.mirrord(["session", "events", "--follow", "--json"]);
    follow
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped());
    let mut follow = follow.spawn().unwrap();
    let mut lines = BufReader::new(follow.stdout.take().unwrap()).lines();
    program.run("cat /etc/hostname").await;
    loop {
        let line = within("an event", lines.next_line()).await.unwrap().unwrap();
        if valid("event_line", &line)["path"] == "/etc/hostname" {
            break;
        }
    }
    program.finish().await;
    while within("the end", lines.next_line()).await.unwrap().is_some() {}
    let followed = Ran::from(within("the end", follow.wait_with_output()).await.unwrap());
    assert_eq!(
        (followed.code, followed.stdout.as_str()),
        (Some(7), ""),
        "{}",
        followed.stderr
    );

    let host = ReleasedHost::start(&home, "gone", &json!({"session_id": "gone", "config": {}}));
    let wait = ["session", "wait", "gone", "--filter", "nothing-like-it", "--json"];
    let waiting = home.mirrord(wait).output();
    let end = async {
        host.has_readers(1).await;
        drop(host);
    };
    let (waited, ()) = within("the wait", async { tokio::join!(waiting, end) }).await;
    let waited = Ran::from(waited.unwrap());
    assert_eq!(waited.code, Some(7), "{}", waited.stderr);
    assert_eq!(valid("error", waited.stderr.trim_end())["kind"], "ended");
}

#[tokio::test(flavor = "multi_thread")]
async fn values_of_variables_are_left_out_unless_they_are_asked_for() {
    let home = Home::new();
    let host = Host::start(&home, "one", info("one", None));
    host.tell(variable());
    has_events(&home, "one", 1).await;
    for json in [&["--json"][..], &[]] {
        for command in ["info", "events", "state"] {
            let given = [&["session", command], json].concat();
            let shown = done(&home, &given).await;
            assert!(shown.contains("KEY") && !shown.contains("s3cret"), "{given:?}: {shown}");
        }
        for command in ["info", "events"] {
            let given = [&["session", command, "--with-values"], json].concat();
            let shown = done(&home, &given).await;
            assert!(shown.contains("s3cret"), "{given:?}: {shown}");
        }
    }
    valid("info", &done(&home, &["session", "info", "--json"]).await);
    let event = valid("event_line", &done(&home, &["session", "events", "--json"]).await);
    assert_eq!(event["vars"], json!([["KEY", null]]));
    assert!(!done(&home, &["ls", "--json"]).await.contains("s3cret"));
    // A filter finds no value that is not printed.
    let guess = ["session", "events", "--json", "--filter", "s3cret"];
    assert_eq!(done(&home, &guess).await, "");
    let asked = [&guess[..], &["--with-values"]].concat();
    assert!(done(&home, &asked).await.contains("s3cret"));
    assert!(
        !done(&home, &["session", "wait", "--filter", "KEY", "--json"])
            .await
            .contains("s3cret")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_input_is_named_with_a_code_of_its_own() {
    let home = Home::new();
    for command in ["info", "state", "events"] {
        refused(&home, 3, &["session", command, "x", "--json"]).await;
    }
    refused(&home, 3, &["kill", "x", "--json"]).await;
    let ran = run(&home, &["ls"]).await;
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(0), ""));
    assert!(ran.stderr.contains("no session runs in"), "{}", ran.stderr);

    let _one = Host::start(&home, "api-1", info("api-1", None));
    let _two = Host::start(&home, "api-2", info("api-2", None));
    let ambiguous = refused(&home, 5, &["session", "info", "api", "--json"]).await;
    assert_eq!(ambiguous["sessions"], json!(["api-1", "api-2"]));
    assert_eq!(
        refused(&home, 5, &["session", "info", "--json"]).await["kind"],
        "ambiguous"
    );
    let none = refused(&home, 4, &["kill", "api-1", "none", "--json"]).await;
    assert!(none["error"].as_str().unwrap().contains("api-1 (the api-1)"), "{none}");
    done(&home, &["session", "info", "the api-1"]).await;
    done(&home, &["session", "info", "deployment/api-2"]).await;

    let filter = refused(
        &home,
        6,
        &["session", "events", "api-1", "--filter", "a prot:80", "--json"],
    )
    .await;
    assert_eq!(
        (&filter["filter"]["start"], &filter["filter"]["end"]),
        (&json!(2), &json!(7))
    );
    let text = run(&home, &["session", "wait", "api-1", "--filter", "a prot:80"]).await;
    assert!(text.stderr.ends_with("  a prot:80\n    ^^^^^\n"), "{}", text.stderr);
    assert!(text.stderr.contains("did you mean `port:`?"), "{}", text.stderr);
    // A host that gave no way to end its program.
    assert_eq!(
        refused(&home, 10, &["kill", "api-1", "--json"]).await["kind"],
        "unsupported"
    );
    assert_eq!(run(&home, &["kill"]).await.code, Some(2));
    assert_eq!(run(&home, &["session", "events", "--limit", "0"]).await.code, Some(2));

    let silent = std::os::unix::net::UnixListener::bind(home.sessions_dir().join("silent.sock")).unwrap();
    let unresponsive = refused(&home, 9, &["session", "info", "silent", "--json"]).await;
    assert!(
        unresponsive["error"].as_str().unwrap().contains("no answer to /info"),
        "{unresponsive}"
    );
    let list = valid("list", &done(&home, &["ls", "--json"]).await);
    let status = |id: &str| {
        list.as_array()
            .unwrap()
            .iter()
            .find(|own| own["session_id"] == id)
            .unwrap()["status"]
            .clone()
    };
    assert_eq!(
        (status("silent"), status("api-1")),
        (json!("unresponsive"), json!("live"))
    );
    drop(silent);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_is_given_by_its_id_is_asked_alone() {
    let home = Home::new();
    let host = Host::start(&home, "one", info("one", None));
    host.tell(dns("db"));
    has_events(&home, "one", 1).await;
    // Whoever asks it waits: it accepts and never answers.
    let other = std::os::unix::net::UnixListener::bind(home.sessions_dir().join("other.sock")).unwrap();
    other.set_nonblocking(true).unwrap();
    for given in [
        &["session", "info", "one"][..],
        &["session", "state", "one"],
        &["session", "events", "one"],
        &["session", "wait", "one", "--filter", "host:db", "--timeout", "0s"],
    ] {
        done(&home, given).await;
        let asked = other.accept().map(drop).map_err(|error| error.kind());
        assert_eq!(asked, Err(std::io::ErrorKind::WouldBlock), "{given:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_of_a_key_are_one_group() {
    let home = Home::new();
    let mut early = info("c", Some("pr-7"));
    early.started_at = "2026-11-29T09:00:00Z".to_owned();
    let _hosts = [
        Host::start(&home, "a", info("a", Some("pr-7"))),
        Host::start(&home, "b", info("b", None)),
        Host::start(&home, "c", early),
    ];
    let ids = |list: &str| -> Vec<String> {
        let lines = list.lines().skip(1);
        lines
            .map(|line| line.split_whitespace().next().unwrap().to_owned())
            .collect()
    };
    assert_eq!(ids(&done(&home, &["ls"]).await), ["c", "a", "b"]);
    assert_eq!(ids(&done(&home, &["ls", "--key", "pr-7"]).await), ["c", "a"]);
    assert_eq!(done(&home, &["ls", "--key", "other", "--json"]).await, "[]\n");
    let program = home.path().join("keyed.json");
    std::fs::write(&program, r#"{"key": "pr-8"}"#).unwrap();
    let flags = ["-f", program.to_str().unwrap()];
    let first = Program::start_with(&home, "k1", &flags, &["sleep", "1000"]).await;
    let second = Program::start_with(&home, "k2", &flags, &["sleep", "1000"]).await;
    let ended = done(&home, &["session", "stop", "--key", "pr-8", "--json"]).await;
    let stopped: Vec<_> = ended.lines().map(|line| valid("stopped_session", line)).collect();
    assert_eq!(stopped.len(), 2, "{stopped:?}");
    tokio::join!(first.finish(), second.finish());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_released_mirrord_is_followed_and_says_what_it_cannot() {
    let home = Home::new();
    let description = json!({"session_id": "old", "mirrord_version": "3.250.0", "target": "pod/x", "config": {},
        "started_at": "2026-11-29T10:00:00Z", "processes": [{"pid": 4711, "process_name": "node"}]});
    let host = ReleasedHost::start(&home, "old", &description);
    valid("info", &done(&home, &["session", "info", "old", "--json"]).await);
    refused(&home, 10, &["session", "state", "old", "--json"]).await;
    refused(&home, 10, &["session", "events", "old", "--json"]).await;
    let stop = refused(&home, 10, &["kill", "old", "--json"]).await;
    assert!(stop["error"].as_str().unwrap().contains("4711"), "{stop}");
    let wait = ["session", "wait", "old", "--filter", "host:postgres", "--json"];
    let waiting = home.mirrord(wait).output();
    let emit = async {
        host.has_readers(1).await;
        host.tell(&json!({"type": "dns_query", "host": "other"}));
        host.tell(&json!({"type": "dns_query", "host": "postgres.svc"}));
    };
    let (waited, ()) = within("the wait", async { tokio::join!(waiting, emit) }).await;
    let waited = Ran::from(waited.unwrap());
    assert_eq!(waited.code, Some(0), "{}", waited.stderr);
    let event = valid("event_line", waited.stdout.trim_end());
    assert_eq!(
        (&event["type"], &event["host"], &event["seq"]),
        (&json!("DnsQuery"), &json!("postgres.svc"), &json!(2))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_terminal_gets_no_control_character_of_a_session_and_a_closed_pipe_is_no_failure() {
    let home = Home::new();
    let mut hostile = info("evil", None);
    hostile.name = Some("\u{1b}]0;owned\u{7}\u{202e}".to_owned());
    let host = Host::start(&home, "evil", hostile);
    for _ in 0..5_000 {
        host.tell(dns("\u{1b}[2J\nx"));
    }
    has_events(&home, "evil", 5_000).await;
    for command in [
        &["ls"][..],
        &["session", "info"],
        &["session", "events"],
        &["session", "state"],
    ] {
        let shown = done(&home, command).await;
        assert!(!shown.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{command:?}");
    }
    let mirrord = mirrord_tests::home::binary();
    let piped = format!(
        "set -o pipefail; '{}' session events evil --json | head -1",
        mirrord.display()
    );
    let output = within("head", home.command("bash").args(["-c", &piped]).output())
        .await
        .unwrap();
    assert_eq!(
        (output.status.code(), output.stderr.as_slice()),
        (Some(0), &b""[..]),
        "{output:?}"
    );
    let limited = done(&home, &["session", "events", "evil", "--limit", "3", "--json"]).await;
    assert_eq!(limited.lines().count(), 3);
}

/// Rows of the table of exit codes: the code and its word.
fn documented_codes() -> Vec<(i64, String)> {
    let text = include_str!("../../docs/agents.md");
    let rows = text.lines().filter_map(|line| {
        let mut cells = line.strip_prefix('|')?.split('|');
        let code = cells.next()?.trim().parse().ok()?;
        Some((code, cells.next()?.trim_matches(['`', ' ']).to_owned()))
    });
    rows.collect()
}

#[test]
fn the_documents_and_the_schema_have_the_same_exit_codes() {
    let schema: Value = serde_json::from_str(include_str!("../../docs/session-output.schema.json")).unwrap();
    let error = &schema["$defs"]["error"]["properties"];
    let documented: Vec<_> = documented_codes()
        .into_iter()
        .filter(|(_, kind)| !kind.is_empty())
        .collect();
    let codes: Vec<_> = documented.iter().map(|(code, _)| json!(code)).collect();
    let kinds: Vec<_> = documented.iter().map(|(_, kind)| json!(kind)).collect();
    assert_eq!(error["exit_code"]["enum"], Value::Array(codes));
    assert_eq!(error["kind"]["enum"], Value::Array(kinds));
}
