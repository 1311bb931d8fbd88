//! The pages before sign-in in a real browser, under the policy that they are served with.

use hyper::{Method, StatusCode};
use mirrord_tests::browser::Tab;
use mirrord_tests::mirror::Mirror;
use mirrord_wire::mirror::{AuditEntry, AuditKind, Device, SignedInBy};

/// Console errors of the browser, but for the refusals that the test asks for, and for an icon that a build without the
/// page does not name. That no route of ours was refused, the log says.
fn complaints(tab: &Tab) -> Vec<String> {
    let expected = |own: &String| own.contains("401") || own.contains("403");
    tab.complaints().into_iter().filter(|own| !expected(own)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_form_signs_in_and_says_what_is_wrong() {
    let (_home, mirror) = Mirror::with_home().await;
    let tab = Tab::open(390, 844).await;
    tab.goto(&format!("http://{}/mirror/sign-in", mirror.address)).await;
    tab.type_into("input[name=password]", "wrong").await;
    tab.click("button").await;
    tab.shows("mirror-problem", "wrong").await;
    tab.value::<String>("document.querySelector('input[name=password]').value = ''")
        .await;
    tab.type_into("input[name=password]", &mirror.password).await;
    tab.click("button").await;
    tab.becomes("location.pathname === '/'").await;
    assert_eq!(complaints(&tab), Vec::<String>::new());
    let devices: Vec<Device> = mirror.ui.json("/api/mirror/devices").await;
    assert_eq!((devices.len(), devices[0].by), (1, SignedInBy::Password));
    tab.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_pairs_and_leaves_no_ticket_in_the_address() {
    let (_home, mirror) = Mirror::with_home().await;
    let ticket = mirror.ticket().await;
    let tab = Tab::open(390, 844).await;
    tab.goto(&format!("http://{}/mirror/pair#{ticket}", mirror.address))
        .await;
    tab.becomes("location.pathname === '/'").await;
    let devices: Vec<Device> = mirror.ui.json("/api/mirror/devices").await;
    assert_eq!((devices.len(), devices[0].by), (1, SignedInBy::Pairing));
    tab.goto(&format!("http://{}/mirror/pair#{ticket}", mirror.address))
        .await;
    tab.shows("mirror-problem", "used up or too old").await;
    let log: Vec<AuditEntry> = mirror.ui.json("/api/mirror/audit").await;
    let refused = log.iter().find(|entry| entry.kind == AuditKind::Refused);
    assert_eq!(refused, None, "a page that is only loaded is no refused action");
    let address: String = tab.value("location.href").await;
    assert!(!address.contains(&ticket), "{address}");
    assert_eq!(complaints(&tab), Vec::<String>::new());
    tab.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pages_speak_the_language_that_is_asked_for() {
    let (_home, mirror) = Mirror::with_home().await;
    let stranger = mirror.device(7);
    for (asked, lang, says) in [
        ("xx, ja;q=0.5", r#"<html lang="ja" dir="ltr">"#, "サインイン"),
        ("de;q=0.1, ar-EG", r#"<html lang="ar" dir="rtl">"#, "تسجيل الدخول"),
        ("</html>, zh-TW", r#"<html lang="zh-Hant" dir="ltr">"#, "登入"),
        ("tlh", r#"<html lang="en" dir="ltr">"#, "Sign in"),
    ] {
        for (path, status) in [
            ("/", StatusCode::UNAUTHORIZED),
            ("/mirror/sign-in", StatusCode::OK),
            ("/mirror/pair", StatusCode::OK),
        ] {
            let mut request = stranger.request(Method::GET, path);
            request.headers_mut().insert("accept-language", asked.parse().unwrap());
            let answer = stranger.send(request).await;
            assert_eq!(answer.status(), status, "{path}");
            let varies: Vec<_> = answer.headers().get_all("vary").iter().collect();
            assert!(varies.iter().any(|own| *own == "accept-language"), "{path}: {varies:?}");
            let text = std::str::from_utf8(answer.body()).unwrap();
            assert!(text.contains(lang), "{path}: {asked}: {text}");
            assert!(path == "/mirror/pair" || text.contains(says), "{path}: {asked}: {text}");
        }
    }
}
