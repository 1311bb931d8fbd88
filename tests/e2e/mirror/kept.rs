//! Persistence of devices: a revocation that cannot be written is reported, holds, and is written later.

use std::fs;
use std::path::PathBuf;

use hyper::{Method, StatusCode};
use mirrord_tests::eventually;
use mirrord_tests::home::Home;
use mirrord_tests::mirror::{Mirror, Phone, manage};
use mirrord_wire::mirror::{Device, MirrorStatus};
use serde_json::json;

fn file(home: &Home) -> PathBuf {
    home.sessions_dir().join(".mirror/devices.json")
}

/// The device after a restart, which has another port and so another name of the cookie.
fn again(phone: &Phone, mirror: &Mirror) -> Phone {
    let (_, secret) = phone.cookie.as_ref().unwrap().split_once('=').unwrap();
    Phone {
        cookie: Some(format!("mirrord_mirror_{}={secret}", mirror.address.port())),
        ..mirror.device(3)
    }
}

async fn warning(mirror: &Mirror) -> Option<String> {
    mirror.ui.json::<MirrorStatus>("/api/mirror").await.warning
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revocation_that_cannot_be_written_is_said_and_written_later() {
    let (home, mirror) = Mirror::with_home().await;
    let phone = mirror.signed_in(3).await;
    let device = mirror.newest_device().await;
    let path = format!("/api/mirror/devices/{}", device.id);
    mirror.set_role(&device, "controller").await;
    let second = home.path().join("second");
    fs::hard_link(file(&home), &second).unwrap();

    for (method, body) in [(Method::PATCH, json!({"role": "viewer"})), (Method::DELETE, json!({}))] {
        let answer = manage(&mirror.ui, method.clone(), &path, &body).await;
        let told = String::from_utf8_lossy(answer.body()).into_owned();
        assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR, "{method}: {told}");
        assert!(told.contains("second name") && told.contains("tried again"), "{told}");
    }
    assert_eq!(
        phone.get("/api/sessions").await.status(),
        StatusCode::UNAUTHORIZED,
        "it stands at once"
    );
    assert!(warning(&mirror).await.unwrap().contains("devices.json"));

    fs::remove_file(&second).unwrap();
    eventually("it is written down", async || {
        warning(&mirror).await.is_none().then_some(())
    })
    .await;
    mirror.ui.interrupt().await;
    let mirror = Mirror::start(&home).await;
    let status = again(&phone, &mirror).get("/api/sessions").await.status();
    assert_eq!(status, StatusCode::UNAUTHORIZED, "it comes back after no restart");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_could_never_be_written_lets_nobody_back_in() {
    let (home, mirror) = Mirror::with_home().await;
    let phone = mirror.signed_in(3).await;
    let second = home.path().join("second");
    fs::hard_link(file(&home), &second).unwrap();
    let all = manage(&mirror.ui, Method::DELETE, "/api/mirror/devices", &json!({})).await;
    assert_eq!(all.status(), StatusCode::INTERNAL_SERVER_ERROR);
    mirror.ui.interrupt().await;
    assert!(second.exists(), "another name of the file is another's");
    fs::remove_file(&second).unwrap();
    let mirror = Mirror::start(&home).await;
    let status = again(&phone, &mirror).get("/api/sessions").await.status();
    assert_eq!(status, StatusCode::UNAUTHORIZED);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_takes_nothing_is_said_to_whoever_signs_out_without_its_paths() {
    let (home, mirror) = Mirror::with_home().await;
    let phone = mirror.signed_in(3).await;
    // A directory by the name of the new file: it can be neither removed as a file nor made.
    let blocked = home.sessions_dir().join(".mirror/.devices.json.new");
    fs::create_dir(&blocked).unwrap();
    let answer = phone.send_json(Method::POST, "/mirror/sign-out", &json!({})).await;
    let told = String::from_utf8_lossy(answer.body()).into_owned();
    assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR, "{told}");
    assert!(told.contains("signed out") && !told.contains(".mirror"), "{told}");
    assert!(answer.headers()["set-cookie"].to_str().unwrap().contains("Max-Age=0"));
    assert!(!file(&home).exists(), "after a crash nobody comes back by an old file");
    assert_eq!(phone.get("/api/sessions").await.status(), StatusCode::UNAUTHORIZED);
    fs::remove_dir(&blocked).unwrap();
    eventually("it is written down", async || file(&home).exists().then_some(())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_that_cannot_be_written_are_a_failure_of_ours_and_change_nothing() {
    let (home, mirror) = Mirror::with_home().await;
    let blocked = home.sessions_dir().join(".mirror/.settings.json.new");
    mirror.signed_in(3).await;
    fs::create_dir(&blocked).unwrap();
    let body = json!({"command_lines": true});
    let answer = manage(&mirror.ui, Method::PUT, "/api/mirror/settings", &body).await;
    let told = String::from_utf8_lossy(answer.body()).into_owned();
    assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR, "{told}");
    assert!(
        told.contains("settings.json") && told.contains("nothing was changed"),
        "{told}"
    );
    let status: MirrorStatus = mirror.ui.json("/api/mirror").await;
    assert!(!status.settings.command_lines);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_person_who_signs_in_again_and_again_signs_nobody_else_out() {
    let (_home, mirror) = Mirror::with_home().await;
    let other = mirror.signed_in(3).await;
    for _ in 0..64 {
        mirror.signed_in(4).await;
    }
    assert_eq!(other.get("/api/sessions").await.status(), StatusCode::OK);
    let devices: Vec<Device> = mirror.ui.json("/api/mirror/devices").await;
    assert_eq!(devices.len(), 17);
}
