//! The page of a desktop and the page of a device, side by side: two browsers, the second one not where the first is.
//!
//! The device's browser reaches 127.0.0.2 by a made-up name: to it that is no machine of its own, and the page that comes
//! from there is in no secure context.

use hyper::Method;
use mirrord_tests::browser::{Tab, visible};
use mirrord_tests::home::Home;
use mirrord_tests::host::Host;
use mirrord_tests::mirror::{Mirror, state};
use mirrord_tests::program::Program;
use mirrord_tests::ui::Ui;
use mirrord_wire::SessionInfo;
use mirrord_wire::mirror::{MirrorState, MirrorStatus};
use mirrord_wire::session::ConfigSource;
use serde_json::json;

use crate::page::row;

/// A name that no resolver knows: by it 127.0.0.2 is not the machine itself to a browser.
pub(super) const NAME: &str = "mirror-of-a-test.example";

/// The mirror, with a name that the browser takes for another machine's.
pub(super) async fn mirror() -> (Home, Mirror) {
    let (home, mut mirror) = Mirror::with_home().await;
    let status: MirrorStatus = mirror
        .manage(Method::PUT, "/api/mirror/settings", &json!({"names": [NAME]}))
        .await;
    // It listens anew, and port 0 is another one each time.
    let mut addresses = status
        .urls
        .iter()
        .filter_map(|url| url.url.strip_prefix("http://")?.parse().ok());
    mirror.address = addresses.next().expect("it is on, at an address");
    (home, mirror)
}

/// A phone's browser.
pub(super) async fn phone(width: u32) -> Tab {
    Tab::open_with(width, 844, &[format!("host-resolver-rules=MAP {NAME} 127.0.0.2")]).await
}

pub(super) fn at(mirror: &Mirror, path: &str) -> String {
    format!("http://{NAME}:{}{path}", mirror.address.port())
}

/// Lets the phone in by the address that its camera would read.
pub(super) async fn pair(mirror: &Mirror, phone: &Tab) {
    let ticket = mirror.ticket().await;
    phone.goto(&at(mirror, &format!("/mirror/pair#{ticket}"))).await;
    phone.shows("connection-state", "Live").await;
    let address: String = phone.value("location.href").await;
    assert!(!address.contains(&ticket), "the ticket leaves the address: {address}");
}

/// A phone's browser that is let in.
pub(super) async fn paired(mirror: &Mirror, width: u32) -> Tab {
    let phone = phone(width).await;
    pair(mirror, &phone).await;
    phone
}

/// The desktop's browser and a phone's that is let in.
pub(super) async fn side_by_side(mirror: &Mirror, width: u32) -> (Tab, Tab) {
    let url = mirror.ui.url();
    let (desktop, phone) = tokio::join!(Tab::at(&url), paired(mirror, width));
    desktop.shows("connection-state", "Live").await;
    (desktop, phone)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_shows_up_on_the_desktop_and_on_the_phone_and_the_phone_only_looks() {
    let (home, mirror) = mirror().await;
    let mut shell = Program::shell(&home, "mirror-page").await;
    let (desktop, phone) = side_by_side(&mirror, 390).await;
    assert!(
        !phone.is("isSecureContext").await,
        "a phone's page has no secure context"
    );
    phone.shows("mirror-banner", "viewing only").await;
    desktop.shows("mirror-indicator", "1 connected").await;
    for tab in [&desktop, &phone] {
        tab.click("[data-session-id='mirror-page']").await;
    }
    shell.run("cat /etc/hostname").await;
    for tab in [&desktop, &phone] {
        tab.becomes(&row("/etc/hostname")).await;
    }
    for absent in ["mirror-indicator", "end", "end-session"] {
        assert!(!phone.is(&visible(absent)).await, "{absent}");
    }
    phone.follow("#/settings").await;
    phone.shows("elsewhere", "on the desktop").await;
    assert_eq!(phone.complaints(), Vec::<String>::new());
    assert_eq!(desktop.complaints(), Vec::<String>::new());
    phone.close().await;
    desktop.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_that_is_revoked_says_so_at_once_and_signs_in_again() {
    let (_home, mirror) = mirror().await;
    let (desktop, phone) = side_by_side(&mirror, 390).await;
    desktop.follow("#/settings").await;
    desktop.shows("devices", "connected now").await;
    desktop.click("[data-testid='device-revoke']").await;
    desktop.shows("mirror-question", "signed out at once").await;
    desktop.click("[data-testid='question-go']").await;
    phone.shows("turned-out", "Sign in again").await;
    desktop.shows("devices", "No device is signed in").await;
    desktop.shows("audit", "revoked").await;
    phone.click("[data-testid='turned-out'] button").await;
    phone.shows("mirror-sign-in", "Password").await;
    phone.type_into("[name='password']", &mirror.password).await;
    phone.click("form button").await;
    phone.shows("connection-state", "Live").await;
    phone.close().await;
    desktop.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_is_told_when_it_may_end_sessions_and_a_used_code_says_what_to_do() {
    let (_home, mirror) = mirror().await;
    let (desktop, phone) = tokio::join!(Tab::open(1440, 900), phone(360));
    desktop.goto(&mirror.ui.url()).await;
    desktop.shows("connection-state", "Live").await;
    desktop.follow("#/settings").await;
    desktop.click("[data-testid='pair']").await;
    desktop.shows("ticket-state", "Good for").await;
    desktop.becomes(&visible("qr")).await;
    let url: String = desktop.value("byTestId('ticket-url').innerText").await;
    let url = url.replace("127.0.0.2", NAME);
    phone.goto(&url).await;
    phone.shows("mirror-banner", "viewing only").await;
    let device = mirror.newest_device().await;
    desktop.shows("ticket-state", &format!("Used by {}", device.name)).await;
    assert!(
        !desktop.is(&visible("qr")).await,
        "a code that is used up is not there to be scanned"
    );
    desktop.click("[data-testid='device-grant']").await;
    desktop.shows("mirror-question", "end any session").await;
    desktop.click("[data-testid='question-go']").await;
    phone.shows("mirror-banner", "may end sessions").await;
    desktop.shows("device-grant", "Viewing only").await;
    desktop.click("[data-testid='device-grant']").await;
    phone.shows("mirror-banner", "viewing only").await;
    phone.goto(&at(&mirror, "/mirror/sign-in")).await;
    phone.goto(&url).await;
    phone.shows("mirror-problem", "Make a new one on the desktop").await;
    phone.close().await;
    desktop.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_apply_at_once_and_what_is_wrong_stands_beside_its_field() {
    let (_home, ui) = Ui::with_home().await;
    let taken = std::net::TcpListener::bind("0.0.0.0:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let desktop = Tab::at(&ui.url()).await;
    desktop.shows("mirror-indicator", "Off").await;
    desktop.click("[data-testid='mirror-indicator']").await;
    desktop.click("[data-testid='mirror-settings']").await;
    desktop.becomes("byTestId('port')?.value === '4096'").await;
    desktop.fill("port", "70000").await;
    desktop.shows("fault-port", "between 1 and 65535").await;
    desktop.fill("port", &port.to_string()).await;
    desktop.becomes(&format!("!({})", visible("fault-port"))).await;
    desktop.click("[data-testid='enabled']").await;
    desktop.shows("fault-port", &format!("port {port} is in use")).await;
    desktop.shows("mirror-indicator", "Could not start").await;
    drop(taken);
    desktop.shows("mirror-state", "On").await;
    desktop.becomes(&format!("!({})", visible("fault-port"))).await;
    desktop.fill("password", "short").await;
    desktop.click("[data-testid='password-set']").await;
    desktop.shows("fault-password", "8 to 256").await;
    desktop.fill("password", "correct horse").await;
    desktop.click("[data-testid='password-set']").await;
    desktop.shows("mirror-addresses", "from the settings").await;
    assert!(
        !desktop
            .value::<String>("document.body.innerText")
            .await
            .contains("correct horse")
    );
    desktop.click("[data-testid='tls-own'] + span").await;
    desktop.click("[data-testid='tls-own-set']").await;
    desktop.shows("fault-tls", "two PEM files").await;
    desktop.click("[data-testid='tls-private'] + span").await;
    let status: MirrorStatus = mirrord_tests::eventually("TLS is on", async || {
        let status: MirrorStatus = ui.json("/api/mirror").await;
        status.authority.is_some().then_some(status)
    })
    .await;
    desktop
        .shows("fingerprint", &status.authority.unwrap().fingerprint)
        .await;
    desktop.click("[data-testid='enabled']").await;
    state(&ui, MirrorState::Off).await;
    desktop.shows("mirror-state", "Off").await;
    let complaints = desktop.complaints();
    assert!(
        complaints.iter().all(|complaint| complaint.contains("400")),
        "{complaints:?}"
    );
    desktop.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_copies_without_a_secure_context_and_nothing_is_too_small_or_too_wide() {
    let (home, mirror) = mirror().await;
    let mut shell = Program::shell(&home, "mirror-copy").await;
    let phone = paired(&mirror, 360).await;
    assert!(!phone.is("isSecureContext || 'clipboard' in navigator").await);
    let narrow = "document.documentElement.scrollWidth <= innerWidth";
    let small = "[...document.querySelectorAll('.top button, .top a, .banner button, .session-row')].filter(it => it.checkVisibility() && it.getBoundingClientRect().height < 44 && !it.matches('.skip, .brand')).map(it => it.outerHTML.slice(0, 99))";
    assert!(phone.is(narrow).await);
    assert_eq!(phone.value::<Vec<String>>(small).await, Vec::<String>::new());
    phone.click("[data-session-id='mirror-copy']").await;
    shell.run("cat /etc/hostname").await;
    phone.becomes(&row("/etc/hostname")).await;
    assert!(phone.is(narrow).await);
    phone
        .does("document.addEventListener('copy', () => { window.copied = document.activeElement?.value })")
        .await;
    let copy = "[...document.querySelectorAll('button')].find(it => it.innerText === 'Copy id')";
    phone.becomes(copy).await;
    phone.does(&format!("{copy}.click()")).await;
    phone.becomes("window.copied === 'mirror-copy'").await;
    phone.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_reads_the_config_without_what_may_be_secret_and_tries_no_other() {
    let (home, mirror) = mirror().await;
    let info = SessionInfo {
        config: Some(json!({"feature": {"fs": {"mode": "read", "local": ["hunter2"]}}})),
        config_source: Some(ConfigSource {
            text: "{\"feature\": {\"fs\": {\"mode\": \"read\", \"local\": [\"hunter2\"]}}}".into(),
            ..ConfigSource::default()
        }),
        ..SessionInfo::default()
    };
    let _host = Host::start(&home, "mirror-config", info);
    let (desktop, phone) = side_by_side(&mirror, 390).await;
    for tab in [&desktop, &phone] {
        tab.has("[data-session-id='mirror-config']").await;
        tab.follow("#/s/mirror-config/config").await;
        tab.shows("config-lines", "mode").await;
    }
    desktop.has("[data-testid='what-if-open']:not([hidden])").await;
    desktop.shows("config-lines", "hunter2").await;
    phone.shows("mirror-banner", "viewing only").await;
    assert!(
        phone
            .is("document.querySelector('[data-testid=what-if-open]').hidden")
            .await
    );
    assert!(!phone.is("document.documentElement.outerHTML.includes('hunter2')").await);
    desktop.close_without_complaints().await;
    phone.close_without_complaints().await;
}
