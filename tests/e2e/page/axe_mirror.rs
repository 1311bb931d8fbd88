//! Accessibility of what the mirror adds: the settings on the desktop, the pages before sign-in, and what a
//! device's page says of itself.

use hyper::Method;
use mirrord_tests::home::Home;
use mirrord_tests::mirror::{Mirror, state};
use mirrord_tests::service::service;
use mirrord_tests::ui::Ui;
use mirrord_wire::mirror::{Device, MirrorState, MirrorStatus};
use serde_json::json;

use super::judge::Judge;

fn visible(testid: &str) -> String {
    format!("document.querySelector('[data-testid=\"{testid}\"]')?.checkVisibility()")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_settings_can_be_used_by_everybody_while_the_mirror_is_off() {
    let home = Home::new();
    let ui = Ui::start(&home).await;
    let mut judge = Judge::open().await;
    judge.tab.goto(&ui.url()).await;
    judge.tab.shows("mirror-indicator", "Off").await;
    judge.tab.click("[data-testid='mirror-indicator']").await;
    judge.tab.becomes(&visible("mirror-menu")).await;
    judge.ask("the mirror's menu, off").await;
    judge
        .tab
        .does("document.getElementById('mirror-menu').hidePopover()")
        .await;
    judge
        .at(
            "#/settings",
            "document.querySelector('[data-testid=port]')?.value === '4096'",
        )
        .await;
    let wrong = "(it => (it.value = '70000', it.dispatchEvent(new Event('change', {bubbles: true}))))(document.querySelector('[data-testid=port]'))";
    judge.tab.does(wrong).await;
    judge.tab.shows("fault-port", "between 1 and 65535").await;
    judge.ask("settings, with a port that is none").await;
    judge.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_settings_can_be_used_by_everybody_while_the_mirror_is_on() {
    let home = Home::new();
    let mirror = Mirror::start(&home).await;
    let phone = mirror.signed_in(3).await;
    let _socket = phone.open("/ws").await.unwrap();
    let mut judge = Judge::open().await;
    judge.tab.goto(&mirror.ui.url()).await;
    judge.tab.shows("mirror-indicator", "1 connected").await;
    judge.tab.click("[data-testid='mirror-indicator']").await;
    judge.tab.becomes(&visible("mirror-addresses")).await;
    judge.ask("the mirror's menu, on").await;
    judge
        .tab
        .does("document.getElementById('mirror-menu').hidePopover()")
        .await;
    judge.tab.does("location.hash = '#/settings'").await;
    judge.tab.shows("devices", "connected now").await;
    judge.tab.click("[data-testid='pair']").await;
    judge.tab.becomes(&visible("qr")).await;
    judge.tab.shows("audit", "signed").await;
    judge.ask("settings with a code, a device and a log").await;
    judge.tab.click("[data-testid='device-revoke']").await;
    judge.tab.becomes(&visible("mirror-question")).await;
    judge.ask("a question").await;
    judge.tab.does("document.querySelector('dialog[open]').close()").await;
    // The certificate of one's own, and the private authority with what a phone has to be told of it.
    judge.tab.click("[data-testid='tls-own'] + span").await;
    judge.tab.becomes(&visible("tls-own-set")).await;
    judge.tab.click("[data-testid='tls-own-set']").await;
    judge.tab.shows("fault-tls", "two PEM files").await;
    judge.ask("settings with a certificate that is none").await;
    judge.tab.click("[data-testid='tls-private'] + span").await;
    judge.tab.becomes(&visible("fingerprint")).await;
    judge.ask("settings with a private authority").await;
    judge.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pages_before_sign_in_can_be_used_by_everybody() {
    let home = Home::new();
    let mirror = Mirror::start(&home).await;
    let mut judge = Judge::open().await;
    let base = format!("http://{}", mirror.address);
    judge.tab.goto(&format!("{base}/mirror/sign-in")).await;
    judge.ask("sign-in").await;
    judge.tab.type_into("[name='password']", "wrong").await;
    judge.tab.click("form button").await;
    judge
        .tab
        .becomes("document.querySelector('[data-testid=mirror-problem]').innerText.length > 9")
        .await;
    judge.ask("a wrong password").await;
    judge
        .tab
        .goto(&format!("{base}/mirror/pair#0123456789abcdef0123456789abcdef"))
        .await;
    judge.tab.shows("mirror-problem", "Make a new one on the desktop").await;
    judge.ask("a code that is none").await;
    let status: MirrorStatus = mirror
        .manage(Method::PUT, "/api/mirror/settings", &json!({"tls": "private"}))
        .await;
    let trust = format!("{}/mirror/trust", status.urls.first().unwrap().url);
    judge.tab.goto(&trust).await;
    judge.tab.shows("mirror-fingerprint", ":").await;
    judge.ask("trust").await;
    judge.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_devices_page_can_be_used_by_everybody() {
    let home = Home::new();
    let mirror = Mirror::start(&home).await;
    let _hosts = ["axe-device", "axe-other"].map(|id| service(&home, id));
    let mut judge = Judge::open().await;
    let ticket = mirror.ticket().await;
    judge
        .tab
        .goto(&format!("http://{}/mirror/pair#{ticket}", mirror.address))
        .await;
    judge.tab.shows("mirror-banner", "viewing only").await;
    judge
        .tab
        .becomes("document.querySelectorAll('[data-testid=overview-row]').length === 2")
        .await;
    judge.ask("a device that looks").await;
    judge.tab.click("[data-testid='session-menu-button']").await;
    judge.tab.becomes(&visible("menu-details")).await;
    judge.ask("the menu of a device that looks").await;
    judge
        .tab
        .does("document.getElementById('session-menu').hidePopover()")
        .await;
    judge
        .at("#/s/axe-device/environment", &visible("view-environment"))
        .await;
    judge.at("#/settings", &visible("elsewhere")).await;
    let device = mirror.ui.json::<Vec<Device>>("/api/mirror/devices").await.remove(0);
    let path = format!("/api/mirror/devices/{}", device.id);
    mirror
        .manage::<Device>(Method::PATCH, &path, &json!({"role": "controller"}))
        .await;
    judge.tab.shows("mirror-banner", "may end sessions").await;
    judge.at("#/s/axe-device", &visible("end")).await;
    mirror
        .manage::<serde_json::Value>(Method::DELETE, &path, &json!({}))
        .await;
    judge.tab.becomes(&visible("turned-out")).await;
    judge.ask("a device that was revoked").await;
    state(&mirror.ui, MirrorState::On).await;
    judge.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_palette_can_be_used_by_everybody_whatever_it_finds() {
    let home = Home::new();
    let ui = Ui::start(&home).await;
    let _host = service(&home, "axe-palette");
    let mut judge = Judge::open().await;
    judge.tab.goto(&ui.url()).await;
    judge.tab.shows("session-list", "node").await;
    judge.tab.click("[data-testid='palette-button']").await;
    for (typed, found) in [("", 2), ("net", 1), ("qqqq", 0)] {
        judge.tab.type_into("[data-testid='palette-input']", typed).await;
        judge
            .tab
            .becomes(&format!(
                "document.querySelectorAll('#palette [role=option]').length >= {found}"
            ))
            .await;
        judge.ask(&format!("the palette, {typed}")).await;
    }
    judge.tab.shows("palette", "Nothing is called that.").await;
    judge.end().await;
}
