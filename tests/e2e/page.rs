//! The page in a real browser, with the real server and real programs behind it.

mod axe;
mod axe_mirror;
mod blocked;
mod counts;
mod everybody;
mod filters;
mod frame;
mod histogram;
mod hostile;
mod judge;
mod languages;
mod layout;
mod log_columns;
mod overview;
mod pace;
mod scene;
mod shell;
mod sign_in;
mod stays;
mod stopped;
mod unknown;
mod views;

use mirrord_tests::browser::Tab;
use mirrord_tests::home::Home;
use mirrord_tests::program::Program;
use mirrord_tests::ui::Ui;
use mirrord_wire::SessionSummary;

const ROWS: &str = "[...document.querySelectorAll('[data-testid=\"log-row\"]')]";

/// Is there a row of the log that shows this?
fn row(text: &str) -> String {
    format!(
        "{ROWS}.some(row => row.innerText.includes({}))",
        serde_json::to_string(text).unwrap()
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_shows_a_session_and_what_its_program_just_did() {
    let home = Home::new();
    let ui = Ui::start(&home).await;
    let tab = Tab::open(1440, 900).await;
    tab.goto(&ui.url()).await;
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
    assert_eq!(tab.complaints(), Vec::<String>::new());
    tab.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_type_filter_and_a_search_narrow_the_log() {
    let home = Home::new();
    let ui = Ui::start(&home).await;
    let mut shell = Program::shell(&home, "page-filter").await;
    let tab = Tab::open(1440, 900).await;
    tab.goto(&ui.url()).await;
    tab.click("[data-session-id='page-filter']").await;
    // By the shell itself: a command's own row would name the file as well.
    shell.run("read line < /etc/hostname; read line < /etc/passwd").await;
    tab.becomes(&row("/etc/passwd")).await;
    tab.type_into("[data-testid='search']", "/etc/hostname").await;
    tab.becomes(&format!("{} && !{}", row("/etc/hostname"), row("/etc/passwd")))
        .await;
    tab.click("[data-testid='type-filter-FileOp']").await;
    tab.becomes(&format!("!{}", row("/etc/hostname"))).await;
    tab.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pause_holds_the_log_still_and_loses_nothing() {
    let home = Home::new();
    let ui = Ui::start(&home).await;
    let mut shell = Program::shell(&home, "page-pause").await;
    let tab = Tab::open(1440, 900).await;
    tab.goto(&ui.url()).await;
    tab.click("[data-session-id='page-pause']").await;
    shell.run("cat /etc/hostname").await;
    tab.becomes(&row("/etc/hostname")).await;
    tab.click("[data-testid='pause']").await;
    shell.run("cat /etc/passwd").await;
    tab.shows("pause", "Resume").await;
    // The counters go on while the log stands still.
    let files = "document.querySelector('[data-testid=\"type-filter-FileOp\"]').innerText";
    let before: String = tab.value(files).await;
    shell
        .run("for i in 1 2 3 4 5; do cat /etc/passwd; done > /dev/null")
        .await;
    tab.becomes(&format!("{files} !== {}", serde_json::to_string(&before).unwrap()))
        .await;
    assert!(!tab.value::<bool>(&row("/etc/passwd")).await, "the log stands still");
    tab.click("[data-testid='pause']").await;
    tab.becomes(&row("/etc/passwd")).await;
    tab.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_events_do_not_make_ten_thousand_nodes() {
    let home = Home::new();
    let ui = Ui::start(&home).await;
    let mut shell = Program::shell(&home, "page-many").await;
    let tab = Tab::open(1440, 900).await;
    tab.goto(&ui.url()).await;
    tab.click("[data-session-id='page-many']").await;
    shell
        .run("i=0; while [ $i -lt 10000 ]; do test -e /nonexistent/$i; i=$((i+1)); done")
        .await;
    tab.becomes(&row("/nonexistent/9999")).await;
    let session: SessionSummary = ui.json("/api/sessions/page-many").await;
    assert!(session.counts["FileOp"] >= 10_000, "{:?}", session.counts);
    let nodes: u32 = tab.value("document.querySelectorAll('*').length").await;
    assert!(nodes < 1_500, "{nodes} elements");
    assert_eq!(tab.complaints(), Vec::<String>::new());
    tab.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hostile_name_is_shown_as_text() {
    let home = Home::new();
    let ui = Ui::start(&home).await;
    let mut shell = Program::shell(&home, "page-hostile").await;
    let tab = Tab::open(1440, 900).await;
    tab.goto(&ui.url()).await;
    tab.click("[data-session-id='page-hostile']").await;
    shell
        .run("test -e '/<img src=x onerror=window.ran=1><script>window.ran=1</script>'")
        .await;
    tab.becomes(&row("<img src=x")).await;
    assert!(
        tab.value::<bool>("window.ran === undefined && !document.querySelector('[data-testid=log] img')")
            .await
    );
    tab.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_token_the_page_says_how_to_get_in() {
    let home = Home::new();
    let ui = Ui::start(&home).await;
    let tab = Tab::open(1440, 900).await;
    tab.goto(&format!("http://{}/", ui.address)).await;
    tab.shows("signed-out", "mirrord ui url").await;
    tab.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_in_the_fragment_lets_a_webview_in() {
    let home = Home::new();
    let ui = Ui::start(&home).await;
    let tab = Tab::open(1440, 900).await;
    tab.goto(&format!("http://{}/#token={}", ui.address, ui.token)).await;
    tab.shows("connection-state", "Live").await;
    assert!(!tab.value::<String>("location.href").await.contains("token"));
    assert_eq!(tab.value::<String>("document.cookie").await, "");
    tab.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_phone_the_list_comes_first_and_nothing_overflows() {
    let home = Home::new();
    let ui = Ui::start(&home).await;
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
        tab.value::<bool>("document.documentElement.scrollWidth <= innerWidth")
            .await,
        "{:?}",
        tab.value::<Vec<String>>(wide).await
    );
    tab.close().await;
}
