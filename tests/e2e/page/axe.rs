//! Whether everybody can use the page: axe-core asks every view that there is, in both themes, on a desk and on a phone.
//! What axe cannot see (keys, motion, what is read out and how often) is in `everybody.rs`.

use mirrord_tests::browser::Tab;
use mirrord_tests::home::Home;
use mirrord_tests::service::service;
use mirrord_tests::ui::Ui;

use super::row;

/// What is asked: WCAG 2.2 at A and AA with what it contains, and what axe's authors think best.
const RULES: &str = "['wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22aa','best-practice']";
const SIZES: [(u32, u32); 2] = [(1440, 900), (390, 844)];
const THEMES: [&str; 2] = ["light", "dark"];

/// The script: `cargo xtask test` says where it is.
fn script() -> String {
    let path =
        std::env::var("MIRRORD_TEST_AXE").expect("MIRRORD_TEST_AXE names axe-core: `cargo xtask setup` fetches it");
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// One browser that goes from view to view, and what axe found in them.
struct Judge {
    tab: Tab,
    axe: String,
    found: Vec<String>,
}

impl Judge {
    async fn open() -> Self {
        Self {
            tab: Tab::open(1440, 900).await,
            axe: script(),
            found: Vec::new(),
        }
    }

    /// Goes to a view, waits until it is there, and asks.
    async fn at(&mut self, fragment: &str, is_there: &str) {
        let link = serde_json::to_string(fragment).unwrap();
        self.tab.value::<String>(&format!("location.hash = {link}")).await;
        self.tab.becomes(is_there).await;
        self.ask(fragment).await;
    }

    /// Asks about what is shown now.
    async fn ask(&mut self, view: &str) {
        if !self.tab.value::<bool>("'axe' in window").await {
            let injected = self.tab.page().evaluate_expression(self.axe.as_str()).await;
            injected.expect("axe runs in the page");
        }
        for (width, height) in SIZES {
            self.tab.resize(width, height).await;
            for theme in THEMES {
                // Without motion, no colour is asked about on its way to another.
                let features = [("prefers-color-scheme", theme), ("prefers-reduced-motion", "reduce")];
                self.tab.emulate("screen", &features).await;
                for complaint in complaints(&self.tab).await {
                    self.found.push(format!("{view}, {width}, {theme}: {complaint}"));
                }
            }
        }
        self.tab.resize(1440, 900).await;
    }

    async fn end(self) {
        self.tab.close().await;
        assert!(self.found.is_empty(), "{}", self.found.join("\n"));
    }
}

/// What axe has to say against the document as it is: the rule, the element, and why.
async fn complaints(tab: &Tab) -> Vec<String> {
    let ask = format!(
        "new Promise(requestAnimationFrame).then(() => new Promise(requestAnimationFrame))
            .then(() => axe.run(document, {{runOnly: {RULES}, resultTypes: ['violations']}}))
            .then(result => result.violations.flatMap(rule => rule.nodes.slice(0, 3).map(node =>
                rule.id + ' (' + rule.nodes.length + '): ' + node.html.slice(0, 200) + ' ' + node.failureSummary.replace(/\\s+/g, ' ').slice(0, 300))))"
    );
    let result = tab.page().evaluate_expression(ask).await.expect("axe answers");
    result.into_value().expect("axe's answer is a list of texts")
}

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
