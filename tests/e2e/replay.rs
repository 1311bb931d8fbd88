//! `mirrord ui --replay` and `mirrord replay`: records as sessions that have ended, and `mirrord diff`, which compares two.

use mirrord_tests::home::Home;
use mirrord_tests::program::Program;
use mirrord_tests::schema::valid;
use mirrord_tests::ui::Ui;
use mirrord_tests::{eventually, within};
use serde_json::{Value, json};

/// Records a script's run to a file in the home; returns the path.
async fn record(home: &Home, id: &str, name: &str, script: &str) -> String {
    let file = home.path().join(name).to_str().unwrap().to_owned();
    let mut command = home.mirrord(["exec", "--record", &file, "--", "sh", "-c", script]);
    let output = within("a program", command.env("MIRRORD_SESSION_ID", id).output())
        .await
        .unwrap();
    assert!(output.stderr.is_empty(), "{output:?}");
    file
}

async fn ended(ui: &Ui, id: &str) -> Value {
    eventually("the record was read", async || {
        let sessions: Vec<Value> = ui.json("/api/sessions?ended=true").await;
        let mut own = sessions.into_iter().filter(|session| session["session_id"] == id);
        own.find(|session| session["status"] == "ended")
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_is_a_session_that_has_ended_with_all_its_events() {
    let home = Home::new();
    let file = record(&home, "run", "run.ndjson.zst", "cat /etc/hostname; exit 3").await;
    let ui = Ui::start_with(&home, &["--port", "0", "--replay", &file, "--replay", &file]).await;
    let session = ended(&ui, "run").await;
    assert_eq!(
        (&session["exit"], &session["missed"]),
        (&json!({"exit_code": 3}), &json!(0)),
        "{session}"
    );
    assert!(
        session["notes"][0].as_str().unwrap().contains("run.ndjson.zst"),
        "{session}"
    );
    assert!(session["socket"].is_null(), "{session}");
    let events: Vec<Value> = ui.json("/api/sessions/run/events?q=path:/etc/hostname").await;
    assert_eq!(events.len(), 1, "{events:?}");
    let last: Vec<Value> = ui.json("/api/sessions/run/events?since=0").await;
    let newest = &last[last.len() - 1];
    assert_eq!(session["seq"], newest["seq"]);
    let ended_at = session["ended_at"].as_str().unwrap();
    assert!(
        ended_at.starts_with(&session["started_at"].as_str().unwrap()[..15]),
        "{session}"
    );
    // The same one again, and a session of that name that comes later.
    ended(&ui, "run-replay2").await;
    let program = Program::start(&home, "run", &["sleep", "1000"]).await;
    ended(&ui, "run-replay3").await;
    eventually("the live one has its name", async || {
        let sessions: Vec<Value> = ui.json("/api/sessions").await;
        sessions
            .iter()
            .any(|session| session["session_id"] == "run" && session["status"] == "live")
            .then_some(())
    })
    .await;
    drop(program);
}

#[tokio::test(flavor = "multi_thread")]
async fn records_are_replayed_beside_a_server_that_runs_and_without_its_sessions() {
    let (home, ui) = Ui::with_home().await;
    let first = record(&home, "first", "first.ndjson", "cat /etc/hostname").await;
    let second = record(&home, "second", "second.ndjson.zst", "cat /etc/passwd").await;
    let replay = Ui::spawn(home.mirrord(["replay", "--no-open", &first, &second])).await;
    for id in ["first", "second"] {
        ended(&replay, id).await;
    }
    let program = Program::start(&home, "live", &["sleep", "1000"]).await;
    eventually("the server has the session", async || {
        let sessions: Vec<Value> = ui.json("/api/sessions").await;
        sessions.iter().any(|own| own["session_id"] == "live").then_some(())
    })
    .await;
    let shown: Vec<Value> = replay.json("/api/sessions?ended=true").await;
    assert_eq!(shown.len(), 2, "{shown:?}");
    assert!(replay.interrupt().await.success());
    drop(program);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_beyond_the_rings_bound_is_read_from_its_file() {
    let home = Home::new();
    let file = home.path().join("long.ndjson");
    let header = json!({"type": "Record", "format": 1, "session": {"session_id": "long", "protocol_version": 1}});
    let mut text = format!("{header}\n");
    let filler = "x".repeat(1_000);
    for seq in 1..=30_000 {
        text += &format!("{{\"seq\":{seq},\"ts\":{seq},\"type\":\"DnsQuery\",\"host\":\"{filler}\"}}\n");
    }
    std::fs::write(&file, text).unwrap();
    let ui = Ui::start_with(&home, &["--port", "0", "--replay", file.to_str().unwrap()]).await;
    let session = ended(&ui, "long").await;
    assert_eq!(
        (&session["seq"], &session["counts"]["DnsQuery"]),
        (&json!(30_000), &json!(30_000))
    );
    assert!(session["oldest_seq"].as_u64() > Some(10_000), "{session}");
    let notes = session["notes"].to_string();
    assert!(!notes.contains("left out") && notes.contains("was cut"), "{notes}");
    assert_eq!(session["record"]["events"], 30_000, "{session}");
    let first: Vec<Value> = ui.json("/api/sessions/long/events?since=0&limit=2").await;
    assert_eq!((&first[0]["seq"], &first[1]["seq"]), (&json!(1), &json!(2)));
    let past: Value = ui.json("/api/sessions/long?at=12345").await;
    assert_eq!(
        (&past["seq"], &past["counts"]["DnsQuery"]),
        (&json!(12_345), &json!(12_345))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_record_is_refused_before_anything_is_served() {
    let home = Home::new();
    let ui = |file: &str| {
        home.mirrord(["ui", "--no-open", "--port", "0", "--replay", file])
            .output()
    };
    let output = within("the refusal", ui("/etc/hostname")).await.unwrap();
    assert_eq!((output.status.code(), output.stdout.len()), (Some(11), 0), "{output:?}");
    assert!(
        String::from_utf8_lossy(&output.stderr).contains("is no record of a session"),
        "{output:?}"
    );
    let later = home.path().join("later.ndjson");
    std::fs::write(&later, "{\"type\":\"Record\",\"format\":99}\n").unwrap();
    let later = later.to_str().unwrap();
    for (file, code) in [("/etc/hostname", 11), (later, 12), ("/nowhere/run.ndjson", 1)] {
        let output = home.mirrord(["replay", "--no-open", "--port", "0", file]).output();
        let output = within("the refusal", output).await.unwrap();
        assert_eq!(
            (output.status.code(), output.stdout.len()),
            (Some(code), 0),
            "{output:?}"
        );
    }
    let output = within("the refusal", ui(later)).await.unwrap();
    assert_eq!(output.status.code(), Some(12), "{output:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_runs_are_compared_without_what_differs_every_time() {
    let home = Home::new();
    let script = |path: &str| format!("cat {path} >/dev/null 2>&1; cat /proc/self/stat >/dev/null");
    let first = record(&home, "first", "a.zst", &script("/etc/hostname")).await;
    let again = record(&home, "again", "b.ndjson", &script("/etc/hostname")).await;
    let other = record(&home, "other", "c.ndjson", &script("/nowhere")).await;
    let diff = async |arguments: &[&str]| {
        let given = [&["diff"], arguments].concat();
        within("the comparison", home.mirrord(given).output()).await.unwrap()
    };
    let same = diff(&[&first, &again, "--json", "--exit-code"]).await;
    let text = String::from_utf8(same.stdout).unwrap();
    assert_eq!(same.status.code(), Some(0), "{text}");
    assert_eq!(valid("comparison", &text)["same"], true);
    let differs = diff(&[&first, &other, "--json", "--exit-code"]).await;
    assert_eq!(differs.status.code(), Some(14));
    let comparison = valid("comparison", &String::from_utf8(differs.stdout).unwrap());
    assert_eq!(comparison["paths"]["only_a"][0]["name"], "/etc/hostname");
    assert_eq!(comparison["paths"]["only_b"][0]["name"], "/nowhere");
    assert_eq!(comparison["programs"]["changed"][0]["name"], "cat");
    let text = String::from_utf8(diff(&[&first, &other]).await.stdout).unwrap();
    assert!(
        text.contains("  -  /etc/hostname  ok\n") && text.contains("  +  /nowhere  not_found\n"),
        "{text}"
    );

    let refused = diff(&[&first, "/etc/hostname", "--json"]).await;
    assert_eq!(refused.status.code(), Some(11));
    assert_eq!(
        valid("error", String::from_utf8(refused.stderr).unwrap().trim_end())["kind"],
        "not_a_record"
    );
    let later = home.path().join("later");
    std::fs::write(&later, "{\"type\":\"Record\",\"format\":9}\n").unwrap();
    assert_eq!(diff(&[&first, later.to_str().unwrap()]).await.status.code(), Some(12));
    let whole = std::fs::read_to_string(&again).unwrap();
    let damaged = format!("{}\n{}", whole.lines().next().unwrap(), "rubbish\n".repeat(200));
    std::fs::write(&later, damaged).unwrap();
    assert_eq!(diff(&[&first, later.to_str().unwrap()]).await.status.code(), Some(13));
}
