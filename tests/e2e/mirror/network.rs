//! Another machine on the network, where it is two network namespaces with a cable between them; and TLS.

use std::sync::Arc;

use hyper::Method;
use mirrord_tests::browser::Tab;
use mirrord_tests::home::Home;
use mirrord_tests::mirror::{Mirror, state};
use mirrord_tests::network::{Cable, MACHINE, PHONE, with_a_phone};
use mirrord_tests::program::Program;
use mirrord_tests::ui::Ui;
use mirrord_tests::{eventually, within};
use mirrord_wire::mirror::{Device, MirrorState, MirrorStatus};
use serde_json::json;

use crate::page::row;

#[test]
fn an_event_shows_up_in_a_page_on_the_desktop_and_in_one_on_another_machine() {
    with_a_phone("a page on another machine", live);
}

async fn live(cable: Arc<Cable>) {
    let home = Home::new();
    let ui = Ui::start_with(&home, &["--port", "0", "--mirror", &format!("{MACHINE}:0")]).await;
    let mirror = Mirror::of(ui).await;
    assert_eq!(mirror.address.ip().to_string(), MACHINE);
    let mut shell = Program::shell(&home, "far").await;
    let desktop = Tab::open(1440, 900).await;
    let ticket = mirror.ticket().await;
    // The phone's browser, and what drives it, are on the phone; the rest stays on the machine.
    cable.to_phone();
    let phone = Tab::open(390, 844).await;
    cable.to_machine();
    desktop.goto(&mirror.ui.url()).await;
    phone
        .goto(&format!("http://{}/mirror/pair#{ticket}", mirror.address))
        .await;
    for tab in [&desktop, &phone] {
        tab.shows("connection-state", "Live").await;
        tab.click("[data-session-id='far']").await;
    }
    desktop.shows("mirror-indicator", "1 connected").await;
    let devices: Vec<Device> = mirror.ui.json("/api/mirror/devices").await;
    assert_eq!(devices[0].address, PHONE, "it came over the cable");
    shell.run("cat /etc/hostname").await;
    for tab in [&desktop, &phone] {
        tab.becomes(&row("/etc/hostname")).await;
        assert_eq!(tab.complaints(), Vec::<String>::new());
    }
    phone.close().await;
    desktop.close().await;
}

#[test]
fn a_phone_on_the_network_pairs_and_the_address_may_come_and_go() {
    with_a_phone("an address that comes and goes", pairs);
}

async fn pairs(cable: Arc<Cable>) {
    let home = Home::new();
    let _ui = Ui::start_with(&home, &["--port", "0", "--mirror", &format!("{MACHINE}:4096")]).await;
    let ask = async |arguments: &[&str]| {
        let mut command = home.mirrord(["ui", "mirror"]);
        let output = command.args(arguments).output().await.unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let is = async |wanted: MirrorState| {
        eventually("the mirror is as it should be", async || {
            let status: MirrorStatus = serde_json::from_str(&ask(&["status", "--json"]).await).ok()?;
            (status.state == wanted).then_some(status)
        })
        .await
    };
    let status = is(MirrorState::On).await;
    assert_eq!(status.urls[0].url, "http://10.231.7.1:4096");
    let url = ask(&["pair"]).await;
    let ticket = url.lines().next().unwrap().split_once('#').unwrap().1.to_owned();
    let jar = home.path().join("jar");
    let curl = async |arguments: &[&str]| {
        let mut command = cable.on_phone(&home, "curl");
        command
            .args(["-s", "-m", "10", "-o", "/dev/null", "-w", "%{http_code}", "-b"])
            .arg(&jar)
            .arg("-c")
            .arg(&jar);
        let output = within("curl", command.args(arguments).output()).await.unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let base = "http://10.231.7.1:4096";
    assert_eq!(curl(&[&format!("{base}/api/sessions")]).await, "401");
    let body = format!(r#"{{"ticket":"{ticket}"}}"#);
    let pair = format!("{base}/mirror/pair");
    assert_eq!(
        curl(&["-H", "content-type: application/json", "-d", &body, &pair]).await,
        "204"
    );
    assert_eq!(curl(&[&format!("{base}/api/sessions")]).await, "200");
    cable.address("del").await;
    let gone = is(MirrorState::Waiting).await;
    assert!(gone.reason.unwrap().contains("10.231.7.1") && gone.urls.is_empty());
    cable.address("add").await;
    is(MirrorState::On).await;
    assert_eq!(
        curl(&[&format!("{base}/api/sessions")]).await,
        "200",
        "and the device is known still"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn who_trusts_the_private_authority_is_served_over_tls() {
    let (home, mirror) = Mirror::with_home().await;
    let plain = mirror
        .ui
        .send(mirror.ui.request(Method::GET, "/mirror/authority.pem"))
        .await;
    assert!(plain.status().is_client_error(), "there is none yet");
    mirror
        .manage::<MirrorStatus>(Method::PUT, "/api/mirror/settings", &json!({"tls": "private"}))
        .await;
    let status = state(&mirror.ui, MirrorState::On).await;
    let url = status.urls[0].url.clone();
    assert!(url.starts_with("https://127.0.0.2:"), "{url}");
    let authority = status.authority.unwrap();
    assert_eq!(authority.fingerprint.len(), 95);
    let certificate = mirror
        .ui
        .send(mirror.ui.request(Method::GET, &authority.certificate))
        .await;
    let (pem, jar) = (home.path().join("authority.pem"), home.path().join("jar"));
    std::fs::write(&pem, certificate.body()).unwrap();
    let curl = async |arguments: &[&str]| {
        let mut command = home.command("curl");
        command
            .args(["-s", "-m", "10", "-w", "%{http_code}", "-b"])
            .arg(&jar)
            .arg("-c")
            .arg(&jar);
        let output = within("curl", command.args(arguments).output()).await.unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let pem = pem.to_str().unwrap();
    assert_eq!(curl(&[&format!("{url}/health")]).await, "000", "nobody else trusts it");
    assert!(
        curl(&["--cacert", pem, &format!("{url}/health")])
            .await
            .ends_with("200")
    );
    let user = format!("mirrord:{}", status.credentials.password.unwrap());
    assert!(
        curl(&["--cacert", pem, "-u", &user, &format!("{url}/")])
            .await
            .ends_with("303")
    );
    assert!(
        curl(&["--cacert", pem, &format!("{url}/api/me")])
            .await
            .ends_with("200")
    );
    let kept = std::fs::read_to_string(&jar).unwrap();
    let line = kept.lines().find(|line| line.contains("mirrord_mirror_")).unwrap();
    assert_eq!(line.split('\t').nth(3), Some("TRUE"), "the cookie is Secure: {line}");
    let trust = curl(&["--cacert", pem, &format!("{url}/mirror/trust")]).await;
    assert!(trust.contains(&authority.fingerprint));
    // Who types the address without its scheme is led there, and told so where nothing leads.
    let plain = url.replace("https", "http");
    let where_to = ["-w", " %{http_code} %{redirect_url}"];
    let to_plain = curl(&[where_to[0], where_to[1], &format!("{plain}/mirror/trust")]).await;
    assert!(to_plain.ends_with(&format!(" 307 {url}/mirror/trust")), "{to_plain}");
    assert!(to_plain.contains("this port speaks TLS"), "{to_plain}");
    let foreign = curl(&[where_to[0], where_to[1], "-H", "Host: evil.example", &plain]).await;
    assert!(foreign.ends_with(" 400 ") && foreign.contains("https://"), "{foreign}");
}
