//! Sessions of one key, as one for an agent.

use mirrord_tests::home::Home;
use mirrord_tests::host::Host;
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
    for (tool, given, named) in [
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
