//! Signing in: with the password, with Basic, with a ticket; devices, and their end.

use hyper::header::HeaderValue;
use hyper::{Method, StatusCode};
use mirrord_tests::mirror::Mirror;
use mirrord_tests::ui::Ui;
use mirrord_wire::mirror::{
    AuditEntry, AuditKind, Device, Me, MirrorState, MirrorStatus, Permission, Role, SignedInBy,
};
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn it_is_off_and_leaves_nothing_behind_until_it_is_turned_on() {
    let (home, ui) = Ui::with_home().await;
    let status: MirrorStatus = ui.json("/api/mirror").await;
    assert_eq!(
        (status.state, status.urls.len(), status.settings.enabled),
        (MirrorState::Off, 0, false)
    );
    assert_eq!(status.credentials.password, None);
    assert!(!home.sessions_dir().join(".mirror").exists());
    let me: Me = ui.json("/api/me").await;
    assert!(me.device.is_none() && me.permissions.contains(&Permission::ManageMirror));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_is_swapped_for_a_cookie() {
    let (_home, mirror) = Mirror::with_home().await;
    let mut phone = mirror.device(3);
    let refused = phone.get("/").await;
    assert_eq!(refused.status(), StatusCode::UNAUTHORIZED);
    assert!(
        refused.headers()["www-authenticate"]
            .to_str()
            .unwrap()
            .starts_with("Basic realm=")
    );
    assert!(
        String::from_utf8_lossy(refused.body()).contains("id=\"sign-in\""),
        "its body is the way in"
    );
    let api = phone.get("/api/sessions").await;
    assert_eq!(api.status(), StatusCode::UNAUTHORIZED);
    assert!(
        !api.headers().contains_key("www-authenticate"),
        "a page's own requests bring up no dialogue"
    );
    for (username, password) in [("mirrord", "wrong"), ("other", mirror.password.as_str()), ("", "")] {
        assert_eq!(
            phone.sign_in(username, password).await.status(),
            StatusCode::UNAUTHORIZED
        );
    }
    assert_eq!(phone.cookie, None);
    let answer = phone.sign_in("mirrord", &mirror.password).await;
    let cookie = answer.headers()["set-cookie"].to_str().unwrap().to_owned();
    assert!(
        cookie.starts_with(&format!("mirrord_mirror_{}=", mirror.address.port())),
        "{cookie}"
    );
    assert!(cookie.contains("; HttpOnly; SameSite=Strict; Path=/; Max-Age=2592000") && !cookie.contains("Secure"));
    assert_eq!(phone.get("/").await.status(), StatusCode::OK);
    let me: Me = phone.json("/api/me").await;
    assert_eq!(me.permissions, [Permission::Read]);
    let device = me.device.unwrap();
    assert_eq!(
        (device.role, device.by, device.address.as_str()),
        (Role::Viewer, SignedInBy::Password, "127.0.0.3")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn basic_credentials_are_swapped_at_once_and_taken_at_the_page_alone() {
    let (_home, mirror) = Mirror::with_home().await;
    let mut phone = mirror.device(3);
    let basic = |password: &str| {
        let text = format!("mirrord:{password}");
        let encoded = base64(text.as_bytes());
        format!("Basic {encoded}").parse::<HeaderValue>().unwrap()
    };
    for path in ["/api/sessions", "/ws", "/api/mirror"] {
        let mut request = phone.request(Method::GET, path);
        request.headers_mut().insert("authorization", basic(&mirror.password));
        assert_eq!(phone.send(request).await.status(), StatusCode::UNAUTHORIZED, "{path}");
    }
    let mut wrong = phone.request(Method::GET, "/");
    wrong.headers_mut().insert("authorization", basic("wrong"));
    assert_eq!(phone.send(wrong).await.status(), StatusCode::UNAUTHORIZED);
    let mut right = phone.request(Method::GET, "/");
    right.headers_mut().insert("authorization", basic(&mirror.password));
    let answer = phone.send(right).await;
    assert_eq!(
        (answer.status(), &answer.headers()["location"]),
        (StatusCode::SEE_OTHER, &"/".parse().unwrap())
    );
    phone.take_cookie(answer.headers());
    assert_eq!(phone.get("/api/sessions").await.status(), StatusCode::OK);
}

/// RFC 4648, section 4.
fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let number = chunk.iter().fold(0_u32, |number, byte| number << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for place in 0..4 {
            let sextet = number >> (18 - 6 * place) & 63;
            text.push(if place <= chunk.len() {
                char::from(ALPHABET[sextet as usize])
            } else {
                '='
            });
        }
    }
    text
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_signs_one_device_in() {
    let (_home, mirror) = Mirror::with_home().await;
    let ticket = mirror.ticket().await;
    let (mut phone, mut thief) = (mirror.device(3), mirror.device(4));
    assert_eq!(
        phone.get("/mirror/pair").await.status(),
        StatusCode::OK,
        "the page that the code leads to"
    );
    assert_eq!(phone.redeem(&ticket).await.status(), StatusCode::NO_CONTENT);
    assert_eq!(thief.redeem(&ticket).await.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(phone.get("/api/sessions").await.status(), StatusCode::OK);
    assert_eq!(thief.get("/api/sessions").await.status(), StatusCode::UNAUTHORIZED);
    let devices: Vec<Device> = mirror.ui.json("/api/mirror/devices").await;
    assert_eq!(
        (devices.len(), devices[0].by, devices[0].role),
        (1, SignedInBy::Pairing, Role::Viewer)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_device_is_cut_off_and_the_others_stay() {
    let (_home, mirror) = Mirror::with_home().await;
    let (one, other) = (mirror.signed_in(3).await, mirror.signed_in(4).await);
    let mut sockets = (one.open("/ws").await.unwrap(), other.open("/ws").await.unwrap());
    let me: Me = one.json("/api/me").await;
    let status: MirrorStatus = mirror.ui.json("/api/mirror").await;
    assert_eq!(status.connected.len(), 2);
    mirror.revoke(&me.device.unwrap()).await;
    sockets.0.next().await.unwrap();
    assert_eq!(
        sockets.0.next().await,
        Err("the device is signed in no more".to_owned())
    );
    assert_eq!(one.get("/api/sessions").await.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(other.get("/api/sessions").await.status(), StatusCode::OK);
    mirror
        .manage::<Value>(Method::DELETE, "/api/mirror/devices", &json!({}))
        .await;
    sockets.1.next().await.unwrap();
    assert!(sockets.1.next().await.is_err());
    assert_eq!(other.get("/api/sessions").await.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_signs_out_is_gone() {
    let (_home, mirror) = Mirror::with_home().await;
    let phone = mirror.signed_in(3).await;
    let answer = phone.send_json(Method::POST, "/mirror/sign-out", &json!({})).await;
    assert_eq!(answer.status(), StatusCode::NO_CONTENT);
    assert!(answer.headers()["set-cookie"].to_str().unwrap().contains("Max-Age=0"));
    assert_eq!(phone.get("/api/sessions").await.status(), StatusCode::UNAUTHORIZED);
    assert!(mirror.ui.json::<Vec<Device>>("/api/mirror/devices").await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_has_what_happened_and_no_secret() {
    let (home, mirror) = Mirror::with_home().await;
    let ticket = mirror.ticket().await;
    let mut phone = mirror.device(3);
    phone.sign_in("mirrord", "a wrong password").await;
    phone.redeem("ffffffffffffffffffffffffffffffff").await;
    phone.redeem(&ticket).await;
    phone
        .get(
            "/api/mirror?\u{1b}[2J"
                .trim_end_matches(|c: char| !c.is_ascii_graphic())
                .split('?')
                .next()
                .unwrap(),
        )
        .await;
    let entries: Vec<AuditEntry> = mirror.ui.json("/api/mirror/audit").await;
    let kinds: Vec<_> = entries.iter().rev().map(|entry| entry.kind).collect();
    assert_eq!(
        kinds,
        [
            AuditKind::Started,
            AuditKind::TicketMade,
            AuditKind::SignInFailed,
            AuditKind::PairingFailed,
            AuditKind::Paired,
            AuditKind::Refused,
        ]
    );
    assert_eq!(entries[0].address.as_deref(), Some("127.0.0.3"));
    let secret = phone
        .cookie
        .as_deref()
        .and_then(|cookie| cookie.split_once('='))
        .unwrap()
        .1
        .to_owned();
    let folder = home.sessions_dir().join(".mirror");
    let mut files = 0;
    for file in std::fs::read_dir(folder).unwrap().flatten() {
        let text = std::fs::read_to_string(file.path()).unwrap();
        for hidden in [&ticket, &secret, &mirror.password, &"a wrong password".to_owned()] {
            assert!(!text.contains(hidden.as_str()), "{}: {text}", file.path().display());
        }
        let mode = std::os::unix::fs::MetadataExt::mode(&file.metadata().unwrap());
        assert_eq!(mode & 0o777, 0o600, "{}", file.path().display());
        files += 1;
    }
    assert!(files >= 2, "the log and the devices");
}

/// A cookie is sent to every port of its host, and every one of them can set it.
#[tokio::test(flavor = "multi_thread")]
async fn cookies_of_other_ports_do_not_hide_a_devices_own() {
    let (_home, mirror) = Mirror::with_home().await;
    let phone = mirror.signed_in(9).await;
    let own = phone.cookie.clone().unwrap();
    let name = own.split_once('=').unwrap().0.to_owned();
    let others = |count: usize| format!("{name}={}; ", "0".repeat(64)).repeat(count);
    for cookie in [
        format!("{}{own}", others(4)),
        format!("{}{own}", others(400)),
        format!("{name}=; {own}"),
        format!("language=fran\u{e7}ais; {own}"),
    ] {
        let mut request = phone.request(Method::GET, "/api/me");
        let value = HeaderValue::from_bytes(cookie.as_bytes()).unwrap();
        request.headers_mut().insert("cookie", value);
        assert_eq!(phone.send(request).await.status(), StatusCode::OK, "{}", cookie.len());
    }
}
