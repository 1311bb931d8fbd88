//! Records that are opened and written, and sessions that are compared.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use http::{Method, StatusCode};
use mirrord_record::{EndReason, RecordItem, RecordReader};
use serde_json::{Value, json};

use crate::support::host::Host;
use crate::support::{Home, eventually, seqs};

const HEADER: &str =
    r#"{"type":"Record","format":1,"writer":"test","session":{"session_id":"run","target":"targetless"}}"#;

/// A record with a look-up for each name.
fn record(hosts: &[&str]) -> String {
    let mut text = format!("{HEADER}\n");
    for (place, host) in hosts.iter().enumerate() {
        let seq = place + 1;
        writeln!(text, r#"{{"seq":{seq},"ts":{seq},"type":"DnsQuery","host":"{host}"}}"#).unwrap();
    }
    let events = hosts.len();
    writeln!(
        text,
        r#"{{"type":"RecordEnd","events":{events},"missed":0,"unreadable":0,"reason":"ended","exit":{{"exit_code":3}}}}"#
    )
    .unwrap();
    text
}

/// Files in the folder of records that were sent.
fn uploads(home: &Home) -> Vec<PathBuf> {
    let found = std::fs::read_dir(home.sessions.join(".uploads"));
    found.into_iter().flatten().map(|entry| entry.unwrap().path()).collect()
}

/// Reads a record: the events' texts, and how it ended.
fn read(path: &Path) -> (Vec<String>, RecordReader) {
    let mut reader = RecordReader::open(path).unwrap();
    let mut lines = Vec::new();
    while let Some(item) = reader.next_item().unwrap() {
        if let RecordItem::Event(_, text) = item {
            lines.push(text.to_owned());
        }
    }
    (lines, reader)
}

fn error(body: &Value) -> &str {
    body["error"].as_str().unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_that_is_sent_is_a_session_and_its_file_goes_with_it() {
    let home = Home::new().await;
    let answer = home.upload("run.ndjson", record(&["db", "cache"])).await;
    assert_eq!(
        (answer.status, answer.json()),
        (StatusCode::CREATED, json!({"session_id": "run"}))
    );
    let session = home.until("run", "ended").await;
    assert_eq!(
        (&session["seq"], &session["exit"]),
        (&json!(2), &json!({"exit_code": 3}))
    );
    assert!(
        session["notes"][0].as_str().unwrap().contains("run.ndjson"),
        "{session}"
    );
    // The same one again has another name.
    let answer = home.upload("run.ndjson", record(&["db"])).await;
    assert_eq!(answer.json(), json!({"session_id": "run-replay2"}));
    home.until("run-replay2", "ended").await;
    assert_eq!(uploads(&home).len(), 2);
    for id in ["run", "run-replay2"] {
        let target = format!("/api/sessions/{id}");
        assert_eq!(home.status(Method::DELETE, &target).await, StatusCode::NO_CONTENT);
    }
    eventually(async || uploads(&home).is_empty().then_some(())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn records_that_were_sent_go_with_the_server_and_what_a_killed_one_left_with_the_next() {
    let folder = tempfile::tempdir().unwrap();
    let sessions = folder.path().join("sessions");
    std::fs::create_dir(&sessions).unwrap();
    let home = Home::on(&sessions).await;
    home.upload("run.ndjson", record(&["db"])).await;
    home.until("run", "ended").await;
    assert_eq!(uploads(&home).len(), 1);
    home.stop().await;
    let left = sessions.join(".uploads/left");
    assert!(!std::fs::exists(&left).unwrap());
    std::fs::write(&left, "x").unwrap();
    let home = Home::on(&sessions).await;
    // Once it answers.
    home.get("/api/sessions").await;
    assert_eq!(uploads(&home), [] as [PathBuf; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_record_is_refused_by_its_own_name_and_leaves_nothing() {
    let home = Home::new().await;
    let later = HEADER.replace("\"format\":1", "\"format\":99");
    for (name, body, words) in [
        (
            "a.ndjson",
            String::new(),
            "a.ndjson is no record of a session: it is empty",
        ),
        ("a.ndjson", "hello\n".to_owned(), "its first line is no header"),
        ("a.ndjson", later + "\n", "format 99, and this mirrord reads format 1"),
        ("..%2F..%2Fetc%2Fpasswd", "x\n".to_owned(), "passwd is no record"),
        ("a.zst", "\u{28}\u{b5}".to_owned(), "a.zst is no record"),
    ] {
        let answer = home.upload(name, body).await;
        let json = answer.json();
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{json}");
        assert!(error(&json).contains(words), "{json}");
        let own = home.sessions.to_str().unwrap();
        assert!(!error(&json).contains(own) && !error(&json).contains(".."), "{json}");
    }
    eventually(async || uploads(&home).is_empty().then_some(())).await;
    assert_eq!(home.get("/api/sessions?ended=true").await, json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_that_was_cut_or_has_a_line_of_a_megabyte_is_shown_with_a_note() {
    let home = Home::new().await;
    let whole = record(&["db", "cache"]);
    let cut = &whole[..whole.find("cache").unwrap()];
    home.upload("cut.ndjson", cut.to_owned()).await;
    let session = home.until("run", "ended").await;
    assert_eq!((&session["seq"], &session["end"]), (&json!(1), &json!("broken")));
    assert!(session["notes"].to_string().contains("was cut"), "{session}");
    let long = format!(
        r#"{{"seq":2,"ts":2,"type":"DnsQuery","host":"{}"}}"#,
        "x".repeat(1024 * 1024)
    );
    let (first, rest) = whole.split_at(whole.find(r#"{"seq":2"#).unwrap());
    let rest = rest.split_once('\n').unwrap().1;
    home.upload("long.ndjson", format!("{first}{long}\n{rest}")).await;
    let session = home.until("run-replay2", "ended").await;
    assert!(
        session["notes"].to_string().contains("has 1 damaged line, "),
        "{session}"
    );
    home.upload("two.ndjson", [whole.as_str(), &whole].concat()).await;
    let session = home.until("run-replay3", "ended").await;
    assert!(
        session["notes"].to_string().contains("goes on behind its closing line"),
        "{session}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_is_sent_with_credentials_its_own_content_type_and_at_most_a_gibibyte() {
    let home = Home::new().await;
    let (host, bearer) = (format!("localhost:{}", home.port), format!("Bearer {}", home.token));
    let status = async |headers: &[(&str, &str)]| {
        let target = "/api/records?name=a";
        let own = [("host", host.as_str())];
        home.send(Method::POST, target, &[&own, headers].concat()).await.status
    };
    let bytes = ("content-type", "application/octet-stream");
    assert_eq!(status(&[bytes]).await, StatusCode::UNAUTHORIZED);
    let known = ("authorization", bearer.as_str());
    assert_eq!(
        status(&[known, bytes, ("origin", "http://evil.example")]).await,
        StatusCode::FORBIDDEN
    );
    for other in ["application/json", "text/plain", "multipart/form-data"] {
        assert_eq!(
            status(&[known, ("content-type", other)]).await,
            StatusCode::UNSUPPORTED_MEDIA_TYPE
        );
    }
    let long = (1024 * 1024 * 1024_u64 + 1).to_string();
    assert_eq!(
        status(&[known, bytes, ("content-length", &long)]).await,
        StatusCode::PAYLOAD_TOO_LARGE
    );
    assert_eq!(
        home.status(Method::GET, "/api/records").await,
        StatusCode::METHOD_NOT_ALLOWED
    );
    // Any other body has the bound that it had.
    let long = (64 * 1024 + 1).to_string();
    let target = "/api/sessions/x/recording";
    let more = [("content-length", long.as_str())];
    let answer = home.ask_with(Method::PUT, target, &more).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_kept_of_a_session_is_downloaded_without_values_and_opens_again() {
    let (home, host) = Home::with_session("one").await;
    host.emit();
    host.emit_line(r#"{"seq":2,"ts":2,"type":"EnvVar","vars":[["KEY","s3cret"]]}"#);
    host.emit_line(r#"{"seq":3,"ts":3,"type":"LayerConnected","pid":8,"process_name":"child","cmdline":[]}"#);
    home.until_seq("one", 3).await;
    let answer = home.ask(Method::GET, "/api/sessions/one/record").await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(
        answer.headers["content-disposition"],
        "attachment; filename=\"one.ndjson\""
    );
    let text = String::from_utf8(answer.body.to_vec()).unwrap();
    assert!(text.contains("KEY") && !text.contains("s3cret"), "{text}");
    assert!(text.trim_end().ends_with('}') && text.contains("\"stopped\""), "{text}");
    let answer = home.upload("one.ndjson", text).await;
    assert_eq!(answer.json(), json!({"session_id": "one-replay2"}));
    home.until("one-replay2", "ended").await;
    let events = home.get("/api/sessions/one-replay2/events").await;
    assert_eq!(seqs(&events), [1, 2, 3]);
    // A process that an event introduces has its time, and is not in the header as well.
    let detail = home.get("/api/sessions/one-replay2").await;
    let processes = detail["state"]["processes"].as_array().unwrap();
    let started: Vec<_> = processes.iter().map(|own| (&own["pid"], &own["started_ts"])).collect();
    assert_eq!(started, [(&json!(7), &json!(0)), (&json!(8), &json!(3))], "{detail}");
    drop(host);
    home.until("one", "ended").await;
    let answer = home.ask(Method::GET, "/api/sessions/one/record").await;
    assert!(
        String::from_utf8_lossy(&answer.body).contains("\"ended\""),
        "{answer:?}"
    );
    assert_eq!(
        home.status(Method::GET, "/api/sessions/none/record").await,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_is_recorded_until_that_is_ended_or_the_session_is() {
    let (home, host) = Home::with_session("one").await;
    host.emit();
    home.until_seq("one", 1).await;
    let switch = async |on: bool| home.put("/api/sessions/one/recording", &json!({"on": on})).await;
    let begun = switch(true).await.json();
    assert_eq!(begun["on"], true, "{begun}");
    let file = PathBuf::from(begun["file"].as_str().unwrap());
    assert_eq!(file.parent(), Some(&*home.sessions.parent().unwrap().join("records")));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&file), mode(file.parent().unwrap())), (0o600, 0o700));
    }
    host.emit_line(r#"{"seq":2,"ts":2,"type":"EnvVar","vars":[["KEY","s3cret"]]}"#);
    let recording = eventually(async || {
        let recording = home.session("one").await?["recording"].clone();
        (recording["events"] == 2).then_some(recording)
    })
    .await;
    assert!(recording["bytes"].as_u64().unwrap() > 0, "{recording}");
    // What was reported is in the file, whatever becomes of the server.
    assert_eq!(read(&file).0.len(), 2);
    assert_eq!(switch(true).await.json()["file"], begun["file"], "it goes on");
    let ended = switch(false).await.json();
    assert_eq!(
        (&ended["on"], &ended["events"], &ended["missed"]),
        (&json!(false), &json!(2), &json!(0))
    );
    assert!(home.session("one").await.unwrap()["recording"].is_null());
    let (lines, reader) = read(&file);
    assert_eq!(reader.end().unwrap().reason, EndReason::Stopped);
    assert!(!lines.concat().contains("s3cret"), "{lines:?}");
    // Another one has another file, and ends with the session.
    let second = switch(true).await.json()["file"].as_str().unwrap().to_owned();
    assert_ne!(PathBuf::from(&second), file);
    drop(host);
    home.until("one", "ended").await;
    eventually(async || {
        let session = home.session("one").await?;
        (session["recording"]["on"] == false).then_some(())
    })
    .await;
    let (_, reader) = read(Path::new(&second));
    assert_eq!(reader.end().unwrap().reason, EndReason::Ended);
    assert_eq!(switch(true).await.status, StatusCode::CONFLICT);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recording_is_closed_with_the_server() {
    let folder = tempfile::tempdir().unwrap();
    let sessions = folder.path().join("sessions");
    std::fs::create_dir(&sessions).unwrap();
    let home = Home::on(&sessions).await;
    let host = Host::start(&sessions, "one");
    home.until("one", "live").await;
    host.emit();
    home.until_seq("one", 1).await;
    let begun = home
        .put("/api/sessions/one/recording", &json!({"on": true}))
        .await
        .json();
    home.stop().await;
    let (lines, reader) = read(Path::new(begun["file"].as_str().unwrap()));
    assert_eq!((lines.len(), reader.end().unwrap().reason), (1, EndReason::Stopped));
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_is_a_link_is_not_written_to() {
    let (home, host) = Home::with_session("one").await;
    host.emit();
    let folder = home.sessions.parent().unwrap().join("records");
    std::os::unix::fs::symlink("/tmp", &folder).unwrap();
    let answer = home.put("/api/sessions/one/recording", &json!({"on": true})).await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(error(&answer.json()).contains("is a symbolic link"), "{answer:?}");
    assert!(home.session("one").await.unwrap()["recording"].is_null());
    let answer = home.put("/api/sessions/one/recording", &json!({"on": "yes"})).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    let answer = home.put("/api/sessions/none/recording", &json!({"on": true})).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_sessions_are_compared_by_their_record_or_by_what_is_kept() {
    let (home, host) = Home::with_session("live").await;
    host.emit_line(r#"{"seq":1,"ts":1,"type":"DnsQuery","host":"db"}"#);
    host.emit_line(r#"{"seq":2,"ts":2,"type":"EnvVar","vars":[["KEY","s3cret"]]}"#);
    home.until_seq("live", 2).await;
    home.upload("run.ndjson", record(&["db", "cache"])).await;
    home.until("run", "ended").await;
    let answer = home.get("/api/diff?a=live&b=run").await;
    assert_eq!(
        (&answer["a"]["session_id"], &answer["b"]["session_id"]),
        (&json!("live"), &json!("run"))
    );
    assert_eq!(answer["same"], false);
    assert_eq!(answer["hosts"]["only_b"][0]["name"], "cache");
    assert_eq!(answer["hosts"]["same"], 1);
    assert_eq!(answer["variables"]["only_a"][0]["name"], "KEY");
    assert!(!answer.to_string().contains("s3cret"), "{answer}");
    assert_eq!(home.get("/api/diff?a=run&b=run").await["same"], true);
    for (target, status) in [
        ("/api/diff", StatusCode::BAD_REQUEST),
        ("/api/diff?a=run", StatusCode::BAD_REQUEST),
        ("/api/diff?a=run&b=none", StatusCode::NOT_FOUND),
        ("/api/diff?a=..%2Frun&b=run", StatusCode::NOT_FOUND),
    ] {
        assert_eq!(home.status(Method::GET, target).await, status, "{target}");
    }
}
