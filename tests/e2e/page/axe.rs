//! Accessibility of the page: axe-core checks every view, in both themes, on a desk and on a phone.
//! The mirror's are in `axe_mirror.rs`. What axe cannot see (keys, motion, what is read out and how often) is in
//! `everybody.rs`.

use mirrord_tests::browser::Tab;
use mirrord_tests::home::Home;
use mirrord_tests::service::service;
use mirrord_tests::ui::Ui;

use super::judge::Judge;
use super::row;

/// Makes each WebSocket of the page one that this script describes.
async fn with_socket(tab: &Tab, behaviour: &str) {
    let script = format!(
        "window.WebSocket = class extends EventTarget {{ constructor() {{ super(); {behaviour} }} close() {{}} send() {{}} }}"
    );
    tab.page().evaluate_on_new_document(script).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn every_view_of_a_session_can_be_used_by_everybody() {
    let home = Home::new();
    let ui = Ui::start(&home).await;
    let _host = service(&home, "axe-views");
    let mut judge = Judge::open().await;
    judge.tab.goto(&ui.url()).await;
    judge.tab.shows("session-list", "node").await;
    judge
        .at("#/", "document.querySelector('[data-session-id=axe-views]')")
        .await;
    judge.at("#/s/axe-views", &row("/etc/app/config.yaml")).await;
    judge.tab.click("[data-testid='log-row']").await;
    judge
        .at(
            "#/s/axe-views?type=FileOp",
            "document.querySelector('#detail:not([hidden])')",
        )
        .await;
    judge
        .at(
            "#/s/axe-views?q=nowhere-at-all",
            "document.querySelector('[data-testid=log-state]:not([hidden])')",
        )
        .await;
    for view in [
        "files",
        "network",
        "ports",
        "environment",
        "processes",
        "config",
        "stats",
    ] {
        let there = format!("document.querySelector('[data-testid=\"view-{view}\"] :is(table, li)')");
        judge.at(&format!("#/s/axe-views/{view}"), &there).await;
    }
    judge.tab.click("[data-testid='chart-table']").await;
    judge.ask("the chart's table").await;
    judge.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn several_sessions_at_once_can_be_used_by_everybody() {
    let home = Home::new();
    let ui = Ui::start(&home).await;
    let _hosts = ["axe-one", "axe-two"].map(|id| service(&home, id));
    let mut judge = Judge::open().await;
    judge.tab.goto(&ui.url()).await;
    judge
        .tab
        .becomes("document.querySelectorAll('[data-testid=overview-row]').length === 2")
        .await;
    judge.tab.click("[data-testid='choose']").await;
    judge.ask("a session is chosen").await;
    judge.tab.click("[data-testid='session-menu-button']").await;
    judge
        .tab
        .becomes("document.querySelector('.session-menu:popover-open')")
        .await;
    judge.ask("the menu of a session").await;
    judge.tab.click("[data-testid='session-menu-button']").await;
    judge.tab.click("[data-testid='menu-end']").await;
    judge
        .tab
        .becomes("document.querySelector('dialog#end-session[open]')")
        .await;
    judge.ask("the end of a session").await;
    judge
        .tab
        .value::<bool>("(document.querySelector('dialog[open]').close(), true)")
        .await;
    judge.at("#/m/axe-one,axe-two", &row("/etc/app/config.yaml")).await;
    judge.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_dialog_can_be_used_by_everybody() {
    let home = Home::new();
    let ui = Ui::start(&home).await;
    let _host = service(&home, "axe-dialogs");
    let mut judge = Judge::open().await;
    judge.tab.goto(&ui.url()).await;
    judge.tab.shows("session-list", "node").await;
    let close = "document.querySelectorAll('dialog[open]').forEach(it => it.close())";
    judge.tab.becomes("document.getElementById('keys')").await;
    for dialog in ["keys", "palette"] {
        let open = format!("document.getElementById('{dialog}').showModal()");
        judge.tab.value::<bool>(&format!("({open}, true)")).await;
        judge
            .tab
            .becomes(&format!("document.querySelector('dialog#{dialog}[open]')"))
            .await;
        judge.ask(dialog).await;
        judge.tab.value::<bool>(&format!("({close}, true)")).await;
    }
    judge.tab.click("[data-testid='preferences-button']").await;
    judge.ask("preferences").await;
    judge.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_with_nothing_to_show_can_be_used_by_everybody() {
    let home = Home::new();
    let ui = Ui::start(&home).await;
    let mut judge = Judge::open().await;
    judge.tab.goto(&format!("http://{}/", ui.address)).await;
    judge.tab.shows("signed-out", "mirrord ui url").await;
    judge.ask("signed out").await;
    judge.tab.goto(&ui.url()).await;
    judge.tab.shows("empty-state", "mirrord exec --").await;
    judge.ask("empty").await;
    judge
        .at(
            "#/s/nobody",
            "document.querySelector('[data-testid=gone], [data-testid=empty-state]')",
        )
        .await;
    with_socket(&judge.tab, "").await;
    judge.tab.goto(&ui.url()).await;
    judge
        .tab
        .becomes("document.querySelector('[data-testid=loading]')")
        .await;
    judge.ask("loading").await;
    with_socket(&judge.tab, "setTimeout(() => { this.onclose?.(new CloseEvent('close')); this.dispatchEvent(new CloseEvent('close')); }, 0);").await;
    judge.tab.goto(&ui.url()).await;
    judge
        .tab
        .becomes("document.querySelector('[data-testid=unreachable]')")
        .await;
    judge.ask("unreachable").await;
    judge.end().await;
}
