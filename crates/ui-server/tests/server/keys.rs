//! Sessions that share a key: groups, one state, one log, one end.

use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::host::Host;
use crate::support::{Answer, Home};

const KEY: &str = "pr 7/ünï";
const ENCODED: &str = "pr%207%2F%C3%BCn%C3%AF";

/// Two sessions of a key, the second of which cannot be ended, and one of another.
async fn three() -> (Home, [Host; 3]) {
    let home = Home::new().await;
    let keyed = |id: &str, key: &str, kill| {
        let further = json!({"key": key});
        Host::made(&home.sessions, id, kill, "2026-11-20T18:00:00Z", further)
    };
    let hosts = [
        keyed("a", KEY, "202 Accepted"),
        keyed("b", KEY, "501 Not Implemented"),
        keyed("c", "other", "202 Accepted"),
    ];
    let _none = Host::start(&home.sessions, "none");
    for id in ["a", "b", "c", "none"] {
        home.until(id, "live").await;
    }
    (home, hosts)
}

fn dns(seq: u64, ts: u64) -> String {
    format!(r#"{{"seq":{seq},"ts":{ts},"type":"DnsQuery","host":"h{ts}"}}"#)
}

/// Ids and numbers of events.
fn places(events: &Value) -> Vec<(String, u64)> {
    let events = events.as_array().unwrap().iter();
    events
        .map(|event| {
            (
                event["session_id"].as_str().unwrap().to_owned(),
                event["seq"].as_u64().unwrap(),
            )
        })
        .collect()
}

fn place(id: &str, seq: u64) -> (String, u64) {
    (id.to_owned(), seq)
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_of_a_key_are_a_group_with_one_state_whatever_the_key_is() {
    let (home, [a, b, _c]) = three().await;
    for (host, count) in [(&a, 3), (&b, 4)] {
        (1..=count).for_each(|seq| host.emit_line(&dns(seq, seq)));
    }
    home.until_seq("a", 3).await;
    home.until_seq("b", 4).await;
    let groups = home.get("/api/keys").await;
    let mut keys: Vec<_> = groups
        .as_array()
        .unwrap()
        .iter()
        .map(|own| own["key"].clone())
        .collect();
    keys.sort_by_key(Value::to_string);
    assert_eq!(keys, ["other", KEY], "{groups}");
    let group = groups.as_array().unwrap().iter().find(|own| own["key"] == KEY).unwrap();
    let mut ids: Vec<_> = group["sessions"].as_array().unwrap().clone();
    ids.sort_by_key(Value::to_string);
    assert_eq!(
        (json!(ids), &group["live"], &group["events"]),
        (json!(["a", "b"]), &json!(2), &json!(7))
    );
    let state = home.get(&format!("/api/keys/{ENCODED}/state")).await;
    assert_eq!((&state["key"], &state["counters"]["total"]), (&json!(KEY), &json!(7)));
    // h1 to h3 are in both, h4 in one.
    let hosts: Vec<_> = state["hosts"]["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|own| own["count"].clone())
        .collect();
    assert_eq!(hosts, [2, 2, 2, 1]);
    let sessions = state["sessions"].as_array().unwrap().iter();
    let sessions: Vec<_> = sessions
        .map(|own| (own["session_id"].clone(), own["seq"].clone()))
        .collect();
    assert_eq!(sessions, [(json!("a"), json!(3)), (json!("b"), json!(4))]);
    let listed = home.get(&format!("/api/sessions?key={ENCODED}")).await;
    let mut listed: Vec<_> = listed
        .as_array()
        .unwrap()
        .iter()
        .map(|own| own["session_id"].clone())
        .collect();
    listed.sort_by_key(Value::to_string);
    assert_eq!(listed, ["a", "b"]);
    assert_eq!(home.get("/api/sessions?key=nobody").await, json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_has_ended_stays_in_its_group_and_in_the_list_where_it_is_asked_for() {
    let (home, [a, b, _c]) = three().await;
    a.emit_line(&dns(1, 5));
    home.until_seq("a", 1).await;
    drop((a, b));
    home.until("a", "ended").await;
    home.until("b", "ended").await;
    let groups = home.get("/api/keys").await;
    let group = groups.as_array().unwrap().iter().find(|own| own["key"] == KEY).unwrap();
    assert_eq!((&group["live"], &group["events"]), (&json!(0), &json!(1)), "{groups}");
    let count = async |query: &str| home.get(query).await.as_array().unwrap().len();
    assert_eq!(count(&format!("/api/sessions?key={ENCODED}")).await, 0);
    assert_eq!(count(&format!("/api/sessions?key={ENCODED}&ended=true")).await, 2);
    assert_eq!(count(&format!("/api/keys/{ENCODED}/events")).await, 1);
    let answer = home.ask(Method::POST, &format!("/api/keys/{ENCODED}/kill")).await;
    assert_eq!(answer.status, StatusCode::CONFLICT, "{answer:?}");
    assert!(answer.json()["error"].as_str().unwrap().contains("have ended"));
}

/// Follows `Mirrord-Next-Cursor` to the end.
async fn pages(home: &Home, query: &str) -> (Vec<(String, u64)>, usize) {
    let (mut found, mut cursor, mut pages) = (Vec::new(), String::new(), 0);
    loop {
        let answer = home.ask(Method::GET, &format!("{query}&cursor={cursor}")).await;
        assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
        found.extend(places(&answer.json()));
        pages += 1;
        match answer.headers.get("mirrord-next-cursor") {
            Some(next) => cursor = next.to_str().unwrap().to_owned(),
            None => return (found, pages),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_events_of_a_key_are_one_log_in_the_order_of_time_a_page_at_a_time() {
    let (home, [a, b, c]) = three().await;
    // The third event of `b` is older than the one before it, and stays behind that.
    let times = [(&a, [10, 30, 50, 70]), (&b, [20, 40, 35, 80]), (&c, [1, 2, 3, 4])];
    for (host, times) in times {
        for (seq, ts) in (1..).zip(times) {
            host.emit_line(&dns(seq, ts));
        }
    }
    for id in ["a", "b", "c"] {
        home.until_seq(id, 4).await;
    }
    let events = format!("/api/keys/{ENCODED}/events");
    let all = [
        place("a", 1),
        place("b", 1),
        place("a", 2),
        place("b", 2),
        place("b", 3),
        place("a", 3),
        place("a", 4),
        place("b", 4),
    ];
    let answer = home.ask(Method::GET, &events).await;
    assert_eq!(places(&answer.json()), all);
    assert!(!answer.headers.contains_key("mirrord-next-cursor"));
    let tag = answer.headers["etag"].to_str().unwrap();
    let again = home.ask_with(Method::GET, &events, &[("if-none-match", tag)]).await;
    assert_eq!(again.status, StatusCode::NOT_MODIFIED);
    for limit in 1..=4 {
        let (found, pages) = pages(&home, &format!("{events}?limit={limit}")).await;
        assert_eq!(
            (&found[..], pages),
            (&all[..], 8_usize.div_ceil(limit)),
            "{limit} at a time"
        );
    }
    let (found, _) = pages(&home, &format!("{events}?q=host:h35%20OR%20host:h70&limit=1")).await;
    assert_eq!(found, [place("b", 3), place("a", 4)]);
    assert_eq!(home.get(&format!("{events}?type=FileOp")).await, json!([]));
    let ndjson = [("accept", "application/x-ndjson")];
    let answer = home.ask_with(Method::GET, &format!("{events}?limit=1"), &ndjson).await;
    let line = r#"{"seq":1,"ts":10,"type":"DnsQuery","host":"h10","session_id":"a"}"#;
    assert_eq!(answer.body, format!("{line}\n"), "to the letter, with its session");
    // What comes later is behind the cursor.
    let cursor = answer.headers["mirrord-next-cursor"].to_str().unwrap().to_owned();
    b.emit_line(&dns(5, 90));
    home.until_seq("b", 5).await;
    let rest = home.get(&format!("{events}?cursor={cursor}")).await;
    assert_eq!(places(&rest), [&all[1..], &[place("b", 5)]].concat());
}

#[tokio::test(flavor = "multi_thread")]
async fn long_logs_are_merged_to_the_last_event() {
    let (home, [a, b, _c]) = three().await;
    // Several parts of each.
    for seq in 1..=3_000 {
        a.emit_line(&dns(seq, 2 * seq));
        b.emit_line(&dns(seq, 2 * seq + 1));
    }
    home.until_seq("a", 3_000).await;
    home.until_seq("b", 3_000).await;
    let (found, _) = pages(&home, &format!("/api/keys/{ENCODED}/events?limit=1999")).await;
    let expected: Vec<_> = (1..=3_000).flat_map(|seq| [place("a", seq), place("b", seq)]).collect();
    assert!(found == expected, "{} events", found.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_end_says_of_each_session_what_came_of_it() {
    let (home, [a, _b, _c]) = three().await;
    let kill = format!("/api/keys/{ENCODED}/kill");
    let ended = |answer: &Answer| -> Vec<(String, String, u64)> {
        let json = answer.json();
        let mut ended: Vec<_> = json
            .as_array()
            .unwrap()
            .iter()
            .map(|own| {
                let text = |name: &str| own[name].as_str().unwrap().to_owned();
                (text("session_id"), text("status"), own["code"].as_u64().unwrap())
            })
            .collect();
        ended.sort();
        ended
    };
    let own = |id: &str, status: &str, code| (id.to_owned(), status.to_owned(), code);
    let answer = home.ask(Method::POST, &kill).await;
    assert_eq!(answer.status, StatusCode::MULTI_STATUS, "{answer:?}");
    assert_eq!(ended(&answer), [own("a", "killing", 202), own("b", "failed", 501)]);
    let json = answer.json();
    let failed = json
        .as_array()
        .unwrap()
        .iter()
        .find(|own| own["session_id"] == "b")
        .unwrap();
    assert_eq!(failed["error"], "the session has no way to end its program");
    // One that ends while it is waited for.
    let waiting = format!("{kill}?wait=true");
    let (answer, ()) = tokio::join!(home.ask(Method::POST, &waiting), async move {
        a.was_killed(2).await;
        drop(a);
    });
    assert_eq!(answer.status, StatusCode::MULTI_STATUS, "{answer:?}");
    assert_eq!(ended(&answer)[0], own("a", "ended", 200), "{answer:?}");
    // Of the other key nothing was ended, and all of it can be.
    assert_eq!(home.session("c").await.unwrap()["status"], "live");
    let answer = home.ask(Method::POST, "/api/keys/other/kill").await;
    assert_eq!(
        (answer.status, ended(&answer)),
        (StatusCode::ACCEPTED, vec![own("c", "killing", 202)])
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_key_and_no_parameter_is_told() {
    let (home, _hosts) = three().await;
    for (method, path) in [(Method::GET, "state"), (Method::GET, "events"), (Method::POST, "kill")] {
        // The key of a session, not decoded twice; the start of one; another case.
        for key in ["nobody", "pr%25207%252F%25C3%25BCn%25C3%25AF", "pr%207", "OTHER"] {
            let answer = home.ask(method.clone(), &format!("/api/keys/{key}/{path}")).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{key} {path}");
            let reason = answer.json()["error"].as_str().unwrap().to_owned();
            assert!(
                reason.contains("no session has this key") && reason.contains("/api/keys"),
                "{reason}"
            );
        }
        let answer = home.ask(method.clone(), &format!("/api/keys/%ff/{path}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{path}");
        let answer = home.ask(Method::DELETE, &format!("/api/keys/{ENCODED}/{path}")).await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{path}");
    }
    let events = format!("/api/keys/{ENCODED}/events");
    for (query, words) in [
        ("since=1", "`since` is for the events of one session"),
        ("until=1", "`until` is for"),
        ("last=1", "`last` is for"),
        ("cursor=x", "Mirrord-Next-Cursor"),
        ("limit=0", "`limit` is between"),
        ("q=nofield:x", "`q`: "),
    ] {
        let answer = home.ask(Method::GET, &format!("{events}?{query}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{query}");
        assert!(answer.json()["error"].as_str().unwrap().contains(words), "{answer:?}");
    }
    let answer = home.ask(Method::POST, "/api/keys/other/kill?wait=perhaps").await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_of_a_key_is_in_its_log_and_one_that_is_gone_leaves_the_others() {
    let folder = tempfile::tempdir().unwrap();
    let files = ["x", "y"].map(|id| {
        use mirrord_record::{EndReason, RecordEnd, RecordHeader, RecordWriter};
        let path = folder.path().join(id);
        let header = RecordHeader::new(mirrord_wire::SessionInfo {
            session_id: id.to_owned(),
            key: Some("k".to_owned()),
            ..mirrord_wire::SessionInfo::default()
        });
        let mut writer = RecordWriter::create(&path, &header).unwrap();
        // More than is kept.
        let filler = "f".repeat(1_000);
        for seq in 1..=20_000_u64 {
            let line = format!(r#"{{"seq":{seq},"ts":{seq},"type":"DnsQuery","host":"h","filler":"{filler}"}}"#);
            writer.event(&line).unwrap();
        }
        writer.finish(RecordEnd::new(EndReason::Ended)).unwrap();
        path
    });
    let home = Home::replaying(&files).await;
    home.until("x", "ended").await;
    home.until("y", "ended").await;
    let first = home.get("/api/keys/k/events?limit=4").await;
    assert_eq!(
        places(&first),
        [place("x", 1), place("y", 1), place("x", 2), place("y", 2)]
    );
    std::fs::remove_file(&files[0]).unwrap();
    let answer = home.ask(Method::GET, "/api/keys/k/events?limit=2&cursor=x:7,y:7").await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    assert_eq!(answer.headers["mirrord-sessions-unread"], "x");
    assert_eq!(places(&answer.json()), [place("y", 8), place("y", 9)]);
    std::fs::remove_file(&files[1]).unwrap();
    let answer = home.ask(Method::GET, "/api/keys/k/events?limit=2").await;
    assert_eq!(answer.status, StatusCode::CONFLICT, "{answer:?}");
}
