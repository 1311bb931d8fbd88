//! The description of the REST API, against the server that serves it.

use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Answer, Home};

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

async fn described(home: &Home) -> Vec<(String, Value)> {
    let document = home.get("/api/openapi.json").await;
    document["paths"].as_object().unwrap().clone().into_iter().collect()
}

/// Sends an authenticated request without a type of its body.
async fn ask_without_type(home: &Home, method: Method, target: &str) -> Answer {
    let (host, bearer) = (format!("localhost:{}", home.port), format!("Bearer {}", home.token));
    home.send(method, target, &[("host", &host), ("authorization", &bearer)])
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_route_takes_the_methods_that_it_is_described_with_and_no_other() {
    let home = Home::new().await;
    let odd = Method::from_bytes(b"BREW").unwrap();
    for (pattern, item) in described(&home).await {
        let target = pattern.replace("{id}", "x").replace("{key}", "x");
        let answer = home.ask(odd.clone(), &target).await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{pattern}");
        let allowed = answer.headers["allow"].to_str().unwrap().to_lowercase();
        let mut allowed: Vec<_> = allowed.split(", ").filter(|own| *own != "head").collect();
        let mut described: Vec<_> = METHODS.into_iter().filter(|own| item.get(own).is_some()).collect();
        allowed.sort_unstable();
        described.sort_unstable();
        assert_eq!(allowed, described, "{pattern}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_method_that_a_route_does_not_take_is_named_before_the_type_of_the_body() {
    let home = Home::new().await;
    for (method, target, allowed) in [
        (Method::DELETE, "/api/version", "GET, HEAD"),
        (Method::POST, "/api/sessions/x", "GET, HEAD, DELETE"),
        (Method::PUT, "/api/tickets", "POST"),
        (Method::DELETE, "/api/sign-in", "POST"),
        (Method::OPTIONS, "/mirror/sidebar", "GET, HEAD, PUT"),
    ] {
        let answer = ask_without_type(&home, method.clone(), target).await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{method} {target}");
        assert_eq!(answer.headers["allow"], allowed, "{method} {target}");
    }
    for target in ["/api/tickets", "/api/sessions/x/kill", "/api/no-such-route"] {
        let answer = ask_without_type(&home, Method::POST, target).await;
        assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{target}");
    }
    let host = format!("localhost:{}", home.port);
    let answer = home.send(Method::DELETE, "/api/version", &[("host", &host)]).await;
    assert_eq!(
        answer.status,
        StatusCode::UNAUTHORIZED,
        "credentials go before the method"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn every_described_answer_to_a_get_has_an_entity_tag() {
    let home = Home::new().await;
    for (path, item) in described(&home).await {
        let mut parameters = item["get"]["parameters"].as_array().into_iter().flatten();
        let takes_none = parameters.all(|own| own["required"] == false);
        if item["get"]["responses"].get("304").is_none() || !takes_none {
            continue;
        }
        let answer = home.ask(Method::GET, &path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        let tag = answer.headers["etag"].to_str().unwrap();
        let again = home.ask_with(Method::GET, &path, &[("if-none-match", tag)]).await;
        assert_eq!(again.status, StatusCode::NOT_MODIFIED, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_is_no_object_is_refused_and_changes_nothing() {
    let (home, _host) = Home::with_session("a").await;
    for (target, body) in [
        ("/api/mirror/settings", json!([true, true, "127.0.0.1", 0])),
        ("/api/sessions/a/name", json!(["shop"])),
        ("/mirror/sidebar", json!([7, ["a"], []])),
        ("/mirror/sidebar", json!(null)),
    ] {
        let answer = home.put(target, &body).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{target} {body}");
    }
    let sidebar = home
        .put("/mirror/sidebar", &json!({"order": ["a"], "version": "any"}))
        .await;
    assert_eq!(sidebar.json()["version"], 1, "of a request, it is not read");
    assert_eq!(home.get("/api/mirror").await["state"], "off");
    assert_eq!(home.get("/mirror/sidebar").await["pinned"], json!([]));
    assert_eq!(home.get("/api/sessions/a").await.get("name"), None);
}
