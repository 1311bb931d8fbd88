//! Accessibility of the page: axe-core checks every view, in both themes, on a desk and on a phone.
//! The mirror's are in `axe_mirror.rs`. What axe cannot see (keys, motion, what is read out and how often) is in
//! `everybody.rs`.

use mirrord_tests::browser::Tab;
use mirrord_tests::service::service;
use mirrord_tests::ui::Ui;

use super::judge::Judge;
use super::row;
use super::scene::VIEWS;

/// Makes each WebSocket of the page one that this script describes.
async fn with_socket(tab: &Tab, behaviour: &str) {
    let script = format!(
        "window.WebSocket = class extends EventTarget {{ constructor() {{ super(); {behaviour} }} close() {{}} send() {{}} }}"
    );
    tab.page().evaluate_on_new_document(script).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn every_view_of_a_session_can_be_used_by_everybody() {
    let (home, ui) = Ui::with_home().await;
    let _host = service(&home, "axe-views");
    let mut judge = Judge::open(&ui.url()).await;
    judge.shows("session-list", "node").await;
    judge
        .at("#/", "document.querySelector('[data-session-id=axe-views]')")
        .await;
    judge.at("#/s/axe-views", &row("/etc/app/config.yaml")).await;
    judge.click("[data-testid='log-row']").await;
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
    for view in VIEWS {
        let there = format!("document.querySelector('[data-testid=\"view-{view}\"] :is(table, li)')");
        judge.at(&format!("#/s/axe-views/{view}"), &there).await;
    }
    judge.click("[data-testid='chart-table']").await;
    judge.ask("the chart's table").await;
    judge.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn several_sessions_at_once_can_be_used_by_everybody() {
    let (home, ui) = Ui::with_home().await;
    let _hosts = ["axe-one", "axe-two"].map(|id| service(&home, id));
    let mut judge = Judge::open(&ui.url()).await;
    judge
        .becomes("document.querySelectorAll('[data-testid=overview-row]').length === 2")
        .await;
    judge.click("[data-testid='choose']").await;
    judge.ask("a session is chosen").await;
    judge.click("[data-testid='session-menu-button']").await;
    judge.has(".session-menu:popover-open").await;
    judge.ask("the menu of a session").await;
    judge.click("[data-testid='session-menu-button']").await;
    judge.click("[data-testid='menu-end']").await;
    judge.has("dialog#end-session[open]").await;
    judge.ask("the end of a session").await;
    judge.does("document.querySelector('dialog[open]').close()").await;
    judge.at("#/m/axe-one,axe-two", &row("/etc/app/config.yaml")).await;
    judge.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_dialog_can_be_used_by_everybody() {
    let (home, ui) = Ui::with_home().await;
    let _host = service(&home, "axe-dialogs");
    let mut judge = Judge::open(&ui.url()).await;
    judge.shows("session-list", "node").await;
    let close = "document.querySelectorAll('dialog[open]').forEach(it => it.close())";
    judge.becomes("document.getElementById('keys')").await;
    for dialog in ["keys", "palette"] {
        let open = format!("document.getElementById('{dialog}').showModal()");
        judge.does(&open).await;
        judge
            .becomes(&format!("document.querySelector('dialog#{dialog}[open]')"))
            .await;
        judge.ask(dialog).await;
        judge.does(close).await;
    }
    judge.click("[data-testid='preferences-button']").await;
    judge.ask("preferences").await;
    judge.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_with_nothing_to_show_can_be_used_by_everybody() {
    let (_home, ui) = Ui::with_home().await;
    let mut judge = Judge::open(&format!("http://{}/", ui.address)).await;
    judge.shows("signed-out", "mirrord ui url").await;
    judge.ask("signed out").await;
    judge.goto(&ui.url()).await;
    judge.shows("empty-state", "mirrord exec --").await;
    judge.ask("empty").await;
    judge
        .at(
            "#/s/nobody",
            "document.querySelector('[data-testid=gone], [data-testid=empty-state]')",
        )
        .await;
    with_socket(&judge, "").await;
    judge.goto(&ui.url()).await;
    judge.has("[data-testid='loading']").await;
    judge.ask("loading").await;
    with_socket(&judge, "setTimeout(() => { this.onclose?.(new CloseEvent('close')); this.dispatchEvent(new CloseEvent('close')); }, 0);").await;
    judge.goto(&ui.url()).await;
    judge.has("[data-testid='unreachable']").await;
    judge.ask("unreachable").await;
    judge.end().await;
}
