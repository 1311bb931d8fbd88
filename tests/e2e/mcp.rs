//! `mirrord mcp`: what an agent gets, asked by the official Python SDK as its client (`mcp_client.py`).

mod agent;
mod keys;

use std::process::Stdio;

use mirrord_tests::home::Home;
use mirrord_tests::host::Host;
use mirrord_tests::program::Program;
use mirrord_tests::released::ReleasedHost;
use mirrord_tests::within;
use mirrord_wire::{MonitorEvent, SessionInfo};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};

use self::agent::{Agent, answered, failed, read};

const AGENTS: &str = include_str!("../../docs/agents.md");
fn info(id: &str) -> SessionInfo {
    SessionInfo {
        session_id: id.to_owned(),
        target: format!("deployment/{id}"),
        config: Some(json!({"feature": {"env": {"override": {"KEY": "s3cret"}}}})),
        ..SessionInfo::default()
    }
}

fn variable() -> MonitorEvent {
    let vars = vec![("KEY".to_owned(), Some("s3cret".to_owned()))];
    MonitorEvent::EnvVar { vars }
}

fn dns(host: &str) -> MonitorEvent {
    MonitorEvent::DnsQuery { host: host.to_owned() }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_reads_a_run_from_the_list_of_sessions_to_an_explanation() {
    let home = Home::new();
    let mut agent = Agent::start(&home, &[]).await;
    assert_eq!(agent.server["serverInfo"]["name"], "mirrord");
    let tools = agent.tools().await;
    let names: Vec<_> = tools.iter().map(|tool| tool["name"].as_str().unwrap()).collect();
    assert_eq!(
        names,
        [
            "list_sessions",
            "session_state",
            "query_events",
            "wait_for_event",
            "explain",
            "diff_records"
        ]
    );
    assert!(
        tools.iter().all(|tool| tool["annotations"]["readOnlyHint"] == true),
        "{tools:?}"
    );
    for name in names.into_iter().chain(["stop_session"]) {
        assert!(AGENTS.contains(&format!("| `{name}` |")), "the documents have {name}");
    }
    let none = agent.call("list_sessions", json!({})).await;
    assert_eq!(none["sessions"], json!([]));
    assert!(
        none["note"]
            .as_str()
            .unwrap()
            .contains("`mirrord exec -- CMD` starts one"),
        "{none}"
    );

    let mut program = Program::start_with(&home, "shop-1", &["--name", "shop"], &["sh"]).await;
    program.run("cat /nowhere; cat /nowhere; cat /etc/hostname").await;
    let list = agent.call("list_sessions", json!({})).await;
    assert_eq!(
        (&list["sessions"][0]["name"], &list["sessions"][0]["status"]),
        (&json!("shop"), &json!("live"))
    );
    let filter = "type:file outcome:not_found path:=/nowhere";
    let wanted = json!({"session": "shop", "filter": filter});
    let waited = agent.call("wait_for_event", wanted).await;
    assert_eq!(
        (&waited["event"]["path"], &waited["process_name"]),
        (&json!("/nowhere"), &json!("cat"))
    );

    let state = agent.call("session_state", json!({"limit": 1})).await;
    let paths = &state["state"]["paths"];
    assert_eq!(paths["items"].as_array().map(Vec::len), Some(1), "{state}");
    assert!(paths["more"].as_u64() > Some(0), "{state}");

    let explained = agent
        .call("explain", json!({"session": "shop", "subject": "/nowhere"}))
        .await;
    let own = &explained["names"][0];
    assert_eq!(
        (&own["name"], own["outcomes"]["not_found"].as_u64() >= Some(2)),
        (&json!("/nowhere"), true)
    );
    let processes = own["processes"].as_array().unwrap();
    assert!(processes.iter().all(|process| process["name"] == "cat"), "{explained}");
    assert_eq!(explained["suggestions"]["reason"], "no_config");
    let of_filter = json!({"session": "shop", "filter": explained["filter"]});
    let found = agent.call("query_events", of_filter).await;
    assert_eq!(
        found["events"].as_array().map(Vec::len),
        explained["count"]
            .as_u64()
            .and_then(|count| usize::try_from(count).ok())
    );
    agent.finish().await;
    program.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn events_come_in_pages_each_once_and_within_its_bounds() {
    let home = Home::new();
    let host = Host::start(&home, "pages", info("pages"));
    for number in 0..25 {
        host.tell(dns(&format!("host-{number}")));
    }
    host.tell(MonitorEvent::FileOp {
        path: Some("/last".to_owned()),
        operation: "open".into(),
    });
    let mut agent = Agent::start(&home, &[]).await;
    let last = json!({"filter": "path:/last"});
    agent.call("wait_for_event", last).await;
    let (mut since, mut hosts) = (0, Vec::new());
    loop {
        let given = json!({"session": "page", "filter": "type:dns", "since": since, "limit": 10});
        let page = agent.call("query_events", given).await;
        let events = page["events"].as_array().unwrap();
        assert!(events.len() <= 10, "{page}");
        hosts.extend(events.iter().map(|event| event["host"].as_str().unwrap().to_owned()));
        since = page["next_since"].as_u64().unwrap();
        if page["has_more"] == false {
            assert_eq!(since, page["newest_seq"], "what did not match was looked at as well");
            break;
        }
    }
    let expected: Vec<_> = (0..25).map(|number| format!("host-{number}")).collect();
    assert_eq!(hosts, expected);

    for number in 0..30 {
        host.file(
            &format!("/{}{number}", "p".repeat(4_000)),
            "open",
            mirrord_wire::Routing::Local,
            None,
        );
    }
    host.tell(dns("large"));
    agent.call("wait_for_event", json!({"filter": "host:=large"})).await;
    let large = agent
        .call("query_events", json!({"filter": "path:ppp", "limit": 1000}))
        .await;
    let count = large["events"].as_array().unwrap().len();
    assert!(
        large.to_string().len() <= 64 * 1024 && count > 8 && count < 30,
        "{large}"
    );
    assert_eq!(large["has_more"], true);
    let state = agent.call("session_state", json!({"limit": 500})).await;
    assert!(state.to_string().len() <= 64 * 1024);
    agent.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn values_are_shown_only_where_they_are_asked_for_and_no_filter_finds_them_else() {
    let home = Home::new();
    let record = home.path().join("run.ndjson.zst");
    let record = record.to_str().unwrap();
    let given = ["exec", "--record", record, "--with-values", "true"];
    let ran = home.mirrord(given).env("KEY", "s3cret").output();
    assert!(within("the run", ran).await.unwrap().status.success());
    let host = Host::start(&home, "values", info("values"));
    host.tell(variable());
    host.tell(dns("s3cret"));
    host.tell(dns("end"));
    for (flag, is_shown) in [(None, false), (Some("--show-env-values"), true)] {
        let flags: Vec<_> = ["--record", record].into_iter().chain(flag).collect();
        let mut agent = Agent::start(&home, &flags).await;
        agent.call("wait_for_event", json!({"filter": "host:=end"})).await;
        let by_value = json!({"filter": "type:env s3cret"});
        let found = agent.call("query_events", by_value.clone()).await;
        assert_eq!(
            found["events"].as_array().map(Vec::len),
            Some(usize::from(is_shown)),
            "{found}"
        );
        let mut waiting = by_value;
        waiting["timeout_seconds"] = 1.into();
        if is_shown {
            agent.call("wait_for_event", waiting).await;
        } else {
            assert_eq!(agent.refused("wait_for_event", waiting).await.0, "timed_out");
        }
        let of_record = agent.read("mirrord://record/run.ndjson.zst").await;
        let mut answers = vec![
            agent.call("query_events", json!({"filter": "KEY"})).await,
            of_record["events"].clone(),
        ];
        assert!(
            answers.iter().all(|answer| answer.to_string().contains("KEY")),
            "{answers:?}"
        );
        assert!(
            answers
                .iter()
                .all(|answer| answer.to_string().contains("s3cret") == is_shown),
            "{answers:?}"
        );
        // What is no value is shown as it is: the host that is called the same is left out of these.
        answers = vec![
            agent.call("list_sessions", json!({})).await,
            agent.call("explain", json!({"subject": "end"})).await,
            of_record["session"].clone(),
        ];
        assert!(!json!(answers).to_string().contains("s3cret"), "{answers:?}");
        agent.finish().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_is_ended_where_that_is_allowed_and_nowhere_else() {
    let home = Home::new();
    let program = Program::shell(&home, "to-stop").await;
    let mut reader = Agent::start(&home, &[]).await;
    let (kind, text) = reader.refused("stop_session", json!({"session": "to-stop"})).await;
    assert!(kind == "refused" && text.contains("`--allow-stop`"), "{kind}: {text}");
    let list = reader.call("list_sessions", json!({})).await;
    assert_eq!(list["sessions"][0]["status"], "live");
    reader.finish().await;

    let mut agent = Agent::start(&home, &["--allow-stop"]).await;
    let tools = agent.tools().await;
    let stop = tools.iter().find(|tool| tool["name"] == "stop_session").unwrap();
    let marks = &stop["annotations"];
    assert_eq!(
        (&marks["destructiveHint"], &marks["readOnlyHint"]),
        (&json!(true), &json!(false))
    );
    let (kind, _) = agent.refused("stop_session", json!({})).await;
    assert_eq!(kind, "arguments", "the only session is not meant by itself");
    let ended = agent.call("stop_session", json!({"session": "to-st"})).await;
    assert_eq!(
        (&ended["session_id"], &ended["status"]),
        (&json!("to-stop"), &json!("ended"))
    );
    program.finish().await;
    assert_eq!(agent.call("list_sessions", json!({})).await["sessions"], json!([]));
    agent.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn records_are_resources_and_are_compared() {
    let home = Home::new();
    let directory = home.path().join("runs");
    std::fs::create_dir(&directory).unwrap();
    let mut files = Vec::new();
    for (name, path) in [("one.ndjson", "/nowhere/one"), ("two.ndjson.zst", "/nowhere/two")] {
        let file = directory.join(name);
        let given = ["exec", "--record", file.to_str().unwrap(), "--", "cat", path];
        within("a run", home.mirrord(given).output()).await.unwrap();
        files.push(file.to_str().unwrap().to_owned());
    }
    let host = Host::start(&home, "running", info("running"));
    let mut agent = Agent::start(&home, &["--record", &files[0], "--record", &files[1]]).await;
    let resources = agent.ask(json!(["list_resources"])).await;
    let resources = resources["result"]["resources"].as_array().unwrap();
    let uris: Vec<_> = resources.iter().map(|own| own["uri"].as_str().unwrap()).collect();
    assert_eq!(
        uris,
        [
            "mirrord://record/one.ndjson",
            "mirrord://record/two.ndjson.zst",
            "mirrord://session/running"
        ]
    );
    let templates = agent.ask(json!(["list_resource_templates"])).await;
    assert_eq!(
        templates["result"]["resourceTemplates"].as_array().map(Vec::len),
        Some(2)
    );

    let session = agent.read("mirrord://session/running").await;
    assert_eq!(session["session"]["target"], "deployment/running");
    let (mut since, mut events) = (0, String::new());
    loop {
        let page = agent
            .read(&format!("mirrord://record/two.ndjson.zst?since={since}"))
            .await;
        assert!(page.to_string().len() <= 64 * 1024, "{page}");
        assert_eq!(page["has_more"] == true, page.get("end").is_none(), "{page}");
        events += &page["events"].to_string();
        since = page["next_since"].as_u64().unwrap();
        if page["has_more"] == false {
            assert_eq!(page["end"]["events"], since);
            break;
        }
    }
    assert!(events.contains("/nowhere/two"), "{events}");
    let rest = agent
        .read(&format!("mirrord://record/two.ndjson.zst?since={since}"))
        .await;
    assert_eq!((&rest["events"], &rest["has_more"]), (&json!([]), &json!(false)));
    for uri in [
        "mirrord://record/none",
        "mirrord://session/none",
        "file:///etc/passwd",
        "mirrord://record/one.ndjson?since=x",
    ] {
        let answer = agent.ask(json!(["read_resource", uri])).await;
        let message = answer["error"]["message"].as_str().unwrap();
        assert!(
            message.contains(uri.rsplit('/').next().unwrap().split('?').next().unwrap()),
            "{answer}"
        );
    }

    let different = agent
        .call("diff_records", json!({"a": files[0], "b": uris[1], "limit": 500}))
        .await;
    let printed = home.mirrord(["diff", &files[0], &files[1], "--json"]).output();
    let printed = within("the comparison", printed).await.unwrap().stdout;
    assert_eq!(different, serde_json::from_slice::<Value>(&printed).unwrap());
    assert!(
        different["paths"]["only_a"].to_string().contains("/nowhere/one"),
        "{different}"
    );
    let (kind, text) = agent
        .refused("diff_records", json!({"a": files[0], "b": "/etc/hostname"}))
        .await;
    assert!(
        kind == "not_a_record" && text.contains("/etc/hostname is no record"),
        "{kind}: {text}"
    );
    drop(host);
    agent.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn failures_are_errors_of_the_tool_with_a_way_out_and_the_server_goes_on() {
    let home = Home::new();
    let mut agent = Agent::start(&home, &[]).await;
    let (kind, text) = agent.refused("session_state", json!({})).await;
    assert!(
        kind == "no_sessions" && text.contains("`mirrord exec -- CMD` starts one"),
        "{text}"
    );
    let hosts = ["ab-1", "ab-2"].map(|id| Host::start(&home, id, info(id)));
    for (tool, arguments, kind, named) in [
        ("session_state", json!({}), "ambiguous", "ab-2 (deployment/ab-2)"),
        (
            "explain",
            json!({"session": "ab", "subject": "/x"}),
            "ambiguous",
            "ab-1",
        ),
        ("query_events", json!({"session": "none"}), "no_match", "`none`"),
        (
            "query_events",
            json!({"session": "ab-1", "filter": "prot:80"}),
            "filter",
            "did you mean `port:`?",
        ),
        ("wait_for_event", json!({"filter": "("}), "filter", "does not parse"),
        ("query_events", json!({"fliter": "x"}), "arguments", "`fliter`"),
        ("query_events", json!({"since": "one"}), "arguments", "`query_events`"),
        (
            "explain",
            json!({"session": "ab-1", "subject": " "}),
            "arguments",
            "the subject is empty",
        ),
        (
            "diff_records",
            json!({"a": "/none/a", "b": "/none/b"}),
            "failed",
            "/none/a",
        ),
        ("stop", json!({}), "refused", "list_sessions"),
    ] {
        let (found, text) = agent.refused(tool, arguments.clone()).await;
        assert!(
            found == kind && text.contains(named),
            "{tool} {arguments}: {found}: {text}"
        );
    }
    drop(hosts);
    let gone = ReleasedHost::start(&home, "gone", &json!({"session_id": "gone", "target": "pod/x"}));
    agent
        .send(json!(["call_tool", "wait_for_event", {"session": "gone", "filter": "host:never"}]))
        .await;
    gone.has_readers(1).await;
    drop(gone);
    let (kind, text) = failed(&read(&mut agent.stdout).await);
    assert!(
        kind == "ended" && text.contains("the session gone has ended"),
        "{kind}: {text}"
    );

    let old = ReleasedHost::start(&home, "old", &json!({"session_id": "old", "target": "pod/x"}));
    let (kind, text) = agent.refused("query_events", json!({"session": "old"})).await;
    assert!(
        kind == "unsupported" && text.contains("`wait_for_event`"),
        "{kind}: {text}"
    );
    agent
        .send(json!(["call_tool", "wait_for_event", {"session": "old", "filter": "host:=late"}]))
        .await;
    old.has_readers(1).await;
    old.tell(&json!({"type": "dns_query", "host": "late"}));
    let waited = read(&mut agent.stdout).await;
    assert_eq!(answered(waited)["event"]["host"], "late");
    agent.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_stdin_ends_it_with_0_and_stdout_has_the_protocol_alone() {
    let home = Home::new();
    let output = home.mirrord(["mcp"]).stdin(Stdio::null()).output();
    let output = within("its end", output).await.unwrap();
    assert_eq!(
        (output.status.code(), &output.stdout[..]),
        (Some(0), &b""[..]),
        "{output:?}"
    );

    // In the middle of a wait, and after lines that are no requests.
    let mut server = home
        .mirrord(["mcp", "-v"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = server.stdin.take().unwrap();
    let client =
        json!({"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "0"}});
    let wait = json!({"name": "wait_for_event", "arguments": {"filter": "x", "timeout_seconds": 300}});
    for line in [
        json!({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": client}).to_string(),
        json!({"jsonrpc": "2.0", "method": "notifications/initialized"}).to_string(),
        "no JSON".to_owned(),
        json!({"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": wait}).to_string(),
        json!({"jsonrpc": "2.0", "id": 3, "method": "tools/call", "params": {"name": "list_sessions"}}).to_string(),
    ] {
        stdin.write_all(format!("{line}\n").as_bytes()).await.unwrap();
    }
    let mut lines = BufReader::new(server.stdout.take().unwrap()).lines();
    let mut answered = Vec::new();
    while !answered.contains(&json!(3)) {
        answered.push(read(&mut lines).await["id"].clone());
    }
    assert_eq!(answered, [json!(1), json!(3)], "the wait does not hold the others up");
    drop(stdin);
    let rest = within("the rest", lines.next_line()).await.unwrap();
    let rest: Value = serde_json::from_str(&rest.expect("the wait is answered")).unwrap();
    assert_eq!((&rest["id"], &rest["result"]["isError"]), (&json!(2), &json!(true)));
    assert_eq!(within("the end of stdout", lines.next_line()).await.unwrap(), None);
    let status = within("its end", server.wait()).await.unwrap();
    assert_eq!(status.code(), Some(0));
    let mut log = String::new();
    server.stderr.take().unwrap().read_to_string(&mut log).await.unwrap();
    assert_eq!(log, "", "what the client was answered is not logged as well");
}
