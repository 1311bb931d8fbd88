//! Ended sessions that are kept as records.

use std::path::{Path, PathBuf};

use http::{Method, StatusCode};
use mirrord_record::{RecordItem, RecordReader};
use serde_json::{Value, json};

use crate::support::host::Host;
use crate::support::{Home, eventually};

const HISTORY: &str = "/api/history";

/// A server that keeps sessions, and its sessions directory.
async fn keeping() -> (tempfile::TempDir, PathBuf, Home) {
    let folder = tempfile::tempdir().unwrap();
    let sessions = folder.path().join("sessions");
    std::fs::create_dir(&sessions).unwrap();
    let home = Home::keeping(&sessions).await;
    (folder, sessions, home)
}

/// Waits until so many records are kept, and gives them.
async fn kept(home: &Home, count: usize) -> Vec<Value> {
    eventually(async || {
        let records = home.get(HISTORY).await["records"].as_array().unwrap().clone();
        (records.len() == count).then_some(records)
    })
    .await
}

/// Files of records in the folder.
fn files(sessions: &Path) -> Vec<PathBuf> {
    let found = std::fs::read_dir(sessions.parent().unwrap().join("history"));
    let paths = found.into_iter().flatten().map(|entry| entry.unwrap().path());
    paths
        .filter(|path| path.extension().is_some_and(|end| end == "zst"))
        .collect()
}

/// Numbers of the events in a record.
fn events(path: &Path) -> Vec<u64> {
    let mut reader = RecordReader::open(path).unwrap();
    let mut seqs = Vec::new();
    while let Some(item) = reader.next_item().unwrap() {
        if let RecordItem::Event(line, text) = item {
            assert!(!text.contains("s3cret"), "{text}");
            seqs.push(line.seq);
        }
    }
    seqs
}

/// Waits until a record that is being written has so many events.
async fn written(sessions: &Path, count: usize) {
    eventually(async || {
        let file = files(sessions).pop()?;
        let mut reader = RecordReader::open(&file).ok()?;
        while reader.next_item().ok()?.is_some() {}
        (reader.events() == count as u64).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_kept_unless_that_is_turned_on_and_what_is_over_by_then_neither() {
    let (home, host) = Home::with_session("one").await;
    let answer = home.get(HISTORY).await;
    assert_eq!(
        answer,
        json!({"enabled": false, "records": [], "bytes": 0, "max_bytes": 1_073_741_824, "max_days": 30})
    );
    drop(host);
    home.until("one", "ended").await;
    let second = Host::start(&home.sessions, "two");
    home.until("two", "live").await;
    let answer = home.put(HISTORY, &json!({"enabled": true})).await;
    assert_eq!(
        (answer.status, &answer.json()["enabled"]),
        (StatusCode::OK, &json!(true))
    );
    second.emit();
    drop(second);
    let records = kept(&home, 1).await;
    assert_eq!(records[0]["session_id"], "two");
    assert_eq!(
        home.put(HISTORY, &json!({"on": true})).await.status,
        StatusCode::BAD_REQUEST
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_ended_session_is_listed_found_opened_and_deleted() {
    let (_folder, sessions, home) = keeping().await;
    let further = json!({
        "name": "Shop", "processes": [{"pid": 7, "process_name": "node", "cmdline": ["node", "server.js"]}],
    });
    let host = Host::configured(&sessions, "one", further);
    host.emit();
    host.emit_line(r#"{"seq":2,"ts":2,"type":"EnvVar","vars":[["KEY","s3cret"]]}"#);
    host.emit_line(r#"{"seq":3,"ts":3,"type":"LayerDisconnected","pid":7,"exit_code":3}"#);
    home.until_seq("one", 3).await;
    drop(host);
    let record = kept(&home, 1).await.remove(0);
    let file = record["file"].as_str().unwrap();
    assert_eq!(
        (
            &record["session_id"],
            &record["name"],
            &record["target"],
            &record["command"]
        ),
        (
            &json!("one"),
            &json!("Shop"),
            &json!("deployment/shop"),
            &json!("node server.js")
        )
    );
    assert_eq!(
        (&record["started_at"], &record["events"], &record["exit"]),
        (&json!("2026-11-20T18:00:00Z"), &json!(3), &json!({"exit_code": 3}))
    );
    let path = files(&sessions).pop().unwrap();
    assert_eq!(record["bytes"], std::fs::metadata(&path).unwrap().len());
    assert_eq!(events(&path), [1, 2, 3]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
    }
    for (query, count) in [("shop%20SERVER.js", 1), ("one", 1), ("shop%20python", 0)] {
        let answer = home.get(&format!("{HISTORY}?q={query}")).await;
        assert_eq!(answer["records"].as_array().unwrap().len(), count, "{query}");
    }
    // A record that was opened is a session, and is not kept a second time.
    let answer = home.ask(Method::POST, &format!("{HISTORY}/{file}/open")).await;
    assert_eq!(answer.status, StatusCode::CREATED);
    let id = answer.json()["session_id"].as_str().unwrap().to_owned();
    assert_eq!(id, "one-replay2");
    home.until(&id, "ended").await;
    assert_eq!(home.get(&format!("/api/diff?a=one&b={id}")).await["same"], true);
    for other in ["none", "..%2Fsettings.json", "%2Fetc%2Fpasswd"] {
        let open = format!("{HISTORY}/{other}/open");
        assert_eq!(home.status(Method::POST, &open).await, StatusCode::NOT_FOUND);
        let delete = format!("{HISTORY}/{other}");
        assert_eq!(home.status(Method::DELETE, &delete).await, StatusCode::NOT_FOUND);
    }
    let target = format!("{HISTORY}/{file}");
    assert_eq!(home.status(Method::DELETE, &target).await, StatusCode::NO_CONTENT);
    assert_eq!(home.status(Method::DELETE, &target).await, StatusCode::NOT_FOUND);
    let folder = sessions.parent().unwrap().join("history");
    assert_eq!(std::fs::read_dir(folder).unwrap().count(), 0, "deleting deletes");
    assert_eq!(home.get(HISTORY).await["bytes"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_outlives_the_server_has_one_record() {
    let (_folder, sessions, home) = keeping().await;
    let host = Host::start(&sessions, "one");
    host.emit();
    home.until_seq("one", 1).await;
    written(&sessions, 1).await;
    home.stop().await;
    let home = Home::keeping(&sessions).await;
    host.emit();
    home.until_seq("one", 2).await;
    written(&sessions, 2).await;
    drop(host);
    let records = kept(&home, 1).await;
    assert_eq!(records[0]["events"], 2);
    let all = files(&sessions);
    assert_eq!((all.len(), events(&all[0])), (1, vec![1, 2]));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_killed_server_has_written_is_in_the_next_ones_history() {
    let (_folder, sessions, home) = keeping().await;
    let host = Host::start(&sessions, "one");
    host.emit();
    home.until_seq("one", 1).await;
    written(&sessions, 1).await;
    // As it is at this moment, a kill leaves it.
    let left = std::fs::read(files(&sessions).pop().unwrap()).unwrap();
    drop(host);
    kept(&home, 1).await;
    home.stop().await;
    let folder = sessions.parent().unwrap().join("history");
    std::fs::remove_dir_all(&folder).unwrap();
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join("left.ndjson.zst"), left).unwrap();
    std::fs::write(folder.join("odd.ndjson.zst"), "no record").unwrap();
    let home = Home::keeping(&sessions).await;
    let records = kept(&home, 2).await;
    let found = |file: &str| records.iter().find(|record| record["file"] == file).unwrap().clone();
    let left = found("left.ndjson.zst");
    assert_eq!(
        (&left["session_id"], &left["events"], &left["command"]),
        (&json!("one"), &json!(1), &json!("shop"))
    );
    // What cannot be read is listed, says so when it is opened, and can be deleted.
    let odd = format!("{HISTORY}/odd.ndjson.zst");
    let answer = home.ask(Method::POST, &format!("{odd}/open")).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(
        answer.json()["error"].as_str().unwrap().contains("no record"),
        "{answer:?}"
    );
    assert_eq!(home.status(Method::DELETE, &odd).await, StatusCode::NO_CONTENT);
}

#[tokio::test(flavor = "multi_thread")]
async fn turned_off_it_forgets_what_it_was_writing_and_the_next_server_knows_the_setting() {
    let (_folder, sessions, home) = keeping().await;
    let host = Host::start(&sessions, "one");
    host.emit();
    home.until_seq("one", 1).await;
    written(&sessions, 1).await;
    home.put(HISTORY, &json!({"enabled": false})).await;
    eventually(async || files(&sessions).is_empty().then_some(())).await;
    home.put(HISTORY, &json!({"enabled": true})).await;
    written(&sessions, 1).await;
    home.stop().await;
    let home = Home::on(&sessions).await;
    assert_eq!(home.get(HISTORY).await["enabled"], true);
}
