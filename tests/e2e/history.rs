//! The history of `mirrord ui`, its recordings and the records that it is sent, as a whole.

use std::path::Path;
use std::process::Command;

use hyper::header::HeaderValue;
use hyper::{Method, StatusCode};
use mirrord_tests::eventually;
use mirrord_tests::home::Home;
use mirrord_tests::http::Answer;
use mirrord_tests::program::Program;
use mirrord_tests::ui::Ui;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

/// Runs a script under `mirrord exec` to its end.
async fn run(home: &Home, id: &str, script: &str) {
    let mut command = home.mirrord(["exec", "-q", "--", "sh", "-c", script]);
    let command = command.env("MIRRORD_SESSION_ID", id).env("SECRET", "hunter2");
    let output = mirrord_tests::within("a program", command.output()).await.unwrap();
    assert!(output.status.success(), "{output:?}");
}

async fn send(ui: &Ui, method: Method, path: &str, kind: &str, body: Vec<u8>) -> Answer {
    let mut request = ui.request(method, path);
    let kind = HeaderValue::from_str(kind).unwrap();
    request.headers_mut().insert("content-type", kind);
    *request.body_mut() = body.into();
    ui.send(request).await
}

async fn put(ui: &Ui, path: &str, body: &Value) -> Value {
    let answer = send(ui, Method::PUT, path, "application/json", body.to_string().into_bytes()).await;
    assert_eq!(answer.status(), StatusCode::OK, "{answer:?}");
    serde_json::from_slice(answer.body()).unwrap()
}

/// Waits until the history has a record of a session, and gives it.
async fn kept(ui: &Ui, id: &str) -> Value {
    eventually("the session is in the history", async || {
        let history: Value = ui.json("/api/history").await;
        let mut records = history["records"].as_array().unwrap().iter();
        records.find(|own| own["session_id"] == id).cloned()
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_ended_is_in_the_history_of_the_next_server_without_values() {
    let home = Home::new();
    let ui = Ui::start_with(&home, &["--port", "0", "--history"]).await;
    run(&home, "one", "cat /etc/hostname >/dev/null").await;
    let record = kept(&ui, "one").await;
    assert_eq!(record["exit"], json!({"exit_code": 0}), "{record}");
    assert!(record["command"].as_str().unwrap().starts_with("sh -c cat"), "{record}");
    assert!(ui.interrupt().await.success());
    let file = home
        .path()
        .join(".mirrord/history")
        .join(record["file"].as_str().unwrap());
    let text = zstd::decode_all(&std::fs::read(&file).unwrap()[..]).unwrap();
    let text = String::from_utf8(text).unwrap();
    assert!(text.contains("\"SECRET\"") && !text.contains("hunter2"), "{text}");
    // The flag was for the one that it was given to.
    let ui = Ui::start(&home).await;
    let history: Value = ui.json("/api/history?q=hostname").await;
    assert_eq!(
        (&history["enabled"], &history["records"][0]["session_id"]),
        (&json!(false), &json!("one"))
    );
    let open = format!("/api/history/{}/open", record["file"].as_str().unwrap());
    let answer = send(&ui, Method::POST, &open, "application/json", Vec::new()).await;
    assert_eq!(answer.status(), StatusCode::CREATED, "{answer:?}");
    eventually("the record was read", async || {
        let events: Vec<Value> = ui.json("/api/sessions/one/events?q=path:/etc/hostname").await;
        (!events.is_empty()).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_killed_has_kept_what_was_seen() {
    let home = Home::new();
    let mut ui = Ui::start_with(&home, &["--port", "0", "--history"]).await;
    let program = Program::start(&home, "one", &["sleep", "1000"]).await;
    let folder = home.path().join(".mirrord/history");
    eventually("the first events are on the disk", async || {
        let file = std::fs::read_dir(&folder).ok()?.next()?.ok()?.path();
        let text = zstd::decode_all(&std::fs::read(file).ok()?[..]).ok()?;
        String::from_utf8_lossy(&text).contains("LayerConnected").then_some(())
    })
    .await;
    let pid = Pid::from_raw(ui.child.id().unwrap().try_into().unwrap()).unwrap();
    kill_process(pid, Signal::KILL).unwrap();
    ui.child.wait().await.unwrap();
    drop(program);
    let ui = Ui::start(&home).await;
    let record = kept(&ui, "one").await;
    assert!(
        record["events"].as_u64().unwrap() > 0 && record["exit"].is_null(),
        "{record}"
    );
    assert!(record["command"].as_str().unwrap().starts_with("sleep"), "{record}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recording_of_the_page_and_its_download_are_records_that_can_be_sent() {
    let (home, ui) = Ui::with_home().await;
    let program = Program::start(&home, "one", &["sleep", "1000"]).await;
    eventually("the session is there", async || {
        let sessions: Vec<Value> = ui.json("/api/sessions").await;
        sessions
            .iter()
            .any(|own| own["status"] == "live" && own["seq"] != 0)
            .then_some(())
    })
    .await;
    let begun = put(&ui, "/api/sessions/one/recording", &json!({"on": true})).await;
    drop(program);
    let recording = eventually("the recording has ended", async || {
        let session: Value = ui.json("/api/sessions/one").await;
        (session["recording"]["on"] == false).then(|| session["recording"].clone())
    })
    .await;
    assert_eq!(
        (&recording["file"], &recording["error"]),
        (&begun["file"], &Value::Null)
    );
    let file = std::fs::read(begun["file"].as_str().unwrap()).unwrap();
    let download = ui.send(ui.request(Method::GET, "/api/sessions/one/record")).await;
    assert_eq!(download.status(), StatusCode::OK);
    for (name, body, id) in [
        ("run.ndjson.zst", file, "one-replay2"),
        ("run.ndjson", download.body().to_vec(), "one-replay3"),
    ] {
        let path = format!("/api/records?name={name}");
        let answer = send(&ui, Method::POST, &path, "application/octet-stream", body).await;
        let answer: Value = serde_json::from_slice(answer.body()).unwrap();
        assert_eq!(answer, json!({"session_id": id}));
        eventually("the record was read", async || {
            let session: Value = ui.json(&format!("/api/sessions/{id}")).await;
            (session["status"] == "ended").then_some(())
        })
        .await;
        let comparison: Value = ui.json(&format!("/api/diff?a=one&b={id}")).await;
        assert_eq!(comparison["same"], true, "{comparison}");
    }
}

/// A file system with little room, as long as this is held.
struct SmallDisk<'a>(&'a Path);

impl<'a> SmallDisk<'a> {
    /// Mounts one; `None` where that is not allowed.
    fn mount(path: &'a Path) -> Option<Self> {
        std::fs::create_dir_all(path).unwrap();
        let mut command = Command::new("mount");
        let command = command
            .args(["-t", "tmpfs", "-o", "size=16k,mode=700", "none"])
            .arg(path);
        command.output().ok()?.status.success().then_some(Self(path))
    }
}

impl Drop for SmallDisk<'_> {
    fn drop(&mut self) {
        Command::new("umount").args(["-l".as_ref(), self.0]).output().unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_ends_a_recording_with_an_error_and_neither_the_session_nor_the_server() {
    let home = Home::new();
    let folder = home.path().join(".mirrord/records");
    let Some(_disk) = SmallDisk::mount(&folder) else {
        return;
    };
    let ui = Ui::start(&home).await;
    let script = "while :; do test -e /$(cat /proc/sys/kernel/random/uuid); done";
    let program = Program::start(&home, "one", &["sh", "-c", script]).await;
    eventually("the session is there", async || {
        let sessions: Vec<Value> = ui.json("/api/sessions").await;
        sessions.iter().any(|own| own["status"] == "live").then_some(())
    })
    .await;
    put(&ui, "/api/sessions/one/recording", &json!({"on": true})).await;
    let session = eventually("the disk is full", async || {
        let session: Value = ui.json("/api/sessions/one").await;
        (session["recording"]["on"] == false).then_some(session)
    })
    .await;
    let error = session["recording"]["error"].as_str().unwrap();
    assert!(error.contains("No space left on device"), "{error}");
    assert_eq!(session["status"], "live");
    drop(program);
}
