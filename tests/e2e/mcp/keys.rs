//! Sessions of one key, as one for an agent.

use mirrord_tests::home::Home;
use mirrord_tests::host::Host;
use mirrord_tests::program::Program;
use mirrord_tests::released::ReleasedHost;
use mirrord_wire::SessionInfo;
use serde_json::{Value, json};

use super::agent::Agent;
use super::{dns, variable};

fn keyed(home: &Home, id: &str) -> Host {
    let info = SessionInfo {
        session_id: id.to_owned(),
        target: format!("deployment/{id}"),
        key: Some("k".to_owned()),
        ..SessionInfo::default()
    };
    Host::start(home, id, info)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_reads_the_sessions_of_a_key_as_one() {
    let home = Home::new();
    let (first, second) = (keyed(&home, "a"), keyed(&home, "b"));
    for number in 0..3 {
        first.tell(dns(&format!("a-{number}")));
        second.tell(dns(&format!("b-{number}")));
    }
    second.tell(variable());
    let mut agent = Agent::start(&home, &[]).await;
    let list = agent.call("list_sessions", json!({"key": "k"})).await;
    assert_eq!(list["sessions"][1]["key"], "k");
    for filter in ["host:a-2", "KEY"] {
        let waited = agent
            .call("wait_for_event", json!({"key": "k", "filter": filter}))
            .await;
        let id = if filter == "KEY" { "b" } else { "a" };
        assert_eq!(
            (&waited["session_id"], waited["event"].is_object()),
            (&json!(id), true),
            "{waited}"
        );
    }
    let (mut cursor, mut found) = (Value::Null, Vec::new());
    loop {
        let given = json!({"key": "k", "filter": "type:dns", "limit": 2, "cursor": cursor});
        let page = agent.call("query_events", given).await;
        let events = page["events"].as_array().unwrap();
        assert!(events.len() <= 2, "{page}");
        let place = |event: &Value| (event["session_id"].to_string(), event["seq"].as_u64().unwrap());
        found.extend(events.iter().map(place));
        if page["has_more"] == false {
            break;
        }
        cursor = page["next_cursor"].clone();
    }
    found.sort();
    let ids = ["a", "b"]
        .iter()
        .flat_map(|id| (1..=3).map(move |seq| (json!(id).to_string(), seq)));
    assert_eq!(found, ids.collect::<Vec<_>>(), "each once");
    let state = agent.call("session_state", json!({"key": "k"})).await;
    assert_eq!(state["state"]["counters"]["total"], 7);
    assert!(!state.to_string().contains("s3cret"), "{state}");
    let explained = agent.call("explain", json!({"key": "k", "subject": "b-1"})).await;
    assert_eq!(
        (&explained["count"], &explained["looked_at"]),
        (&json!(1), &json!(7)),
        "{explained}"
    );
    let ids: Vec<_> = explained["sessions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|own| own["session_id"].clone())
        .collect();
    assert_eq!(ids, ["b", "a"], "the one that did it first");
    let text = explained["text"].as_str().unwrap();
    assert!(
        text.contains("of the key k is about b-1") && text.contains("session b"),
        "{text}"
    );
    for (tool, given, named) in [
        ("explain", json!({"key": "none", "subject": "b-1"}), "there are k"),
        (
            "explain",
            json!({"key": "k", "session": "a", "subject": "b-1"}),
            "`session`",
        ),
        ("session_state", json!({"key": "none"}), "there are k"),
        ("session_state", json!({"key": "k", "session": "a"}), "`session`"),
        ("query_events", json!({"key": "k", "since": 1}), "`since`"),
        ("query_events", json!({"key": "k", "cursor": "x"}), "`next_cursor`"),
        ("query_events", json!({"session": "a", "cursor": "a:1"}), "`cursor`"),
    ] {
        let (_, text) = agent.refused(tool, given.clone()).await;
        assert!(text.contains(named), "{tool} {given}: {text}");
    }
    agent.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_ends_the_sessions_of_a_key_and_learns_which_ones_cannot_be() {
    let home = Home::new();
    let command = ["sleep", "1000"];
    let programs = [
        Program::start_with(&home, "one", &["--key", "k"], &command).await,
        Program::start_with(&home, "two", &["--key", "k"], &command).await,
    ];
    let info =
        json!({"session_id": "old", "key": "k", "target": "pod/x", "mirrord_version": "3.200.0", "processes": []});
    let released = ReleasedHost::start(&home, "old", &info);
    let other = Program::start_with(&home, "three", &["--key", "other"], &command).await;
    let mut agent = Agent::start(&home, &["--allow-stop"]).await;
    for (given, named) in [
        (json!({"key": "k", "session": "one"}), "`session`"),
        (json!({"key": "none"}), "there are k, other"),
        (json!({}), "`key`"),
    ] {
        let (_, text) = agent.refused("stop_session", given.clone()).await;
        assert!(text.contains(named), "{given}: {text}");
    }
    let ended = agent.call("stop_session", json!({"key": "k"})).await;
    let mut found: Vec<_> = ended["sessions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|own| (own["session_id"].as_str().unwrap(), own["status"].as_str().unwrap()))
        .collect();
    found.sort_unstable();
    assert_eq!(found, [("old", "failed"), ("one", "ended"), ("two", "ended")]);
    assert_eq!(ended["failed"], 1);
    for program in programs {
        program.finish().await;
    }
    let (kind, text) = agent.refused("stop_session", json!({"key": "k"})).await;
    assert!(
        text.contains("released mirrord"),
        "none of them can be ended: {kind}: {text}"
    );
    let list = agent.call("list_sessions", json!({"key": "other"})).await;
    assert_eq!(list["sessions"][0]["session_id"], "three");
    agent.finish().await;
    drop((released, other));
}
