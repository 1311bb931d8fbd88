//! The settings: applied at once, kept, and what is said where they cannot be.

use std::net::TcpListener;

use hyper::{Method, StatusCode};
use mirrord_tests::eventually;
use mirrord_tests::home::Home;
use mirrord_tests::mirror::{Mirror, manage, state};
use mirrord_tests::ui::Ui;
use mirrord_wire::mirror::{CredentialsSource, MirrorState, MirrorStatus};
use serde_json::{Value, json};
use tokio::net::TcpStream;

/// A port that is free now.
fn free_port() -> u16 {
    TcpListener::bind("127.0.0.2:0").unwrap().local_addr().unwrap().port()
}

async fn set(ui: &Ui, change: Value) -> MirrorStatus {
    let answer = manage(ui, Method::PUT, "/api/mirror/settings", &change).await;
    assert_eq!(answer.status(), StatusCode::OK, "{:?}", answer.body());
    serde_json::from_slice(answer.body()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn it_starts_moves_and_stops_at_once() {
    let (_home, ui) = Ui::with_home().await;
    let (one, other) = (free_port(), free_port());
    let on = set(&ui, json!({"enabled": true, "address": "127.0.0.2", "port": one})).await;
    assert_eq!(
        (on.state, on.urls[0].url.clone()),
        (MirrorState::On, format!("http://127.0.0.2:{one}"))
    );
    let mirror = Mirror::of(ui).await;
    let phone = mirror.signed_in(3).await;
    let mut socket = phone.open("/ws").await.unwrap();
    socket.next().await.unwrap();
    let same = set(&mirror.ui, json!({"username": "dev", "password": "correct horse"})).await;
    assert_eq!(
        (same.state, same.credentials.source),
        (MirrorState::On, CredentialsSource::Settings)
    );
    assert_eq!(
        (same.credentials.username.as_str(), same.credentials.password),
        ("dev", None)
    );
    assert_eq!(
        phone.get("/api/sessions").await.status(),
        StatusCode::OK,
        "nobody was cut off by it"
    );
    let mut new = mirror.device(4);
    assert_eq!(
        new.sign_in("mirrord", &mirror.password).await.status(),
        StatusCode::UNAUTHORIZED
    );
    assert_eq!(
        new.sign_in("dev", "correct horse").await.status(),
        StatusCode::NO_CONTENT
    );
    let moved = set(&mirror.ui, json!({"port": other})).await;
    assert_eq!(
        (moved.state, moved.urls[0].url.clone()),
        (MirrorState::On, format!("http://127.0.0.2:{other}"))
    );
    assert!(socket.next().await.is_err(), "what was open at the old port is closed");
    assert!(TcpStream::connect(("127.0.0.2", one)).await.is_err());
    assert!(TcpStream::connect(("127.0.0.2", other)).await.is_ok());
    let off = set(&mirror.ui, json!({"enabled": false})).await;
    assert_eq!(off.state, MirrorState::Off);
    assert!(TcpStream::connect(("127.0.0.2", other)).await.is_err());
    let refused = manage(&mirror.ui, Method::POST, "/api/mirror/pair", &json!({})).await;
    assert_eq!(refused.status(), StatusCode::CONFLICT);
}

#[tokio::test(flavor = "multi_thread")]
async fn devices_and_settings_outlast_a_restart() {
    let (home, ui) = Ui::with_home().await;
    let port = free_port();
    let change =
        json!({"enabled": true, "auto_start": true, "address": "127.0.0.2", "port": port, "password": "correct horse"});
    set(&ui, change).await;
    let mut mirror = Mirror::of(ui).await;
    mirror.password = "correct horse".to_owned();
    let (phone, gone) = (mirror.signed_in(3).await, mirror.signed_in(4).await);
    let answer = gone.send_json(Method::POST, "/mirror/sign-out", &json!({})).await;
    assert_eq!(answer.status(), StatusCode::NO_CONTENT);
    assert!(mirror.ui.interrupt().await.success());
    let again = Ui::start(&home).await;
    let status = state(&again, MirrorState::On).await;
    assert_eq!((status.settings.port, status.settings.has_password), (port, true));
    assert_eq!(phone.get("/api/sessions").await.status(), StatusCode::OK);
    assert_eq!(gone.get("/api/sessions").await.status(), StatusCode::UNAUTHORIZED);
    set(&again, json!({"auto_start": false})).await;
    assert!(again.interrupt().await.success());
    let third = Ui::start(&home).await;
    assert_eq!(third.json::<MirrorStatus>("/api/mirror").await.state, MirrorState::Off);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_taken_port_is_named_with_who_has_it_and_taken_when_it_is_free() {
    let home = Home::new();
    let taken = TcpListener::bind("127.0.0.2:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let ui = Ui::start_with(&home, &["--port", "0", "--mirror", &format!("127.0.0.2:{port}")]).await;
    let status = state(&ui, MirrorState::Failed).await;
    let reason = status.reason.unwrap();
    let own = std::process::id();
    assert!(
        reason.contains(&format!("port {port} is in use by")) && reason.ends_with(&format!("(process {own})")),
        "{reason}"
    );
    assert!(status.urls.is_empty());
    drop(taken);
    state(&ui, MirrorState::On).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn broken_settings_are_said_and_keep_it_off() {
    let home = Home::new();
    let folder = home.sessions_dir().join(".mirror");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("settings.json"), r#"{"version":1,"enabled":true"#).unwrap();
    let ui = Ui::start(&home).await;
    let status: MirrorStatus = ui.json("/api/mirror").await;
    assert_eq!(status.state, MirrorState::Off);
    assert!(status.reason.unwrap().contains("settings.json"));
    for (change, words) in [
        (json!({"port": 0}), "a port is"),
        (json!({"password": "short"}), "8 to 256"),
        (json!({"names": ["localhost"]}), "host names"),
        (json!({"nonsense": 1}), "not what this route takes"),
    ] {
        let answer = manage(&ui, Method::PUT, "/api/mirror/settings", &change).await;
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{change}");
        assert!(
            String::from_utf8_lossy(answer.body()).contains(words),
            "{:?}",
            answer.body()
        );
    }
    let left = std::fs::read_to_string(folder.join("settings.json")).unwrap();
    assert_eq!(left, r#"{"version":1,"enabled":true"#, "it is left as it is");
    set(&ui, json!({"auto_start": false})).await;
    assert_eq!(ui.json::<MirrorStatus>("/api/mirror").await.reason, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_environment_gives_the_credentials_and_they_are_not_told() {
    let home = Home::new();
    let mut command = home.mirrord(["ui", "--no-open", "--port", "0", "--mirror", "127.0.0.2:0"]);
    command
        .env("MIRRORD_UI_USERNAME", "dev")
        .env("MIRRORD_UI_PASSWORD", "correct horse");
    let mirror = Mirror::of(Ui::spawn(command).await).await;
    let status: MirrorStatus = mirror.ui.json("/api/mirror").await;
    assert_eq!(
        (status.credentials.source, status.credentials.password),
        (CredentialsSource::Environment, None)
    );
    let mut phone = mirror.device(3);
    assert_eq!(
        phone.sign_in("dev", "correct horse").await.status(),
        StatusCode::NO_CONTENT
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_line_pairs_lists_and_revokes() {
    let (home, mirror) = Mirror::with_home().await;
    let run = async |arguments: &[&str]| {
        let output = home.mirrord(["ui", "mirror"]).args(arguments).output().await.unwrap();
        assert!(output.status.success(), "{arguments:?}: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let url = run(&["pair"]).await;
    let ticket = url.trim().split_once('#').unwrap().1.to_owned();
    let mut phone = mirror.device(3);
    assert_eq!(phone.redeem(&ticket).await.status(), StatusCode::NO_CONTENT);
    let listed = run(&["devices"]).await;
    let id = listed.split_whitespace().next().unwrap().to_owned();
    assert!(listed.contains("viewer") && listed.contains("127.0.0.3"), "{listed}");
    assert!(run(&["status"]).await.starts_with("on\nMirror: http://127.0.0.2:"));
    run(&["revoke", &id]).await;
    eventually("the device is gone", async || {
        (phone.get("/api/me").await.status() == StatusCode::UNAUTHORIZED).then_some(())
    })
    .await;
    let unknown = home.mirrord(["ui", "mirror", "revoke", &id]).output().await.unwrap();
    assert_eq!(unknown.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&unknown.stderr).contains("no such device"));
}
