//! `GET /api/search`: what is found in the events of all sessions.

use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::Home;
use crate::support::host::Host;

fn encoded(filter: &str) -> String {
    filter.bytes().map(|byte| format!("%{byte:02x}")).collect()
}

async fn search(home: &Home, filter: &str) -> Value {
    home.get(&format!("/api/search?q={}", encoded(filter))).await
}

/// Sessions and the numbers of their hits, in the order of the answer.
fn numbers(answer: &Value) -> Vec<(String, Vec<u64>)> {
    let session = |session: &Value| {
        let hits = session["hits"].as_array().unwrap();
        let id = session["session_id"].as_str().unwrap().to_owned();
        (id, hits.iter().map(|hit| hit["seq"].as_u64().unwrap_or(0)).collect())
    };
    answer["sessions"].as_array().unwrap().iter().map(session).collect()
}

/// Two sessions, the second the newer one.
async fn two() -> (Home, [Host; 2]) {
    let home = Home::new().await;
    let first = Host::start(&home.sessions, "one");
    home.until("one", "live").await;
    let second = Host::start(&home.sessions, "two");
    for line in [
        r#"{"seq":1,"ts":1,"type":"LayerConnected","pid":8,"process_name":"worker","cmdline":["worker","--once"]}"#,
        r#"{"seq":2,"ts":2,"type":"FileOp","path":"/etc/App.json","operation":"open","pid":8,"outcome":"not_found"}"#,
        r#"{"seq":3,"ts":3,"type":"FileOp","path":"/etc/App.json","operation":"open","pid":8,"outcome":"ok"}"#,
        r#"{"seq":4,"ts":4,"type":"OutgoingConnection","address":"10.0.0.9","port":5432,"pid":7,"outcome":"failed"}"#,
    ] {
        first.emit_line(line);
    }
    second.emit_line(r#"{"seq":1,"ts":9,"type":"DnsQuery","host":"app.example","pid":7}"#);
    second.emit_line(r#"{"seq":2,"ts":9,"type":"FileOp","path":"/a\u0070p/x","operation":"stat","pid":7}"#);
    home.until_seq("one", 4).await;
    home.until_seq("two", 2).await;
    (home, [first, second])
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_of_every_session_are_found_each_subject_once_the_newest_first() {
    let (home, _hosts) = two().await;
    let answer = search(&home, "app").await;
    // An escaped letter is found as well.
    assert_eq!(
        numbers(&answer),
        [("two".to_owned(), vec![2, 1]), ("one".to_owned(), vec![3])]
    );
    assert_eq!((&answer["complete"], &answer["searched"]), (&json!(true), &json!(6)));
    let hit =
        json!({"seq": 3, "ts": 3, "type": "FileOp", "subject": "/etc/App.json", "operation": "open", "outcome": "ok"});
    assert_eq!(answer["sessions"][1]["hits"][0], hit);
    for (filter, found) in [
        ("outcome:not_found", vec![("one", vec![2])]),
        ("10.0.0.9:5432", vec![("one", vec![4])]),
        ("\"worker --once\"", vec![("one", vec![1])]),
        // The name of its process, which no line of it has.
        ("worker app", vec![("one", vec![3])]),
        ("nothing-like-it", vec![]),
        ("host:*.example OR port:5432", vec![("two", vec![1]), ("one", vec![4])]),
    ] {
        let found: Vec<_> = found.into_iter().map(|(id, seqs)| (id.to_owned(), seqs)).collect();
        assert_eq!(numbers(&search(&home, filter).await), found, "{filter}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_bounded_and_each_session_has_its_share() {
    let (home, [first, second]) = two().await;
    for seq in 5..=3_000 {
        first.emit_line(&format!(
            r#"{{"seq":{seq},"ts":1,"type":"FileOp","path":"/many/{seq}","operation":"open"}}"#
        ));
    }
    second.emit_line(r#"{"seq":3,"ts":9,"type":"FileOp","path":"/many/other","operation":"open"}"#);
    home.until_seq("one", 3_000).await;
    home.until_seq("two", 3).await;
    let answer = search(&home, "many").await;
    let newest: Vec<u64> = (2_993..=3_000).rev().collect();
    assert_eq!(
        numbers(&answer),
        [("two".to_owned(), vec![3]), ("one".to_owned(), newest)]
    );
    assert_eq!(answer["complete"], json!(false));
    let answer = home.get("/api/search?q=many&limit=2").await;
    let found: usize = numbers(&answer).iter().map(|(_, seqs)| seqs.len()).sum();
    assert_eq!(found, 2);
    // What is far back is found as well.
    assert_eq!(
        numbers(&search(&home, "worker").await),
        [("one".to_owned(), vec![3, 1])]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_searched_for_is_refused_in_words() {
    let home = Home::new().await;
    for (query, words) in [
        ("", "`q` is the filter"),
        ("?q=%20", "`q` is the filter"),
        ("?q=a&limit=0", "`limit` is between 1 and 200"),
        ("?q=a&limit=x", "`limit` is between 1 and 200"),
        ("?q=prot:80", "did you mean"),
    ] {
        let answer = home.ask(Method::GET, &format!("/api/search{query}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{query}");
        assert!(answer.json()["error"].as_str().unwrap().contains(words), "{answer:?}");
    }
    assert_eq!(
        home.status(Method::PUT, "/api/search").await,
        StatusCode::METHOD_NOT_ALLOWED
    );
}
