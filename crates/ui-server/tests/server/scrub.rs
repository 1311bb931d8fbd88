//! Sessions of records at any moment: as they were, the events around it, the timeline, and what a file that fails leaves.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use http::{Method, StatusCode};
use mirrord_record::{EndReason, RecordEnd, RecordHeader, RecordWriter};
use mirrord_wire::session::summary::Summary;
use mirrord_wire::{EventLine, SessionInfo, SessionState};
use serde_json::{Value, json};

use crate::support::host::Host;
use crate::support::{Answer, Home, seqs};

const EVENTS: u64 = 40_000;
/// Longer than what the store keeps of a session by itself.
const FILLER: usize = 420;
const START: u64 = 1_795_197_600_000_000;

/// Events of a run, with gaps in their numbers; `None` is a gap of 3.
fn run() -> impl Iterator<Item = Option<String>> {
    let filler = "f".repeat(FILLER);
    let mut seq = 0;
    (0..EVENTS).flat_map(move |number| {
        let gap = number % 4_999 == 17;
        seq += if gap { 4 } else { 1 };
        let ts = START + number * 1_000;
        let body = match number % 9 {
            _ if number == 8_000 => r#""type":"DnsQuery","host":"only-once.example""#.to_owned(),
            0 => format!(r#""type":"LayerConnected","pid":{},"process_name":"p{number}","cmdline":["p","{number}"]"#, 10 + number % 700),
            1 => format!(r#""type":"LayerDisconnected","pid":{},"exit_code":{}"#, 10 + number % 650, number % 3),
            2 => format!(r#""type":"DnsQuery","host":"host-{}","pid":{}"#, number % 1_700, 10 + number % 700),
            3 => format!(r#""type":"OutgoingConnection","address":"10.0.{}.1","port":80,"outcome":"failed""#, number % 200),
            4 => format!(r#""type":"ConnectionUpdate","protocol":"tcp","direction":"out","local":"10.0.0.1:{}","remote":"10.0.0.2:80","state":"established","bytes_in":{number},"bytes_out":2,"duration_us":5"#, 1_024 + number % 3_000),
            5 => format!(r#""type":"EnvVar","vars":[["V{}",null]]"#, number % 300),
            _ => format!(r#""type":"FileOp","path":"/data/{}.conf","operation":"open","pid":{},"outcome":"{}""#, number % 5_003, 10 + number % 700, if number % 4 == 0 { "not_found" } else { "ok" }),
        };
        let line = format!(r#"{{"seq":{seq},"ts":{ts},{body},"filler":"{filler}"}}"#);
        gap.then_some(None).into_iter().chain([Some(line)])
    })
}

fn lines() -> Vec<String> {
    run().flatten().collect()
}

fn header(id: &str, protocol_version: u32) -> RecordHeader {
    RecordHeader::new(SessionInfo {
        session_id: id.to_owned(),
        protocol_version,
        ..SessionInfo::default()
    })
}

/// Writes the run's record.
fn record(path: &Path, id: &str) {
    let mut writer = RecordWriter::create(path, &header(id, 1)).unwrap();
    for (number, item) in run().enumerate() {
        match item {
            Some(line) => writer.event(&line).unwrap(),
            None => writer.lagged(3, None).unwrap(),
        }
        if number % 9_000 == 0 {
            writer.flush().unwrap();
        }
    }
    writer.finish(RecordEnd::new(EndReason::Ended)).unwrap();
}

/// A server that has read the run's record in both forms, as `run` and `run-replay2`, and the folder of the files.
async fn both() -> (Home, [PathBuf; 2], tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let files = ["run.ndjson", "run.ndjson.zst"].map(|name| folder.path().join(name));
    files.iter().for_each(|file| record(file, "run"));
    let home = Home::replaying(&files).await;
    for id in IDS {
        home.until(id, "ended").await;
    }
    (home, files, folder)
}

const IDS: [&str; 2] = ["run", "run-replay2"];

fn parsed(line: &str) -> EventLine {
    serde_json::from_str(line).unwrap()
}

/// Some numbers of events up to a bound, the same each time and in no order.
fn some_numbers(count: usize, most: u64) -> Vec<u64> {
    let mut number = 7_u64;
    let mut next = || {
        number = number
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (number >> 33) % (most + 1)
    };
    (0..count).map(|_| next()).collect()
}

/// State and answers of the events up to each of some numbers, counted from the first line on.
fn counted(lines: &[String], numbers: &[u64]) -> HashMap<u64, (Value, Value)> {
    let (mut state, mut answers) = (SessionState::default(), Summary::default());
    let mut numbers = numbers.to_vec();
    numbers.sort_unstable();
    let mut lines = lines.iter().map(|line| parsed(line)).peekable();
    let mut counted = HashMap::new();
    for at in numbers {
        while let Some(line) = lines.next_if(|line| line.seq <= at) {
            state.apply(&line);
            answers.apply_line(&line);
        }
        let moment = answers.moment(0, false);
        let own = serde_json::to_value(answers.answers(moment)).unwrap();
        counted.insert(at, (serde_json::to_value(&state).unwrap(), own));
    }
    counted
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_is_as_it_was_at_any_event_of_its_record() {
    let (home, _files, _folder) = both().await;
    let lines = lines();
    let last = parsed(lines.last().unwrap()).seq;
    let known: Vec<u64> = lines.iter().map(|line| parsed(line).seq).collect();
    let mut numbers = vec![0, 1, 17, 21, 22, 4_095, 4_097, last - 1, last, last + 500];
    numbers.extend(some_numbers(6, EVENTS - 1).iter().map(|place| known[*place as usize]));
    let counted = counted(&lines, &numbers);
    for at in numbers {
        let (state, answers) = &counted[&at];
        for id in IDS {
            let detail = home.get(&format!("/api/sessions/{id}?at={at}")).await;
            let mut own = detail["state"].clone();
            own["oldest_seq"] = json!(0);
            assert_eq!(&own, state, "{id} at {at}");
            assert_eq!((&detail["status"], &detail["seq"]), (&json!("ended"), &state["seq"]));
            assert_eq!(detail["counts"], state["counters"]["by_type"], "{id} at {at}");
            let running = state["processes"].as_array().unwrap();
            let running = running.iter().filter(|own| own["ended_ts"].is_null()).count();
            assert_eq!(detail["processes"].as_array().unwrap().len(), running);
            let summary = home.get(&format!("/api/sessions/{id}/summary?at={at}")).await;
            for (name, own) in answers.as_object().unwrap() {
                assert_eq!(&summary[name], own, "{name} of {id} at {at}");
            }
            let connections = home.get(&format!("/api/sessions/{id}/connections?at={at}")).await;
            let own = state["connections"]["items"].as_array().cloned().unwrap_or_default();
            assert_eq!(connections["connections"], json!(own), "{id} at {at}");
        }
    }
    // Events 18 to 20 are missing.
    let gap = home.get("/api/sessions/run?at=20").await;
    assert_eq!(
        (&gap["seq"], &gap["missed"], &gap["state"]["seq"]),
        (&json!(20), &json!(3), &json!(17))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_events_around_any_event_are_those_of_the_file() {
    let (home, _files, _folder) = both().await;
    let lines = lines();
    let numbers: Vec<u64> = lines.iter().map(|line| parsed(line).seq).collect();
    let last = *numbers.last().unwrap();
    let session = home.session("run").await.unwrap();
    assert!(session["oldest_seq"].as_u64().unwrap() > 8_500, "{session}");
    let expected = |since: u64, until: u64| -> Vec<u64> {
        numbers
            .iter()
            .copied()
            .filter(|seq| (since + 1..=until).contains(seq))
            .collect()
    };
    let mut around = vec![1, 17, 21, 8_000, last - 100, last];
    around.push(session["oldest_seq"].as_u64().unwrap());
    around.extend(some_numbers(6, last));
    for id in IDS {
        for seq in &around {
            let since = seq.saturating_sub(200);
            let url = format!("/api/sessions/{id}/events?since={since}&until={}", seq + 100);
            let answer = home.ask(Method::GET, &url).await;
            assert_eq!(seqs(&answer.json()), expected(since, seq + 100), "{id} around {seq}");
            assert!(answer.headers.get("mirrord-next-since").is_none());
            let newest = home
                .get(&format!("/api/sessions/{id}/events?until={seq}&last=70"))
                .await;
            let wanted = expected(0, *seq);
            assert_eq!(
                seqs(&newest),
                wanted[wanted.len().saturating_sub(70)..],
                "{id} until {seq}"
            );
        }
        let text = home
            .ask_with(
                Method::GET,
                &format!("/api/sessions/{id}/events?since=100&limit=3"),
                &[("accept", "application/x-ndjson")],
            )
            .await;
        let own: Vec<&str> = std::str::from_utf8(&text.body).unwrap().lines().collect();
        let first = numbers.iter().position(|seq| *seq > 100).unwrap();
        assert_eq!(own, lines[first..first + 3], "to the letter");
        assert_eq!(
            text.headers["mirrord-next-since"],
            numbers[first + 2].to_string().as_str()
        );
    }
}

/// Follows `Mirrord-Next-Since` to the end.
async fn all(home: &Home, query: &str) -> Vec<u64> {
    let (mut found, mut since) = (Vec::new(), 0);
    loop {
        let answer = home.ask(Method::GET, &format!("{query}&since={since}")).await;
        assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
        found.extend(seqs(&answer.json()));
        match answer.headers.get("mirrord-next-since") {
            Some(next) => since = next.to_str().unwrap().parse().unwrap(),
            None => return found,
        }
    }
}

/// Follows `Mirrord-Next-Until` until there are so many.
async fn newest(home: &Home, query: &str, count: usize) -> Vec<u64> {
    let (mut found, mut until) = (Vec::new(), u64::MAX);
    while found.len() < count {
        let left = count - found.len();
        let answer = home
            .ask(Method::GET, &format!("{query}&until={until}&last={left}"))
            .await;
        let mut older = seqs(&answer.json());
        older.append(&mut found);
        found = older;
        match answer.headers.get("mirrord-next-until") {
            Some(next) => until = next.to_str().unwrap().parse().unwrap(),
            None => break,
        }
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_goes_through_the_whole_record() {
    let (home, _files, _folder) = both().await;
    let of_path = |path: &str| -> Vec<u64> {
        let lines = lines();
        let of_path = lines.iter().filter(|line| line.contains(&format!("\"{path}\"")));
        of_path.map(|line| parsed(line).seq).collect()
    };
    let found = of_path("/data/15.conf");
    assert!(found.len() == 2 && found[0] < 100);
    for id in IDS {
        let query = format!("/api/sessions/{id}/events?q=path:/data/15.conf");
        assert_eq!(all(&home, &query).await, found);
        assert_eq!(newest(&home, &query, 2).await, found[found.len() - 2..]);
    }
    // One that is in the file alone, among the sessions; a slow machine may not come so far in the time of a search.
    let only = lines().into_iter().find(|line| line.contains("only-once")).unwrap();
    let answer = home.get("/api/search?q=only-once.example").await;
    if answer["searched"].as_u64().unwrap() > 2 * (EVENTS - 8_000) + 5_000 {
        let sessions = answer["sessions"].as_array().unwrap();
        assert_eq!(sessions.len(), 2, "{answer}");
        assert_eq!(sessions[0]["hits"][0]["seq"], json!(parsed(&only).seq));
    }
    let summary = home
        .get("/api/sessions/run/summary?q=path:/data/15.conf&at=20000")
        .await;
    assert_eq!(
        (&summary["seq"], &summary["missed"]),
        (&json!(20_000), &json!(12)),
        "{summary}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_timeline_turns_a_moment_into_an_event() {
    let (home, _files, _folder) = both().await;
    let lines = lines();
    let timeline = home.get("/api/sessions/run/timeline").await;
    assert_eq!(timeline, home.get("/api/sessions/run-replay2/timeline").await);
    let buckets = timeline["buckets"].as_array().unwrap();
    assert!((200..=400).contains(&buckets.len()));
    assert_eq!(timeline["first_ts"], START);
    let sum = |name: &str| buckets.iter().map(|own| own[name].as_u64().unwrap()).sum::<u64>();
    let failed = |line: &&String| line.contains("\"failed\"") || line.contains("\"not_found\"");
    assert_eq!(
        (sum("events"), sum("failed")),
        (EVENTS, lines.iter().filter(failed).count() as u64)
    );
    let middle = &buckets[buckets.len() / 2];
    let end = middle["ts"].as_u64().unwrap() + (buckets[1]["ts"].as_u64().unwrap() - START);
    let newest = lines
        .iter()
        .map(|line| parsed(line))
        .rfind(|line| line.ts < end)
        .unwrap();
    assert_eq!(middle["seq"], newest.seq);
    let session = home.session("run-replay2").await.unwrap();
    let last = parsed(lines.last().unwrap());
    assert_eq!(
        session["record"],
        json!({"file": "run.ndjson.zst", "events": EVENTS, "first_ts": START, "last_ts": last.ts, "first_seq": 1,
            "last_seq": last.seq, "is_whole": true})
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_that_was_cut_or_damaged_is_scrubbed_up_to_there() {
    let folder = tempfile::tempdir().unwrap();
    let mut files = Vec::new();
    for (id, name) in [
        ("cut", "cut.ndjson"),
        ("cut-zst", "cut.zst"),
        ("damaged", "damaged.ndjson"),
        ("frame", "frame.zst"),
    ] {
        let path = folder.path().join(name);
        record(&path, id);
        let mut content = fs::read(&path).unwrap();
        match id {
            "damaged" => {
                let line = content.iter().position(|byte| *byte == b'\n').unwrap() + 1;
                content[line + 40_000_000 / 4..][..FILLER].fill(b'\n');
            }
            "frame" => {
                let middle = content.len() * 3 / 4;
                content[middle..middle + 1_000].fill(0x55);
            }
            _ => content.truncate(content.len() * 3 / 5),
        }
        fs::write(&path, content).unwrap();
        files.push(path);
    }
    let home = Home::replaying(&files).await;
    let lines = lines();
    for id in ["cut", "cut-zst", "damaged", "frame"] {
        let session = home.until(id, "ended").await;
        assert_eq!(session["record"]["is_whole"], false, "{session}");
        let last = session["record"]["last_seq"].as_u64().unwrap();
        assert!(
            last > 10_000 && session["notes"].as_array().unwrap().len() > 1,
            "{session}"
        );
        let counted = counted(&lines, &[9_000, last]);
        for at in [9_000, last] {
            let (state, _) = &counted[&at];
            let mut own = home.get(&format!("/api/sessions/{id}?at={at}")).await["state"].clone();
            own["oldest_seq"] = json!(0);
            if id == "damaged" && at == last {
                // Some events of it are left out.
                let total = |state: &Value| state["counters"]["total"].as_u64().unwrap();
                assert!((1..=4).contains(&(total(state) - total(&own))), "{own}");
            } else {
                assert_eq!(&own, state, "{id} at {at}");
            }
        }
        let newest = home.get(&format!("/api/sessions/{id}/events?last=1")).await;
        assert_eq!(seqs(&newest), [last]);
        let first = home.get(&format!("/api/sessions/{id}/events?limit=2")).await;
        assert_eq!(seqs(&first), [1, 2]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_gone_or_has_changed_is_a_note_and_never_other_events() {
    let (home, [plain, compressed], folder) = both().await;
    let other = folder.path().join("other");
    let text = fs::read_to_string(&plain).unwrap().replace("/data/", "/DATA/");
    fs::write(&other, text).unwrap();
    fs::rename(&other, &plain).unwrap();
    fs::remove_file(&compressed).unwrap();
    for id in IDS {
        let refused =
            async |query: &str| -> Answer { home.ask(Method::GET, &format!("/api/sessions/{id}{query}")).await };
        for query in [
            "?at=9000",
            "/summary?at=9000",
            "/connections?at=9000",
            "/events?since=7",
            "/events?until=90&last=3",
        ] {
            let answer = refused(query).await;
            assert_eq!(answer.status, StatusCode::CONFLICT, "{query}: {answer:?}");
            let reason = answer.json()["error"].as_str().unwrap().to_owned();
            assert!(
                reason.contains("gone or has changed") && !reason.contains("run"),
                "{reason}"
            );
        }
        let session = home.session(id).await.unwrap();
        let notes = session["notes"].as_array().unwrap();
        let about = |note: &&Value| note.as_str().unwrap().contains("gone or has changed");
        assert_eq!(notes.iter().filter(about).count(), 1, "{session}");
        // What is kept can be read.
        let oldest = session["oldest_seq"].as_u64().unwrap();
        let kept = home
            .get(&format!("/api/sessions/{id}/events?since={}&limit=1", oldest - 1))
            .await;
        assert_eq!(seqs(&kept), [oldest]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_record_has_no_past_and_can_be_read_backwards_all_the_same() {
    let (home, host): (Home, Host) = Home::with_session("live").await;
    for seq in 1..=3_000 {
        host.emit_line(&format!(
            r#"{{"seq":{seq},"ts":{seq},"type":"DnsQuery","host":"h{}"}}"#,
            seq % 10
        ));
    }
    home.until_seq("live", 3_000).await;
    for (query, status, words) in [
        ("?at=7", StatusCode::BAD_REQUEST, "comes from a record"),
        ("/summary?at=7", StatusCode::BAD_REQUEST, "comes from a record"),
        ("/connections?at=7", StatusCode::BAD_REQUEST, "comes from a record"),
        ("/suggestions?at=7", StatusCode::BAD_REQUEST, "comes from a record"),
        ("?at=x", StatusCode::BAD_REQUEST, "`at` is the number of an event"),
        ("/timeline", StatusCode::NOT_FOUND, "comes from no record"),
        ("/events?until=x", StatusCode::BAD_REQUEST, "`until` is a whole number"),
        ("/events?last=0", StatusCode::BAD_REQUEST, "`last` is between 1 and"),
        ("/events?last=5&limit=5", StatusCode::BAD_REQUEST, "not for one request"),
    ] {
        let answer = home.ask(Method::GET, &format!("/api/sessions/live{query}")).await;
        assert_eq!(answer.status, status, "{query}: {answer:?}");
        assert!(answer.json()["error"].as_str().unwrap().contains(words), "{answer:?}");
    }
    assert_eq!(
        home.status(Method::GET, "/api/sessions/none/timeline").await,
        StatusCode::NOT_FOUND
    );
    let events = async |query: &str| seqs(&home.get(&format!("/api/sessions/live/events{query}")).await);
    assert_eq!(events("?since=10&until=13").await, [11, 12, 13]);
    assert_eq!(events("?until=13&last=2").await, [12, 13]);
    assert_eq!(events("?last=2").await, [2_999, 3_000]);
    assert_eq!(events("?last=5&since=2998").await, [2_999, 3_000]);
    assert_eq!(events("?last=3&until=2500&q=h7").await, [2_477, 2_487, 2_497]);
    assert_eq!(events("?since=13&until=13").await, [0_u64; 0]);
    assert!(home.session("live").await.unwrap().get("record").is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_released_mirrords_record_is_scrubbed_as_any_other() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("released.zst");
    let mut header = header("released", 0);
    header.session.processes = vec![mirrord_wire::ProcessInfo {
        pid: 7,
        process_name: "node".to_owned(),
        ..mirrord_wire::ProcessInfo::default()
    }];
    let mut writer = RecordWriter::create(&path, &header).unwrap();
    for seq in 1..=20 {
        let body = if seq == 10 {
            r#""type":"LayerDisconnected","pid":7"#
        } else {
            r#""type":"DnsQuery","host":"db""#
        };
        writer.event(&format!(r#"{{"seq":{seq},"ts":{seq},{body}}}"#)).unwrap();
    }
    writer.finish(RecordEnd::default()).unwrap();
    let home = Home::replaying(&[path]).await;
    home.until("released", "ended").await;
    let running = async |at: u64| {
        let detail = home.get(&format!("/api/sessions/released?at={at}")).await;
        (
            detail["processes"].as_array().unwrap().len(),
            detail["counts"]["DnsQuery"].clone(),
        )
    };
    assert_eq!(running(0).await, (1, Value::Null));
    assert_eq!(running(9).await, (1, json!(9)));
    assert_eq!(running(10).await, (0, json!(9)));
    assert_eq!(running(20).await, (0, json!(19)));
}
