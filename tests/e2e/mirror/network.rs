//! Another machine: two network namespaces of the test's own with a cable between them, the mirror in one and the phone in
//! the other; and TLS.
//!
//! Namespaces take root and iproute2. Where they cannot be had the test says so on stderr and does what can be done of it
//! on 127.0.0.2; it is never passed over without a word.

use std::process::Stdio;

use hyper::Method;
use mirrord_tests::home::Home;
use mirrord_tests::mirror::{Mirror, state};
use mirrord_tests::ui::Ui;
use mirrord_tests::{eventually, within};
use mirrord_wire::mirror::{MirrorState, MirrorStatus};
use serde_json::json;
use tokio::process::Command;

/// Two namespaces, a cable, and their end.
struct Cable {
    machine: String,
    phone: String,
}

async fn ip(arguments: &str) -> bool {
    let run = Command::new("ip")
        .args(arguments.split(' '))
        .stderr(Stdio::null())
        .status();
    run.await.is_ok_and(|status| status.success())
}

impl Cable {
    async fn lay() -> Option<Self> {
        let mark = std::process::id();
        let cable = Self {
            machine: format!("mirrord-m{mark}"),
            phone: format!("mirrord-p{mark}"),
        };
        let (machine, phone) = (&cable.machine, &cable.phone);
        for step in [
            format!("netns add {machine}"),
            format!("netns add {phone}"),
            format!("-n {machine} link add cable0 type veth peer name cable1 netns {phone}"),
            format!("-n {machine} addr add 10.231.7.1/24 dev cable0"),
            format!("-n {phone} addr add 10.231.7.2/24 dev cable1"),
            format!("-n {machine} link set lo up"),
            format!("-n {machine} link set cable0 up"),
            format!("-n {phone} link set cable1 up"),
        ] {
            if !ip(&step).await {
                return None;
            }
        }
        Some(cable)
    }

    fn inside(namespace: &str, home: &Home, program: &std::path::Path) -> Command {
        let mut command = home.command("ip");
        command.args(["netns", "exec", namespace]).arg(program);
        command
    }
}

impl Drop for Cable {
    fn drop(&mut self) {
        for namespace in [&self.machine, &self.phone] {
            let arguments = ["netns", "del", namespace];
            std::process::Command::new("ip")
                .args(arguments)
                .stderr(Stdio::null())
                .status()
                .ok();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_on_the_network_pairs_and_the_address_may_come_and_go() {
    let home = Home::new();
    let Some(cable) = Cable::lay().await else {
        eprintln!("no network namespaces here: a device on 127.0.0.3 stands for the phone, and no address goes away");
        let mirror = Mirror::start(&home).await;
        let ticket = mirror.ticket().await;
        assert!(mirror.device(3).redeem(&ticket).await.status().is_success());
        return;
    };
    let binary = mirrord_tests::home::binary();
    let mut command = Cable::inside(&cable.machine, &home, &binary);
    command.args(["ui", "--no-open", "--port", "0", "--mirror", "10.231.7.1:4096"]);
    let _ui = Ui::spawn(command).await;
    let ask = async |arguments: &[&str]| {
        let mut command = Cable::inside(&cable.machine, &home, &binary);
        let output = command.args(["ui", "mirror"]).args(arguments).output().await.unwrap();
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
        let mut command = Cable::inside(&cable.phone, &home, "curl".as_ref());
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
    assert!(ip(&format!("-n {} addr del 10.231.7.1/24 dev cable0", cable.machine)).await);
    let gone = is(MirrorState::Waiting).await;
    assert!(gone.reason.unwrap().contains("10.231.7.1") && gone.urls.is_empty());
    assert!(ip(&format!("-n {} addr add 10.231.7.1/24 dev cable0", cable.machine)).await);
    is(MirrorState::On).await;
    assert_eq!(
        curl(&[&format!("{base}/api/sessions")]).await,
        "200",
        "and the device is known still"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn who_trusts_the_private_authority_is_served_over_tls() {
    let home = Home::new();
    let mirror = Mirror::start(&home).await;
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
    let to_plain = curl(&[&url.replace("https", "http")]).await;
    assert!(to_plain.ends_with("000") || to_plain.ends_with("400"), "{to_plain}");
}
