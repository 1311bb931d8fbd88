//! Answers of a session beyond every bound: its bytes are not read, its lists are not kept, and it is followed on.

use std::fmt::Write as _;

use crate::support::Home;
use crate::support::host::Scripted;

/// A session with a state and one event.
fn with_state(home: &Home, id: &'static str, state: String) -> Scripted {
    Scripted::answering(&home.sessions, id, move |target| match target {
        "/info" => format!(r#"{{"session_id":"{id}","protocol_version":1,"started_at":"s"}}"#),
        "/state" => state.clone(),
        _ => "{\"seq\":1,\"ts\":1,\"type\":\"DnsQuery\",\"host\":\"db\"}\n".to_owned(),
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_state_beyond_its_bounds_is_neither_read_nor_kept() {
    let home = Home::new().await;
    let mut processes = String::new();
    for pid in 1..=100_000 {
        write!(processes, r#"{{"pid":{pid},"process_name":"p"}},"#).unwrap();
    }
    processes.pop();
    let many = format!(r#"{{"seq":1,"oldest_seq":1,"processes":[{processes}]}}"#);
    assert!(many.len() < mirrord_session_client::limits::MAX_STATE_BYTES);
    let long_name = "x".repeat(mirrord_session_client::limits::MAX_STATE_BYTES);
    let long = format!(r#"{{"seq":1,"processes":[{{"pid":1,"process_name":"{long_name}"}}]}}"#);
    let _hosts = [with_state(&home, "many", many), with_state(&home, "long", long)];
    for (id, processes) in [("many", mirrord_wire::session::MAX_PROCESSES), ("long", 0)] {
        let session = home.until_seq(id, 1).await;
        assert_eq!((&session["status"], &session["missed"]), (&"live".into(), &0.into()));
        let detail = home.get(&format!("/api/sessions/{id}")).await;
        assert_eq!(
            detail["state"]["processes"].as_array().unwrap().len(),
            processes,
            "{id}"
        );
    }
    let counts = &home.session("long").await.unwrap()["counts"];
    assert_eq!(counts["DnsQuery"], 1, "what comes is counted");
}
