//! Names that a person gives sessions.

use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::host::Host;
use crate::support::{Home, eventually};

const NAME: &str = "/api/sessions/one/name";

/// Name of a session in the list.
async fn listed(home: &Home, id: &str) -> Value {
    home.session(id)
        .await
        .map(|session| session["name"].clone())
        .unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_is_shown_wherever_its_session_is_until_it_is_taken_back() {
    let (home, host) = Home::with_session("one").await;
    let mut client = home.websocket("/ws").await;
    let answer = home.put(NAME, &json!({"name": "  shop, api "})).await;
    assert_eq!(
        (answer.status, answer.json()),
        (StatusCode::OK, json!({"name": "shop, api"}))
    );
    assert_eq!(listed(&home, "one").await, "shop, api");
    assert_eq!(home.get("/api/sessions/one").await["name"], "shop, api");
    while client.message_of("session_updated").await["data"]["name"] != "shop, api" {}
    drop(host);
    assert_eq!(home.until("one", "ended").await["name"], "shop, api");
    let answer = home.put(NAME, &json!({"name": ""})).await;
    assert_eq!((answer.status, answer.json()), (StatusCode::OK, json!({"name": ""})));
    assert_eq!(listed(&home, "one").await, Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_outlives_the_server_and_goes_with_its_session() {
    let (home, host) = Home::with_session("one").await;
    assert_eq!(home.put(NAME, &json!({"name": "shop"})).await.status, StatusCode::OK);
    let file = home.sessions.join(".names/names.json");
    assert!(std::fs::read_to_string(&file).unwrap().contains("\"shop\""));
    let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&file).unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600);
    // Another server on the same directory reads what is there.
    let second = Home::on(&home.sessions).await;
    assert_eq!(second.until("one", "live").await["name"], "shop");
    second.stop().await;
    drop(host);
    home.until("one", "ended").await;
    assert_eq!(
        home.status(Method::DELETE, "/api/sessions/one").await,
        StatusCode::NO_CONTENT
    );
    eventually(async || (!std::fs::read_to_string(&file).unwrap().contains("shop")).then_some(())).await;
    let _again = Host::start(&home.sessions, "one");
    assert_eq!(home.until("one", "live").await["name"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_session_of_the_same_id_has_no_name() {
    let (home, host) = Home::with_session("one").await;
    assert_eq!(home.put(NAME, &json!({"name": "shop"})).await.status, StatusCode::OK);
    drop(host);
    home.until("one", "ended").await;
    let _other = Host::with(&home.sessions, "one", "202 Accepted", "2026-11-21T09:00:00Z");
    assert_eq!(home.until("one", "live").await["name"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_name_is_refused_in_words_and_changes_nothing() {
    let (home, _host) = Home::with_session("one").await;
    assert_eq!(home.put(NAME, &json!({"name": "shop"})).await.status, StatusCode::OK);
    for (body, words) in [
        (json!({"name": "a\nb"}), "control"),
        (json!({"name": "\u{202e}x"}), "control"),
        (json!({"name": "x".repeat(101)}), "at most 100"),
        (json!({"name": null}), "not what this route takes"),
        (json!({"nam": "x"}), "not what this route takes"),
        (json!({}), "not what this route takes"),
    ] {
        let answer = home.put(NAME, &body).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{body}");
        assert!(answer.json()["error"].as_str().unwrap().contains(words), "{answer:?}");
    }
    assert_eq!(
        home.put("/api/sessions/two/name", &json!({"name": "x"})).await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(home.status(Method::POST, NAME).await, StatusCode::METHOD_NOT_ALLOWED);
    let foreign = [("origin", "http://evil.example"), ("content-type", "application/json")];
    assert_eq!(
        home.ask_with(Method::PUT, NAME, &foreign).await.status,
        StatusCode::FORBIDDEN
    );
    assert_eq!(listed(&home, "one").await, "shop");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_cannot_be_read_is_left_as_it_is_and_named() {
    let home = Home::new().await;
    let folder = home.sessions.join(".names");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join("names.json"), "{").unwrap();
    let second = Home::on(&home.sessions).await;
    let _host = Host::start(&home.sessions, "one");
    second.until("one", "live").await;
    let answer = second.put(NAME, &json!({"name": "shop"})).await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(
        answer.json()["error"].as_str().unwrap().contains("names.json"),
        "{answer:?}"
    );
    assert_eq!(listed(&second, "one").await, "shop", "it holds all the same");
    assert_eq!(std::fs::read_to_string(folder.join("names.json")).unwrap(), "{");
    std::fs::remove_file(folder.join("names.json")).unwrap();
    assert_eq!(second.put(NAME, &json!({"name": "api"})).await.status, StatusCode::OK);
    second.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_ended_session_says_how_its_program_ended() {
    let (home, host) = Home::with_session("one").await;
    host.emit_line(r#"{"seq":1,"ts":1,"type":"LayerConnected","pid":7,"process_name":"sh"}"#);
    host.emit_line(r#"{"seq":2,"ts":2,"type":"LayerConnected","pid":8,"parent_pid":7,"process_name":"false"}"#);
    host.emit_line(r#"{"seq":3,"ts":3,"type":"LayerDisconnected","pid":8,"exit_code":1}"#);
    home.until_seq("one", 3).await;
    assert_eq!(
        home.session("one").await.unwrap()["exit"],
        Value::Null,
        "of a child it is not the session's"
    );
    host.emit_line(r#"{"seq":4,"ts":4,"type":"LayerDisconnected","pid":7,"signal":"SIGABRT"}"#);
    home.until_seq("one", 4).await;
    let mut client = home.websocket("/ws").await;
    let first = client.message_of("sessions").await;
    assert_eq!(first["data"][0]["exit"], json!({"signal": "SIGABRT"}));
    drop(host);
    assert_eq!(home.until("one", "ended").await["exit"], json!({"signal": "SIGABRT"}));
    assert_eq!(
        home.get("/api/sessions?ended=true").await[0]["exit"],
        json!({"signal": "SIGABRT"})
    );
}
