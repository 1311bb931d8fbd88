//! Programs that end at once: `mirrord ui` shows each of them, whole.

use std::process::Stdio;
use std::time::Duration;

use mirrord_tests::home::Home;
use mirrord_tests::ui::Ui;
use mirrord_tests::{eventually, within};
use serde_json::Value;
use tokio::time::Instant;

async fn run(home: &Home, id: String) {
    let mut command = home.mirrord(["exec", "--", "ls", "/"]);
    command.env("MIRRORD_SESSION_ID", id).stdin(Stdio::null());
    let output = within("ls", command.output()).await.unwrap();
    assert!(output.status.success(), "{output:?}");
}

/// The numbers of the events that are kept of a session.
async fn numbers(ui: &Ui, id: &str) -> Vec<u64> {
    let events: Value = ui.json(&format!("/api/sessions/{id}/events?since=0")).await;
    let lines = events.as_array().unwrap();
    lines.iter().map(|line| line["seq"].as_u64().unwrap()).collect()
}

/// Each has ended, and every one of its events is there, from the process's start to its end.
async fn all_are_whole(ui: &Ui, count: usize) {
    let sessions = eventually("each session has ended", async || {
        let sessions: Value = ui.json("/api/sessions?ended=true").await;
        let sessions = sessions.as_array().unwrap().clone();
        let ended = sessions.iter().filter(|session| session["status"] == "ended");
        (ended.count() == count).then_some(sessions)
    })
    .await;
    for session in sessions {
        let id = session["session_id"].as_str().unwrap();
        assert_eq!(session["missed"], 0, "{session}");
        let numbers = numbers(ui, id).await;
        let seq = session["seq"].as_u64().unwrap();
        assert_eq!(numbers, (1..=seq).collect::<Vec<_>>(), "{session}");
        let counts = &session["counts"];
        assert_eq!(counts["LayerConnected"], counts["LayerDisconnected"], "{session}");
        assert!(
            counts["LayerConnected"].as_u64() >= Some(1) && counts["FileOp"].as_u64() >= Some(1),
            "{session}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_programs_that_end_at_once_are_all_there() {
    let (home, ui) = Ui::with_home().await;
    for round in 0..8 {
        run(&home, format!("alone-{round}")).await;
    }
    for round in 0..24 {
        let eight = (0..8).map(|number| run(&home, format!("s-{round}-{number}")));
        futures_util::future::join_all(eight).await;
    }
    // As many as the server keeps of those that have ended.
    all_are_whole(&ui, 8 + 24 * 8).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_an_instance_nothing_is_waited_for() {
    let home = Home::new();
    let mut quickest = Duration::MAX;
    for round in 0..5 {
        let began = Instant::now();
        run(&home, format!("s-{round}")).await;
        quickest = quickest.min(began.elapsed());
    }
    assert!(quickest < Duration::from_millis(200), "{quickest:?}");
    assert!(home.sessions_left().is_empty(), "{:?}", home.sessions_left());
}
