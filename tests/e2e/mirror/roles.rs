//! Permissions by role: every route by every method as every role; and the redaction for devices.

use hyper::{Method, StatusCode};
use mirrord_tests::eventually;
use mirrord_tests::http;
use mirrord_tests::mirror::{Mirror, manage};
use mirrord_tests::program::Program;
use mirrord_wire::mirror::Me;
use serde_json::{Value, json};

/// Every route, with what is in the place of an id.
const ROUTES: &[&str] = &[
    "/",
    "/health",
    "/assets/x",
    "/api/me",
    "/api/version",
    "/api/operator/sessions",
    "/api/search",
    "/api/sessions",
    "/api/sessions/x",
    "/api/sessions/x/events",
    "/api/sessions/x/connections",
    "/api/sessions/x/summary",
    "/api/otlp",
    "/api/sessions/x/suggestions",
    "/api/sessions/x/timeline",
    "/api/keys",
    "/api/keys/x/state",
    "/api/keys/x/events",
    "/api/keys/x/kill",
    "/api/sessions/x/kill",
    "/api/sessions/x/name",
    "/api/sessions/x/record",
    "/api/sessions/x/recording",
    "/api/records",
    "/api/history",
    "/api/history/x",
    "/api/history/x/open",
    "/api/diff",
    "/api/tickets",
    "/ws",
    "/ws/x",
    "/mirror/sidebar",
    "/mirror/sign-in",
    "/mirror/pair",
    "/mirror/sign-out",
    "/mirror/trust",
    "/mirror/authority.pem",
    "/mirror/login.js",
    "/mirror/login.css",
    "/mirror/login.svg",
    "/api/mirror",
    "/api/mirror/settings",
    "/api/mirror/pair",
    "/api/mirror/devices",
    "/api/mirror/devices/x",
    "/api/mirror/audit",
    "/api/nothing",
    "/nothing",
];

const METHODS: [Method; 7] = [
    Method::GET,
    Method::HEAD,
    Method::POST,
    Method::PUT,
    Method::DELETE,
    Method::PATCH,
    Method::OPTIONS,
];

/// Permissions of a device, written down here once more and not taken from the code.
fn device_may(controller: bool, method: &Method, path: &str) -> bool {
    let reads = *method == Method::GET || *method == Method::HEAD;
    match path {
        "/ws" | "/ws/x" => *method == Method::GET,
        "/"
        | "/api/me"
        | "/api/version"
        | "/api/operator/sessions"
        | "/api/search"
        | "/api/sessions"
        | "/api/sessions/x"
        | "/api/sessions/x/events"
        | "/api/sessions/x/summary"
        | "/api/sessions/x/connections"
        | "/mirror/sidebar" => reads,
        "/api/sessions/x/kill" => controller && *method == Method::POST,
        "/api/sessions/x/name" => controller && *method == Method::PUT,
        "/mirror/sign-out" => *method == Method::POST,
        _ => stranger_may(method, path),
    }
}

fn stranger_may(method: &Method, path: &str) -> bool {
    let reads = *method == Method::GET || *method == Method::HEAD;
    match path {
        "/health"
        | "/assets/x"
        | "/mirror/authority.pem"
        | "/mirror/trust"
        | "/mirror/login.js"
        | "/mirror/login.css"
        | "/mirror/login.svg" => reads,
        "/mirror/sign-in" | "/mirror/pair" => reads || *method == Method::POST,
        _ => false,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_by_every_method_as_everybody() {
    let (_home, mirror) = Mirror::with_home().await;
    let stranger = mirror.device(3);
    for (controller, last) in [(false, 4), (true, 5)] {
        let phone = mirror.signed_in(last).await;
        if controller {
            let me: Me = phone.json("/api/me").await;
            mirror.set_role(&me.device.unwrap(), "controller").await;
        }
        for path in ROUTES.iter().filter(|path| **path != "/mirror/sign-out") {
            for method in METHODS {
                let status = phone.send_json(method.clone(), path, &json!("x")).await.status();
                let may = device_may(controller, &method, path);
                assert_eq!(status != StatusCode::FORBIDDEN, may, "{method} {path}: {status}");
                assert_ne!(status, StatusCode::METHOD_NOT_ALLOWED, "{method} {path}");
            }
        }
    }
    for path in ROUTES {
        for method in METHODS {
            let status = stranger.send_json(method.clone(), path, &json!("x")).await.status();
            let may = stranger_may(&method, path);
            assert_eq!(status != StatusCode::UNAUTHORIZED, may, "{method} {path}: {status}");
        }
    }
    for path in [
        "/mirror/sign-in",
        "/mirror/pair",
        "/mirror/sign-out",
        "/mirror/trust",
        "/mirror/login.js",
    ] {
        for method in [Method::GET, Method::POST] {
            let status = manage(&mirror.ui, method.clone(), path, &json!({})).await.status();
            assert!(status.is_client_error(), "{method} {path} is the mirror's: {status}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_signs_in_on_one_listener_means_nothing_on_the_other() {
    let (_home, mirror) = Mirror::with_home().await;
    let (phone, stranger) = (mirror.signed_in(3).await, mirror.device(4));
    let token = &mirror.ui.token;
    let desktop_cookie = format!("mirrord_ui_{}={token}", mirror.ui.address.port());
    let as_mirrors = format!("mirrord_mirror_{}={token}", mirror.address.port());
    for (header, value) in [
        ("authorization", format!("Bearer {token}")),
        ("cookie", desktop_cookie),
        ("cookie", as_mirrors),
    ] {
        let mut request = stranger.request(Method::GET, "/api/sessions");
        request.headers_mut().insert(header, value.parse().unwrap());
        assert_eq!(
            stranger.send(request).await.status(),
            StatusCode::UNAUTHORIZED,
            "{header}"
        );
    }
    let swapped = stranger.get(&format!("/?token={token}")).await;
    assert_eq!(
        (swapped.status(), swapped.headers().get("set-cookie")),
        (StatusCode::UNAUTHORIZED, None)
    );
    assert_eq!(
        stranger.open(&format!("/ws?token={token}")).await.err(),
        Some(StatusCode::UNAUTHORIZED)
    );
    let cookie = phone.cookie.clone().unwrap();
    let secret = cookie.split_once('=').unwrap().1.to_owned();
    for (header, value) in [
        ("cookie", cookie),
        ("cookie", format!("mirrord_ui_{}={secret}", mirror.ui.address.port())),
        ("authorization", format!("Bearer {secret}")),
    ] {
        let request = hyper::Request::get("/api/sessions").header("host", mirror.ui.address.to_string());
        let request = request
            .header(header, value)
            .body(http_body_util::Full::default())
            .unwrap();
        assert_eq!(
            http::send(mirror.ui.address, request).await.status(),
            StatusCode::UNAUTHORIZED,
            "{header}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_is_shown_no_session_as_it_was_and_none_by_its_key() {
    let (_home, mirror) = Mirror::with_home().await;
    let phone = mirror.signed_in(3).await;
    for path in [
        "/api/sessions?key=x",
        "/api/sessions?key=",
        "/api/sessions/x?at=1",
        "/api/sessions/x/summary?at=1",
        "/api/sessions/x/connections?at=1",
    ] {
        assert_eq!(phone.get(path).await.status(), StatusCode::FORBIDDEN, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_controller_gives_a_session_a_name_which_the_log_says_and_a_viewer_none() {
    let (home, mirror) = Mirror::with_home().await;
    let _shell = Program::shell(&home, "named").await;
    let (viewer, phone) = (mirror.signed_in(3).await, mirror.signed_in(4).await);
    let me: Me = phone.json("/api/me").await;
    mirror.set_role(&me.device.unwrap(), "controller").await;
    let path = "/api/sessions/named/name";
    eventually("the session is there", async || {
        phone
            .get("/api/sessions/named")
            .await
            .status()
            .is_success()
            .then_some(())
    })
    .await;
    let refused = viewer.send_json(Method::PUT, path, &json!({"name": "x"})).await;
    assert_eq!(refused.status(), StatusCode::FORBIDDEN);
    let answer = phone.send_json(Method::PUT, path, &json!({"name": "shop, blue"})).await;
    assert_eq!(answer.status(), StatusCode::OK, "{answer:?}");
    for device in [&viewer, &phone] {
        let session: Value = device.json("/api/sessions/named").await;
        assert_eq!(session["name"], "shop, blue");
    }
    // Given on the desktop, a name that could hold a credential is hidden from devices.
    assert_eq!(
        manage(&mirror.ui, Method::PUT, path, &json!({"name": "key=hunter2"}))
            .await
            .status(),
        StatusCode::OK
    );
    let session: Value = viewer.json("/api/sessions/named").await;
    assert_eq!(session["name"], "***");
    let log: Vec<Value> = mirror.manage(Method::GET, "/api/mirror/audit", &json!({})).await;
    let named: Vec<_> = log.iter().filter(|entry| entry["kind"] == "named_session").collect();
    assert_eq!((named.len(), &named[0]["detail"]), (1, &json!("named")), "{log:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_device_is_shown_a_secret_whatever_it_asks() {
    let (home, mirror) = Mirror::with_home().await;
    let phone = mirror.signed_in(3).await;
    let mut socket = phone.open("/ws?batch=1").await.unwrap();
    let config = home.path().join("mirrord.json");
    std::fs::write(&config, r#"{"feature":{"env":{"override":{"DB_PASSWORD":"hunter2"}}}}"#).unwrap();
    let flags = ["-f", config.to_str().unwrap()];
    let mut shell = Program::start_with(&home, "secret", &flags, &["sh"]).await;
    shell
        .run("env PGPASSWORD=hunter2 true --token=hunter2 https://u:hunter2@db/")
        .await;
    shell.run("cat /etc/hostname").await;
    let desktop = async |path: &str| {
        let answer = mirror.ui.send(mirror.ui.request(Method::GET, path)).await;
        String::from_utf8_lossy(answer.body()).into_owned()
    };
    eventually("the desktop sees it", async || {
        desktop("/api/sessions/secret/events")
            .await
            .contains("PGPASSWORD=hunter2")
            .then_some(())
    })
    .await;
    assert!(
        desktop("/api/sessions/secret").await.contains("hunter2"),
        "the desktop is shown the config"
    );
    for path in [
        "/api/sessions",
        "/api/sessions/secret",
        "/api/sessions/secret/events",
        "/api/sessions/secret/events?type=LayerConnected",
    ] {
        let answer = phone.get(path).await;
        let text = String::from_utf8_lossy(answer.body()).into_owned();
        assert!(
            answer.status() == StatusCode::OK && text.len() > 2 && !text.contains("hunter2"),
            "{path}: {text}"
        );
    }
    let shown = String::from_utf8_lossy(phone.get("/api/sessions/secret/events").await.body()).into_owned();
    assert!(
        shown.contains("PGPASSWORD=***") && shown.contains("https://***@db/"),
        "{shown}"
    );
    for guess in ["hunter2", "PGPASSWORD=h", "h"] {
        let found: Vec<Value> = phone
            .json(&format!("/api/sessions/secret/events?type=LayerConnected&q={guess}"))
            .await;
        let told = found
            .iter()
            .any(|line| line.to_string().contains("PGPASSWORD=***") && guess != "h");
        assert!(!told, "a search is no way to find a secret out");
        // In all sessions at once: found on the desktop alone.
        let everywhere = format!("/api/search?q={guess}");
        let found: Value = phone.json(&everywhere).await;
        assert!(guess == "h" || found["sessions"] == json!([]), "{guess}: {found}");
        assert_ne!(
            mirror.ui.json::<Value>(&everywhere).await["sessions"],
            json!([]),
            "{guess}"
        );
    }
    let told = socket.until("/etc/hostname").await;
    assert!(told.iter().all(|message| !message.contains("hunter2")), "{told:?}");
    let mut late = phone.open("/ws/secret?ended=true").await.unwrap();
    assert!(!late.next().await.unwrap().contains("hunter2"));
}
