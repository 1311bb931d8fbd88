//! Accessibility of what the mirror adds: the settings on the desktop, the pages before sign-in, and what a
//! device's page says of itself.

use hyper::Method;
use mirrord_tests::browser::visible;
use mirrord_tests::mirror::{Mirror, state};
use mirrord_tests::service::service;
use mirrord_tests::ui::Ui;
use mirrord_wire::mirror::{MirrorState, MirrorStatus};
use serde_json::json;

use super::judge::Judge;

#[tokio::test(flavor = "multi_thread")]
async fn the_settings_can_be_used_by_everybody_while_the_mirror_is_off() {
    let (_home, ui) = Ui::with_home().await;
    let mut judge = Judge::open(&ui.url()).await;
    judge.shows("mirror-indicator", "Off").await;
    judge.click("[data-testid='mirror-indicator']").await;
    judge.becomes(&visible("mirror-menu")).await;
    judge.ask("the mirror's menu, off").await;
    judge.does("document.getElementById('mirror-menu').hidePopover()").await;
    judge.at("#/settings", "byTestId('port')?.value === '4096'").await;
    judge.fill("port", "70000").await;
    judge.shows("fault-port", "between 1 and 65535").await;
    judge.ask("settings, with a port that is none").await;
    judge.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_settings_can_be_used_by_everybody_while_the_mirror_is_on() {
    let (_home, mirror) = Mirror::with_home().await;
    let phone = mirror.signed_in(3).await;
    let _socket = phone.open("/ws").await.unwrap();
    let mut judge = Judge::open(&mirror.ui.url()).await;
    judge.shows("mirror-indicator", "1 connected").await;
    judge.click("[data-testid='mirror-indicator']").await;
    judge.becomes(&visible("mirror-addresses")).await;
    judge.ask("the mirror's menu, on").await;
    judge.does("document.getElementById('mirror-menu').hidePopover()").await;
    judge.follow("#/settings").await;
    judge.shows("devices", "connected now").await;
    judge.click("[data-testid='pair']").await;
    judge.becomes(&visible("qr")).await;
    judge.shows("audit", "signed").await;
    judge.ask("settings with a code, a device and a log").await;
    judge.click("[data-testid='device-revoke']").await;
    judge.becomes(&visible("mirror-question")).await;
    judge.ask("a question").await;
    judge.does("document.querySelector('dialog[open]').close()").await;
    // The certificate of one's own, and the private authority with what a phone has to be told of it.
    judge.click("[data-testid='tls-own'] + span").await;
    judge.becomes(&visible("tls-own-set")).await;
    judge.click("[data-testid='tls-own-set']").await;
    judge.shows("fault-tls", "two PEM files").await;
    judge.ask("settings with a certificate that is none").await;
    judge.click("[data-testid='tls-private'] + span").await;
    judge.becomes(&visible("fingerprint")).await;
    judge.ask("settings with a private authority").await;
    judge.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pages_before_sign_in_can_be_used_by_everybody() {
    let (_home, mirror) = Mirror::with_home().await;
    let base = format!("http://{}", mirror.address);
    let mut judge = Judge::open(&format!("{base}/mirror/sign-in")).await;
    judge.ask("sign-in").await;
    judge.type_into("[name='password']", "wrong").await;
    judge.click("form button").await;
    judge.becomes("byTestId('mirror-problem').innerText.length > 9").await;
    judge.ask("a wrong password").await;
    judge
        .goto(&format!("{base}/mirror/pair#0123456789abcdef0123456789abcdef"))
        .await;
    judge.shows("mirror-problem", "Make a new one on the desktop").await;
    judge.ask("a code that is none").await;
    let status: MirrorStatus = mirror
        .manage(Method::PUT, "/api/mirror/settings", &json!({"tls": "private"}))
        .await;
    let trust = format!("{}/mirror/trust", status.urls.first().unwrap().url);
    judge.goto(&trust).await;
    judge.shows("mirror-fingerprint", ":").await;
    judge.ask("trust").await;
    judge.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_devices_page_can_be_used_by_everybody() {
    let (home, mirror) = Mirror::with_home().await;
    let _hosts = ["axe-device", "axe-other"].map(|id| service(&home, id));
    let ticket = mirror.ticket().await;
    let mut judge = Judge::open(&format!("http://{}/mirror/pair#{ticket}", mirror.address)).await;
    judge.shows("mirror-banner", "viewing only").await;
    judge
        .becomes("document.querySelectorAll('[data-testid=overview-row]').length === 2")
        .await;
    judge.ask("a device that looks").await;
    judge.click("[data-testid='session-menu-button']").await;
    judge.becomes(&visible("menu-details")).await;
    judge.ask("the menu of a device that looks").await;
    judge
        .does("document.getElementById('session-menu').hidePopover()")
        .await;
    judge
        .at("#/s/axe-device/environment", &visible("view-environment"))
        .await;
    judge.at("#/settings", &visible("elsewhere")).await;
    let device = mirror.newest_device().await;
    mirror.set_role(&device, "controller").await;
    judge.shows("mirror-banner", "may end sessions").await;
    judge.at("#/s/axe-device", &visible("end")).await;
    mirror.revoke(&device).await;
    judge.becomes(&visible("turned-out")).await;
    judge.ask("a device that was revoked").await;
    state(&mirror.ui, MirrorState::On).await;
    judge.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_palette_can_be_used_by_everybody_whatever_it_finds() {
    let (home, ui) = Ui::with_home().await;
    let _host = service(&home, "axe-palette");
    let mut judge = Judge::open(&ui.url()).await;
    judge.shows("session-list", "node").await;
    judge.click("[data-testid='palette-button']").await;
    for (typed, found) in [("", 2), ("net", 1), ("qqqq", 0)] {
        judge.type_into("[data-testid='palette-input']", typed).await;
        judge
            .becomes(&format!(
                "document.querySelectorAll('#palette [role=option]').length >= {found}"
            ))
            .await;
        judge.ask(&format!("the palette, {typed}")).await;
    }
    judge.shows("palette", "Nothing is called that.").await;
    judge.end().await;
}
