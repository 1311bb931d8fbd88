//! The page in a real browser, with the real server and real programs behind it.

mod axe;
mod axe_mirror;
mod blocked;
mod counts;
mod everybody;
mod files;
mod filters;
mod frame;
mod gestures;
mod histogram;
mod hostile;
mod judge;
mod languages;
mod layout;
mod log_columns;
mod names;
mod network;
mod notify;
pub(crate) mod overview;
mod pace;
mod palette;
mod ports;
mod records;
mod scene;
mod search;
mod shell;
mod sign_in;
mod stays;
mod stopped;
mod suggestions;
mod summary;
mod unknown;
mod views;
mod what_if;

use mirrord_tests::browser::Tab;
use mirrord_tests::program::Program;
use mirrord_tests::ui::Ui;
use mirrord_wire::SessionSummary;

use scene::Scene;

const ROWS: &str = "[...document.querySelectorAll('[data-testid=\"log-row\"]')]";

/// Is there a row of the log that shows this?
pub(crate) fn row(text: &str) -> String {
    format!(
        "{ROWS}.some(row => row.innerText.includes({}))",
        serde_json::to_string(text).unwrap()
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_shows_a_session_and_what_its_program_just_did() {
    let (home, ui) = Ui::with_home().await;
    let tab = Tab::at(&ui.url()).await;
    assert!(
        !tab.value::<String>("location.href").await.contains("token"),
        "the token leaves the address"
    );
    tab.shows("connection-state", "Live").await;
    tab.shows("empty-state", "mirrord exec --").await;

    let mut shell = Program::shell(&home, "page-shell").await;
    tab.shows("session-list", "sh").await;
    tab.click("[data-testid='session-row']").await;
    shell.run("cat /etc/hostname").await;
    tab.becomes(&row("/etc/hostname")).await;
    shell.finish().await;
    tab.shows("session-list", "ended").await;
    tab.close_without_complaints().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_type_filter_and_a_search_narrow_the_log() {
    let mut page = Scene::shell("page-filter", "#/s/ID/events").await;
    // By the shell itself: a command's own row would name the file as well.
    page.session
        .run("read line < /etc/hostname; read line < /etc/passwd")
        .await;
    page.becomes(&row("/etc/passwd")).await;
    page.type_into("[data-testid='search']", "/etc/hostname").await;
    page.becomes(&format!("{} && !{}", row("/etc/hostname"), row("/etc/passwd")))
        .await;
    page.click("[data-testid='type-filter-FileOp']").await;
    page.becomes(&format!("!{}", row("/etc/hostname"))).await;
    page.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pause_holds_the_log_still_and_loses_nothing() {
    let mut page = Scene::shell("page-pause", "#/s/ID/events").await;
    page.session.run("cat /etc/hostname").await;
    page.becomes(&row("/etc/hostname")).await;
    page.click("[data-testid='pause']").await;
    page.session.run("cat /etc/passwd").await;
    page.shows("pause", "Resume").await;
    // The counters go on while the log stands still.
    let files = "byTestId('type-filter-FileOp').innerText";
    let before: String = page.value(files).await;
    page.session
        .run("for i in 1 2 3 4 5; do cat /etc/passwd; done > /dev/null")
        .await;
    page.becomes(&format!("{files} !== {}", serde_json::to_string(&before).unwrap()))
        .await;
    assert!(!page.is(&row("/etc/passwd")).await, "the log stands still");
    page.click("[data-testid='pause']").await;
    page.becomes(&row("/etc/passwd")).await;
    page.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_events_do_not_make_ten_thousand_nodes() {
    let mut page = Scene::shell("page-many", "#/s/ID/events").await;
    page.session
        .run("i=0; while [ $i -lt 10000 ]; do test -e /nonexistent/$i; i=$((i+1)); done")
        .await;
    page.becomes(&row("/nonexistent/9999")).await;
    let session: SessionSummary = page.ui.json("/api/sessions/page-many").await;
    assert!(session.counts["FileOp"] >= 10_000, "{:?}", session.counts);
    let nodes: u32 = page.value("document.querySelectorAll('*').length").await;
    assert!(nodes < 1_500, "{nodes} elements");
    page.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_phone_the_list_comes_first_and_nothing_overflows() {
    let (home, ui) = Ui::with_home().await;
    let mut shell = Program::shell(&home, "page-phone").await;
    let tab = Tab::open(390, 844).await;
    tab.goto(&ui.url()).await;
    tab.click("[data-session-id='page-phone']").await;
    shell
        .run("cat /etc/hostname; test -e /a/very/long/path/that/goes/on/and/on/and/on/and/on/and/on/to/its/end")
        .await;
    tab.becomes(&row("hostname")).await;
    let wide = "[...document.querySelectorAll('*')].filter(it => it.getBoundingClientRect().right > innerWidth + 1).map(it => it.outerHTML.slice(0, 120))";
    assert!(
        tab.is("document.documentElement.scrollWidth <= innerWidth").await,
        "{:?}",
        tab.value::<Vec<String>>(wide).await
    );
    tab.close().await;
}
