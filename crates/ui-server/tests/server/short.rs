//! Sessions that are over before they were attached to: what their hosts accepted is read to its end, as one whole.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tokio::io::AsyncWriteExt as _;
use tokio::net::{UnixListener, UnixStream};
use tokio::task::JoinSet;

use crate::support::Home;
use crate::support::host::read_head;

const EVENTS: &str = concat!(
    r#"{"seq":1,"ts":1,"type":"LayerConnected","pid":7,"process_name":"ls","cmdline":["ls","/"]}"#,
    "\n",
    r#"{"seq":2,"ts":2,"type":"FileOp","path":"/","operation":"opendir","pid":7}"#,
    "\n",
    r#"{"seq":3,"ts":3,"type":"LayerDisconnected","pid":7}"#,
    "\n"
);

/// Answer of a host on one path; empty for a connection that is cut off.
type Answers = fn(&str) -> Option<(&'static str, String)>;

/// A host that accepts one connection for each question, removes its socket, and answers only then.
async fn ends_while_it_is_attached(path: PathBuf, connections: usize, answers: Answers) {
    let listener = UnixListener::bind(&path).unwrap();
    let mut streams = Vec::new();
    while streams.len() < connections {
        streams.push(listener.accept().await.unwrap().0);
    }
    std::fs::remove_file(&path).unwrap();
    drop(listener);
    let mut open = JoinSet::new();
    for stream in streams {
        open.spawn(answer(stream, answers));
    }
    open.join_all().await;
}

async fn answer(mut stream: UnixStream, answers: Answers) {
    let Ok(head) = read_head(&mut stream).await else { return };
    let target = head.split(' ').nth(1).unwrap_or_default();
    let path = target.split('?').next().unwrap_or_default();
    if let Some((content_type, body)) = answers(path) {
        let head = format!("HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\nConnection: close\r\n\r\n");
        stream.write_all(format!("{head}{body}").as_bytes()).await.ok();
    }
}

fn info(version: Option<u32>) -> String {
    let mut info = json!({
        "session_id": "short", "target": "targetless", "started_at": "2026-11-20T18:00:00Z", "mirrord_version": "1",
        "processes": [], "config": {},
    });
    if let Some(version) = version {
        info["protocol_version"] = version.into();
    }
    info.to_string()
}

fn ours(path: &str) -> Option<(&'static str, String)> {
    match path {
        "/info" => Some(("application/json", info(Some(1)))),
        "/state" => Some((
            "application/json",
            r#"{"seq":3,"oldest_seq":1,"counters":{"total":3,"by_type":{"FileOp":1,"LayerConnected":1,"LayerDisconnected":1}},"processes":[{"pid":7,"process_name":"ls","cmdline":["ls","/"],"started_ts":1,"ended_ts":3}]}"#.to_owned(),
        )),
        "/events" => Some(("application/x-ndjson", EVENTS.to_owned())),
        _ => None,
    }
}

fn ours_without_info(path: &str) -> Option<(&'static str, String)> {
    if path == "/events" { ours(path) } else { None }
}

fn ours_without_events(path: &str) -> Option<(&'static str, String)> {
    if path == "/events" { None } else { ours(path) }
}

fn released(path: &str) -> Option<(&'static str, String)> {
    let event = |json: &str| format!("data: {json}\n\n");
    match path {
        "/info" => Some(("application/json", info(None))),
        "/events" => Some((
            "text/event-stream",
            [
                event(
                    r#"{"type":"layer_connected","pid":7,"parent_pid":null,"process_name":"ls","cmdline":["ls","/"]}"#,
                ),
                event(r#"{"type":"file_op","path":"/","operation":"opendir"}"#),
                event(r#"{"type":"layer_disconnected","pid":7}"#),
            ]
            .concat(),
        )),
        _ => None,
    }
}

/// Runs such a host to its end; gives the session as it is listed then, and the types of its events.
async fn seen(sessions: &Path, home: &Home, answers: Answers) -> (Value, Vec<String>) {
    ends_while_it_is_attached(sessions.join("short.sock"), 3, answers).await;
    let session = home.until("short", "ended").await;
    let events = home.get("/api/sessions/short/events").await;
    let kinds = events.as_array().unwrap().iter();
    let kinds = kinds.map(|event| event["type"].as_str().unwrap().to_owned()).collect();
    (session, kinds)
}

const WHOLE: [&str; 3] = ["LayerConnected", "FileOp", "LayerDisconnected"];

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_ends_while_it_is_attached_is_there_as_a_whole() {
    let home = Home::new().await;
    let (session, events) = seen(&home.sessions, &home, ours).await;
    assert_eq!(events, WHOLE);
    assert_eq!(
        (
            &session["seq"],
            &session["missed"],
            &session["counts"]["FileOp"],
            &session["end"]
        ),
        (&3.into(), &0.into(), &1.into(), &"closed".into())
    );
    // What it was stays, though none of its processes runs.
    assert_eq!(
        session["processes"],
        json!([{"pid": 7, "process_name": "ls", "cmdline": ["ls", "/"]}])
    );
    assert_eq!(session["process_count"], 1);
    let mut client = home.websocket("/ws?ended=true").await;
    let snapshot = client.message().await;
    assert_eq!(snapshot["data"][0]["processes"], session["processes"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_could_not_say_who_it_is_has_its_events_all_the_same() {
    let home = Home::new().await;
    let (session, events) = seen(&home.sessions, &home, ours_without_info).await;
    assert_eq!(events, WHOLE);
    assert_eq!(session["notes"], json!(["it ended before it answered /info"]));
    assert_eq!(session["processes"][0]["process_name"], "ls");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_counted_and_could_not_be_sent_is_missing() {
    let home = Home::new().await;
    let (session, events) = seen(&home.sessions, &home, ours_without_events).await;
    assert_eq!(events, [""; 0]);
    assert_eq!((&session["seq"], &session["missed"]), (&3.into(), &3.into()));
    assert_eq!(session["processes"][0]["process_name"], "ls");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_released_session_that_ends_while_it_is_attached_is_there_as_well() {
    let home = Home::new().await;
    let (session, events) = seen(&home.sessions, &home, released).await;
    assert_eq!(events, WHOLE);
    assert_eq!(session["processes"][0]["process_name"], "ls");
    assert_eq!(session.get("missed"), None, "it cannot be known: {session}");
    assert_eq!(session["routing"], json!({"remote": 1}));
}
